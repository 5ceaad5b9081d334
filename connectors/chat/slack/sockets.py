"""Socket Mode over two sockets, so that one is up while the other is replaced.

slack_sdk replaces a socket by itself, closing the old one first; but a socket address is good for one
connection only, and after a failed one the SDK tries the same address for ever (slack_sdk 3.47,
socket_mode/aiohttp: `connect`). So each socket has a keeper, who starts anew when it stays down.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bridge.errors import ConnectorError, Throttled
from bridge.ports import Log
from connectors.chat.slack.api import Answer, Api

COUNT: Final = 2
_PING: Final = 10.0
_CONNECT: Final = 15.0
_CLOSE: Final = 5.0
_LONGEST_PAUSE: Final = 30.0


class Sockets:
    """Keeps the sockets open until cancelled. `patience`: how long one may be down before its keeper acts."""

    def __init__(
        self, api: Api, app: AsyncApp, app_token: str, on_hello: Callable[[], None], log: Log
    ) -> None:
        """on_hello: called at every new connection."""
        self._api = api
        self._app = app
        self._token = app_token
        self._on_hello = on_hello
        self._log = log
        self._open: list[AsyncSocketModeHandler | None] = [None] * COUNT
        self._why = "not connected yet"
        self.patience = 5.0

    def health(self) -> str:
        """Say "ok" while a socket is up."""
        if any(handler is not None and _is_up(handler) for handler in self._open):
            return "ok"
        return f"no connection to Slack: {self._why}"

    async def run(self) -> None:
        """Keep all sockets open, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(COUNT):
                group.create_task(self._keep(number))

    async def _keep(self, number: int) -> None:
        pause = 0.5
        while True:
            handler = AsyncSocketModeHandler(
                self._app, self._token, logger=self._api.log, ping_interval=_PING
            )
            handler.client.message_listeners.append(self._on_frame)
            self._open[number] = handler
            try:
                await self._connect(handler)
                pause = 0.5
                await self._watch(handler)
                self._why = "the connection broke"
            except ConnectorError as failure:
                self._why = failure.reason
                pause = max(pause, failure.after) if isinstance(failure, Throttled) else pause
            except TimeoutError:
                self._why = "Slack's socket does not answer"
            finally:
                self._open[number] = None
                await asyncio.shield(_close(handler))
            self._log.warning("slack_socket_down", socket=number, reason=self._why)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        """Fetch an address by ourselves: then a refusal can be told in words."""
        opened: Answer = await self._api.ask(
            handler.client.web_client.apps_connections_open(app_token=self._token)
        )
        handler.client.wss_uri = opened["url"]
        async with asyncio.timeout(_CONNECT):
            await handler.client.connect()  # type: ignore[no-untyped-call]

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        """Return when the socket has been down for longer than the SDK needs to replace it."""
        last_up = time.monotonic()
        while time.monotonic() - last_up < self.patience:
            await asyncio.sleep(min(1.0, self.patience / 4))
            if _is_up(handler):
                last_up = time.monotonic()

    async def _on_frame(self, _client: Any, frame: dict[str, Any], _raw: str | None = None) -> None:
        if frame.get("type") == "hello":
            self._on_hello()


def _is_up(handler: AsyncSocketModeHandler) -> bool:
    session = handler.client.current_session
    return session is not None and not session.closed


async def _close(handler: AsyncSocketModeHandler) -> None:
    """Close without raising: what fails here was broken already."""
    try:
        async with asyncio.timeout(_CLOSE):
            await handler.client.close()  # type: ignore[no-untyped-call]
    except Exception:
        await handler.client.aiohttp_client_session.close()
