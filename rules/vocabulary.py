"""Which word of the options a word was meant to be: cut short, bent, or mistyped."""

from typing import Final

from rapidfuzz.distance import OSA

from rules.ballot import Ballot
from rules.lexicon import SAME

_SHORTEST: Final = 3
_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "ly", "ish", "ers", "er", "y", "ies")


def meant_word(token: str, ballot: Ballot) -> frozenset[int] | None:
    """The options that hold the word meant; None where none is near, or several are."""
    if len(token) < _SHORTEST or token.isdigit():
        return None
    near = {holders for word, holders in ballot.words.items() if _near(token, word)}
    if len(near) == 1:
        return next(iter(near))
    return None


def _near(token: str, word: str) -> bool:
    if token[0] != word[0] or len(word) < _SHORTEST:
        return False
    if word.startswith(token):
        return True
    if token.startswith(word) and token[len(word) :] in _ENDINGS:
        return True
    if len(word) < 4 or len(token) < 4 or token in SAME:
        return False  # a word of its own is nobody's slip
    allowed = 2 if len(word) >= 8 else 1
    return OSA.distance(token, word, score_cutoff=allowed) <= allowed
