"""A ZIP code, ZIP+4 or Canadian postal code, without what stands around it."""

import re
from typing import Final

from bridge.model.verdict import Awaiting
from rules.lexicon import ASKING, FIRST_ASKING
from rules.text import Text
from rules.words import word_set

_US: Final = re.compile(r"(?<![\w$#.,-])(\d{5})(?:[- ](\d{4}))?(?!\w|-\w|[.,]\d)")
_CANADA: Final = re.compile(r"(?<!\w)([abceghj-nprstvxy]\d[a-z])[ -]?(\d[a-z]\d)(?!\w)", re.IGNORECASE)
_SPACED: Final = re.compile(r"(?<!\w)(\d) (\d) (\d) (\d) (\d)(?![\w]| \d)")
_OTHER_THINGS: Final = word_set("not_postal")


def read_postal_code(text: Text, _asked: Awaiting) -> str | None:
    """The code as it is written on letters."""
    written = text.written[:2000]
    first = text.words[0] if text.words else ""
    if first in ASKING or (first in FIRST_ASKING and text.asks) or not text.known.isdisjoint(_OTHER_THINGS):
        return None
    if found := _CANADA.search(written):
        return f"{found[1]} {found[2]}".upper()
    codes = [f"{m[1]}-{m[2]}" if m[2] else m[1] for m in _US.finditer(_without_letters(written))]
    if codes:
        return codes[0] if "not" in text.known else codes[-1]
    spaced = _SPACED.search(written)
    return "".join(spaced.groups()) if spaced else None


def _without_letters(written: str) -> str:
    """A letter O or l struck for a zero or a one, in a code that stands alone."""
    bare = written.strip(" .!")
    if len(bare) == 5 and sum(c.isdecimal() for c in bare) >= 3:
        return bare.translate(str.maketrans("oOlI", "0011"))
    return written
