"""The word lists as rules look things up: folded, as sets, mappings and compiled phrases."""

from collections.abc import Iterable
from typing import Final

from rules import words
from rules.normalise import fold, tokens
from rules.phrases import Phrases


def folded(entry: str) -> str:
    """One entry as its tokens with a blank between: "m'inscrire" gives "m inscrire"."""
    return " ".join(tokens(fold(entry.replace("_", " "))))


def bag(section: str, key: str) -> frozenset[str]:
    """A list of entries, each of one word or more."""
    return frozenset(map(folded, words.entries(section, key)))


def singles(entries: Iterable[str]) -> frozenset[str]:
    """Every word of the entries by itself."""
    return frozenset(token for entry in entries for token in tokens(fold(entry.replace("_", " "))))


def telling(entries: Iterable[str]) -> frozenset[str]:
    """The longest word of each entry: a text with none of them holds none of the entries."""
    return frozenset(max(entry.split(), key=len) for entry in entries)


def phrases(section: str, key: str) -> Phrases:
    """A list of phrases, compiled."""
    return Phrases(words.entries(section, key), words.CLASSES)


def ranked(section: str, key: str) -> dict[str, int]:
    """Words to their place in a list: months, ordinals, number words."""
    return {
        folded(word): place for place, row in enumerate(words.ranks(section, key)) for word in row.split()
    }


def _same() -> dict[str, str]:
    groups = [[folded(w) for w in row.split()] for row in words.COMMON["same"]]
    return {word: group[0] for group in reversed(groups) for word in group}


NOISE: Final = singles(words.NOISE)
GREETINGS: Final = frozenset(tokens(fold(g.replace("_", " "))) for g in words.GREETINGS)
GREETING_STARTS: Final = frozenset(g[0] for g in GREETINGS)
GREETING_ENDS: Final = frozenset(g[-1] for g in GREETINGS)
SAME: Final = _same()
FIRST_ASKING: Final = bag("asking", "first")
ASKING: Final = bag("asking", "strict")
YES_NO_QUESTION: Final = bag("asking", "yes_no_question")
LAUGHTER: Final = bag("opt_out", "laughter")
