"""The simulated provider and its network, on a clock that tests turn."""

import asyncio
from collections.abc import Generator
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from bridge.errors import BadSignature, OptedOut, Rejected, Throttled, Unreachable, Unreadable, Unsure
from bridge.model.events import DeliveryReported, TextReceived
from bridge.model.ids import counting
from bridge.model.shapes import File
from bridge.ports import LineContext, OutboundSms, Request, Response, Sent
from connectors.sms._network import SimulatedCarrier
from connectors.sms.simulator import SIGNATURE, Config, Provider, carrier

LINE = LineContext("main", "+15550100001", "US")
PHONE = "+15550100199"
SMS = OutboundSms(id="m1", sender=LINE.number, to=PHONE, text="Hello")


class Network:
    """A carrier whose reports are parsed as the daemon would, and whose sleeps pass at once."""

    def __init__(self, statuses: list[int] | None = None) -> None:
        self.provider = Provider(Config(), LINE)
        self.heard: list[TextReceived | DeliveryReported] = []
        self.slept: list[float] = []
        self.statuses = statuses or []
        self.carrier = SimulatedCarrier(
            {"main": self.provider}, self.take, lambda: 1000.0, counting(), self.sleep
        )

    async def take(self, line: str, request: Request) -> Response:
        status = self.statuses.pop(0) if self.statuses else 204
        if status == 204:
            self.provider.verify(request)
            self.heard += self.provider.parse(request, 1000.0)
        return Response(status)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    async def run(self, exchange: Generator[Request, Response, Any]) -> Any:
        request = next(exchange)
        while True:
            try:
                request = exchange.send(await self.carrier(request))
            except StopIteration as done:
                return done.value

    async def settle(self) -> list[str]:
        for _ in range(30):
            await asyncio.sleep(0)
        return [event.state for event in self.heard if isinstance(event, DeliveryReported)]


@pytest.mark.parametrize(
    ("mood", "states", "waits"),
    [
        ("well", ["sent", "delivered"], [0.4, 0.8]),
        ("slow", ["sent", "delivered"], [0.4, 8.0]),
        ("refuse", ["failed"], [0.4]),
        ("off", ["sent"], [0.4, 0.8]),
    ],
)
async def test_moods(mood: Any, states: list[str], waits: list[float]) -> None:
    network = Network()
    network.carrier.behave("main", PHONE, mood)
    sent = await network.run(network.provider.send(SMS))
    assert isinstance(sent, Sent)
    assert sent.segments == 1
    assert await network.settle() == states
    assert network.slept == waits
    report = network.heard[-1]
    assert isinstance(report, DeliveryReported)
    assert (report.provider_id, report.message_id, report.recipient) == (sent.provider_id, "m1", PHONE)
    if mood == "refuse":
        assert (report.error_code, report.error) == ("refused", "The phone refused the message")


async def test_a_phone_that_comes_back_gets_what_waited() -> None:
    network = Network()
    network.carrier.behave("main", PHONE, "off")
    await network.run(network.provider.send(SMS))
    assert await network.settle() == ["sent"]
    network.carrier.behave("main", PHONE, "well")
    assert network.carrier.mood("main", PHONE) == "well"
    assert await network.settle() == ["sent", "delivered"]


async def test_sending_twice_is_one_text_and_it_can_be_found() -> None:
    network = Network()
    assert await network.run(network.provider.find(SMS)) is None
    first = await network.run(network.provider.send(SMS))
    assert await network.run(network.provider.send(SMS)) == first
    assert await network.run(network.provider.find(SMS)) == first
    assert await network.settle() == ["sent", "delivered"]


async def test_a_text_with_a_picture() -> None:
    network = Network()
    await network.carrier.text("main", PHONE, "Look\x00", [File("leak.gif", "image/gif", b"GIF89a")])
    [text] = network.heard
    assert isinstance(text, TextReceived)
    assert (text.line, text.sender, text.sender_kind, text.text) == ("main", PHONE, "e164", "Look\ufffd")
    [media] = text.media
    assert (media.content_type, media.name, media.size, media.origin) == (
        "image/gif", "leak.gif", 6, "line:main",
    )  # fmt: skip
    request = network.provider.fetch(media.url)
    assert (await network.carrier(request)).body == b"GIF89a"
    assert (await network.carrier(request)).status == 404  # kept until it was fetched


async def test_a_text_that_was_not_taken_is_said_and_listed() -> None:
    network = Network([503])
    with pytest.raises(Unreachable):
        await network.carrier.text("main", PHONE, "Hello?", [])
    [missed] = await network.run(network.provider.missed(0, 1000))
    assert (missed.text, missed.late) == ("Hello?", True)
    with pytest.raises(Unreachable):
        await Network([403]).carrier.text("main", PHONE, "Hello?", [])


async def test_reports_are_tried_again() -> None:
    network = Network([503, 503])
    await network.run(network.provider.send(SMS))
    assert await network.settle() == ["sent", "delivered"]
    assert network.slept == [0.4, 0.5, 1.0, 0.8]


async def test_closing_lets_go() -> None:
    network = Network()
    await network.run(network.provider.send(SMS))
    await network.carrier.close()
    assert await network.settle() == []


async def test_only_our_own_lines() -> None:
    network = Network()
    stranger = Provider(Config(), LineContext("other", "+15550100002", "US"))
    sms = OutboundSms(id="m2", sender="+15550100002", to=PHONE, text="Hello")
    with pytest.raises(Rejected, match="not one of the simulated lines"):
        await network.run(stranger.send(sms))
    other_secret = Provider(Config.model_validate({"secret": "another"}), LINE)
    with pytest.raises(Rejected, match="secret"):
        await network.run(other_secret.send(SMS))
    assert (await network.carrier(Request("GET", "simulator:nonsense"))).status == 404


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (Response(400, body=b'{"code": "opted_out", "reason": "They said STOP"}'), OptedOut),
        (Response(400, body=b'{"code": "x", "reason": "No"}'), Rejected),
        (Response(429), Throttled),
        (Response(500), Unsure),
    ],
)
def test_refusals(response: Response, error: type[Exception]) -> None:
    exchange = Provider(Config(), LINE).send(SMS)
    next(exchange)
    with pytest.raises(error):
        exchange.send(response)


def test_signatures() -> None:
    provider = Provider(Config(), LINE)
    body = b'{"type": "text", "id": "1", "from": "+15550100199", "text": "Hi"}'
    good = Request("POST", "simulator:hooks/main", {SIGNATURE.lower(): provider.sign(body)}, body)
    provider.verify(good)
    for wrong in (
        Request("POST", good.url, good.headers, body.replace(b"Hi", b"Ho")),
        Request("POST", good.url, {}, body),
        Request("POST", good.url, {SIGNATURE: "é"}, body),
    ):
        with pytest.raises(BadSignature):
            provider.verify(wrong)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'"text"', b'{"type": "report", "id": "1", "state": "gone"}', b'{"type": "x"}'],
)
def test_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Provider(Config(), LINE).parse(Request("POST", "", {}, body), 0.0)


def test_the_rest() -> None:
    provider = Provider(Config(), LINE)
    assert provider.answer(()).status == 204
    check = provider.check("")
    next(check)
    with pytest.raises(StopIteration) as done:
        check.send(Response(200))
    assert done.value.value[0].ok
    assert "secret" not in repr(Config.model_validate({"secret": "very-secret"})).replace("secret=", "")
    with pytest.raises(ValidationError):
        Config.model_validate({"account": "x"})


async def test_the_factory() -> None:
    async def take(line: str, request: Request) -> Response:
        return Response(204)

    made = carrier({"main": Provider(Config(), LINE)}, take, lambda: 0.0, counting())
    assert made.lines() == (("main", "+15550100001"),)
    assert made.mood("main", PHONE) == "well"
    assert orjson.loads((await made(Request("GET", "simulator:missed/main"))).body) == []
