"""A world with a running house, on each of the two databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.house import World, a_world


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk uses a proxy even for 127.0.0.1."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    """A world on each database; the house is not running yet."""
    async with a_world(tmp_path, database_url) as world:
        yield world


@pytest.fixture
async def house(world: World) -> AsyncIterator[World]:
    """A world whose house runs and is ready."""
    async with world.house():
        yield world


@pytest.fixture
async def small_world(tmp_path: Path) -> AsyncIterator[World]:
    """A world on SQLite alone, for what does not touch the store."""
    async with a_world(tmp_path, f"sqlite:///{tmp_path}/threadline.db") as world:
        yield world


@pytest.fixture
async def small_house(small_world: World) -> AsyncIterator[World]:
    """Its house."""
    async with small_world.house():
        yield small_world
