"""What the Web API and people share: the app's tokens, its calls, and what clicks leave behind."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from .courier import Courier
from .errors import SlackError
from .events import EventStream
from .faults import Fault
from .manifest import Installation
from .views import Views
from .world import Channel, User, World


@dataclass
class Call:
    """One request to the Web API: which method, with what, and what came of it."""

    method: str
    args: dict[str, Any]
    result: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Trigger:
    """What allows a modal to be opened: three seconds, once."""

    user: str
    born: float


@dataclass
class ResponseUrl:
    """A response_url: five uses in thirty minutes, tied to the place of the click or command."""

    channel: str
    user: str
    message_ts: str | None
    uses: int = 0
    born: float = field(default_factory=time.monotonic)


class Core(EventStream):
    """The state of the emulated app and workspace."""

    def __init__(
        self,
        world: World,
        courier: Courier,
        bot: User,
        installation: Installation,
        bot_token: str,
        app_token: str,
    ) -> None:
        super().__init__(world, courier, bot, installation)
        self.bot_token = bot_token
        self.app_token = app_token
        self.base_url = ""
        self.token_error: str | None = None
        self.violations: list[str] = []
        self.calls: list[Call] = []
        self.pings: list[tuple[str, str, str]] = []
        self.views = Views()
        self.custom_emoji: set[str] = set()
        self.file_share_delay = 0.0
        self.trigger_ttl = 3.0
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self._used_triggers: set[str] = set()

    # -- looking things up ---------------------------------------------------------------------------------

    def channel(self, identity: str) -> Channel:
        """Return a channel that the bot may know of: a private one only from the inside."""
        channel = self.world.channels.get(identity)
        if channel is None and identity in self.world.users:
            return self.direct_messages(identity)
        if channel is None or (channel.kind == "private" and self.bot.id not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def writable(self, identity: str) -> Channel:
        """Return a channel that the bot can write to."""
        channel = self.channel(identity)
        if channel.archived:
            raise SlackError("is_archived")
        return self.inside(channel)

    def inside(self, channel: Channel) -> Channel:
        """Refuse a channel that the bot has not joined."""
        if self.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def direct_messages(self, user: str) -> Channel:
        """Return the direct messages between the app and a person, opening them when needed."""
        for channel in self.world.channels.values():
            if channel.kind == "im" and channel.person == user:
                return channel
        channel = Channel(self.world.new_id("D"), "directmessage", "im", {user, self.bot.id}, person=user)
        self.world.channels[channel.id] = channel
        return channel

    def fault_for(self, method: str, channel: str | None) -> Fault | None:
        """Return what shall go wrong with this call, if anything."""
        fault = self.faults.take(method, channel=channel)
        return fault if isinstance(fault, Fault) else None

    # -- interactions --------------------------------------------------------------------------------------

    def new_trigger(self, user: str) -> str:
        """Return a fresh trigger_id for what a person just did."""
        trigger = f"{self.world.new_id('13')}.{self.world.new_id('22')}".lower()
        self.triggers[trigger] = Trigger(user, time.monotonic())
        return trigger

    def use_trigger(self, trigger_id: str) -> str:
        """Spend a trigger_id and return whose it is."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id", violation=True)
        if trigger_id in self._used_triggers:
            raise SlackError("exchanged_trigger_id", violation=True)
        if time.monotonic() - trigger.born > self.trigger_ttl:
            raise SlackError("expired_trigger_id")
        self._used_triggers.add(trigger_id)
        return trigger.user

    def new_response_url(self, channel: str, user: str, message_ts: str | None = None) -> str:
        """Return a response_url for what a person just did."""
        key = self.world.new_id("R").lower()
        self.response_urls[key] = ResponseUrl(channel, user, message_ts)
        return f"{self.base_url}/response/{key}"

    def calls_to(self, method: str) -> list[Call]:
        """Return the requests that were made to one method."""
        return [call for call in self.calls if call.method == method]
