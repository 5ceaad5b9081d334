"""A date or a birthday, in figures or with the month in words; month first unless that is over 12."""

import itertools
import re
from datetime import date
from typing import Final

from bridge.model.verdict import Awaiting
from rules.lexicon import ASKING, FIRST_ASKING, ranked
from rules.text import Text
from rules.words import word_set

_MONTHS: Final = {word: rank + 1 for word, rank in ranked("data", "months").items()}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th|er|ro|o)?"
_YEAR: Final = r"(?:,? (?:de |del |of )?'?(\d{4}|\d{2})(?![\w:]| ?(?:am|pm|people)))?"
_DAY_WORDS: Final = {
    word: rank + 1
    for row in (("answers", "ordinals"), ("data", "days"))
    for word, rank in ranked(*row).items()
    if word.isalpha() and word not in _MONTHS
}
_SPOKEN_DAY: Final = re.compile(r"\b([23]0)(?:[- ]| y | et )([1-9])\b(?!\d)")
_WORD: Final = re.compile(r"[a-z]+")
_MOST_DATES: Final = 8  # whoever writes more of them gives none
_ISO: Final = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_FIGURES: Final = re.compile(
    r"(?<![\d/.-])(\d{1,2}) ?([-/.]) ?(\d{1,2})(?: ?\2 ?'?(\d{4}|\d{2}))?(?![\d/-]|\.\d)"
)
_SOLID: Final = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4})(?!\d)")
_SPACED: Final = re.compile(r"^\D{0,30}(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})\D{0,30}$")
_MONTH_DAY: Final = re.compile(rf"(?<![a-z])({_MONTH})\.?,? ?(?:the )?{_DAY}(?!\w){_YEAR}")
_DAY_MONTH: Final = re.compile(rf"(?<!\w){_DAY} ?-?(?:of |de |d'|day of )?({_MONTH})(?![a-z])\.?{_YEAR}")
_CORRECTING: Final = word_set("correcting")
_OWN_CENTURY: Final = 27  # a birthday in '26 is in this century, one in '27 in the last

Found = tuple[int | None, int, int]


def read_birthday(text: Text, _asked: Awaiting) -> str | None:
    """yyyy-mm-dd, or --mm-dd without a year."""
    return _read(text, last_century=True)


def read_date(text: Text, _asked: Awaiting) -> str | None:
    """The same for any date; a year of two figures is in this century."""
    return _read(text, last_century=False)


def _read(text: Text, last_century: bool) -> str | None:
    if not text.words or _asks(text):
        return None
    found = list(dict.fromkeys(_all(_figures(text), last_century)))
    if len(found) > 1 and "not" in text.known:
        found = found[:1]
    if len(found) > 1 and not text.known.isdisjoint(_CORRECTING):
        found = found[-1:]
    if len(found) != 1:
        return None
    year, month, day = found[0]
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"--{month:02d}-{day:02d}"


def _figures(text: Text) -> str:
    """The text with "the fourth of July" and "July twenty-first" in figures."""
    folded = text.folded[:800]
    if _DAY_WORDS.keys().isdisjoint(text.known) or _MONTHS.keys().isdisjoint(text.known):
        return folded
    figures = _WORD.sub(lambda m: str(_DAY_WORDS.get(m[0], m[0])), folded)
    return _SPOKEN_DAY.sub(lambda m: str(int(m[1]) + int(m[2])), figures)


def _asks(text: Text) -> bool:
    first = text.words[0]
    if text.words[1:2] == ("about",):
        return False
    return first in ASKING or (first in FIRST_ASKING and text.asks)


def _all(folded: str, last_century: bool) -> list[Found]:
    """Every date written in it, by the first way of writing that finds one."""
    for pattern, order in (
        (_ISO, "ymd"), (_MONTH_DAY, "Mdy"), (_DAY_MONTH, "dMy"), (_FIGURES, "m-dy"),
        (_SOLID, "mdy"), (_SPACED, "mdy"),
    ):  # fmt: skip
        found = [
            d
            for m in itertools.islice(pattern.finditer(folded), _MOST_DATES)
            if (d := _parts(m, order, last_century))
        ]
        if found:
            return found
    return []


def _parts(match: re.Match[str], order: str, last_century: bool) -> Found | None:
    """Year, month and day of one match, or None where there is no such day."""
    parts = dict(zip(order, match.groups(), strict=True))
    year = _year(parts["y"], last_century)
    if "M" in parts:
        return _real(year, _MONTHS[parts["M"]], int(parts["d"]))
    first, second = int(parts["m"]), int(parts["d"])
    if first > 12 >= second and order != "ymd":
        first, second = second, first
    return _real(year, first, second)


def _year(written: str | None, last_century: bool) -> int | None:
    if not written:
        return None
    if len(written) == 4:
        return int(written)
    return int(written) + (1900 if last_century and int(written) >= _OWN_CENTURY else 2000)


def _real(year: int | None, month: int, day: int) -> Found | None:
    if year is not None and not 1900 <= year <= 2100:
        return None
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    return year, month, day
