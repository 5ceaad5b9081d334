"""Does the text tick a box of the poll that this person was sent?"""

import math
from typing import Final

from bridge.model.verdict import Awaiting, Facts, Kind, Verdict
from rules.ballot import ballot
from rules.choosing import choose
from rules.text import Text

OLD_AFTER_MINUTES: Final = 30 * 24 * 60.0


def option_named(text: Text, facts: Facts) -> Verdict | None:
    """The whole text is an option of the pending question, even if it looks like a command ("Stop sign")."""
    asked = facts.awaiting
    if asked is None or not asked.options:
        return None
    names = ballot(asked.options, asked.question, asked.multiple).names
    named = names.get(" ".join(text.words) or text.folded.strip())
    if named is None and text.bare and not text.asks_again:
        named = names.get(" ".join(text.bare))
    return None if named is None else chosen(asked, (named,))


def poll(text: Text, facts: Facts) -> Verdict | None:
    """A vote, where a person who reads question and options could tick the box."""
    asked = facts.awaiting
    if asked is None or asked.type != "poll" or not asked.options:
        return None
    pick = choose(text, ballot(asked.options, asked.question, asked.multiple))
    if pick is None or (is_old(asked) and not pick.plain):
        return None
    return chosen(asked, pick.indexes)


def chosen(asked: Awaiting, indexes: tuple[int, ...]) -> Verdict:
    """The verdict for these options, of a poll or of a form's question."""
    named = " and ".join(f"{_letter(i)}, “{asked.options[i]}”," for i in indexes)
    what = "option" if len(indexes) == 1 else "options"
    said = f"Matched {what} {named} of the"
    if asked.type == "poll":
        return Verdict(Kind.POLL, f"{said} poll sent {ago(asked)}.", indexes)
    return Verdict(Kind.DATA, f"{said} question sent {ago(asked)}.", indexes[0])


def is_old(asked: Awaiting) -> bool:
    """Whether the question has waited so long that only a plain answer counts."""
    return asked.asked_minutes_ago >= OLD_AFTER_MINUTES


def ago(asked: Awaiting) -> str:
    """How long ago, in words."""
    if not math.isfinite(asked.asked_minutes_ago):
        return "long ago"
    minutes = max(0, round(asked.asked_minutes_ago))
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 2 * size or (size == 1 and minutes):
            return f"{minutes // size} {unit}{'s' if minutes // size != 1 else ''} ago"
    return "just now"


def _letter(index: int) -> str:
    return chr(65 + index) if index < 26 else str(index + 1)
