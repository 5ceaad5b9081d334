"""What /healthz, /readyz and /metrics answer, and what the operator is told of long silences."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from aiohttp import web

from bridge import metrics
from bridge.engine.deliver import Deliverer
from bridge.engine.listen import Listener
from bridge.engine.process import Processor
from bridge.errors import Unreachable
from bridge.render import words
from bridge.store.apply import BUMP, NOTICE
from bridge.store.query import Work
from bridge.store.store import Store

LOOK = 5.0  # seconds between looks at all parts
BLINK = 10.0  # seconds; a database that was away for less is nothing to tell of
PATIENT_WRITE = 5.0
PATIENCE = 180.0  # seconds that a chat may be silent before the operator is told


class Health:
    """Asks every part how it is."""

    def __init__(
        self,
        store: Store,
        numbers: Mapping[str, str],
        listener: Listener,
        processor: Processor,
        deliverer: Deliverer,
        stopping: Callable[[], bool],
    ) -> None:
        """numbers: of every line, by its name."""
        self._store = store
        self._numbers = numbers
        self._listener = listener
        self._processor = processor
        self._deliverer = deliverer
        self._stopping = stopping
        self._since: dict[str, float] = {}  # when a part was first seen not to be well
        self._store_was = ""
        self._refused = metrics.refused()  # as often as it was when the store last took something
        self._told: set[str] = set()  # the parts whose silence the operator was told of

    def routes(self) -> list[web.RouteDef]:
        """Give the routes for whoever watches (docs/interface.md)."""
        return [
            web.get("/healthz", self._alive),
            web.get("/readyz", self._ready),
            web.get("/metrics", self._metrics),
        ]

    def working(self) -> bool:
        """Say whether the loops run: for the watchdog, which asks often and must not ask the world."""
        return self._processor.ill is None and self._deliverer.ill is None

    async def parts(self) -> dict[str, str]:
        """Give "ok" or a sentence for every part."""
        try:
            await self._store.ping()
            await self._try_to_write()
            store = self._processor.ill or self._deliverer.ill or "ok"
        except Exception as error:
            store = (
                f"the database does not answer ({type(error).__name__}); nothing is acknowledged meanwhile"
            )
        troubles = self._deliverer.troubles()
        parts = {"store": store}
        for name, number in self._numbers.items():
            parts[f"line.{name}"] = troubles.get(number, "ok")
        for platform, health in self._listener.health().items():
            ill = [reason for desk, reason in troubles.items() if desk.partition(".")[0] == platform]
            parts[platform] = health if health != "ok" or not ill else ill[0]
        for part, word in parts.items():
            metrics.part_ok.labels(part).set(word == "ok")
        return parts

    async def _try_to_write(self) -> None:
        """Where something was refused since the last time, reading is no proof: the disk may be full."""
        refused = metrics.refused()
        if refused > self._refused:
            async with asyncio.timeout(PATIENT_WRITE):
                await self._store.run(_write)
            self._refused = refused

    # ---- the operator ------------------------------------------------------------------------------

    async def watch(self) -> None:
        """Look at all parts from time to time, until cancelled: for figures and for the operator.

        What cannot be told because the database is away is told later.
        """
        while True:
            await asyncio.sleep(LOOK)
            with contextlib.suppress(Unreachable, *self._store.away):
                await self._watch_store((await self.parts())["store"])
                for platform, health in self._listener.health().items():
                    await self._watch_chat(platform, health)

    async def _watch_store(self, word: str) -> None:
        """A database that is away can keep no notice of it: it is told of afterwards."""
        if word != "ok":
            self._seen_ill("store")
            self._store_was = word
        elif "store" in self._since:
            if self._seen_ill("store") >= BLINK:
                since = _clock(self._since["store"])
                await self._tell(words.OP_STORE_BACK.format(since=since, reason=self._store_was))
            del self._since["store"]

    async def _watch_chat(self, platform: str, health: str) -> None:
        """A chat that does not listen. Where nothing goes out to it either, that was told already."""
        sends = all(desk.partition(".")[0] != platform for desk in self._deliverer.troubles())
        if health == "ok":
            self._since.pop(platform, None)
            if platform in self._told:
                await self._tell(words.OP_HEARD_AGAIN.format(where=platform))
                self._told.discard(platform)
        elif self._seen_ill(platform) > PATIENCE and sends and platform not in self._told:
            since = _clock(self._since[platform])
            await self._tell(words.OP_NOT_HEARD.format(where=platform, since=since, reason=health))
            self._told.add(platform)

    def _seen_ill(self, part: str) -> float:
        """Give for how many seconds a part is not well."""
        now = datetime.now(UTC).timestamp()
        return now - self._since.setdefault(part, now)

    async def _tell(self, text: str) -> None:
        def work() -> Work[None]:
            yield NOTICE(at=datetime.now(UTC).timestamp(), text=text)

        await self._store.run(work)

    # ---- HTTP ----------------------------------------------------------------------------------------

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        parts = await self.parts()
        ready = all(word == "ok" for word in parts.values()) and not self._stopping()
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": metrics.CONTENT_TYPE})


def _write() -> Work[None]:
    yield BUMP(name="tried to write")


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M UTC")
