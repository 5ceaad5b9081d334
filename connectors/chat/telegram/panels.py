"""Panels as Telegram draws them: a message with buttons, drawn anew in its place when one leads to another.

There are no forms: a choice is a row of buttons, and what must be written is a command, which the panel
names. A button carries 64 bytes (Bot API, InlineKeyboardButton): what is longer is kept here, and after a
restart the button says that the command has to be given again.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, MessageEntity

from bridge.model.panel import Field, Panel, Row
from bridge.model.shapes import Button
from bridge.ports import Asker
from bridge.render import words as said
from connectors.chat.telegram import words
from connectors.chat.telegram.words import Styled, cut, inert, units

KEPT = "kept"
SENDS = frozenset({"new", "reply"})
"""What a panel does once, however often its button is pressed: the panel goes with it."""
_REMEMBERED = 5000
_TEXT = 3800
_ROWS = 20
_BUTTONS = 40
_DOT = "• "


@dataclass(frozen=True, slots=True)
class Draw:
    """Show a panel: as a message of its own (message None), or instead of one that stands there."""

    asker: Asker
    name: str
    value: str
    chat: int
    thread: str | None
    to: int | None = None  # the message that asked
    message: int | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a button does that Telegram cannot carry."""

    action: str
    value: str
    form: tuple[tuple[str, str], ...] = ()


class Tokens:
    """What long buttons do."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._count = 0

    def keep(self, kept: Kept) -> str:
        """Give a short name for it."""
        self._count += 1
        name = f"{self._count:x}"
        self._kept[name] = kept
        if len(self._kept) > _REMEMBERED:
            self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> Kept | None:
        """Give what it stands for; None: a restart forgot it."""
        return self._kept.get(name)


def shown(
    panel: Panel, tokens: Tokens, link: Callable[[str], str]
) -> tuple[Styled, InlineKeyboardMarkup | None]:
    """Write a panel out. link: a thread's ref to the address that opens it."""
    return written(panel, link), words.keyboard(_buttons(panel, tokens))


def written(panel: Panel, link: Callable[[str], str]) -> Styled:
    """Give the words of a panel; who a row is about leads to their topic."""
    head = [cut(inert(panel.title), 200), cut(inert(panel.text), 1500)]
    tail = [] if sends(panel) else [cut("\n".join(f"/{inert(usage)}" for usage in panel.usage), 500)]
    room = _TEXT - sum(units(part) + 2 for part in head + tail)
    entered = []
    for one in panel.fields:
        if one.kind == "text" and one.value and room > 0:
            entered.append(cut(inert(one.value), room))
            room -= units(entered[-1]) + 2
    rows = panel.rows[:_ROWS]
    share = max(room, 0) // max(len(rows), 1)
    parts = [(part, "") for part in head]
    parts += [(_row(row, share), link(row.thread) if row.thread else "") for row in rows]
    parts += [(part, "") for part in entered + tail]
    text, links = "", []
    for part, address in parts:
        if not part:
            continue
        text += "\n\n" if text else ""
        if address:
            who = part.removeprefix(_DOT).partition("\n")[0]
            links.append(MessageEntity(MessageEntity.TEXT_LINK, units(text + _DOT), units(who), url=address))
        text += part
    styled = words.bold_first_line(text)
    return Styled(styled.text, (*styled.entities, *links))


def _row(row: Row, room: int) -> str:
    """Write an entry in its share of the message, so that the last one is there as the first one is."""
    room = max(room - units(f"\n\n{_DOT}\n\n"), 20)
    text = cut(inert(row.text), min(300, room * 2 // 3 if row.detail else room))
    detail = cut(inert(row.detail), min(300, max(room - units(text), 8)))
    return _DOT + "\n".join(line for line in (text, detail) if line)


def is_panel(markup: InlineKeyboardMarkup | None) -> bool:
    """Say whether a message is a panel: all of them, and no other, can be closed."""
    rows = markup.inline_keyboard if markup else ()
    return any(button.callback_data == f"{KEPT}:close" for row in rows for button in row)


def sends(panel: Panel) -> bool:
    """Say whether a press alone can do what the form does: all that is to be written stands there."""
    return (
        panel.submit is not None
        and all(one.optional or one.value for one in panel.fields if one.kind != "choice")
        and panel.name == "use"
    )


def _buttons(panel: Panel, tokens: Tokens) -> tuple[Button, ...]:
    found: list[Button] = []
    for row in panel.rows[:_ROWS]:
        found += [_short(one, f"{one.label}: {row.text.splitlines()[0]}", tokens) for one in row.buttons]
    for one in panel.fields:
        if one.kind == "choice" and panel.submit is not None and len(panel.fields) == 1:
            found += [_choice(panel, panel.submit, one, *option, tokens) for option in one.options]
    if panel.submit is not None and sends(panel):
        form = (*panel.kept, *((one.name, one.value) for one in panel.fields))
        kept = Kept(panel.submit.action, panel.submit.value, form)
        found.append(Button(KEPT, panel.submit.label, tokens.keep(kept)))
    found += [_short(one, one.label, tokens) for one in panel.buttons]
    found.append(Button(KEPT, said.CLOSE, "close"))
    return tuple(found[-_BUTTONS:] if len(found) > _BUTTONS else found)


def _choice(panel: Panel, submit: Button, field: Field, value: str, label: str, tokens: Tokens) -> Button:
    mark = "✓ " if value == field.value else ""
    kept = Kept(submit.action, submit.value, (*panel.kept, (field.name, value)))
    return Button(KEPT, f"{mark}{label}", tokens.keep(kept))


def _short(button: Button, label: str, tokens: Tokens) -> Button:
    """Give a button that Telegram can carry."""
    drawn = Button(button.action, cut(label, 60), button.value, button.danger, button.confirm)
    if words.fits(drawn):
        return drawn
    kept = tokens.keep(Kept(button.action, button.value))
    return Button(KEPT, drawn.label, kept, button.danger, button.confirm)
