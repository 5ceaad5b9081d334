"""Every provider, every recorded request: it is believed only as it was signed, and read as expected."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from bridge.errors import BadSignature, Unreadable
from bridge.model.events import TextReceived
from bridge.ports import Request
from tests.contract.sms.recorded import NOW, PROVIDERS, cases, make, read, request_of

CASES = list(cases())
every_case = pytest.mark.parametrize(("provider", "case"), CASES, ids=["-".join(case) for case in CASES])


def plain(value: Any) -> Any:
    """Tuples as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def flipped(value: bytes, index: int, bit: int) -> bytes:
    return value[:index] + bytes([value[index] ^ bit]) + value[index + 1 :]


def tampered(provider: str, request: Request) -> list[tuple[str, Request]]:
    """The request with one byte flipped, anywhere that is signed and in the signature itself."""
    told = read(provider, "_line")
    name, url = told["signature_header"], request.url.encode()
    signature = request.headers[name].encode()
    found = [
        (f"signature byte {i}", replace(request, headers={**request.headers, name: wrong.decode("latin-1")}))
        for i in range(len(signature))
        for wrong in (flipped(signature, i, 1), flipped(signature, i, 128))
    ]
    if "body" in told["signed"]:
        found += [
            (f"body byte {i}", replace(request, body=flipped(request.body, i, bit)))
            for i in range(len(request.body))
            for bit in (1, 128)
        ]
    if "url" in told["signed"]:
        found += [
            (f"url byte {i}", replace(request, url=flipped(url, i, 1).decode())) for i in range(len(url))
        ]
    return found


@pytest.mark.parametrize("provider", PROVIDERS)
def test_there_are_recordings(provider: str) -> None:
    names = [case for found, case in CASES if found == provider]
    recorded = [read(provider, case) for case in names]

    assert read(provider, "_line"), f"record how {provider} is set up: see recorded.py"
    types = {event["type"] for one in recorded for event in one.get("events", ())}
    assert types == {"text_received", "delivery_reported"}, "record at least a text and a report"
    assert any(one.get("unreadable") for one in recorded), "record something unreadable"


@every_case
def test_it_is_believed(provider: str, case: str) -> None:
    make(provider).verify(request_of(provider, case))


@every_case
def test_header_names_in_any_case(provider: str, case: str) -> None:
    request = request_of(provider, case)
    shouted = {name.upper(): value for name, value in request.headers.items()}

    make(provider).verify(replace(request, headers=shouted))


@every_case
def test_a_flipped_byte_is_refused(provider: str, case: str) -> None:
    asked = make(provider)
    for what, request in tampered(provider, request_of(provider, case)):
        with pytest.raises(BadSignature):
            asked.verify(request)
            pytest.fail(f"believed with a flipped {what}")


@every_case
def test_unsigned_is_refused(provider: str, case: str) -> None:
    request, name = request_of(provider, case), read(provider, "_line")["signature_header"]
    for headers in ({}, {**request.headers, name: ""}, {**request.headers, name: "é" * 28}):
        with pytest.raises(BadSignature):
            make(provider).verify(replace(request, headers=headers))


@every_case
def test_it_is_read(provider: str, case: str) -> None:
    recorded, asked = read(provider, case), make(provider)
    if recorded.get("unreadable"):
        with pytest.raises(Unreadable):
            asked.parse(request_of(provider, case), NOW)
        return
    events = asked.parse(request_of(provider, case), NOW)

    assert [plain(asdict(event)) for event in events] == recorded["events"]


@every_case
def test_it_is_the_same_when_repeated(provider: str, case: str) -> None:
    if read(provider, case).get("unreadable"):
        return
    asked, request = make(provider), request_of(provider, case)

    first, again = asked.parse(request, NOW), asked.parse(request, NOW + 60)

    assert [event.key for event in first] == [event.key for event in again]


@every_case
def test_any_database_can_hold_it(provider: str, case: str) -> None:
    if read(provider, case).get("unreadable"):
        return
    for event in make(provider).parse(request_of(provider, case), NOW):
        assert "\x00" not in repr(plain(asdict(event))).replace("\\x00", "\x00")
        str(asdict(event)).encode()  # no lone surrogates
        if isinstance(event, TextReceived):
            assert all(media.origin == f"line:{event.line}" for media in event.media)
            assert len({media.id for media in event.media}) == len(event.media)


@every_case
def test_it_is_answered_well(provider: str, case: str) -> None:
    asked = make(provider)
    unreadable = read(provider, case).get("unreadable")
    events = () if unreadable else asked.parse(request_of(provider, case), NOW)

    assert 200 <= asked.answer(events).status < 300


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"&&==&%zz=%", b"[1]", b"null", b"{" * 2000, b'{"a":1}']
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""])
def test_nonsense_is_unreadable_and_no_accident(provider: str, body: bytes, kind: str) -> None:
    request = Request("POST", "https://sms.example.org/hooks/main", {"content-type": kind}, body)
    with pytest.raises(Unreadable):
        make(provider).parse(request, NOW)
    with pytest.raises(BadSignature):
        make(provider).verify(request)
