"""One text, read once: what every rule looks at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from bridge.model.verdict import Tapback
from rules.lexicon import GREETING_ENDS, GREETING_STARTS, GREETINGS, NOISE
from rules.normalise import ASKS, BREAKS, fold, tokens, whole
from rules.parts import own_words, without_signature
from rules.tapback import read_tapback

_SIGNS: Final = frozenset("👍👎👌✅✔❌🚫🙅🙋🛑✋🙆☑💯")
_LONGEST_GREETING: Final = 5
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two pauses, and whether it was asked."""

    words: tuple[str, ...]
    asked: bool


class Text:
    """A text and its readings. In: the letters as they came. Out: attributes, each worked out at most once.

    written: the person's own words as typed: no tapback before them, no quoted original, no phone's footer.
    tokens: the same, folded, as words and pauses (see rules.normalise.tokens). words: without the pauses.
    """

    __slots__ = ("_read", "folded", "known", "raw", "tapback", "tokens", "words", "written")

    def __init__(self, raw: str) -> None:
        self.raw = whole(raw)
        self.tapback: Tapback | None
        self.tapback, rest = read_tapback(self.raw) or (None, self.raw)
        self.written = own_words(rest)
        self.folded = fold(self.written)
        self.tokens = tokens(self.folded)
        self.words = tuple(t for t in self.tokens if t not in BREAKS)
        self.known = frozenset(self.words)
        self._read: dict[Callable[[Text], Any], Any] = {}

    def once(self, reader: "Callable[[Text], _T]") -> _T:
        """What the reader makes of this text, worked out the first time it is asked for."""
        if reader not in self._read:
            self._read[reader] = reader(self)
        return cast("_T", self._read[reader])

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The text cut at its pauses."""
        return self.once(_clauses)

    @property
    def unsigned(self) -> tuple[str, ...]:
        """The words without the name put under them."""
        return self.once(_unsigned)

    @property
    def bare(self) -> tuple[str, ...]:
        """The words without a signature, and without greetings, politeness and the like at either end."""
        return self.once(_bare)

    @property
    def asks(self) -> bool:
        """Whether a question mark closes any part of it."""
        return ASKS in self.tokens

    @property
    def signs(self) -> tuple[str, ...]:
        """The hand signs and ticks in it, in order."""
        return () if self.raw.isascii() else tuple(c for c in self.written if c in _SIGNS)


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


def _clauses(text: Text) -> tuple[Clause, ...]:
    return cut(text.tokens)


def _unsigned(text: Text) -> tuple[str, ...]:
    unsigned = without_signature(text.written)
    if unsigned == text.written:
        return text.words
    words = tuple(t for t in tokens(fold(unsigned)) if t not in BREAKS)
    return words if strip_noise(words) else text.words  # "Hi" and "Help" below it: Help is no name


def _bare(text: Text) -> tuple[str, ...]:
    return strip_noise(text.unsigned)
