"""Cases and predictions of the classifier, as JSON (their form: docs/classification.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import orjson

from bridge.model.verdict import Awaiting, Facts, Field, Verdict


class BadCase(ValueError):
    """A line that is no case; the text says what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text with its context, under the id that its prediction will bear."""

    id: Any
    facts: Facts


def read_case(line: bytes, keywords: Sequence[str] = ()) -> Case:
    """Read one line. keywords: for a case whose context names none. Raises BadCase."""
    try:
        read = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadCase(f"is not JSON: {error}") from error
    if not isinstance(read, dict):
        raise BadCase('is not an object; write {"id": …, "text": …, "context": …}')
    missing = [name for name in ("id", "text") if name not in read]
    if missing:
        raise BadCase(f"has no {' and no '.join(missing)}")
    context = _kind(read.get("context") or {}, dict, "context", "an object")
    given = context.get("keywords")
    facts = Facts(
        text=_kind(read["text"], str, "text", "text"),
        subscribed=bool(context.get("subscribed", False)),
        keywords=tuple(keywords) if given is None else _texts(given, "context.keywords"),
        awaiting=_awaiting(context.get("awaiting")),
    )
    return Case(read["id"], facts)


def prediction(case: Case, verdict: Verdict) -> dict[str, Any]:
    """Give what the classifier says of a case; the suspicion only where there is one."""
    value = list(verdict.value) if isinstance(verdict.value, tuple) else verdict.value
    said = {"id": case.id, "kind": verdict.kind.value, "value": value, "reason": verdict.reason}
    return said | ({"suspicion": verdict.suspicion} if verdict.suspicion else {})


def _awaiting(given: object) -> Awaiting | None:
    if given is None:
        return None
    asked = _kind(given, dict, "context.awaiting", "an object or null")
    where = "context.awaiting"
    if asked.get("type") not in ("poll", "data"):
        raise BadCase(f'{where}.type must be "poll" or "data"')
    field = asked.get("field")
    if asked["type"] == "data" and field not in get_args(Field):
        raise BadCase(f"{where}.field must be one of {', '.join(get_args(Field))}")
    options = _texts(asked.get("options") or [], f"{where}.options")
    if not options and (asked["type"] == "poll" or field == "choice"):
        raise BadCase(f"{where} has no options")
    minutes = asked.get("asked_minutes_ago", 0)
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)):
        raise BadCase(f"{where}.asked_minutes_ago must be a number")
    return Awaiting(
        type=asked["type"],
        question=_kind(asked.get("question", ""), str, f"{where}.question", "text"),
        asked_minutes_ago=float(minutes),
        options=options,
        multiple=bool(asked.get("multiple", False)),
        field=field if asked["type"] == "data" else None,
    )


def _texts(given: object, where: str) -> tuple[str, ...]:
    items: list[Any] = _kind(given, list, where, "a list of texts")
    return tuple(_kind(item, str, where, "a list of texts") for item in items)


def _kind(given: Any, kind: type, where: str, words: str) -> Any:
    if not isinstance(given, kind):
        raise BadCase(f"{where} must be {words}")
    return given
