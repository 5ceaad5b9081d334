"""Who waits for an acknowledgement waits for nobody who decides."""

import asyncio
import itertools
import time

import pytest
import sqlalchemy as sa

from bridge.model.events import TextReceived
from bridge.store.accept import event_row
from bridge.store.query import PAUSE, Query, Work
from bridge.store.sqlite import SqliteWriter
from bridge.store.store import Store
from bridge.store.tables import journal, lanes

COUNT = Query(lambda _: sa.select(sa.func.count().label("count")).select_from(journal))
ANA = "+15550100142"


def row(number: int) -> dict[str, object]:
    """An event of Ana's."""
    return event_row(TextReceived("main", f"SM{number}", ANA, "e164", "hello", 1.0), 1.0, 1.0)


async def test_a_text_is_acknowledged_while_others_are_decided(store: Store) -> None:
    acknowledged: list[str] = []

    def deciding() -> Work[bool]:
        for _ in range(2000):
            time.sleep(0.002)
            yield PAUSE
            if acknowledged:
                return True
        return False

    turn = asyncio.create_task(store.run(deciding))
    await asyncio.sleep(0.05)
    acknowledged += await store.accept([row(1)])
    assert await turn


async def test_what_was_read_before_a_pause_holds_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(store._writer, SqliteWriter):
        pytest.skip("on PostgreSQL the transaction goes on through a pause")
    others = itertools.count()  # as if another process wrote in every pause
    monkeypatch.setattr(store._writer, "_version", lambda: next(others))
    began: list[int] = []

    def deciding() -> Work[int]:
        [found] = yield COUNT()
        began.append(found["count"])
        time.sleep(0.05)  # long enough that a text waits
        yield PAUSE
        [again] = yield COUNT()
        assert again["count"] == found["count"]
        return int(again["count"])

    turn = asyncio.create_task(store.run(deciding))
    for number in range(5):
        await asyncio.sleep(0.01)
        await store.accept([row(number)])
    assert await turn == began[-1]
    assert len(began) > 1  # it began again


async def test_a_text_is_acknowledged_while_its_lane_is_worked_on(store: Store) -> None:
    await store.accept([row(1)])
    await store.turn(0.5, 10, None, None)  # type: ignore[arg-type]  # nothing is due yet: it only sorts
    async with store.engine.connect() as another:
        await another.execute(sa.select(lanes).where(lanes.c.lane == f"from:{ANA}").with_for_update())
        async with asyncio.timeout(3):
            assert await store.accept([row(2)]) == {row(2)["key"]}
