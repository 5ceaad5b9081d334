"""How Slack reaches the app: events until they are acknowledged, interactions once, in no promised order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from .delivery import Delivery, Payload
from .errors import NoAckError
from .sockets import Socket, Sockets
from .webhooks import Webhooks

MAX_RETRIES = 3


class Courier:
    """Delivers over sockets or HTTP and remembers every delivery."""

    def __init__(self, signing_secret: str, app_id: str, retry_delay: float, ack_timeout: float) -> None:
        self.retry_delay = retry_delay
        self.ack_timeout = ack_timeout
        self.deliveries: list[Delivery] = []
        self.on_change: Callable[[], None] = lambda: None
        self.endpoint = Sockets(app_id, self._changed)
        self.webhooks = Webhooks(signing_secret, ack_timeout)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def sockets(self) -> list[Socket]:
        """Return the open sockets."""
        return self.endpoint.open

    def _changed(self) -> None:
        self.on_change()

    # -- events: repeated until acknowledged ---------------------------------------------------------------

    def post_event(self, payload: Payload, delay: float = 0.0) -> Delivery:
        """Start to deliver an event; it is repeated up to three times and then lost."""
        delivery = Delivery("events_api", payload)
        self.deliveries.append(delivery)
        self.spawn(self._carry(delivery, delay))
        return delivery

    async def _carry(self, delivery: Delivery, delay: float) -> None:
        if delay:
            await asyncio.sleep(delay)
        reason = ""
        for attempt in range(MAX_RETRIES + 1):
            reason = await self._try_event(delivery, attempt, reason)
            if delivery.acked or reason == "no_retry":
                break
        delivery.lost = not delivery.acked

    async def _try_event(self, delivery: Delivery, attempt: int, last_reason: str) -> str:
        """Make one attempt and wait out its time; return why it failed."""
        if self.webhooks.url:
            headers = {}
            if attempt:
                headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": last_reason}
            reason = await self.webhooks.post(delivery, headers)
            if reason not in ("", "no_retry"):
                await self._wait(delivery, self.retry_delay)
            return reason
        extra: Payload = {
            "accepts_response_payload": False,
            "retry_attempt": attempt,
            "retry_reason": last_reason,
        }
        sent = await self.endpoint.send(delivery, extra)
        await self._wait(delivery, self.retry_delay)
        return "timeout" if sent else "connection_failed"

    async def _wait(self, delivery: Delivery, seconds: float) -> None:
        await asyncio.wait([delivery.answer], timeout=seconds)

    # -- clicks, commands and forms: once, while a person waits --------------------------------------------

    async def ask(self, kind: str, payload: Payload) -> Payload:
        """Deliver an interaction once and return its ack's payload; a person waits `ack_timeout`."""
        delivery = Delivery(kind, payload)
        self.deliveries.append(delivery)
        if self.webhooks.url:
            reason = await self.webhooks.post(delivery, {})
        elif await self.endpoint.send(delivery, {"accepts_response_payload": True}):
            reason = "time is up"
            await self._wait(delivery, self.ack_timeout)
        else:
            reason = "no socket is open"
        if not delivery.acked:
            delivery.lost = True
            raise NoAckError(f"{payload.get('type', kind)} was not acknowledged: {reason}")
        return delivery.answer.result()

    # -- tasks ---------------------------------------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background until the emulator is closed."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.on_change()

    @property
    def idle(self) -> bool:
        """Return whether nothing is on its way any more."""
        return not self._tasks

    async def close(self) -> None:
        """Cancel what is still on its way and close the client session."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for delivery in self.deliveries:
            delivery.answer.cancel()
        await self.webhooks.close()
