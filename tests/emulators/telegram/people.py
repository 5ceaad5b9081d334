"""What people do in Telegram's apps, as far as a bot notices (or, like deletions, does not)."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any

from .call import Upload
from .editing import Editing, Press
from .groups import Groups, TopicLike
from .markup import FormattedText, automatic_entities
from .media import shown_file, stored_file
from .state import ANONYMOUS_ADMIN, CHANNEL_BOT, Chat, Message, Person

File = bytes | tuple[str, bytes] | Upload
_MEDIA_TYPES = {
    "photo": "image/jpeg", "document": "application/pdf", "video": "video/mp4", "audio": "audio/mpeg",
    "voice": "audio/ogg", "animation": "video/mp4",
}  # fmt: skip


class People(Groups):
    """The human half of the emulator."""

    _editing: Editing

    def __init__(self) -> None:
        super().__init__()
        self._album_ids = itertools.count(14_000_000_000_001)
        self._press_ids = itertools.count(4_382_000_000_000_001)

    # -- writing ---------------------------------------------------------------------------------------

    async def say(
        self,
        user: Person | str,
        chat: Chat | int,
        text: str = "",
        topic: TopicLike = None,
        reply_to: Message | int | None = None,
        *,
        photo: File | None = None,
        document: File | None = None,
        video: File | None = None,
        audio: File | None = None,
        voice: File | None = None,
        animation: File | None = None,
        media_group: Sequence[tuple[str, File]] = (),
        sender_chat: Chat | None = None,
        entities: list[dict[str, Any]] | None = None,
    ) -> Message:
        """Write a message; with a file the text is its caption.

        `media_group` is a list of ("photo" | "video" | "document" | "audio", file): several messages, the
        first is returned and holds all in `.album`. `sender_chat` is the group itself for an anonymous
        administrator, or a channel. A file is bytes, (file name, bytes), or an `Upload`.
        """
        place = self.chat(chat)
        files = {
            "photo": photo, "document": document, "video": video, "audio": audio, "voice": voice,
            "animation": animation,
        }  # fmt: skip
        given = [(kind, file) for kind, file in files.items() if file is not None]
        contents = self._contents(text, given, media_group, entities)
        answered = self._message(place, reply_to) if reply_to is not None else None
        thread = answered.topic if answered and topic is None else self.topic(place, topic)
        album = [self._write(user, place, content, thread, answered, sender_chat) for content in contents]
        album[0].album = album
        return album[0]

    def _contents(
        self,
        text: str,
        files: list[tuple[str, File]],
        media_group: Sequence[tuple[str, File]],
        entities: list[dict[str, Any]] | None,
    ) -> list[dict[str, Any]]:
        if not files and not media_group:
            return [_text("text", "entities", text, entities)]
        caption = _text("caption", "caption_entities", text, entities) if text else {}
        shown = [self._shown(kind, file) for kind, file in (media_group or files[:1])]
        if media_group:
            album = {"media_group_id": str(next(self._album_ids))}
            shown = [one | album for one in shown]
        shown[0] |= caption
        return shown

    def _shown(self, kind: str, file: File) -> dict[str, Any]:
        if isinstance(file, bytes):
            file = (f"{kind}.{_MEDIA_TYPES[kind].rpartition('/')[2]}", file)
        upload = file if isinstance(file, Upload) else Upload(file[0], _MEDIA_TYPES[kind], file[1])
        return shown_file(kind, stored_file(self.world, kind, upload))

    def _write(
        self,
        user: Person | str,
        chat: Chat,
        content: dict[str, Any],
        topic: int | None,
        reply_to: Message | None,
        sender_chat: Chat | None,
    ) -> Message:
        sender = self.person(user)
        if sender_chat is not None:
            content = content | {"sender_chat": sender_chat.json()}
            sender = ANONYMOUS_ADMIN if sender_chat is chat else CHANNEL_BOT
        elif chat.type != "private":
            chat.members[sender.id] = sender
        message = self.world.write(chat, sender, content, topic, reply_to)
        self.world.announce(chat, message)
        return message

    async def share_contact(
        self,
        user: Person | str,
        chat: Chat | int,
        phone_number: str,
        first_name: str,
        topic: TopicLike = None,
    ) -> Message:
        place = self.chat(chat)
        content = {"contact": {"phone_number": phone_number, "first_name": first_name}}
        return self._write(user, place, content, self.topic(place, topic), None, None)

    async def edit(self, message: Message, text: str, *, chat: Chat | int | None = None) -> Message:
        """Change text or caption; giving the same text shows that edits may come without a change."""
        place = self.chat(chat if chat is not None else message.data["chat"]["id"])
        names = ("text", "entities") if "text" in message.data else ("caption", "caption_entities")
        for name in names:
            message.data.pop(name, None)
        message.data |= _text(*names, text, None) | {"edit_date": self.world.now()}
        self.world.announce(place, message, "edited_message")
        return message

    async def delete(self, chat: Chat | int, message: Message | int) -> None:
        """Delete a message by hand: the bot is told nothing."""
        place = self.chat(chat)
        self.world.erase(place, self._message(place, message).message_id)

    async def react(
        self,
        user: Person | str,
        chat: Chat | int,
        message: Message | int,
        emoji: str | None,
        *,
        anonymous: bool = False,
    ) -> None:
        """Set (or with None take back) a reaction; any emoji a person could find, also custom sets."""
        place, person = self.chat(chat), self.person(user)
        if place.type != "private":
            place.members.setdefault(person.id, person)
        target = self._message(place, message)
        old = target.reactions.pop(person.id, [])
        if emoji:
            target.reactions[person.id] = [emoji]
        if place.type != "private" and place.bot_status != "administrator":
            return
        payload = {
            "chat": place.json(),
            "message_id": target.message_id,
            "date": self.world.now(),
            "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        payload |= {"actor_chat": place.json()} if anonymous else {"user": person.json()}
        self.world.updates.push("message_reaction", payload, place.id)

    async def press(
        self,
        user: Person | str,
        chat: Chat | int,
        message: Message | int,
        text_or_data: str,
        *,
        inaccessible: bool = False,
        stranger: bool = False,
    ) -> Press:
        """Press an inline button found by its data, its text, or a part of its text.

        In a public group a stranger sees the buttons too; everybody else who presses is a member.
        The result tells what the bot answers (`answered`, `text`, `show_alert`).
        """
        place, person = self.chat(chat), self.person(user)
        target = self._message(place, message)
        button = _button(target, text_or_data)
        if "callback_data" not in button:
            raise LookupError(f"{button['text']!r} opens something by itself, the bot is not asked")
        if place.type != "private" and not stranger:
            place.members.setdefault(person.id, person)
        press = Press(str(next(self._press_ids)), person, button["callback_data"], time.monotonic())
        self._editing.presses[press.id] = press
        shown = target.data
        if inaccessible:
            shown = {"chat": place.json(), "message_id": target.message_id, "date": 0}
        query = {
            "id": press.id,
            "from": person.json(),
            "message": shown,
            "chat_instance": str(place.id * -7919),
        }
        self.world.updates.push("callback_query", query | {"data": press.data}, person.id)
        return press


def _text(name: str, entities_name: str, text: str, entities: list[dict[str, Any]] | None) -> dict[str, Any]:
    formatted = FormattedText(text, list(entities or []))
    found = formatted.entities + automatic_entities(formatted)
    return {name: text} | ({entities_name: sorted(found, key=lambda e: e["offset"])} if found else {})


def _button(message: Message, wanted: str) -> dict[str, Any]:
    buttons = message.buttons
    for fits in (
        lambda b: b.get("callback_data") == wanted,
        lambda b: b["text"] == wanted,
        lambda b: wanted.lower() in b["text"].lower(),
    ):
        if found := [button for button in buttons if fits(button)]:
            return found[0]
    raise LookupError(f"no button {wanted!r} on {message.text!r}; there are {[b['text'] for b in buttons]}")
