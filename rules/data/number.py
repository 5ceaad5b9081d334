"""A number: in figures or words, with its unit, currency sign or thousands mark."""

import re
from typing import Final

from bridge.model.verdict import Awaiting
from rules.data.declines import declines, only_asks
from rules.lexicon import NOISE, bag, folded, phrases, ranked
from rules.normalise import BREAKS, fold, tokens
from rules.text import Text
from rules.words import BY_LANGUAGE, COMMON, word_set

_FIGURE: Final = re.compile(
    r"(?<![\w.,/:-])[$€£]?\s?(-?\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,4})?|-?\d{1,9}(?:\.\d{1,4})?)(k)?(?!\w|[/:.,-]\d)",
    re.IGNORECASE,
)
_NEXT_WORD: Final = re.compile(r" ([a-z]+)")
_UNITS: Final = bag("data", "units") | NOISE
_NOT_UNITS: Final = bag("data", "not_units")
_ONES: Final = ranked("answers", "numbers")
_TENS: Final = {word: (rank + 2) * 10 for word, rank in ranked("answers", "tens").items()}
_COUNTING_ME: Final[dict[str, int]] = {
    folded(name): number
    for words in BY_LANGUAGE.values()
    for name, number in words["data"]["counting_me"].items()
}
_SCALES: Final[dict[str, int]] = COMMON["scales"]
_ALTERNATIVES: Final = frozenset(("or", "maybe", "to", "between", "o", "ou"))
_SHORT_UNITS: Final = {
    "hr": "hour",
    "hrs": "hour",
    "yr": "year",
    "yrs": "year",
    "min": "minute",
    "mins": "minute",
}
_AGE: Final = frozenset(("old", "age", "edad", "anos", "ans"))
_YEARS: Final = frozenset(("year", "ano", "an"))
_SUMMING: Final = frozenset(("so", "total", "altogether", "makes", "equals", "donc", "entonces"))
_ASKING_FOR: Final = phrases("data", "asking_for")
_LEADING: Final = word_set("before_number")
_MOST_FIGURES: Final = 12
_MOST_DIGITS: Final = 7


def read_number(text: Text, asked: Awaiting) -> int | float | None:
    """The one number in it, as a JSON number."""
    for words in (text.words, text.bare):
        if (said := _COUNTING_ME.get(" ".join(words))) is not None:
            return said
    if not text.words or (
        only_asks(text) and not _alone(text) and not _ASKING_FOR.find(text.tokens, text.known)
    ):
        return None
    figures = list(_FIGURE.finditer(text.folded[:2000]))
    if figures:
        return _from_figures(figures, text, asked)
    return None if declines(text) else _from_words(text, asked)


def _alone(text: Text) -> bool:
    return len(text.bare) == 1


def _from_figures(figures: list[re.Match[str]], text: Text, asked: Awaiting) -> int | float | None:
    if len(figures) > _MOST_FIGURES:
        return None
    values = list(dict.fromkeys(_value(m) for m in figures))
    if len(values) > 1 and "not" in text.known:
        values = values[:1] if text.words[0] != "not" else values[1:2]
    if len(values) > 1 and (total := _total(figures, text.folded)) is not None:
        figures, values = [figures[total]], [_value(figures[total])]
    if len(values) > 2 and (values[0] == sum(values[1:]) or values[-1] == sum(values[:-1])):
        values = [max(values)]
    elif len(values) > 1 and text.folded[: figures[-1].start()].rstrip(" $").endswith("="):
        figures, values = figures[-1:], values[-1:]
    elif len(values) > 1 and _stands_alone(figures[0], text.folded):
        values = values[:1]
    if len(values) != 1 or sum(c.isdecimal() for c in figures[0][0]) > _MOST_DIGITS:
        return None
    match = figures[0]
    before, after = (
        tokens(text.folded[: match.start()].replace("=", ",") + " x")[:-1],
        tokens(text.folded[match.end() : match.end() + 200]),
    )
    return values[0] if _fits(before, after, asked) else None


def _total(figures: list[re.Match[str]], folded: str) -> int | None:
    """Which of several figures is called the sum: "me and my 2 kids so 3", "2 adults 3 kids total 5"."""
    for place, match in enumerate(figures):
        before = tokens(folded[max(0, match.start() - 30) : match.start()])
        if before and before[-1] in _SUMMING:
            return place
    return None


def _stands_alone(match: re.Match[str], folded: str) -> bool:
    """Whether the number opens the message and a pause follows it: "4 - me, my husband and 2 kids"."""
    after = folded[match.end() : match.end() + 3].strip()
    return match.start() == 0 and after[:1] in ("-", "(", ",", ".", ":", ";") and bool(after)


def _value(match: re.Match[str]) -> int | float:
    number = float(match[1].replace(",", "")) * (1000 if match[2] else 1)
    if (after := _NEXT_WORD.match(match.string, match.end())) and after[1] in _SCALES:
        number *= _SCALES[after[1]]  # 11 hundred, 2 grand
    return int(number) if number == int(number) else number


def _fits(before: tuple[str, ...], after: tuple[str, ...], asked: Awaiting) -> bool:
    """Whether the number counts what was asked: nothing strange before it, and no other unit after it."""
    about = frozenset(tokens(fold(asked.question)))
    stems = frozenset(_stem(w) for w in about) | (_YEARS if not _AGE.isdisjoint(about) else frozenset())
    clause = _last_clause(before)
    unit = after[0] if after and after[0] not in BREAKS else ""
    if unit in _NOT_UNITS and _stem(unit) not in stems:
        return False
    if "?" in after and not clause and unit and unit not in _UNITS and unit not in about:
        return False
    if after and after[0] in _ALTERNATIVES:
        return False
    return all(w in _LEADING or w in _UNITS or w in about or _stem(w) in stems for w in clause)


def _stem(word: str) -> str:
    """A unit in one form: hrs and hours are hour."""
    return _SHORT_UNITS.get(word, word.rstrip("s"))


def _last_clause(row: tuple[str, ...]) -> tuple[str, ...]:
    words: list[str] = []
    for token in reversed(row):
        if token in BREAKS:
            break
        if token in ("so", "total", "thats", "makes"):
            break
        words.append(token)
    return tuple(reversed(words))


def _from_words(text: Text, asked: Awaiting) -> int | None:
    """Twenty five; one hundred and twenty; eleven people live here."""
    row = tuple(t for t in text.tokens if t not in BREAKS)
    at = next(
        (i for i, t in enumerate(row) if t in _TENS or t in _SCALES or (t in _ONES and _counts(row, i))), None
    )
    if at is None:
        return None
    total, end = _spoken(row, at)
    rest = row[end:]
    if any(t in _TENS or (t in _ONES and t not in ("one", "un", "una", "uno", "none")) for t in rest):
        return None
    return total if _fits(row[:at], rest, asked) and (at == 0 or len(row) <= 8) else None


def _counts(row: tuple[str, ...], at: int) -> bool:
    """Whether a number word is one here: "one" and "un" also stand for other things."""
    if row[at] not in ("one", "un", "una", "uno", "une"):
        return True
    return len(row) == 1 or (at + 1 < len(row) and row[at + 1] in _UNITS) or (at + 1 == len(row) and at < 3)


def _spoken(row: tuple[str, ...], at: int) -> tuple[int, int]:
    """The number spoken from this place, and where it ends."""
    total = current = 0
    while at < len(row):
        word = row[at]
        if word in _ONES and (current % 10 == 0):
            current += _ONES[word]
        elif word in _TENS and current % 100 == 0:
            current += _TENS[word]
        elif word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] == 1000:
                total, current = total + current, 0
        elif (
            word not in ("and", "y", "et")
            or at + 1 >= len(row)
            or not (row[at + 1] in _ONES or row[at + 1] in _TENS)
        ):
            break
        at += 1
    return total + current, at
