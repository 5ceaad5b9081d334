"""Is the whole message a tapback, such as "Liked “See you at 5”"? The quoted words never count."""

from bridge.model.verdict import Facts, Kind, Verdict
from rules.text import Text


def reaction(text: Text, _facts: Facts) -> Verdict | None:
    """A reaction when nothing of the person's own follows the tapback."""
    tapback = text.tapback
    if tapback is None or text.written:
        return None
    aimed = tapback.target if tapback.target.startswith("<") else f"“{_short(tapback.target)}”"
    what = "Took back the reaction" if tapback.removed else "Reacted with"
    emoji = tapback.emoji or "a sticker"
    preposition = "to" if not tapback.removed else "on"
    return Verdict(
        Kind.REACTION,
        f"{what} {emoji} {preposition} {aimed}; a phone sends such a reaction as text.",
        tapback=tapback,
    )


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"
