"""Reads a tapback that a phone sent as text, and what the person wrote after it.

In: the text. Out: the reaction and the words that follow (often none), or None. The quoted words are cut out
whole: nothing in them is ever judged.
"""

import re
from typing import Final

from bridge.model.verdict import Tapback
from rules.reactions import LINKS, MEDIA, OPENINGS

_OPEN: Final = {"“": "”", "”": "”", "„": "”", "‘": "’", "«": "»", '"': '"', "'": "'"}
_WIRE: Final = str.maketrans("", "", "\u200a\u200b\u200c\ufeff\u200e\u200f")
_EMOJI: Final = re.compile(
    "(?:[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u200d\u20e3"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f]|[0-9#*](?=\ufe0f?\u20e3)){1,16}"
)
_LONGEST_HEAD: Final = 60
_LONGEST_VERB: Final = 20
_BEGINNING: Final = 200  # characters, in which the first word stands


def read_tapback(text: str) -> tuple[Tapback, str] | None:
    """The reaction at the start of the text, and what follows it."""
    start = text[:_BEGINNING].translate(_WIRE).lstrip()
    if start[:1].isalpha() and _first_word(start) not in OPENINGS:
        return None
    clean = text.translate(_WIRE).strip() if not text.isascii() else text.strip()
    head = _verb_head(clean) or _emoji_head(clean)
    if head is None:
        return None
    emoji, removed, at = head
    aimed = _target(clean, at)
    if aimed is None:
        return None
    target, rest = aimed
    return Tapback(emoji, target, removed), rest


def _verb_head(text: str) -> tuple[str, bool, int] | None:
    """A head of words, such as "Liked" or "Removed a heart from": emoji, taken back or not, where it ends."""
    start = _plain_head(text)
    for opening in OPENINGS.get(_first_word(text), ()):
        if start.startswith(opening.words) and start[len(opening.words) : len(opening.words) + 1] in (
            " ",
            "",
        ):
            at = len(opening.words) + 1
            if opening.emoji is not None:
                return opening.emoji, opening.removed, at
            if (emoji := _EMOJI.match(text, at)) is None:
                continue
            after = _link(text, emoji.end())
            if after is not None:
                return emoji[0], opening.removed, after[1]
    return None


def _plain_head(text: str) -> str:
    return text[:_LONGEST_HEAD].replace("’", "'").replace("\u00a0", " ").casefold()


def _first_word(text: str) -> str:
    return _plain_head(text[:_LONGEST_VERB]).split(" ", 1)[0]


def _emoji_head(text: str) -> tuple[str, bool, int] | None:
    """A head such as "👍 to" or "👍 removed from", in the form of Google Messages."""
    emoji = _EMOJI.match(text)
    after = _link(text, emoji.end()) if emoji else None
    return (emoji[0], after[0], after[1]) if emoji and after else None


def _link(text: str, at: int) -> tuple[bool, int] | None:
    """The words between emoji and quotation: whether they take it back, and where they end."""
    rest = text[at : at + 30].casefold()
    for words, removed in LINKS:
        if rest.startswith(words):
            return removed, at + len(words)
    return None


def _target(text: str, at: int) -> tuple[str, str] | None:
    """What the reaction is aimed at (the quoted words, or a kind of media) and what follows."""
    while at < len(text) and text[at] in " \u00a0\u202f":
        at += 1
    if at >= len(text):
        return None
    if text[at] in _OPEN:
        return _quotation(text, at)
    rest = text[at:].casefold().rstrip(" .")
    media = MEDIA.get(rest)
    return (media, "") if media else None


def _quotation(text: str, at: int) -> tuple[str, str] | None:
    """The quotation that opens here, with quotations inside it, and what follows."""
    opening, closing = text[at], _OPEN[text[at]]
    end = _straight_end(text, at, closing) if opening in "\"'‘”" else _curly_end(text, at, opening, closing)
    if end < 0:
        return (text[at + 1 :].strip(), "") if text.endswith(("…", "...")) else None
    return text[at + 1 : end].strip(" \u00a0\u202f"), text[end + 1 :].lstrip(" .,;:!-\n")


def _curly_end(text: str, at: int, opening: str, closing: str) -> int:
    """Where the quotation ends: the mark that closes as many as were opened."""
    depth = 0
    for i in range(at, len(text)):
        if text[i] == opening:
            depth += 1
        elif text[i] == closing:
            depth -= 1
            if depth == 0:
                return i
    return text.rfind(closing, at + 1)


def _straight_end(text: str, at: int, closing: str) -> int:
    """Where a quotation ends whose marks look alike: one that closes a word, after as many as opened one."""
    depth = 1
    for i in range(at + 1, len(text)):
        if text[i] != closing:
            continue
        before, after = text[i - 1], text[i + 1 : i + 2]
        if after.isalnum() and before.isalnum():
            continue  # an apostrophe
        if after.isalnum() and (before.isspace() or before in "(["):
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                return i
    return len(text) - 1 if text.endswith(closing) and len(text) - 1 > at else -1
