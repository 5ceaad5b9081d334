"""Refusals in Telegram's own words, since clients tell cases apart by the description alone."""

from __future__ import annotations

from typing import Any

from aiohttp import web


class Refusal(Exception):
    """An answer with `ok: false`; `violation` marks calls that a correct client never makes."""

    def __init__(
        self,
        code: int,
        description: str,
        parameters: dict[str, Any] | None = None,
        *,
        violation: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.violation = violation

    def response(self) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        headers = {}
        if self.parameters:
            body["parameters"] = self.parameters
            if "retry_after" in self.parameters:
                headers["Retry-After"] = str(self.parameters["retry_after"])
        return web.json_response(body, status=self.code, headers=headers)


def bad(description: str, **parameters: Any) -> Refusal:
    return Refusal(400, f"Bad Request: {description}", parameters or None)


def wrong(description: str) -> Refusal:
    """A call against the published interface: our bug, not a state of the world."""
    return Refusal(400, f"Bad Request: {description}", violation=True)


def forbidden(description: str) -> Refusal:
    return Refusal(403, f"Forbidden: {description}")


def conflict(description: str) -> Refusal:
    return Refusal(409, f"Conflict: {description}")


def too_many(retry_after: float) -> Refusal:
    seconds = max(1, round(retry_after + 0.499))
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
