"""Receive: what providers post to us is checked, committed, and only then answered."""

import base64
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from bridge import metrics
from bridge.engine.intake import Intake
from bridge.errors import BadSignature, Unreachable
from bridge.errors import Unreadable as CannotBeRead
from bridge.model.events import Event, Unreadable
from bridge.ports import Log, Request, Response, SmsProvider

MAX_BODY = 1 << 20


class Receiver:
    """The hooks of every line."""

    def __init__(
        self,
        providers: Mapping[str, SmsProvider],
        intake: Intake,
        public_url: str,
        now: Callable[[], float],
        log: Log,
    ) -> None:
        """public_url: as providers call it; their signatures are checked against it."""
        self._providers = providers
        self._intake = intake
        self._public_url = public_url.rstrip("/")
        self._now = now
        self._log = log
        self._received = {line: metrics.received.labels(line) for line in providers}

    def routes(self) -> list[web.RouteDef]:
        """Give the routes of the hooks (docs/interface.md)."""
        return [
            web.route(method, path, partial(self._handle, line))
            for line in self._providers
            for path in (f"/hooks/{line}", f"/hooks/{line}/status")
            for method in ("GET", "POST")
        ]

    async def take(self, line: str, request: Request) -> Response:
        """Take one request for a line; the answer is given once the events are committed."""
        provider = self._providers.get(line)
        if provider is None:
            return Response(404)
        now = self._now()
        try:
            provider.verify(request)
        except BadSignature as error:
            metrics.bad_signatures.labels(line).inc()
            self._log.warning("hook.bad_signature", line=line, reason=error.reason)
            return Response(403)
        events: list[Event]
        try:
            parsed = list(provider.parse(request, now))
            events = list(parsed)
        except CannotBeRead as error:
            metrics.unreadable.labels(line).inc()
            self._log.error("hook.unreadable", line=line, reason=error.reason)
            parsed, events = [], [_raw(line, request, now)]
        try:
            began = time.perf_counter()
            new = await self._intake.put_new(events)
            metrics.intake_seconds.observe(time.perf_counter() - began)
        except Unreachable as error:
            metrics.refused_by_store.inc()
            self._log.error("hook.store_away", line=line, reason=error.reason)
            return Response(503)
        self._received[line].inc(len(new))
        return provider.answer(parsed)

    async def _handle(self, line: str, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        answer = await self.take(
            line,
            Request(
                method=request.method,
                # the path byte for byte as it came: what was signed is not what a library tidies
                url=self._public_url + request.raw_path,
                headers=request.headers,
                body=body,
            ),
        )
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _raw(line: str, request: Request, now: float) -> Unreadable:
    return Unreadable(
        line=line,
        digest=hashlib.sha256(request.body + request.url.encode(errors="replace")).hexdigest(),
        body=base64.b64encode(request.body).decode(),
        content_type=request.header("content-type"),
        at=now,
    )


Take = Callable[[str, Request], Awaitable[Response]]
