"""How phones word a reaction, from words/reactions.toml, longest first."""

from dataclasses import dataclass
from typing import Final

from rules.words import REACTIONS


@dataclass(frozen=True, slots=True)
class Opening:
    """The words a reaction begins with; emoji is None where it stands after them."""

    words: str
    emoji: str | None
    removed: bool


def _openings() -> dict[str, tuple[Opening, ...]]:
    rows = [
        Opening(words.replace("’", "'").casefold(), _emoji(emoji), kind == "remove")
        for kind in ("add", "remove")
        for emoji, forms in REACTIONS[kind].items()
        for words in forms
    ]
    rows.sort(key=lambda o: -len(o.words))
    firsts = {o.words.split(" ", 1)[0] for o in rows}
    return {first: tuple(o for o in rows if o.words.split(" ", 1)[0] == first) for first in firsts}


def _emoji(name: str) -> str | None:
    return "" if name == "sticker" else name or None


def _media() -> dict[str, str]:
    articles = REACTIONS["articles"].split()
    found: dict[str, str] = {}
    for key in ("media", "media_es", "media_fr"):
        for name in REACTIONS[key].split():
            plain = name.replace("_", " ")
            found |= {f"{article} {plain}".replace("' ", "'"): f"<{plain}>" for article in articles}
    return found


OPENINGS: Final = _openings()
MEDIA: Final = _media()
LINKS: Final = tuple(
    sorted(
        ((words, kind == "remove") for kind in ("add", "remove") for words in REACTIONS["links"][kind]),
        key=lambda link: -len(link[0]),
    )
)
