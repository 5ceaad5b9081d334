"""What becomes of an accepted message: media are fetched, states pass, callbacks go out, a phone rings."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from .errors import REASONS
from .store import API_VERSION, Media, Record, new_sid
from .webhooks import Posted, Webhooks

_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif"})
_MEDIA_TYPES = ("image/", "video/", "audio/", "text/vcard", "text/x-vcard", "text/calendar", "text/csv",
                "text/plain", "text/rtf", "application/pdf", "application/vcard")  # fmt: skip
IMAGES_LIMIT = 5 * 1024 * 1024
OTHER_LIMIT = 500 * 1024


@dataclass(frozen=True)
class Outcome:
    """The states a message passes through after it was accepted, and how its callbacks behave.

    A callback for a state in `omit` never comes; `duplicate` sends each twice; `backwards` sends them all
    at the end in the wrong order.
    """

    states: tuple[str, ...] = ("sending", "sent", "delivered")
    error_code: int | None = None
    omit: frozenset[str] = frozenset()
    duplicate: bool = False
    backwards: bool = False
    delay: float | None = None

    def with_callbacks(
        self, *, omit: tuple[str, ...] = (), duplicate: bool = False, backwards: bool = False
    ) -> Outcome:
        return replace(self, omit=frozenset(omit), duplicate=duplicate, backwards=backwards)


DELIVERED = Outcome()
SENT_ONLY = Outcome(("sending", "sent"))
STUCK = Outcome(())


def undelivered(error_code: int = 30003) -> Outcome:
    return Outcome(("sending", "sent", "undelivered"), error_code)


def failed(error_code: int = 30007) -> Outcome:
    return Outcome(("sending", "failed"), error_code)


@dataclass(frozen=True)
class Fetched:
    """A MediaUrl that Twilio went to get."""

    url: str
    status: int | None
    content_type: str
    size: int
    content: bytes


class Lives:
    """Messages to one recipient live one after another, so that the handset receives them in order."""

    def __init__(
        self,
        account_sid: str,
        webhooks: Webhooks,
        client: Callable[[], ClientSession],
        actual: Callable[[str], str],
        spawn: Callable[[Coroutine[Any, Any, Any]], Any],
        now: Callable[[], datetime],
        receive: Callable[[Record], None],
    ) -> None:
        self._account_sid = account_sid
        self._webhooks = webhooks
        self._client = client
        self._actual = actual
        self._spawn = spawn
        self._now = now
        self._receive = receive
        self._waiting: defaultdict[str, deque[Record]] = defaultdict(deque)
        self._busy: set[str] = set()
        self._allowed = asyncio.Event()
        self._allowed.set()
        self.delay = 0.01
        self.default = DELIVERED
        self.planned: defaultdict[str, deque[Outcome]] = defaultdict(deque)
        self.callbacks: list[Posted] = []
        self.fetched: list[Fetched] = []

    def begin(self, record: Record) -> None:
        self._waiting[record.to].append(record)
        if record.to not in self._busy:
            self._busy.add(record.to)
            self._spawn(self._work(record.to))

    @property
    def idle(self) -> bool:
        return not self._busy

    def hold(self) -> None:
        self._allowed.clear()

    def release(self) -> None:
        self._allowed.set()

    async def _work(self, to: str) -> None:
        try:
            while waiting := self._waiting[to]:
                await self._live(waiting.popleft())
        finally:
            self._busy.discard(to)

    async def _live(self, record: Record) -> None:
        planned = self.planned[record.to]
        outcome = planned.popleft() if planned else self.default
        await self._allowed.wait()
        if error := await self._fetch_media(record):
            outcome = failed(error)
        told = []
        for state in outcome.states:
            await asyncio.sleep(self.delay if outcome.delay is None else outcome.delay)
            await self._allowed.wait()
            if record.status == "canceled":
                return
            self._enter(record, state, outcome)
            if state not in outcome.omit:
                told += [state] * (2 if outcome.duplicate else 1)
            if not outcome.backwards:
                await self._tell(record, told)
        await self._tell(record, told[::-1])

    def _enter(self, record: Record, state: str, outcome: Outcome) -> None:
        record.status = state
        record.history.append(state)
        record.updated = self._now()
        if state in ("sent", "delivered"):
            record.sent = record.sent or record.updated
        if state in ("failed", "undelivered"):
            record.error_code = outcome.error_code
            record.error_message = REASONS.get(outcome.error_code or 0)
        if state == outcome.states[-1] and state in ("sent", "delivered"):
            self._receive(record)

    async def _tell(self, record: Record, states: list[str]) -> None:
        """Post and forget the given states."""
        waiting, states[:] = list(states), []
        for state in waiting:
            if record.status_callback:
                params = self._callback(record, state)
                self.callbacks.append(await self._webhooks.post(record.status_callback, params))

    def _callback(self, record: Record, state: str) -> dict[str, str]:
        params = {
            "AccountSid": self._account_sid,
            "ApiVersion": API_VERSION,
            "From": record.from_,
            "MessageSid": record.sid,
            "MessageStatus": state,
            "SmsSid": record.sid,
            "SmsStatus": state,
            "To": record.to,
        }
        if record.service_sid:
            params["MessagingServiceSid"] = record.service_sid
        if state in ("failed", "undelivered") and record.error_code:
            params["ErrorCode"] = str(record.error_code)
            if record.error_message:
                params["ErrorMessage"] = record.error_message
        return params

    async def _fetch_media(self, record: Record) -> int | None:
        """Get the media as Twilio does, without credentials; the error code when that spoils the message."""
        for url in record.media_urls:
            fetched = await self._fetch(url)
            self.fetched.append(fetched)
            if fetched.status != 200:
                return 11200
            if not fetched.content_type.startswith(_MEDIA_TYPES):
                return 12300
            record.media.append(Media(new_sid("ME"), fetched.content_type, fetched.content, self._now()))
        images = all(media.content_type in _IMAGES for media in record.media)
        size = sum(len(media.content) for media in record.media)
        return 30019 if size > (IMAGES_LIMIT if images else OTHER_LIMIT) else None

    async def _fetch(self, url: str) -> Fetched:
        try:
            async with self._client().get(self._actual(url), timeout=ClientTimeout(total=15)) as answer:
                content = await answer.read()
                return Fetched(url, answer.status, answer.content_type, len(content), content)
        except (ClientError, TimeoutError, OSError):
            return Fetched(url, None, "", 0, b"")
