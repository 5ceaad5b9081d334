"""Which word of the options a word was meant to be: cut short, bent, or mistyped."""

from typing import Final

from rapidfuzz.distance import OSA

from rules.ballot import SHORTEST_TO_BEND, Ballot
from rules.lexicon import SAME

_VOWELS: Final = frozenset("aeiou")
_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "ly", "ish", "ers", "er", "y", "ies")


def meant_word(token: str, ballot: Ballot) -> frozenset[int] | None:
    """The options that hold the word meant; None where none is near, or several are."""
    if len(token) < SHORTEST_TO_BEND or token.isdecimal():
        return None
    alike = ballot.by_letter.get(token[0])
    if alike is None:
        return None
    near = {ballot.words[word] for word in alike if _near(token, word)}
    if len(near) == 1:
        return next(iter(near))
    return None


def _near(token: str, word: str) -> bool:
    if word.startswith(token):
        return True
    if token.startswith(word) and token[len(word) :] in _ENDINGS:
        return True
    if token in SAME:
        return False  # a word of its own is nobody's slip
    if _VOWELS.isdisjoint(token) and token == _without_vowels(word):
        return True  # grn for green
    if len(word) < 4 or len(token) < 4:
        return False
    allowed = 2 if len(word) >= 8 else 1
    return OSA.distance(token, word, score_cutoff=allowed) <= allowed


def _without_vowels(word: str) -> str:
    return "".join(c for c in word if c not in _VOWELS)
