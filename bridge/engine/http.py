"""Carries the requests of providers' generators out, and says what became of them.

Never repeats what could be done twice: whether a request may be made again is not for a library to say.
(aiohttp repeats a GET by itself when a kept connection turns out to be closed.)
"""

import asyncio
import ipaddress
import socket
from collections.abc import Generator
from typing import Any, TypeVar

import aiohttp
from yarl import URL

from bridge.errors import Rejected, Unreachable, Unsure
from bridge.ports import Request, Response, Transport

T = TypeVar("T")
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5


async def drive(exchange: Generator[Request, Response, T], transport: Transport) -> T:
    """Run a provider's generator to its end on a transport; its errors come out as they are."""
    try:
        request = next(exchange)
        while True:
            try:
                response = await transport(request)
            except (Unreachable, Unsure, Rejected) as error:
                request = exchange.throw(error)
            else:
                request = exchange.send(response)
    except StopIteration as stop:
        result: T = stop.value
        return result


class Http:
    """A Transport over aiohttp. One for the whole process."""

    def __init__(self) -> None:
        """Make it; `open` makes its session."""
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=40, sock_connect=10),
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=30),
            trust_env=True,
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, request: Request) -> Response:
        """Carry one request out. Unreachable: it surely did not arrive; Unsure: it may have."""
        url, auth, hops = URL(request.url, encoded=True), request.auth, 0
        while True:
            response = await self._once(request, url, auth)
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or request.method != "GET" or not target:
                return response
            hops += 1
            following = url.join(URL(target))
            if hops > _MOST_REDIRECTS or following.scheme not in ("http", "https"):
                raise Rejected("redirected too often, or to something that is no web address")
            await self._refuse_private(following, url)
            if following.host != url.host and not request.keep_auth_on_redirect:
                auth = None  # a secret stays with the host it was meant for
            url = following

    async def _once(self, request: Request, url: URL, auth: tuple[str, str] | None) -> Response:
        if self._session is None:
            raise Unreachable("threadline is stopping")
        try:
            async with self._session.request(
                request.method,
                url,
                headers=dict(request.headers),
                data=request.body or None,
                auth=aiohttp.BasicAuth(*auth) if auth else None,
                allow_redirects=False,
            ) as answer:
                body = await answer.content.read(request.max_bytes + 1)
                while len(body) <= request.max_bytes and not answer.content.at_eof():
                    body += await answer.content.read(request.max_bytes + 1 - len(body))
                if len(body) > request.max_bytes:
                    raise Rejected(f"the answer is larger than {request.max_bytes:,} bytes", "too_large")
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status, headers, body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(f"no connection to {url.host} ({type(error).__name__})") from error
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, OSError) as error:
            raise Unsure(f"the answer of {url.host} was lost ({type(error).__name__})") from error

    async def _refuse_private(self, url: URL, before: URL) -> None:
        """Refuse to be sent into the private network by an answer from outside.

        An address that the operator wrote down may be private, and may redirect to another one.
        """
        if url.host == before.host or not await _is_public(before):
            return
        if not await _is_public(url):
            raise Rejected("redirected into a private network", "private_address")


async def _is_public(url: URL) -> bool:
    loop = asyncio.get_running_loop()
    try:
        found: list[Any] = await loop.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"no address for {url.host}") from error
    return all(ipaddress.ip_address(address[0].split("%")[0]).is_global for *_, address in found)
