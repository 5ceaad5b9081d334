"""The stream of events: what the app is told, in which shape, and how its delivery goes wrong on order."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from .courier import Courier
from .delivery import Delivery
from .faults import Backwards, Faults, Late, Lost, Twice
from .manifest import MESSAGE_FAMILY, OF_ONE_CHANNEL, Installation
from .world import SLACKBOT, Channel, Message, User, World


class EventStream:
    """One app in one workspace, and the way events leave it."""

    def __init__(self, world: World, courier: Courier, bot: User, installation: Installation) -> None:
        self.world = world
        self.courier = courier
        self.bot = bot
        self.installation = installation
        self.faults = Faults()
        self._kept_back: list[dict[str, Any]] = []
        self._keep_back = 0
        self._changed = asyncio.Event()
        courier.on_change = self.touch

    # -- waiting -------------------------------------------------------------------------------------------

    def touch(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()

    async def wait_for(self, condition: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Return the first true value of `condition`, looked at after every change and every 50 ms."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"still not true after {seconds} s")
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(0.05, left))
            except TimeoutError:
                continue
        return found

    async def settle(self, seconds: float = 10.0) -> None:
        """Wait until every event has been acknowledged or lost."""
        await self.wait_for(lambda: self.courier.idle, seconds)

    # -- events --------------------------------------------------------------------------------------------

    def shown(self, message: Message, all_metadata: bool = False) -> Message:
        """Return a message as the API and events show it: metadata without payload unless asked for."""
        message = copy.deepcopy(message)
        if "metadata" in message and not all_metadata:
            message["metadata"] = {"event_type": message["metadata"]["event_type"]}
        return message

    def message_event(self, channel: Channel, message: Message) -> None:
        """Tell the app about a new message, once more if it names the app."""
        event = self.shown(message)
        event.pop("reactions", None)
        event |= {"channel": channel.id, "event_ts": message["ts"], "channel_type": channel.channel_type}
        if message.get("subtype") == "thread_broadcast" and message["thread_ts"] in channel.messages:
            event["root"] = self.shown(channel.messages[message["thread_ts"]])
        self.emit(event, channel)
        by_person = not message.get("bot_id") and message.get("user") != SLACKBOT
        if by_person and f"<@{self.bot.id}>" in message.get("text", "") and channel.kind != "im":
            mention = {key: event[key] for key in event.keys() - {"subtype", "channel_type", "root"}}
            self.emit({**mention, "type": "app_mention"}, channel)

    def changed_event(self, channel: Channel, message: Message, previous: Message) -> None:
        """Tell the app that a message is different now."""
        ts = self.world.new_ts()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": self.shown(message),
            "previous_message": self.shown(previous),
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
            "channel_type": channel.channel_type,
        }
        self.emit(event, channel)

    def remove_message(self, channel: Channel, ts: str) -> None:
        """Remove a message and tell the app; a root with replies becomes a tombstone instead."""
        previous = copy.deepcopy(channel.messages[ts])
        tombstone = channel.remove(ts)
        if tombstone is not None:
            self.changed_event(channel, tombstone, previous)
            return
        event_ts = self.world.new_ts()
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": self.shown(previous),
            "channel": channel.id,
            "hidden": True,
            "deleted_ts": ts,
            "ts": event_ts,
            "event_ts": event_ts,
            "channel_type": channel.channel_type,
        }
        self.emit(event, channel)

    def emit(self, event: dict[str, Any], channel: Channel | None = None) -> None:
        """Send an event to the app, if it subscribed to it and is a member of the channel."""
        self.touch()
        if not self._subscribed(event, channel):
            return
        payload = self.wrap(event, channel)
        fault = self.faults.take("event", f"event:{event['type']}", channel=channel.id if channel else None)
        match fault:
            case Lost():
                return
            case Twice():
                self._release(payload)
                again = {**payload, "event_id": self._event_id()} if fault.new_event_id else payload
                self._release(copy.deepcopy(again))
            case Late():
                self.courier.post_event(payload, fault.seconds)
            case Backwards():
                self._keep_back = fault.count
                self._release(payload)
            case _:
                self._release(payload)

    def _release(self, payload: dict[str, Any]) -> None:
        if not self._keep_back:
            self.courier.post_event(payload)
            return
        self._kept_back.append(payload)
        if len(self._kept_back) >= self._keep_back:
            self.release_kept_back()

    def release_kept_back(self) -> None:
        """Send what `Backwards` keeps back, last first."""
        self._keep_back = 0
        while self._kept_back:
            self.courier.post_event(self._kept_back.pop())

    def _subscribed(self, event: dict[str, Any], channel: Channel | None) -> bool:
        kind = event["type"]
        if channel is not None and kind in OF_ONE_CHANNEL and self.bot.id not in channel.members:
            return False
        if kind == "message" and channel is not None:
            kind = f"message.{MESSAGE_FAMILY[channel.kind]}"
        return kind in self.installation.events

    def wrap(self, event: dict[str, Any], channel: Channel | None) -> dict[str, Any]:
        """Return the outer body of an event."""
        # json takes a snapshot: what happens to the message later must not change an event on its way.
        return {
            "token": "verification",
            "team_id": self.world.team_id,
            "context_team_id": self.world.team_id,
            "context_enterprise_id": None,
            "api_app_id": self.bot.app_id,
            "event": json.loads(json.dumps(event)),
            "type": "event_callback",
            "event_id": self._event_id(),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self.world.team_id,
                    "user_id": self.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.shared),
            "event_context": f"4-{event['type']}-{self.world.team_id}-{channel.id if channel else ''}",
        }

    def _event_id(self) -> str:
        return self.world.new_id("Ev")

    # -- what happened -------------------------------------------------------------------------------------

    def events(self, kind: str = "") -> Iterator[Delivery]:
        """Yield the deliveries of events so far, optionally of one type."""
        return (d for d in self.courier.deliveries if d.kind == "events_api" and kind in ("", d.event_type))
