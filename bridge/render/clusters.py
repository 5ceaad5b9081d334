"""Cutting text where no reader sees a seam: never inside what is shown as one character.

A small subset of Unicode's rules (UAX 29), enough for what people text: marks, emoji with skin tones,
joined emoji, flags, keycaps, Hangul syllables and CR LF stay whole.
"""

import unicodedata
from collections.abc import Iterator

_ZWJ = "\u200d"


def units(text: str) -> int:
    """Count as chats do: UTF-16 units, so an emoji is two."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)


def _flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _hangul(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff" or "\uac00" <= char <= "\ud7ff"


def _extends(char: str) -> bool:
    """Say whether it belongs to whatever stands before it."""
    if char < "\u0300":
        return False
    return (
        char == _ZWJ
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def clusters(text: str) -> Iterator[str]:
    """Give the text character by character as a reader sees them; together they are the text."""
    start = flags = 0
    for i in range(1, len(text)):
        before, char = text[i - 1], text[i]
        flags = flags + 1 if _flag(before) else 0
        together = (
            _extends(char)
            or before == _ZWJ
            or (before == "\r" and char == "\n")
            or (_flag(char) and flags % 2 == 1)
            or (_hangul(before) and "\u1160" <= char <= "\u11ff")
            or (_hangul(before) and before < "\u1200" and _hangul(char))
        )
        if not together:
            yield text[start:i]
            start = i
    if text:
        yield text[start:]


def cut(text: str, limit: int) -> list[str]:
    """Cut into pieces of at most `limit` UTF-16 units; joined they are the text again.

    Between lines or words where one ends in the second half of a piece, else between characters as
    seen; a single "character" longer than the limit (stacked marks) is cut between code points.
    """
    limit = max(limit, 2)
    pieces: list[str] = []
    piece: list[str] = []
    filled = 0
    for cluster in _bounded(text, limit):
        size = units(cluster)
        while filled + size > limit:
            seam = _seam(piece)
            pieces.append("".join(piece[:seam]))
            piece = piece[seam:]
            filled = sum(units(c) for c in piece)
        piece.append(cluster)
        filled += size
    return [*pieces, "".join(piece)] if piece or not pieces else pieces


def _bounded(text: str, limit: int) -> Iterator[str]:
    for cluster in clusters(text):
        if units(cluster) <= limit:
            yield cluster
        else:
            yield from cluster


def _seam(piece: list[str]) -> int:
    """Find where to cut a full piece: after the last line, else the last word, else at its end."""
    half = len(piece) // 2
    for ends in (("\n", "\r\n"), (" ", "\t")):
        for i in range(len(piece), half, -1):
            if piece[i - 1] in ends:
                return i
    return len(piece)
