"""The engine in this process, put together as bridge.run does it, with desks that only write down.

What goes out to a desk is done at once; what goes out as a text is not delivered.
"""

import asyncio
import contextlib
import importlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.daemon import configuration
from bench.webhooks import person, text
from bridge import registry
from bridge.engine.attempt import Attempts
from bridge.engine.bulletins import Bulletins
from bridge.engine.deliver import Deliverer
from bridge.engine.files import Files
from bridge.engine.ids import time_ids
from bridge.engine.inbox import Inbox
from bridge.engine.intake import Intake
from bridge.engine.notify import Notifier
from bridge.engine.process import Judge, Processor
from bridge.engine.rates import merge_chars, rates
from bridge.engine.tapbacks import Tapbacks
from bridge.engine.world import Worlds
from bridge.model.decision import World
from bridge.model.events import TextReceived
from bridge.model.shapes import Card, Post
from bridge.model.traits import Rate
from bridge.store import tables
from bridge.store.database import migrate
from bridge.store.store import Store

QUICK = Rate(1e6, 1e6)
KEYWORDS = 200


class Page:
    """A chat that writes down what it is told to show. Its traits are those of the real one."""

    def __init__(self, name: str, quick: bool) -> None:
        real = importlib.import_module(f"connectors.chat.{name}").Platform
        self.name = name
        self.label = real.label
        self.traits = replace(real.traits, post_rate=QUICK, mark_rate=QUICK) if quick else real.traits
        self.cards: dict[str, Card] = {}  # by the thread's ref
        self.posts: list[tuple[str, Post]] = []
        self._count = 0

    def _ref(self) -> str:
        self._count += 1
        return f"{self.name}.{self._count:08d}"

    async def open_thread(self, desk: str, card: Card, key: str) -> str:
        ref = self._ref()
        self.cards[ref] = card
        return ref

    async def post(
        self, desk: str, thread: str, post: Post, files: Sequence[Any], key: str
    ) -> tuple[str, ...]:
        self.posts.append((thread, post))
        return (self._ref(),)

    async def update_card(self, desk: str, thread: str, card: Card) -> None:
        self.cards[thread] = card

    async def edit_post(self, desk: str, thread: str, ref: str, post: Post) -> None:
        pass

    async def mark(self, desk: str, thread: str | None, ref: str, mark: Any) -> None:
        pass


class _Complaints:
    """A log that says what went wrong, and nothing else."""

    def info(self, event: str, **fields: object) -> None:
        pass

    warning = info

    def error(self, event: str, **fields: object) -> None:
        print(event, fields, file=sys.stderr)


@dataclass
class Watched:
    """The store, with a stopwatch at its hot verbs."""

    store: Store
    seconds: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    decided: int = 0
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def has_decided(self, count: int) -> None:
        """Wait until so many events are decided."""
        while self.decided < count:
            self._moved.clear()
            await self._moved.wait()

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self.store, name)
        if name not in ("turn", "claim", "settle"):
            return verb

        async def watched(*args: Any, **more: Any) -> Any:
            started = time.perf_counter()
            result = await verb(*args, **more)
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
            self.calls[name] = self.calls.get(name, 0) + 1
            if name == "turn":
                self.decided += len(result.decided)
                self._moved.set()
            return result

        return watched


@dataclass
class House:
    """All that takes part between the journal and the platforms."""

    store: Watched
    intake: Intake
    processor: Processor
    deliverer: Deliverer
    inbox: Inbox
    pages: dict[str, Page]
    worlds: Worlds
    now: Callable[[], float]

    async def take(self, numbers: Sequence[int], people: int, first: int = 0) -> None:
        """Commit texts, each from person number % people, counted from `first`."""
        now = self.now()
        await self.intake.put_new([received(n, person(first + n % people), now) for n in numbers])

    async def decide(self) -> None:
        """Take turns until nothing is due."""
        while await self.processor.once():
            pass

    async def deliver(self) -> int:
        """Send what may go now; give how many requests that were."""
        found = await self.deliverer.once()
        await self.deliverer.drain(60)
        return found


def received(number: int, sender: str, at: float) -> TextReceived:
    """Give a text as its webhook tells it."""
    return TextReceived("main", f"SM{number:032x}", sender, "e164", text(number), at)


@contextlib.asynccontextmanager
async def house(
    url: str, desks: str, *, quick: bool = True, now: Callable[[], float] = time.time
) -> AsyncIterator[House]:
    """Open a house on a database, with 200 keywords. quick: desks write as fast as they can."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        config = registry.load(configuration(Path(folder) / "bench.toml", url, desks=desks))
    await migrate(url)
    store = Watched(Store(url))
    hot: Any = store
    await store.store.open()
    try:
        await _keywords(store.store, now())
        log = _Complaints()
        ids = time_ids(now)
        providers = {
            name: registry.sms_provider(line, config.organisation.region)
            for name, line in config.lines.items()
        }
        lines, organisation = registry.lines(config, providers), registry.organisation(config)
        pages = {name: Page(name, quick) for name in config.chats}
        chats: Any = pages
        places = registry.desks(config, chats)
        worlds = Worlds(store.store, World(organisation, lines, places))
        await worlds.refresh()
        judge = Judge(registry.classifier(), now, ids)
        files = Files(store.store, providers, {}, now, ids)
        inbox = Inbox(store.store, files, worlds, config.organisation.region)
        notifier, tapbacks = Notifier(store.engine, None, chats, ""), Tapbacks(store.engine)
        attempts = Attempts({}, chats, files, "", now, notifier, tapbacks, Bulletins(store.engine, files))
        # no line's meter: what goes out as a text waits
        pace = {name: rate for name, rate in rates(lines, places).items() if not name.startswith("number:")}
        deliverer = Deliverer(
            hot, attempts, worlds, judge, pace, merge_chars(places), "bench", now, log, inbox.touch
        )
        processor = Processor(hot, worlds, judge, now, log, deliverer.wake, inbox.touch)
        intake = Intake(store.store, now, processor.wake)
        yield House(store, intake, processor, deliverer, inbox, pages, worlds, now)
    finally:
        await store.store.close()


async def _keywords(store: Store, now: float) -> None:
    words = [
        {"word": f"KEYWORD{number}", "list_name": "news", "reply": "Thank you.", "created_at": now}
        for number in range(KEYWORDS)
    ]
    async with store.engine.begin() as connection:
        if not await connection.scalar(sa.select(sa.func.count()).select_from(tables.keywords)):
            await connection.execute(sa.insert(tables.lists), [{"name": "news", "created_at": now}])
            await connection.execute(sa.insert(tables.keywords), words)
