"""The emulated Telegram itself, without HTTP: who is where, what was written, what the bot gets to see."""

from __future__ import annotations

import itertools
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from .errors import bad, forbidden, too_many
from .state import GENERAL, Chat, Message, Person, StoredFile, Topic
from .updates import UpdateQueue

Content = Mapping[str, Any]


class Budget:
    """About 20 messages a minute and group, all topics together; edits and new topics count too."""

    def __init__(self) -> None:
        self.enforced = False
        self.limit = 20
        self.seconds = 60.0
        self._spent: defaultdict[int, list[float]] = defaultdict(list)

    def charge(self, chat: Chat, cost: int = 1) -> None:
        if not self.enforced or chat.type == "private":
            return
        now = time.monotonic()
        spent = self._spent[chat.id] = [t for t in self._spent[chat.id] if t > now - self.seconds]
        if len(spent) + cost > self.limit:
            freed_by = spent[min(len(spent), len(spent) + cost - self.limit) - 1] if spent else now
            raise too_many(freed_by + self.seconds - now)
        spent += [now] * cost


class World:
    def __init__(self, bot: Person, updates: UpdateQueue) -> None:
        self.bot = bot
        self.updates = updates
        self.budget = Budget()
        self.clock: Callable[[], float] = time.time
        self.people: dict[int, Person] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.privacy_mode = True
        self._file_numbers = itertools.count(1)

    def now(self) -> int:
        return math.floor(self.clock())

    # -- finding, with Telegram's refusals -------------------------------------------------------------

    def chat(self, chat_id: int | str) -> Chat:
        """The chat for a bot's call; refusals say whether it moved, is unknown, or shut the bot out."""
        found = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if found is None:
            if chat_id in self.people:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad("chat not found")
        if found.upgraded_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=found.upgraded_to)
        if found.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {found.type} chat")
        if found.bot_status == "left":
            raise forbidden(f"bot is not a member of the {found.type} chat")
        return found

    def thread(self, chat: Chat, thread_id: int | None) -> int | None:
        """The topic to write into. General has no id of its own here: asking for 1 is refused."""
        if not thread_id:
            return GENERAL
        if thread_id not in chat.topics:
            raise bad("message thread not found")
        return thread_id

    def topic(self, chat: Chat, thread_id: int) -> Topic:
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        if thread_id not in chat.topics:
            raise bad("TOPIC_ID_INVALID")
        return chat.topics[thread_id]

    @staticmethod
    def message(chat: Chat, message_id: int, what: str) -> Message:
        if message_id not in chat.messages:
            raise bad(f"message to {what} not found")
        return chat.messages[message_id]

    # -- writing ---------------------------------------------------------------------------------------

    def write(
        self,
        chat: Chat,
        sender: Person,
        content: Content,
        topic: int | None = GENERAL,
        reply_to: Message | None = None,
    ) -> Message:
        """Store a message as everybody will see it from now on."""
        data: dict[str, Any] = {
            "message_id": chat.next_message_id(),
            "from": sender.json(),
            "chat": chat.json(),
            "date": self.now(),
        }
        if topic is not GENERAL:
            data |= {"message_thread_id": topic, "is_topic_message": True}
            # What is no reply still answers the service message that made the topic.
            reply_to = reply_to or chat.messages.get(topic)
        if reply_to is not None:
            data["reply_to_message"] = {k: v for k, v in reply_to.data.items() if k != "reply_to_message"}
        message = Message(data | dict(content), topic)
        chat.messages[message.message_id] = message
        return message

    def announce(self, chat: Chat, message: Message, kind: str = "message") -> None:
        """Tell the bot, as far as it gets to see this message."""
        if self._visible(chat, message):
            self.updates.push(kind, message.data, chat.id)

    def service(self, chat: Chat, actor: Person, content: Content, topic: int | None = GENERAL) -> Message:
        """A service message; the bot is told even of those it caused."""
        message = self.write(chat, actor, content, topic)
        self.announce(chat, message)
        return message

    def _visible(self, chat: Chat, message: Message) -> bool:
        if chat.bot_status in ("kicked", "left"):
            return False
        if chat.type == "private" or chat.bot_status == "administrator" or not self.privacy_mode:
            return True
        if message.service:
            return True
        replied = message.data.get("reply_to_message", {}).get("from", {}).get("id")
        mentioned = f"@{self.bot.username}" in message.text
        return message.text.startswith("/") or mentioned or replied == self.bot.id

    def open_topic(
        self, chat: Chat, actor: Person, name: str, icon_color: int, emoji: str | None = None
    ) -> Topic:
        """A topic's id is the id of the service message that announces it."""
        topic = Topic(0, name, icon_color, emoji, by_bot=actor is self.bot)
        created = {"name": name, "icon_color": icon_color} | (
            {"icon_custom_emoji_id": emoji} if emoji else {}
        )
        message = self.write(chat, actor, {"forum_topic_created": created})
        topic.id = message.topic = message.message_id
        message.data |= {"message_thread_id": topic.id, "is_topic_message": True}
        chat.topics[topic.id] = topic
        self.announce(chat, message)
        return topic

    def drop_topic(self, chat: Chat, topic_id: int) -> None:
        """Messages go with their topic; nobody is told."""
        chat.topics.pop(topic_id)
        for message in chat.in_topic(topic_id):
            self.erase(chat, message.message_id)

    @staticmethod
    def erase(chat: Chat, message_id: int) -> None:
        chat.messages.pop(message_id, None)
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)

    def keep_file(self, content: bytes, folder: str, name: str | None, mime_type: str) -> StoredFile:
        number = next(self._file_numbers)
        suffix = name.rpartition(".")[2] if name and "." in name else mime_type.rpartition("/")[2]
        path = f"{folder}/file_{number}.{suffix}"
        stored = StoredFile(f"AgACAgQAAx-{number:06}", f"AQAD{number:06}", path, content, name, mime_type)
        self.files[stored.file_id] = stored
        return stored

    def bot_member(self, chat: Chat) -> dict[str, Any]:
        return self.member(chat, self.bot)

    def member(self, chat: Chat, person: Person) -> dict[str, Any]:
        status = chat.bot_status if person is self.bot else self._status(chat, person)
        shown: dict[str, Any] = {"status": status, "user": person.json()}
        if status == "administrator":
            rights = chat.bot_rights if person is self.bot else dict.fromkeys(chat.bot_rights, True)
            shown |= {"can_be_edited": False, "is_anonymous": False, **rights}
        elif status == "kicked":
            shown["until_date"] = 0
        return shown

    @staticmethod
    def _status(chat: Chat, person: Person) -> str:
        if person.id in chat.admins:
            return "administrator"
        return "member" if person.id in chat.members else "left"
