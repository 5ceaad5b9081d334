"""What people write instead of an answer: refusals, postponements, greetings, thanks and questions."""

from typing import Final

from rules.lexicon import ASKING, FIRST_ASKING, NOISE, bag, phrases
from rules.text import Text

_WHOLE: Final = bag("declines", "whole")
_PHRASES: Final = phrases("declines", "phrases")


def nothing_said(text: Text) -> bool:
    """A greeting, thanks, an OK, a lone emoji: no answer to anything."""
    return not text.bare or " ".join(text.bare) in _WHOLE or " ".join(text.words) in _WHOLE


def declines(text: Text) -> bool:
    """A refusal, a postponement or a turn to something else, anywhere in it."""
    return bool(_PHRASES.find(text.tokens, text.known))


def declines_at_once(text: Text) -> bool:
    """The same, but only where the message begins with it: a long answer may hold such words later."""
    opening = text.clauses[0].words if text.clauses else ()
    skipped = 0
    while skipped < len(opening) and opening[skipped] in NOISE:
        skipped += 1
    return any(span.start <= skipped + 1 for span in _PHRASES.find(opening, frozenset(opening)))


def only_asks(text: Text) -> bool:
    """A question and nothing that answers."""
    clauses = text.clauses
    if not clauses:
        return False
    first = clauses[0].words
    start = next((w for w in first if w not in NOISE), first[0])
    if all(c.asked or set(c.words) <= NOISE for c in clauses):
        return True
    return start in ASKING or (start in FIRST_ASKING and text.asks)
