"""HTTP mode: signed POSTs to a request URL."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from .delivery import Delivery, Payload


class Webhooks:
    """Posts deliveries the way Slack does; without a URL the app is in Socket Mode."""

    def __init__(self, signing_secret: str, timeout: float) -> None:
        self.signing_secret = signing_secret
        self.timeout = timeout
        self.url: str | None = None
        self._session: aiohttp.ClientSession | None = None

    async def post(self, delivery: Delivery, headers: dict[str, str]) -> str:
        """Post once; return an empty string for an acknowledgement, else the reason of the failure."""
        body, content_type = _encode(delivery)
        delivery.attempts.append("http")
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {**headers, **self.sign(body), "Content-Type": content_type}
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        try:
            async with self._session.post(
                self.url or "", data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                answer = await response.text()
                if response.status // 100 != 2:
                    return "no_retry" if response.headers.get("X-Slack-No-Retry") == "1" else "http_error"
                delivery.resolve(_decode(answer, response.content_type))
        except TimeoutError:
            return "http_timeout"
        except aiohttp.ClientError:
            return "connection_failed"
        return ""

    async def verify(self) -> bool:
        """Ask the request URL to prove itself, as Slack does when it is configured."""
        challenge = secrets.token_hex(8)
        payload = {"type": "url_verification", "challenge": challenge, "token": "verification"}
        delivery = Delivery("events_api", payload)
        await self.post(delivery, {})
        answer = delivery.answer.result() if delivery.acked else {}
        return challenge in (answer.get("challenge"), answer.get("text"))

    def sign(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        """Return the headers that prove that a body comes from Slack."""
        when = str(timestamp or int(time.time()))
        digest = hmac.new(self.signing_secret.encode(), f"v0:{when}:".encode() + body, hashlib.sha256)
        return {"X-Slack-Request-Timestamp": when, "X-Slack-Signature": f"v0={digest.hexdigest()}"}

    async def close(self) -> None:
        """Close the client session."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _encode(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload).encode(), "application/json"
    if delivery.kind == "interactive":
        form = {"payload": json.dumps(delivery.payload)}
    else:
        form = {key: str(value) for key, value in delivery.payload.items()}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decode(answer: str, content_type: str) -> Payload:
    if not answer.strip():
        return {}
    if content_type == "application/json":
        decoded = json.loads(answer)
        return decoded if isinstance(decoded, dict) else {}
    return {"text": answer}
