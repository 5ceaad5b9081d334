"""Who may do what: sessions, forged requests, guessing, body sizes, headers and errors, in one place."""

import math
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import orjson
from aiohttp import web

from bridge.errors import ConnectorError
from bridge.ports import House, Member

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
StaffHandler = Callable[[web.Request, Member], Awaitable[web.StreamResponse]]

HEADER = "X-Threadline"
MAX_JSON = 256 * 1024
SESSION_DAYS = 30

_AWAY = "threadline cannot reach its database just now. Nothing was changed; please try again."

_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "same-origin",  # "no-referrer" would make browsers say "Origin: null" of our own forms
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request that is not done, with the status and a sentence that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Guard:
    """Stands before every handler of the web inbox."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._secure = house.public_url.startswith("https://")
        self._origin = "/".join(house.public_url.split("/")[:3])
        self._cookie = "__Host-threadline" if self._secure else "threadline"

    async def who(self, request: web.Request) -> Member | None:
        """Give the member of staff whose session came with the request."""
        session = request.cookies.get(self._cookie)
        return await self._house.accounts.who(session) if session and len(session) <= 256 else None

    def session(self, request: web.Request) -> str | None:
        """Give the session's secret."""
        return request.cookies.get(self._cookie)

    def admit(self, response: web.StreamResponse, session: str) -> None:
        """Hand a new session to the browser, out of reach of scripts and of other sites."""
        response.set_cookie(
            self._cookie,
            session,
            max_age=SESSION_DAYS * 86_400,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._secure,
        )

    def dismiss(self, response: web.StreamResponse) -> None:
        """Take the session from the browser."""
        response.del_cookie(self._cookie, path="/", httponly=True, samesite="Strict", secure=self._secure)

    def open(self, handler: Handler) -> Handler:
        """Wrap a handler that needs no session: our headers, and no forged forms."""

        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._refuse_other_sites(request)
                response = await handler(request)
            except Refused as refused:
                response = web.Response(status=refused.status, text=refused.sentence)
            return _dressed(response)

        return guarded

    def staff(self, handler: StaffHandler) -> Handler:
        """Wrap a handler that serves signed-in staff; whatever goes wrong is said in JSON."""

        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._refuse_other_sites(request)
                if request.method not in ("GET", "HEAD") and request.headers.get(HEADER) != "1":
                    raise Refused(403, f"The header {HEADER} is missing")
                member = await self.who(request)
                if member is None:
                    raise Refused(401, "Your session has ended. Please sign in again.")
                response = await handler(request, member)
            except Refused as refused:
                response = answer({"error": refused.sentence}, refused.status)
            except ConnectorError as wrong:
                self._house.log.warning("web.unavailable", route=request.path, reason=wrong.reason)
                sentence = (
                    "threadline cannot reach its database just now. Nothing was changed; please try again."
                )
                response = answer({"error": sentence}, 503)
            return _dressed(response)

        return guarded

    def _refuse_other_sites(self, request: web.Request) -> None:
        if request.method in ("GET", "HEAD"):
            return
        ours = {f"{scheme}://{request.host}" for scheme in ("http", "https")} | {self._origin}
        if request.headers.get("Origin", self._origin) not in ours:
            raise Refused(403, "This came from another site")


def _dressed(response: web.StreamResponse) -> web.StreamResponse:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def answer(what: object, status: int = 200) -> web.Response:
    """Answer in JSON."""
    return web.Response(status=status, body=orjson.dumps(what), content_type="application/json")


async def read_json(request: web.Request) -> dict[str, Any]:
    """Read the JSON object of a request, if it is one and not too large."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MAX_JSON:
            raise Refused(413, "That is too long")
    try:
        said = orjson.loads(bytes(body))
    except orjson.JSONDecodeError:
        raise Refused(400, "The request is not JSON") from None
    if not isinstance(said, dict):
        raise Refused(400, "The request is not a JSON object")
    return said


def word(said: dict[str, Any], name: str, limit: int = 300) -> str:
    """Give a text of a JSON object; "" where it is absent."""
    value = said.get(name) or ""
    if not isinstance(value, str):
        raise Refused(400, f"“{name}” must be a text")
    if len(value) > limit:
        raise Refused(400, f"“{name}” is too long: {len(value)} characters, at most {limit}")
    return value


def number(request: web.Request, name: str) -> float | None:
    """Give a number of the query."""
    raw = request.query.get(name, "")
    try:
        value = float(raw) if raw else None
    except ValueError:
        value = math.nan
    if value is not None and not math.isfinite(value):
        raise Refused(400, f"“{name}” must be a number")
    return value
