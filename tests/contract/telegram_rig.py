"""A desk in the emulated Telegram, run by the real python-telegram-bot, with a sink in memory."""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bridge.errors import Unreachable
from bridge.model.events import Event, StaffEdited, StaffPressed, StaffWrote
from bridge.model.ids import counting
from bridge.model.shapes import Button, Card, File, Post
from bridge.ports import Cursor, House
from connectors.chat.telegram import Config, DeskConfig, Platform
from tests.emulators.telegram import Message, TelegramEmulator
from tests.fake_panels import FakePanels

DESK = "telegram.support"
ID = "01jd3k5x8y9z0a1b2c3d4e5f6g"  # as long as ours are
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300ffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000b080001000101011100"
    "ffc40014000100000000000000000000000000000003ffc40014100100000000000000000000000000000000ffda0008010100003f"
    "0037ffd9"
)
"""A picture of one pixel."""

CARD = Card(
    "Bob Miller",
    (("Number", "(555) 010-0199"), ("Line", "main")),
    buttons=(Button("resolve", "Resolve", ID),),
    menu=(
        Button("display", "Message display", ID),
        Button("remove", "Remove conversation", ID, danger=True, confirm="Remove Bob?"),
    ),
)


class MemorySink:
    """A sink that keeps everything, unless it is told to be down."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.cursors: dict[str, str] = {}
        self.notices: list[str] = []
        self.refused = 0
        self.down = False

    async def put(self, events: Sequence[Event], cursor: Cursor | None = None) -> None:
        if self.down:
            self.refused += 1
            raise Unreachable("the store does not answer")
        for event in events:
            self.events.setdefault(event.key, event)
        if cursor:
            self.cursors[cursor.name] = cursor.value

    async def cursor(self, name: str) -> str | None:
        return self.cursors.get(name)

    async def threads(self, desk: str, active_since: float) -> Sequence[str]:
        return []

    async def last_text(self, desk: str, ref: str) -> str | None:
        told = [e for e in self.events.values() if isinstance(e, StaffWrote | StaffEdited) and e.ref == ref]
        return told[-1].text if told else None

    async def notice(self, text: str) -> None:
        self.notices.append(text)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events.values() if isinstance(event, kind)]

    @property
    def wrote(self) -> list[StaffWrote]:
        return self.of(StaffWrote)

    @property
    def pressed(self) -> list[StaffPressed]:
        return self.of(StaffPressed)

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.wrote]


class MemoryLog:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, object]]] = []

    def info(self, event: str, **fields: object) -> None:
        self.lines.append((event, fields))

    warning = error = info


class Rig:
    """One platform at one forum group, and Anna, who works there."""

    def __init__(self, tg: TelegramEmulator, mode: str) -> None:
        self.tg = tg
        self.mode = mode
        self.sink = MemorySink()
        self.log = MemoryLog()
        self.panels = FakePanels()
        self.overview = False
        self.anna = tg.add_person("Anna", username="anna", last_name="Lopez")
        self.chat = tg.group.id
        self.public_url = "https://sms.example.org"
        self.tasks: list[asyncio.Task[None]] = []
        self.runner: web.AppRunner | None = None

    def make(self) -> Platform:
        house = House(
            sink=self.sink,
            inbox=None,  # type: ignore[arg-type]
            accounts=None,  # type: ignore[arg-type]
            panels=self.panels,
            carrier=None,
            organisation="Example Tenants Union",
            region="US",
            public_url=self.public_url,
            lines={"main": "+15550100001"},
            now=time.time,
            ids=counting("m"),
            log=self.log,
        )
        config = Config(bot_token=self.tg.bot_token, mode=self.mode, api_url=self.tg.api_url)  # type: ignore[arg-type]
        return Platform(config, {DESK: DeskConfig(chat=self.chat, overview=self.overview)}, house)

    async def up(self, *, listen: bool = True) -> None:
        """Start a daemon; what the sink holds is all that it knows of an earlier one."""
        if self.mode == "webhook":
            port = socket.create_server(("127.0.0.1", 0))
            self.public_url = f"http://127.0.0.1:{port.getsockname()[1]}"
            self.platform = self.make()
            await self._serve(port)
        else:
            self.platform = self.make()
        await self.platform.start()
        if listen:
            self.tasks.append(asyncio.create_task(self.platform.listen()))
            if self.mode == "polling":
                polls = len(self.tg.calls_to("getUpdates"))
                await self.until(lambda: len(self.tg.calls_to("getUpdates")) > polls)

    async def _serve(self, port: socket.socket) -> None:
        app = web.Application()
        app.add_routes(self.platform.routes())
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.SockSite(self.runner, port).start()

    async def down(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()
        await self.platform.stop()
        if self.runner:
            await self.runner.cleanup()
            self.runner = None

    async def again(self) -> None:
        await self.down()
        await self.up()

    async def until(self, condition: Any, timeout: float = 6.0) -> Any:  # noqa: ASYNC109
        return await self.tg.wait_for(condition, timeout)

    async def open(self, card: Card = CARD) -> str:
        return await self.platform.open_thread(DESK, card, "open:1")

    async def post(
        self,
        thread: str | None,
        body: str = "Hi",
        files: Sequence[File] = (),
        key: str = "post:1",
        **more: Any,
    ) -> tuple[str, ...]:
        return await self.platform.post(DESK, thread, Post("Bob", body, **more), files, key)

    async def say(self, text: str, thread: str | None = None, **more: Any) -> Message:
        """Anna writes; what she writes before and after is not waited for."""
        topic = int(thread) if thread else None
        return await self.tg.say(self.anna, self.tg.group, text, topic, **more)

    async def heard(self, count: int = 1) -> list[StaffWrote]:
        await self.until(lambda: len(self.sink.wrote) >= count)
        return self.sink.wrote

    async def settle(self) -> None:
        """Everything that was said is confirmed, and everything that is to be answered was."""
        await self.until(lambda: not self.tg.updates.pending)
        await self.until(lambda: not self.platform._manners._tasks)

    def shown(self, thread: str | None) -> list[Message]:
        return self.tg.messages(topic=int(thread) if thread else None)

    def answers(self, thread: str | None) -> list[str]:
        return [m.text for m in self.shown(thread) if m.data["from"]["is_bot"]]


@asynccontextmanager
async def rig(mode: str = "polling", *, listen: bool = True) -> AsyncIterator[Rig]:
    """Run a desk; afterwards nothing may have been asked of Telegram that it would not understand, and the
    token may be nowhere."""
    heard = _Everything()
    logging.getLogger().addHandler(heard)
    try:
        async with TelegramEmulator() as tg:
            desk = Rig(tg, mode)
            await desk.up(listen=listen)
            try:
                yield desk
            finally:
                await desk.down()
    finally:
        logging.getLogger().removeHandler(heard)
    assert tg.violations == []
    assert tg.bot_token not in str(desk.log.lines) + "\n".join(heard.lines)


class _Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
