"""Deliver: the loop that takes what must go out, has it tried, and settles what came of it."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bridge import metrics
from bridge.engine.attempt import LEASE, Attempts
from bridge.engine.process import Judge
from bridge.engine.world import Worlds
from bridge.model.traits import Rate
from bridge.ports import Log
from bridge.store.claim import Claimed
from bridge.store.settle import Settled
from bridge.store.store import Store

_AT_ONCE = 8  # effects of one meter on their way: a desk that stalls keeps no other waiting
_IDLE = 0.25  # seconds between looks when nothing wakes the loop: meters fill, backoffs end


class Deliverer:
    """Claims, attempts and settles until it is stopped."""

    def __init__(
        self,
        store: Store,
        attempts: Attempts,
        worlds: Worlds,
        judge: Judge,
        rates: Mapping[str, Rate],
        merge: Mapping[str, int],
        owner: str,
        now: Callable[[], float],
        log: Log,
        changed: Callable[[], None],
    ) -> None:
        """owner: this process's own name, new at every start. rates, merge: bridge.engine.rates.

        changed: told when desks look different.
        """
        self._store = store
        self._attempts = attempts
        self._worlds = worlds
        self._judge = judge
        self._rates = rates
        self._merge = merge
        self._owner = owner
        self._now = now
        self._log = log
        self._changed = changed
        self._waker = asyncio.Event()
        self._busy: Counter[str] = Counter()
        self._under_way: set[asyncio.Task[None]] = set()
        self._settled: list[Settled] = []
        self._settling: asyncio.Task[None] | None = None
        self._told: dict[str, str] = {}  # what the operator was told of each meter
        self.ill: str | None = None

    def wake(self) -> None:
        """There is something to send."""
        self._waker.set()

    async def run(self) -> None:
        """Deliver, until cancelled; `drain` finishes what is under way."""
        while True:
            self._waker.clear()
            found = 0
            try:
                found = await self.once()
                self.ill = None
            except Exception as error:
                self.ill = f"sending fails: {type(error).__name__}"
                self._log.error("deliver.failed", error=repr(error)[:300])
                await asyncio.sleep(1)
            if not found:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_IDLE):
                        await self._waker.wait()

    async def once(self) -> int:
        """Claim what may go now and start on it; tell how much."""
        rooms = {meter: _AT_ONCE - self._busy[meter] for meter in self._rates}
        claiming = asyncio.ensure_future(
            self._store.claim(self._rates, self._now(), rooms, self._owner, LEASE, self._merge)
        )
        try:
            claims = await asyncio.shield(claiming)
        except asyncio.CancelledError:  # what is claimed must be tried, else nobody knows whether it was
            self._start(await claiming)
            raise
        self._start(claims)
        return len(claims)

    def _start(self, claims: Sequence[Claimed]) -> None:
        for claim in claims:
            self._busy[claim.effect.meter] += 1
            task = asyncio.create_task(self._one(claim))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way; what does not end in time is found out about at the next start."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if self._under_way:
                    await asyncio.wait(self._under_way)
                if self._settling is not None:
                    await asyncio.wait({self._settling})

    async def _one(self, claim: Claimed) -> None:
        settled = await self._attempts(claim)
        self._busy[claim.effect.meter] -= 1
        self._settled.append(self._tell_operator(settled))
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())
        await asyncio.shield(self._settling)

    async def _settle(self) -> None:
        """Settle whatever is there; again while more came meanwhile. A store that is away is waited for."""
        while self._settled:
            batch, self._settled = self._settled, []
            wait = 0.1
            while True:
                try:
                    world = self._worlds.now
                    lost, faults = await self._store.settle(
                        batch, self._now(), self._owner, world, self._judge.outcome
                    )
                    break
                except Exception as error:
                    self.ill = f"the store does not take results: {type(error).__name__}"
                    self._log.error("deliver.not_settled", count=len(batch), error=repr(error)[:300])
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, 5.0)
            for one in lost:
                self._log.warning("deliver.lease_lost", lane=one.claim.lane, type=one.claim.effect.body.type)
            for fault in faults:
                self._log.error("deliver.outcome_fault", fault=fault)
            for one in batch:
                self._note(one)
            self.wake()
            self._changed()

    def _note(self, one: Settled) -> None:
        kind = one.claim.effect.body.type
        if one.state in ("open", "doubtful"):
            if one.close_meter_until is not None:
                metrics.throttled.labels(one.claim.effect.meter.partition(":")[0]).inc()
            self._log.info("deliver.again", type=kind, state=one.state, reason=one.error, code=one.code)
            return
        metrics.settled.labels(kind, one.state).inc()
        if one.state != "done":
            self._log.warning("deliver.not_done", type=kind, state=one.state, reason=one.error, code=one.code)

    def _tell_operator(self, one: Settled) -> Settled:
        """Add a notice when a desk or account cannot be used, once a reason."""
        meter = one.claim.effect.meter
        if one.state not in ("open", "doubtful") and self._told.pop(meter, "") != "":  # it answers again
            self._log.info("deliver.works_again", meter=meter)
        if not one.unusable or one.error is None or self._told.get(meter) == one.error:
            return one
        self._told[meter] = one.error
        where = meter.partition(":")[2]
        return replace(
            one, notice=f"Nothing can go out through {where} now: {one.error}. What waits is kept."
        )

    def troubles(self) -> dict[str, str]:
        """Give what must be mended, by the desk or number that it concerns."""
        return {meter.partition(":")[2]: reason for meter, reason in self._told.items()}
