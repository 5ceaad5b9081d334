"""The Bot API's own description, used to refuse calls that Telegram would refuse or silently misread.

The emulator is only worth something when it is stricter than our memory, so parameters and the objects
inside them are checked against the published specification. Without that file (it is not part of the
repository) a table of required parameters remains.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SPEC_FILE = Path(__file__).parents[4] / "shared/data/telegram/telegram_bot_api_trimmed.json"

# A discriminator is only told in prose: 'must be photo', 'always “emoji”'.
_FIXED_VALUE = re.compile(r"(?:must be|always) [“\"]?(\w+)[”\"]?")
_DISCRIMINATORS = frozenset({"type", "status", "source"})

_TOPIC = ("chat_id", "message_thread_id")
_MESSAGE = ("chat_id", "message_id")
_REQUIRED = {
    "getMe": (), "getUpdates": (), "getWebhookInfo": (), "deleteWebhook": (), "editMessageText": ("text",),
    "editMessageReplyMarkup": (), "editMessageCaption": (), "getMyCommands": (), "deleteMyCommands": (),
    "getChat": ("chat_id",), "getChatAdministrators": ("chat_id",), "getChatMember": ("chat_id", "user_id"),
    "setWebhook": ("url",), "sendMessage": ("chat_id", "text"), "sendPhoto": ("chat_id", "photo"),
    "sendDocument": ("chat_id", "document"), "sendVideo": ("chat_id", "video"),
    "sendAudio": ("chat_id", "audio"),
    "sendVoice": ("chat_id", "voice"), "sendAnimation": ("chat_id", "animation"),
    "sendMediaGroup": ("chat_id", "media"), "sendContact": ("chat_id", "phone_number", "first_name"),
    "deleteMessage": _MESSAGE, "deleteMessages": ("chat_id", "message_ids"), "setMessageReaction": _MESSAGE,
    "createForumTopic": ("chat_id", "name"), "editForumTopic": _TOPIC, "closeForumTopic": _TOPIC,
    "reopenForumTopic": _TOPIC, "deleteForumTopic": _TOPIC, "pinChatMessage": _MESSAGE,
    "unpinChatMessage": ("chat_id",), "answerCallbackQuery": ("callback_query_id",),
    "setMyCommands": ("commands",), "getFile": ("file_id",), "leaveChat": ("chat_id",),
    "copyMessage": ("chat_id", "from_chat_id", "message_id"), "sendChatAction": ("chat_id", "action"),
}  # fmt: skip
_FALLBACK_TYPES = {
    "Integer": "chat_id from_chat_id user_id message_id message_thread_id offset limit timeout icon_color "
    "max_connections duration width height cache_time",
    "Boolean": "disable_notification protect_content is_big show_alert drop_pending_updates "
    "disable_content_type_detection allow_sending_without_reply",
    "JSON": "reply_markup reply_parameters link_preview_options entities caption_entities reaction media "
    "commands scope allowed_updates message_ids",
}


@dataclass(frozen=True)
class Parameter:
    name: str
    types: tuple[str, ...]
    required: bool


class Specification:
    """Parameters of the methods and shapes of the objects, from the file or from the small table."""

    def __init__(self, document: Mapping[str, Any] | None) -> None:
        self.complete = document is not None
        if document is None:
            self.methods = {name: _remembered(required) for name, required in _REQUIRED.items()}
            self.types: dict[str, Any] = {}
        else:
            self.methods = {name: _parameters(method) for name, method in document["methods"].items()}
            self.types = document["types"]

    def read(
        self, method: str, given: Mapping[str, Any], uploads: set[str]
    ) -> tuple[dict[str, Any], list[str]]:
        """Parameters with their real types, and everything that is wrong with them."""
        known = self.methods[method]
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name, value in given.items():
            if name not in known:
                values[name] = value
                if self.complete:
                    problems.append(f"unknown parameter {name}")
                continue
            values[name] = _decode(value, known[name].types)
            problems += self.mismatches(values[name], known[name].types, name)
        missing = [
            p.name for p in known.values() if p.required and p.name not in given and p.name not in uploads
        ]
        problems += [f"missing parameter {name}" for name in missing]
        return values, problems

    def mismatches(self, value: Any, types: tuple[str, ...], where: str) -> list[str]:
        """Why `value` is none of `types`; empty when it is one of them."""
        attempts = [self._mismatch(value, one, where) for one in types]
        return min(attempts, key=len) if attempts else []

    def _mismatch(self, value: Any, kind: str, where: str) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: expected a list"]
            inner = kind.removeprefix("Array of ")
            return [p for i, item in enumerate(value) for p in self._mismatch(item, inner, f"{where}[{i}]")]
        if (accepts := _SCALARS.get(kind)) is not None:
            return [] if accepts(value) else [f"{where}: expected {kind}"]
        if kind not in self.types:
            return []
        return self._object_mismatch(value, kind, where)

    def _object_mismatch(self, value: Any, kind: str, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: expected {kind}"]
        described = self.types[kind]
        if subtypes := described.get("subtypes"):
            fitting = [s for s in subtypes if s in self.types and self._could_be(value, s)]
            return self.mismatches(value, tuple(fitting), where) if fitting else [f"{where}: no {kind}"]
        fields = {f["name"]: f for f in described.get("fields", [])}
        problems = [f"{where}: unknown field {name} of {kind}" for name in value if name not in fields]
        for name, field in fields.items():
            if name in value:
                problems += self.mismatches(value[name], tuple(field["types"]), f"{where}.{name}")
            elif field["required"]:
                problems.append(f"{where}: missing field {name} of {kind}")
        return problems

    def _could_be(self, value: Mapping[str, Any], kind: str) -> bool:
        for field in self.types[kind].get("fields", []):
            if field["name"] in _DISCRIMINATORS and (told := _FIXED_VALUE.search(field["description"])):
                return value.get(field["name"]) == told[1]
        return True


_SCALARS = {
    "Integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "Float": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "Boolean": lambda v: isinstance(v, bool),
    "True": lambda v: v is True,
    "String": lambda v: isinstance(v, str),
    "InputFile": lambda v: isinstance(v, str),
    "JSON": lambda v: isinstance(v, list | dict),
}


def _parameters(method: Mapping[str, Any]) -> dict[str, Parameter]:
    fields = method.get("fields", [])
    return {f["name"]: Parameter(f["name"], tuple(f["types"]), f["required"]) for f in fields}


def _remembered(required: tuple[str, ...]) -> dict[str, Parameter]:
    typed = {name: kind for kind, names in _FALLBACK_TYPES.items() for name in names.split()}
    plain = "text caption parse_mode url secret_token name title phone_number first_name file_id action"
    uploads = "photo document video audio voice animation callback_query_id icon_custom_emoji_id"
    names = {*typed, *plain.split(), *uploads.split(), *required}
    return {n: Parameter(n, (typed.get(n, "String"),), n in required) for n in names}


def _decode(value: Any, types: tuple[str, ...]) -> Any:
    """A form carries only strings; what it meant depends on the declared type."""
    if not isinstance(value, str):
        return value
    if "Integer" in types and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "Float" in types and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    if "Boolean" in types and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if any(kind not in ("String", "Integer", "Float", "Boolean", "InputFile") for kind in types):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


@cache
def specification() -> Specification:
    if not SPEC_FILE.is_file():
        return Specification(None)
    return Specification(json.loads(SPEC_FILE.read_text(encoding="utf-8")))
