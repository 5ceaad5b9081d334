"""Did a phone, a car, a carrier, an office or a bot write this?"""

from typing import Final

from bridge.model.verdict import Facts, Kind, Verdict
from rules.lexicon import phrases
from rules.text import Text

_STRONG: Final = phrases("auto_reply", "strong")
_TERSE: Final = phrases("auto_reply", "terse")
_WEAK: Final = phrases("auto_reply", "weak")
_HUMAN: Final = phrases("auto_reply", "human")
_FEWEST_WORDS: Final = 3
_TOO_BRIEF: Final = 8
_BRIEF: Final = 10


def auto_reply(text: Text, _facts: Facts) -> Verdict | None:
    """One phrase that only machines use, or two that they often use; a question about one is a person's."""
    if len(text.words) < _FEWEST_WORDS:
        return None
    row, known = text.tokens, text.known
    strong = _STRONG.find(row, known)
    if not strong and len(terse := _TERSE.find(row, known)) > 1:
        strong = terse
    hints = strong or _WEAK.find(row, known)
    if not strong and len({h.start for h in hints}) < 2:
        return None
    if (text.asks and len(text.words) < _BRIEF) or (
        not strong and (text.asks or len(text.words) < _TOO_BRIEF)
    ):
        return None
    if _HUMAN.find(row, known):
        return None
    said = " ".join(t for t in row[hints[0].start : hints[0].end] if t.isalnum())
    return Verdict(Kind.AUTO_REPLY, f"A machine seems to have written it: it says “{said}”.")
