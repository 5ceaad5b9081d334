"""The requests that Twilio makes: signed, retried only when asked for, and watched by its debugger."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, ConnectionTimeoutError
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

_XML = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True)
class Posted:
    """One webhook request with what came back; `status` is None when nothing did."""

    url: str
    params: dict[str, str]
    status: int | None
    body: str
    content_type: str
    error: str | None
    attempts: int

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Alert:
    """An entry of Twilio's debugger: nobody is told, it is only there to be read."""

    code: int
    url: str
    detail: str


@dataclass(frozen=True)
class _Overrides:
    """Connection overrides from the fragment of the URL; the fragment is neither sent nor signed."""

    retries: int = 1
    when: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    read: float = 15.0

    @classmethod
    def read_from(cls, fragment: str) -> _Overrides:
        given = dict(parse_qsl(fragment))
        return cls(
            int(given.get("rc", 1)),
            frozenset(given.get("rp", "ct").split(",")),
            int(given.get("ct", 5000)) / 1000,
            int(given.get("rt", 15000)) / 1000,
        )

    def again_after(self, failure: str) -> bool:
        return "all" in self.when or failure in self.when


class Webhooks:
    def __init__(
        self, client: Callable[[], ClientSession], actual: Callable[[str], str], auth_token: str
    ) -> None:
        self._client = client
        self._actual = actual
        self.sign_with(auth_token)
        self.alerts: list[Alert] = []

    def sign_with(self, auth_token: str) -> None:
        self.validator = RequestValidator(auth_token)

    async def post(self, configured_url: str, params: Mapping[str, str]) -> Posted:
        url, _, fragment = configured_url.partition("#")
        overrides = _Overrides.read_from(fragment)
        headers = {
            "X-Twilio-Signature": self.validator.compute_signature(url, dict(params)),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
        }
        for attempt in range(1, overrides.retries + 2):
            posted, failure = await self._once(url, dict(params), headers, overrides, attempt)
            if failure is None or not overrides.again_after(failure):
                break
        if not posted.ok:
            self.alerts.append(Alert(11200, url, posted.error or f"status {posted.status}"))
        return posted

    async def _once(
        self, url: str, params: dict[str, str], headers: dict[str, str], overrides: _Overrides, attempt: int
    ) -> tuple[Posted, str | None]:
        """The result and, for a failure, its class in the words of the retry policy."""
        patience = ClientTimeout(sock_connect=overrides.connect, sock_read=overrides.read, total=15)
        try:
            async with self._client().post(
                self._actual(url), data=params, headers=headers, timeout=patience
            ) as answer:
                posted = Posted(
                    url, params, answer.status, await answer.text(), answer.content_type, None, attempt
                )
        except (ClientError, TimeoutError, OSError) as error:
            failure = "ct" if isinstance(error, ClientConnectorError | ConnectionTimeoutError) else "rt"
            return Posted(url, params, None, "", "", f"{type(error).__name__}: {error}", attempt), failure
        return posted, None if posted.ok else f"{posted.status // 100}xx" if posted.status else "rt"

    def replies(self, posted: Posted) -> list[str]:
        """Texts that the answer asks Twilio to send back; what it cannot read becomes an alert."""
        if not posted.ok or not posted.body.strip():
            return []
        if posted.content_type == "text/plain":
            return [posted.body]
        if posted.content_type not in _XML:
            self.alerts.append(Alert(12300, posted.url, posted.content_type))
            return []
        try:
            document = ElementTree.fromstring(posted.body)
        except ElementTree.ParseError as error:
            self.alerts.append(Alert(12100, posted.url, str(error)))
            return []
        return ["".join(message.itertext()).strip() for message in document.iter("Message")]
