"""Twilio's connector with the real HTTP client, against the emulator: what was lost is found, not guessed."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bridge.engine.http import Http, drive
from bridge.errors import OptedOut, Rejected, Throttled, Unreachable, Unsure, Unusable
from bridge.model.events import DeliveryReported, TextReceived
from bridge.ports import LineContext, OutboundSms, Request, Sent
from connectors.sms.twilio import Config, Provider
from tests.emulators import misbehave
from tests.emulators.twilio import DEFAULT_NUMBER, TwilioEmulator, failed, undelivered

ANA = "+15550001111"
PNG = ("image/png", b"\x89PNG" + b"x" * 5000)


@dataclass
class Rig:
    """The connector, what carries its requests, and Twilio with our hooks at the other end."""

    tw: TwilioEmulator
    http: Http
    public_url: str = ""
    events: list[Any] = None  # type: ignore[assignment]  # what the hooks were told

    def provider(self, **more: Any) -> Provider:
        told = {
            "account_sid": self.tw.account_sid,
            "auth_token": self.tw.auth_token,
            "api_url": self.tw.api_url,
        }
        return Provider(Config.model_validate(told | more), LineContext("main", DEFAULT_NUMBER, "US"))

    def sms(self, text: str = "hello", **more: Any) -> OutboundSms:
        status = f"{self.public_url}/hooks/main/status?id=m1"
        tried = self.tw.now().timestamp()
        sms = OutboundSms("m1", DEFAULT_NUMBER, ANA, text, status_url=status, first_tried_at=tried)
        return replace(sms, **more)

    async def send(self, text: str = "hello", **more: Any) -> Sent:
        return await drive(self.provider().send(self.sms(text, **more)), self.http)

    async def find(self, text: str = "hello", **more: Any) -> Sent | None:
        return await drive(self.provider().find(self.sms(text, **more)), self.http)

    async def missed(self, since: float) -> list[TextReceived]:
        return list(await drive(self.provider().missed(since, self.tw.now().timestamp()), self.http))

    async def hook(self, request: web.Request) -> web.Response:
        provider, body = self.provider(), await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Request(request.method, self.public_url + request.raw_path, headers, body)
        provider.verify(asked)
        events = provider.parse(asked, 1000.0)
        self.events += events
        answer = provider.answer(events)
        return web.Response(status=answer.status, body=answer.body, headers=dict(answer.headers))


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    http = Http()
    await http.open()
    async with TwilioEmulator() as tw:
        rig = Rig(tw, http, events=[])
        app = web.Application()
        app.router.add_route("*", "/hooks/{path:.*}", rig.hook)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        rig.public_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        tw.add_number(DEFAULT_NUMBER, sms_url=f"{rig.public_url}/hooks/main")
        yield rig
        await runner.cleanup()
        assert not tw.violations
    await http.close()


class TestSending:
    async def test_it_arrives_and_is_reported(self, rig: Rig) -> None:
        sent = await rig.send("é & 👍 " * 30)
        await rig.tw.settle()

        assert sent == Sent(rig.tw.sent[0].sid, 4)
        assert [seen.body for seen in rig.tw.phone(ANA)] == ["é & 👍 " * 30]
        states = [(event.state, event.message_id, event.provider_id, event.recipient) for event in rig.events]
        assert states == [(state, "m1", sent.provider_id, ANA) for state in ("queued", "sent", "delivered")]
        assert [posted.status for posted in rig.tw.callbacks] == [204] * 3

    async def test_long_words_go_as_one_mms(self, rig: Rig) -> None:
        await rig.send("long", as_mms=True)

        assert rig.tw.sent[0].params["SendAsMms"] == ["true"]

    async def test_with_an_api_key(self, rig: Rig) -> None:
        key, secret = rig.tw.api_key

        assert await drive(rig.provider(api_key=key, api_secret=secret).send(rig.sms()), rig.http)

    async def test_through_a_service_from_our_own_number(self, rig: Rig) -> None:
        service = rig.tw.add_service("+15005550001", DEFAULT_NUMBER)
        provider = rig.provider(messaging_service_sid=service)
        sent = await drive(provider.send(rig.sms()), rig.http)

        assert (rig.tw.sent[0].from_, sent.segments) == (DEFAULT_NUMBER, None)
        assert await drive(provider.find(rig.sms()), rig.http)

    @pytest.mark.parametrize("outcome", [failed(30007), undelivered(30003)])
    async def test_a_failure_is_told_in_words(self, rig: Rig, outcome: Any) -> None:
        rig.tw.plan(ANA, outcome)
        await rig.send()
        await rig.tw.settle()
        report = rig.events[-1]

        assert isinstance(report, DeliveryReported)
        assert report.state == outcome.states[-1]
        assert report.error_code == str(outcome.error_code)
        assert report.error
        assert report.retry_helps == (outcome.error_code == 30003)

    async def test_refusals(self, rig: Rig) -> None:
        rig.tw.refuse(ANA, 21614)
        with pytest.raises(Rejected, match="not a mobile number") as caught:
            await rig.send()

        assert caught.value.code == "21614"
        assert not rig.tw.sent

    async def test_who_opted_out_is_not_texted(self, rig: Rig) -> None:
        await rig.tw.text(ANA, DEFAULT_NUMBER, "Stop")
        with pytest.raises(OptedOut) as caught:
            await rig.send()

        assert caught.value.code == "21610"
        assert rig.events[0].text.upper() in rig.provider().traits.answers["stop"]

    async def test_wrong_credentials(self, rig: Rig) -> None:
        for wrong in ({"auth_token": "another"}, {"account_sid": "AC1", "auth_token": "another"}):
            with pytest.raises(Unusable, match="credentials of line main"):
                await drive(rig.provider(**wrong).send(rig.sms()), rig.http)


class TestDoubt:
    async def test_lost_after_it_was_taken_is_found(self, rig: Rig) -> None:
        rig.tw.misbehave("send", misbehave.drop_after())
        with pytest.raises(Unsure):
            await rig.send()

        assert (await rig.find()) == Sent(rig.tw.sent[0].sid, 1)
        assert len(rig.tw.sent) == 1

    async def test_broken_off_in_the_middle_is_found(self, rig: Rig) -> None:
        rig.tw.misbehave("send", misbehave.half_answer())
        with pytest.raises(Unsure):
            await rig.send()

        assert await rig.find()

    async def test_what_still_waits_at_twilio_is_found(self, rig: Rig) -> None:
        rig.tw.hold_messages()
        rig.tw.misbehave("send", misbehave.drop_after())
        with pytest.raises(Unsure):
            await rig.send()

        assert rig.tw.sent[0].sent is None
        assert await rig.find()

    @pytest.mark.parametrize(
        "fault", [misbehave.drop_before(), misbehave.server_error(500), misbehave.html()]
    )
    async def test_what_never_went_out_is_not_found(self, rig: Rig, fault: misbehave.Misbehaviour) -> None:
        rig.tw.misbehave("send", fault)
        with pytest.raises(Unsure):
            await rig.send()

        assert await rig.find() is None
        assert await rig.find("something else") is None

    async def test_another_with_the_same_words_is_not_it(self, rig: Rig) -> None:
        await rig.send()
        now = rig.tw.now().timestamp()

        assert await rig.find(first_tried_at=now + 600) is None
        assert await rig.find(to="+15550002222") is None

    async def test_nobody_there_is_sure(self, rig: Rig) -> None:
        await rig.tw.down()
        with pytest.raises(Unreachable) as caught:
            await rig.send()
        await rig.tw.up()

        assert caught.value.certain
        assert await rig.find() is None

    async def test_too_fast_is_sure(self, rig: Rig) -> None:
        rig.tw.misbehave("send", misbehave.rate_limit(7))
        with pytest.raises(Throttled) as caught:
            await rig.send()

        assert (caught.value.after, caught.value.code, rig.tw.sent) == (7, "20429", [])

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (misbehave.server_error(503), Unreachable),
            (misbehave.rate_limit(), Throttled),
            (misbehave.html(200), Unreachable),
            (misbehave.drop_after(), Unsure),
        ],
    )
    async def test_a_search_that_fails_says_so(
        self, rig: Rig, fault: misbehave.Misbehaviour, kind: type[Exception]
    ) -> None:
        await rig.send()
        rig.tw.misbehave("list", fault, times=2)  # aiohttp itself repeats a GET whose connection broke
        with pytest.raises(kind):
            await rig.find()
        rig.tw.behave()

        assert await rig.find()

    async def test_many_texts_to_the_same_person(self, rig: Rig) -> None:
        started = rig.tw.now()
        rig.tw.clock = lambda: started - timedelta(hours=2)
        for number in range(205):
            await rig.send(f"old {number}", status_url="")
        rig.tw.clock = lambda: started
        await rig.send("wanted", status_url="")
        rig.tw.clock = lambda: started + timedelta(seconds=60)
        for number in range(205):
            await rig.send(f"new {number}", status_url="")

        assert await rig.find("wanted", first_tried_at=started.timestamp())
        assert await rig.find("absent", first_tried_at=started.timestamp()) is None


class TestReceiving:
    async def test_texts_come_by_webhook(self, rig: Rig) -> None:
        result = await rig.tw.text(ANA, DEFAULT_NUMBER, "Is 2pm ok? é 👍")
        (text,) = rig.events

        assert (result.status, result.body) == (200, "<Response/>")
        assert (text.key, text.sender, text.text) == (f"in:main:{result.sid}", ANA, "Is 2pm ok? é 👍")
        assert not rig.tw.alerts

    async def test_advanced_opt_out_says_that_it_answered(self, rig: Rig) -> None:
        rig.tw.advanced_opt_out = True
        for word in ("STOP", "START", "HELP"):
            await rig.tw.text(ANA, DEFAULT_NUMBER, word)

        assert [text.answered_by_provider for text in rig.events] == ["stop", "start", "help"]

    async def test_missed_are_listed_as_their_webhook_would_have_told(self, rig: Rig) -> None:
        await rig.tw.text("+15550009999", DEFAULT_NUMBER, "too old")
        rig.tw.records[next(iter(rig.tw.records))].sent = datetime.now(UTC) - timedelta(hours=1)
        rig.events.clear()
        since = rig.tw.now().timestamp() - 5
        await rig.send("ours")
        for body, media in (("one", ()), ("two", (PNG, ("image/heic", b"heic"))), ("three " * 60, ())):
            await rig.tw.text(ANA, DEFAULT_NUMBER, body, media, deliver=False)
        listed = await rig.missed(since)
        await rig.tw.settle()
        rig.events.clear()
        for text in listed:
            await rig.tw.redeliver(text.provider_id)

        assert [text.text for text in listed] == ["one", "two", "three " * 60]
        assert [text.segments for text in listed] == [1, 1, 3]
        assert all(abs(text.at - since) < 60 for text in listed)
        assert [replace(text, at=1000.0) for text in listed] == rig.events

    async def test_many_missed(self, rig: Rig) -> None:
        since = rig.tw.now().timestamp() - 5
        for number in range(450):
            await rig.tw.text(ANA, DEFAULT_NUMBER, str(number), deliver=False)
        listed = await rig.missed(since)

        assert [text.text for text in listed] == [str(number) for number in range(450)]
        assert len([call for call, _ in rig.tw.calls if call == "list"]) == 3

    async def test_a_list_that_cannot_be_read_is_read_later(self, rig: Rig) -> None:
        rig.tw.misbehave("list", misbehave.server_error(500))
        with pytest.raises(Unreachable):
            await rig.missed(0)

    @pytest.mark.parametrize("locked", [True, False])
    async def test_pictures(self, rig: Rig, locked: bool) -> None:
        """Storage is another host: the emulator complains when our credentials reach it."""
        rig.tw.media_auth = locked
        result = await rig.tw.text(ANA, DEFAULT_NUMBER, "", [PNG])
        (text,) = rig.events
        (media,) = text.media
        response = await rig.http(rig.provider().fetch(media.url))

        assert (response.status, response.body) == (200, PNG[1])
        assert media.id == hashlib.sha256(f"{result.sid}:0".encode()).hexdigest()[:26]
        assert (media.content_type, media.origin) == ("image/png", "line:main")

    async def test_pictures_that_are_too_large(self, rig: Rig) -> None:
        await rig.tw.text(ANA, DEFAULT_NUMBER, "", [("image/png", b"x" * 20_000_001)])
        with pytest.raises(Rejected):
            await rig.http(rig.provider().fetch(rig.events[0].media[0].url))


class TestCheck:
    async def test_says_what_is_missing(self, rig: Rig) -> None:
        async def look(**config: Any) -> list[bool]:
            findings = await drive(rig.provider(**config).check(rig.public_url), rig.http)
            return [finding.ok for finding in findings]

        assert await look() == [True, True]
        rig.tw.numbers[DEFAULT_NUMBER].sms_url = "https://demo.twilio.com/welcome/sms/reply"
        assert await look() == [True, False]
        del rig.tw.numbers[DEFAULT_NUMBER]
        assert await look() == [True, False]
        assert await look(auth_token="another") == [False]
        rig.tw.misbehave("account", misbehave.drop_before(), times=2)
        with pytest.raises(Unsure):
            await look()
