"""PURE. What goes out: text with its entities, in Telegram's units, with nothing in it that could act.

Sent without parse_mode: markup of ours travels as explicit entities, which no text can forge.
"""

import re
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bridge.model.shapes import Button, Card, Post

TEXT_UNITS = 4096  # Bot API, sendMessage: 1-4096 characters after entity parsing, counted as UTF-16
CAPTION_UNITS = 1024
TOPIC_NAME = 128
DATA_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data: 1-64 bytes

ASK = "?"  # callback data that asks for confirmation first
LEAVE = "!no"  # callback data of the button that takes the question back

_WORD_JOINER = "\u2060"
_HOST = r"(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,}(?::\d+)?"
_ADDRESS = rf"(?<![\w@/.\-])https?://{_HOST}(?:[/?#][\w\-.~/@%+=&?#!$,;:*]*)?"
_ACTS = re.compile(rf"(?P<address>{_ADDRESS})|(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_/<>])/(?=\w)")


def inert(text: str) -> str:
    """Take their power from `@name` and `/command` in words that are not ours.

    Telegram finds both by itself in any text, with or without parse_mode: one notifies a member of the
    group, the other is a link that sends the command when tapped. A word joiner (U+2060) after the sign
    ends either: it is no letter, has no width, and allows no line break. E-mail addresses have a word
    character before the @ and are left alone; so are https addresses, which Telegram takes as one link.
    """
    return _ACTS.sub(lambda found: found["address"] or found[0] + _WORD_JOINER, text)


def units(text: str) -> int:
    """Count as Telegram does: UTF-16 code units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def cut(text: str, limit: int) -> str:
    """Give at most that many units, with an ellipsis where something is missing."""
    if units(text) <= limit:
        return text
    return _head(text, limit - 1).rstrip() + "…"


def split(text: str, limit: int) -> list[str]:
    """Split into parts of at most that many units, at line ends or spaces where there are any."""
    parts = []
    while units(text) > limit:
        part = _head(text, limit)
        at = max(part.rfind("\n"), part.rfind(" "))
        part = part[: at + 1] if at > len(part) // 2 else part
        parts.append(part.rstrip())
        text = text[len(part) :]
    return [*parts, text]


def _head(text: str, limit: int) -> str:
    return text.encode("utf-16-le", "replace")[: limit * 2].decode("utf-16-le", "ignore")


@dataclass(frozen=True, slots=True)
class Styled:
    """A text with its entities."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def _lines(*lines: tuple[str, str | None]) -> Styled:
    """Put lines under one another, each plain or in one style; empty ones are left out."""
    text = ""
    entities = []
    for line, style in lines:
        if not line.strip():
            continue
        text += "\n" if text else ""
        if style:
            entities.append(MessageEntity(style, units(text), units(line)))
        text += line
    return Styled(text, tuple(entities))


def card(given: Card) -> Styled:
    """Draw the head of a thread."""
    facts = [(cut(f"{label}: {inert(value)}", 320), None) for label, value in given.facts if value]
    notice = f"⚠️ {inert(given.notice)}" if given.notice else ""
    drawn = _lines(
        (cut(inert(given.title), 300), MessageEntity.BOLD),
        *facts[:8],
        (cut(notice, 900), None),
    )
    return drawn if drawn.text else Styled("…")


def topic_name(given: Card) -> str:
    """Give a name that a topic can have: one line of 1 to 128 characters."""
    return cut(" ".join(given.title.split()), TOPIC_NAME) or "…"


def post(given: Post, limit: int = TEXT_UNITS) -> list[Styled]:
    """Write a post out: one text, or several where it is longer than one may be."""
    head, foot = cut(inert(given.head), 200), cut(inert(given.foot), 400)
    bodies = split(inert(given.body), limit - units(head) - units(foot) - 2)
    last = len(bodies) - 1
    parts = [
        _lines(
            (head if number == 0 else "", MessageEntity.BOLD),
            (body, None),
            (foot if number == last else "", MessageEntity.ITALIC),
        )
        for number, body in enumerate(bodies)
    ]
    return [part for part in parts if part.text]


def bold_first_line(text: str) -> Styled:
    """Set the first line of a text in bold."""
    first = text.partition("\n")[0]
    return Styled(text, (MessageEntity(MessageEntity.BOLD, 0, units(first)),) if first else ())


def data(button: Button) -> str:
    """Give what a button carries."""
    return f"{ASK if button.confirm else ''}{button.action}:{button.value}"


def fits(button: Button) -> bool:
    """Tell whether Telegram can carry this button."""
    return len(data(button).encode()) <= DATA_BYTES and bool(button.label.strip())


def keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Draw the buttons, two in a row; long ones and dangerous ones stand alone. Those that do not fit go."""
    rows: list[list[InlineKeyboardButton]] = []
    room = 0
    for button in filter(fits, buttons):
        alone = len(button.label) > 20
        style = "danger" if button.danger else None
        drawn = InlineKeyboardButton(cut(button.label, 100), callback_data=data(button), style=style)
        if room and not alone:
            rows[-1].append(drawn)
            room -= 1
        else:
            rows.append([drawn])
            room = 0 if alone else 1
    return InlineKeyboardMarkup(rows) if rows else None


def card_keyboard(given: Card) -> InlineKeyboardMarkup | None:
    """Draw a card's buttons and its menu; a closed card has none."""
    return None if given.closed else keyboard(given.buttons + given.menu)


def asking(markup: InlineKeyboardMarkup | None, pressed: str) -> InlineKeyboardMarkup:
    """Put the question under the buttons: [Yes, …] [No]. Everything it needs is in the message itself."""
    rows = _without_question(markup)
    labels = [button.text for row in rows for button in row if button.callback_data == pressed]
    yes = InlineKeyboardButton(
        cut(f"Yes: {labels[0]}" if labels else "Yes", 100),
        callback_data=pressed.removeprefix(ASK),
        style="danger",
    )
    return InlineKeyboardMarkup([*rows, [yes, InlineKeyboardButton("No", callback_data=LEAVE)]])


def left(markup: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """Take the question away again."""
    rows = _without_question(markup)
    return InlineKeyboardMarkup(rows) if rows else None


def _without_question(markup: InlineKeyboardMarkup | None) -> list[list[InlineKeyboardButton]]:
    rows = [list(row) for row in markup.inline_keyboard] if markup else []
    return [row for row in rows if all(button.callback_data != LEAVE for button in row)]
