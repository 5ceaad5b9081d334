"""A town: people with phones, staff at three desks, and daemons between them that may die at any time.

Everything that anybody said is written down (`Diary`), so that the books can be checked at the end.
"""

import contextlib
import itertools
import os
import struct
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from aiohttp import ClientError

from bridge.model.address import show
from bridge.store.database import async_engine
from bridge.store.staff import Staff
from tests.crash.supervisor import Daemon, Supervisor, supervised
from tests.e2e.house import PUBLIC, World, a_world, until
from tests.e2e.tools import ask

HOLD = 0.3  # seconds
QUICKLY: dict[str, Any] = {  # the same waits, only shorter
    "bridge.engine.settling:LOOK_AFTER": [0.1, 0.2, 0.3],
    "connectors.chat.slack.catch_up:SETTLE": 0.05,
    "bridge.engine.process:_IDLE": 0.1,
    "bridge.engine.listen:_TURN": 0.2,
}


@dataclass
class Text:
    """What somebody texted."""

    words: str
    acknowledged: bool


@dataclass
class Reply:
    """What staff wrote to somebody."""

    words: str
    desk: str
    number: str
    ref: Any = None


@dataclass
class Diary:
    """What was said, in the order in which it was."""

    texts: dict[str, list[Text]] = field(default_factory=dict)  # by number
    replies: list[Reply] = field(default_factory=list)
    too_late: list[Reply] = field(default_factory=list)  # written when STOP had been acknowledged
    stopped: set[str] = field(default_factory=set)


class Town:
    """The world with its daemons."""

    def __init__(self, world: World, supervisor: Supervisor, folder: Path) -> None:
        self.world = world
        self.supervisor = supervisor
        self.engine = async_engine(world.database)
        self.diary = Diary()
        self.asleep: set[int] = set()  # who was stopped
        self.switch = folder / "switch"
        self._clock = folder / "clock"
        self._count = itertools.count(1)
        self._turn = itertools.count()
        self._headers: dict[str, str] = {}

    # ---- daemons ----------------------------------------------------------------------------------

    async def start(self, daemons: int = 1) -> None:
        """Start daemons, each with a port of its own."""
        self._headers = await self._signed_in()
        for number in range(daemons):
            self.world.port = 0  # another one that is free
            config = self.world.open_door().rename(self.world.folder / f"daemon-{number}.toml")
            log = self.world.folder / f"daemon-{number}.log"
            await self.supervisor.start(Daemon(config, self.world.port, log))

    def next_door(self) -> Daemon:
        """Choose to whom the next webhook goes: to each in turn, dead or alive, if it is not asleep."""
        daemons = [one for one in self.supervisor.daemons if one.pid not in self.asleep]
        daemon = daemons[next(self._turn) % len(daemons)]
        self.world.twilio.reach(PUBLIC, daemon.url)
        return daemon

    def wants(self, step: str, how: str = "kill", passing: int = 1) -> None:
        """Have a daemon die (or stop) at a step."""
        (self.switch / f"wanted; {step}; {how}; {passing}").touch()

    def passed(self, step: str, how: str = "kill") -> list[int]:
        """Give the process ids of those who died (or stopped) at a step."""
        mark = f"done; {step}; {how}; "
        return [int(f.name.removeprefix(mark)) for f in self.switch.iterdir() if f.name.startswith(mark)]

    def clock_is_wrong_by(self, seconds: float) -> None:
        """Let the daemons' clock jump."""
        with self._clock.open("r+b") as file:
            file.write(struct.pack("d", seconds))

    # ---- people -----------------------------------------------------------------------------------

    async def text(self, number: str, words: str = "") -> Text:
        """Somebody texts. What was acknowledged the provider forgets: it is ours to keep."""
        words = words or f"My heat is out, number {next(self._count)}."
        self.next_door()
        answer = await self.world.text(words, number)
        text = Text(words, answer.status == 200)
        if text.acknowledged:
            del self.world.twilio.records[answer.sid]
        self.diary.texts.setdefault(number, []).append(text)
        return text

    async def stop(self, number: str) -> None:
        """Somebody has enough: they say so until it is heard."""

        async def heard() -> bool:
            return (await self.text(number, "STOP")).acknowledged

        await until(heard, 20)
        self.diary.stopped.add(number)

    # ---- staff ------------------------------------------------------------------------------------

    async def reply(self, desk: str, number: str) -> Reply:
        """Staff answer somebody, at the desk's own pace."""
        reply = Reply(f"We come soon, answer {next(self._count)}.", desk, number)
        (self.diary.too_late if number in self.diary.stopped else self.diary.replies).append(reply)
        match desk:
            case "slack":
                await until(lambda: self.root(number) is not None, 60)
                root = self.root(number)
                reply.ref = await self.world.slack.say(
                    self.world.ana, self.world.channel, reply.words, thread_ts=root
                )
            case "telegram":
                await until(lambda: self.topic(number), 60)
                topic, group = self.topic(number), self.world.telegram.group
                reply.ref = await self.world.telegram.say("Ben", group, reply.words, topic=topic)
            case "web":
                await self._at_web(number, reply.words)
        return reply

    def root(self, number: str) -> str | None:
        """Give the Slack thread about somebody."""
        return next((str(root["ts"]) for root in self.roots(number)), None)

    def roots(self, number: str) -> list[Any]:
        """Give all roots in Slack that are about somebody."""
        shown = show(number, "US")
        return [root for root in self.world.roots() if shown in orjson.dumps(root).decode()]

    def topics(self, number: str) -> list[int]:
        """Give the Telegram topics about somebody, oldest first."""
        shown = show(number, "US")
        return [one for one, topic in self.world.telegram.group.topics.items() if shown in topic.name]

    def topic(self, number: str) -> int | None:
        """Give the topic in which somebody's words stand: nobody answers in one that shows none."""
        telegram = self.world.telegram
        for topic in self.topics(number):
            shown = {line for m in telegram.messages(telegram.group, topic) for line in m.text.splitlines()}
            if shown & {text.words for text in self.diary.texts[number]}:
                return topic
        return None

    async def _at_web(self, number: str, words: str) -> None:
        """Write at the page, which tries again with the same id until it is told that it is kept."""
        body = orjson.dumps({"text": words, "client_id": os.urandom(8).hex()})
        thread: str | None = None

        async def kept() -> bool:
            nonlocal thread
            url = f"{self.next_door().url}/api/threads"
            with contextlib.suppress(ClientError, OSError):
                if thread is None:
                    rows = (await ask(url, headers=self._headers)).json()["rows"]
                    thread = next(
                        (row["thread"] for row in rows if row["number"] == show(number, "US")), None
                    )
                    return False
                return (await ask(f"{url}/{thread}/messages", "POST", body, self._headers)).status == 201
            return False

        await until(kept, 60)

    async def _signed_in(self) -> dict[str, str]:
        staff = Staff(self.engine, time.time)
        session = await staff.redeem(await staff.add("Eve", "agent"))
        cookie = f"__Host-threadline={session}"
        return {"Cookie": cookie, "X-Threadline": "1", "Content-Type": "application/json"}

    # ---- the database -----------------------------------------------------------------------------

    async def read(self, chosen: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        """Read rows."""
        async with self.engine.connect() as connection:
            return list(await connection.execute(chosen))


@contextlib.asynccontextmanager
async def a_town(
    zygote: Path, folder: Path, database: str, settings: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[Town]:
    """Make a town without daemons. settings: values in the daemons, by "module:name"."""
    switch, clock = folder / "switch", folder / "clock"
    switch.mkdir()
    clock.write_bytes(struct.pack("d", 0.0))
    given = {"switch": str(switch), "clock": str(clock), "set": QUICKLY | (settings or {})}
    async with (
        a_world(folder, database, **{"hold": HOLD, "line": "provider_answers = []"} | options) as world,
        supervised(zygote, given) as supervisor,
    ):
        world.twilio.handles_opt_out = False  # what goes out after STOP is to be seen
        town = Town(world, supervisor, folder)
        try:
            yield town
        finally:
            await town.engine.dispose()
        assert supervisor.faults == []
