"""A browser, and the web inbox on a fake house for it to look at."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from tests.browser.fake_house import SESSION, FakeHouse
from tests.browser.people import people
from tests.browser.serve import application

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
HERE = Path(CHROMIUM).exists()
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests."""
    if not HERE:
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Visit:
    """A page with the house behind it, and what went wrong on it."""

    page: Page
    fake: FakeHouse
    url: str
    wrong: list[str]


def is_wrong(said: ConsoleMessage) -> bool:
    """A request that we refuse is logged by the browser too; everything else is a mistake."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


Visiting = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser) -> AsyncIterator[Visiting]:
    """Open the inbox: await visit("#/wt0000", width=360, many=10_000, signed_in=False, …)."""
    closing: list[Callable[[], Awaitable[object]]] = []
    visits: list[Visit] = []

    async def open_page(
        path: str = "",
        *,
        width: int = 1280,
        height: int = 800,
        scheme: str = "light",
        many: int = 0,
        phone: bool = True,
        signed_in: bool = True,
        hold: float = 0.6,
        empty: bool = False,
        bypass_csp: bool = False,
    ) -> Visit:
        fake = FakeHouse(hold=hold, pace=0.05)
        if not empty:
            people(fake, many)
        server = TestServer(application(fake, phone=phone), shutdown_timeout=0.1)
        await server.start_server()
        closing.append(server.close)
        url = str(server.make_url("/"))
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            bypass_csp=bypass_csp,
        )
        closing.append(context.close)
        if signed_in:
            await context.add_cookies([{"name": "threadline", "value": SESSION, "url": url}])
        page = await context.new_page()
        page.set_default_timeout(8_000)
        made = Visit(page, fake, url, [])
        page.on("pageerror", lambda error: made.wrong.append(str(error)))
        page.on("console", lambda said: made.wrong.append(said.text) if is_wrong(said) else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((url, "blob:")) else made.wrong.append(asked.url),
        )
        await page.goto(url + path.lstrip("/"))
        if signed_in:
            await page.wait_for_selector(".empty" if empty else ".rows li", state="attached")
        visits.append(made)
        return made

    yield open_page
    for close in reversed(closing):
        await close()
    unexpected = [one for made in visits for one in made.wrong]
    assert unexpected == []
