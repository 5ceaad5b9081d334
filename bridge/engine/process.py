"""Process: the loop that takes turns at deciding what came in."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from bridge import metrics
from bridge.decide import decide, facts
from bridge.engine.world import Worlds
from bridge.model.decision import Decision, Snapshot
from bridge.model.effects import Outcome
from bridge.model.events import Event, TextReceived
from bridge.model.ids import Ids
from bridge.model.verdict import Facts, Verdict
from bridge.ports import Log
from bridge.store.store import Store
from bridge.store.turn import Turn, fail_lane_head, first_due_lane

_LIMIT = 16  # events a turn: how long others wait for the writer
_SOON = 0.005  # seconds
_IDLE = 0.5  # seconds between looks when nothing wakes the loop: timers, and other daemons' events


class Judge:
    """The pure decisions, with the clock, the ids and the classifier they are given."""

    def __init__(self, classify: Callable[[Facts], Verdict], now: Callable[[], float], ids: Ids) -> None:
        """classify: bridge.registry finds it."""
        self._classify = classify
        self._now = now
        self._ids = ids

    def event(self, snapshot: Snapshot, event: Event) -> Decision:
        """Decide upon an event."""
        now = self._now()
        verdict = None
        if isinstance(event, TextReceived):
            verdict = self._classify(facts(snapshot, event, now))
            metrics.classified.labels(verdict.kind.value).inc()
        return decide(snapshot, event, verdict, now, self._ids)

    def outcome(self, snapshot: Snapshot, outcome: Outcome) -> Decision:
        """Decide upon what came of an effect."""
        return decide(snapshot, outcome, None, self._now(), self._ids)


class Processor:
    """Takes turns until it is stopped."""

    def __init__(
        self,
        store: Store,
        worlds: Worlds,
        judge: Judge,
        now: Callable[[], float],
        log: Log,
        effects_wait: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        """effects_wait: told when something must go out. changed: told when desks look different."""
        self._store = store
        self._worlds = worlds
        self._judge = judge
        self._now = now
        self._log = log
        self._effects_wait = effects_wait
        self._changed = changed
        self._waker = asyncio.Event()
        self.ill: str | None = None  # in words, while turns fail

    def wake(self) -> None:
        """There is something to decide."""
        self._waker.set()

    async def run(self) -> None:
        """Take turns, until cancelled."""
        while True:
            self._waker.clear()
            try:
                more = await self.once()
                self.ill = None
            except Exception as error:
                self.ill = f"deciding fails: {type(error).__name__}"
                self._log.error("process.failed", error=repr(error)[:300])
                more = False
                await asyncio.sleep(1)
            if not more:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_IDLE):
                        await self._waker.wait()

    async def once(self) -> bool:
        """Take one turn; tell whether another may find something at once."""
        world = await self._worlds.refresh()
        try:
            turn = await self._store.turn(self._now(), _LIMIT, world, self._judge.event)
        except self._store.away:  # nothing is set aside because the database was away
            raise
        except Exception as error:
            return await self._one_by_one(error)
        self._note(turn)
        if turn.more and not turn.decided:  # others are at work on the same people: they need not be long
            await asyncio.sleep(_SOON)
        return turn.more

    async def _one_by_one(self, error: Exception) -> bool:
        """A whole turn broke: take its events singly, so that only the culprit waits."""
        self._log.error("process.turn_broke", error=repr(error)[:300])
        world = self._worlds.now
        more = False
        for _ in range(_LIMIT):
            try:
                turn = await self._store.turn(self._now(), 1, world, self._judge.event)
            except self._store.away:
                raise
            except Exception as culprit:
                lane = await self._store.run(lambda: first_due_lane(self._now()))
                if lane is None:
                    raise
                failing = partial(fail_lane_head, self._now(), lane, repr(culprit)[:400])
                failure = await self._store.run(failing)
                self._log.error(
                    "process.event_failed", seq=failure and failure.seq, error=repr(culprit)[:300]
                )
                continue
            self._note(turn)
            if not turn.decided and not turn.failures:
                break
            more = True
        return more

    def _note(self, turn: Turn) -> None:
        for kind in turn.decided:
            metrics.decided.labels(kind).inc()
        for failure in turn.failures:
            self._log.error(
                "process.event_failed",
                seq=failure.seq,
                type=failure.type,
                aside=failure.aside,
                error=failure.error,
            )
            if failure.aside:
                metrics.set_aside.inc()
        if turn.effects:
            self._effects_wait()
        if turn.decided:
            self._changed()
