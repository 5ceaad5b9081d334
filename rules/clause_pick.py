"""Which option one clause names: by letter, by number, by its words, or by a plain yes or no."""

from dataclasses import dataclass
from typing import Final

from rules.ballot import Ballot, meanings, same
from rules.labels import read_label
from rules.lexicon import ASKING, NOISE, bag, phrases
from rules.text import Clause, strip_noise
from rules.vocabulary import meant_word
from rules.yes_no import pick_yes_no

_FRAME: Final = bag("answers", "frame") | NOISE
_BUT_THEN: Final = bag("answers", "but_then")
_NOT_THAT: Final = bag("answers", "not_that")
_JOINING: Final = frozenset("and y et plus n or also".split())
_BUSY: Final = phrases("answers", "busy")
_NEGATIONS: Final = frozenset("not no cant dont wont never isnt non pas ni".split())


@dataclass(frozen=True, slots=True)
class ClausePick:
    """The options that a clause ticks; plain when their own text, letter or number does."""

    indexes: tuple[int, ...]
    plain: bool = False


def pick_clause(clause: Clause, ballot: Ballot, first: bool, alone: bool) -> ClausePick | None:
    """The options that this clause ticks, if it is about nothing else."""
    row = strip_noise(clause.words, ballot.noise) or clause.words[:1]
    named = ballot.names.get(" ".join(row))
    if named is None:
        named = ballot.names.get(" ".join(meanings(row)))
    if named is None and len(row) > 1:
        named = ballot.names.get("".join(row))
    if named is not None and not (clause.asked and not first):
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
    return _by_words(row, ballot) or _leading(row, ballot)


def _before_reversal(row: tuple[str, ...]) -> tuple[str, ...]:
    """What comes before "not B" or "instead of B": the rest says what is not meant."""
    for at, word in enumerate(row):
        if at and (word in ("not", "instead", "no", "pas") or row[at : at + 2] == ("rather", "than")):
            if row[at : at + 2] == ("not", "good") or word == "no" and at + 1 == len(row):
                continue
            if word == "not" and row[at - 1] in ("im", "am", "is", "its", "do", "will", "was", "are", "would", "prefer", "it"):
                continue
            return row[:at]
    return row


def _by_words(row: tuple[str, ...], ballot: Ballot) -> ClausePick | None:
    """All words are an option's, or such as may stand around one."""
    candidates: frozenset[int] | None = None
    named: set[int] = set()
    negated = False
    for token in row:
        holders = ballot.words.get(same(token))
        if holders is None:
            if token in _JOINING and candidates is not None and ballot.multiple:
                named |= candidates if len(candidates) == 1 else set()
                candidates = None
                continue
            if token in _FRAME or token in ballot.about:
                continue
            if token in _NOT_THAT:
                return None
            if len(token) == 1 and candidates and _initial(token, candidates, ballot):
                continue
            holders = meant_word(token, ballot)
            if holders is None:
                return None
        elif token in _NEGATIONS:
            negated = True
        narrowed = holders if candidates is None else candidates & holders
        if not narrowed and ballot.multiple and candidates is not None and len(candidates) == 1:
            named |= candidates
            narrowed = holders
        candidates = narrowed
        if not candidates:
            return None
    if candidates is not None:
        if len(candidates) > 1 and not ballot.multiple:
            candidates = _full(candidates, row, ballot)
        if len(candidates) > 1 and not ballot.multiple:
            return None
        named |= candidates
    if not named or (len(named) > 1 and not ballot.multiple):
        return None
    if not negated and not named.isdisjoint(ballot.negated):
        return None
    return ClausePick(tuple(sorted(named)))


def _initial(letter: str, candidates: frozenset[int], ballot: Ballot) -> bool:
    """Whether a lone letter begins another word of the option: Rosa H."""
    return all(any(word.startswith(letter) for word in ballot.contents[i]) for i in candidates)


def _full(candidates: frozenset[int], row: tuple[str, ...], ballot: Ballot) -> frozenset[int]:
    """Of several options with these words, the one that has no others: Large rather than Extra large."""
    said = {same(t) for t in row}
    full = frozenset(i for i in candidates if ballot.contents[i] <= said)
    if len(full) > 1:
        longest = max(len(ballot.contents[i]) for i in full)
        full = frozenset(i for i in full if len(ballot.contents[i]) == longest)
    return full


def _leading(row: tuple[str, ...], ballot: Ballot) -> ClausePick | None:
    """An option's whole text first, then a comment: "Saturday because I work weekdays"."""
    for length in range(min(len(row) - 1, 6), 0, -1):
        named = ballot.names.get(" ".join(row[:length]))
        if named is None:
            named = ballot.names.get(" ".join(meanings(row[:length])))
        if named is not None:
            others = (ballot.words.get(same(t)) for t in row[length:] if t not in _FRAME)
            if row[length] not in _BUT_THEN or any(o and named not in o for o in others):
                return None
            return ClausePick((named,))
    return None
