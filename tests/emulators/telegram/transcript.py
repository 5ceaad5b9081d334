"""A group as a person would see it, in plain text: for assertions, and for looking at when one fails."""

from __future__ import annotations

from typing import Any

from .state import GENERAL, Chat, Message, Person

_MEDIA = ("photo", "animation", "document", "video", "audio", "voice")


def transcript(chat: Chat, people: dict[int, Person], *, ids: bool = False) -> str:
    """Topics as sections in the order of their making; service messages are left out."""
    sections = [_section("General", chat, GENERAL, people, ids)] if chat.is_forum else []
    if not chat.is_forum:
        sections = [_section(chat.title, chat, GENERAL, people, ids)]
    for topic in chat.topics.values():
        name = topic.name + (" (closed)" if topic.closed else "")
        sections.append(_section(name, chat, topic.id, people, ids))
    return "\n\n".join(section for section in sections if section)


def _section(name: str, chat: Chat, topic: int | None, people: dict[int, Person], ids: bool) -> str:
    heading = f"== {name} ==" + (f" [{topic}]" if ids and topic else "")
    messages = [message for message in chat.in_topic(topic) if not message.service]
    return "\n".join([heading] + [_lines(message, chat, people, ids) for message in messages])


def _lines(message: Message, chat: Chat, people: dict[int, Person], ids: bool) -> str:
    data = message.data
    body = " ".join([*_media(data), message.text]).strip()
    lines = body.split("\n")
    marks = ("📌 " if message.message_id in chat.pinned else "") + _reply(message)
    number = f"[{message.message_id}] " if ids else ""
    edited = " (edited)" if "edit_date" in data else ""
    shown = [f"{number}{_author(data)}: {marks}{lines[0]}", *(f"    {line}" for line in lines[1:])]
    shown[-1] += edited
    keyboard = data.get("reply_markup", {}).get("inline_keyboard", [])
    shown += ["    " + " ".join(f"({button['text']})" for button in row) for row in keyboard]
    if message.reactions:
        shown.append("    " + ", ".join(_reactions(message, people)))
    return "\n".join(shown)


def _author(data: dict[str, Any]) -> str:
    if "sender_chat" in data:
        return f"{data['sender_chat']['title']} (anonymous)"
    author = data["from"]
    return " ".join(filter(None, (author["first_name"], author.get("last_name"))))


def _reply(message: Message) -> str:
    replied = message.data.get("reply_to_message")
    if not replied or replied["message_id"] == message.topic:
        return ""
    quoted = (replied.get("text") or replied.get("caption") or "…").split("\n")[0]
    return f"↳“{quoted[:30]}” "


def _reactions(message: Message, people: dict[int, Person]) -> list[str]:
    return [f"{''.join(emoji)} {people[who].name}" for who, emoji in message.reactions.items()]


def _media(data: dict[str, Any]) -> list[str]:
    if contact := data.get("contact"):
        return [f"[contact {contact['first_name']} {contact['phone_number']}]"]
    for kind in _MEDIA:
        if kind in data:
            name = data[kind].get("file_name") if isinstance(data[kind], dict) else None
            return [f"[{kind} {name}]" if name else f"[{kind}]"]
    return []
