"""Socket Mode: one-use addresses, hello and disconnect frames, envelopes that go to one socket each."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from .delivery import Delivery, Payload

MAX_SOCKETS = 10


@dataclass(eq=False)
class Socket:
    """One open WebSocket; once told to disconnect it gets no new envelopes."""

    id: str
    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    leaving: bool = False


class Sockets:
    """The app's open sockets and the envelopes that wait for an acknowledgement."""

    def __init__(self, app_id: str, on_change: Callable[[], None]) -> None:
        self.open: list[Socket] = []
        self._app_id = app_id
        self._on_change = on_change
        self._tickets: set[str] = set()
        self._waiting: dict[str, Delivery] = {}
        self._turn = 0

    def ticket(self) -> str:
        """Return the secret of a socket URL; it opens one socket."""
        ticket = secrets.token_urlsafe(12)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Run one WebSocket: hello, then envelopes out and acknowledgements in."""
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            return web.Response(status=403, text="this socket URL was used before")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        socket = Socket(ticket, ws, request.transport)
        self.open.append(socket)
        try:
            await self._greet(socket)
            async for frame in ws:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(frame.data))
        finally:
            self.open.remove(socket)
            self._on_change()
        return ws

    async def _greet(self, socket: Socket) -> None:
        if len(self.open) > MAX_SOCKETS:
            await self._dismiss(socket, "too_many_websockets", 0)
            return
        hello = {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "emulator", "build_number": 1, "approximate_connection_time": 18060},
        }
        await socket.ws.send_json(hello)
        self._on_change()

    def _acknowledge(self, frame: Payload) -> None:
        delivery = self._waiting.pop(frame.get("envelope_id", ""), None)
        if delivery is not None:
            delivery.resolve(frame.get("payload") or {})
        self._on_change()

    async def send(self, delivery: Delivery, extra: Payload) -> bool:
        """Send an envelope to one socket, the next in turn; False when none is there."""
        ready = [socket for socket in self.open if not socket.leaving and not socket.ws.closed]
        if not ready:
            return False
        self._turn += 1
        socket = ready[self._turn % len(ready)]
        envelope_id = secrets.token_hex(16)
        self._waiting[envelope_id] = delivery
        delivery.attempts.append(socket.id)
        envelope = {"envelope_id": envelope_id, "type": delivery.kind, "payload": delivery.payload, **extra}
        try:
            await socket.ws.send_json(envelope)
        except ConnectionError:
            return False
        return True

    async def disconnect(self, reason: str, grace: float) -> None:
        """Tell every socket to go, as Slack does every few hours, and close it after `grace` seconds."""
        await asyncio.gather(*(self._dismiss(socket, reason, grace) for socket in list(self.open)))

    async def _dismiss(self, socket: Socket, reason: str, grace: float) -> None:
        socket.leaving = True
        with contextlib.suppress(ConnectionError):
            frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "emulator"}}
            await socket.ws.send_json(frame)
            await asyncio.sleep(grace)
            await socket.ws.close()

    def cut(self) -> None:
        """Break every socket without a word, as a failing network does."""
        for socket in self.open:
            socket.leaving = True
            if socket.transport is not None:
                socket.transport.abort()
