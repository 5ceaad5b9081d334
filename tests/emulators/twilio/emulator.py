"""Twilio's Messages API on 127.0.0.1: HTTP in front of the account, strict about every call."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ..misbehave import MisbehavingServer
from .accepting import Rules
from .api import AccountApi
from .life import Fetched, Lives, Outcome
from .people import Phones
from .store import Number, Record, new_sid
from .webhooks import Alert, Posted, Webhooks

DEFAULT_NUMBER = "+15005550006"


class TwilioEmulator(Phones, AccountApi):
    """`async with TwilioEmulator() as tw:` then give `tw.api_url`, `tw.account_sid`, `tw.auth_token`.

    The names for `misbehave` are send, get, list, update, delete, media, storage, account and numbers.
    Wrong calls are collected in `tw.violations`: end tests with `assert not tw.violations`.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        numbers: tuple[str, ...] = (DEFAULT_NUMBER,),
        account_sid: str | None = None,
        auth_token: str | None = None,
    ) -> None:
        MisbehavingServer.__init__(self, port)
        Phones.__init__(self)
        self.account_sid = account_sid or new_sid("AC")
        self.auth_token = auth_token or secrets.token_hex(16)
        self.api_key = (new_sid("SK"), secrets.token_hex(16))
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.media_auth = False
        self.numbers: dict[str, Number] = {}
        self.records: dict[str, Record] = {}
        self.violations: list[str] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.webhooks = Webhooks(lambda: self.client, self._actual, self.auth_token)
        self.rules = Rules(self.numbers, lambda: self.blocked, self.now)
        self.lives = Lives(
            self.account_sid,
            self.webhooks,
            lambda: self.client,
            self._actual,
            self._spawn,
            self.now,
            self._receive,
        )
        for number in numbers:
            self.add_number(number)

    # -- what tests look at ----------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return self.url

    def now(self) -> datetime:
        return self.clock()

    @property
    def sent(self) -> list[Record]:
        """Outbound messages in the order in which they were accepted."""
        return [record for record in self.records.values() if not record.inbound]

    @property
    def callbacks(self) -> list[Posted]:
        return self.lives.callbacks

    @property
    def alerts(self) -> list[Alert]:
        """Twilio's debugger: webhooks that failed or answered nonsense."""
        return self.webhooks.alerts

    @property
    def media_fetches(self) -> list[Fetched]:
        return self.lives.fetched

    def _describe(self) -> str:
        shown = [
            f"{r.direction} {r.from_} -> {r.to} {r.status} {r.error_code or ''} {r.body!r}"
            for r in self.records.values()
        ]
        return "\n".join([*shown, *(str(alert) for alert in self.alerts), *self.violations])

    def renew_token(self) -> None:
        """Sign in and sign with another auth token from now on, as after a press in the console."""
        self.auth_token = secrets.token_hex(16)
        self.webhooks.sign_with(self.auth_token)

    # -- how Twilio is to behave -----------------------------------------------------------------------

    def plan(self, to: str, *outcomes: Outcome) -> None:
        """What becomes of the next messages to this number, one outcome each."""
        self.lives.planned[to].extend(outcomes)

    def set_outcome(self, outcome: Outcome, *, delay: float | None = None) -> None:
        """What becomes of every message nothing else is planned for; `delay` is seconds between states."""
        self.lives.default = outcome
        self.lives.delay = self.lives.delay if delay is None else delay

    def hold_messages(self) -> None:
        """Messages stay in the queue (no state, no callback, no delivery) until `release_messages`."""
        self.lives.hold()

    def release_messages(self) -> None:
        self.lives.release()

    def refuse(self, to: str, code: int) -> None:
        """Refuse what is sent to this number, with one of Twilio's error codes (21211, 21614, 21612…)."""
        self.rules.refused[to] = code

    def add_service(self, *phone_numbers: str) -> str:
        """A Messaging Service with these numbers; its sid."""
        sid = new_sid("MG")
        for phone_number in phone_numbers:
            self.add_number(phone_number).service_sid = sid
        return sid

    def send_scheduled(self, sid: str) -> None:
        """The time of a scheduled message has come."""
        record = self.records[sid]
        if record.status == "scheduled":
            self.lives.begin(record)

    async def settle(self, seconds: float = 5.0) -> None:
        """Wait until every accepted message has lived its life and every callback was posted."""
        await self.wait_for(lambda: self.lives.idle, seconds)
