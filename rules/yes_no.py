"""What a yes, a no, a maybe or a thumb says to a question that takes one."""

from typing import Final

from rules import words
from rules.ballot import Ballot
from rules.lexicon import bag, phrases
from rules.text import Clause, strip_noise
from rules.words import word_set

_YES: Final = bag("yes_no", "yes")
_NO: Final = bag("yes_no", "no")
_UNSURE: Final = bag("yes_no", "unsure")
_MAYBE: Final = bag("yes_no", "maybe")
_MOVED: Final = phrases("yes_no", "moved")
_STAY: Final = bag("yes_no", "stay")
_MAYBE_BEGINS: Final = frozenset(("maybe", "possibly", "perhaps", "quizas", "talvez"))
_NOT_YET: Final = bag("yes_no", "not_yet")
_YES_BEGINS: Final = bag("yes_no", "yes_begins")
_NO_BEGINS: Final = bag("yes_no", "no_begins")
_YES_TURNS: Final = bag("yes_no", "yes_turns")
_NO_TURNS: Final = bag("yes_no", "no_turns")
_NO_THEN: Final = bag("yes_no", "no_then")
_YES_PHRASES: Final = phrases("yes_no", "yes_phrases")
_NO_PHRASES: Final = phrases("yes_no", "no_phrases")
_YES_SIGNS: Final = frozenset(words.COMMON["yes_signs"].split())
_NO_SIGNS: Final = frozenset(words.COMMON["no_signs"].split())
_EXCUSES: Final = phrases("yes_no", "excuses")
_TAILS: Final = word_set("tails")
_CLOUDS: Final = word_set("clouds")


def pick_sign(signs: tuple[str, ...], ballot: Ballot) -> int | None:
    """The option of 👍 or 👎 in a text without words."""
    if not ballot.yes_or_no or not signs:
        return None
    if all(s in _YES_SIGNS for s in signs):
        return ballot.yes
    return ballot.no if all(s in _NO_SIGNS for s in signs) else None


def pick_yes_no(clause: Clause, ballot: Ballot) -> int | None:
    """The option that a plain yes, no, maybe or abstention ticks."""
    row = strip_noise(clause.words)
    for said in {" ".join(row), " ".join(clause.words), " ".join(_without_tail(row, ballot))}:
        if said in _MAYBE or (said in _UNSURE and ballot.unsure is not None):
            return ballot.maybe if said in _MAYBE else ballot.unsure
        if said in _STAY and ballot.stay is not None:
            return ballot.stay
        if ballot.yes_or_no and ballot.asks_whether_done and said in _NOT_YET:
            return ballot.no
        if ballot.yes_or_no and said in _NO:
            return ballot.no
        if ballot.yes_or_no and said in _YES:
            return ballot.yes
    if ballot.maybe is not None and not clause.asked and row and row[0] in _MAYBE_BEGINS:
        return ballot.maybe
    return _in_a_sentence(clause, ballot) if ballot.yes_or_no else None


def _without_tail(row: tuple[str, ...], ballot: Ballot) -> tuple[str, ...]:
    """The words without those of the question behind them, and without "this year", "tonight", "then"."""
    end = len(row)
    while end > 1 and (row[end - 1] in _TAILS or row[end - 1] in ballot.about):
        end -= 1
    return row[:end]


def _in_a_sentence(clause: Clause, ballot: Ballot) -> int | None:
    """A yes or no with something after it, or a sentence that amounts to one."""
    row = strip_noise(clause.words)
    if not row:
        return None
    rest = row[1:]
    if row[0] in _YES_BEGINS and rest and not _begins(rest, _YES_TURNS) and not {"no", "or"} & set(rest[:4]):
        return ballot.yes
    if row[0] in _NO_BEGINS and rest and not _begins(rest, _NO_TURNS) and rest[0] in _NO_THEN:
        return ballot.no
    if clause.asked or not _CLOUDS.isdisjoint(row):
        return None
    known = frozenset(row)
    if _NO_PHRASES.find(row, known) or (ballot.asks_address and _MOVED.find(row, known)):
        return ballot.no
    if ballot.invites and _EXCUSES.find(row, known):
        return ballot.no
    return ballot.yes if _YES_PHRASES.find(row, known) else None


def _begins(row: tuple[str, ...], with_any: frozenset[str]) -> bool:
    return any(" ".join(row[:n]) in with_any for n in (1, 2, 3, 4))
