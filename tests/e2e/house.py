"""The whole house in one process: the daemon as `serve` runs it, and the emulated world around it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bridge import registry
from bridge.run import Daemon, running
from tests.emulators.slack import SlackEmulator
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.twilio import TwilioEmulator

NUMBER = "+15005550006"
PUBLIC = "https://sms.example.org"
BOB = "+15550100142"
SUE = "+15550100177"

_CONFIG = """\
[server]
listen = "127.0.0.1:{port}"
public_url = "{public}"
[store]
url = "{database}"
[organisation]
name = "Example Tenants Union"
contact = "help@example.org"
region = "US"
timezone = "America/New_York"
[inbox]
hold_seconds = {hold}
{inbox}
[lines.main]
number = "{number}"
provider = "twilio"
account_sid = "{sid}"
auth_token = "{token}"
api_url = "{twilio}"
rate = 50
desks = ["slack.support", "telegram.support", "web"]
{line}
[slack]
bot_token = "{bot_token}"
{slack_way}
api_url = "{slack}"
[slack.desks.support]
channel = "{channel}"
{slack_desk}
[telegram]
bot_token = "{telegram_token}"
mode = "{telegram_mode}"
api_url = "{telegram}"
[telegram.desks.support]
chat = {chat}
overview = {overview}
{telegram_desk}
[web]
enabled = true
"""


@dataclass
class World:
    """The emulated world, and the house in it while it runs."""

    folder: Path
    database: str
    slack: SlackEmulator
    telegram: TelegramEmulator
    twilio: TwilioEmulator
    channel: str
    ana: str  # in Slack
    options: dict[str, Any] = field(default_factory=dict)
    daemon: Daemon | None = None
    port: int = 0

    def config_file(self) -> Path:
        """Write the configuration that fits this world."""
        http = self.options.get("slack_http")
        way = f'app_token = "{self.slack.app_token}"'
        if http:
            way = f'signing_secret = "{self.slack.signing_secret}"'
        file = self.folder / "threadline.toml"
        file.write_text(
            _CONFIG.format(
                port=self.port,
                public=PUBLIC,
                database=self.database,
                hold=self.options.get("hold", 0.2),
                inbox=self.options.get("inbox", ""),
                line=self.options.get("line", ""),
                number=NUMBER,
                sid=self.twilio.account_sid,
                token=self.twilio.auth_token,
                twilio=self.twilio.api_url,
                bot_token=self.slack.bot_token,
                slack_way=way,
                slack=self.slack.api_url,
                slack_desk=self.options.get("slack_desk", ""),
                channel=self.channel,
                telegram_token=self.telegram.bot_token,
                telegram_mode=self.options.get("telegram_mode", "polling"),
                telegram=self.telegram.api_url,
                chat=self.telegram.group.id,
                overview=self.options.get("overview", "false"),  # most tests look at everything in General
                telegram_desk=self.options.get("telegram_desk", ""),
            ),
            encoding="utf-8",
        )
        return file

    def open_door(self) -> Path:
        """Choose where the daemon listens, tell the world, and write the configuration."""
        self.port = self.port or _free_port()
        local = f"http://127.0.0.1:{self.port}"
        self.twilio.reach(PUBLIC, local)
        self.telegram.reach(PUBLIC, local)
        if self.options.get("slack_http"):
            self.slack.use_http(f"{local}/slack/events")
        return self.config_file()

    @contextlib.asynccontextmanager
    async def house(self, ready: bool = True) -> AsyncIterator[Daemon]:
        """Run the daemon on this world. ready: wait until every part is."""
        async with running(registry.load(self.open_door())) as daemon:
            self.daemon = daemon
            if ready:
                await until(self.is_ready, seconds=20)
            yield daemon
        self.daemon = None

    async def is_ready(self) -> bool:
        """Ask /readyz."""
        return bool((await self.ask("/readyz"))["ready"])

    async def ask(self, path: str) -> dict[str, Any]:
        """Get JSON from the daemon."""
        assert self.daemon is not None
        async with aiohttp.ClientSession() as session, session.get(self.daemon.url + path) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def text(self, body: str, sender: str = BOB, **more: Any) -> Any:
        """Text the organisation's number, webhook and all."""
        return await self.twilio.text(sender, NUMBER, body, webhook_url=f"{PUBLIC}/hooks/main", **more)

    # ---- looking ----------------------------------------------------------------------------------

    def roots(self) -> list[Any]:
        """The cards in the Slack channel."""
        return list(self.slack.roots(self.channel))

    def slack_page(self) -> str:
        """What Slack shows, as text."""
        return str(self.slack.transcript(self.channel))

    def telegram_page(self) -> str:
        """What Telegram shows, as text."""
        return str(self.telegram.transcript(self.telegram.group))

    def phone(self, number: str = BOB) -> list[str]:
        """What reached a handset, in order; not what the provider itself said."""
        return [one.body for one in self.twilio.phone(number) if not one.by_twilio]

    async def slack_thread(self) -> str:
        """Wait for the only thread in Slack with its first post; give its ts."""
        await until(
            lambda: bool(self.roots()) and bool(self.slack.replies(self.channel, self.roots()[0]["ts"]))
        )
        return str(self.roots()[0]["ts"])

    async def slack_reply(self, text: str, **more: Any) -> str:
        """Reply as Ana in the only Slack thread."""
        ts = await self.slack_thread()
        return str(await self.slack.say(self.ana, self.channel, text, thread_ts=ts, **more))

    def slack_marks(self, ts: str) -> list[str]:
        """Give the names of the reactions on a message."""
        return [one["name"] for one in self.slack.message(self.channel, ts).get("reactions", [])]

    async def telegram_topic(self) -> int:
        """Wait for the only topic in Telegram; give its id."""
        await until(lambda: bool(self.telegram.group.topics))
        return int(next(iter(self.telegram.group.topics)))


@contextlib.asynccontextmanager
async def a_world(folder: Path, database: str, **options: Any) -> AsyncIterator[World]:
    """Make the emulated world. At its end nothing strange may have been asked of it."""
    async with (
        SlackEmulator() as slack,
        TelegramEmulator() as telegram,
        TwilioEmulator(numbers=(NUMBER,)) as twilio,
    ):
        ana = slack.add_user("ana", display_name="Ana")
        channel = slack.add_channel("support")
        telegram.add_person("Ben", "ben_b")
        world = World(folder, database, slack, telegram, twilio, channel, ana, options)
        yield world
        assert not slack.violations, slack.violations
        assert not telegram.violations, telegram.violations
        assert not twilio.violations, twilio.violations


async def until(condition: Callable[[], Any], seconds: float = 20.0) -> None:
    """Wait until a condition (plain or awaitable) holds; fail when it does not in time."""
    end = time.monotonic() + seconds
    while True:
        held = condition()
        if asyncio.iscoroutine(held):
            held = await held
        if held:
            return
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
