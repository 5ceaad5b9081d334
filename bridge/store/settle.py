"""Settle: what came of claimed effects is written, decided upon, and their lanes go on.

All in one transaction. A daemon that lost its lease changes nothing: the fence tells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from bridge.model.decision import Decision, Snapshot, World
from bridge.model.effects import Outcome
from bridge.store.apply import NOTICE, apply
from bridge.store.claim import DROP_EMPTY, Claimed
from bridge.store.query import Query, Tongue, Work, ids
from bridge.store.snapshot import snapshots
from bridge.store.tables import EFFECTS_WAITING, effects, lanes, meters

JudgeOutcome = Callable[[Snapshot, Outcome], Decision]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claim.

    state: done, failed and unsure are final and are decided upon; open goes back into its lane (it
    surely did not happen); doubtful stays its lane's head until `find` tells.
    """

    claim: Claimed
    state: Literal["done", "failed", "unsure", "open", "doubtful", "cancelled"]
    outcome: Outcome | None = None  # of a final state
    again_at: float = 0.0  # when the lane may go on, for open and doubtful
    looked: bool = False
    error: str | None = None
    code: str | None = None
    close_meter_until: float | None = None
    unusable: bool = False  # the meter closed because somebody must mend something
    notice: str | None = None  # for the operator


def _held_lanes(t: Tongue) -> Any:
    source = t.rows([lanes.c.lane])
    return (
        sa.select(lanes.c.lane, lanes.c.fence, lanes.c.owner)
        .where(lanes.c.lane.in_(sa.select(source.c.lane)))
        .order_by(lanes.c.lane)
        .with_for_update()
    )


def _set_effects(t: Tongue) -> Any:
    names = ("state", "settled_at", "error", "code")
    source = t.rows([effects.c.id, *(effects.c[n] for n in names), effects.c.looks])
    return (
        sa.update(effects)
        .values(**{n: source.c[n] for n in names}, looks=effects.c.looks + source.c.looks)
        .where(effects.c.id == source.c.id)
    )


def _release(t: Tongue) -> Any:
    source = t.rows([lanes.c.lane, lanes.c.due])
    waits = sa.and_(effects.c.lane == lanes.c.lane, EFFECTS_WAITING)
    head = sa.select(effects.c.due).where(waits).order_by(effects.c.id).limit(1).scalar_subquery()
    priority = sa.select(effects.c.priority).where(waits).order_by(effects.c.id).limit(1).scalar_subquery()
    return (
        sa.update(lanes)
        .values(
            owner="",
            leased_until=0.0,
            due=sa.case((source.c.due > head, source.c.due), else_=sa.func.coalesce(head, 0.0)),
            priority=sa.func.coalesce(priority, 0),
        )
        .where(lanes.c.lane == source.c.lane)
    )


_HELD = Query(_held_lanes)
_SET = Query(_set_effects)
_RELEASE = Query(_release)
_CLOSE = Query(
    lambda t: (
        lambda insert: insert.on_conflict_do_update(
            index_elements=["meter"],
            set_={"closed_until": insert.excluded.closed_until, "reason": insert.excluded.reason},
        )
    )(
        t.insert(meters).values(
            meter=sa.bindparam("meter"),
            level=sa.bindparam("level"),
            at=sa.bindparam("at"),
            closed_until=sa.bindparam("closed_until"),
            reason=sa.bindparam("reason"),
        )
    )
)


def settle(
    settled: Sequence[Settled], now: float, owner: str, world: World, judge: JudgeOutcome
) -> Work[tuple[list[Settled], list[str]]]:
    """Write what became of claims. Gives those whose lease was lost (nothing of them was written), and
    the faults of decisions about outcomes (their results are kept all the same)."""
    outcomes = [s.outcome for s in settled if s.outcome is not None]
    first = yield from snapshots(outcomes, world, now, wait=True)  # locks people before lanes, as turns do
    held = {
        row["lane"]: (row["fence"], row["owner"])
        for row in (yield _HELD(rows=[{"lane": s.claim.lane} for s in settled]))
    }
    ours = [s for s in settled if held.get(s.claim.lane) == (s.claim.fence, owner)]
    lost = [s for s in settled if held.get(s.claim.lane) != (s.claim.fence, owner)]
    if ours:
        yield _SET(rows=[row for s in ours for row in _effect_rows(s, now)])
    faults = yield from _decide([s.outcome for s in ours if s.outcome], outcomes, first, now, world, judge)
    for s in sorted(ours, key=lambda one: one.claim.effect.meter):  # as claims lock them
        if s.close_meter_until is not None:
            yield _CLOSE(
                meter=s.claim.effect.meter,
                level=0.0,
                at=now,
                closed_until=s.close_meter_until,
                reason=s.error,
            )
        if s.notice:
            yield NOTICE(at=now, text=s.notice)
    done = [s.claim.lane for s in ours]
    yield DROP_EMPTY(rows=ids(done))
    yield _RELEASE(rows=[{"lane": s.claim.lane, "due": s.again_at} for s in ours])
    return lost, faults


def _decide(
    todo: list[Outcome],
    outcomes: list[Outcome],
    first: dict[int, Snapshot],
    now: float,
    world: World,
    judge: JudgeOutcome,
) -> Work[list[str]]:
    """Decide upon outcomes, in rounds: each round one of every person."""
    known = {id(outcomes[place]): snapshot for place, snapshot in first.items()}
    faults: list[str] = []
    while todo:
        decisions: list[Decision] = []
        for outcome in [one for one in todo if id(one) in known]:
            try:
                decisions.append(judge(known[id(outcome)], outcome))
            except Exception as error:
                faults.append(f"{outcome.effect.key}: {type(error).__name__}: {error}"[:500])
        yield from apply(decisions, now)
        todo = [one for one in todo if id(one) not in known]
        if todo:
            again = yield from snapshots(todo, world, now, wait=True)
            known = {id(todo[place]): snapshot for place, snapshot in again.items()}
    for fault in faults:
        yield NOTICE(at=now, text=f"What came of an effect could not be decided upon: {fault}")
    return faults


def _effect_rows(s: Settled, now: float) -> list[dict[str, Any]]:
    final = s.state not in ("open", "doubtful")
    row = {
        "state": s.state,
        "settled_at": now if final else None,
        "error": s.error,
        "code": s.code,
        "looks": int(s.looked),
    }
    together = (s.claim.effect, *s.claim.merged)
    written = [row | {"id": int(effect.id)} for effect in together]
    if final:
        gone = row | {"state": "cancelled" if s.state != "done" else "done"}
        written += [gone | {"id": int(effect.id)} for effect in s.claim.superseded]
    return written
