"""What people write instead of an answer: refusals, postponements, greetings, thanks and questions."""

from typing import Final

from rules.lexicon import ASKING, FIRST_ASKING, LAUGHTER, NOISE, bag, phrases
from rules.text import Text, strip_noise
from rules.words import word_set

_WHOLE: Final = bag("declines", "whole")
_PHRASES: Final = phrases("declines", "phrases")
_CALL_ME: Final = phrases("declines", "call_me")
_IDLE: Final = NOISE | LAUGHTER
_AFTER_ASKING: Final = word_set("after_asking")
_ADDRESSED: Final = word_set("addressed")
_CONTRACTED: Final = frozenset(("whos", "wheres", "hows", "whens", "whose"))  # the verb is in it
_BRIEF: Final = 5


def nothing_said(text: Text) -> bool:
    """A greeting, thanks, an OK, a lone emoji: no answer to anything."""
    bare = strip_noise(text.words, _IDLE)
    return (
        not bare
        or " ".join(bare) in _WHOLE
        or " ".join(text.bare) in _WHOLE
        or " ".join(text.words) in _WHOLE
    )


def declines(text: Text) -> bool:
    """A refusal, a postponement or a turn to something else, anywhere in it."""
    return declines_in(text.tokens)


def declines_in(row: tuple[str, ...]) -> bool:
    """The same of a part of it."""
    return bool(_PHRASES.find(row, frozenset(row)))


def declines_whole(words: tuple[str, ...]) -> bool:
    """Whether these words are a request to be called, and nothing else."""
    return _CALL_ME.whole(strip_noise(words))


def declines_at_once(text: Text) -> bool:
    """The same, but only where the message begins with it: a long answer may hold such words later."""
    opening = next((c.words for c in text.clauses if strip_noise(c.words)), ())
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
    if start in ASKING:
        return _is_question(first, start)
    after = first[first.index(start) + 1 :][:1]
    return start in FIRST_ASKING and (text.asks or not _ADDRESSED.isdisjoint(after))


def _is_question(words: tuple[str, ...], start: str) -> bool:
    """ "What do you mean" asks; "what matters most to me is rent" and "when I saw it" do not."""
    if start in _CONTRACTED:
        return True
    at = words.index(start)
    return len(words) - at < _BRIEF or words[at + 1] in FIRST_ASKING | _AFTER_ASKING
