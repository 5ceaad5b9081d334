"""A channel as people see it, in plain text: roots, indented replies, reactions, buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .text import EMOJI, readable
from .views import View
from .world import Channel, Message, World

Names = Callable[[str], str]
Block = dict[str, Any]


def transcript(world: World, channel: Channel) -> str:
    """Return everything in a channel, oldest first; what only one person saw is marked as such."""
    lines = [f"#{channel.name}{' (archived)' if channel.archived else ''}"]
    for root in channel.roots():
        lines += _message_lines(world, root, "")
        for reply in channel.replies(root["ts"]) if root.get("thread_ts", root["ts"]) == root["ts"] else ():
            lines += _message_lines(world, reply, "    ")
    for seen in world.ephemerals:
        if seen.channel == channel.id:
            body = render_blocks(seen.blocks, world.name_of) or [readable(seen.text, world.name_of)]
            where = " in a thread" if seen.thread_ts else ""
            lines.append(f"(only {world.name_of(seen.user)} sees{where}) {body[0]}")
            lines += [f"    {line}" for line in body[1:]]
    return "\n".join(lines)


def _message_lines(world: World, message: Message, indent: str) -> list[str]:
    author = message.get("username") or world.name_of(str(message.get("user", message.get("bot_id", "?"))))
    body = render_message(message, world.name_of) or [""]
    marks = ""
    if message.get("subtype") == "thread_broadcast":
        marks += " (also sent to the channel)"
    if message.get("edited"):
        marks += " (edited)"
    lines = [f"{indent}{author}: {body[0]}{marks}", *(f"{indent}  {line}" for line in body[1:])]
    if message.get("reactions"):
        lines.append(f"{indent}  {' '.join(_reaction(reaction) for reaction in message['reactions'])}")
    return lines


def _reaction(reaction: dict[str, Any]) -> str:
    name = reaction["name"].partition("::")[0]
    symbol = EMOJI.get(name, f":{name}:")
    return f"[{symbol}]" if reaction["count"] == 1 else f"[{symbol} {reaction['count']}]"


def render_message(message: Message, name_of: Names) -> list[str]:
    """Return the lines of one message: its blocks where it has any, else its text, then its files."""
    lines = render_blocks(message.get("blocks", []), name_of)
    if not lines and message.get("text"):
        lines = readable(message["text"], name_of).split("\n")
    for attachment in message.get("attachments", ()):
        words = attachment.get("title") or attachment.get("fallback") or attachment.get("text", "")
        lines.append(f"| {words}")
    for file in message.get("files", ()):
        lines.append(f"[file: {file.get('name', file.get('mode', 'unknown'))}]")
    return lines


def render_view(view: View, name_of: Names) -> str:
    """Return a modal or home tab as text."""
    title = [f"== {view['title']['text']} =="] if view.get("title") else []
    buttons = [f"({view[part]['text']})" for part in ("close", "submit") if view.get(part)]
    last = [" ".join(buttons)] if buttons else []
    return "\n".join([*title, *render_blocks(view["blocks"], name_of), *last])


def render_blocks(blocks: list[Block], name_of: Names) -> list[str]:
    """Return blocks as lines of text."""
    lines: list[str] = []
    for block in blocks:
        lines += _block(block, name_of).split("\n")
    return lines


def _block(block: Block, name_of: Names) -> str:
    match block["type"]:
        case "section":
            texts = [_text(part, name_of) for part in [block.get("text"), *block.get("fields", ())] if part]
            accessory = f" {_element(block['accessory'], name_of)}" if "accessory" in block else ""
            return "\n".join(texts) + accessory
        case "header":
            return f"# {_text(block['text'], name_of)}"
        case "context":
            return " · ".join(_element(element, name_of) for element in block["elements"])
        case "actions":
            return " ".join(_element(element, name_of) for element in block["elements"])
        case "divider":
            return "-" * 20
        case "image":
            return f"[image: {block['alt_text']}]"
        case "input":
            return f"{_text(block['label'], name_of)}: {_element(block['element'], name_of)}"
        case "rich_text":
            return "\n".join(_rich(container, name_of) for container in block["elements"])
        case "markdown":
            return str(block["text"])
        case other:
            return f"[{other}]"


def _text(text: Block, name_of: Names) -> str:
    if text["type"] == "mrkdwn":
        return readable(text["text"], name_of)
    return str(text["text"])


def _element(element: Block, name_of: Names) -> str:
    match element["type"]:
        case "mrkdwn" | "plain_text":
            return _text(element, name_of)
        case "image":
            return f"[image: {element['alt_text']}]"
        case "button":
            return f"({element['text']['text']})"
        case "overflow":
            return f"(⋯ {' | '.join(option['text']['text'] for option in element['options'])})"
        case kind if "input" in kind:
            return f"[{element.get('initial_value', '')}]"
        case _:
            return f"[{_chosen(element)} ▾]"


def _chosen(element: Block) -> str:
    option = element.get("initial_option")
    if option:
        return str(option["text"]["text"])
    placeholder = element.get("placeholder")
    return str(placeholder["text"]) if placeholder else str(element["type"])


def _rich(container: Block, name_of: Names) -> str:
    inner = container["elements"]
    match container["type"]:
        case "rich_text_list":
            ordered = container["style"] == "ordered"
            marks = [f"{number}." if ordered else "•" for number in range(1, len(inner) + 1)]
            lines = zip(marks, (_rich(item, name_of) for item in inner), strict=True)
            return "\n".join(f"{mark} {line}" for mark, line in lines)
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in _flat(inner, name_of).split("\n"))
        case _:
            return _flat(inner, name_of)


def _flat(elements: list[Block], name_of: Names) -> str:
    return "".join(_rich_element(element, name_of) for element in elements)


def _rich_element(element: Block, name_of: Names) -> str:
    match element["type"]:
        case "link":
            return str(element.get("text") or element["url"])
        case "emoji":
            codes = element.get("unicode")
            symbol = "".join(chr(int(code, 16)) for code in codes.split("-")) if codes else ""
            return symbol or EMOJI.get(element["name"], f":{element['name']}:")
        case "user":
            return f"@{name_of(element['user_id'])}"
        case "channel":
            return f"#{name_of(element['channel_id'])}"
        case "broadcast":
            return f"@{element['range']}"
        case "date":
            return str(element.get("fallback", element["timestamp"]))
        case _:
            return str(element.get("text", element.get("usergroup_id", "")))
