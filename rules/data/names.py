"""A first name or a full name, as written, without what leads up to it or follows it."""

import re
from typing import Final

from bridge.model.verdict import Awaiting
from rules.data.declines import declines_in, nothing_said, only_asks
from rules.lexicon import ASKING, FIRST_ASKING, NOISE, bag, phrases, singles
from rules.normalise import fold, tokens
from rules.parts import without_signature
from rules.text import Text
from rules.words import COMMON, word_set

_LEADS: Final = phrases("data", "name_leads")
_TAILS: Final = bag("data", "name_tails")
_NOT_NAMES: Final = bag("data", "not_names")
_DOUBLE: Final = singles(COMMON["double_names"].split())
_TITLES: Final = frozenset(COMMON["titles"].split())
_PARTICLES: Final = singles(COMMON["particles"].split())
_ROMAN: Final = frozenset(COMMON["roman"].split())
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?|[.,;:!?()\n\"“”/&]|\s[-–—]+\s|\d+|@")
_BEFORE: Final = NOISE | word_set("before_name")
_MOST_CLAUSES: Final = 8
_LONGEST_CLAUSE: Final = 24
_MOST_WORDS: Final = 5
_LONGEST: Final = 40


def read_first_name(text: Text, _asked: Awaiting) -> str | None:
    """The given name: of a full name the first part, of a double name both."""
    words = _name_words(text)
    if not words or len(words) > _MOST_WORDS:
        return None
    if len(words) > 1 and not _double(words):
        words = words[:1]
    return _written(words[:2])


def read_full_name(text: Text, _asked: Awaiting) -> str | None:
    """First and last name; one word alone is not what was asked for."""
    words = _name_words(text)
    return _written(words) if 2 <= len(words) <= _MOST_WORDS else None


def _double(words: list[str]) -> bool:
    """Mary Ann, Jose Luis, Sister Agnes; but Maria Lopez is a first and a last name."""
    return len(words) == 2 and (fold(words[1]) in _DOUBLE or fold(words[0]).rstrip(".") in _TITLES)


def _name_words(text: Text) -> list[str]:
    """The words of the first clause that is a name, or nothing."""
    if nothing_said(text) or len(text.words) > _LONGEST_CLAUSE:
        return []
    led = False
    for clause in _clauses(_last_lines(text.written))[:_MOST_CLAUSES]:
        if len(clause) > _LONGEST_CLAUSE:
            return []
        rest, lead = _without_lead(clause)
        led = led or lead
        words = _trimmed(rest)
        if not words:
            continue
        asks_after = len(rest) > len(words) and _plain(rest[len(words)]) in ASKING
        sure = (
            led or asks_after or not (only_asks(text) or declines_in(tuple(tokens(fold(" ".join(clause))))))
        )
        return words if sure and _is_name(words) else []
    return []


def _last_lines(written: str) -> str:
    """A name put on a line of its own is the name, not a signature; one after it is."""
    return without_signature(written) if "\n" not in written else written


def _clauses(written: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for part in _WORD.findall(written[:400]):
        if part[0].isalpha():
            found[-1].append(part)
        elif part[0].isdecimal() or part == "@":
            found[-1].append("0")
        else:
            found.append([])
    return [words for words in found if words]


def _without_lead(words: list[str]) -> tuple[list[str], bool]:
    """The words after "my name is", "it's", "soy", and whether there was such a lead."""
    row: list[str] = []
    starts: list[int] = []
    for place, word in enumerate(words):
        for token in tokens(fold(word)):
            row.append(token)
            starts.append(place)
    for skip in (0, next((i for i, t in enumerate(row) if t not in _BEFORE), 0)):
        spans = _LEADS.find(tuple(row[skip:]), frozenset(row))
        if spans and not spans[0].start:
            end = skip + spans[0].end
            return (words[starts[end] :] if end < len(row) else []), True
    return words, False


def _trimmed(words: list[str]) -> list[str]:
    """Without greetings before and words such as "here" and "thanks" behind; cut at "and", "but", "what"."""
    start = 0
    while start < len(words) and _plain(words[start]) in _BEFORE:
        start += 1
    kept: list[str] = []
    for word in words[start:]:
        plain = _plain(word)
        if plain in _TAILS or (kept and plain in NOISE and plain not in _PARTICLES and not _is_initial(word)):
            break
        kept.append(word)
    return kept


def _is_initial(word: str) -> bool:
    """K. or K between two names, which is also how some write OK."""
    return len(word.rstrip(".")) == 1 and word[0].isupper()


def _is_name(words: list[str]) -> bool:
    if (
        len(words) > _MOST_WORDS
        or sum(map(len, words)) > _LONGEST
        or (len(words) > 1 and _plain(words[0]) in FIRST_ASKING)
    ):
        return False
    return all(
        w != "0" and (_plain(w) not in _NOT_NAMES or (_plain(w) in _PARTICLES and i))
        for i, w in enumerate(words)
    )


def _plain(word: str) -> str:
    return "".join(tokens(fold(word)))


def _written(words: list[str]) -> str:
    """As written, in title case when all lower or all upper."""
    name = " ".join(words).rstrip(".,") if words[-1][:-1].casefold() not in ("jr", "sr") else " ".join(words)
    if name.islower() or (name.isupper() and len(name) > 1):
        return " ".join(_title(w) for w in name.split(" "))
    return name


def _title(word: str) -> str:
    if word.casefold() in _ROMAN:
        return word.upper()
    return re.sub(r"[^\W\d_]+", lambda m: m[0][0].upper() + m[0][1:].lower(), word)
