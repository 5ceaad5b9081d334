"""Worked cases as JSON: from a case to the facts, from a verdict to a prediction.

The form (docs/classification.md): {"id", "text", "context": {"subscribed", "keywords", "awaiting"}}.
"""

from typing import Any, Final, get_args

from bridge.model.verdict import Awaiting, Facts, Field, Verdict

_CONTEXT: Final = {"subscribed", "keywords", "awaiting"}
_AWAITING: Final = {"type", "field", "question", "options", "multiple", "asked_minutes_ago"}
_FIELDS: Final = get_args(Field)


def facts_from_case(case: dict[str, Any]) -> Facts:
    """The facts of a case. Raises ValueError with a sentence that names what is missing or unknown."""
    if not isinstance(case, dict):
        raise ValueError("A case must be an object with a text and a context.")
    text = case.get("text")
    if not isinstance(text, str):
        raise ValueError("The case has no text.")
    context = _or(case.get("context"), {})
    _known_keys(context, _CONTEXT, "context")
    if not isinstance(context.get("subscribed", False), bool):
        raise ValueError("subscribed must be true or false.")
    keywords = _or(context.get("keywords"), [])
    if not isinstance(keywords, list) or not all(isinstance(k, str) for k in keywords):
        raise ValueError("The keywords of the case must be a list of words.")
    awaiting = context.get("awaiting")
    return Facts(
        text,
        context.get("subscribed", False),
        tuple(keywords),
        None if awaiting is None else _awaiting(awaiting),
    )


def prediction(case_id: str, verdict: Verdict) -> dict[str, Any]:
    """The verdict in the form of a prediction, ready for JSON."""
    value = list(verdict.value) if isinstance(verdict.value, tuple) else verdict.value
    return {"id": case_id, "kind": verdict.kind.value, "value": value, "reason": verdict.reason}


def _awaiting(given: Any) -> Awaiting:
    _known_keys(given, _AWAITING, "awaiting")
    kind = given.get("type")
    if kind is None:
        raise ValueError("The awaited question has no type; it must be poll or data.")
    if kind not in ("poll", "data"):
        raise ValueError(f"The awaited question has the unknown type {kind!r}; it must be poll or data.")
    field = given.get("field")
    if kind == "data" and field is None:
        raise ValueError(f"The awaited question has no field; it must be one of {', '.join(_FIELDS)}.")
    if kind == "data" and field not in _FIELDS:
        raise ValueError(
            f"The awaited question has the unknown field {field!r}; it must be one of {', '.join(_FIELDS)}."
        )
    question = _or(given.get("question"), "")
    if not isinstance(question, str):
        raise ValueError("The question that is awaited must be a text.")
    options = _or(given.get("options"), [])
    if not isinstance(options, list) or not all(isinstance(o, str) for o in options):
        raise ValueError("The options of the awaited question must be a list of texts.")
    if not options and (kind == "poll" or field == "choice"):
        raise ValueError(f"The awaited {'poll' if kind == 'poll' else 'choice'} has no options.")
    minutes = given.get("asked_minutes_ago", 0)
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise ValueError("asked_minutes_ago must be a number.")
    return Awaiting(
        type=kind,
        question=question,
        asked_minutes_ago=float(minutes),
        options=tuple(options),
        multiple=bool(given.get("multiple", False)) and kind == "poll",
        field=field if kind == "data" else None,
    )


def _known_keys(given: Any, known: set[str], where: str) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"The {where} of the case must be an object.")
    if unknown := sorted(set(given) - known):
        raise ValueError(f"The {where} of the case has the unknown entry {unknown[0]!r}.")


def _or(given: Any, otherwise: Any) -> Any:
    """What is given, or what stands for nothing."""
    return otherwise if given is None else given
