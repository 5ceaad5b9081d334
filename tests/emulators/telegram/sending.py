"""The methods by which the bot writes: text, files, albums, contacts, copies."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession

from .call import Call, Method
from .errors import bad, wrong
from .markup import CAPTION_LIMIT, TEXT_LIMIT, read_text
from .media import given_file, shown_file
from .state import GENERAL, Chat, Message
from .world import World

_ALBUM_KINDS = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}
_ACTIONS = frozenset((
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
))  # fmt: skip
_BUTTON_ACTIONS = frozenset((
    "url", "callback_data", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "copy_text", "callback_game",
    "pay",
))  # fmt: skip
# What a copy takes along; who wrote it, where and when are not part of it.
_COPIED = (
    "text", "entities", "caption", "caption_entities", "photo", "document", "video", "audio", "voice",
    "animation", "contact", "link_preview_options",
)  # fmt: skip


def checked_keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """An inline keyboard as it will be shown, or None when there is none; other keyboards leave no trace."""
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    for button in (button for row in rows for button in row):
        _check_button(button)
    if sum(len(row) for row in rows) > 100:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad("Text buttons are unallowed in the inline keyboard")
    if len(_BUTTON_ACTIONS & button.keys()) != 1:
        raise wrong(f"inline button {button['text']!r} must have exactly one action")
    if not 1 <= len(str(button.get("callback_data", "x")).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if not str(button.get("url", "https://x")).startswith(("https://", "http://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def text_content(call: Call) -> dict[str, Any]:
    """The text of a call as message content; empty text is refused as Telegram does."""
    formatted = read_text(call["text"], call.get("parse_mode"), call.get("entities"), limit=TEXT_LIMIT)
    if not formatted.text:
        raise bad("message text is empty")
    content: dict[str, Any] = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    if call.get("link_preview_options"):
        content["link_preview_options"] = call["link_preview_options"]
    return content


def caption_content(given: dict[str, Any]) -> dict[str, Any]:
    formatted = read_text(
        given.get("caption", ""), given.get("parse_mode"), given.get("caption_entities"), limit=CAPTION_LIMIT
    )
    content: dict[str, Any] = {"caption": formatted.text} if formatted.text else {}
    if formatted.entities:
        content["caption_entities"] = formatted.entities
    return content


class Sending:
    def __init__(self, world: World, client: Callable[[], ClientSession]) -> None:
        self._world = world
        self._client = client
        self._albums = itertools.count(13_000_000_000_001)

    def methods(self) -> dict[str, Method]:
        files = ("Photo", "Document", "Video", "Audio", "Voice", "Animation")
        return {
            "sendMessage": self.send_message,
            "sendMediaGroup": self.send_media_group,
            "sendContact": self.send_contact,
            "copyMessage": self.copy_message,
            "sendChatAction": self.send_chat_action,
        } | {f"send{kind}": self._sender_of(kind.lower()) for kind in files}

    def _place(self, call: Call) -> tuple[Chat, int | None, Message | None]:
        """Where the call wants to write; answering a message leads into its topic."""
        chat = self._world.chat(call["chat_id"])
        thread = self._world.thread(chat, call.get("message_thread_id"))
        asked = call.get("reply_parameters")
        if not asked:
            return chat, thread, None
        answered = chat.messages.get(asked["message_id"])
        if thread is GENERAL and answered is not None:
            return chat, answered.topic, answered
        if answered is None or answered.topic != thread:
            if not asked.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            answered = None
        return chat, thread, answered

    def _send(self, call: Call, content: dict[str, Any]) -> dict[str, Any]:
        chat, thread, answered = self._place(call)
        keyboard = checked_keyboard(call.get("reply_markup"))
        if keyboard:
            content = content | {"reply_markup": keyboard}
        self._world.budget.charge(chat)
        return self._world.write(chat, self._world.bot, content, thread, answered).data

    async def send_message(self, call: Call) -> dict[str, Any]:
        return self._send(call, text_content(call))

    def _sender_of(self, kind: str) -> Method:
        async def send(call: Call) -> dict[str, Any]:
            self._place(call)
            caption = caption_content(call.params)
            stored = await given_file(self._world, self._client(), call, kind, call.get(kind))
            return self._send(call, shown_file(kind, stored, call.params) | caption)

        return send

    async def send_media_group(self, call: Call) -> list[dict[str, Any]]:
        chat, thread, answered = self._place(call)
        items = call["media"]
        if not 2 <= len(items) <= 10:
            raise wrong("an album has 2 to 10 items")
        if (
            len({_ALBUM_KINDS.get(item["type"]) for item in items}) != 1
            or items[0]["type"] not in _ALBUM_KINDS
        ):
            raise bad("documents and audio can't be mixed with other media types")
        album = str(next(self._albums))
        contents = []
        for item in items:
            stored = await given_file(self._world, self._client(), call, item["type"], item["media"])
            shown = shown_file(item["type"], stored, item) | caption_content(item)
            contents.append(shown | {"media_group_id": album})
        self._world.budget.charge(chat, len(items))
        return [self._world.write(chat, self._world.bot, c, thread, answered).data for c in contents]

    async def send_contact(self, call: Call) -> dict[str, Any]:
        names = ("phone_number", "first_name", "last_name", "vcard")
        return self._send(call, {"contact": {name: call[name] for name in names if call.get(name)}})

    async def copy_message(self, call: Call) -> dict[str, Any]:
        source = self._world.chat(call["from_chat_id"])
        original = self._world.message(source, call["message_id"], "copy")
        if original.service:
            raise bad("message can't be copied")
        content = {key: original.data[key] for key in _COPIED if key in original.data}
        if call.get("caption") is not None:
            content = {k: v for k, v in content.items() if not k.startswith("caption")} | caption_content(
                call.params
            )
        return {"message_id": self._send(call, content)["message_id"]}

    async def send_chat_action(self, call: Call) -> bool:
        """Shows «typing…»; it has a budget of its own and leaves nothing behind."""
        chat = self._world.chat(call["chat_id"])
        self._world.thread(chat, call.get("message_thread_id"))
        if call["action"] not in _ACTIONS:
            raise bad("wrong parameter action in request")
        return True
