"""Every provider: what it makes of answers and of silence when it sends; never a guess, never a secret."""

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from pydantic import ValidationError

from bridge import errors
from bridge.errors import ConnectorError, Unreachable, Unsure
from bridge.ports import Request, Response, SmsProvider
from tests.contract.sms.recorded import (
    NOW,
    PROVIDERS,
    SMS,
    answers,
    cases,
    config_of,
    make,
    module_of,
    read,
    request_of,
    response_of,
    secrets_of,
)

ANSWERS = list(answers())
every_provider = pytest.mark.parametrize("provider", PROVIDERS)
every_answer = pytest.mark.parametrize(
    ("provider", "number"), ANSWERS, ids=[f"{p}-{read(p, '_answers')[n]['why']}" for p, n in ANSWERS]
)
NONSENSE = (
    Response(200, {}, b"{}"),
    Response(200, {}, b'{"messages": 7, "next_page_uri": null}'),
    Response(404, {}, b"{}"),
    Response(500, {}, b"<html>"),
)
Exchange = Generator[Request, Response, Any]
Start = Callable[[SmsProvider], Exchange]
GENERATORS: dict[str, Start] = {
    "send": lambda provider: provider.send(SMS),
    "find": lambda provider: provider.find(SMS),
    "missed": lambda provider: provider.missed(NOW, NOW + 60),
    "check": lambda provider: provider.check("https://sms.example.org"),
}


def run(exchange: Exchange, answer: Response | ConnectorError, seen: list[Request] | None = None) -> Any:
    """Drive a generator by hand, giving every request the same answer, and give its result."""
    try:
        request = next(exchange)
        for _ in range(200):
            if seen is not None:
                seen.append(request)
            request = exchange.throw(answer) if isinstance(answer, Exception) else exchange.send(answer)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it asks without end")


@every_provider
def test_there_are_answers(provider: str) -> None:
    recorded = read(provider, "_answers")

    assert any("sent" in one for one in recorded)
    raised = {one.get("raises") for one in recorded}
    assert {"OptedOut", "Rejected", "Throttled", "Unsure"} <= raised, "record what they look like"
    statuses = {one["response"]["status"] for one in recorded}
    assert 429 in statuses
    assert any(status >= 500 for status in statuses)


@every_answer
def test_an_answer_means(provider: str, number: int) -> None:
    recorded = read(provider, "_answers")[number]
    exchange, answer = make(provider).send(SMS), response_of(recorded["response"])
    if "sent" in recorded:
        assert asdict(run(exchange, answer)) == recorded["sent"]
        return
    kind = getattr(errors, recorded["raises"])
    with pytest.raises(kind) as caught:
        run(exchange, answer)

    assert type(caught.value) is kind
    assert caught.value.certain == (kind is not Unsure)
    assert recorded.get("says", "") in caught.value.reason
    assert caught.value.reason
    assert recorded.get("code", caught.value.code) == caught.value.code
    if "after" in recorded:
        assert caught.value.after == recorded["after"]


@every_provider
@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<html><body>Bad gateway</body></html>", b'{"half'])
def test_an_inner_fault_leaves_it_open(provider: str, status: int, body: bytes) -> None:
    with pytest.raises(Unsure):
        run(make(provider).send(SMS), Response(status, {}, body))


@every_provider
@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("error", [Unsure("the answer was lost"), Unreachable("no connection")])
def test_a_transport_that_fails_is_not_explained_away(
    provider: str, generator: str, error: ConnectorError
) -> None:
    with pytest.raises(type(error)) as caught:
        run(GENERATORS[generator](make(provider)), error)

    assert caught.value is error


@every_provider
def test_a_text_is_asked_for_once(provider: str) -> None:
    """A second request could make a second text of it."""
    for recorded in read(provider, "_answers"):
        seen: list[Request] = []
        with contextlib.suppress(ConnectorError):
            run(make(provider).send(SMS), response_of(recorded["response"]), seen)
        assert len(seen) == 1


@every_provider
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 408, 409, 413, 429, 500, 503])
def test_a_reason_repeats_nobodys_words(provider: str, status: int) -> None:
    """Reasons end in logs and in front of staff who may not know this person."""
    said = {"code": 29999, "message": f"The number {SMS.to} cannot get “{SMS.text}”", "status": status}
    for body in (json.dumps(said, ensure_ascii=False), said["message"]):
        try:
            run(make(provider).send(SMS), Response(status, {}, str(body).encode()))
        except Exception as error:
            assert SMS.text not in str(error)
            assert SMS.to not in str(error)
        else:
            pytest.fail("that is no text sent")


@every_provider
def test_traits_are_possible(provider: str) -> None:
    traits = make(provider).traits

    assert traits.rate.per_second > 0
    assert traits.rate.burst >= 1
    assert traits.max_chars >= 160
    assert set(traits.answers) <= {"stop", "start", "help"}
    assert all(word == word.upper().strip() for words in traits.answers.values() for word in words)
    assert traits.resend_is_safe or traits.can_find, "a lost answer could never be cleared up"


@every_provider
def test_a_configuration_is_strict_and_frozen(provider: str) -> None:
    given, model = read(provider, "_line")["config"], module_of(provider).Config
    with pytest.raises(ValidationError):
        model.model_validate({**given, "no_such_key": 1})
    config = config_of(provider)
    with pytest.raises(ValidationError):
        config.api_url = "https://elsewhere.example"  # type: ignore[attr-defined]
    assert "api_url" in model.model_fields


# ---- no secret is ever shown -----------------------------------------------------------------------------


def everything_shown(provider: str) -> Iterator[object]:
    """All that could end in a log: configuration, provider, requests, errors, findings, events."""
    asked = make(provider)
    yield from (config_of(provider), asked, asked.traits)
    yield from (request_of(provider, case) for found, case in cases() if found == provider)
    yield asked.fetch("https://elsewhere.example/picture")
    recorded = [response_of(one["response"]) for one in read(provider, "_answers")]
    for start in GENERATORS.values():
        for answer in (*recorded, *NONSENSE):
            exchange = start(make(provider))
            seen: list[Request] = []
            try:
                yield run(exchange, answer, seen)
            except Exception as error:
                yield from (error, error.args, vars(error), error.__cause__)
            yield from seen


@every_provider
def test_no_secret_is_shown(provider: str) -> None:
    hidden = secrets_of(config_of(provider))
    shown = "\n".join(f"{one!r} {one}" for one in everything_shown(provider))

    assert hidden, "its secrets must be SecretStr"
    assert all(len(secret) >= 16 for secret in hidden), "record secrets that are recognised"
    assert not [secret for secret in hidden if secret in shown]


# ---- no input or output, no clock --------------------------------------------------------------------------

_watched: list[str] | None = None
_FORBIDDEN = ("open", "socket.", "subprocess.", "os.system", "time.sleep", "urllib.", "http.")


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _watched is not None and event.startswith(_FORBIDDEN):
        _watched.append(f"{event} {args!r}")


sys.addaudithook(_watch)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the interpreter itself saw of files and sockets; reading the clock fails at once."""
    global _watched  # an audit hook stays for ever, so it is switched on and off

    def no_clock(*_: object) -> float:
        raise AssertionError("a provider is given the time")

    for name in ("time", "time_ns", "monotonic"):
        monkeypatch.setattr(time, name, no_clock)
    seen: list[str] = []
    _watched = seen
    yield seen
    _watched = None


@every_provider
def test_the_watch_sees(provider: str, watched: list[str]) -> None:
    io.open_code(__file__).close()

    assert watched


@every_provider
def test_there_is_no_io(provider: str, request: pytest.FixtureRequest) -> None:
    list(everything_shown(provider))  # whatever is imported late is imported now
    recorded = [
        (request_of(provider, case), read(provider, case)) for found, case in cases() if found == provider
    ]
    asked = make(provider)
    seen = request.getfixturevalue("watched")
    for hook, case in recorded:
        asked.verify(hook)
        if not case.get("unreadable"):
            asked.answer(asked.parse(hook, NOW))
    list(everything_shown(provider))

    assert seen == []
