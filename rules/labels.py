"""Reads the letter, number or ordinal of an option: b, #3, option 2, the second one."""

from typing import Final

from rules.ballot import Ballot, same
from rules.lexicon import NOISE, bag, ranked
from rules.words import word_set

_LEADS: Final = bag("answers", "lead")
_FRAME: Final = bag("answers", "frame") | NOISE
_ORDINALS: Final = ranked("answers", "ordinals")
_LAST: Final = bag("answers", "last")
_FORMER: Final = bag("answers", "former")
_NUMBERS: Final = ranked("answers", "numbers")
_LETTER_AFTER: Final = word_set("after_letter")
_LETTER_BEFORE: Final = word_set("before_letter")
_NEVER_AFTER: Final = {"b": word_set("never_letter_b"), "c": word_set("never_letter_c")}
_PAST: Final = frozenset(
    ("year", "years", "week", "time", "month", "night", "summer", "fall", "winter", "spring")
)
_NOT_BEFORE: Final = word_set("not_before_label")
_NOT_AFTER: Final = word_set("not_after_label")


def read_label(row: tuple[str, ...], ballot: Ballot) -> int | None:
    """The one option that the clause names by its place, where its other words allow it."""
    found: set[int] = set()
    for at, token in enumerate(row):
        index = _index(row, at, ballot)
        if index is not None:
            found.add(index)
            if len(found) > 1:
                return None
        elif token not in _FRAME and token not in _LEADS and same(token) not in ballot.words:
            return None
    if not found:
        return None
    index = found.pop()
    named = {i for t in row for i in ballot.words.get(same(t), ()) if len(t) > 1}
    if named and index not in named and not all(t in _FRAME for t in row if same(t) in ballot.words):
        return None  # letter and words disagree: the words decide
    return index


def _index(row: tuple[str, ...], at: int, ballot: Ballot) -> int | None:
    """The option that this token stands for, in this place."""
    token = row[at]
    if len(row) == 1 and (initial := _initial(token, ballot)) is not None:
        return initial
    before = row[at - 1] if at else ""
    after = row[at + 1] if at + 1 < len(row) else ""
    if token.isdecimal():
        number = int(token) - 1 if len(token) < 3 else -1
        fits = before not in _NOT_BEFORE and after not in _NOT_AFTER and same(token) not in ballot.words
    elif len(token) == 1:
        number = ord(token) - ord("a")
        fits = _fits_letter(token, before, after, ballot)
    elif token in _ORDINALS:
        number, fits = _ORDINALS[token], same(token) not in ballot.words
    elif token in _LAST:
        number, fits = ballot.size - 1, token not in ballot.words and after not in _PAST
    elif token in _FORMER:
        number, fits = 0, ballot.size == 2
    elif token in _NUMBERS:
        number = _NUMBERS[token] - 1
        fits = (
            (len(row) == 1 or before in _LEADS)
            and same(token) not in ballot.words
            and before not in _ORDINALS
        )
    else:
        return None
    return number if fits and 0 <= number < ballot.size else None


def _fits_letter(letter: str, before: str, after: str, ballot: Ballot) -> bool:
    """Whether a letter between these words is an option's: "a" is also an article, b "be" and c "see"."""
    if (before or after) and letter in ballot.letters:
        return False  # "no on C" to a question about Measure C
    if letter == "a" or same(after) in ballot.words:
        return (not before or before in _LETTER_BEFORE) and (
            not after or after in _LETTER_AFTER or same(after) in ballot.words
        )
    return before not in _NEVER_AFTER.get(letter, ()) and after not in ("you", "u", "ya", "there")


def _initial(token: str, ballot: Ballot) -> int | None:
    """The one option that begins with this letter, where the letter is no option's place: C for Confirm."""
    if len(token) != 1 or not "a" <= token <= "z" or ord(token) - ord("a") < ballot.size:
        return None
    named = {i for name, i in ballot.names.items() if name.startswith(token)}
    return named.pop() if len(named) == 1 else None
