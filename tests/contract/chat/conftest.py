"""A desk of every platform: `desk` is started, `ears` also listens."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.chat.rigs import RIGS, Rig, rigs


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=rigs())
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with RIGS[request.param].open(listen=False) as rig:
        yield rig


@pytest.fixture(params=rigs())
async def ears(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with RIGS[request.param].open(listen=True) as rig:
        yield rig
