"""What /healthz, /readyz and /metrics answer."""

from collections.abc import Callable, Mapping

from aiohttp import web

from bridge import metrics
from bridge.engine.deliver import Deliverer
from bridge.engine.listen import Listener
from bridge.engine.process import Processor
from bridge.store.store import Store


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
        return parts

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        parts = await self.parts()
        ready = all(word == "ok" for word in parts.values()) and not self._stopping()
        return web.json_response({"ready": ready, "parts": parts}, status=200 if ready else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=metrics.page(), headers={"Content-Type": metrics.CONTENT_TYPE})
