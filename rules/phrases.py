"""Phrases written for people to read, compiled to be found in a row of tokens.

The notation of the word lists: words; <class> for any word or words of a class; (a|b) for either; a last ?
for "or nothing"; .. for up to four words of any kind; ^ and $ for the edge of a clause. Commas in the text do
not count. Matching walks a set of positions forward, so its time grows with the phrase and no faster.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rules.normalise import BREAKS, COMMA, fold, tokens
from rules.words import word_set

_GAP: Final = 4
_COMMON: Final = word_set("common")


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


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    opening: tuple[frozenset[str], ...]
    items: tuple[_Item, ...]  # what follows the opening
    at_start: bool
    at_end: bool
    first: frozenset[str]  # the words it may begin with
    needed: tuple[frozenset[str], ...]  # of each of these sets a text must hold a word
    anchor: frozenset[str]  # the rarest of them


class Phrases:
    """A list of phrases. In: tokens. Out: where any of them stands.

    Each phrase is filed under the words of its rarest part, so that a text meets only what it may hold.
    """

    def __init__(self, lines: Iterable[str], classes: Mapping[str, str]) -> None:
        filed: defaultdict[str, list[_Phrase]] = defaultdict(list)
        for line in lines:
            phrase = _compile(line, classes)
            for word in phrase.anchor:
                filed[word].append(phrase)
        self._filed = dict(filed)
        self._anchors = frozenset(filed)

    def find(self, row: tuple[str, ...], known: frozenset[str]) -> list[Span]:
        """Every place where a phrase stands, the longest reading at each, in order."""
        anchors = self._anchors & known
        if not anchors:
            return []
        ends: dict[int, int] = {}
        for phrase in dict.fromkeys(p for word in anchors for p in self._filed[word]):
            if any(map(known.isdisjoint, phrase.needed)):
                continue
            for at in _places(row, phrase.first & known):
                if (end := _match(phrase, row, at)) > ends.get(at, 0):
                    ends[at] = end
        return [Span(at, ends[at]) for at in sorted(ends)]

    def whole(self, row: tuple[str, ...]) -> bool:
        """Whether one phrase covers the row from end to end."""
        return any(span.start == 0 and span.end == len(row) for span in self.find(row, frozenset(row)))


def _places(row: tuple[str, ...], words: frozenset[str]) -> Iterator[int]:
    """Where in the row any of these words stands."""
    for word in words:
        at = -1
        try:
            while True:
                at = row.index(word, at + 1)
                yield at
        except ValueError:
            continue


def _match(phrase: _Phrase, row: tuple[str, ...], at: int) -> int:
    """The end of the longest reading of the phrase from this place, or 0."""
    if phrase.at_start and at and row[at - 1] not in BREAKS:
        return 0
    place, size = at, len(row)
    for single in phrase.opening:  # the plain words it begins with need no sets of places
        if place < size and row[place] == COMMA:
            place += 1
        if place >= size or row[place] not in single:
            return 0
        place += 1
    ends = {place}
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
    size = len(row)
    for start in starts:
        if start < size and row[start] == COMMA:
            start += 1
        if start >= size:
            continue
        if item.gap:
            reached |= _gap(row, start)
        if row[start] in item.single:
            reached.add(start + 1)
        for run in item.runs:
            if row[start] == run[0] and row[start : start + len(run)] == run:
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
    needed = tuple(_starts(item) for item in items if not item.optional)
    plain = next((i for i, it in enumerate(items) if it.optional or it.gap or it.runs), len(items))
    opening = tuple(item.single for item in items[:plain])
    rest = tuple(items[plain:])
    return _Phrase(opening, rest, at_start, at_end, _first_words(items), needed, min(needed, key=_commonness))


def _alternatives(words: Iterable[str], optional: bool) -> _Item:
    """Alternatives; an underscore joins words that belong together."""
    runs = [run for word in words if (run := tokens(fold(word.replace("_", " "))))]
    return _Item(
        tuple(r for r in runs if len(r) > 1), frozenset(r[0] for r in runs if len(r) == 1), optional=optional
    )


def _starts(item: _Item) -> frozenset[str]:
    return item.single | {run[0] for run in item.runs}


def _first_words(items: list[_Item]) -> frozenset[str]:
    """The words a phrase may begin with."""
    first: frozenset[str] = frozenset()
    for item in items:
        first |= _starts(item)
        if not item.optional:
            break
    return first


def _commonness(words: frozenset[str]) -> int:
    """How often a text holds one of these words, roughly."""
    return sum(20 if word in _COMMON else 1 for word in words)
