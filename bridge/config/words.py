"""What pydantic found wrong, in words that say how to mend it."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process, utils

from bridge.config.source import Mistake, Table, Where, is_secret

M = TypeVar("M", bound=BaseModel)

_TYPES = {
    "string": "text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": 'a list, such as ["one", "two"]',
    "list": 'a list, such as ["one", "two"]',
    "set": 'a list, such as ["one", "two"]',
    "frozen_set": 'a list, such as ["one", "two"]',
    "dict": "a table",
    "model": "a table",
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that this one was probably meant to be."""
    found = process.extractOne(word, list(known), scorer=fuzz.WRatio, processor=utils.default_process)
    return str(found[0]) if found and found[1] >= 70 else None


def unknown(key: str, known: Iterable[str]) -> tuple[str, str]:
    """Say that a key is unknown, and which one was probably meant."""
    names = sorted(known)
    wrong = "is not a key that threadline knows"
    if guess := nearest(key, names):
        return wrong, f'did you mean "{guess}"?'
    return wrong, f"take it out (known: {', '.join(names)})" if names else "take it out"


def problems(
    model: type[M], values: Table, where: Where, beside: Iterable[str] = ()
) -> tuple[M | None, list[Mistake]]:
    """Fill a model from a table of the file: the model, or everything that is wrong with the table.

    Unknown keys are mistakes whatever the model's own policy is. beside: keys that the same table may
    hold for somebody else, so that a slip in one of those is recognised too.
    """
    known = set(model.model_fields) | {field.alias for field in model.model_fields.values() if field.alias}
    mistakes = [
        Mistake((*where, key), *unknown(key, {*known, *beside})) for key in values if key not in known
    ]
    try:
        filled = model.model_validate({key: value for key, value in values.items() if key in known})
    except ValidationError as error:
        return None, mistakes + [
            _in_words(details, where, model) for details in error.errors(include_url=False)
        ]
    return (None if mistakes else filled), mistakes


def _in_words(details: ErrorDetails, where: Where, model: type[BaseModel]) -> Mistake:
    kind, context = details["type"], details.get("ctx", {})
    names = tuple(part for part in details["loc"] if isinstance(part, str) and part.isidentifier())
    place = (*where, *names[:1])
    field = model.model_fields.get(names[0]) if names else None
    hint = (field.description if field else None) or ""
    if kind == "missing":
        return Mistake(place, "is missing", f"add it: {hint}" if hint else "add it")
    if kind == "extra_forbidden":
        return Mistake((*where, *names), "is not a key that threadline knows", "take it out")
    if kind == "value_error":
        wrong, _, mend = str(context.get("error", details["msg"])).partition("; ")
        return Mistake(place, wrong, mend)
    got = _shown(details["input"], place)
    if kind == "literal_error":
        return Mistake(place, f"must be {str(context['expected']).replace(chr(39), chr(34))}{got}")
    if kind in _BOUNDS:
        name, word = _BOUNDS[kind]
        return Mistake(place, f"must be {word} {context[name]:g}{got}")
    expected = _TYPES.get(kind.removesuffix("_type").removesuffix("_parsing").removesuffix("_from_float"))
    if expected:
        return Mistake(place, f"must be {expected}{got}", hint)
    wrong = "does not look right" if hint else details["msg"][:1].lower() + details["msg"][1:]
    return Mistake(place, wrong, hint)


def _shown(value: object, where: Where) -> str:
    """Show a wrong value where it is short and no secret."""
    if isinstance(value, (Mapping, list, tuple)) or (where and is_secret(where[-1])):
        return ""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return f", not {text}" if len(text) <= 60 else ""
