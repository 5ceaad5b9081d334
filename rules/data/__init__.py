"""Does the message give what the form asked for? One reader a field; it returns the value to store."""

from collections.abc import Callable
from typing import Final

from bridge.model.verdict import Awaiting, Facts, Field, Kind, Value, Verdict
from rules.ballot import ballot
from rules.choosing import choose
from rules.data.dates import read_birthday, read_date
from rules.data.email import read_email
from rules.data.free_text import read_text
from rules.data.names import read_first_name, read_full_name
from rules.data.number import read_number
from rules.data.postal import read_postal_code
from rules.poll import ago, chosen, is_old
from rules.text import Text

Reader = Callable[[Text, Awaiting], Value]

READERS: Final[dict[Field, Reader]] = {
    "first_name": read_first_name,
    "full_name": read_full_name,
    "email": read_email,
    "zip": read_postal_code,
    "birthday": read_birthday,
    "date": read_date,
    "number": read_number,
    "text": read_text,
}
_CALLED: Final[dict[Field, str]] = {
    "first_name": "the first name",
    "full_name": "the full name",
    "email": "the e-mail address",
    "zip": "the postal code",
    "birthday": "the birthday",
    "date": "the date",
    "number": "the number",
    "text": "the answer",
}
# After 30 days these still cannot be mistaken for anything else.
_PLAIN: Final = frozenset(("email", "zip", "birthday", "date"))
_FEW_WORDS: Final = 3


def data(text: Text, facts: Facts) -> Verdict | None:
    """The answer to the form's question, ready to store."""
    asked = facts.awaiting
    if asked is None or asked.type != "data" or asked.field is None:
        return None
    if asked.field == "choice":
        return _choice(text, asked)
    value = READERS[asked.field](text, asked)
    if value is None or (is_old(asked) and not _plain(text, asked.field)):
        return None
    shown = "in their own words" if asked.field == "text" else f"“{value}”"
    return Verdict(
        Kind.DATA, f"Gives {_CALLED[asked.field]} that was asked for {ago(asked)}: {shown}.", value
    )


def _choice(text: Text, asked: Awaiting) -> Verdict | None:
    if not asked.options:
        return None
    pick = choose(text, ballot(asked.options, asked.question, False))
    if pick is None or (is_old(asked) and not pick.plain):
        return None
    return chosen(asked, pick.indexes)


def _plain(text: Text, field: Field) -> bool:
    """Whether a question this old is plainly answered: by a shape nothing else has, or by few words."""
    if field == "text":
        return False
    return field in _PLAIN or len(text.bare) <= _FEW_WORDS
