"""Which options of a pending question a text ticks.

In: the text and the prepared options. Out: the indexes and how surely, or None where a person who reads
question and options could not tick a box. A clause answers when all its words are words of an option or words
that may stand around one; what stands in other clauses is a comment.
"""

from dataclasses import dataclass
from typing import Final

from rules.ballot import Ballot
from rules.clause_pick import pick_clause
from rules.lexicon import bag, phrases
from rules.several import pick_several
from rules.text import Clause, Text, cut, strip_noise
from rules.words import word_set
from rules.yes_no import pick_sign

_CORRECTIONS: Final = phrases("answers", "corrections")
_NEITHER: Final = bag("answers", "neither")
_UNSURE: Final = word_set("unsure_words")
_WONDERING: Final = word_set("wondering")
_READ: Final = 8  # whoever answers does so early


@dataclass(frozen=True, slots=True)
class Pick:
    """The options ticked; plain when their own text, letter or number says so and nothing else does."""

    indexes: tuple[int, ...]
    plain: bool


def choose(text: Text, ballot: Ballot) -> Pick | None:
    """The options that the text ticks."""
    named = ballot.names.get(" ".join(text.words) or text.folded.strip())
    if named is None and text.words and not text.asks_again:
        named = ballot.names.get(" ".join(strip_noise(text.unsigned, ballot.noise)))
    if named is not None:
        return Pick((named,), plain=True)
    if ballot.other is not None and " ".join(text.bare) in _NEITHER:
        return Pick((ballot.other,), plain=False)
    if not text.words:
        return _pick(pick_sign(text.signs, ballot))
    if ballot.multiple and (several := pick_several(text, ballot)):
        return Pick(several, plain=True)
    clauses = _without_question(text.clauses, ballot.question)
    return _corrected(text, ballot) or _by_clauses(clauses, ballot, whole=len(clauses) == 1)


def _corrected(text: Text, ballot: Ballot) -> Pick | None:
    """The answer after "actually", "I meant", "change my vote to"."""
    spans = _CORRECTIONS.find(text.tokens, text.known)
    if not spans:
        return None
    after = cut(text.tokens[spans[-1].end :])
    return _by_clauses(after, ballot, whole=False) if after else None


def _by_clauses(clauses: tuple[Clause, ...], ballot: Ballot, whole: bool) -> Pick | None:
    found: list[int] = []
    plain = False
    for place, clause in enumerate(clauses[:_READ]):
        if len(clauses) > 1 and not _UNSURE.isdisjoint(clause.words) and ballot.unsure is None:
            return None
        picked = pick_clause(clause, ballot, first=place == 0)
        if picked is None:
            if place and clauses[0].asked and clause.words[0] in _WONDERING:
                return None  # "Tuesday? Really?"
            continue
        plain = plain or picked.plain
        found.extend(i for i in picked.indexes if i not in found)
    if not found or (len(found) > 1 and not ballot.multiple):
        return None
    return Pick(tuple(sorted(found)), plain and whole)


def _without_question(clauses: tuple[Clause, ...], question: tuple[str, ...]) -> tuple[Clause, ...]:
    """The clauses that do not merely repeat the question."""
    if len(question) < 3:
        return clauses
    asked = f" {' '.join(question)} "
    kept = tuple(c for c in clauses if not (len(c.words) > 2 and f" {' '.join(c.words)} " in asked))
    return kept if kept and len(kept) < len(clauses) else clauses


def _pick(index: int | None) -> Pick | None:
    return None if index is None else Pick((index,), plain=False)
