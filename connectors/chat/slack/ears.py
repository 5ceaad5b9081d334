"""How Slack reaches us: one Bolt middleware that journals, then acknowledges.

Bolt acknowledges events before a listener runs, even where it fails, and answers what no listener
matches with 404, over a socket not at all (slack_bolt 1.30). A global middleware runs before the
acknowledgement, and one that answers by itself needs no listener: so every envelope ends here. What the
sink refuses is answered 503, over a socket not acknowledged: Slack repeats it.
"""

import asyncio
import contextlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bridge.errors import ConnectorError
from bridge.ports import House
from connectors.chat.slack.api import Answer, Api, quiet_logger
from connectors.chat.slack.config import Config
from connectors.chat.slack.presses import After, Heard, Presses
from connectors.chat.slack.reading import Reader

DRAIN: Final = 8.0  # seconds that what was begun gets at the end
_STAMP: Final = re.compile(r"[0-9]{1,12}\Z")
_FRESH: Final = 300  # seconds that a signature is good for
_REMOVED: Final = ("app_uninstalled", "tokens_revoked")


def is_signed(secret: str, body: bytes, headers: Mapping[str, str], now: float) -> bool:
    """Check Slack's signature (docs.slack.dev/authentication/verifying-requests-from-slack).

    Bolt checks it too, but reads the body before, and fails on one that cannot be read.
    """
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    if not _STAMP.match(stamp) or abs(now - int(stamp)) > _FRESH:
        return False
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, "sha256").hexdigest()
    given = headers.get("X-Slack-Signature", "").encode(errors="replace")
    return hmac.compare_digest(f"v0={digest}".encode(), given)


class Ears:
    """One Bolt app, for both sockets or for HTTP."""

    def __init__(self, config: Config, api: Api, reader: Reader, presses: Presses, house: House) -> None:
        """Hears nothing until `signed_in`."""
        self._config = config
        self._api = api
        self._reader = reader
        self._presses = presses
        self._house = house
        self._who: AuthorizeResult | None = None
        self._busy: set[asyncio.Task[Any]] = set()
        self.app = self._make_app()

    def _make_app(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            assert self._who is not None  # nothing is listened to before start()
            return self._who

        async def journal(body: dict[str, Any]) -> BoltResponse:  # Bolt passes arguments by name
            return await self._take_envelope(body)

        logger = quiet_logger(self._house.log)
        secret = self._config.signing_secret
        app = AsyncApp(
            name="threadline",
            logger=logger,
            client=AsyncWebClient(
                base_url=self._config.api_url, timeout=30, retry_handlers=[], logger=logger
            ),
            signing_secret=secret.get_secret_value() if secret else "",
            authorize=authorize,
            # It would hide that somebody deleted a root of ours. Reader knows what is ours.
            ignoring_self_events_enabled=False,
        )
        app.use(journal)
        return app

    def signed_in(self, answer: Answer) -> None:
        """Take note of who we are (auth.test), so that no event has to wait for the question."""
        token = self._config.bot_token.get_secret_value()
        self._who = AuthorizeResult.from_auth_test_response(bot_token=token, auth_test_response=answer)

    async def _take_envelope(self, body: dict[str, Any]) -> BoltResponse:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            return await self._journal(body)
        finally:
            self._busy.discard(task)

    async def _journal(self, body: Mapping[str, Any]) -> BoltResponse:
        try:
            heard = await self._hear(body)
        except ConnectorError as failure:
            self._house.log.warning("slack_event_refused", reason=failure.reason)
            return BoltResponse(status=503, body="")
        except Exception as failure:  # of our own making; Slack repeats what it can
            self._house.log.error("slack_event_failed", reason=type(failure).__name__)
            return BoltResponse(status=500, body="")
        if heard.after:
            self._later(heard.after)
        return BoltResponse(status=200, body=heard.answer or "")

    async def _hear(self, body: Mapping[str, Any]) -> Heard:
        event = body.get("event")
        if isinstance(event, Mapping):
            if event.get("type") in _REMOVED:
                self._api.refused = "the app was removed from the workspace: install it again"
            if event.get("type") == "app_home_opened":
                if event.get("tab", "home") == "home":
                    self._later(lambda: self._presses.home_opened(event))
                return Heard()
            events = await self._reader.events(event)
            if events:
                await self._house.sink.put(events)
            return Heard()
        heard = await self._presses.hear(body)
        if heard.events:
            await self._house.sink.put(heard.events)
        return heard

    # -- HTTP ------------------------------------------------------------------------------------------------

    def routes(self) -> list[web.AbstractRouteDef]:
        """Give the route that Slack posts to, where it does."""
        return [] if self._config.app_token else [web.post("/slack/events", self._take)]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if self._who is None:
            return web.Response(status=503)
        secret = self._config.signing_secret
        signed_with = secret.get_secret_value() if secret else ""
        if not is_signed(signed_with, await request.read(), request.headers, self._house.now()):
            return web.Response(status=403)
        try:
            received = await to_bolt_request(request)
        except ValueError:
            self._house.log.error("slack_event_unreadable", size=request.content_length)
            return web.Response()
        return await to_aiohttp_response(await self.app.async_dispatch(received))

    # -- afterwards ------------------------------------------------------------------------------------------

    def _later(self, work: After) -> None:
        async def do() -> None:
            try:
                await work()
            except ConnectorError as failure:
                self._house.log.warning("slack_after_press", reason=failure.reason, code=failure.code)
            except Exception as failure:
                self._house.log.error("slack_after_press", reason=type(failure).__name__)

        task = asyncio.ensure_future(do())
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def drain(self) -> None:
        """Let what was begun come to its end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN):
                while self._busy:
                    await asyncio.wait(set(self._busy))
        for task in self._busy:
            task.cancel()
