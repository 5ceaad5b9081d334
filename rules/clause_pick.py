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
_TURNS: Final = frozenset(("but", "pero", "mais"))
_BETTER: Final = word_set("better")
_REQUESTS: Final = phrases("answers", "requests")
_REMARKS: Final = phrases("answers", "remarks")
_ASKS: Final = word_set("asks_at_once")
_REVERSING: Final = word_set("reversing")
_BEFORE_NOT: Final = word_set("before_not")
_RULED_OUT: Final = word_set("ruled_out")
_SO: Final = word_set("so")
_BEFORE_CHOICE: Final = word_set("before_choice")
_REASONS: Final = word_set("reasons")
_CONDITIONS: Final = frozenset(("if", "unless", "si", "sauf"))
_BEFORE_HOUR: Final = frozenset(("around", "at", "after", "by", "before"))
_PLACING: Final = frozenset(("at", "on", "of", "to", "for", "from", "about", "with", "in", "near", "by"))
_STATES: Final = frozenset(("is", "are", "was", "were", "isnt", "arent", "has", "looks", "needs", "got"))
_HAVE: Final = (("have",), ("got",), ("had",))
_FREE: Final = (("off",), ("free",), ("nothing",), ("time",), ("no",), ("more",))
_THAN: Final = frozenset(("than", "que"))
_IS: Final = word_set("is")
_PRAISE: Final = word_set("praise")
_NEGATIONS: Final = word_set("negations")
_LONGEST_NAME: Final = 6


@dataclass(frozen=True, slots=True)
class ClausePick:
    """The options that a clause ticks; plain when their own text, letter or number does."""

    indexes: tuple[int, ...]
    plain: bool = False


def pick_clause(clause: Clause, ballot: Ballot, first: bool) -> ClausePick | None:
    """The options that this clause ticks, if it is about nothing else."""
    row = strip_noise(clause.words, ballot.noise) or (clause.words if len(clause.words) == 1 else ())
    if not row:
        return None
    row = _without_scale(row)
    if clause.asked and "again" in clause.words:
        return None
    named = _named(row, ballot)
    if (
        named is not None
        and (first or not clause.asked)
        and not _REMARKS.find(clause.words, frozenset(clause.words))
    ):
        return ClausePick((named,), plain=True)
    if (first or not clause.asked) and (index := pick_yes_no(clause, ballot)) is not None:
        return ClausePick((index,))
    if (wanted := _requested(row, ballot)) is not None:
        return ClausePick((wanted,))
    if clause.asked and not (first and len(_without_hour(row)) <= 2):
        return None
    if is_remark(clause.words, ballot):
        return None
    row = _after_turn(_before_reversal(row))
    label = read_label(row, ballot)
    if label is not None:
        return ClausePick((label,), plain=len(row) == 1)
    indexes = options_by_words(row, ballot)
    return ClausePick(indexes) if indexes else _leading(row, ballot) or _concluded(row, ballot)


def _requested(row: tuple[str, ...], ballot: Ballot) -> int | None:
    """ "Can we reschedule?", "could I get the turkey": what is asked for is what is chosen."""
    spans = _REQUESTS.find(row, frozenset(row))
    if not spans or spans[0].start or spans[0].end == len(row):
        return None
    return _named(row[spans[0].end :], ballot)


def is_remark(words: tuple[str, ...], ballot: Ballot) -> bool:
    """Whether the words ask, thank, or rule out: "is Tuesday full", "no ham please", "I work Sundays"."""
    row = strip_noise(words, ballot.noise) or words
    known = frozenset(words)
    if row[0] in ASKING or row[0] in _ASKS or _BUSY.find(row, known) or _REMARKS.find(words, known):
        return True
    ruled_out = row[1:2] if row[0] == "no" else ()
    return bool(ruled_out) and len(ruled_out[0]) > 1 and same(ruled_out[0]) in ballot.words


def _named(row: tuple[str, ...], ballot: Ballot) -> int | None:
    """The option whose whole text the row is: as typed, by meaning, or with other blanks."""
    if not _may_begin_name(row, ballot):
        return None
    for said in (" ".join(row), " ".join(meanings(row)), "".join(row)):
        if said in ballot.names:
            return ballot.names[said]
    return None


def _may_begin_name(row: tuple[str, ...], ballot: Ballot) -> bool:
    """A quick look whether any name begins with the first word, or with what it means."""
    return not row or row[0] in ballot.beginnings or meanings(row[:2])[0] in ballot.beginnings


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


def _after_turn(row: tuple[str, ...]) -> tuple[str, ...]:
    """What comes after "but" where it is called better: "I said Wednesday but Tuesday is easier"."""
    for at, word in enumerate(row[:-1]):
        if at and word in _TURNS and not _BETTER.isdisjoint(row[at:]):
            return row[at + 1 :]
    return row


def _without_hour(row: tuple[str, ...]) -> tuple[str, ...]:
    """ "Saturday around 5" without its end."""
    return row[:-2] if len(row) > 2 and row[-2] in _BEFORE_HOUR and row[-1][0].isdecimal() else row


def _without_scale(row: tuple[str, ...]) -> tuple[str, ...]:
    """ "4 out of 5" without its end."""
    return row[:-3] if len(row) > 3 and row[-3:-1] == ("out", "of") and row[-1].isdecimal() else row


def _concluded(row: tuple[str, ...], ballot: Ballot) -> ClausePick | None:
    """What comes after "so" at the end: "9am works so morning"."""
    at = max((i for i, word in enumerate(row) if word in _SO), default=0)
    rest = strip_noise(row[at + 1 :], ballot.noise) if at else ()
    if not rest:
        return None
    named = _named(rest, ballot)
    if named is None:
        named = read_label(rest, ballot)
    return None if named is None else ClausePick((named,))


def _leading(row: tuple[str, ...], ballot: Ballot) -> ClausePick | None:
    """An option's whole text first, then a comment: "Saturday because I work weekdays"."""
    start = next((i for i, word in enumerate(row) if word not in _BEFORE_CHOICE), 0)
    row = row[start:]
    label = read_label(row[:1], ballot) if row[1:2] and row[1] in _REASONS else None
    if label is not None:
        return ClausePick((label,))
    if not _may_begin_name(row, ballot):
        return None
    for length in range(min(len(row) - 1, _LONGEST_NAME), 0, -1):
        named = _named(row[:length], ballot)
        if named is None and length == 1:
            named = _only_holder(row[0], ballot)
        if named is not None:
            return ClausePick((named,)) if _is_comment(row[length:], named, ballot) else None
    return None


def _only_holder(word: str, ballot: Ballot) -> int | None:
    """The one option that has this word."""
    holders = ballot.words.get(same(word), frozenset())
    return next(iter(holders)) if len(holders) == 1 else None


def _is_comment(tail: tuple[str, ...], named: int, ballot: Ballot) -> bool:
    """Whether what follows an option only says why, or how good it is."""
    if tail[0] in _REASONS:
        return True
    if _BUSY.find(tail, frozenset(tail)) or (tail[1:2] in _HAVE and tail[2:3] not in _FREE):
        return False
    if tail[0] in _CONDITIONS and not any(ballot.words.get(same(t)) for t in tail):
        return True
    end = next((i for i, word in enumerate(tail) if word in _THAN), len(tail))
    others = (ballot.words.get(same(t)) for t in tail[:end] if t not in FRAME)
    if any(o and named not in o for o in others):
        return False
    if tail[0] in _IS and not _PRAISE.isdisjoint(tail[1:4]):
        return _NEGATIONS.isdisjoint(tail)
    if tail[0] in _PLACING and not _STATES.isdisjoint(tail):
        return False  # "the stop sign at Elm is bent"
    return tail[0] in _BUT_THEN and _RULED_OUT.isdisjoint(tail)
