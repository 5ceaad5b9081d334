"""A desk in the emulated Slack, run by the real slack_bolt and slack_sdk, with a sink in memory."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bridge.errors import Unreachable
from bridge.model.events import Event, StaffWrote
from bridge.model.ids import counting
from bridge.model.shapes import Button, Card, Post
from bridge.ports import Cursor, House
from connectors.chat.slack import Config, DeskConfig, Platform, manifest
from tests.emulators.slack import SlackEmulator
from tests.fake_panels import FakePanels

DESK = "slack.support"
CARD = Card(
    "Bob Miller",
    (("Number", "(555) 010-0199"), ("Line", "main")),
    buttons=(Button("resolve", "Resolve", "t1"),),
    menu=(
        Button("display", "Message display", "t1"),
        Button("remove", "Remove conversation", "t1", confirm="Remove Bob?"),
    ),
)


class MemorySink:
    """A sink that keeps everything, unless it is told to be down."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.puts = 0
        self.cursors: dict[str, str] = {}
        self.down = False
        self.unread = False
        self.live: list[str] = []

    async def put(self, events: Sequence[Event], cursor: Cursor | None = None) -> None:
        if self.down:
            raise Unreachable("the store does not answer")
        self.puts += 1
        for event in events:
            self.events.setdefault(event.key, event)
        if cursor:
            self.cursors[cursor.name] = cursor.value

    async def cursor(self, name: str) -> str | None:
        return self.cursors.get(name)

    async def threads(self, desk: str, active_since: float) -> Sequence[str]:
        return self.live

    async def last_text(self, desk: str, ref: str) -> str | None:
        told = [e for e in self.events.values() if getattr(e, "ref", None) == ref and hasattr(e, "text")]
        return str(told[0 if self.unread else -1].text) if told else None  # type: ignore[attr-defined]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events.values() if isinstance(event, kind)]

    def texts(self) -> list[str]:
        return [event.text for event in self.of(StaffWrote)]


class MemoryLog:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))

    warning = error = info


class Rig:
    """One platform at one channel, and Anna, who works there."""

    def __init__(self, slack: SlackEmulator, http: bool) -> None:
        self.slack = slack
        self.sink = MemorySink()
        self.log = MemoryLog()
        self.panels = FakePanels()
        self.anna = slack.add_user("Anna")
        self.channel = slack.add_channel("support")
        self.lines = {"main": "+15550100001"}
        self.config = Config(
            bot_token=slack.bot_token,  # type: ignore[arg-type]
            app_token=None if http else slack.app_token,  # type: ignore[arg-type]
            signing_secret=slack.signing_secret if http else None,  # type: ignore[arg-type]
            api_url=slack.api_url,
        )
        self.platform = self.make()
        self.tasks: list[asyncio.Task[None]] = []

    def make(self) -> Platform:
        house = House(
            sink=self.sink,
            inbox=None,  # type: ignore[arg-type]
            accounts=None,  # type: ignore[arg-type]
            panels=self.panels,
            carrier=None,
            organisation="Example Tenants Union",
            region="US",
            public_url="https://sms.example.org",
            lines=self.lines,
            now=time.time,
            ids=counting("m"),
            log=self.log,
        )
        platform = Platform(self.config, {DESK: DeskConfig(channel=self.channel)}, house)
        platform._catch_up.settle = 0.05
        if platform._sockets:
            platform._sockets.patience = 0.6
        return platform

    async def listen(self) -> None:
        await self.platform.start()
        self.tasks.append(asyncio.create_task(self.platform.listen()))
        await self.until(lambda: self.platform.health() == "ok")
        if self.config.app_token:
            await self.until(lambda: len(self.slack.courier.sockets) == 2)

    async def hang_up(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        await self.platform.stop()

    async def until(self, condition: Any, timeout: float = 8.0) -> Any:  # noqa: ASYNC109
        return await self.slack.wait_for(condition, timeout)

    async def open(self, key: str = "open:1") -> str:
        return await self.platform.open_thread(DESK, CARD, key)

    async def reply(self, thread: str, text: str, **more: Any) -> str:
        ts = await self.slack.say(self.anna, self.channel, text, thread_ts=thread, **more)
        await self.slack.settle()
        return ts

    async def post(self, thread: str | None, body: str = "Hi", key: str = "post:1", **more: Any) -> Any:
        return await self.platform.post(DESK, thread, Post("Bob", body, **more), [], key)

    def shown(self, thread: str) -> list[dict[str, Any]]:
        return self.slack.replies(self.channel, thread)


@asynccontextmanager
async def rig(*, http: bool = False, listen: bool = True) -> AsyncIterator[Rig]:
    """Run a desk; afterwards nothing that Slack would have refused may have been asked of it."""
    app = manifest("https://sms.example.org", socket_mode=not http)
    async with SlackEmulator(manifest=app) as slack:
        desk = Rig(slack, http)
        server = await _serve(desk) if http else None
        try:
            if listen:
                await desk.listen()
            yield desk
        finally:
            await desk.hang_up()
            if server:
                await server.cleanup()
    assert slack.violations == []
    assert slack.pings == []
    secrets = (slack.bot_token, slack.app_token, slack.signing_secret)
    assert not [line for line in desk.log.lines for secret in secrets if secret in str(line)]


async def _serve(desk: Rig) -> web.AppRunner:
    app = web.Application()
    app.add_routes(desk.platform.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    desk.slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    return runner
