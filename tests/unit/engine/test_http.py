"""What the transport makes of the network's moods. The other side is a real server on loopback."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from bridge.engine import http as engine_http
from bridge.engine.http import Http
from bridge.errors import Rejected, Unreachable, Unsure
from bridge.ports import Request


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    http = Http()
    await http.open()
    yield http
    await http.close()


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    async def echo(request: web.Request) -> web.Response:
        said = f"{request.method} {request.raw_path} {request.headers.get('Authorization', '-')} "
        return web.Response(text=said + (await request.text()), headers={"X-Some": "Thing"})

    async def drop(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def large(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 5000)

    async def elsewhere(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    app = web.Application()
    app.router.add_route("*", "/echo", echo)
    app.router.add_post("/drop", drop)
    app.router.add_get("/large", large)
    app.router.add_get("/elsewhere", elsewhere)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


async def test_it_carries_a_request_and_its_answer(http: Http, server: TestServer) -> None:
    url = str(server.make_url("/echo")) + "?a=%2B1%20b"
    answer = await http(Request("POST", url, body=b"hello", auth=("me", "secret")))

    assert answer.status == 200
    assert answer.body == b"POST /echo?a=%2B1%20b Basic bWU6c2VjcmV0 hello"
    assert answer.headers["x-some"] == "Thing"


async def test_no_connection_is_certain(http: Http) -> None:
    with pytest.raises(Unreachable):
        await http(Request("POST", "http://127.0.0.1:9/"))


async def test_a_dropped_connection_is_not(http: Http, server: TestServer) -> None:
    with pytest.raises(Unsure):
        await http(Request("POST", str(server.make_url("/drop")), body=b"x"))


async def test_an_answer_that_is_too_large_is_refused(http: Http, server: TestServer) -> None:
    url = str(server.make_url("/large"))

    assert len((await http(Request("GET", url, max_bytes=5000))).body) == 5000
    with pytest.raises(Rejected, match="larger"):
        await http(Request("GET", url, max_bytes=4999))


async def test_a_secret_stays_with_its_host(http: Http, server: TestServer) -> None:
    elsewhere = f"http://localhost:{server.port}/echo"
    there = server.make_url("/elsewhere").with_query(to=elsewhere)
    same = server.make_url("/elsewhere").with_query(to=str(server.make_url("/echo")))

    assert b" - " in (await http(Request("GET", str(there), auth=("me", "secret")))).body
    assert b"Basic" in (await http(Request("GET", str(same), auth=("me", "secret")))).body


async def test_nobody_outside_sends_us_into_the_private_network(
    http: Http, server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = engine_http._is_public

    async def as_if_outside(url: URL) -> bool:
        return url.host == "127.0.0.1" or await really(url)

    monkeypatch.setattr(engine_http, "_is_public", as_if_outside)
    inside = server.make_url("/elsewhere").with_query(to=f"http://localhost:{server.port}/echo")

    with pytest.raises(Rejected, match="private"):
        await http(Request("GET", str(inside)))


async def test_redirects_end(http: Http, server: TestServer) -> None:
    url = server.make_url("/elsewhere")
    ring = url.with_query(to=str(url.with_query(to=str(url.with_query(to="/elsewhere?to=/elsewhere")))))

    with pytest.raises((Rejected, Unsure)):
        await asyncio.wait_for(http(Request("GET", str(ring.with_query(to="file:///etc/passwd")))), 5)
