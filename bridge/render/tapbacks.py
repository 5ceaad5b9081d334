"""Which text a tapback means: a phone quotes the words, cut short where they are long."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meant:
    """A text that could be meant."""

    id: str
    text: str
    has_media: bool = False


def meant(target: str, texts: Iterable[Meant]) -> str | None:
    """Give the id of the text that was reacted to. target: the quoted words, or "<image>" and the like.

    texts: ours, newest first; of equal ones the newest is meant.
    """
    if target.startswith("<") and target.endswith(">"):
        return next((one.id for one in texts if one.has_media), None)
    quoted = _plain(target)
    cut = quoted.endswith(("…", "..."))
    quoted = quoted.rstrip("….").rstrip() if cut else quoted
    if not quoted:
        return None
    for one in texts:
        text = _plain(one.text)
        if text == quoted or (cut and text.startswith(quoted)):
            return one.id
    return None


def _plain(text: str) -> str:
    """Phones make quotes typographic and lose line ends and blanks at the edges."""
    return " ".join(text.translate(_TYPOGRAPHIC).split())


_TYPOGRAPHIC = str.maketrans("‘’“”", "''\"\"")
