"""The web inbox in a small application, on a house of its own."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.browser.fake_house import SESSION, FakeHouse
from tests.browser.people import people
from tests.browser.serve import application

HEADERS = {"X-Threadline": "1"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeHouse]:
    """A house with people in it, whose holds are short."""
    house = FakeHouse(hold=0.05, pace=0.01)
    people(house)
    yield house
    house.close()


@pytest.fixture
async def stranger(fake: FakeHouse) -> AsyncIterator[TestClient[Any, Any]]:
    """Somebody who is not signed in."""
    async with TestClient(TestServer(application(fake))) as client:
        yield client


@pytest.fixture
async def dana(fake: FakeHouse) -> AsyncIterator[TestClient[Any, Any]]:
    """A member of staff, signed in, as the page asks."""
    async with TestClient(TestServer(application(fake)), headers=HEADERS) as client:
        client.session.cookie_jar.update_cookies({"threadline": SESSION})
        yield client
