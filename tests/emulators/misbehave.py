"""What can go wrong on the way to a service, as values, and a server that does it on request.

An emulator that only ever works proves little: threadline's promises are about the other cases. Each
`Misbehaviour` names one thing real services do; `MisbehavingServer` applies it to the next calls of a
method and can also go away altogether and come back on the same port.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from aiohttp import ClientSession, web

ANY = "*"


class Kind(StrEnum):
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    STALL = "stall"
    RATE_LIMIT = "rate_limit"
    ERROR = "error"
    HTML = "html"
    HALF = "half"


# These do the work first: the caller cannot know that it was done, which is the point of them.
_AFTER_THE_WORK = frozenset({Kind.DROP_AFTER, Kind.STALL, Kind.HALF})


@dataclass(frozen=True)
class Misbehaviour:
    kind: Kind
    seconds: float = 0.0
    status: int = 500
    until: asyncio.Event | None = None


def drop_before() -> Misbehaviour:
    """The connection breaks and nothing was done."""
    return Misbehaviour(Kind.DROP_BEFORE)


def drop_after() -> Misbehaviour:
    """The connection breaks although everything was done: the ambiguous case."""
    return Misbehaviour(Kind.DROP_AFTER)


def stall(seconds: float) -> Misbehaviour:
    """The work is done at once, the answer comes late (or never, for the caller's patience)."""
    return Misbehaviour(Kind.STALL, seconds=seconds)


def stall_until(event: asyncio.Event) -> Misbehaviour:
    """The work is done at once, the answer comes when somebody says so."""
    return Misbehaviour(Kind.STALL, until=event)


def rate_limit(retry_after: float = 1) -> Misbehaviour:
    """429 in the service's own dialect; nothing was done."""
    return Misbehaviour(Kind.RATE_LIMIT, seconds=retry_after, status=429)


def server_error(status: int = 500) -> Misbehaviour:
    """5xx in the service's own dialect; nothing was done."""
    return Misbehaviour(Kind.ERROR, status=status)


def html(status: int = 502) -> Misbehaviour:
    """A proxy's error page where JSON was expected; nothing was done."""
    return Misbehaviour(Kind.HTML, status=status)


def half_answer() -> Misbehaviour:
    """The work is done and the answer breaks off in the middle."""
    return Misbehaviour(Kind.HALF)


class MisbehavingServer:
    """An aiohttp server on 127.0.0.1 that keeps its port when it goes down and comes up again.

    State belongs to the subclass and survives `down()`: a service that was unreachable forgets nothing.
    """

    def __init__(self, port: int = 0) -> None:
        self._wanted_port = port
        self._socket: socket.socket | None = None
        self._runner: web.AppRunner | None = None
        self._faults: dict[str, list[Misbehaviour]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._client: ClientSession | None = None
        self._reached: dict[str, str] = {}
        self.port = 0

    # -- for the subclass ------------------------------------------------------------------------------

    def _routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def _call_name(self, request: web.Request) -> str:
        """The name under which misbehaviour is ordered for this request."""
        raise NotImplementedError

    def _fault_response(self, fault: Misbehaviour) -> web.Response:
        """The service's own words for a 429 or a 5xx."""
        raise NotImplementedError

    async def _on_up(self) -> None:
        """Go on with what the service does by itself (webhooks, callbacks)."""

    async def _on_down(self) -> None:
        """Pause what the service does by itself, and wake whatever still waits inside a handler."""

    @property
    def client(self) -> ClientSession:
        """For the calls that the service itself makes."""
        if self._client is None:
            self._client = ClientSession()
        return self._client

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def reach(self, public: str, actual: str) -> None:
        """Go to `actual` for addresses that begin with `public`, as a reverse proxy would have it.

        Signatures and rules (HTTPS) still look at the public address.
        """
        self._reached[public] = actual

    def _actual(self, url: str) -> str:
        for public, actual in self._reached.items():
            if url.startswith(public):
                return actual + url.removeprefix(public)
        return url

    # -- life ------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._socket = self._bind(self._wanted_port)
        self.port = self._socket.getsockname()[1]
        await self.up()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.down()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()
            self._client = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def up(self) -> None:
        """Listen (again) on the same port."""
        if self._runner is not None:
            return
        app = web.Application(middlewares=[self._middleware], client_max_size=60 * 1024 * 1024)
        app.add_routes(self._routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        assert self._socket is not None
        await web.SockSite(self._runner, self._socket).start()
        await self._on_up()

    async def down(self) -> None:
        """Refuse connections; open ones are cut. The port stays ours, so `up()` finds it free."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        await self._on_down()
        await runner.cleanup()
        # Clients in this process must notice that their idle connections ended, or the next call of one
        # breaks in the middle instead of being refused.
        await asyncio.sleep(0.02)
        self._socket = self._bind(self.port)

    @staticmethod
    def _bind(port: int) -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        return bound

    # -- misbehaviour ----------------------------------------------------------------------------------

    def misbehave(self, method: str, *faults: Misbehaviour, times: int = 1) -> None:
        """Let the next calls of `method` ("*" for any) meet these faults, one each, in this order."""
        self._faults.setdefault(method, []).extend(list(faults) * times)

    def behave(self, method: str | None = None) -> None:
        """Forget the faults still waiting (for one method, or for all)."""
        if method is None:
            self._faults.clear()
        else:
            self._faults.pop(method, None)

    def _next_fault(self, method: str) -> Misbehaviour | None:
        for name in (method, ANY):
            if waiting := self._faults.get(name):
                return waiting.pop(0)
        return None

    @web.middleware
    async def _middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        fault = self._next_fault(self._call_name(request))
        if fault is None:
            return await handler(request)
        if fault.kind not in _AFTER_THE_WORK:
            await request.read()
            return self._instead_of_the_work(request, fault)
        return await self._spoil(request, await handler(request), fault)

    def _instead_of_the_work(self, request: web.Request, fault: Misbehaviour) -> web.Response:
        if fault.kind is Kind.DROP_BEFORE:
            return _cut(request)
        if fault.kind is Kind.HTML:
            page = f"<html><head><title>{fault.status}</title></head><body>Bad gateway</body></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        return self._fault_response(fault)

    async def _spoil(
        self, request: web.Request, response: web.StreamResponse, fault: Misbehaviour
    ) -> web.StreamResponse:
        if fault.kind is Kind.DROP_AFTER:
            return _cut(request)
        if fault.kind is Kind.HALF:
            return await _break_off(request, response)
        await (fault.until.wait() if fault.until else asyncio.sleep(fault.seconds))
        return response

    # -- waiting ---------------------------------------------------------------------------------------

    async def wait_for(self, condition: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Return the first true value of `condition`; AssertionError, showing what there is, if none."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"did not come true within {seconds} s\n{self._describe()}")
            await asyncio.sleep(0.01)
        return found

    def _describe(self) -> str:
        """What to show when waiting was in vain."""
        return ""


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _break_off(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    body = response.body if isinstance(response, web.Response) else b""
    assert isinstance(body, bytes)
    partial = web.StreamResponse(status=response.status)
    partial.content_type = response.content_type
    partial.content_length = len(body)
    await partial.prepare(request)
    await partial.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return partial
