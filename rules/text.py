"""One text, read once: what every rule looks at."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bridge.model.verdict import Tapback
from rules.normalise import ASKS, BREAKS, fold, tokens, whole
from rules.parts import own_words, without_signature
from rules.tapback import read_tapback
from rules.lexicon import GREETING_ENDS, GREETING_STARTS, GREETINGS, NOISE

_SIGNS: Final = frozenset("👍👎👌✅✔❌🚫🙅🙋🛑✋🙆☑")
_LONGEST_GREETING: Final = 5


@dataclass(frozen=True)
class Clause:
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
        self.tapback: Tapback | None = None
        rest = self.raw
        if parsed := read_tapback(rest):
            self.tapback, rest = parsed
        self.written = own_words(rest)
        self.folded = fold(self.written)
        self.tokens = tokens(self.folded)
        self.words = tuple(t for t in self.tokens if t not in BREAKS)
        self.known = frozenset(self.words)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The text cut at its pauses."""
        found: list[Clause] = []
        words: list[str] = []
        for token in (*self.tokens, "."):
            if token not in BREAKS:
                words.append(token)
            elif words:
                found.append(Clause(tuple(words), token == ASKS))
                words = []
        return tuple(found)

    @cached_property
    def unsigned(self) -> tuple[str, ...]:
        """The words without the name put under them."""
        unsigned = without_signature(self.written)
        if unsigned == self.written:
            return self.words
        return tuple(t for t in tokens(fold(unsigned)) if t not in BREAKS)

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """The words without a signature, and without greetings, politeness and the like at either end."""
        return strip_noise(self.unsigned)

    @cached_property
    def asks(self) -> bool:
        """Whether a question mark closes any part of it."""
        return ASKS in self.tokens

    @cached_property
    def signs(self) -> tuple[str, ...]:
        """The hand signs and ticks in it, in order."""
        return () if self.raw.isascii() else tuple(c for c in self.written if c in _SIGNS)


def strip_noise(words: tuple[str, ...], noise: frozenset[str] = NOISE) -> tuple[str, ...]:
    """The words from the first to the last that says something: no politeness, no "good morning" at the edges."""
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
