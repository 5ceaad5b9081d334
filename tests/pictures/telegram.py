"""What the Telegram emulator holds, drawn: a topic's messages with their buttons and reactions."""

from datetime import UTC, datetime
from typing import Any

from tests.emulators.telegram.state import Message
from tests.pictures.paper import button, message, tag, words


def said(one: Message) -> str:
    """Draw a message."""
    data = one.data
    author = data["from"]["first_name"]
    quoted = data.get("reply_to_message")
    answers = bool(quoted) and quoted["message_id"] != one.topic
    above = tag("quote", words((quoted.get("text") or "…")[:60])) if answers else ""
    body = tag("body", _styled(one.text, data.get("entities", [])))
    marks = [tag("mark", words(sign), "span") for signs in one.reactions.values() for sign in signs]
    bubble = tag("bubble", above + body + (tag("row", "".join(marks)) if marks else ""))
    return message(author, _time(data["date"]), [bubble, _keys(data)])


def _keys(data: dict[str, Any]) -> str:
    rows = data.get("reply_markup", {}).get("inline_keyboard", [])
    drawn = [
        f'<div style="display:grid;gap:5px;grid-template-columns:repeat({len(row)},1fr)">'
        + "".join(button(one["text"], one.get("style", "")) for one in row)
        + "</div>"
        for row in rows
    ]
    return tag("keys", "".join(drawn)) if drawn else ""


def _styled(text: str, entities: list[dict[str, Any]]) -> str:
    """Write text with what is bold or slanted in it; offsets count as UTF-16 does."""
    raw = text.encode("utf-16-le")
    at, parts = 0, []
    for one in sorted(entities, key=lambda one: int(one["offset"])):
        if one["type"] not in ("bold", "italic"):
            continue
        start, end = one["offset"] * 2, (one["offset"] + one["length"]) * 2
        inside = words(raw[start:end].decode("utf-16-le"))
        parts += [words(raw[at:start].decode("utf-16-le")), f"<{one['type'][0]}>{inside}</{one['type'][0]}>"]
        at = end
    return "".join([*parts, words(raw[at:].decode("utf-16-le"))])


def _time(date: int) -> str:
    return datetime.fromtimestamp(date, UTC).strftime("%H:%M")
