"""Phrases written for people to read, compiled to be found in a row of tokens.

The notation of the word lists: words; <class> for any word or words of a class; (a|b) for either; a last ?
for "or nothing"; .. for up to four words of any kind; ^ and $ for the edge of a clause; !(a|b) at the end for
"and neither of these words follows". Commas in the text do not count.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NamedTuple

from rules.automaton import DEAD, UNKNOWN, Automaton, Position, State
from rules.normalise import ASKS, BREAKS, COMMA, FULL_STOP, fold, tokens
from rules.words import word_set

_GAP: Final = 4
_COMMON: Final = word_set("common")
_EDGES: Final = (COMMA, FULL_STOP, ASKS, "")


class Span(NamedTuple):
    """Where a phrase was found: the tokens from start up to end."""

    start: int
    end: int

    def meets(self, other: "Span") -> bool:
        """Whether the two share a token."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Item:
    runs: tuple[tuple[str, ...], ...]  # the alternatives, each one word or more
    optional: bool
    gap: bool = False

    @property
    def openings(self) -> frozenset[str]:
        """The words it may begin with."""
        return frozenset(run[0] for run in self.runs)


@dataclass(frozen=True, slots=True)
class _Phrase:
    items: list[_Item]
    at_start: bool
    at_end: bool
    unless: frozenset[str]  # what must not follow


class Phrases:
    """A list of phrases. In: tokens. Out: where any of them stands.

    Of the words that a phrase cannot do without, the rarest is its anchor: a text without any anchor is done
    with at once.
    """

    def __init__(self, lines: Iterable[str], classes: Mapping[str, str]) -> None:
        builder = _Builder()
        first: set[str] = set()
        anchors: set[str] = set()
        for line in lines:
            phrase = _read(line, classes)
            builder.add(phrase)
            first |= _first_words(phrase.items)
            anchors |= min((i.openings for i in phrase.items if not i.optional), key=_commonness)
        self._anchors, self._first = frozenset(anchors), frozenset(first)
        self._seconds: dict[str, frozenset[str] | None] = {}  # what may follow a first word
        self._automaton = Automaton(builder.positions, builder.anywhere, builder.at_clause_start)

    def find(self, row: tuple[str, ...], known: frozenset[str]) -> list[Span]:
        """Every place where a phrase stands, the longest reading at each, in order.

        known: the words of the row, or more.
        """
        return list(self.each(row, known))

    def each(self, row: tuple[str, ...], known: frozenset[str]) -> Iterator[Span]:
        """The same, one after the other, for whoever may need the first only."""
        if self._anchors.isdisjoint(known) or self._first.isdisjoint(known):
            return
        first, seconds, last = self._first, self._seconds, len(row) - 1
        for at, token in enumerate(row):
            if token not in first:
                continue
            if token not in seconds:
                seconds[token] = self._automaton.seconds(token)
            goes_on = seconds[token]
            if goes_on is not None:
                after = row[at + 1] if at < last else ""
                if after not in goes_on and after != COMMA:
                    continue
            if end := self._end(row, at):
                yield Span(at, end)

    def whole(self, row: tuple[str, ...]) -> bool:
        """Whether one phrase covers the row from end to end."""
        return bool(row) and row[0] in self._first and self._end(row, 0) == len(row)

    def _end(self, row: tuple[str, ...], at: int) -> int:
        """Where the longest phrase ends that begins here, or 0."""
        automaton = self._automaton
        state: State = automaton.enter(not at or row[at - 1] in BREAKS)
        size, end, token = len(row), 0, row[at]
        while True:
            following = state.following.get(token, UNKNOWN)
            if following is UNKNOWN:
                if token in state.words or state.otherwise is UNKNOWN:
                    following = automaton.next_state(state, token)
                else:
                    following = state.otherwise
            if following is DEAD:
                break
            state = following
            at += 1
            token = row[at] if at < size else ""
            if (
                state.ends
                or (state.ends_clause and token in _EDGES)
                or (state.ends_unless is not None and token not in state.ends_unless)
            ):
                end = at
            if token == COMMA:
                at += 1
                token = row[at] if at < size else ""
            if token in _EDGES:
                break
        return end


_kept: Final[dict[frozenset[str], frozenset[str]]] = {}


class _Builder:
    """Lays the phrases out as positions."""

    def __init__(self) -> None:
        self.positions: list[Position] = []
        self.anywhere: list[int] = []
        self.at_clause_start: list[int] = []

    def add(self, phrase: _Phrase) -> None:
        """One phrase."""
        at = self._new()
        (self.at_clause_start if phrase.at_start else self.anywhere).append(at)
        for item in phrase.items:
            at = self._gap(at) if item.gap else self._item(at, item)
        end = self.positions[at]
        end.ends_clause, end.ends_unless = phrase.at_end, phrase.unless
        end.ends = not phrase.at_end and not phrase.unless

    def _new(self) -> int:
        self.positions.append(Position())
        return len(self.positions) - 1

    def _join(self, at: int, words: frozenset[str], to: int) -> None:
        """One of these words leads on. The same set is kept once: most are single words, in many phrases."""
        position = self.positions[at]
        if len(words) == 1:
            (word,) = words
            position.word[word] = (*position.word.get(word, ()), to)
        else:
            position.words += ((_kept.setdefault(words, words), to),)

    def _gap(self, at: int) -> int:
        """Up to four words of any kind."""
        end = self._new()
        for _ in range(_GAP):
            self.positions[at].skip += (end,)
            after = self._new()
            self.positions[at].anything = after
            at = after
        self.positions[at].skip += (end,)
        return end

    def _item(self, at: int, item: _Item) -> int:
        end = self._new()
        if item.optional:
            self.positions[at].skip += (end,)
        if single := frozenset(run[0] for run in item.runs if len(run) == 1):
            self._join(at, single, end)
        for run in item.runs:
            here = at
            for word in run[:-1] if len(run) > 1 else ():
                after = self._new()
                self._join(here, frozenset((word,)), after)
                here = after
            if len(run) > 1:
                self._join(here, frozenset((run[-1],)), end)
        return end


def _read(line: str, classes: Mapping[str, str]) -> _Phrase:
    parts = line.split()
    at_start, at_end = parts[0] == "^", parts[-1] == "$"
    unless = parts.pop()[2:-1].split("|") if parts[-1].startswith("!(") else []
    items: list[_Item] = []
    for part in parts[at_start : len(parts) - at_end]:
        if part == "..":
            items.append(_Item((), optional=True, gap=True))
            continue
        optional = part.endswith("?")
        inner = part.rstrip("?")
        if inner.startswith("<"):
            items.append(_alternatives(classes[inner[1:-1]].split(), optional))
        elif inner.startswith("("):
            items.append(_alternatives(inner[1:-1].split("|"), optional))
        else:
            items.extend(_Item(((word,),), optional) for word in tokens(fold(inner)))
    return _Phrase(items, at_start, at_end, frozenset(w for word in unless for w in tokens(fold(word))))


def _alternatives(words: Iterable[str], optional: bool) -> _Item:
    """Alternatives; an underscore joins words that belong together."""
    runs = (tokens(fold(word.replace("_", " "))) for word in words)
    return _Item(tuple(run for run in runs if run), optional)


def _first_words(items: list[_Item]) -> frozenset[str]:
    """The words a phrase may begin with."""
    first: frozenset[str] = frozenset()
    for item in items:
        first |= item.openings
        if not item.optional:
            break
    return first


def _commonness(words: AbstractSet[str]) -> int:
    """How often a text holds one of these words, roughly."""
    return sum(20 if word in _COMMON else 1 for word in words)
