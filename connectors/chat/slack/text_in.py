"""What staff wrote, as the person with the phone will read it: no markup, no ids, emoji as characters.

The `rich_text` block is the source wherever there is one: its text is literal and its emoji carry
their code points (docs.slack.dev/reference/block-kit/blocks/rich-text-block). Only where there is none
is `text` read, with the escapes of docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connectors.chat.slack import emoji

Kind = Literal["user", "usergroup", "channel"]
Named = tuple[Kind, str]
NameOf = Callable[[Named], str]
Element = Mapping[str, Any]

_TOKEN = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!subteam\^(?P<usergroup>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<#(?P<channel>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<broadcast>here|channel|everyone)(?:\|[^>]*)?>"
    r"|<!date\^[^>|]*\|(?P<date>[^>]*)>"
    r"|<(?P<url>[^@#!|>][^|>]*)(?:\|(?P<label>[^>]*))?>"
)
_SHORT_NAME = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)")
_KINDS: tuple[Kind, ...] = ("user", "usergroup", "channel")
_ADDRESSING = ("user", "usergroup", "broadcast")


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says."""

    text: str
    starts_with_mention: bool


def read(message: Mapping[str, Any], name_of: NameOf) -> Words:
    """Read a message event or a message of the history."""
    blocks = _rich_blocks(message)
    if not blocks:
        text = str(message.get("text") or "")
        return Words(_from_text(text, name_of).strip(), _text_addresses(text))
    parts = [_container(container, name_of) for block in blocks for container in block.get("elements", ())]
    return Words(_in_lines(parts).strip(), _blocks_address(blocks))


def named_in(message: Mapping[str, Any]) -> frozenset[Named]:
    """Give whom and what a message names, so that the names can be fetched before it is read."""
    blocks = _rich_blocks(message)
    if not blocks:
        matches = _TOKEN.finditer(str(message.get("text") or ""))
        return frozenset(named for match in matches if (named := _named(match.groupdict())))
    return frozenset(
        (kind, str(element[f"{kind}_id"]))
        for element in _inline(blocks)
        for kind in _KINDS
        if element.get("type") == kind and element.get(f"{kind}_id")
    )


def _rich_blocks(message: Mapping[str, Any]) -> list[Element]:
    return [block for block in message.get("blocks") or () if block.get("type") == "rich_text"]


def _inline(elements: list[Element]) -> Iterator[Element]:
    """Walk down to what stands in the lines: texts, links, mentions, emoji."""
    for element in elements:
        inner = element.get("elements")
        if isinstance(inner, list):
            yield from _inline(inner)
        else:
            yield element


def _blocks_address(blocks: list[Element]) -> bool:
    for element in _inline(blocks):
        if element.get("type") == "text" and not str(element.get("text", "")).strip():
            continue
        return element.get("type") in _ADDRESSING
    return False


def _text_addresses(text: str) -> bool:
    match = _TOKEN.match(text.lstrip())
    return bool(match and any(match[kind] for kind in _ADDRESSING))


# -- rich_text -----------------------------------------------------------------------------------------------


def _in_lines(parts: list[str]) -> str:
    """Join containers, each on lines of its own; sections before a list end in a line break already."""
    text = ""
    for part in parts:
        text += part if not text or text.endswith("\n") else "\n" + part
    return text


def _container(container: Element, name_of: NameOf) -> str:
    inner = container.get("elements", ())
    kind = container.get("type")
    if kind == "rich_text_list":
        return _list(container, name_of)
    text = "".join(_element(element, name_of) for element in inner)
    if kind == "rich_text_quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    return text


def _list(container: Element, name_of: NameOf) -> str:
    indent = "  " * int(container.get("indent") or 0)
    first = int(container.get("offset") or 0) + 1
    ordered = container.get("style") == "ordered"
    return "\n".join(
        f"{indent}{f'{number}.' if ordered else '•'} {_container(item, name_of)}"
        for number, item in enumerate(container.get("elements", ()), start=first)
    )


def _element(element: Element, name_of: NameOf) -> str:
    match element.get("type"):
        case "text":
            return str(element.get("text", ""))
        case "link":
            return _link(str(element.get("url", "")), str(element.get("text") or ""))
        case "emoji":
            return _emoji(element)
        case "user" | "usergroup" | "channel" as kind:
            return _mark(kind) + name_of((kind, str(element.get(f"{kind}_id", ""))))
        case "broadcast":
            return f"@{element.get('range', 'here')}"
        case "date":
            return str(element.get("fallback") or "")
        case "color":
            return str(element.get("value") or "")
        case _:
            return str(element.get("text") or "")


def _mark(kind: Kind) -> str:
    return "#" if kind == "channel" else "@"


def _emoji(element: Element) -> str:
    name = str(element.get("name", ""))
    code, tone = element.get("unicode"), element.get("skin_tone")
    found = emoji.by_code(str(code)) if code else emoji.by_name(name, int(tone) if tone else None)
    return found or f":{name}:"


def _link(url: str, label: str) -> str:
    """Write a link out: a text message has nothing to click but the address itself."""
    plain = _SCHEME.sub("", url).rstrip("/")
    if not label or label == url:
        return url if url.startswith("http") else plain
    if _SCHEME.sub("", label).rstrip("/") == plain:
        return label
    return f"{label} ({url if url.startswith('http') else plain})"


# -- text ----------------------------------------------------------------------------------------------------


def _from_text(text: str, name_of: NameOf) -> str:
    out, position = [], 0
    for match in _TOKEN.finditer(text):
        out += [_plain(text[position : match.start()]), _token(match, name_of)]
        position = match.end()
    return "".join([*out, _plain(text[position:])])


def _token(match: re.Match[str], name_of: NameOf) -> str:
    found = match.groupdict()
    if named := _named(found):
        return _mark(named[0]) + name_of(named)
    if found["broadcast"]:
        return f"@{found['broadcast']}"
    if found["date"] is not None:
        return unescape(found["date"])
    return _link(unescape(found["url"]), unescape(found["label"] or ""))


def _named(found: Mapping[str, str | None]) -> Named | None:
    if found["user"]:
        return "user", found["user"]
    if found["usergroup"]:
        return "usergroup", found["usergroup"]
    return ("channel", found["channel"]) if found["channel"] else None


def _plain(text: str) -> str:
    return _SHORT_NAME.sub(_short_name, unescape(text))


def _short_name(match: re.Match[str]) -> str:
    return emoji.by_name(match[1], int(match[2]) if match[2] else None) or match[0]


def unescape(text: str) -> str:
    """Undo Slack's three escapes, the ampersand last."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
