"""PURE. How a post with its files becomes requests: as few as can be, since each one can get lost alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from telegram import InlineKeyboardMarkup

from bridge.model.shapes import File, Post
from connectors.chat.telegram import words
from connectors.chat.telegram.words import CAPTION_UNITS, Styled

PHOTO_BYTES = 10 << 20  # Bot API, sendPhoto: 10 MB; sendDocument: 50 MB
ALBUM = 10  # Bot API, sendMediaGroup: 2-10

_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})


@dataclass(frozen=True, slots=True)
class Step:
    """One request: a text, a photo or document with its caption, or an album of either."""

    kind: Literal["text", "photo", "document"]
    text: Styled
    files: tuple[File, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None


def plan(post: Post, files: Sequence[File]) -> list[Step]:
    """Give the requests in order.

    One file, or one kind of file without buttons, carries the whole post as its caption where that is
    short enough: one request instead of two. Otherwise the words go first and the files follow.
    """
    keyboard = words.keyboard(post.buttons)
    texts = words.post(post)
    groups = _groups(files)
    if not groups:
        return _texts(texts or [Styled("(empty message)")], keyboard)
    short = len(texts) <= 1 and all(words.units(text.text) <= CAPTION_UNITS for text in texts)
    if len(groups) == 1 and short and (keyboard is None or len(groups[0][1]) == 1):
        kind, held = groups[0]
        return [Step(kind, texts[0] if texts else Styled(""), held, keyboard)]
    carrier = [Styled("⋯")] if keyboard else []  # albums cannot carry buttons
    return _texts(texts or carrier, keyboard) + [Step(kind, Styled(""), held) for kind, held in groups]


def as_documents(step: Step) -> list[Step]:
    """Give the same, one file after another and none as a photo: for photos that Telegram refuses."""
    first, *rest = step.files
    return [
        Step("document", step.text, (first,), step.keyboard),
        *(Step("document", Styled(""), (file,)) for file in rest),
    ]


def instead_of(step: Step, reason: str) -> Step:
    """Say that a file could not be shown, under the words that it was to carry."""
    names = ", ".join(words.inert(words.cut(file.name, 80)) for file in step.files)
    missing = f"({names or 'a file'} could not be shown here: {reason})"
    text = f"{step.text.text}\n{missing}" if step.text.text else missing
    return Step("text", Styled(text, step.text.entities), keyboard=step.keyboard)


def _texts(texts: Sequence[Styled], keyboard: InlineKeyboardMarkup | None) -> list[Step]:
    last = len(texts) - 1
    return [Step("text", text, (), keyboard if number == last else None) for number, text in enumerate(texts)]


def _groups(files: Sequence[File]) -> list[tuple[Literal["photo", "document"], tuple[File, ...]]]:
    """Put files together that may be one album: up to ten, photos apart from documents (Bot API)."""
    groups: list[tuple[Literal["photo", "document"], tuple[File, ...]]] = []
    for file in files:
        photo = file.content_type in _PHOTOS and len(file.data) <= PHOTO_BYTES
        kind: Literal["photo", "document"] = "photo" if photo else "document"
        if groups and groups[-1][0] == kind and len(groups[-1][1]) < ALBUM:
            groups[-1] = (kind, (*groups[-1][1], file))
        else:
            groups.append((kind, (file,)))
    return groups
