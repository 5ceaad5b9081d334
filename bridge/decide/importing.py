"""What a row of a spreadsheet says about a contact, and what follows from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from bridge.model.address import read_number
from bridge.model.nouns import Contact, Subscription
from bridge.model.text import clean, plain, shorten
from bridge.model.zones import is_zone
from bridge.render import words_contacts as words

NUMBER, NAME, FIRST, LAST, TAGS, LISTS, ZONE = (
    "number", "name", "first_name", "last_name", "tags", "lists", "timezone",
)  # fmt: skip
_LONGEST: Final = 300  # characters of a value
_CALLED: Final[Mapping[str, tuple[str, ...]]] = {  # what columns are headed with
    NUMBER: (
        *("number", "phone", "mobile", "cell", "tel", "telephone", "phone number", "mobile number"),
        *("cell phone", "cell number", "mobile phone", "phone 1", "contact", "telefono", "celular", "movil"),
    ),
    FIRST: ("first name", "firstname", "first", "given name", "first_name", "nombre", "prenom"),
    LAST: ("last name", "lastname", "last", "surname", "family name", "last_name", "apellido", "nom"),
    NAME: ("name", "full name", "fullname", "full_name", "contact name"),
    "email": ("email", "e-mail", "email address", "mail", "correo"),
    "zip": ("zip", "zip code", "zipcode", "postal code", "postcode"),
    "birthday": ("birthday", "birth date", "date of birth", "dob"),
    TAGS: ("tags", "tag", "labels"),
    LISTS: ("lists", "list", "groups", "group"),
    ZONE: ("timezone", "time zone", "tz"),
}
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z")
_EXPONENT: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says. line: its number in the file."""

    line: int
    address: str
    name: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken in, with the reason in words."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from an entry. notes: what of it is left out, and why."""

    entry: Entry
    what: Literal["create", "update", "same"]
    contact: Contact
    joins: tuple[str, ...]
    notes: tuple[str, ...] = ()


def guess(head: Sequence[str], given: Mapping[str, str], keep: bool) -> dict[int, str]:
    """Say which column is what, by their heads. given: what the operator said, by head. keep: every other
    column becomes a field of its own name. Raises KeyError with a head that is not there."""
    wanted = {plain(column): target for column, target in given.items()}
    folded = [plain(column) for column in head]
    for column in wanted:
        if column not in folded:
            raise KeyError(column)
    found: dict[int, str] = {}
    for place, column in enumerate(folded):
        known = next((name for name, heads in _CALLED.items() if column in heads), None)
        target = wanted.get(column) or (known if known not in found.values() else None)
        if target is None and keep and column:
            target = field_name(column)
        if target:
            found[place] = target
    return found


def field_name(column: str) -> str:
    """Make the name of a field from the head of a column: "Shirt size" is shirt_size."""
    return re.sub(r"\W+", "_", plain(column)).strip("_")[:40]


def read(
    line: int, cells: Sequence[str], columns: Mapping[int, str], region: str, lists: Sequence[str]
) -> Entry | Refused:
    """Read a row. lists: those that everybody in the file goes on, besides the row's own."""
    values = {
        name: clean(cells[place]).strip()
        for place, name in columns.items()
        if place < len(cells) and cells[place].strip()
    }
    raw = values.pop(NUMBER, "")
    if not raw:
        return Refused(line, words.NO_NUMBER)
    whole = _whole(raw)
    if whole is None:
        return Refused(line, words.ROUNDED.format(raw=raw[:40]))
    address = read_number(whole, region)
    if address is None or not address.startswith("+"):
        return Refused(line, words.NOT_A_NUMBER.format(raw=shorten(raw, 40)))
    if long := next((name for name, value in values.items() if len(value) > _LONGEST), None):
        return Refused(line, words.TOO_LONG.format(field=long))
    zone = values.pop(ZONE, None)
    if zone is not None and not is_zone(zone):
        return Refused(line, words.WRONG_ZONE.format(raw=shorten(zone, 40)))
    if (email := values.get("email")) and not _EMAIL.match(email):
        return Refused(line, words.WRONG_EMAIL.format(raw=shorten(email, 60)))
    parts = (values.pop(FIRST, ""), values.pop(LAST, ""))
    name = values.pop(NAME, "") or " ".join(part for part in parts if part)
    own = _names(values.pop(LISTS, ""))
    tags = _names(values.pop(TAGS, ""))
    return Entry(line, address, name or None, values, tags, tuple(dict.fromkeys((*lists, *own))), zone)


def _names(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip()[:60] for part in re.split("[,;|]", typed) if part.strip()))


def _whole(raw: str) -> str | None:
    """Give a number that a spreadsheet made a float as it was: 5550100199.0, 1.5550100199E+10.

    None: the program has rounded it, so that digits are lost.
    """
    if raw.endswith(".0") and raw[:-2].isdigit():
        return raw[:-2]
    if not _EXPONENT.match(raw):
        return raw
    try:
        number = Decimal(raw.replace(",", "."))
    except InvalidOperation:
        return None
    digits = len(number.as_tuple().digits)
    whole = f"{number:f}"
    return whole if "." not in whole and digits >= len(whole) - 1 else None


def plan(
    entry: Entry, known: Contact | None, on: Mapping[str, Subscription], update: bool, new: Contact
) -> Plan:
    """Say what follows: gaps are filled, or with `update` what the file says wins. Whoever opted out, left a
    list or was unsubscribed by staff is put on none."""
    contact = known or new
    fields = {**contact.fields, **entry.fields} if update else {**entry.fields, **contact.fields}
    name = (entry.name or contact.name) if update else (contact.name or entry.name)
    zone = (entry.timezone or contact.timezone) if update else (contact.timezone or entry.timezone)
    tags = tuple(dict.fromkeys((*contact.tags, *entry.tags)))
    now = _with(contact, name, fields, tags, zone)
    joins, notes = [], []
    for one in entry.lists:
        subscription = on.get(one)
        if subscription is not None and subscription.ended_at is None:
            continue
        if contact.opted_out_at is not None:
            notes.append(words.OPTED_OUT)
        elif contact.unsubscribed_at is not None:
            notes.append(words.STAFF_UNSUBSCRIBED)
        elif subscription is not None:
            notes.append(words.HAS_LEFT.format(list=one))
        else:
            joins.append(one)
    what: Literal["create", "update", "same"] = "create" if known is None else "update"
    if known is not None and now == known and not joins:
        what = "same"
    return Plan(entry, what, now, tuple(joins), tuple(dict.fromkeys(notes)))


def _with(
    contact: Contact, name: str | None, fields: Mapping[str, str], tags: tuple[str, ...], zone: str | None
) -> Contact:
    return replace(contact, name=name, fields=dict(fields), tags=tags, timezone=zone)
