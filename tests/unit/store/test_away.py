"""A store that is away for a moment is waited for; one that stays away is said to be."""

import time

import pytest

from bridge.errors import Unreachable
from bridge.model.events import TextReceived
from bridge.store import store as opened
from bridge.store.accept import event_row
from bridge.store.store import Store

ROW = event_row(TextReceived("main", "SM1", "+15550100142", "e164", "hello", 1.0), 1.0, 1.0)


async def test_a_moment_away_costs_no_text(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put, failures = store._intake.put, [ConnectionResetError("gone"), OSError("still gone")]

    async def unsteady(*what: object) -> set[str]:
        if failures:
            raise failures.pop()
        return await put(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(store._intake, "put", unsteady)
    assert await store.accept([ROW]) == {ROW["key"]}
    assert failures == []


async def test_patience_ends(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> set[str]:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(store._intake, "put", away)
    monkeypatch.setattr(opened, "PATIENCE", 0.5)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        await store.accept([ROW])
    assert 0.3 < time.monotonic() - began < 3
