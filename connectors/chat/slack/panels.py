"""Panels as Slack draws them: modals and the Home tab, and what comes back from them.

All texts are plain_text: whatever people wrote can neither ping nor format. Limits:
docs.slack.dev/reference/views (100 blocks, 3,000 characters of private_metadata, titles of 24) and
docs.slack.dev/reference/block-kit (section text 3,000, options 100 of 75, inputs 3,000).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bridge.model.panel import OPEN, Field, Panel, Row
from bridge.model.shapes import Button
from bridge.model.text import clean, shorten
from bridge.ports import Person
from bridge.render import words
from connectors.chat.slack.blocks import Block, buttons_in_rows, plain

FORM: Final = "tl:panel"
HOME: Final = "tl:home"
_TITLE, _TEXT, _ROW, _DETAIL, _HINT, _LABEL = 24, 2_900, 600, 600, 150, 75
_ROWS: Final = 40  # each may take two blocks; a view holds 100
_OPTIONS: Final = 100
_METADATA: Final = 3_000
_BYTES: Final = 180_000  # of a view's blocks; Slack takes 250,000 (error view_too_large)
Links = Callable[[str], str]  # a thread's ref to the address that opens it


@dataclass(frozen=True, slots=True)
class Where:
    """What a view carries along: where it was asked for, which panel it is, what its form does."""

    desk: str
    thread: str | None = None
    ref: str | None = None
    panel: str = ""
    value: str = ""
    action: str = ""
    carries: str = ""  # the value of the submit button
    kept: Mapping[str, str] = field(default_factory=dict)

    def written(self) -> str:
        """Write it as private_metadata. What was looked for may be too long to go along, and is cut."""
        whole = {name: getattr(self, name) for name in self.__slots__}
        room = _METADATA - len(json.dumps({**whole, "value": ""}, ensure_ascii=False))
        return json.dumps({**whole, "value": self.value[: max(room // 2, 0)]}, ensure_ascii=False)


def read(view: Mapping[str, Any]) -> Where | None:
    """Read what a view carried along; None: it is none of these."""
    try:
        found = json.loads(view.get("private_metadata") or "")
        return Where(**found)
    except (ValueError, TypeError):
        return None


def modal(panel: Panel, where: Where, links: Links) -> Block:
    """Draw a panel as a modal. where: of who asked; the form's part is added here."""
    submit = panel.submit
    carried = Where(
        where.desk,
        where.thread,
        where.ref,
        panel.name,
        where.value,
        submit.action if submit else "",
        submit.value if submit else "",
        dict(panel.kept),
    )
    view: Block = {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(panel.title, _TITLE),
        "close": plain(words.CANCEL if submit else words.CLOSE, _TITLE),
        "private_metadata": carried.written(),
        "blocks": _blocks(panel, links) or [_section(" ")],
    }
    if submit:
        view["submit"] = plain(submit.label, _TITLE)
    return view


def home(panel: Panel, where: Where, links: Links, more: tuple[Button, ...]) -> Block:
    """Draw a panel as the Home tab; more: what to go to from there."""
    head = {"type": "header", "text": plain(panel.title, 150)}
    blocks = [head, *buttons_in_rows(more, 100), *_blocks(panel, links)]
    return {"type": "home", "callback_id": HOME, "private_metadata": where.written(), "blocks": blocks[:100]}


def _section(text: str) -> Block:
    return {"type": "section", "text": plain(text, _TEXT)}


def _blocks(panel: Panel, links: Links) -> list[Block]:
    blocks: list[Block] = [_section(panel.text)] if panel.text else []
    blocks += [_input(one) for one in panel.fields]
    for number, row in enumerate(panel.rows[:_ROWS]):
        blocks += _row(row, number, links)
    after = buttons_in_rows(panel.buttons, 900)
    while len(blocks) + len(after) > 98 or len(json.dumps(blocks)) > _BYTES:
        blocks.pop()
    return blocks + after


def _row(row: Row, number: int, links: Links) -> list[Block]:
    text = shorten(clean(row.text), _ROW)
    block = _section(text)
    blocks = [block]
    if row.detail:
        blocks.append({"type": "context", "elements": [plain(row.detail, _DETAIL)]})
    address = links(row.thread) if row.thread else ""
    if address:
        block["accessory"] = {
            "type": "button",
            "text": plain(words.GO_THERE, _LABEL),
            "action_id": f"tl:go:{number}",
            "url": address,
        }
    elif len(row.buttons) == 1:
        element: Block = buttons_in_rows(row.buttons, number)[0]["elements"][0]
        block["accessory"] = element
    elif row.buttons:
        blocks += buttons_in_rows(row.buttons, 200 + number * 5)
    return blocks


def _input(one: Field) -> Block:
    element: Block = {"action_id": one.name}
    match one.kind:
        case "choice":
            options = [_option(shown, value) for value, shown in one.options[:_OPTIONS]]
            element |= {"type": "static_select", "options": options}
            chosen = [option for option in options if option["value"] == one.value]
            element |= {"initial_option": chosen[0]} if chosen else {}
        case "choices":
            options = [_option(shown, value) for value, shown in one.options[:_OPTIONS]]
            ticked = [option for option in options if option["value"] in one.value.splitlines()]
            element |= {"type": "multi_static_select", "options": options}
            element |= {"initial_options": ticked} if ticked else {}
        case "person":
            element |= {"type": "external_select", "min_query_length": 2}
            element |= {"placeholder": plain(one.hint or one.label, _HINT)}
            shown = dict(one.options).get(one.value, one.value)
            element |= {"initial_option": _option(shown, one.value)} if one.value else {}
        case _:
            element |= {"type": "plain_text_input", "max_length": min(one.max_length, 3000)}
            element |= {"multiline": True} if one.kind == "text" else {}
            element |= {"initial_value": one.value[: min(one.max_length, 3000)]} if one.value else {}
            element |= {"placeholder": plain(one.hint, _HINT)} if one.hint else {}
    return {
        "type": "input",
        "block_id": one.name,
        "label": plain(one.label, 2000),
        "optional": one.optional,
        "element": element,
    }


def _option(shown: str, value: str) -> Block:
    return {"text": plain(shown, _LABEL), "value": value[:150]}


def suggestions(people: list[Person]) -> list[Block]:
    """Offer people in a menu that is typed into."""
    return [_option(one.shown, one.address) for one in people[:_OPTIONS]]


def opens_panel(action: str) -> bool:
    """Say whether a button only opens another panel."""
    return action == OPEN
