"""One text, read once: what every rule looks at."""

from collections.abc import Callable
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from bridge.model.verdict import Tapback
from rules.lexicon import GREETING_ENDS, GREETING_STARTS, GREETINGS, NOISE
from rules.normalise import ASKS, BREAKS, fold, tokens, whole
from rules.parts import own_words, without_signature
from rules.tapback import read_tapback

_SIGNS: Final = frozenset("👍👎👌✅✔❌🚫🙅🙋🛑✋🙆☑💯")
_LONGEST_GREETING: Final = 5
_T = TypeVar("_T")


class lazy(Generic[_T]):  # noqa: N801  (it is used as a decorator)
    """An attribute that is worked out when it is first read, and kept: then it costs a plain look-up."""

    def __init__(self, work: Callable[[Any], _T]) -> None:
        self._work = work
        self._name = work.__name__

    def __get__(self, of: Any, _owner: type) -> _T:
        value = of.__dict__[self._name] = self._work(of)
        return value


class Clause(NamedTuple):
    """What stands between two pauses, and whether it was asked."""

    words: tuple[str, ...]
    asked: bool


class Text:
    """A text and its readings. In: the letters as they came. Out: attributes, each worked out at most once.

    written: the person's own words as typed: no tapback before them, no quoted original, no phone's footer.
    tokens: the same, folded, as words and pauses (see rules.normalise.tokens). words: without the pauses.
    """

    def __init__(self, raw: str) -> None:
        self.raw = whole(raw)
        self.tapback: Tapback | None
        self.tapback, rest = read_tapback(self.raw) or (None, self.raw)
        self.written = own_words(rest)
        self.folded = fold(self.written)
        self.tokens = tokens(self.folded)
        self.words = without_breaks(self.tokens)
        self.known = frozenset(self.words)
        self._read: dict[Callable[[Text], Any], Any] = {}

    def once(self, reader: "Callable[[Text], _T]") -> _T:
        """What the reader makes of this text, worked out the first time it is asked for."""
        if reader not in self._read:
            self._read[reader] = reader(self)
        return cast("_T", self._read[reader])

    @lazy
    def clauses(self) -> tuple[Clause, ...]:
        """The text cut at its pauses."""
        return cut(self.tokens)

    @lazy
    def unsigned(self) -> tuple[str, ...]:
        """The words without the name put under them."""
        unsigned = without_signature(self.written)
        if unsigned == self.written:
            return self.words
        words = without_breaks(tokens(fold(unsigned)))
        return words if strip_noise(words) else self.words  # "Hi" and "Help" below it: Help is no name

    @lazy
    def bare(self) -> tuple[str, ...]:
        """The words without a signature, and without greetings, politeness and the like at either end."""
        return strip_noise(self.unsigned)

    @lazy
    def asks(self) -> bool:
        """Whether a question mark closes any part of it."""
        return ASKS in self.tokens

    @lazy
    def asks_again(self) -> bool:
        """Whether it wonders that something comes again: "Tuesday again?"."""
        return "again" in self.known and self.asks

    @lazy
    def signs(self) -> tuple[str, ...]:
        """The hand signs and ticks in it, in order."""
        return () if self.raw.isascii() else tuple(c for c in self.written if c in _SIGNS)


def without_breaks(row: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a row of tokens."""
    return row if BREAKS.isdisjoint(row) else tuple([t for t in row if t not in BREAKS])


def cut(row: tuple[str, ...]) -> tuple[Clause, ...]:
    """A row of tokens, cut at its pauses."""
    found: list[Clause] = []
    start = 0
    for at, token in enumerate(row):
        if token in BREAKS:
            if at > start:
                found.append(Clause(row[start:at], token == ASKS))
            start = at + 1
    if start < len(row):
        found.append(Clause(row[start:], asked=False))
    return tuple(found)


def strip_noise(words: tuple[str, ...], noise: frozenset[str] = NOISE) -> tuple[str, ...]:
    """The words from the first to the last that says something: no politeness, no "good morning" around."""
    start, end = 0, len(words)
    while start < end and (step := _noise_at(words, start, end, noise)):
        start += step
    while end > start and (step := _noise_before(words, start, end, noise)):
        end -= step
    return words[start:end]


def _noise_at(words: tuple[str, ...], start: int, end: int, noise: frozenset[str]) -> int:
    """How many words from here on say nothing."""
    if words[start] in GREETING_STARTS:
        for length in range(min(_LONGEST_GREETING, end - start), 0, -1):
            if words[start : start + length] in GREETINGS:
                return length
    return int(words[start] in noise)


def _noise_before(words: tuple[str, ...], start: int, end: int, noise: frozenset[str]) -> int:
    """How many words up to here say nothing."""
    if words[end - 1] in GREETING_ENDS:
        for length in range(min(_LONGEST_GREETING, end - start), 0, -1):
            if words[end - length : end] in GREETINGS:
                return length
    return int(words[end - 1] in noise)
