"""Which arguments each Web API method takes: Slack's own documentation decides, not what we remember.

The table is read from METHODS_FILE, which is no part of the repository. Without that file the emulator still
refuses a request that lacks a required argument, from the short table below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .errors import SlackError, bad_arguments

METHODS_FILE = Path(__file__).resolve().parents[4] / "shared" / "data" / "slack" / "slack_methods.json"

REQUIRED_WITHOUT_FILE: dict[str, str] = {
    "auth.test": "",
    "apps.connections.open": "",
    "bots.info": "",
    "chat.postMessage": "channel",
    "chat.update": "channel ts",
    "chat.delete": "channel ts",
    "chat.postEphemeral": "channel user",
    "chat.getPermalink": "channel message_ts",
    "conversations.info": "channel",
    "conversations.history": "channel",
    "conversations.replies": "channel ts",
    "conversations.members": "channel",
    "conversations.join": "channel",
    "conversations.list": "",
    "conversations.open": "",
    "files.getUploadURLExternal": "filename length",
    "files.completeUploadExternal": "files",
    "files.info": "file",
    "pins.add": "channel",
    "pins.remove": "channel",
    "reactions.add": "channel name timestamp",
    "reactions.get": "",
    "reactions.remove": "name",
    "team.info": "",
    "users.conversations": "",
    "users.info": "user",
    "users.list": "",
    "users.lookupByEmail": "email",
    "views.open": "view",
    "views.publish": "user_id view",
    "views.push": "view",
    "views.update": "view",
}

# Bolt's per-request client adds the workspace to every call, and Slack ignores it where it is not documented.
ALWAYS_ALLOWED = frozenset({"team_id"})
BOOLEANS: dict[Any, bool] = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Method:
    """One documented method; `types` is None when only the required arguments are known."""

    name: str
    required: frozenset[str]
    types: Mapping[str, str | None] | None
    scopes: frozenset[str]


@cache
def load_methods(path: Path = METHODS_FILE) -> dict[str, Method]:
    """Read the documented methods, or fall back to the built-in table."""
    if not path.is_file():
        return {
            name: Method(name, frozenset(required.split()), None, frozenset())
            for name, required in REQUIRED_WITHOUT_FILE.items()
        }
    documented = json.loads(path.read_text(encoding="utf-8"))["methods"]
    return {name: _method(name, facts) for name, facts in documented.items()}


def _method(name: str, facts: dict[str, Any]) -> Method:
    arguments = facts["args"]
    return Method(
        name=name,
        required=frozenset(key for key, argument in arguments.items() if argument.get("required")),
        types={key: argument.get("type") for key, argument in arguments.items()},
        scopes=frozenset(facts.get("scopes", {}).get("bot", ())),
    )


class Args(dict[str, Any]):
    """The arguments of one call, whichever of the four encodings brought them."""

    def text(self, name: str, default: str = "") -> str:
        """Return a string argument."""
        value = self.get(name, default)
        return value if isinstance(value, str) else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean argument; forms and query strings write it as text."""
        value = self.get(name, default)
        return value if isinstance(value, bool) else BOOLEANS.get(str(value).lower(), default)

    def number(self, name: str, default: int) -> int:
        """Return an integer argument."""
        return int(self.get(name, default))

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """Return an object or array; outside JSON bodies it comes as JSON text. Absent is None."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error, f"{name} is not JSON", violation=True) from None


def check_arguments(method: Method, args: Args) -> None:
    """Refuse unknown, missing and wrongly typed arguments, as strictly as the documentation allows."""
    problems = list(_problems(method, args))
    if problems:
        raise bad_arguments(*problems)


def _problems(method: Method, args: Args) -> Iterator[str]:
    for name in sorted(method.required - args.keys()):
        yield f"missing required field: {name}"
    if method.types is None:
        return
    for name, value in args.items():
        if name in ALWAYS_ALLOWED:
            continue
        if name not in method.types:
            yield f"invalid additional property: {name}"
        elif not _fits(method.types[name], value):
            yield f"must be a valid {method.types[name]}: {name}"


def _fits(kind: str | None, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return str(value).lower() in BOOLEANS
        case "number" | "integer":
            return str(value).isdigit()
        case _:
            return True
