"""Typing slips: which words are a command with one finger gone wrong.

In: a word that was meant. Out: the words it may come out as. Worked out once, so that a look-up costs
nothing; a slip that is a word of its own (shop, step) is nobody's slip.
"""

from collections.abc import Iterable
from typing import Final

from rules.words import word_set

_ROWS: Final = ("qwertyuiop", "asdfghjkl;", "zxcvbnm,.")
_REAL_WORDS: Final = word_set("no_slips")
_LONG: Final = 6


def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for y, row in enumerate(_ROWS):
        for x, key in enumerate(row):
            around = [row[x - 1 : x], row[x + 1 : x + 2]]
            around += [_ROWS[y + 1][max(0, x - 1) : x + 1]] if y < len(_ROWS) - 1 else []
            around += [_ROWS[y - 1][x : x + 2]] if y else []
            near[key] = "".join(around)
    return near


_NEAR: Final = _neighbours()


def slips_of(word: str) -> frozenset[str]:
    """Letters swapped, doubled, or struck beside; in a long word also one left out."""
    found: set[str] = set()
    for i, letter in enumerate(word):
        head, tail = word[:i], word[i + 1 :]
        found.add(head + letter + letter + tail)
        found.update(head + near + tail for near in _NEAR.get(letter, "") if near.isalpha())
        if i + 1 < len(word):
            found.add(head + word[i + 1] + letter + word[i + 2 :])
        if len(word) >= _LONG:
            found.add(head + tail)
    return frozenset(found - {word} - _REAL_WORDS)


def slips_of_all(words: Iterable[str]) -> dict[str, str]:
    """Every slip of these words, with the word that was meant."""
    return {slip: word for word in words for slip in slips_of(word)}
