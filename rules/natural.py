"""What no rule claimed is for a person to read; words that may mean a revocation are pointed out."""

from typing import Final

from rapidfuzz.distance import OSA

from bridge.model.verdict import Facts, Kind, Verdict
from rules.lexicon import LAUGHTER
from rules.revocation import doubtful_words, ends_in_stop, revocation
from rules.text import Text
from rules.words import entries, word_set

_SIGNS: Final = frozenset(entries("opt_out", "signs"))
_PLAIN: Final = Verdict(
    Kind.NATURAL,
    "It is none of the things that a machine may answer, so a person should read it.",
    rule="natural",
)
_ORDINARY: Final = word_set("near_stop")


def natural(text: Text, _facts: Facts) -> Verdict:
    """Always answers."""
    words = suspicion(text)
    if words:
        return Verdict(
            Kind.NATURAL,
            f"A person should read it: “{words}” may or may not mean that they want no more texts.",
            suspicion=words,
        )
    return _PLAIN


def suspicion(text: Text) -> str | None:
    """The words that may mean a revocation, or None."""
    if not text.words:
        return next((c for c in text.raw if c in _SIGNS), None)
    if limited := revocation(text).limited:
        return limited
    if len(text.bare) == 1 and _nearly_stop(text.bare[0]):
        return text.bare[0]
    if "stop" in text.known and not LAUGHTER.isdisjoint(text.known) and text.words[0] in LAUGHTER | {"stop"}:
        return "stop"
    return doubtful_words(text) or ("stop" if ends_in_stop(text) else None)


def _nearly_stop(word: str) -> bool:
    return 2 < len(word) < 6 and word not in _ORDINARY and OSA.distance(word, "stop", score_cutoff=1) <= 1
