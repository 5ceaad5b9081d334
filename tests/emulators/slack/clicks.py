"""What people click on messages: buttons, menus, shortcuts, and slash commands."""

from __future__ import annotations

from typing import Any

from .errors import CannotDoError
from .forms import Forms, find_element, state_around
from .world import Ephemeral, Message

Payload = dict[str, Any]


class Clicks(Forms):
    """The interactive side of people; raises `NoAckError` where they would see a warning sign."""

    # -- buttons and menus ---------------------------------------------------------------------------------

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
    ) -> Payload:
        """Press a button of a message, or choose `value` (its value or label) from a menu."""
        shown = self._seen(user, channel, ts)
        blocks = shown.blocks if isinstance(shown, Ephemeral) else shown.get("blocks", [])
        block, element = find_element(blocks, action_id, block_id)
        container: Payload = {"type": "message", "message_ts": ts, "channel_id": channel}
        container["is_ephemeral"] = isinstance(shown, Ephemeral)
        payload = self._interaction("block_actions", user, channel)
        if isinstance(shown, Ephemeral):
            thread_ts = shown.thread_ts
        else:
            thread_ts = shown.get("thread_ts")
            payload["message"] = self.shown(shown)
        if thread_ts:
            container["thread_ts"] = thread_ts
        payload |= {
            "container": container,
            "actions": [self._action(block, element, value)],
            "state": {"values": state_around(blocks, block, element, value)},
            "response_url": self.new_response_url(channel, user, ts),
        }
        return await self.courier.ask("interactive", payload)

    # -- shortcuts, commands, the home tab -----------------------------------------------------------------

    async def shortcut(
        self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None
    ) -> Payload:
        """Use a message shortcut on a message, or a global shortcut without one."""
        offered = self.installation.shortcuts
        if offered is not None and callback_id not in offered:
            raise CannotDoError(f"the app has no shortcut {callback_id}")
        if channel is None or ts is None:
            payload = self._interaction("shortcut", user)
        else:
            shown = self._seen(user, channel, ts)
            if isinstance(shown, Ephemeral):
                raise CannotDoError("there are no shortcuts on ephemeral messages")
            payload = self._interaction("message_action", user, channel)
            payload |= {"message_ts": ts, "message": self.shown(shown)}
            payload["response_url"] = self.new_response_url(channel, user, ts)
        payload |= {"callback_id": callback_id, "action_ts": self.world.new_ts()}
        return await self.courier.ask("interactive", payload)

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Payload:
        """Use a slash command in a channel; there is no way to use one inside a thread."""
        if command not in self.installation.commands:
            raise CannotDoError(f"{command} is not a valid command")
        world = self.world
        place = world.channels[channel]
        name = {"public": place.name, "private": "privategroup", "im": "directmessage"}[place.kind]
        payload = {
            "token": "verification",
            "team_id": world.team_id,
            "team_domain": world.domain,
            "channel_id": channel,
            "channel_name": name,
            "user_id": user,
            "user_name": world.users[user].name,
            "command": command,
            "text": text,
            "api_app_id": self.bot.app_id,
            "is_enterprise_install": "false",
            "response_url": self.new_response_url(channel, user),
            "trigger_id": self.new_trigger(user),
        }
        answer = await self.courier.ask("slash_commands", payload)
        if answer.get("text") or answer.get("blocks"):
            blocks = answer.get("blocks", [])
            seen = Ephemeral(user, channel, world.new_ts(), answer.get("text", ""), blocks)
            world.ephemerals.append(seen)
        return answer

    def _seen(self, user: str, channel: str, ts: str) -> Message | Ephemeral:
        for seen in self.world.ephemerals:
            if seen.ts == ts and seen.user == user and seen.channel == channel:
                return seen
        message = self.world.channels[channel].messages.get(ts)
        if message is None:
            raise CannotDoError(f"no message {ts} in {channel}")
        return message
