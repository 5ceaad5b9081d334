"""The methods about the bot itself, its chats, their topics, its commands, files and updates."""

from __future__ import annotations

import json
import re
from typing import Any

from .call import Call, Method
from .errors import bad
from .markup import utf16_length
from .media import DOWNLOAD_LIMIT
from .state import ICON_COLORS, Chat, Topic
from .world import World

TOPIC_NAME = 128
_DEFAULT_COLOR = 7322096
_GIFTS = (
    "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels",
)  # fmt: skip


class Chats:
    def __init__(self, world: World) -> None:
        self._world = world
        self.commands: dict[str, list[dict[str, Any]]] = {}

    def methods(self) -> dict[str, Method]:
        return {
            "getMe": self.get_me,
            "getChat": self.get_chat,
            "getChatMember": self.get_member,
            "getChatAdministrators": self.get_administrators,
            "leaveChat": self.leave,
            "createForumTopic": self.create_topic,
            "editForumTopic": self.edit_topic,
            "closeForumTopic": self.close_topic,
            "reopenForumTopic": self.reopen_topic,
            "deleteForumTopic": self.delete_topic,
            "setMyCommands": self.set_commands,
            "getMyCommands": self.get_commands,
            "deleteMyCommands": self.delete_commands,
            "getFile": self.get_file,
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.webhook_info,
        }

    # -- the bot and its chats -------------------------------------------------------------------------

    async def get_me(self, _call: Call) -> dict[str, Any]:
        return self._world.bot.json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self._world.privacy_mode,
            "supports_inline_queries": False,
        }

    async def get_chat(self, call: Call) -> dict[str, Any]:
        chat = self._world.chat(call["chat_id"])
        shown = chat.json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(_GIFTS, False),
        }
        if chat.pinned:
            pinned = chat.messages[chat.pinned[-1]].data
            shown["pinned_message"] = {k: v for k, v in pinned.items() if k != "reply_to_message"}
        return shown

    async def get_member(self, call: Call) -> dict[str, Any]:
        chat = self._world.chat(call["chat_id"])
        person = self._world.people.get(call["user_id"])
        if person is None:
            raise bad("invalid user_id specified")
        return self._world.member(chat, person)

    async def get_administrators(self, call: Call) -> list[dict[str, Any]]:
        """Bots other than the asking one are left out, so the list holds people and perhaps us."""
        chat = self._world.chat(call["chat_id"])
        people = [self._world.people[one] for one in sorted(chat.admins)]
        us = [self._world.bot] if chat.bot_status == "administrator" else []
        return [self._world.member(chat, person) for person in people + us]

    async def leave(self, call: Call) -> bool:
        self._world.chat(call["chat_id"]).bot_status = "left"
        return True

    # -- topics ----------------------------------------------------------------------------------------

    def _managed(self, call: Call, what: str) -> tuple[Chat, Topic]:
        chat = self._world.chat(call["chat_id"])
        topic = self._world.topic(chat, call["message_thread_id"])
        if not chat.may("can_manage_topics") and not topic.by_bot:
            raise bad(f"not enough rights to {what} the topic")
        return chat, topic

    async def create_topic(self, call: Call) -> dict[str, Any]:
        chat = self._world.chat(call["chat_id"])
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        if not chat.may("can_manage_topics"):
            raise bad("not enough rights to create a topic")
        name = _topic_name(call["name"])
        color = call.get("icon_color", _DEFAULT_COLOR)
        if color not in ICON_COLORS:
            raise bad("invalid forum topic icon color specified")
        self._world.budget.charge(chat)
        emoji = call.get("icon_custom_emoji_id")
        return self._world.open_topic(chat, self._world.bot, name, color, emoji).json()

    async def edit_topic(self, call: Call) -> bool:
        chat, topic = self._managed(call, "edit")
        name = call.get("name") or topic.name
        emoji = call.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
        if (name, emoji) == (topic.name, topic.icon_custom_emoji_id):
            raise bad("TOPIC_NOT_MODIFIED")
        changed = {"name": _topic_name(name)} if name != topic.name else {}
        if emoji != topic.icon_custom_emoji_id:
            changed["icon_custom_emoji_id"] = emoji or ""
        topic.name, topic.icon_custom_emoji_id = name, emoji or None
        self._world.service(chat, self._world.bot, {"forum_topic_edited": changed}, topic.id)
        return True

    def _set_closed(self, call: Call, closed: bool) -> bool:
        chat, topic = self._managed(call, "close" if closed else "reopen")
        if topic.closed is closed:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        kind = "forum_topic_closed" if closed else "forum_topic_reopened"
        self._world.service(chat, self._world.bot, {kind: {}}, topic.id)
        return True

    async def close_topic(self, call: Call) -> bool:
        return self._set_closed(call, True)

    async def reopen_topic(self, call: Call) -> bool:
        return self._set_closed(call, False)

    async def delete_topic(self, call: Call) -> bool:
        chat = self._world.chat(call["chat_id"])
        topic = self._world.topic(chat, call["message_thread_id"])
        if not chat.may("can_delete_messages"):
            raise bad("not enough rights to delete the topic")
        self._world.drop_topic(chat, topic.id)
        return True

    # -- commands and files ----------------------------------------------------------------------------

    @staticmethod
    def _scope(call: Call) -> str:
        return json.dumps(
            [call.get("scope", {"type": "default"}), call.get("language_code", "")], sort_keys=True
        )

    async def set_commands(self, call: Call) -> bool:
        commands = call["commands"]
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self._check_scope(call)
        self.commands[self._scope(call)] = commands
        return True

    def _check_scope(self, call: Call) -> None:
        chat_id = call.get("scope", {}).get("chat_id")
        if chat_id is not None:
            self._world.chat(chat_id)

    async def get_commands(self, call: Call) -> list[dict[str, Any]]:
        return self.commands.get(self._scope(call), [])

    async def delete_commands(self, call: Call) -> bool:
        self.commands.pop(self._scope(call), None)
        return True

    async def get_file(self, call: Call) -> dict[str, Any]:
        stored = self._world.files.get(call["file_id"])
        if stored is None:
            raise bad("invalid file_id")
        if len(stored.content) > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        return {
            "file_id": stored.file_id,
            "file_unique_id": stored.unique_id,
            "file_size": len(stored.content),
            "file_path": stored.path,
        }

    # -- updates ---------------------------------------------------------------------------------------

    def _remember_allowed(self, call: Call) -> None:
        """Kept until a later call names another list; an empty list means the default again."""
        if call.get("allowed_updates") is not None:
            self._world.updates.allowed = call["allowed_updates"]

    async def get_updates(self, call: Call) -> list[dict[str, Any]]:
        limit, timeout = call.get("limit", 100), call.get("timeout", 0)
        self._remember_allowed(call)
        return await self._world.updates.poll(
            call.get("offset", 0), min(max(limit, 1), 100), min(timeout, 50)
        )

    async def set_webhook(self, call: Call) -> bool:
        updates = self._world.updates
        if not 1 <= call.get("max_connections", 40) <= 100:
            raise bad("max_connections must be between 1 and 100")
        self._remember_allowed(call)
        self._drop_pending(call)
        updates.set_webhook(call["url"], call.get("secret_token"), call.get("max_connections", 40))
        return True

    async def delete_webhook(self, call: Call) -> bool:
        self._drop_pending(call)
        self._world.updates.webhook = None
        return True

    def _drop_pending(self, call: Call) -> None:
        if call.get("drop_pending_updates"):
            self._world.updates.pending.clear()

    async def webhook_info(self, _call: Call) -> dict[str, Any]:
        return self._world.updates.info()


def _topic_name(name: str) -> str:
    if not name.strip():
        raise bad("TOPIC_TITLE_EMPTY")
    if utf16_length(name) > TOPIC_NAME:
        raise bad("TOPIC_TITLE_TOO_LONG")
    return name.strip()
