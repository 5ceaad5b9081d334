"""What the Slack emulator holds, drawn: messages with their blocks, modals, the Home tab."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from tests.emulators.slack.text import EMOJI, readable
from tests.emulators.slack.world import Ephemeral
from tests.pictures.paper import button, message, tag, words

Block = dict[str, Any]
Names = Callable[[str], str]


def said(one: Block, name_of: Names, below: bool = False) -> str:
    """Draw a message of a channel."""
    name = name_of(str(one.get("user", "")))
    own = drawn(one["blocks"], name_of) if one.get("blocks") else [_text(readable(one["text"], name_of))]
    marks = [tag("mark", words(_sign(mark["name"])), "span") for mark in one.get("reactions", ())]
    return message(name, _time(one["ts"]), [*own, tag("row", "".join(marks)) if marks else ""], below)


def alone(one: Ephemeral, app: str) -> str:
    """Draw what one person sees."""
    own = drawn(one.blocks, str) if one.blocks else [_text(readable(one.text, str))]
    return message(app, _time(one.ts), own, below=True, alone=True)


def menu(entries: Iterable[Block]) -> str:
    """Draw an opened ⋯ menu."""
    return tag("menu", "".join(tag("", words(entry["text"]["text"])) for entry in entries))


def view(one: Block) -> str:
    """Draw a modal or the Home tab."""
    inside = tag("", "".join(drawn(one["blocks"], str)))
    if one["type"] == "home":
        return tag("box", inside)
    keys = button(one["close"]["text"]) if one.get("close") else ""
    keys += button(one["submit"]["text"], "main") if one.get("submit") else ""
    return tag("box", tag("top", words(one["title"]["text"])) + inside + tag("foot", keys))


def drawn(blocks: list[Block], name_of: Names) -> list[str]:
    """Draw blocks one below another."""
    return [_block(block, name_of) for block in blocks]


def _block(block: Block, name_of: Names) -> str:
    match block["type"]:
        case "header":
            return tag("head", words(block["text"]["text"]))
        case "section":
            text = _text(block["text"]["text"]) if block.get("text") else ""
            if block.get("fields"):
                text += tag("facts", "".join(_text(one["text"]) for one in block["fields"]))
            side = _element(block["accessory"]) if "accessory" in block else ""
            return tag("split", tag("", text) + side) if side else text
        case "context":
            return tag("small", words(" · ".join(one["text"] for one in block["elements"])))
        case "actions":
            return tag("row", "".join(_element(one) for one in block["elements"]))
        case "input":
            label = block["label"]["text"] + (" (optional)" if block.get("optional") else "")
            return tag("label", words(label)) + _element(block["element"])
        case "rich_text":
            return "".join(tag("body", _rich(one, name_of)) for one in block["elements"])
        case other:
            raise ValueError(f"no picture of a block of type {other} yet")


def _element(one: Block) -> str:
    match one["type"]:
        case "button":
            return button(one["text"]["text"], one.get("style", ""))
        case "overflow":
            return button("⋯")
        case "plain_text_input":
            return tag("field", words(one.get("initial_value", "")))
        case _:
            chosen = one.get("initial_option") or {"text": one.get("placeholder", {"text": ""})}
            return tag("field", words(f"{chosen['text']['text']} ▾"))


def _rich(container: Block, name_of: Names) -> str:
    parts = []
    for one in container["elements"]:
        match one["type"]:
            case "emoji":
                text = _sign(one["name"])
            case "user":
                text = f"@{name_of(one['user_id'])}"
            case _:
                text = str(one.get("text") or one.get("url", ""))
        bold = one.get("style", {}).get("bold")
        parts.append(tag("name", words(text), "span") if bold else words(text))
    return "".join(parts)


def _text(text: str) -> str:
    return tag("body", words(text))


def _sign(name: str) -> str:
    return EMOJI.get(name, f":{name}:")


def _time(ts: str) -> str:
    return datetime.fromtimestamp(float(ts), UTC).strftime("%H:%M")
