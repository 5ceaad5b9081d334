"""How long a text is on the air: its alphabet, its units and its parts.

One part carries 160 septets of GSM-7 or 70 UTF-16 units; parts of a longer text carry 153 or 67. An
extension character is two septets, an astral one two units, and neither is split over two parts. A
provider that also keeps grapheme clusters together may count one part more near a boundary: we show
ours before sending and keep theirs after.
"""

from dataclasses import dataclass
from typing import Literal

BASE = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM7 = BASE | EXTENSION


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes. guilty: the first character that made the whole text UCS-2."""

    encoding: Literal["gsm7", "ucs2"]
    units: int
    parts: int
    guilty: str | None = None


def measure(text: str) -> Segments:
    """Count units and parts as a network does; an empty text is one part."""
    guilty = next((c for c in text if c not in GSM7), None)
    if guilty is None:
        weights = [2 if c in EXTENSION else 1 for c in text]
        return Segments("gsm7", sum(weights), _parts(weights, 160, 153))
    weights = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return Segments("ucs2", sum(weights), _parts(weights, 70, 67), guilty)


def _parts(weights: list[int], single: int, joined: int) -> int:
    if sum(weights) <= single:
        return 1
    parts, filled = 1, 0
    for weight in weights:
        if filled + weight > joined:
            parts, filled = parts + 1, 0
        filled += weight
    return parts


_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″〝〞＂", '"'),
        **dict.fromkeys("‘’‚‛′ʼʻ´`ˈ＇", "'"),
        **dict.fromkeys("‐‑‒–—―−﹣－⁃", "-"),
        **dict.fromkeys(map(chr, (9, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)), " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f", ""),
        **dict.fromkeys("\u2028\u2029\x0b", "\n"),
        **dict.fromkeys("•·●▪", "-"),
        "…": "...",
        "‹": "<",
        "›": ">",
        "⁄": "/",
        "∕": "/",
        "¼": "1/4",
        "½": "1/2",
        "¾": "3/4",
        "©": "(c)",
        "®": "(R)",
        "™": "TM",
        "×": "x",
        "÷": "/",
    }
)


def straighten(text: str) -> str:
    """Replace what merely looks typographic by its plain form: curly quotes, dashes, odd blanks.

    Letters and emoji stay: they mean something. So the result need not be GSM-7; `measure` tells.
    """
    return text.translate(_PLAIN)
