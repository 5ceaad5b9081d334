"""From what a person types to what Slack stores (`text` and a `rich_text` block), and back to plain words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Set
from typing import Any

Element = dict[str, Any]

EMOJI: dict[str, str] = {
    "+1": "👍", "-1": "👎", "heart": "❤️", "grinning": "😀", "smile": "😄", "joy": "😂", "wink": "😉",
    "slightly_smiling_face": "🙂", "blush": "😊", "cry": "😢", "sob": "😭", "thinking_face": "🤔",
    "pray": "🙏", "clap": "👏", "wave": "👋", "ok_hand": "👌", "tada": "🎉", "fire": "🔥", "eyes": "👀",
    "100": "💯", "rocket": "🚀", "warning": "⚠️", "no_entry": "⛔", "white_check_mark": "✅",
    "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️", "x": "❌", "question": "❓", "exclamation": "❗",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "arrow_right": "➡️", "arrows_counterclockwise": "🔄",
    "repeat": "🔁", "outbox_tray": "📤", "inbox_tray": "📥", "email": "✉️", "incoming_envelope": "📨",
    "speech_balloon": "💬", "lock": "🔒", "no_bell": "🔕", "bell": "🔔", "telephone_receiver": "📞",
    "iphone": "📱", "memo": "📝", "pencil2": "✏️", "paperclip": "📎", "camera": "📷", "pushpin": "📌",
    "date": "📅", "clock1": "🕐", "bust_in_silhouette": "👤", "busts_in_silhouette": "👥", "robot_face": "🤖",
    "large_green_circle": "🟢", "large_yellow_circle": "🟡", "red_circle": "🔴", "white_circle": "⚪",
    "black_circle": "⚫", "star": "⭐", "sparkles": "✨", "zap": "⚡", "coffee": "☕", "house": "🏠",
    "us": "🇺🇸", "de": "🇩🇪", "heavy_plus_sign": "➕", "heavy_minus_sign": "➖", "stop_sign": "🛑",
    "no_entry_sign": "🚫", "speaker": "🔈", "mag": "🔍", "bar_chart": "📊", "mega": "📣", "zzz": "💤",
    "raised_hand": "✋", "muscle": "💪", "information_source": "ℹ️", "shushing_face": "🤫",
}  # fmt: skip
EMOJI_NAMES: dict[str, str] = {symbol: name for name, symbol in EMOJI.items()}

_ALWAYS_EMOJI = (
    "⌚⌛⏩-⏬⏰⏳◽◾☔☕♈-♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓-❕❗➕-➗➰➿⬛⬜⭐⭕"
)
_TONES = "\U0001f3fb-\U0001f3ff"
_ONE_EMOJI = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[#*0-9]\ufe0f?\u20e3"
    f"|[{_ALWAYS_EMOJI}\U0001f300-\U0001faff]\ufe0f?[{_TONES}]?"
    f"|[\u2190-\u2bff\u2139](?:\ufe0f|[{_TONES}]))"
)
TOKEN = re.compile(
    r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!subteam\^(?P<usergroup>S[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<broadcast>channel|here|everyone)(?:\|[^>]*)?>"
    r"|<(?P<url>(?:https?|mailto|tel):[^|>]+)(?:\|(?P<label>[^>]*))?>"
    r"|(?P<bare>https?://[^\s<>]*[^\s<>.,;:!?)\]'\"])"
    r"|:(?P<short>[a-z0-9_+'-]+)(?:::skin-tone-(?P<tone>[2-6]))?:"
    f"|(?P<symbol>{_ONE_EMOJI}(?:\u200d{_ONE_EMOJI})*)"
)


def escape(text: str) -> str:
    """Escape the three characters that mean something in Slack's `text`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, custom_emoji: Set[str] = frozenset()) -> list[Element]:
    """Split what a person typed into the elements of a `rich_text_section`."""
    elements: list[Element] = []
    position = 0
    for match in TOKEN.finditer(text):
        element = _element(match, custom_emoji)
        if element is None:
            continue
        _add_text(elements, text[position : match.start()])
        elements.append(element)
        position = match.end()
    _add_text(elements, text[position:])
    return elements


def _add_text(elements: list[Element], text: str) -> None:
    if text:
        elements.append({"type": "text", "text": text})


def _element(match: re.Match[str], custom_emoji: Set[str]) -> Element | None:
    found = match.groupdict()
    if found["user"]:
        return {"type": "user", "user_id": found["user"]}
    if found["channel"]:
        return {"type": "channel", "channel_id": found["channel"]}
    if found["usergroup"]:
        return {"type": "usergroup", "usergroup_id": found["usergroup"]}
    if found["broadcast"]:
        return {"type": "broadcast", "range": found["broadcast"]}
    if found["url"]:
        label = {"text": found["label"]} if found["label"] else {}
        return {"type": "link", "url": found["url"], **label}
    if found["bare"]:
        return {"type": "link", "url": found["bare"]}
    if found["short"]:
        return _short_name(found["short"], found["tone"], custom_emoji)
    return _symbol(found["symbol"])


def _short_name(name: str, tone: str | None, custom_emoji: Set[str]) -> Element | None:
    if name in custom_emoji:
        return {"type": "emoji", "name": name}
    if name not in EMOJI:
        return None
    symbol = EMOJI[name]
    if tone:
        symbol = symbol.rstrip("\ufe0f") + chr(0x1F3FB + int(tone) - 2)
    return _symbol(symbol)


def _symbol(symbol: str) -> Element:
    tones = [character for character in symbol if 0x1F3FB <= ord(character) <= 0x1F3FF]
    bare = "".join(character for character in symbol if character not in tones)
    name = EMOJI_NAMES.get(bare) or EMOJI_NAMES.get(bare + "\ufe0f") or _invented_name(bare)
    element: Element = {"type": "emoji", "name": name, "unicode": "-".join(f"{ord(c):x}" for c in symbol)}
    if tones:
        element["skin_tone"] = ord(tones[0]) - 0x1F3FB + 2
    return element


def _invented_name(symbol: str) -> str:
    """Name an emoji outside our table after its Unicode name; readers must go by `unicode`, not by name."""
    return "_".join(re.sub(r"\W+", "_", unicodedata.name(c, "emoji").lower()) for c in symbol if c > "\u2100")


def rich_text(elements: list[Element], block_id: str) -> dict[str, Any]:
    """Wrap elements as the block that Slack's composer writes."""
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def as_text(elements: list[Element]) -> str:
    """Return the `text` field that Slack stores next to a rich_text block."""
    return "".join(_as_text(element) for element in elements)


def _as_text(element: Element) -> str:
    match element["type"]:
        case "text":
            return escape(element["text"])
        case "link":
            label = f"|{escape(element['text'])}" if element.get("text") else ""
            return f"<{element['url']}{label}>"
        case "emoji":
            tone = f"::skin-tone-{element['skin_tone']}" if "skin_tone" in element else ""
            return f":{element['name']}{tone}:"
        case "user":
            return f"<@{element['user_id']}>"
        case "channel":
            return f"<#{element['channel_id']}>"
        case "usergroup":
            return f"<!subteam^{element['usergroup_id']}>"
        case "broadcast":
            return f"<!{element['range']}>"
        case _:
            return str(element.get("text", ""))


def readable(text: str, name_of: Callable[[str], str], emoji: bool = True) -> str:
    """Return mrkdwn as a reader sees it: names for mentions, labels for links, emoji for short names."""

    def show(match: re.Match[str]) -> str:
        found = match.groupdict()
        if found["user"] or found["channel"]:
            return ("@" if found["user"] else "#") + name_of(found["user"] or found["channel"])
        if found["broadcast"]:
            return f"@{found['broadcast']}"
        if found["url"]:
            return found["label"] or found["url"]
        if found["short"] and emoji:
            return EMOJI.get(found["short"], match.group())
        return match.group()

    return unescape(TOKEN.sub(show, text))
