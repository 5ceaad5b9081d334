"""Reads a wish to get no more texts, in plain words, and tells a clear one from a doubtful one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rules.lexicon import phrases
from rules.normalise import ASKS, FULL_STOP
from rules.phrases import Phrases, Span
from rules.text import Text
from rules.words import word_set

_WISHES: Final = phrases("opt_out", "phrases")
_REPORTS: Final = phrases("opt_out", "reports")
_INSISTS: Final = phrases("opt_out", "insists")
_HARMLESS: Final = phrases("opt_out", "harmless")
_LIMITS: Final = phrases("opt_out", "limits")
_SUBJECTS: Final = word_set("subjects")
_CONDITIONS: Final = word_set("conditions")
_BEFORE_NOUN: Final = word_set("before_stop")
_DOUBTS: Final = phrases("opt_out", "doubts")


@dataclass(frozen=True, slots=True)
class Revocation:
    """The words of a clear wish, or those of one with a limit ("not on Sundays"); each may be empty."""

    clear: str = ""
    limited: str = ""


def revocation(text: Text) -> Revocation:
    """The first clear wish, else the first limited one."""
    return text.once(_read)


def _read(text: Text) -> Revocation:
    row, known = text.tokens, text.known
    if insisting := next(_INSISTS.each(row, known), None):
        return Revocation(clear=quote(row, insisting))
    if told := next(_uncovered(_REPORTS, text), None):
        return Revocation(clear=quote(row, told))
    limits: list[Span] | None = None
    limited = ""
    for wish in _uncovered(_WISHES, text):
        limits = _LIMITS.find(row, known) if limits is None else limits
        end = _clause_end(row, wish.end)
        if not any(wish.start < limit.start < end and _limits(row, wish, limit) for limit in limits):
            return Revocation(clear=quote(row, wish))
        limited = limited or quote(row, Span(wish.start, end))
    return Revocation(limited=limited)


def _limits(row: tuple[str, ...], wish: Span, limit: Span) -> bool:
    """Whether it limits the wish ("at work") rather than gives a reason for it ("I'm at work")."""
    before = row[max(wish.start + 1, limit.start - 2) : limit.start]
    return row[limit.start] in _CONDITIONS or _SUBJECTS.isdisjoint(before)


def doubtful_words(text: Text) -> str:
    """Words that may or may not mean a revocation, or nothing."""
    doubt = next(_uncovered(_DOUBTS, text), None)
    return quote(text.tokens, doubt) if doubt else ""


def ends_in_stop(text: Text) -> bool:
    """Whether the last word is STOP, and neither a noun ("the bus stop") nor what somebody else does."""
    words = text.words
    return (
        len(words) > 1
        and words[-1] == "stop"
        and words[-2] not in _BEFORE_NOUN
        and not text.asks
        and len(text.tokens) - 1 not in text.once(_harmless)
    )


def quote(row: tuple[str, ...], span: Span) -> str:
    """The words of a span, to be shown."""
    return " ".join(t for t in row[span.start : span.end] if t.isalnum())


def _uncovered(phrases_: Phrases, text: Text) -> Iterator[Span]:
    """Where phrases stand that no harmless one covers."""
    for span in phrases_.each(text.tokens, text.known):
        if text.once(_harmless).isdisjoint(range(*span)):
            yield span


def _harmless(text: Text) -> set[int]:
    """The places of all tokens that belong to a harmless phrase."""
    return {place for span in _HARMLESS.find(text.tokens, text.known) for place in range(*span)}


def _clause_end(row: tuple[str, ...], at: int) -> int:
    while at < len(row) and row[at] not in (FULL_STOP, ASKS):
        at += 1
    return at
