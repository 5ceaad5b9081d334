"""What people write: messages, edits, deletions, reactions, files."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from .api_files import share
from .api_people import react, unreact
from .errors import CannotDoError
from .rooms import Rooms
from .text import as_text, rich_text, typed
from .world import Channel, File, Message

Upload = tuple[str, str, bytes]
URL = re.compile(r"https?://[^\s|>]+")


class People(Rooms):
    """The hands of people at the keyboard; every method does what Slack's own clients would do."""

    # -- writing -------------------------------------------------------------------------------------------

    async def say(
        self,
        user: str,
        channel: str,
        text: str = "",
        *,
        thread_ts: str | None = None,
        files: Sequence[Upload] = (),
        blocks: bool | list[dict[str, Any]] | None = None,
        subtype: str | None = None,
        broadcast: bool = False,
        **extra: Any,
    ) -> str:
        """Write a message and return its ts; `blocks=False` leaves out the rich text as old clients do."""
        place = self._place(channel, user)
        message = self._message(user, text, blocks, subtype)
        if thread_ts:
            self._reply_to(place, message, thread_ts, broadcast)
        message |= extra
        if files:
            message |= {"subtype": "file_share", "upload": True, "display_as_bot": False}
            share(self, place, message, [self._file(user, upload) for upload in files])
        else:
            place.add(message)
            self.message_event(place, message)
        return str(message["ts"])

    def _message(
        self, user: str, text: str, blocks: bool | list[dict[str, Any]] | None, subtype: str | None
    ) -> Message:
        person = self.world.users[user]
        message: Message = {"type": "message", "user": user, "ts": self.world.new_ts()}
        elements = typed(text, self.custom_emoji)
        message |= {"text": as_text(elements), "team": person.team_id}
        if person.is_stranger:
            message |= {"user_team": person.team_id, "source_team": person.team_id}
        if person.bot_id:
            message |= {"bot_id": person.bot_id, "app_id": person.app_id}
            message["bot_profile"] = {"id": person.bot_id, "name": person.name, "app_id": person.app_id}
        elif subtype is None:
            message["client_msg_id"] = str(uuid4())
        if subtype:
            message["subtype"] = subtype
        if isinstance(blocks, list):
            message["blocks"] = blocks
        elif blocks is not False and subtype is None and elements:
            message["blocks"] = [rich_text(elements, uuid4().hex[:5])]
        return message

    def _reply_to(self, channel: Channel, message: Message, thread_ts: str, broadcast: bool) -> None:
        root = channel.messages.get(thread_ts)
        if root is None or root.get("thread_ts", thread_ts) != thread_ts:
            raise CannotDoError(f"no thread {thread_ts} in {channel.name}")
        message |= {"thread_ts": thread_ts}
        if root.get("user"):
            message["parent_user_id"] = root["user"]
        if broadcast:
            message["subtype"] = "thread_broadcast"

    def _file(self, user: str, upload: Upload) -> File:
        name, mimetype, content = upload
        file = File(self.world.new_id("F"), name, mimetype, len(content), user, content=content)
        self.world.files[file.id] = file
        return file

    async def edit(self, user: str, channel: str, ts: str, text: str, *, blocks: bool = True) -> None:
        """Edit one's own message: message_changed with `edited`."""
        place, message = self._find(channel, ts)
        if message.get("user") != user:
            raise CannotDoError("only one's own messages can be edited")
        previous = copy.deepcopy(message)
        elements = typed(text, self.custom_emoji)
        message["text"] = as_text(elements)
        message["edited"] = {"user": user, "ts": f"{self.world.new_ts().split('.')[0]}.000000"}
        message.pop("blocks", None)
        if blocks:
            message["blocks"] = [rich_text(elements, uuid4().hex[:5])]
        self.changed_event(place, message, previous)

    async def unfurl(self, channel: str, ts: str, title: str = "A page") -> None:
        """Let Slack add the preview of a link: message_changed without `edited`."""
        place, message = self._find(channel, ts)
        link = URL.search(message.get("text", ""))
        url = link.group() if link else "https://example.org"
        previous = copy.deepcopy(message)
        preview = {"id": 1, "from_url": url, "original_url": url, "title": title, "fallback": title}
        message["attachments"] = [*message.get("attachments", []), preview]
        self.changed_event(place, message, previous)

    async def count_replies(self, channel: str, ts: str) -> None:
        """Let Slack tell about a root's reply counter: message_replied, hidden and nothing new."""
        place, message = self._find(channel, ts)
        event = {
            "type": "message",
            "subtype": "message_replied",
            "hidden": True,
            "message": self.shown(message),
        }
        event |= {"channel": place.id, "channel_type": place.channel_type}
        now = self.world.new_ts()
        self.emit({**event, "ts": now, "event_ts": now}, place)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete a message; as an admin may, also somebody else's."""
        place, message = self._find(channel, ts)
        if message.get("user") != user and not self.world.users[user].is_admin:
            raise CannotDoError("only one's own messages can be deleted, except by an admin")
        self.remove_message(place, ts)

    async def delete_file(self, channel: str, ts: str) -> None:
        """Delete the files of a message; it stays, with tombstones in place of the files."""
        place, message = self._find(channel, ts)
        previous = copy.deepcopy(message)
        for shown in message["files"]:
            self.world.files[shown["id"]].tombstone = True
        message["files"] = [{"id": shown["id"], "mode": "tombstone"} for shown in message["files"]]
        self.changed_event(place, message, previous)

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put an emoji on a message."""
        place, message = self._find(channel, ts)
        react(self, place, message, user, name.strip(":"))

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take one's emoji away again."""
        place, message = self._find(channel, ts)
        unreact(self, place, message, user, name.strip(":"))

    # -- helpers -------------------------------------------------------------------------------------------

    def _place(self, channel: str, user: str) -> Channel:
        place = self.world.channels.get(channel)
        if place is None:
            raise CannotDoError(f"no channel {channel}")
        if place.archived:
            raise CannotDoError(f"{place.name} is archived")
        place.members.add(user)
        return place

    def _find(self, channel: str, ts: str) -> tuple[Channel, Message]:
        place = self.world.channels[channel]
        if ts not in place.messages:
            raise CannotDoError(f"no message {ts} in {place.name}")
        return place, place.messages[ts]
