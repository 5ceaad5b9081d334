"""A stop while work is being claimed: what was claimed is tried and settled, not left for the next start."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import structlog

from bridge.engine.deliver import Deliverer
from bridge.model.effects import Effect, SendSms
from bridge.model.traits import Rate
from bridge.store.claim import Claimed
from bridge.store.settle import Settled

SMS = SendSms("m1", "main", "+15550100142", "hi")
CLAIM = Claimed("sms:+15550100142", 1, Effect("e1", "sms:m1", "sms:+15550100142", "number:+1", SMS))


class SlowStore:
    """A store whose claim is under way when the stop comes."""

    def __init__(self) -> None:
        self.claiming = asyncio.Event()
        self.go_on = asyncio.Event()
        self.settled: list[Settled] = []

    async def claim(self, *_: object) -> list[Claimed]:
        self.claiming.set()
        await self.go_on.wait()
        return [CLAIM]

    async def settle(self, settled: Sequence[Settled], *_: object) -> tuple[list[Settled], list[str]]:
        self.settled += settled
        return [], []


class Anything:
    """Stands for parts that this story does not need."""

    def __getattr__(self, _: str) -> Any:
        return None


async def test_what_was_claimed_during_a_stop_is_tried_and_settled() -> None:
    async def attempt(claim: Claimed) -> Settled:
        return Settled(claim, "done")

    store: Any = SlowStore()
    nothing: Any = Anything()
    deliverer = Deliverer(
        store, attempt, nothing, nothing, {"number:+1": Rate(1)}, {}, "me", lambda: 1.0,
        structlog.get_logger(), lambda: None,
    )  # fmt: skip
    running = asyncio.create_task(deliverer.run())
    await store.claiming.wait()
    running.cancel()
    await asyncio.sleep(0)
    store.go_on.set()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await deliverer.drain(1)

    assert [one.claim for one in store.settled] == [CLAIM]
