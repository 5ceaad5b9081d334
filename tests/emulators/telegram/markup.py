"""Text as Telegram reads it: HTML into entities, lengths in UTF-16 units, entities in plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from .errors import bad, wrong

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_SIMPLE_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip
_TOKEN = re.compile(r"</(?P<end>[a-zA-Z0-9-]*)\s*>|<(?P<start>[^\s>/]*)(?P<attributes>[^>]*)(?P<close>>?)")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
# Telegram decodes these four and numbers; any other &name; stays as it was written.
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_AUTOMATIC = (
    # First: what is inside a link is part of the link.
    ("url", re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<!\w)#\w*[^\W\d]\w*")),
)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class FormattedText:
    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)


def read_text(
    raw: str, parse_mode: str | None, entities: list[dict[str, Any]] | None, *, limit: int
) -> FormattedText:
    """What the message will say, trimmed as Telegram trims it; raises the refusal for what it cannot read."""
    if parse_mode and parse_mode.lower() == "html":
        formatted = _parse_html(raw)
    elif parse_mode:
        raise wrong(f"this emulator reads parse_mode HTML only, not {parse_mode!r}")
    else:
        formatted = FormattedText(raw, [dict(entity) for entity in entities or []])
    _check_entities(formatted)
    formatted = _trimmed(formatted)
    if utf16_length(formatted.text) > limit:
        raise bad("message caption is too long" if limit == CAPTION_LIMIT else "message is too long")
    formatted.entities = sorted(formatted.entities + automatic_entities(formatted), key=_position)
    if len(formatted.entities) > 100:
        formatted.entities = formatted.entities[:100]
    return formatted


def automatic_entities(formatted: FormattedText) -> list[dict[str, Any]]:
    """Commands, links and mentions that Telegram finds by itself in text not yet covered by an entity."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in formatted.entities]
    found = []
    for kind, pattern in _AUTOMATIC:
        for match in pattern.finditer(formatted.text):
            start = utf16_length(formatted.text[: match.start()])
            end = start + utf16_length(match[0])
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return sorted(found, key=_position)


def _position(entity: dict[str, Any]) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _check_entities(formatted: FormattedText) -> None:
    length = utf16_length(formatted.text)
    for entity in formatted.entities:
        if entity["offset"] < 0 or entity["offset"] + entity["length"] > length:
            raise wrong(f"entity {entity['type']} ends after the end of the text (offsets are UTF-16 units)")


def _trimmed(formatted: FormattedText) -> FormattedText:
    stripped = formatted.text.rstrip()
    lead = len(stripped) - len(stripped.lstrip())
    shift = utf16_length(stripped[:lead])
    length = utf16_length(stripped[lead:])
    kept = []
    for entity in formatted.entities:
        start = max(0, entity["offset"] - shift)
        end = min(length, entity["offset"] - shift + entity["length"])
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return FormattedText(stripped[lead:], kept)


def _parse_html(source: str) -> FormattedText:
    result: list[str] = []
    units = position = 0
    open_tags: list[tuple[str, int, dict[str, str]]] = []
    entities: list[dict[str, Any]] = []
    for token in _TOKEN.finditer(source):
        plain = _decoded(source[position : token.start()])
        result.append(plain)
        units += utf16_length(plain)
        position = token.end()
        where = f"at byte offset {len(source[: token.start()].encode())}"
        if token["end"] is not None:
            entities += _closed(open_tags, token["end"].lower(), units, where)
        else:
            open_tags.append(_opened(token, units, where))
    if open_tags:
        raise bad(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\""
        )
    result.append(_decoded(source[position:]))
    return FormattedText("".join(result), entities)


def _decoded(text: str) -> str:
    return _CHARACTER.sub(lambda match: unescape(match[0]), text)


def _opened(token: re.Match[str], units: int, where: str) -> tuple[str, int, dict[str, str]]:
    name = token["start"].lower()
    if not token["close"]:
        raise bad(f"can't parse entities: Unclosed start tag {where}")
    attributes = {
        a[1].lower(): unescape(a[2] or a[3] or a[4] or "") for a in _ATTRIBUTE.finditer(token["attributes"])
    }
    known = name in _SIMPLE_TAGS or name in ("a", "tg-emoji")
    if not known and not (name == "span" and attributes.get("class") == "tg-spoiler"):
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" {where}')
    return name, units, attributes


def _closed(
    open_tags: list[tuple[str, int, dict[str, str]]], name: str, units: int, where: str
) -> list[dict[str, Any]]:
    if not open_tags:
        raise bad(f"can't parse entities: Unexpected end tag {where}")
    opened, start, attributes = open_tags.pop()
    if name and name != opened:
        raise bad(
            f'can\'t parse entities: Unmatched end tag {where}, expected "</{opened}>", found "</{name}>"'
        )
    if units == start:
        return []
    entity: dict[str, Any] = {
        "type": _SIMPLE_TAGS.get(opened, "spoiler"),
        "offset": start,
        "length": units - start,
    }
    if opened == "a":
        if "href" not in attributes:
            return []
        entity |= {"type": "text_link", "url": attributes["href"]}
    elif opened == "tg-emoji":
        entity |= {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    elif opened == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return [entity]
