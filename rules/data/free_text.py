"""An answer in the person's own words: whatever is not a question, a refusal, a greeting or thanks."""

from typing import Final

from bridge.model.verdict import Awaiting
from rules.data.declines import declines_at_once, declines_whole, nothing_said, only_asks
from rules.lexicon import YES_NO_QUESTION, bag
from rules.normalise import ASKS, COMMA, FULL_STOP, fold, tokens
from rules.parts import without_footer
from rules.text import Text

_YES: Final = bag("yes_no", "yes")
_NO: Final = bag("yes_no", "no")
_BRIEF: Final = 14


def read_text(text: Text, asked: Awaiting) -> str | None:
    """The words as written, without outer white space."""
    written = without_footer(text.raw.strip())
    if not any(c.isalnum() for c in written):
        return None
    if _answers_yes_or_no(text, asked):
        return written
    if nothing_said(text) or only_asks(text):
        return None
    if len(text.words) <= _BRIEF and declines_at_once(text):
        return None
    if len(text.words) <= _BRIEF and len(text.clauses) > 1 and declines_whole(text.clauses[-1].words):
        return None
    return written


def _answers_yes_or_no(text: Text, asked: Awaiting) -> bool:
    """Whether the question takes a yes or no, and that is what came."""
    said = " ".join(text.bare)
    if said not in _YES and said not in _NO:
        return False
    question = [sentence for sentence in _sentences(asked.question) if sentence]
    return bool(question) and question[-1][0] in YES_NO_QUESTION


def _sentences(question: str) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[]]
    for word in tokens(fold(question)):
        if word in (FULL_STOP, ASKS):
            found.append([])
        elif word != COMMA:
            found[-1].append(word)
    return [tuple(words) for words in found]
