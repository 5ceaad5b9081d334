"""Merge fields: {first_name}, {organisation}, a contact's own fields, each with a fallback after a bar.

    "Hello {first_name|there}, {organisation} here."

A value that is missing and has no fallback stays as it was written, so that it can be seen, and is named.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bridge.model.nouns import Contact

FIELD: Final = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_]{0,39})\s*(?:\|([^{}|]*))?\}")
KNOWN: Final = ("first_name", "full_name", "organisation", "email", "zip", "birthday")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its fields filled in; missing: those that have neither value nor fallback."""

    text: str
    missing: tuple[str, ...] = ()


def values(contact: Contact | None, organisation: str) -> dict[str, str]:
    """Give what can be filled in for a contact."""
    found = {"organisation": organisation}
    if contact is not None:
        found |= {name: value for name, value in contact.fields.items() if value}
        if contact.name:
            found |= {"full_name": contact.name, "first_name": contact.name.split()[0]}
    return found


def fill(text: str, known: Mapping[str, str]) -> Filled:
    """Fill a template in. What is filled in is not looked through again."""
    missing: list[str] = []

    def one(field: re.Match[str]) -> str:
        name, fallback = field[1].lower(), field[2]
        if value := known.get(name):
            return value
        if fallback is not None:
            return fallback.strip()
        missing.append(name)
        return field[0]

    return Filled(FIELD.sub(one, text), tuple(dict.fromkeys(missing)))


def unknown_fields(text: str) -> list[str]:
    """Name what stands in braces and can be no field: it would never be filled in."""
    rest = FIELD.sub("", text)
    return re.findall(r"\{[^{}]*\}?|\}", rest)
