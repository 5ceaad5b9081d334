"""Which option a clause names by its words, if it holds no others but such as may stand around one."""

from typing import Final

from rules.ballot import Ballot, same
from rules.lexicon import NOISE, bag
from rules.vocabulary import meant_word
from rules.words import word_set

FRAME: Final = bag("answers", "frame") | NOISE
_NOT_THAT: Final = bag("answers", "not_that")
_JOINING: Final = word_set("joining")
_HOUR_ENDS: Final = ("am", "pm", "ish", "h")
PAST: Final = frozenset(("was", "were", "fue", "etait"))
_HALF_DAYS: Final = frozenset(("am", "pm", "to", "til", "till", "until", "oclock", "h"))
_BEFORE_HOUR: Final = frozenset(
    ("after", "before", "around", "by", "until", "til", "till", "at", "to", "from")
)
_CHOICES: Final = frozenset(("or", "and", "o", "y", "ou", "et", "not", "no"))
_ADVERB: Final = ("ly", "mente", "ement")  # obviously, personally
_NEGATIONS: Final = word_set("negations")


class _Narrowing:
    """The options that fit the words so far; where several may be ticked, also those already sure."""

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot
        self.named: frozenset[int] = frozenset()
        self.candidates: frozenset[int] | None = None

    def take(self, holders: frozenset[int]) -> bool:
        """Narrows to the options that hold this word too; says whether any is left."""
        both = holders if self.candidates is None else self.candidates & holders
        if not both and self.ballot.multiple and self.candidates is not None and len(self.candidates) == 1:
            self.named |= self.candidates
            both = holders
        self.candidates = both
        return bool(both)

    def join(self) -> None:
        """Starts the next option of a list: "Sat morning and Sunday"."""
        if self.candidates is not None and len(self.candidates) == 1:
            self.named |= self.candidates
        self.candidates = None

    def options(self, row: tuple[str, ...]) -> frozenset[int]:
        """What the words name in the end; several only where several may be ticked."""
        last = self.candidates or frozenset()
        if len(last) > 1 and not self.ballot.multiple:
            last = _full(last, row, self.ballot)
        named = self.named | last
        return named if self.ballot.multiple or len(named) == 1 else frozenset()


def options_by_words(row: tuple[str, ...], ballot: Ballot) -> tuple[int, ...] | None:
    """The options named, or None where the clause is about something else or leaves it open."""
    narrowing = _Narrowing(ballot)
    for at, token in enumerate(row):
        if token in PAST and narrowing.candidates and row[at + 1 : at + 2] not in (("my",), ("the",)):
            return None  # "Saturday was great" looks back
        holders = ballot.words.get(same(token))
        if holders is None:
            if token in _JOINING and ballot.multiple:
                narrowing.join()
                continue
            if _may_stand_around(token, narrowing) or _counts_or_times(row, at, ballot):
                continue
            holders = None if token in _NOT_THAT else meant_word(token, ballot)
        if holders is None:
            return None
        if not narrowing.take(holders):
            return _named_in_full(row, ballot)
    named = narrowing.options(row)
    if not named or (not named.isdisjoint(ballot.negated) and _NEGATIONS.isdisjoint(row)):
        return None
    return tuple(sorted(named))


def _may_stand_around(token: str, narrowing: _Narrowing) -> bool:
    """A word of the frame, of the question, or the initial of a word of the option (Rosa H)."""
    ballot = narrowing.ballot
    if token in FRAME or token in ballot.about or _is_adverb(token):
        return True
    if token in _NEGATIONS and ballot.negated:
        return True
    options = narrowing.candidates or ()
    return len(token) == 1 and bool(options) and all(_has_initial(token, ballot.contents[i]) for i in options)


def _counts_or_times(row: tuple[str, ...], at: int, ballot: Ballot) -> bool:
    """The 1 of "1 XL", "9am", "after 9"."""
    token = row[at]
    before, after = row[at - 1] if at else "", row[at + 1] if at + 1 < len(row) else ""
    if not token[0].isdecimal():
        return token in _BEFORE_HOUR and after[:1].isdecimal()
    if token.endswith(_HOUR_ENDS) or before in _BEFORE_HOUR or after in _HALF_DAYS:
        return True
    return same(after) in ballot.words and not after.isdecimal()


def _is_adverb(token: str) -> bool:
    """Obviously, personally; not lovely."""
    return len(token) > 5 and token.endswith(_ADVERB) and token not in _NOT_THAT


def _has_initial(letter: str, content: frozenset[str]) -> bool:
    return any(word.startswith(letter) for word in content)


def _named_in_full(row: tuple[str, ...], ballot: Ballot) -> tuple[int, ...] | None:
    """Of options that do not agree, the one all of whose words are there: "in person on election day"."""
    said = {same(t) for t in row}
    full = [i for i, content in enumerate(ballot.contents) if content and content <= said]
    known = all(t in FRAME or t in ballot.about or same(t) in ballot.words for t in row)
    if len(full) != 1 or not known or ballot.multiple or not _CHOICES.isdisjoint(row):
        return None
    return tuple(full) if full[0] not in ballot.negated or not _NEGATIONS.isdisjoint(row) else None


def _full(candidates: frozenset[int], row: tuple[str, ...], ballot: Ballot) -> frozenset[int]:
    """Of several options with these words, the one that has no others: Large rather than Extra large."""
    said = {same(t) for t in row}
    full = frozenset(i for i in candidates if ballot.contents[i] <= said)
    if len(full) > 1:
        longest = max(len(ballot.contents[i]) for i in full)
        full = frozenset(i for i in full if len(ballot.contents[i]) == longest)
    return full
