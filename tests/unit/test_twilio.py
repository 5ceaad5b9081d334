"""Twilio: what the recorded requests of the contract suite do not show."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Generator
from email.utils import formatdate
from importlib import resources
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from multidict import MultiDict
from pydantic import ValidationError
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bridge.errors import BadSignature, Rejected, Throttled, Unreachable, Unusable
from bridge.model.events import DeliveryReported, TextReceived
from bridge.ports import Finding, LineContext, OutboundSms, Request, Response, Sent
from connectors.sms import _twilio_lists
from connectors.sms._twilio_errors import fault
from connectors.sms._twilio_signature import pairs, sign
from connectors.sms.twilio import Config, Provider
from tests.conftest import SHARED

SID, TOKEN, HOOK = "AC" + "0" * 32, "an-auth-token-of-a-test", "https://sms.example.org/hooks/main"
LINE = LineContext("main", "+15550100001", "US")
ANA = "+15550000002"
AT = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT
SMS = OutboundSms(id="m1", sender=LINE.number, to=ANA, text="hello", first_tried_at=AT)
FORM = {"content-type": "application/x-www-form-urlencoded"}


def make(line: LineContext = LINE, **more: Any) -> Provider:
    return Provider(Config.model_validate({"account_sid": SID, "auth_token": TOKEN, **more}), line)


def signed(form: list[tuple[str, str]], url: str = HOOK, signature: str | None = None) -> Request:
    computed = RequestValidator(TOKEN).compute_signature(url, MultiDict(form))
    headers = {**FORM, "x-twilio-signature": signature or computed}
    return Request("POST", url, headers, urlencode(form).encode())


def run(exchange: Generator[Request, Response, Any], *answers: Any) -> tuple[Any, list[Request]]:
    """Drive a generator with these answers, all of them: a status, or what the JSON of a 200 holds."""
    waiting, seen = list(answers), [next(exchange)]
    try:
        while True:
            answer = waiting.pop(0)
            given = (
                Response(answer)
                if isinstance(answer, int)
                else Response(200, {}, json.dumps(answer).encode())
            )
            seen.append(exchange.send(given))
    except StopIteration as stop:
        assert not waiting
        return stop.value, seen


def query(request: Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


class TestConfig:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"account_sid": "SK1"},
            {"auth_token": ""},
            {"api_key": "SK1"},
            {"api_secret": "x"},
            {"messaging_service_sid": "AC1"},
            {"validity_seconds": 0},
            {"validity_seconds": 36001},
            {"signature": "md5"},
            {"shared_key": "x"},
            {"api_url": "api.twilio.com"},
        ],
    )
    def test_refuses(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(ValidationError) as caught:
            make(**wrong)
        assert TOKEN not in str(caught.value)

    def test_an_api_key_signs_in_and_the_token_still_signs(self) -> None:
        provider = make(api_key="SK1", api_secret="of the key")
        request = next(provider.send(SMS))

        assert request.auth == ("SK1", "of the key")
        assert f"/Accounts/{SID}/" in request.url
        provider.verify(signed([("a", "b")]))

    def test_a_shared_key_signs_and_the_token_signs_in(self) -> None:
        provider = make(signature="sha256", shared_key="shared")
        made = RequestValidator("shared").compute_signature(HOOK, {"a": "b"}, "HMAC_SHA256")
        settings = "key=SK1,algorithm=HMAC_SHA256"
        headers = {**FORM, "X-Twilio-Signature": made, "X-Twilio-Webhooks-Signature-Settings": settings}

        provider.verify(Request("POST", HOOK, headers, b"a=b"))
        assert next(provider.send(SMS)).auth == (SID, TOKEN)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


class TestSignature:
    @given(st.lists(st.tuples(texts, texts), max_size=6))
    @example([("A", "b"), ("A", "a"), ("A", "b"), ("", ""), ("Body", ""), ("é", "👍 +&=%")])
    @example([("\uffff", "1"), ("\U0001f44d", "2")])
    def test_agrees_with_the_official_validator(self, form: list[tuple[str, str]]) -> None:
        make().verify(signed(form))

    @pytest.mark.parametrize("called", ["", ":443", ":8443"])
    @pytest.mark.parametrize("configured", ["", ":443", ":8443"])
    @pytest.mark.parametrize("scheme", ["https", "http"])
    @pytest.mark.parametrize("rest", ["", "/", "/hooks/main", "/hooks/main?x=:80&y=%2F", "?a=b"])
    def test_ports_as_the_official_validator(
        self, scheme: str, called: str, configured: str, rest: str
    ) -> None:
        ours, theirs = (f"{scheme}://sms.example.org{port}{rest}" for port in (configured, called))
        official = RequestValidator(TOKEN)
        made = official.compute_signature(theirs, {"a": "b"})
        try:
            make().verify(signed([("a", "b")], ours, made))
            believed = True
        except BadSignature:
            believed = False

        assert believed == official.validate(ours, {"a": "b"}, made)

    def test_a_fragment_is_not_signed(self) -> None:
        make().verify(
            signed([("a", "b")], f"{HOOK}#rc=5", signed([("a", "b")]).headers["x-twilio-signature"])
        )

    def test_another_token_does_not_do(self) -> None:
        made = RequestValidator("another").compute_signature(HOOK, {"a": "b"})
        with pytest.raises(BadSignature, match="public_url"):
            make().verify(signed([("a", "b")], HOOK, made))

    @pytest.mark.parametrize("algorithm", ["HMAC_SHA256", "HMAC_MD5", "none"])
    def test_the_caller_does_not_choose_the_algorithm(self, algorithm: str) -> None:
        form = pairs(b"a=b")
        for made in (sign(TOKEN.encode(), HOOK, form, name) for name in ("sha1", "sha256")):
            headers = {
                **FORM,
                "x-twilio-signature": made,
                "x-twilio-webhooks-signature-settings": f"key=1,algorithm={algorithm}",
            }
            with pytest.raises(BadSignature, match="algorithm"):
                make().verify(Request("POST", HOOK, headers, b"a=b"))

    def test_a_body_that_is_no_form_must_be_the_hashed_one(self) -> None:
        url = f"{HOOK}?bodySHA256={'0' * 64}"
        made = RequestValidator(TOKEN).compute_signature(url, {})
        headers = {"content-type": "application/json", "x-twilio-signature": made}
        for target in (url, HOOK):
            with pytest.raises(BadSignature):
                make().verify(Request("POST", target, headers, b'{"MessageSid":"SM1"}'))

    def test_the_body_of_a_get_is_not_read(self) -> None:
        url = f"{HOOK}?MessageSid=SM1&From={ANA}&Body=signed"
        made = RequestValidator(TOKEN).compute_signature(url, {})
        request = Request("GET", url, {**FORM, "x-twilio-signature": made}, b"Body=forged")
        make().verify(request)

        (text,) = make().parse(request, AT)
        assert isinstance(text, TextReceived)
        assert text.text == "signed"


class TestAnswer:
    def test_texts_hear_nothing_in_xml_and_reports_nothing(self) -> None:
        (text,) = make().parse(signed([("MessageSid", "SM1"), ("From", ANA)]), AT)
        (report,) = make().parse(signed([("MessageSid", "SM1"), ("MessageStatus", "sent")]), AT)
        said = make().answer([text])

        assert (said.status, said.headers["content-type"], said.body) == (200, "text/xml", b"<Response/>")
        assert make().answer([]) == said  # unreadable
        assert make().answer([report]).status == 204

    @pytest.mark.parametrize("state", ["queued", "accepted", "scheduled", "sending"])
    def test_a_state_before_sent_is_queued(self, state: str) -> None:
        (report,) = make().parse(signed([("MessageSid", "SM1"), ("MessageStatus", state)]), AT)

        assert isinstance(report, DeliveryReported)
        assert (report.state, report.message_id, report.recipient) == ("queued", None, "")


class TestSend:
    def test_the_form(self) -> None:
        sms = OutboundSms(
            "m1", LINE.number, ANA, "hé & 👍", ("https://x.example/1", "https://x.example/2"), True,
            f"{HOOK}/status?id=m1",
        )  # fmt: skip
        request = next(make(validity_seconds=600).send(sms))

        assert (request.method, request.auth) == ("POST", (SID, TOKEN))
        assert request.url == f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
        assert parse_qsl(request.body.decode()) == [
            ("To", ANA),
            ("From", LINE.number),
            ("Body", "hé & 👍"),
            ("MediaUrl", "https://x.example/1"),
            ("MediaUrl", "https://x.example/2"),
            ("SendAsMms", "true"),
            ("StatusCallback", f"{HOOK}/status?id=m1"),
            ("ValidityPeriod", "600"),
        ]

    def test_a_service_is_told_which_number(self) -> None:
        form = parse_qsl(next(make(messaging_service_sid="MG1").send(SMS)).body.decode())

        assert ("MessagingServiceSid", "MG1") in form
        assert ("From", LINE.number) in form

    def test_what_is_not_there_is_not_sent(self) -> None:
        sms = OutboundSms("m1", LINE.number, ANA, "", ("https://x.example/1",), status_url="simulator:x")

        assert [name for name, _ in parse_qsl(next(make().send(sms)).body.decode())] == [
            "To",
            "From",
            "MediaUrl",
        ]


def record(sid: str = "SM1", body: str = "hello", made: float = AT, **more: Any) -> dict[str, Any]:
    when = formatdate(made)
    return {
        "sid": sid, "direction": "outbound-api", "from": LINE.number, "to": ANA, "body": body,
        "num_media": "0", "num_segments": "1", "status": "sent",
        "date_created": when, "date_sent": when, **more,
    }  # fmt: skip


def page(*records: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {"messages": list(records), "next_page_uri": following}


class TestFind:
    def test_asks_by_day_and_then_for_what_waits(self) -> None:
        found, seen = run(make().find(SMS), page(), page())

        assert found is None
        assert [query(request) for request in seen] == [
            {"To": ANA, "From": LINE.number, "DateSent>": "2023-11-13", "PageSize": "200"},
            {"To": ANA, "From": LINE.number, "PageSize": "200"},
        ]
        assert all(request.auth == (SID, TOKEN) for request in seen)

    def test_finds_what_waits(self) -> None:
        waiting = record("SM7", date_sent=None, status="queued", num_segments="0")

        assert run(make().find(SMS), page(), page(waiting))[0] == Sent("SM7", None)

    @pytest.mark.parametrize(
        "other",
        [
            {"body": "hello!"},
            {"to": "+15550000003"},
            {"from": "+15550100009"},
            {"direction": "inbound"},
            {"made": AT - 121},
            {"date_created": None, "date_sent": None},
            {"date_created": "yesterday", "date_sent": "yesterday"},
        ],
    )
    def test_is_not_content_with_another(self, other: dict[str, Any]) -> None:
        assert run(make().find(SMS), page(record(**other)), page(record(**other)))[0] is None

    @pytest.mark.parametrize("made", [AT - 119, AT, AT + 600, AT + 11 * 3600])
    def test_hours_may_lie_between_the_first_try_and_the_one_in_doubt(self, made: float) -> None:
        assert run(make().find(SMS), page(record(made=made)))[0] == Sent("SM1", 1)

    def test_the_closest_in_time_of_several(self) -> None:
        listed = page(record("SM3", made=AT + 90), record("SM2", made=AT + 2), record("SM1", made=AT - 100))

        assert run(make().find(SMS), listed)[0] == Sent("SM2", 1)

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            ("It’s “on” — really…", 'It\'s "on" - really...'),
            ("two\r\nlines ", "two\nlines"),
            ("non\u00a0breaking", "non  breaking"),
            ("ＡＢＣ", "ABC"),
            ("hello", "Sent from your Twilio trial account - hello"),
            ("", None),
        ],
    )
    def test_sees_through_what_twilio_changes(self, ours: str, theirs: str | None) -> None:
        sms = OutboundSms("m1", LINE.number, ANA, ours, first_tried_at=AT)

        assert run(make().find(sms), page(record(body=theirs)))[0]  # type: ignore[arg-type]

    def test_a_service_may_not_have_chosen_its_number_yet(self) -> None:
        provider = make(messaging_service_sid="MG1")
        found, seen = run(provider.find(SMS), page({**record(), "from": None}))

        assert found == Sent("SM1", 1)
        assert "From" not in query(seen[0])

    def test_follows_pages_until_they_are_older(self) -> None:
        path = f"/2010-04-01/Accounts/{SID}/Messages.json?Page=1"
        young, old = record(body="other"), record(body="other", made=AT - 3600)
        found, seen = run(
            make().find(SMS), page(young, following=path), page(old, following=path), page(record("SM9"))
        )

        assert found == Sent("SM9", 1)
        assert seen[1].url == f"https://api.twilio.com{path}"

    @pytest.mark.parametrize("away", ["https://evil.example/x", "//evil.example/x", "@evil.example/x"])
    def test_credentials_stay_with_twilio(self, away: str) -> None:
        exchange = make().find(SMS)
        seen = [next(exchange)]
        going_on = json.dumps(page(record(body="other"), following=away)).encode()
        with contextlib.suppress(Unreachable):
            seen.append(exchange.send(Response(200, {}, going_on)))

        assert {urlsplit(request.url).hostname for request in seen} == {"api.twilio.com"}

    def test_never_says_absent_without_having_seen_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_twilio_lists, "MOST_PAGES", 2)
        more = page(record(body="other"), following="/more")
        with pytest.raises(Unreachable, match="pages"):
            run(make().find(SMS), more, more, more)

    @pytest.mark.parametrize(("status", "kind"), [(500, Unreachable), (429, Throttled), (401, Unusable)])
    def test_a_search_that_fails_proves_nothing(self, status: int, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            run(make().find(SMS), status)

    def test_a_broken_list_proves_nothing(self) -> None:
        with pytest.raises(Unreachable):
            run(make().find(SMS), [])


def inbound(sid: str, body: str = "hi", made: float = AT, **more: Any) -> dict[str, Any]:
    told = {"direction": "inbound", "status": "received", "from": ANA, "to": LINE.number}
    return record(sid, body, made, **{**told, **more})


class TestMissed:
    def test_lists_oldest_first_what_came_in_since(self) -> None:
        listed = page(
            inbound("SM3", made=AT + 30),
            record("SM9", made=AT + 20),
            inbound("SM5", made=AT + 20, status="receiving"),
            inbound("SM2", "caf\x00é", made=AT + 10, num_segments="2"),
            inbound("SM1", made=AT - 1),
        )
        texts, seen = run(make().missed(AT, AT + 60), listed)

        assert query(seen[0]) == {"To": LINE.number, "DateSent>": "2023-11-14", "PageSize": "200"}
        assert [(text.provider_id, text.text, text.at, text.segments, text.late) for text in texts] == [
            ("SM2", "caf\ufffdé", AT + 10, 2, False),
            ("SM3", "hi", AT + 30, 1, False),
        ]

    def test_is_the_same_event_as_the_webhook(self) -> None:
        media = f"/2010-04-01/Accounts/{SID}/Messages/MM1/Media/ME1"
        form = [
            ("MessageSid", "MM1"), ("From", ANA), ("Body", "hi"), ("NumMedia", "1"),
            ("MediaUrl0", f"https://api.twilio.com{media}"), ("MediaContentType0", "image/png"),
        ]  # fmt: skip
        (told,) = make().parse(signed(form), AT)
        parts = {"media_list": [{"sid": "ME1", "content_type": "image/png", "uri": f"{media}.json"}]}
        (listed,), seen = run(make().missed(AT, AT), page(inbound("MM1", num_media="1")), parts)

        assert listed == told
        assert listed.key == told.key
        assert seen[1].url == f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/MM1/Media.json"

    def test_words_are_kept_when_their_picture_is_gone(self) -> None:
        (text,), _ = run(make().missed(AT, AT), page(inbound("MM1", num_media="1")), 404)

        assert (text.text, text.media) == ("hi", ())

    def test_a_picture_that_cannot_be_listed_now_is_listed_later(self) -> None:
        with pytest.raises(Unreachable):
            run(make().missed(AT, AT), page(inbound("MM1", num_media="1")), 503)

    def test_all_pages(self) -> None:
        first, second = page(inbound("SM2", made=AT + 5), following="/next"), page(inbound("SM1"))

        assert [text.provider_id for text in run(make().missed(AT, AT), first, second)[0]] == ["SM1", "SM2"]


class TestFetch:
    @pytest.mark.parametrize(
        ("url", "with_auth"),
        [
            ("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1", True),
            ("https://media.twiliocdn.com/x", False),
            ("http://api.twilio.com/x", False),
            ("https://api.twilio.com.evil.example/x", False),
            ("https://eviltwilio.com/x", False),
            ("https://[broken/x", False),
        ],
    )
    def test_credentials_go_to_twilio_only(self, url: str, with_auth: bool) -> None:
        request = make().fetch(url)

        assert (request.method, request.url, request.auth is not None) == ("GET", url, with_auth)
        assert not request.keep_auth_on_redirect
        assert request.max_bytes == 20_000_000

    def test_to_a_proxy_of_ours_too(self) -> None:
        assert make(api_url="http://127.0.0.1:9/tw/").fetch("http://127.0.0.1:9/tw/x").auth


class TestTraits:
    @pytest.mark.parametrize("code", ["800", "833", "844", "855", "866", "877", "888"])
    def test_toll_free(self, code: str) -> None:
        traits = make(LineContext("main", f"+1{code}5550100", "US")).traits

        assert traits.rate.per_second == 3
        assert traits.answers["start"] == {"START", "UNSTOP"}
        assert "CANCEL" in traits.answers["stop"]

    def test_long_codes(self) -> None:
        traits = make().traits

        assert (traits.rate.per_second, traits.max_chars, traits.max_media) == (1, 1600, 10)
        assert "YES" in traits.answers["start"]
        assert traits.can_find
        assert traits.can_list_missed
        assert not traits.resend_is_safe

    def test_short_codes_answer_nothing_unless_in_a_service(self) -> None:
        short = LineContext("main", "72645", "US")

        assert make(short).traits.answers == {}
        assert make(short, messaging_service_sid="MG1").traits.answers


class TestCheck:
    ACCOUNT = {"status": "active", "type": "Full"}  # noqa: RUF012

    def look(self, *answers: Any, **config: Any) -> list[Finding]:
        findings, _ = run(make(**config).check("https://sms.example.org/"), *answers)
        return list(findings)

    def number(self, **more: Any) -> dict[str, Any]:
        told = {
            "sms_url": f"{HOOK}#rc=5&rp=all",
            "sms_method": "POST",
            "capabilities": {"sms": True, "mms": True},
        }
        return {"incoming_phone_numbers": [{**told, **more}]}

    def test_all_is_well(self) -> None:
        findings = self.look(self.ACCOUNT, self.number())

        assert [(one.where, one.ok, one.mend) for one in findings] == [("line main", True, "")] * 2

    def test_asks_for_the_number_as_it_is_written(self) -> None:
        _, seen = run(make().check("https://sms.example.org"), self.ACCOUNT, self.number())

        assert unquote(seen[1].url).endswith(f"/IncomingPhoneNumbers.json?PhoneNumber={LINE.number}")
        assert "%2B" in seen[1].url

    @pytest.mark.parametrize(
        "url", ["", "https://demo.twilio.com/welcome/sms/reply", f"{HOOK}/", f"http{HOOK[5:]}"]
    )
    def test_a_webhook_that_goes_elsewhere(self, url: str) -> None:
        finding = self.look(self.ACCOUNT, self.number(sms_url=url))[-1]

        assert not finding.ok
        assert f"{HOOK}#rc=5&rp=all&ct=2000&rt=5000" in finding.mend
        assert LINE.number in finding.mend

    def test_a_webhook_that_is_tried_once(self) -> None:
        finding = self.look(self.ACCOUNT, self.number(sms_url=HOOK))[-1]

        assert finding.ok
        assert "#rc=5" in finding.mend

    def test_a_fallback_is_a_second_try(self) -> None:
        assert not self.look(self.ACCOUNT, self.number(sms_url=HOOK, sms_fallback_url="https://x.example"))[
            -1
        ].mend

    @pytest.mark.parametrize(
        ("account", "ok", "says"),
        [
            ({"status": "suspended"}, False, "suspended"),
            ({"status": "active", "type": "Trial"}, True, "trial"),
            (401, False, "auth_token"),
            (404, False, "account_sid"),
            (302, False, "api_url"),
        ],
    )
    def test_accounts(self, account: Any, ok: bool, says: str) -> None:
        finding = self.look(account, *([self.number()] if ok else []))[0]

        assert finding.ok == ok
        assert says in finding.what

    def test_numbers(self) -> None:
        (_, lost) = self.look(self.ACCOUNT, {"incoming_phone_numbers": []})
        (_, mute, _) = self.look(self.ACCOUNT, self.number(capabilities={}))
        (_, plain, _) = self.look(self.ACCOUNT, self.number(capabilities={"sms": True}))
        (_, away) = self.look(self.ACCOUNT, 500)

        assert [one.ok for one in (lost, mute, plain, away)] == [False, False, True, False]
        assert "segments" in plain.mend

    def test_a_service_has_webhooks_of_its_own(self) -> None:
        finding = self.look(self.ACCOUNT, self.number(sms_url=""), messaging_service_sid="MG1")[-1]

        assert finding.ok
        assert "MG1" in finding.mend

    def test_short_codes_are_not_in_the_list(self) -> None:
        findings, _ = run(make(LineContext("main", "72645", "US")).check("https://x.example"), self.ACCOUNT)

        assert len(findings) == 1


TABLE = resources.files("connectors.sms") / "data" / "twilio_errors.tsv"
KNOWN_CODES = [line.partition("\t")[0] for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]


class TestErrors:
    def test_every_known_code_has_words(self) -> None:
        """Where the list of codes is at hand; what Twilio's debugger says of our answers concerns nobody."""
        file = SHARED / "data/sms/provider_error_codes.tsv"
        if not file.is_file():
            pytest.skip("the table is not here")
        with file.open(encoding="utf-8") as lines:
            rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["provider"] == "twilio"]
        unknown = [row["code"] for row in rows if fault(row["code"]).words.startswith("Twilio reports error")]

        assert unknown == ["12100"]

    def test_words_are_for_people(self) -> None:
        for known in map(fault, KNOWN_CODES):
            assert known.code.isdigit()
            assert known.words[0].isupper() or known.words[0].isdigit()
            assert known.words.endswith((".", ")."))
            assert len(known.words) < 120

    @pytest.mark.parametrize("junk", ["", "abc", "²", "1 OR 1", "<b>"])
    def test_a_code_that_is_none(self, junk: str) -> None:
        assert fault(junk).code == ""

    @pytest.mark.parametrize(
        ("code", "helps"),
        [
            *((code, True) for code in ("30003", "30008", "30022", "30034", "99999")),
            *((code, False) for code in ("30007", "30005", "21610", "30004")),
        ],
    )
    def test_whether_a_retry_helps(self, code: str, helps: bool) -> None:
        assert fault(code).retry_helps == helps

    def test_one_recipient_never_stops_the_line(self) -> None:
        """An error of one text must not close the meter of all."""
        for code in (
            21211,
            21408,
            21606,
            21608,
            21612,
            21614,
            21617,
            21620,
            21622,
            21635,
            21703,
            30450,
            30610,
        ):
            exchange = make().send(SMS)
            next(exchange)
            with pytest.raises(Rejected):
                exchange.send(Response(400, {}, json.dumps({"code": code}).encode()))
