"""`python -m tests.emulators`: Slack, Telegram and Twilio on this machine, for trying threadline by hand.

Prints a configuration that points threadline at them, then takes one command a line.
"""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from .slack import CannotDoError, NoAckError, SlackEmulator
from .telegram import TelegramEmulator
from .twilio import TwilioEmulator

NUMBER = "+15550100001"
STAFF = "Bea"
HELP = """\
sms NUMBER TEXT                 a text arrives from NUMBER
slack #CHANNEL TEXT             staff answer in the latest thread of the channel
slack #CHANNEL say TEXT         staff write in the channel itself
slack #CHANNEL /COMMAND TEXT    staff use a slash command
slack #CHANNEL press BUTTON     staff press a button in the latest thread, by its text
telegram TEXT                   staff answer in the latest topic
telegram say TEXT               staff write in General (commands such as /new go there)
telegram in TOPIC TEXT          staff write in the topic with this name or id
telegram press BUTTON           staff press a button, by its text
show                            what everybody sees: Slack, Telegram, the phones
violations                      what threadline did against the rules of the three
quit"""


class Console:
    """The hands of one member of staff and of everybody with a phone."""

    def __init__(self, slack: SlackEmulator, telegram: TelegramEmulator, twilio: TwilioEmulator) -> None:
        self._slack = slack
        self._telegram = telegram
        self._twilio = twilio
        self._slack_user = slack.add_user(STAFF)
        self._channel = slack.add_channel("support")
        self._phones: list[str] = []
        self._commands: dict[str, Callable[[str], Awaitable[str]]] = {
            "sms": self._sms,
            "slack": self._on_slack,
            "telegram": self._on_telegram,
            "show": self._show,
            "violations": self._violations,
            "help": self._help,
        }

    def configuration(self, listen: str) -> str:
        """What to put into threadline's configuration file."""
        return f"""\
[server]
listen = "{listen}"
public_url = "http://{listen}"

[store]
url = "sqlite:///emulated.db"

[organisation]
name = "Example Tenants Union"
contact = "help@example.org"

[lines.main]
number = "{NUMBER}"
provider = "twilio"
account_sid = "{self._twilio.account_sid}"
auth_token = "{self._twilio.auth_token}"
api_url = "{self._twilio.api_url}"
desks = ["slack.support", "telegram.support", "web"]

[slack]
bot_token = "{self._slack.bot_token}"
app_token = "{self._slack.app_token}"
api_url = "{self._slack.api_url}"
[slack.desks.support]
channel = "{self._channel}"

[telegram]
bot_token = "{self._telegram.bot_token}"
mode = "polling"
api_url = "{self._telegram.api_url}"
[telegram.desks.support]
chat = {self._telegram.group.id}

[web]
enabled = true
"""

    async def obey(self, line: str) -> str:
        """Do what a line says, and say what came of it."""
        word, _, rest = line.strip().partition(" ")
        if word not in self._commands:
            return f"there is no {word!r}; help lists what there is" if word else ""
        try:
            return await self._commands[word](rest.strip())
        except (CannotDoError, NoAckError, LookupError, ValueError) as error:
            return f"cannot: {error}"

    async def _help(self, _rest: str) -> str:
        return HELP

    async def _sms(self, rest: str) -> str:
        number, _, text = rest.partition(" ")
        if number not in self._phones:
            self._phones.append(number)
        result = await self._twilio.text(number, NUMBER, text)
        if result.post is not None and result.status is None:
            return f"threadline was not reached: {result.post.error}"
        return f"threadline answered {result.status}"

    async def _on_slack(self, rest: str) -> str:
        place, _, text = rest.partition(" ")
        channel = self._slack.channel(self._slack_channel(place)).id
        first, _, more = text.partition(" ")
        if first == "say":
            return await self._slack.say(self._slack_user, channel, more)
        if first.startswith("/"):
            return _said(await self._slack.command(self._slack_user, channel, first, more))
        if first == "press":
            return await self._press_on_slack(channel, more)
        thread = self._latest_thread(channel)
        return await self._slack.say(self._slack_user, channel, text, thread_ts=thread)

    def _slack_channel(self, name: str) -> str:
        channels = self._slack.world.channels.values()
        found = [one.id for one in channels if one.name == name.lstrip("#")]
        if not found:
            raise LookupError(f"no channel {name}; there is #{', #'.join(one.name for one in channels)}")
        return found[0]

    def _latest_thread(self, channel: str) -> str:
        """The root that was written in last; a card without replies counts too."""
        messages = self._slack.messages(channel)
        if not messages:
            raise LookupError("nothing was written there yet")
        return str(messages[-1].get("thread_ts") or messages[-1]["ts"])

    async def _press_on_slack(self, channel: str, wanted: str) -> str:
        for message in reversed(self._slack.messages(channel)):
            for block in message.get("blocks", []):
                for button in [*block.get("elements", []), block.get("accessory", {})]:
                    text = button.get("text")
                    shown = text.get("text", "") if isinstance(text, dict) else ""
                    if button.get("type") == "button" and wanted.lower() in shown.lower():
                        ts, action = message["ts"], button["action_id"]
                        return _said(await self._slack.press(self._slack_user, channel, ts, action))
        raise LookupError(f"no button {wanted!r}")

    async def _on_telegram(self, rest: str) -> str:
        group = self._telegram.group
        first, _, more = rest.partition(" ")
        if first == "say":
            await self._telegram.say(STAFF, group, more)
        elif first == "press":
            return await self._press_on_telegram(more)
        elif first == "in":
            name, *words = shlex.split(more)
            topic = int(name) if name.isdigit() else name
            await self._telegram.say(STAFF, group, " ".join(words), topic=topic)
        elif not group.topics:
            raise LookupError("there is no topic yet")
        else:
            spoken = [message.topic for message in group.messages.values() if message.topic in group.topics]
            await self._telegram.say(STAFF, group, rest, topic=spoken[-1])
        return "written"

    async def _press_on_telegram(self, wanted: str) -> str:
        messages = reversed(self._telegram.messages(everywhere=True))
        found = [m for m in messages if any(wanted.lower() in b["text"].lower() for b in m.buttons)]
        if not found:
            raise LookupError(f"no button {wanted!r}")
        press = await self._telegram.press(STAFF, self._telegram.group, found[0], wanted)
        try:
            await self._telegram.wait_for(lambda: press.answered, 3)
        except AssertionError:
            return "pressed; the bot did not answer within 3 s, the button still spins"
        return f"pressed; the bot says {press.text!r}"

    async def _show(self, _rest: str) -> str:
        parts = [f"#### Slack\n{self._slack.transcript(self._channel)}"]
        parts.append(f"#### Telegram\n{self._telegram.transcript(ids=True)}")
        people = dict.fromkeys([*self._phones, *(record.to for record in self._twilio.sent)])
        for number in people:
            seen = [f"{message.sender}: {_handset(message)}" for message in self._twilio.phone(number)]
            parts.append("\n".join([f"#### the phone {number}", *seen]))
        return "\n\n".join(parts)

    async def _violations(self, _rest: str) -> str:
        found = [*self._slack.violations, *self._telegram.violations, *self._twilio.violations]
        found += [f"twilio debugger: {alert}" for alert in self._twilio.alerts]
        return "\n".join(str(one) for one in found) or "none"


def _said(payload: Any) -> str:
    return f"acknowledged {payload}" if payload else "acknowledged"


def _handset(message: Any) -> str:
    media = "".join(f" [{kind}, {len(content)} bytes]" for kind, content in message.media)
    return f"{message.body}{media}{' (from Twilio itself)' if message.by_twilio else ''}"


async def run(ports: tuple[int, int, int], listen: str) -> None:
    slack = SlackEmulator(
        ports[0], bot_token="xoxb-emulated", app_token="xapp-1-A0APP-emulated", signing_secret="emulated"
    )
    telegram = TelegramEmulator(ports[1], bot_token="7100000001:AAE-emulated-emulated-emulated")
    twilio = TwilioEmulator(ports[2], numbers=(), account_sid="AC" + "0" * 32, auth_token="0" * 32)
    twilio.add_number(NUMBER, sms_url=f"http://{listen}/hooks/main")
    async with AsyncExitStack() as stack:
        for emulator in (slack, telegram, twilio):
            await stack.enter_async_context(emulator)
        console = Console(slack, telegram, twilio)
        print(f"# threadline's configuration:\n{console.configuration(listen)}\n{HELP}", flush=True)
        while True:
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line or line.strip() in ("quit", "exit"):
                return
            print(await console.obey(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.emulators", description=__doc__)
    parser.add_argument("--port", type=int, default=9301, help="Slack's; the others take the next two")
    parser.add_argument("--listen", default="127.0.0.1:8080", help="where threadline listens")
    given = parser.parse_args()
    asyncio.run(run((given.port, given.port + 1, given.port + 2), given.listen))


if __name__ == "__main__":
    main()
