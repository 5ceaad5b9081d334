"""The Twilio emulator against the official validator and client, and against Twilio's own description."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.emulators import misbehave
from tests.emulators.twilio import (
    DEFAULT_NUMBER,
    SENT_ONLY,
    STUCK,
    Outcome,
    TwilioEmulator,
    failed,
    undelivered,
)

ANA = "+15550001111"
BEN = "+15550002222"
Form = dict[str, str]


class Bridge:
    """The other side: takes the webhooks, checks their signatures, serves media, and calls the API."""

    def __init__(self, tw: TwilioEmulator) -> None:
        self.tw = tw
        self.received: list[tuple[str, Form]] = []
        self.answer: Callable[[], web.Response] = lambda: web.Response(
            text="<Response/>", content_type="text/xml"
        )
        self.media: dict[str, tuple[str, bytes]] = {}

    async def __aenter__(self) -> Bridge:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        app.router.add_get("/media/{name}", self._serve)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = self.public_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.auth = {"Authorization": aiohttp.encode_basic_auth(self.tw.account_sid, self.tw.auth_token)}
        self.session = ClientSession(timeout=ClientTimeout(total=2))
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.session.close()
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        form = await request.post()
        signature = request.headers["X-Twilio-Signature"]
        assert RequestValidator(self.tw.auth_token).validate(
            self.public_url + request.raw_path, form, signature
        )
        self.received.append((request.path, {name: str(value) for name, value in form.items()}))
        return self.answer()

    async def _serve(self, request: web.Request) -> web.Response:
        kind, content = self.media[request.match_info["name"]]
        return web.Response(body=content, headers={"Content-Type": kind})

    async def call(self, verb: str, path: str, **options: Any) -> tuple[int, Any]:
        url = f"{self.tw.api_url}/2010-04-01/Accounts/{self.tw.account_sid}{path}"
        async with self.session.request(verb, url, **({"headers": self.auth} | options)) as answer:
            return answer.status, await answer.json() if answer.content_type == "application/json" else None

    async def send(self, to: str = ANA, body: str | None = "hello", **more: Any) -> tuple[int, Any]:
        given = {
            "To": to,
            "From": DEFAULT_NUMBER,
            "Body": body,
            "StatusCallback": f"{self.url}/status?oid=7",
        } | more
        form = [
            (name, one)
            for name, value in given.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        return await self.call("POST", "/Messages.json", data=[pair for pair in form if pair[1] is not None])

    async def listed(self, **query: str) -> list[Any]:
        return (await self.call("GET", "/Messages.json", params=query))[1]["messages"]

    @property
    def states(self) -> list[str]:
        return [form["MessageStatus"] for path, form in self.received if path == "/status"]


@pytest.fixture
async def tw() -> AsyncIterator[TwilioEmulator]:
    async with TwilioEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bridge(tw: TwilioEmulator) -> AsyncIterator[Bridge]:
    async with Bridge(tw) as bridge:
        tw.add_number(DEFAULT_NUMBER, sms_url=f"{bridge.url}/in")
        yield bridge


class TestSending:
    async def test_a_message_lives(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        status, message = await bridge.send()
        await tw.settle()

        assert status == 201
        assert (message["status"], message["direction"], message["num_segments"]) == (
            "queued",
            "outbound-api",
            "1",
        )
        assert message["sid"].startswith("SM")
        assert bridge.states == ["sending", "sent", "delivered"]
        assert [seen.body for seen in tw.phone(ANA)] == ["hello"]
        _, now = await bridge.call("GET", f"/Messages/{message['sid']}.json")
        assert now["status"] == "delivered"
        assert now["date_sent"]
        assert not tw.violations

    async def test_the_official_client_understands_it(self, tw: TwilioEmulator) -> None:
        class Redirected(AsyncTwilioHttpClient):
            async def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
                return await super().request(
                    method, url.replace("https://api.twilio.com", tw.api_url), *args, **options
                )

        async with Redirected() as http:
            client = Client(tw.account_sid, tw.auth_token, http_client=http)
            sent = await client.messages.create_async(to=ANA, from_=DEFAULT_NUMBER, body="hello")
            found = await client.messages.list_async(to=ANA, limit=5)
            numbers = await client.incoming_phone_numbers.list_async()
            account = await client.api.accounts(tw.account_sid).fetch_async()

        assert [message.sid for message in found] == [sent.sid]
        assert numbers[0].phone_number == DEFAULT_NUMBER
        assert account.status == "active"
        assert not tw.violations

    async def test_order_on_the_handset_is_the_order_of_acceptance(
        self, tw: TwilioEmulator, bridge: Bridge
    ) -> None:
        tw.plan(ANA, Outcome(delay=0.05), Outcome(delay=0.0))
        for body in ("one", "two", "three"):
            await bridge.send(body=body)
        await tw.settle()
        assert [seen.body for seen in tw.phone(ANA)] == ["one", "two", "three"]

    @pytest.mark.parametrize(
        ("outcome", "states", "code", "received"),
        [
            (undelivered(30005), ["sending", "sent", "undelivered"], 30005, 0),
            (failed(30007), ["sending", "failed"], 30007, 0),
            (SENT_ONLY, ["sending", "sent"], None, 1),
            (STUCK, [], None, 0),
            (Outcome().with_callbacks(omit=("sent",)), ["sending", "delivered"], None, 1),
            (
                Outcome().with_callbacks(duplicate=True),
                ["sending"] * 2 + ["sent"] * 2 + ["delivered"] * 2,
                None,
                1,
            ),
            (Outcome().with_callbacks(backwards=True), ["delivered", "sent", "sending"], None, 1),
        ],
    )
    async def test_outcomes(
        self,
        tw: TwilioEmulator,
        bridge: Bridge,
        outcome: Outcome,
        states: list[str],
        code: int | None,
        received: int,
    ) -> None:
        tw.plan(ANA, outcome)
        await bridge.send()
        await tw.settle()

        assert bridge.states == states
        assert tw.sent[0].error_code == code
        assert len(tw.phone(ANA)) == received
        codes = [form.get("ErrorCode") for _, form in bridge.received]
        assert codes[-1:] == ([str(code) if code else None] if states else [])

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"To": None}, 21604),
            ({"To": "12"}, 21211),
            ({"From": None}, 21603),
            ({"From": "+15559999999"}, 21606),
            ({"To": DEFAULT_NUMBER}, 21266),
            ({"Body": None}, 21602),
            ({"Body": "x" * 1601}, 21617),
            ({"MediaUrl": ["https://x.example/1.png"] * 11}, 21623),
            ({"MediaUrl": "ftp://x.example/1.png"}, 21620),
            ({"StatusCallback": "nowhere"}, 21609),
            ({"ValidityPeriod": "0"}, 21624),
            ({"To": BEN}, 21614),
        ],
    )
    async def test_refusals(
        self, tw: TwilioEmulator, bridge: Bridge, change: dict[str, Any], code: int
    ) -> None:
        tw.refuse(BEN, 21614)
        status, answer = await bridge.send(**{"To": ANA, "Body": "x"} | change)

        assert (status, answer["status"], answer["code"]) == (400, 400, code)
        assert str(code) in answer["more_info"]
        assert tw.sent == []
        assert not tw.violations

    async def test_misspelt_parameters_are_violations(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        assert (await bridge.send(Statuscallback="https://x.example/"))[0] == 400
        assert (await bridge.call("GET", "/Messages.json", params={"to": ANA}))[0] == 400
        assert len(tw.violations) == 2

    async def test_credentials(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        wrong = {"Authorization": aiohttp.encode_basic_auth(tw.account_sid, "wrong")}
        status, answer = await bridge.call("POST", "/Messages.json", headers=wrong, data={})
        assert (status, answer["code"]) == (401, 20003)
        key = {"Authorization": aiohttp.encode_basic_auth(*tw.api_key)}
        assert (await bridge.call("GET", ".json", headers=key))[0] == 200

    async def test_a_service_chooses_the_number(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        service = tw.add_service("+15005550009")
        _, message = await bridge.send(From=None, MessagingServiceSid=service)
        await tw.settle()
        assert (message["status"], message["num_segments"]) == ("accepted", "0")
        assert tw.phone(ANA)[0].sender == "+15005550009"

    async def test_cancelling_and_redacting(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        service = tw.add_service(DEFAULT_NUMBER)
        later = {"MessagingServiceSid": service, "ScheduleType": "fixed", "SendAt": "2027-01-01T10:00:00Z"}
        _, message = await bridge.send(**later)
        assert message["status"] == "scheduled"
        path = f"/Messages/{message['sid']}.json"
        assert (await bridge.call("POST", path, data={"Status": "canceled"}))[1]["status"] == "canceled"
        assert (await bridge.call("POST", path, data={"Body": ""}))[1]["body"] == ""
        assert (await bridge.call("DELETE", path))[0] == 204
        assert (await bridge.call("GET", path))[0] == 404

    async def test_held_messages_wait(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.hold_messages()
        await bridge.send()
        await asyncio.sleep(0.05)
        assert tw.phone(ANA) == []
        tw.release_messages()
        await tw.settle()
        assert len(tw.phone(ANA)) == 1


class TestListing:
    async def test_pages_newest_first_and_stable(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.plan(ANA, *[STUCK] * 5)
        for number in range(5):
            await bridge.send(body=str(number))
        _, first = await bridge.call("GET", "/Messages.json", params={"PageSize": "2", "To": ANA})
        await bridge.send(body="newer")
        bodies = [message["body"] for message in first["messages"]]
        following = first
        while following["next_page_uri"]:
            async with bridge.session.get(
                tw.api_url + following["next_page_uri"], headers=bridge.auth
            ) as answer:
                following = await answer.json()
            bodies += [message["body"] for message in following["messages"]]

        assert bodies == ["4", "3", "2", "1", "0"]
        assert not tw.violations

    async def test_filters(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.clock = lambda: datetime(2026, 3, 1, 12, tzinfo=UTC)
        await tw.text(ANA, DEFAULT_NUMBER, "march", deliver=False)
        tw.clock = lambda: datetime(2026, 3, 3, 12, tzinfo=UTC)
        await tw.text(BEN, DEFAULT_NUMBER, "third", deliver=False)
        tw.plan(ANA, STUCK)
        await bridge.send()

        assert [m["body"] for m in await bridge.listed(To=DEFAULT_NUMBER)] == ["third", "march"]
        assert [m["body"] for m in await bridge.listed(From=ANA)] == ["march"]
        assert [m["body"] for m in await bridge.listed(**{"DateSent>": "2026-03-02"})] == ["third"]
        assert [m["body"] for m in await bridge.listed(**{"DateSent<": "2026-03-01"})] == ["march"]
        assert [m["body"] for m in await bridge.listed(DateSent="2026-03-03")] == ["third"]
        assert [m["direction"] for m in await bridge.listed()] == ["outbound-api", "inbound", "inbound"]


class TestInbound:
    async def test_a_signed_form(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        status, body = await tw.text(ANA, DEFAULT_NUMBER, "Is 2pm ok? é 👍", FromCity="OAKLAND")
        (path, form) = bridge.received[0]

        assert (status, body) == (200, "<Response/>")
        assert path == "/in"
        assert (form["From"], form["To"], form["Body"]) == (ANA, DEFAULT_NUMBER, "Is 2pm ok? é 👍")
        assert (form["SmsStatus"], form["NumMedia"], form["FromCity"], form["ToCity"]) == (
            "received",
            "0",
            "OAKLAND",
            "",
        )

    async def test_a_lost_webhook_is_still_in_the_list(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        lost = await tw.text(ANA, DEFAULT_NUMBER, "lost", deliver=False)
        assert lost.status is None
        assert [m["sid"] for m in await bridge.listed(To=DEFAULT_NUMBER)] == [lost.sid]
        await tw.redeliver(lost.sid)
        await tw.redeliver(lost.sid)
        assert [form["MessageSid"] for _, form in bridge.received] == [lost.sid] * 2

    async def test_by_default_only_a_failed_connection_is_tried_again(
        self, tw: TwilioEmulator, bridge: Bridge
    ) -> None:
        bridge.answer = lambda: web.Response(status=500)
        result = await tw.text(ANA, DEFAULT_NUMBER, "x")
        assert (result.status, len(bridge.received)) == (500, 1)
        unreachable = await tw.text(ANA, DEFAULT_NUMBER, "x", webhook_url="http://127.0.0.1:9/in")
        assert (unreachable.status, unreachable.post.attempts) == (None, 2)
        assert [alert.code for alert in tw.alerts] == [11200, 11200]

    async def test_the_public_address_is_signed_and_the_proxy_reached(
        self, tw: TwilioEmulator, bridge: Bridge
    ) -> None:
        tw.reach("https://sms.example.org", bridge.url)
        bridge.public_url = "https://sms.example.org"
        assert (
            await tw.text(ANA, DEFAULT_NUMBER, "x", webhook_url="https://sms.example.org/in")
        ).status == 200

    async def test_overrides_and_fallback(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        answers = [web.Response(status=500), web.Response(status=503), web.Response(status=204)]
        bridge.answer = lambda: answers.pop(0)
        result = await tw.text(ANA, DEFAULT_NUMBER, "x", webhook_url=f"{bridge.url}/in#rc=5&rp=5xx,ct")
        assert (result.status, result.post.attempts) == (204, 3)

        tw.add_number(DEFAULT_NUMBER, sms_fallback_url=f"{bridge.url}/fallback")
        answers = [web.Response(status=500), web.Response(status=200)]
        assert (await tw.text(ANA, DEFAULT_NUMBER, "x")).status == 200
        assert bridge.received[-1][0] == "/fallback"
        assert bridge.received[-1][1]["ErrorCode"] == "11200"

    async def test_media_lie_behind_a_redirect_to_another_host(
        self, tw: TwilioEmulator, bridge: Bridge
    ) -> None:
        tw.media_auth = True
        await tw.text(ANA, DEFAULT_NUMBER, "look", media=[("image/png", b"png"), ("text/vcard", b"card")])
        form = bridge.received[0][1]
        assert (form["NumMedia"], form["MediaContentType1"]) == ("2", "text/vcard")
        assert form["MessageSid"].startswith("MM")
        async with bridge.session.get(form["MediaUrl0"]) as refused:
            assert refused.status == 401
        async with bridge.session.get(form["MediaUrl0"], headers=bridge.auth) as answer:
            assert (answer.status, await answer.read(), answer.content_type) == (200, b"png", "image/png")
            assert answer.history[0].status == 307
        _, media = await bridge.call("GET", f"/Messages/{form['MessageSid']}/Media.json")
        assert [one["content_type"] for one in media["media_list"]] == ["image/png", "text/vcard"]
        assert not tw.violations

    async def test_what_the_webhook_answers_is_read(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        for text, kind in (("{}", "application/json"), ("<Response>", "text/xml")):
            bridge.answer = lambda text=text, kind=kind: web.Response(text=text, content_type=kind)
            await tw.text(ANA, DEFAULT_NUMBER, "x")
        assert [alert.code for alert in tw.alerts] == [12300, 12100]
        bridge.answer = lambda: web.Response(
            text="<Response><Message>by TwiML</Message></Response>", content_type="text/xml"
        )
        await tw.text(ANA, DEFAULT_NUMBER, "x")
        await tw.settle()
        assert tw.phone(ANA)[0].body == "by TwiML"
        assert tw.sent[0].direction == "outbound-reply"


class TestOptOut:
    async def test_twilio_blocks_and_confirms_by_itself(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        await tw.text(ANA, DEFAULT_NUMBER, " stop ")
        await tw.text(ANA, DEFAULT_NUMBER, "STOP")
        status, answer = await bridge.send()
        assert (status, answer["code"]) == (400, 21610)
        assert [one.kind for one in tw.confirmations] == ["STOP"]
        assert tw.phone(ANA)[0].by_twilio
        assert len(bridge.received) == 2

        await tw.text(ANA, DEFAULT_NUMBER, "UNSTOP")
        assert (await bridge.send())[0] == 201
        assert [one.kind for one in tw.confirmations] == ["STOP", "START"]

    async def test_only_the_whole_word(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        for text in ("STOP PLEASE", "yes", "Stop."):
            await tw.text(ANA, DEFAULT_NUMBER, text)
        assert tw.confirmations == []

    async def test_switched_off(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.handles_opt_out = False
        await tw.text(ANA, DEFAULT_NUMBER, "STOP")
        assert (await bridge.send())[0] == 201
        assert tw.confirmations == []

    async def test_numbers_of_another_kind(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.numbers[DEFAULT_NUMBER].handles_opt_out = False
        await tw.text(ANA, DEFAULT_NUMBER, "STOP")
        assert tw.confirmations == []

    async def test_a_service_shares_opt_outs_and_names_them(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.add_service(DEFAULT_NUMBER, "+15005550009")
        tw.advanced_opt_out = True
        await tw.text(ANA, DEFAULT_NUMBER, "STOP")
        assert bridge.received[0][1]["OptOutType"] == "STOP"
        assert (await bridge.send(From="+15005550009"))[1]["code"] == 21610


class TestMedia:
    async def test_media_are_fetched_and_reach_the_handset(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        bridge.media = {"a.png": ("image/png", b"png"), "b.pdf": ("application/pdf", b"pdf")}
        urls = [f"{bridge.url}/media/a.png", f"{bridge.url}/media/b.pdf"]
        _, message = await bridge.send(body=None, MediaUrl=urls)
        await tw.settle()

        assert (message["num_media"], message["sid"][:2]) == ("2", "MM")
        assert tw.phone(ANA)[0].media == (("image/png", b"png"), ("application/pdf", b"pdf"))
        assert [(one.status, one.content_type, one.size) for one in tw.media_fetches] == [
            (200, "image/png", 3), (200, "application/pdf", 3),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("kind", "size", "code"),
        [
            ("image/png", 5 * 2**20 + 1, 30019),
            ("video/mp4", 500 * 1024 + 1, 30019),
            ("application/x-msdownload", 5, 12300),
        ],
    )
    async def test_media_that_spoil_the_message(
        self, tw: TwilioEmulator, bridge: Bridge, kind: str, size: int, code: int
    ) -> None:
        bridge.media = {"x": (kind, b"x" * size)}
        await bridge.send(MediaUrl=f"{bridge.url}/media/x")
        await tw.settle()
        assert (tw.sent[0].status, tw.sent[0].error_code) == ("failed", code)

    async def test_media_that_cannot_be_had(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        await bridge.send(MediaUrl=f"{tw.api_url}/storage/nothing")
        await tw.settle()
        assert (tw.sent[0].status, tw.sent[0].error_code) == ("failed", 11200)


class TestMisbehaviour:
    @pytest.mark.parametrize(
        ("fault", "stored"),
        [
            (misbehave.drop_before(), 0),
            (misbehave.drop_after(), 1),
            (misbehave.half_answer(), 1),
            (misbehave.stall(9), 1),
        ],
        ids=["before", "after", "half", "stall"],
    )
    async def test_no_answer(
        self, tw: TwilioEmulator, bridge: Bridge, fault: misbehave.Misbehaviour, stored: int
    ) -> None:
        tw.misbehave("send", fault)
        with pytest.raises((ClientError, TimeoutError)):
            await bridge.send()
        await tw.settle()
        assert len(tw.phone(ANA)) == stored
        assert len(bridge.states) == 3 * stored
        assert (await bridge.send())[0] == 201

    async def test_refusing_for_a_while(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        tw.misbehave("send", misbehave.rate_limit(), misbehave.server_error(503), misbehave.html())
        answers = [await bridge.send() for _ in range(4)]
        assert [status for status, _ in answers] == [429, 503, 502, 201]
        assert [answer and answer.get("code") for _, answer in answers] == [20429, 20503, None, None]
        assert len(tw.sent) == 1

    async def test_down_and_up_again(self, tw: TwilioEmulator, bridge: Bridge) -> None:
        await bridge.send()
        await tw.down()
        with pytest.raises(aiohttp.ClientConnectorError):
            await bridge.send()
        await tw.up()
        assert len(await bridge.listed()) == 1

    async def test_many_recipients_do_not_wait_for_each_other(
        self, tw: TwilioEmulator, bridge: Bridge
    ) -> None:
        tw.set_outcome(Outcome(), delay=0.1)
        begun = time.monotonic()
        await asyncio.gather(*(bridge.send(to=f"+1555000{n:04}", StatusCallback=None) for n in range(20)))
        await tw.settle()
        assert time.monotonic() - begun < 2
        assert timedelta(0) <= datetime.now(UTC) - tw.sent[0].created
