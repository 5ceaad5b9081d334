"""How updates come: fetched by our own loop, or brought to our own route. Never confirmed before committed.

python-telegram-bot's Updater confirms from memory and its webhook server answers before anything is
stored (python-telegram-bot 22.8), so neither is used.
"""

import asyncio
import hmac
import json

from aiohttp import web

from bridge.errors import ConnectorError, Throttled
from bridge.ports import Cursor, House
from connectors.chat.telegram.api import Api
from connectors.chat.telegram.hearing import Hearing
from connectors.chat.telegram.trouble import Trouble

PATIENCE = 50  # seconds, the longest that getUpdates waits (Bot API)
MAX_BODY = 1 << 20
SLOWEST = 30.0
OFFSET = "telegram:offset"


class Polling:
    """The loop. Only one process may poll a bot; a second one makes both fail by turns (409)."""

    def __init__(self, api: Api, hearing: Hearing, house: House, trouble: Trouble) -> None:
        self._api = api
        self._hearing = hearing
        self._sink = house.sink
        self._log = house.log
        self._trouble = trouble

    async def run(self) -> None:
        """Fetch and hear, until cancelled. The first word after a failure does not wait for updates: only an
        answer says that all is well again, and on a quiet day it would take its time."""
        wait, patience = 1.0, PATIENCE
        while True:
            try:
                await self.turn(patience)
            except ConnectorError as error:
                if self._trouble.set("listening", f"not listening: {error.reason}"):
                    self._log.warning("telegram_not_listening", reason=error.reason)
                await asyncio.sleep(error.after if isinstance(error, Throttled) else wait)
                wait, patience = min(wait * 2, SLOWEST), 0
            else:
                self._trouble.clear("listening")
                wait, patience = 1.0, PATIENCE

    async def turn(self, patience: int = PATIENCE) -> None:
        """Fetch what came since the last committed update, and commit it."""
        kept = await self._sink.cursor(OFFSET)
        updates = await self._api.updates(int(kept) + 1 if kept else 0, patience)
        if updates:
            last = max(int(update["update_id"]) for update in updates)
            await self._hearing.hear(updates, Cursor(OFFSET, str(last)))


class Webhook:
    """The route. Telegram repeats what was not answered 2xx, and brings nothing else of that chat before."""

    def __init__(self, secret: str, hearing: Hearing, house: House, trouble: Trouble) -> None:
        self._secret = secret.encode()
        self._hearing = hearing
        self._log = house.log
        self._trouble = trouble
        self.ready = False

    async def take(self, request: web.Request) -> web.Response:
        """Answer 200 once the update is committed."""
        told = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "replace")
        if not hmac.compare_digest(told, self._secret):
            self._log.warning("telegram_webhook_secret_wrong")
            return web.Response(status=403)
        body = await _read(request)
        if body is None:
            return web.Response(status=413)
        if not self.ready:
            return web.Response(status=503, headers={"Retry-After": "2"})
        return await self._hear(body)

    async def _hear(self, body: bytes) -> web.Response:
        try:
            update = json.loads(body)
            if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
                raise ValueError("no update")
        except ValueError:
            # Rightly signed and unreadable: refusing it would hold all later updates back.
            self._log.error("telegram_webhook_unreadable", size=len(body))
            return web.Response()
        try:
            await self._hearing.hear([update])
        except ConnectorError as error:
            self._trouble.set("listening", f"updates are put off: {error.reason}")
            return web.Response(status=503, headers={"Retry-After": "2"})
        self._trouble.clear("listening")
        return web.Response()


async def _read(request: web.Request) -> bytes | None:
    """Give the body, or None where it is larger than any update."""
    if (request.content_length or 0) > MAX_BODY:
        return None
    body = b""
    async for chunk in request.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return body
