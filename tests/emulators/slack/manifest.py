"""What the emulated app was installed with: scopes, subscribed events, commands and shortcuts.

The defaults are those of threadline's own manifest; give another manifest to the emulator to try it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

OF_ONE_CHANNEL = frozenset({"message", "app_mention", "reaction_added", "reaction_removed", "file_shared"})
MESSAGE_FAMILY = {"public": "channels", "private": "groups", "im": "im"}


def _events() -> set[str]:
    return {
        *("app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked", "user_change"),
        *("channel_archive", "channel_deleted", "channel_rename", "channel_unarchive"),
        *("group_archive", "group_unarchive", "member_joined_channel", "member_left_channel"),
        *("message.channels", "message.groups", "message.im", "reaction_added", "reaction_removed"),
    }


def _scopes() -> set[str]:
    return {
        *("app_mentions:read", "commands", "metadata.message:read", "pins:write", "team:read"),
        *("channels:history", "channels:join", "channels:read", "chat:write", "chat:write.customize"),
        *("files:read", "files:write", "groups:history", "groups:read", "im:history", "im:write"),
        *("reactions:read", "reactions:write", "usergroups:read", "users:read", "users:read.email"),
    }


@dataclass
class Installation:
    """What the app may do and hears of; `shortcuts` is None where any callback_id is offered."""

    events: set[str] = field(default_factory=_events)
    scopes: set[str] = field(default_factory=_scopes)
    commands: set[str] = field(default_factory=lambda: {"/sms"})
    shortcuts: set[str] | None = None

    @classmethod
    def from_manifest(cls, manifest: dict[str, Any]) -> Self:
        """Read a Slack app manifest."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        return cls(
            events=set(settings.get("event_subscriptions", {}).get("bot_events", ())),
            scopes=set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            commands={command["command"] for command in features.get("slash_commands", ())},
            shortcuts={shortcut["callback_id"] for shortcut in features.get("shortcuts", ())},
        )
