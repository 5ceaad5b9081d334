"""Text as it may be stored anywhere: no NUL, no lone surrogates, no other control characters."""

import re
import unicodedata

_REPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Give the text with what no database or chat can hold shown as U+FFFD; line ends become LF.

    PostgreSQL stores no NUL and UTF-8 has no lone surrogates; a sign that stands for them is more
    honest than dropping them.
    """
    return _REPLACED.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def shorten(text: str, limit: int) -> str:
    """Give at most limit characters, ending in an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(text: str) -> str:
    """Give a text as it is compared: without capitals, accents and doubled spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in apart if not unicodedata.combining(char)).split())
