"""The methods that change what was written: edits, deletion, reactions, pins, answers to button presses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from telegram.constants import ReactionEmoji

from .call import Call, Method
from .errors import bad
from .sending import caption_content, checked_keyboard, text_content
from .state import Chat, Message, Person
from .world import World

REACTIONS = frozenset(emoji.value for emoji in ReactionEmoji)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_OWN_DELETABLE_SECONDS = 48 * 3600


@dataclass(eq=False)
class Press:
    """A button somebody pressed, and what the bot answered to it (their client spins until then)."""

    id: str
    user: Person
    data: str
    pressed_at: float
    answered: bool = False
    text: str | None = None
    show_alert: bool = False
    url: str | None = None


class Editing:
    def __init__(self, world: World) -> None:
        self._world = world
        self.presses: dict[str, Press] = {}
        self.press_lifetime = 15.0

    def methods(self) -> dict[str, Method]:
        return {
            "editMessageText": self.edit_text,
            "editMessageCaption": self.edit_caption,
            "editMessageReplyMarkup": self.edit_keyboard,
            "deleteMessage": self.delete,
            "deleteMessages": self.delete_several,
            "setMessageReaction": self.react,
            "pinChatMessage": self.pin,
            "unpinChatMessage": self.unpin,
            "answerCallbackQuery": self.answer_press,
        }

    def _own(self, call: Call, what: str = "edit") -> tuple[Chat, Message]:
        if call.get("inline_message_id"):
            raise bad("MESSAGE_ID_INVALID")
        chat = self._world.chat(call["chat_id"])
        message = self._world.message(chat, call["message_id"], what)
        if message.data["from"]["id"] != self._world.bot.id or message.service:
            raise bad("message can't be edited")
        return chat, message

    def _replace(
        self, chat: Chat, message: Message, old: tuple[str, ...], new: dict[str, Any]
    ) -> dict[str, Any]:
        """Put `new` in the place of the fields `old`; an unchanged message is an error, as with Telegram."""
        if {key: message.data[key] for key in old if key in message.data} == new:
            raise bad(_NOT_MODIFIED)
        self._world.budget.charge(chat)
        for key in old:
            message.data.pop(key, None)
        message.data |= new | {"edit_date": self._world.now()}
        return message.data

    async def edit_text(self, call: Call) -> dict[str, Any]:
        """Without reply_markup the old keyboard goes: forgetting it loses the buttons."""
        chat, message = self._own(call)
        if "text" not in message.data:
            raise bad("there is no text in the message to edit")
        new = text_content(call) | _keyboard(call)
        return self._replace(chat, message, ("text", "entities", "link_preview_options", "reply_markup"), new)

    async def edit_caption(self, call: Call) -> dict[str, Any]:
        chat, message = self._own(call)
        if "text" in message.data:
            raise bad("there is no caption in the message to edit")
        new = caption_content(call.params) | _keyboard(call)
        return self._replace(chat, message, ("caption", "caption_entities", "reply_markup"), new)

    async def edit_keyboard(self, call: Call) -> dict[str, Any]:
        chat, message = self._own(call)
        return self._replace(chat, message, ("reply_markup",), _keyboard(call))

    async def delete(self, call: Call) -> bool:
        chat = self._world.chat(call["chat_id"])
        message = self._world.message(chat, call["message_id"], "delete")
        own = message.data["from"]["id"] == self._world.bot.id
        recent = self._world.now() - message.data["date"] < _OWN_DELETABLE_SECONDS
        if "forum_topic_created" in message.data or not (chat.may("can_delete_messages") or (own and recent)):
            raise bad("message can't be deleted")
        self._world.erase(chat, message.message_id)
        return True

    async def delete_several(self, call: Call) -> bool:
        """Messages that are not there are skipped."""
        chat = self._world.chat(call["chat_id"])
        for message_id in call["message_ids"]:
            if message_id in chat.messages:
                await self.delete(Call("deleteMessage", {"chat_id": chat.id, "message_id": message_id}))
        return True

    async def react(self, call: Call) -> bool:
        chat = self._world.chat(call["chat_id"])
        message = self._world.message(chat, call["message_id"], "react")
        if chat.type != "private" and chat.bot_status != "administrator":
            raise bad("not enough rights to change reactions of the message")
        wanted = call.get("reaction") or []
        if len(wanted) > 1:
            raise bad("REACTIONS_TOO_MANY")
        emoji = [reaction.get("emoji") for reaction in wanted]
        if any(one not in REACTIONS for one in emoji) or message.service:
            raise bad("REACTION_INVALID")
        message.reactions.pop(self._world.bot.id, None)
        if emoji:
            message.reactions[self._world.bot.id] = emoji
        return True

    def _pinnable(self, call: Call) -> Chat:
        chat = self._world.chat(call["chat_id"])
        if chat.type != "private" and not chat.may("can_pin_messages"):
            raise bad("not enough rights to manage pinned messages in the chat")
        return chat

    async def pin(self, call: Call) -> bool:
        chat = self._pinnable(call)
        message = self._world.message(chat, call["message_id"], "pin")
        if message.message_id not in chat.pinned:
            chat.pinned.append(message.message_id)
            shown = {k: v for k, v in message.data.items() if k != "reply_to_message"}
            self._world.service(chat, self._world.bot, {"pinned_message": shown}, message.topic)
        return True

    async def unpin(self, call: Call) -> bool:
        chat = self._pinnable(call)
        wanted = call.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
        if wanted not in chat.pinned:
            raise bad("message to unpin not found")
        chat.pinned.remove(wanted)
        return True

    async def answer_press(self, call: Call) -> bool:
        press = self.presses.get(call["callback_query_id"])
        if press is None or press.answered or time.monotonic() - press.pressed_at > self.press_lifetime:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(call.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        press.answered = True
        press.text, press.url = call.get("text"), call.get("url")
        press.show_alert = bool(call.get("show_alert"))
        return True


def _keyboard(call: Call) -> dict[str, Any]:
    keyboard = checked_keyboard(call.get("reply_markup"))
    return {"reply_markup": keyboard} if keyboard else {}
