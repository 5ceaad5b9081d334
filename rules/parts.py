"""Cuts a text into the person's own words and what came along: quotations, phone footers, signatures."""

import re
from typing import Final

_QUOTED_HEADER: Final = re.compile(
    r"^(?:on .{5,120} wrote|le .{5,120} a écrit|el .{5,120} escribió"
    r"|-{2,}\s?original message\s?-{2,}|begin forwarded message)",
    re.IGNORECASE,
)
_FOOTER: Final = re.compile(
    r"(?:\bsent (?:from|via|using) (?!my (?:car|truck|vehicle)\b|android auto)"  # those tell who wrote it
    r"(?:my|the|a|an|outlook|yahoo|mail|samsung|android|gmail|proton)\b"
    r"|\bget outlook for\b|\benviado (?:desde|con) (?:mi|el|outlook)\b"
    r"|\benvoyé (?:de|depuis) (?:mon|outlook)\b)",
    re.IGNORECASE,
)
_FOOTER_HINTS: Final = ("sent ", "outlook for", "enviado ", "envoyé ")
_NAME: Final = r"[^\W\d_a-zß-ÿ][\w'’.-]{0,20}"
_SIGNATURE: Final = re.compile(
    rf"(?:\s[-–—~]{{1,2}}\s?|\n\s?[-–—~]{{0,2}}\s?|[.!?,][-–—~]\s?"
    rf"|\b(?i:thanks|thank you|thx|ty|gracias|merci|best|regards|sincerely|respectfully|cheers|love)[,.!]?\s"
    rf"|\bfrom\s)"
    rf"({_NAME}(?: {_NAME})?)[.!]?$"
)
_SPEECH_OPEN: Final = {"“": "”", '"': '"', "«": "»"}


def own_words(text: str) -> str:
    """The text without quoted lines, the mail programme's header for them, and "Sent from my iPhone"."""
    text = text.strip()
    if "\n" in text:
        text = _without_quoted_lines(text)
    return _after_quotation(without_footer(text))


def without_footer(text: str) -> str:
    """The text without "Sent from my iPhone" and the like under it."""
    tail = max(0, len(text) - 80)
    if not any(map(text[tail:].lower().__contains__, _FOOTER_HINTS)):
        return text
    if (footer := _FOOTER.search(text, tail)) and footer.start() > 0:
        return text[: footer.start()].rstrip(" \n-–—_(")
    return text


def without_signature(text: str) -> str:
    """The text without a name put under it: "- Maria", "Thanks, Maria"."""
    tail = max(0, len(text) - 60)
    last = text[text.rfind(" ", tail) + 1 :]
    if last.isascii() and last.islower():  # a name begins with a capital
        return text
    if (signed := _SIGNATURE.search(text, tail)) and any(map(str.isalnum, text[: signed.start()])):
        return text[: signed.start()].rstrip()
    return text


def _without_quoted_lines(text: str) -> str:
    """Drops lines that start with ">" and all that follows "On … wrote:", unless nothing would remain."""
    kept: list[str] = []
    for line in text.split("\n"):
        if _QUOTED_HEADER.match(line.strip()[:200]):
            if kept:
                break
            continue
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip() or text


def _after_quotation(text: str) -> str:
    """What follows a quoted sentence that opens the text, if anything does: the quotation is not theirs."""
    closing = _SPEECH_OPEN.get(text[:1])
    if closing is None:
        return text
    end = text.find(closing, 1)
    if end < 0 or text.count(" ", 1, end) < 2:
        return text
    rest = text[end + 1 :].strip(" -–—:,.\n")
    return rest if any(c.isalnum() or ord(c) > 0x2190 for c in rest) else text
