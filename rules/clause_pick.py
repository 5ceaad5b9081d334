"""Which option one clause names: by letter, by number, by its words, or by a plain yes or no."""

from dataclasses import dataclass
from typing import Final

from rules.ballot import Ballot, meanings, same
from rules.by_words import FRAME, options_by_words
from rules.labels import read_label
from rules.lexicon import ASKING, bag, phrases
from rules.text import Clause, strip_noise
from rules.words import word_set
from rules.yes_no import pick_yes_no

_BUT_THEN: Final = bag("answers", "but_then")
_BUSY: Final = phrases("answers", "busy")
_REVERSING: Final = word_set("reversing")
_BEFORE_NOT: Final = word_set("before_not")
_RULED_OUT: Final = word_set("ruled_out")
_LONGEST_NAME: Final = 6


@dataclass(frozen=True, slots=True)
class ClausePick:
    """The options that a clause ticks; plain when their own text, letter or number does."""

    indexes: tuple[int, ...]
    plain: bool = False


def pick_clause(clause: Clause, ballot: Ballot, first: bool) -> ClausePick | None:
    """The options that this clause ticks, if it is about nothing else."""
    row = strip_noise(clause.words, ballot.noise) or clause.words[:1]
    named = _named(row, ballot)
    if named is not None and (first or not clause.asked):
        return ClausePick((named,), plain=True)
    if (first or not clause.asked) and (index := pick_yes_no(clause, ballot)) is not None:
        return ClausePick((index,))
    if clause.asked and not (first and len(row) <= 2):
        return None
    if row[0] in ASKING or _BUSY.find(row, frozenset(row)):
        return None
    row = _before_reversal(row)
    label = read_label(row, ballot)
    if label is not None:
        return ClausePick((label,), plain=len(row) == 1)
    indexes = options_by_words(row, ballot)
    return ClausePick(indexes) if indexes else _leading(row, ballot)


def _named(row: tuple[str, ...], ballot: Ballot) -> int | None:
    """The option whose whole text the row is: as typed, by meaning, or with other blanks."""
    for said in (" ".join(row), " ".join(meanings(row)), "".join(row)):
        if said in ballot.names:
            return ballot.names[said]
    return None


def _before_reversal(row: tuple[str, ...]) -> tuple[str, ...]:
    """What comes before "not B" or "instead of B": the rest says what is not meant."""
    for at in range(1, len(row)):
        word, before, after = row[at], row[at - 1], row[at + 1 : at + 2]
        if word not in _REVERSING and (word, *after) != ("rather", "than"):
            continue
        if before in _BEFORE_NOT or after == ("good",) or (word == "no" and not after):
            continue
        return row[:at]
    return row


def _leading(row: tuple[str, ...], ballot: Ballot) -> ClausePick | None:
    """An option's whole text first, then a comment: "Saturday because I work weekdays"."""
    for length in range(min(len(row) - 1, _LONGEST_NAME), 0, -1):
        named = _named(row[:length], ballot)
        if named is None:
            continue
        others = (ballot.words.get(same(t)) for t in row[length:] if t not in FRAME)
        if row[length] not in _BUT_THEN or not _RULED_OUT.isdisjoint(row[length:]):
            return None
        if any(o and named not in o for o in others):
            return None
        return ClausePick((named,))
    return None
