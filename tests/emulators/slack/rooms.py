"""The workspace and its channels: who is there, who comes and goes, what is archived or renamed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .api_conversations import add_member
from .core import Core
from .world import Channel, User


class Rooms(Core):
    """Sets the scene, and changes it as admins do."""

    # -- the workspace -------------------------------------------------------------------------------------

    def add_user(
        self, name: str, *, display_name: str = "", real_name: str = "", user_id: str = "", **more: Any
    ) -> str:
        """Add a person and return the id; `stranger=True` is of another team, `bot=True` another app."""
        world = self.world
        user_id = user_id or world.new_id("U", name)
        stranger = bool(more.pop("stranger", False))
        if more.pop("bot", False):
            more |= {"bot_id": world.new_id("B", name), "app_id": world.new_id("A", name)}
        world.users[user_id] = User(
            id=user_id,
            name=name.lower().replace(" ", "."),
            real_name=real_name or name,
            display_name=display_name or name,
            team_id=more.pop("team_id", "T0STRANGER" if stranger else world.team_id),
            is_stranger=stranger,
            **more,
        )
        return user_id

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        bot: bool = True,
        members: Sequence[str] | None = None,
        channel_id: str = "",
        shared: bool = False,
    ) -> str:
        """Add a channel and return the id; by default everybody is in it, and the bot too."""
        world = self.world
        channel_id = channel_id or world.new_id("C", name)
        people = [user.id for user in world.users.values() if not user.bot_id] if members is None else members
        inside = {*people, *([self.bot.id] if bot else [])}
        kind = "private" if private else "public"
        world.channels[channel_id] = Channel(channel_id, name, kind, inside, shared=shared)
        return channel_id

    async def rename_user(self, user: str, display_name: str) -> None:
        """Change a display name; the app hears of it as user_change."""
        person = self.world.users[user]
        person.display_name = display_name
        event = {"type": "user_change", "user": person.public(), "cache_ts": 0}
        self.emit({**event, "event_ts": self.world.new_ts()})

    # -- channels ------------------------------------------------------------------------------------------

    async def archive(self, channel: str, user: str = "") -> None:
        """Archive a channel."""
        place = self.world.channels[channel]
        place.archived = True
        self._channel_event(place, "archive", channel=place.id, user=user)

    async def unarchive(self, channel: str, user: str = "") -> None:
        """Bring an archived channel back."""
        place = self.world.channels[channel]
        place.archived = False
        self._channel_event(place, "unarchive", channel=place.id, user=user)

    async def rename_channel(self, channel: str, name: str) -> None:
        """Rename a channel; its id stays."""
        place = self.world.channels[channel]
        place.name = name
        shown = {"id": place.id, "name": name, "name_normalized": name, "created": 1700000000}
        self._channel_event(place, "rename", channel={**shown, "is_channel": place.kind == "public"})

    async def delete_channel(self, channel: str, user: str = "") -> None:
        """Delete a channel with everything in it."""
        place = self.world.channels.pop(channel)
        self._channel_event(place, "deleted", channel=place.id, actor_id=user)

    def _channel_event(self, place: Channel, what: str, **fields: Any) -> None:
        prefix = "channel" if place.kind == "public" else "group"
        self.emit({"type": f"{prefix}_{what}", **fields, "event_ts": self.world.new_ts()}, place)

    async def join(self, user: str, channel: str, inviter: str | None = None) -> None:
        """Let somebody, or the bot, into a channel."""
        place = self.world.channels[channel]
        add_member(self, place, user, inviter)
        join = {"type": "message", "subtype": "channel_join", "user": user, "ts": self.world.new_ts()}
        join |= {"text": f"<@{user}> has joined the channel"}
        place.add(join)
        self.message_event(place, join)

    async def leave(self, user: str, channel: str) -> None:
        """Let somebody leave a channel, or remove the bot from it."""
        place = self.world.channels[channel]
        kind = "C" if place.kind == "public" else "G"
        event = {"type": "member_left_channel", "user": user, "channel": channel, "channel_type": kind}
        event |= {"team": self.world.team_id, "event_ts": self.world.new_ts()}
        self.emit(event, place)
        place.members.discard(user)

    async def revoke_token(self, error: str = "token_revoked") -> None:
        """Take the app's token away: the event comes, then every call is refused with `error`."""
        tokens = {"oauth": [], "bot": [self.bot.id]}
        self.emit({"type": "tokens_revoked", "tokens": tokens, "event_ts": self.world.new_ts()})
        self.token_error = error
