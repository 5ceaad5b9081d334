"""How updates reach the bot: getUpdates with its confirmations and conflicts, or a webhook with its order.

Telegram keeps one ordered queue per chat for messages and edits together, and does not go on in it until
the webhook answered 2xx; button presses and reactions travel in queues of their own and can overtake.
"""

from __future__ import annotations

import asyncio
import copy
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from .errors import Refusal, bad, conflict

# What is not delivered unless it was asked for by name.
ONLY_WHEN_NAMED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_MESSAGE_KINDS = frozenset({"message", "edited_message"})


@dataclass(frozen=True)
class Update:
    id: int
    kind: str
    payload: dict[str, Any]
    lane: tuple[str, int]

    def json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.payload}


@dataclass
class Webhook:
    url: str
    secret_token: str | None
    max_connections: int
    last_error: str | None = None
    last_error_date: int | None = None


@dataclass(frozen=True)
class Attempt:
    """One POST to the webhook: what came back, or why nothing did."""

    update_id: int
    status: int | None
    error: str | None


@dataclass
class _Poll:
    news: asyncio.Event = field(default_factory=asyncio.Event)
    refused: Refusal | None = None


class UpdateQueue:
    def __init__(
        self,
        client: Callable[[], ClientSession],
        actual: Callable[[str], str],
        spawn: Callable[[Coroutine[Any, Any, Any]], Any],
    ) -> None:
        self._client = client
        self._actual = actual
        self._spawn = spawn
        self._next_id = 700_000_001
        self._poll: _Poll | None = None
        self._held: list[Update] | None = None
        self._again: list[Update] = []
        self._lanes: dict[tuple[str, int], asyncio.Task[Any]] = {}
        self.allowed: list[str] = []
        self.pending: list[Update] = []
        self.history: list[Update] = []
        self.webhook: Webhook | None = None
        self.attempts: list[Attempt] = []
        self.violations: list[str] = []
        self.require_https = False
        self.retry_first = 0.05
        self.retry_longest = 1.0
        self.webhook_timeout = 10.0

    # -- coming in -------------------------------------------------------------------------------------

    def push(self, kind: str, payload: dict[str, Any], lane: int) -> Update | None:
        """Queue an update unless the bot did not ask for its kind; the payload is frozen as it is now."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_WHEN_NAMED
        if not wanted:
            return None
        family = "message" if kind in _MESSAGE_KINDS else kind
        update = Update(self._next_id, kind, copy.deepcopy(payload), (family, lane))
        self._next_id += 1
        self.history.append(update)
        if self._held is not None:
            self._held.append(update)
        else:
            self._arrived([update])
        return update

    def _arrived(self, updates: list[Update]) -> None:
        self.pending += updates
        if self._poll:
            self._poll.news.set()
        self.pump()

    def hold(self) -> None:
        """Keep new updates back until `release`, to deliver them late or in another order."""
        if self._held is None:
            self._held = []

    def release(self, *, backwards: bool = False) -> None:
        held, self._held = self._held or [], None
        self._arrived(held[::-1] if backwards else held)

    def repeat(self, last: int) -> list[Update]:
        """Deliver the last updates again, confirmed or not, with the same ids."""
        chosen = self.history[-last:]
        if self.webhook:
            self.pending = [u for u in self.pending if u not in chosen] + chosen
            self.pump()
        else:
            self._again += chosen
            if self._poll:
                self._poll.news.set()
        return chosen

    # -- getUpdates ------------------------------------------------------------------------------------

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """The newer of two pollers wins, as with Telegram; the older one learns of it by a 409."""
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self.interrupt(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine = self._poll = _Poll()
        self._confirm(offset)
        try:
            return await self._wait(mine, limit, timeout)
        finally:
            if self._poll is mine:
                self._poll = None

    async def _wait(self, mine: _Poll, limit: int, patience: float) -> list[dict[str, Any]]:
        deadline = time.monotonic() + patience
        while not (batch := self._batch(limit)):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return []
            try:
                await asyncio.wait_for(mine.news.wait(), remaining)
            except TimeoutError:
                return []
            mine.news.clear()
            if mine.refused:
                raise mine.refused
        return [update.json() for update in batch]

    def _batch(self, limit: int) -> list[Update]:
        again, self._again = self._again[:limit], self._again[limit:]
        return (again + [u for u in self.pending if u not in again])[:limit]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update.id >= offset]

    def interrupt(self, why: str) -> None:
        if self._poll:
            self._poll.refused = conflict(why)
            self._poll.news.set()

    # -- webhook ---------------------------------------------------------------------------------------

    def set_webhook(self, url: str, secret_token: str | None, max_connections: int) -> None:
        if not url:
            self.webhook = None
            return
        local = re.match(r"http://(127\.0\.0\.1|localhost)[:/]", url) and not self.require_https
        if not url.startswith("https://") and not local:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret_token is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret_token):
            raise bad("secret token contains unallowed characters")
        self.interrupt("terminated by setWebhook request")
        self.webhook = Webhook(url, secret_token, max_connections)
        self.pump()

    def pump(self) -> None:
        """See that every queue with something in it has somebody delivering it."""
        if self.webhook is None:
            return
        for update in self.pending:
            if update.lane not in self._lanes:
                self._lanes[update.lane] = self._spawn(self._deliver(update.lane))

    def pause(self) -> None:
        for task in self._lanes.values():
            task.cancel()
        self._lanes.clear()
        self.interrupt("terminated by shutdown")

    async def _deliver(self, lane: tuple[str, int]) -> None:
        delay = self.retry_first
        while self.webhook and (update := next((u for u in self.pending if u.lane == lane), None)):
            wait = await self._post(self.webhook, update)
            if wait is None:
                self.pending = [u for u in self.pending if u is not update]
                delay = self.retry_first
                continue
            await asyncio.sleep(wait or delay)
            delay = min(delay * 2, self.retry_longest)
        self._lanes.pop(lane, None)

    async def _post(self, webhook: Webhook, update: Update) -> float | None:
        """None when taken; otherwise seconds to wait, 0 meaning the usual backoff."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret_token} if webhook.secret_token else {}
        patience = ClientTimeout(total=self.webhook_timeout)
        try:
            async with self._client().post(
                self._actual(webhook.url),
                json=update.json(),
                headers=headers,
                timeout=patience,
                allow_redirects=False,
            ) as answer:
                body = await answer.text()
                status, asked = answer.status, answer.headers.get("Retry-After", "")
        except (ClientError, TimeoutError, OSError) as error:
            return self._failed(webhook, update, None, f"Connection failed: {type(error).__name__}")
        if not 200 <= status < 300:
            seconds = float(asked) if asked.isdigit() else 0.0
            self._failed(webhook, update, status, f"Wrong response from the webhook: {status}")
            return min(seconds, self.retry_longest)
        self.attempts.append(Attempt(update.id, status, None))
        if '"method"' in body:
            self.violations.append(
                f"webhook answered update {update.id} with a method call; its result is lost"
            )
        return None

    def _failed(self, webhook: Webhook, update: Update, status: int | None, error: str) -> float:
        self.attempts.append(Attempt(update.id, status, error))
        webhook.last_error, webhook.last_error_date = error, int(time.time())
        return 0.0

    def info(self) -> dict[str, Any]:
        hook = self.webhook
        shown: dict[str, Any] = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
        }
        if hook:
            shown["max_connections"] = hook.max_connections
        if hook and hook.last_error:
            shown |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
        if self.allowed:
            shown["allowed_updates"] = self.allowed
        return shown
