"""An e-mail address, also as people spell it: "karen at gmail dot com"."""

import re
from typing import Final

from bridge.model.verdict import Awaiting
from rules.lexicon import ASKING, FIRST_ASKING
from rules.text import Text
from rules.words import word_set

_ADDRESS: Final = re.compile(
    r"(?<![\w.+%-])[a-z0-9][a-z0-9._%+'-]{0,63}@[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63}){1,5}",
    re.IGNORECASE,
)
_SPACED_AT: Final = re.compile(r"[ \t]?(?:@|\(at\)|\[at\])[ \t]?", re.IGNORECASE)
_SPOKEN: Final = re.compile(
    r"(?<![\w.+%-])([a-z0-9][a-z0-9._%+-]{0,63}(?: dot [a-z0-9_-]{1,30}){0,2}) at "
    r"([a-z0-9-]{1,63})(?: dot |\.| \. )"
    r"([a-z]{2,24})(?: dot ([a-z]{2,24}))?(?!\w)",
    re.IGNORECASE,
)
_CORRECTING: Final = word_set("correcting")
_CHOOSING: Final = frozenset(("or", "not", "instead", "and"))
_ABOUT_MAIL: Final = word_set("about_mail")


def read_email(text: Text, _asked: Awaiting) -> str | None:
    """The address in lower case; of several the one that is not taken back."""
    written = text.written[:2000]
    found = list(_ADDRESS.finditer(_SPACED_AT.sub("@", written)))
    if not found and (spoken := _SPOKEN.search(written)):
        name = re.sub(" dot ", ".", spoken[1], flags=re.IGNORECASE)
        return ".".join(part for part in (f"{name}@{spoken[2]}", spoken[3], spoken[4]) if part).lower()
    if not found or _asks_about_it(text):
        return None
    addresses = list(dict.fromkeys(_clean(m[0]) for m in found))
    if len(addresses) > 1 and text.known.isdisjoint(_CORRECTING | _CHOOSING):
        return None
    chosen = addresses[0] if text.known.isdisjoint(_CORRECTING) else addresses[-1]
    return chosen if _has_ending(chosen) else None


def _clean(address: str) -> str:
    return address.rstrip(".-'").lower()


def _has_ending(address: str) -> bool:
    ending = address.rsplit(".", 1)[-1]
    return len(ending) > 1 and ending.isalpha()


def _asks_about_it(text: Text) -> bool:
    """ "Did you get my mail to ann@example.org?" gives no address."""
    first = text.words[0] if text.words else ""
    return first in ASKING or (first in FIRST_ASKING and (text.asks or first in _ABOUT_MAIL))
