"""What the emulated Telegram remembers: people, chats, topics, messages, files.

Messages are kept as the JSON that the Bot API would show, so that nothing is rendered in two ways.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from telegram.constants import ForumIconColor

ICON_COLORS = frozenset(int(color) for color in ForumIconColor)
GENERAL = None
ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_pin_messages", "can_manage_topics",
)  # fmt: skip

_message_numbers = itertools.count(11)


@dataclass(eq=False)
class Person:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = "en"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def json(self) -> dict[str, Any]:
        shown = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username}
        if not self.is_bot:
            optional["language_code"] = self.language_code
        return shown | {key: value for key, value in optional.items() if value is not None}


# Telegram's own stand-ins for people who write anonymously: nobody can be held to these names.
ANONYMOUS_ADMIN = Person(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Person(136817688, "Channel", username="Channel_Bot", is_bot=True)


@dataclass(eq=False)
class Topic:
    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    by_bot: bool = False

    def json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "message_thread_id": self.id,
            "name": self.name,
            "icon_color": self.icon_color,
        }
        if self.icon_custom_emoji_id:
            shown["icon_custom_emoji_id"] = self.icon_custom_emoji_id
        return shown


@dataclass(eq=False)
class Message:
    """One stored message: `data` is its Bot API form; the rest is what the API shows only to clients."""

    data: dict[str, Any]
    topic: int | None = GENERAL
    reactions: dict[int, list[str]] = field(default_factory=dict)
    album: list[Message] = field(default_factory=list)

    @property
    def message_id(self) -> int:
        return int(self.data["message_id"])

    @property
    def text(self) -> str:
        return self.data.get("text") or self.data.get("caption") or ""

    @property
    def buttons(self) -> list[dict[str, Any]]:
        rows = self.data.get("reply_markup", {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def service(self) -> bool:
        return any(key in self.data for key in SERVICE_KEYS)


SERVICE_KEYS = (
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "pinned_message",
    "new_chat_members", "left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_title",
)  # fmt: skip


@dataclass(eq=False)
class Chat:
    id: int
    title: str
    type: str = "supergroup"
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    members: dict[int, Person] = field(default_factory=dict)
    admins: set[int] = field(default_factory=set)
    bot_status: str = "administrator"
    bot_rights: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(ADMIN_RIGHTS, True))
    upgraded_to: int | None = None
    _next_id: int = 0

    def next_message_id(self) -> int:
        """Supergroups number for themselves, so two chats share message ids; id 1 is the General topic."""
        if self.type != "supergroup":
            return next(_message_numbers)
        self._next_id = max(self._next_id + 1, 2)
        return self._next_id

    def json(self) -> dict[str, Any]:
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        shown: dict[str, Any] = {"id": self.id, "type": self.type, "title": self.title}
        return shown | ({"is_forum": True} if self.is_forum else {})

    def may(self, right: str) -> bool:
        return self.bot_status == "administrator" and self.bot_rights.get(right, False)

    def topic_named(self, name: str) -> Topic:
        found = [topic for topic in self.topics.values() if topic.name == name]
        if not found:
            raise LookupError(f"no topic named {name!r}; there are {[t.name for t in self.topics.values()]}")
        return found[-1]

    def in_topic(self, topic: int | None) -> list[Message]:
        return [message for message in self.messages.values() if message.topic == topic]


@dataclass(eq=False)
class StoredFile:
    file_id: str
    unique_id: str
    path: str
    content: bytes
    name: str | None
    mime_type: str
