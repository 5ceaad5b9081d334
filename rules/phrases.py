"""Phrases written for people to read, compiled to be found in a row of tokens.

The notation of the word lists: words; <class> for any word or words of a class; (a|b) for either; a trailing ? for
"or nothing"; .. for up to four words of any kind; ^ and $ for the edge of a clause. Commas in the text do not
count. Matching walks a set of positions forward, so its time grows with the length of the phrase and no faster.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.normalise import BREAKS, COMMA, fold, tokens

_GAP: Final = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Where a phrase was found: the tokens from start up to end, and how many of them are words."""

    start: int
    end: int

    def meets(self, other: "Span") -> bool:
        """Whether the two share a token."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Item:
    runs: tuple[tuple[str, ...], ...]  # the alternatives, each one word or more
    single: frozenset[str]  # those of one word, for a quick look
    optional: bool
    gap: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    items: tuple[_Item, ...]
    at_start: bool
    at_end: bool


class Phrases:
    """A list of phrases. In: tokens. Out: where any of them stands."""

    def __init__(self, lines: Iterable[str], classes: Mapping[str, str]) -> None:
        self._by_first: dict[str, list[_Phrase]] = {}
        for line in lines:
            phrase = _compile(line, classes)
            for word in _first_words(phrase):
                self._by_first.setdefault(word, []).append(phrase)
        self.triggers = frozenset(self._by_first)

    def find(self, row: tuple[str, ...], known: frozenset[str]) -> list[Span]:
        """Every place where a phrase stands, the longest reading of each, in order."""
        if self.triggers.isdisjoint(known):
            return []
        found: list[Span] = []
        for at, token in enumerate(row):
            best = 0
            for phrase in self._by_first.get(token, ()):
                best = max(best, _match(phrase, row, at))
            if best:
                found.append(Span(at, best))
        return found

    def whole(self, row: tuple[str, ...]) -> bool:
        """Whether one phrase covers the row from end to end."""
        return bool(row) and any(_match(p, row, 0) == len(row) for p in self._by_first.get(row[0], ()))


def _match(phrase: _Phrase, row: tuple[str, ...], at: int) -> int:
    """The end of the longest reading of the phrase from this place, or 0."""
    if phrase.at_start and at and row[at - 1] not in BREAKS:
        return 0
    ends = {at}
    for item in phrase.items:
        ends = _step(item, row, ends)
        if not ends:
            return 0
    if phrase.at_end:
        ends = {e for e in ends if e >= len(row) or row[e] in BREAKS}
    return max(ends, default=0)


def _step(item: _Item, row: tuple[str, ...], starts: set[int]) -> set[int]:
    """The places reached from these by one item."""
    reached = set(starts) if item.optional else set()
    for place in starts:
        start = place + 1 if place < len(row) and row[place] == COMMA else place
        if start >= len(row):
            continue
        if item.gap:
            reached |= _gap(row, start)
        if row[start] in item.single:
            reached.add(start + 1)
        for run in item.runs:
            if row[start : start + len(run)] == run:
                reached.add(start + len(run))
    return reached


def _gap(row: tuple[str, ...], start: int) -> set[int]:
    """The places after none to four words of any kind."""
    reached = {start}
    for place in range(start, min(start + _GAP, len(row))):
        if row[place] in BREAKS and row[place] != COMMA:
            break
        reached.add(place + 1)
    return reached


def _compile(line: str, classes: Mapping[str, str]) -> _Phrase:
    parts = line.split()
    at_start, at_end = parts[0] == "^", parts[-1] == "$"
    items: list[_Item] = []
    for part in parts[at_start : len(parts) - at_end]:
        if part == "..":
            items.append(_Item((), frozenset(), optional=True, gap=True))
            continue
        optional = part.endswith("?")
        inner = part.rstrip("?")
        if inner.startswith("<"):
            items.append(_alternatives(classes[inner[1:-1]].split(), optional))
        elif inner.startswith("("):
            items.append(_alternatives(inner[1:-1].split("|"), optional))
        else:
            words = tokens(fold(inner))
            items.extend(_Item((), frozenset((w,)), optional) for w in words)
    return _Phrase(tuple(items), at_start, at_end)


def _alternatives(words: Iterable[str], optional: bool) -> _Item:
    """Alternatives; an underscore joins words that belong together."""
    runs = [run for word in words if (run := tokens(fold(word.replace("_", " "))))]
    return _Item(
        tuple(r for r in runs if len(r) > 1), frozenset(r[0] for r in runs if len(r) == 1), optional=optional
    )


def _first_words(phrase: _Phrase) -> set[str]:
    """The words a phrase may begin with."""
    first: set[str] = set()
    for item in phrase.items:
        first |= item.single | {run[0] for run in item.runs}
        if not item.optional:
            break
    return first
