"""The workspace: people, channels, messages, threads and files, with nothing of HTTP in it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
SLACKBOT = "USLACKBOT"


@dataclass
class User:
    """A person or a bot; `team_id` differs from the workspace's for people who come through Slack Connect."""

    id: str
    name: str
    real_name: str
    display_name: str
    team_id: str
    email: str = ""
    tz: str = "America/New_York"
    is_admin: bool = False
    bot_id: str = ""
    app_id: str = ""
    deleted: bool = False
    is_stranger: bool = False
    visible: bool = True

    @property
    def shown(self) -> str:
        """Return the name that Slack shows."""
        return self.display_name or self.real_name or self.name

    def public(self, with_email: bool = True) -> dict[str, Any]:
        """Return the user object of the Web API; strangers have a thin profile."""
        profile: dict[str, Any] = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "team": self.team_id,
        }
        if self.bot_id:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        common = {"id": self.id, "team_id": self.team_id, "name": self.name, "deleted": self.deleted}
        flags = {"is_bot": bool(self.bot_id), "is_stranger": self.is_stranger, "updated": int(time.time())}
        if self.is_stranger:
            return {**common, "real_name": self.real_name, "profile": profile, **flags}
        if with_email and self.email:
            profile["email"] = self.email
        roles = {"is_admin": self.is_admin, "is_owner": False, "is_restricted": False, "is_app_user": False}
        return {**common, "real_name": self.real_name, "tz": self.tz, "profile": profile, **flags, **roles}


@dataclass
class Channel:
    """A public or private channel, or the direct messages between the app and one person (`kind == "im"`)."""

    id: str
    name: str
    kind: str
    members: set[str]
    archived: bool = False
    shared: bool = False
    person: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)

    @property
    def channel_type(self) -> str:
        """Return what message events call the kind of channel."""
        return {"public": "channel", "private": "group", "im": "im"}[self.kind]

    def public(self, bot: str, team_id: str) -> dict[str, Any]:
        """Return the conversation object of the Web API as the bot sees it."""
        common = {"id": self.id, "created": 1700000000, "is_archived": self.archived}
        common |= {"context_team_id": team_id}
        if self.kind == "im":
            return {**common, "is_im": True, "user": self.person, "is_user_deleted": False}
        return {
            **common,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": False,
            "is_mpim": False,
            "is_private": self.kind == "private",
            "is_member": bot in self.members,
            "is_general": False,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_org_shared": False,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }

    def add(self, message: Message) -> None:
        """Store a message and keep the books of its thread."""
        self.messages[message["ts"]] = message
        if "thread_ts" in message:
            self.threads.setdefault(message["thread_ts"], []).append(message["ts"])
            self.recount(message["thread_ts"])

    def remove(self, ts: str) -> Message | None:
        """Take a message out; return the tombstone that stays behind when it heads a thread."""
        message = self.messages[ts]
        if message.get("reply_count"):
            message.update(_TOMBSTONE)
            for key in _GONE_FROM_TOMBSTONE:
                message.pop(key, None)
            return message
        del self.messages[ts]
        root = message.get("thread_ts")
        if root:
            self.threads[root].remove(ts)
            self.recount(root)
        if root in self.messages:
            head = self.messages[root]
            if head.get("subtype") == "tombstone" and "reply_count" not in head:
                del self.messages[root]
        return None

    def replies(self, root: str) -> list[Message]:
        """Return the replies of a thread, oldest first."""
        return [self.messages[ts] for ts in sorted(self.threads.get(root, ()))]

    def roots(self) -> Iterator[Message]:
        """Yield what the channel itself shows: roots and broadcast replies, oldest first."""
        for ts in sorted(self.messages):
            message = self.messages[ts]
            if message.get("thread_ts", ts) == ts or message.get("subtype") == "thread_broadcast":
                yield message

    def recount(self, root_ts: str) -> None:
        """Write reply_count, reply_users and latest_reply on a root; without replies they disappear."""
        root = self.messages.get(root_ts)
        if root is None:
            return
        replies = self.replies(root_ts)
        for key in _THREAD_BOOKS:
            root.pop(key, None)
        if replies:
            users = list(dict.fromkeys(str(m.get("user") or m.get("bot_id")) for m in replies))
            root |= {
                "thread_ts": root_ts,
                "reply_count": len(replies),
                "reply_users_count": len(users),
                "latest_reply": replies[-1]["ts"],
                "reply_users": users[:5],
                "is_locked": False,
            }


_THREAD_BOOKS = ("thread_ts", "reply_count", "reply_users_count", "latest_reply", "reply_users", "is_locked")
_GONE_FROM_TOMBSTONE = (
    *("blocks", "attachments", "files", "reactions", "metadata", "edited"),
    *("bot_id", "app_id", "bot_profile", "username", "icons", "client_msg_id"),
)
_TOMBSTONE = {"subtype": "tombstone", "user": SLACKBOT, "text": "This message was deleted.", "hidden": True}


@dataclass
class File:
    """An uploaded file; `shares` maps a channel id to the ts of the messages that show it."""

    id: str
    name: str
    mimetype: str
    length: int
    user: str
    title: str = ""
    content: bytes | None = None
    shares: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tombstone: bool = False


@dataclass
class Ephemeral:
    """A message that one person saw; nothing else remembers it."""

    user: str
    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread_ts: str | None = None


class World:
    """One workspace and its clock; timestamps and ids never repeat."""

    def __init__(self, team_id: str, team_name: str, domain: str) -> None:
        self.team_id = team_id
        self.team_name = team_name
        self.domain = domain
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.ephemerals: list[Ephemeral] = []
        self._last_ts = 0
        self._last_id = 0

    def new_ts(self) -> str:
        """Return a new timestamp: the time in microseconds, always later than the one before."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str, name: str = "") -> str:
        """Return a new id that hints at the name, so that failures can be read: U0ANNA001."""
        self._last_id += 1
        hint = re.sub(r"[^A-Z0-9]", "", name.upper())[:10]
        return f"{prefix}0{hint}{self._last_id:03d}"

    def name_of(self, identity: str) -> str:
        """Return the name to show for a user or channel id."""
        if identity in self.users:
            return self.users[identity].shown
        return self.channels[identity].name if identity in self.channels else identity
