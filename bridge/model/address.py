"""Phone numbers: read as people write them, kept as E.164, shown nationally, masked in logs."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers

_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")
_SHORT_CODE = re.compile(r"\d{3,8}\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a text comes from or goes to. Only e164 and short_code can be answered."""

    kind: Literal["e164", "short_code", "name"]
    value: str

    @property
    def can_be_answered(self) -> bool:
        return self.kind != "name"


def read_sender(raw: str, region: str) -> Address:
    """Read the sender of an inbound text; never fails, since a text must not be lost for its sender.

    Short codes are recognised before parsing: phonenumbers reads 72645 under US as +172645.
    Numbers are held to be possible, not valid: fiction and test ranges are not "valid".
    """
    raw = raw.strip()
    if _E164.match(raw):
        return Address("e164", raw)
    if _SHORT_CODE.match(raw):
        return Address("short_code", raw)
    try:
        number = phonenumbers.parse(raw if not raw.isdigit() or len(raw) <= 10 else f"+{raw}", region)
        if phonenumbers.is_possible_number(number):
            return Address("e164", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    except phonenumbers.NumberParseException:
        pass
    return Address("name", raw[:64] or "unknown")


def read_number(raw: str, region: str) -> str | None:
    """Read a number as staff type it ("(555) 010-0199", "+1 555 010 0199"); None where it cannot be one."""
    raw = raw.strip()
    if _E164.match(raw):
        return raw
    if _SHORT_CODE.match(raw) and len(raw) in (5, 6):
        return raw
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=4096)
def show(value: str, region: str) -> str:
    """Format a stored address for people: national style at home, international elsewhere."""
    if not value.startswith("+"):
        return value
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    home = phonenumbers.country_code_for_region(region) == number.country_code
    style = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL))


def mask(value: str) -> str:
    """Hide a number for logs: the last two digits stay."""
    return f"{'•' * max(len(value) - 2, 1)}{value[-2:]}" if len(value) > 2 else "••"
