"""Sessions, forged requests, guessing, headers: nobody acts but staff, and only from our page."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bridge.errors import Unreachable
from connectors.chat.web.limits import Tries
from tests.browser.fake_house import SESSION, FakeHouse
from tests.browser.serve import application

Client = TestClient[Any, Any]
API = (
    ("GET", "/api/me"),
    ("GET", "/api/changes?after=0"),
    ("GET", "/api/threads"),
    ("POST", "/api/threads"),
    ("GET", "/api/threads/wt0000"),
    ("POST", "/api/threads/wt0000/messages"),
    ("PATCH", "/api/threads/wt0000/messages/w1"),
    ("DELETE", "/api/threads/wt0000/messages/w1"),
    ("POST", "/api/press"),
    ("POST", "/api/read"),
    ("POST", "/api/files"),
    ("GET", "/files/photo"),
    ("GET", "/api/phone/main/+15550100199"),
    ("POST", "/api/phone/main/+15550100199/text"),
    ("POST", "/api/phone/main/+15550100199/mood"),
)


@pytest.mark.parametrize(("method", "path"), API)
async def test_nothing_without_a_session(stranger: Client, method: str, path: str) -> None:
    answer = await stranger.request(method, path, headers={"X-Threadline": "1"}, json={})
    assert answer.status == 401
    assert (await answer.json())["error"].startswith("Your session has ended")


@pytest.mark.parametrize(("method", "path"), [one for one in API if one[0] != "GET"])
async def test_forged_requests_are_refused(dana: Client, fake: FakeHouse, method: str, path: str) -> None:
    bare = await dana.request(method, path, headers={"X-Threadline": ""}, json={})
    assert bare.status == 403
    foreign = await dana.request(method, path, headers={"Origin": "https://evil.example"}, json={})
    assert foreign.status == 403
    null = await dana.request(method, path, headers={"Origin": "null"}, json={})
    assert null.status == 403
    assert fake.events == []


async def test_our_own_origin_is_welcome(dana: Client, fake: FakeHouse) -> None:
    origin = str(dana.make_url("/").origin())
    answer = await dana.post("/api/read", json={"thread": "wt0000"}, headers={"Origin": origin})
    assert answer.status == 201


@pytest.mark.parametrize("path", ["/", "/signin?token=x", "/api/me", "/api/threads", "/files/none"])
async def test_headers_are_on_every_answer(dana: Client, path: str) -> None:
    answer = await dana.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_way_in(stranger: Client) -> None:
    shut = await stranger.get("/")
    assert shut.status == 401
    assert "one-time sign-in link" in await shut.text()

    preview = await stranger.get("/signin?token=a-token")
    assert 'value="a-token"' in await preview.text()
    assert "Set-Cookie" not in preview.headers

    entered = await stranger.post("/signin", data={"token": "a-token"}, allow_redirects=False)
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie  # plain http: the browser would drop it
    assert "Dana Whitfield" in await (await stranger.get("/")).text()

    again = await stranger.post("/signin", data={"token": "a-token"}, allow_redirects=False)
    assert again.status == 403


async def test_behind_https_the_cookie_stays_there(fake: FakeHouse) -> None:
    app = application(fake, public_url="https://sms.example.org")
    async with TestClient(TestServer(app)) as client:
        headers = {"Origin": "https://sms.example.org"}
        entered = await client.post(
            "/signin", data={"token": "a-token"}, headers=headers, allow_redirects=False
        )
        assert entered.headers["Set-Cookie"].startswith("__Host-threadline=")
        assert "; Secure" in entered.headers["Set-Cookie"]


async def test_a_token_cannot_be_forced_on_somebody(stranger: Client, fake: FakeHouse) -> None:
    headers = {"Origin": "https://evil.example"}
    answer = await stranger.post("/signin", data={"token": "a-token"}, headers=headers, allow_redirects=False)
    assert answer.status == 403
    assert fake.tokens == {"a-token"}


async def test_guessing_ends(stranger: Client, fake: FakeHouse) -> None:
    statuses = [(await stranger.post("/signin", data={"token": f"guess{n}"})).status for n in range(12)]
    assert statuses == [403] * 10 + [429] * 2
    right = await stranger.post("/signin", data={"token": "a-token"}, allow_redirects=False)
    assert right.status == 429
    assert fake.tokens == {"a-token"}


def test_tries_come_back_with_time() -> None:
    now = 0.0
    tries = Tries(lambda: now, most=2, seconds=60)
    tries.wrong("here")
    tries.wrong("here")
    assert not tries.left("here")
    assert tries.left("there")
    now = 61.0
    assert tries.left("here")


async def test_signing_out_ends_the_session(dana: Client, fake: FakeHouse) -> None:
    answer = await dana.post("/signout", allow_redirects=False)
    assert answer.status == 303
    assert SESSION not in fake.sessions
    assert (await dana.get("/api/me")).status == 401


async def test_a_link_names_no_markup(stranger: Client) -> None:
    page = await (await stranger.get('/signin?token="><script>alert(1)</script>')).text()
    assert "<script>alert" not in page


async def test_a_store_that_is_away_is_said(dana: Client, fake: FakeHouse) -> None:
    fake.broken = Unreachable("the database is locked")
    answer = await dana.post("/api/read", json={"thread": "wt0000"})
    assert answer.status == 503
    assert "cannot reach its database" in (await answer.json())["error"]


async def test_bodies_have_limits(dana: Client) -> None:
    assert (await dana.post("/api/press", data=b"x" * 300_000)).status == 413
    assert (await dana.post("/api/press", data=b"{")).status == 400
    assert (await dana.post("/api/press", json=["no"])).status == 400


async def test_files_of_ours_are_kept_by_browsers(stranger: Client) -> None:
    page = await (await stranger.get("/")).text()
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = await stranger.get(address)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    stale = await stranger.get("/static/0/base.css")
    assert stale.headers["Cache-Control"] == "no-cache"
    assert (await stranger.get("/static/0/../pages.py")).status == 404
    assert (await stranger.get("/static/0/pages.py")).status == 404
