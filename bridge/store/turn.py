"""A turn: due events are read, decided and settled, all in one transaction.

A crash before the commit leaves them as they were. An event whose decision fails is tried again, its
lane waiting; after three times it is set aside, the operator is told, and the lane moves on.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bridge.model.decision import Decision, Snapshot, World
from bridge.model.events import Event, HoldOver, StaffPressed, StaffWrote
from bridge.store import codec
from bridge.store.accept import EVENTS
from bridge.store.apply import NOTICE, apply
from bridge.store.query import PAUSE, Query, Row, Tongue, Work, ids
from bridge.store.snapshot import snapshots
from bridge.store.tables import EFFECTS_OPENING, JOURNAL_OPEN, effects, journal, lanes

TRIES = 3
_BACKOFF = 1.0  # seconds
_EARLY = 0.2

Judge = Callable[[Snapshot, Event], Decision]


@dataclass(frozen=True, slots=True)
class Failure:
    """A decision that could not be made."""

    seq: int
    type: str
    error: str
    aside: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn did."""

    decided: tuple[str, ...]  # the types of the events
    failures: tuple[Failure, ...]
    more: bool  # something was left that is due already
    effects: bool  # something must go out now


def _due_lanes(_: Tongue) -> Any:
    return (
        sa.select(lanes.c.lane)
        .where(lanes.c.meter == EVENTS, lanes.c.due <= sa.bindparam("now", type_=sa.Float))
        .order_by(lanes.c.priority, lanes.c.due)
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .with_for_update(skip_locked=True)
    )


def _first_open(source: Any) -> Any:
    return (
        sa.select(journal.c.seq)
        .where(journal.c.lane == source.c.id, JOURNAL_OPEN)
        .order_by(journal.c.due, journal.c.seq)
        .limit(1)
        .correlate(source)
        .scalar_subquery()
    )


def _heads(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    names = ("seq", "lane", "type", "body", "due", "attempts")
    return (
        sa.select(*(journal.c[n] for n in names))
        .select_from(source.join(journal, journal.c.seq == _first_open(source)))
        .order_by(journal.c.seq)
    )


def _settle(state: str) -> Query:
    def build(t: Tongue) -> Any:
        source = t.rows([sa.Column("id", sa.BigInteger)])
        return (
            sa.update(journal)
            .values(state=state, decided_at=sa.bindparam("now", type_=sa.Float))
            .where(journal.c.seq.in_(sa.select(source.c.id)))
        )

    return Query(build)


def _fail(t: Tongue) -> Any:
    source = t.rows([journal.c.seq, journal.c.state, journal.c.error])
    return (
        sa.update(journal)
        .values(state=source.c.state, error=source.c.error, attempts=journal.c.attempts + 1)
        .where(journal.c.seq == source.c.seq)
    )


def _move_on(t: Tongue) -> Any:
    source = t.rows([lanes.c.lane, lanes.c.due])
    head_due = (
        sa.select(journal.c.due)
        .where(journal.c.lane == source.c.lane, JOURNAL_OPEN)
        .order_by(journal.c.due, journal.c.seq)
        .limit(1)
        .scalar_subquery()
    )
    later = sa.case((source.c.due > head_due, source.c.due), else_=head_due)
    return sa.update(lanes).values(due=sa.func.coalesce(later, 0)).where(lanes.c.lane == source.c.lane)


def _drop_empty(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    waits = sa.exists().where(journal.c.lane == lanes.c.lane, JOURNAL_OPEN)
    return sa.delete(lanes).where(lanes.c.lane.in_(sa.select(source.c.id)), sa.not_(waits))


def _opening(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return sa.select(effects.c.meter).where(EFFECTS_OPENING, effects.c.meter.in_(sa.select(source.c.id)))


def _undecided(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return sa.select(source.c.id.label("lane"), journal.c.due).select_from(
        source.join(journal, journal.c.seq == _first_open(source))
    )


_DUE_LANES = Query(_due_lanes)
_OPENING = Query(_opening)
_HEADS = Query(_heads)
_UNDECIDED = Query(_undecided)
_DONE = _settle("done")
_FAIL = Query(_fail)
_MOVE_ON = Query(_move_on)
_DROP_EMPTY = Query(_drop_empty)


def turn(now: float, limit: int, world: World, judge: Judge) -> Work[Turn]:
    """Decide the heads of at most `limit` due lanes."""
    due = [row["lane"] for row in (yield _DUE_LANES(now=now, limit=limit))]
    if not due:
        return Turn((), (), False, False)
    heads = [row for row in (yield _HEADS(rows=ids(due))) if row["due"] <= now]
    read: list[tuple[Row, Event]] = []
    failures: list[Failure] = []
    for row in heads:
        try:
            read.append((row, codec.read_event(row["body"])))
        except ValueError:  # what it says would hold the event's words
            failures.append(_failure(row, ValueError("this version cannot read it")))
    yield PAUSE
    opening = yield from _desks_that_open(event for _, event in read)  # before threads are looked up
    known = yield from snapshots([event for _, event in read], world, now, wait=False)
    early = {
        place
        for place, (_, event) in enumerate(read)
        if place in known and known[place].contact is None and _desk_of_thread(event) in opening
    }
    early |= yield from _overtaking(read)
    decisions: list[Decision] = []
    decided: list[Row] = []
    for place, (row, event) in enumerate(read):
        if place not in known or place in early:
            continue
        yield PAUSE
        try:
            decisions.append(judge(known[place], event))
            decided.append(row)
        except Exception as error:
            failures.append(_failure(row, error))
    yield PAUSE
    goes_out = yield from apply(decisions, now)
    yield _DONE(rows=ids([row["seq"] for row in decided]), now=now)
    yield from _settle_failures(failures, now)
    late = {f.seq: now + _BACKOFF for f in failures if not f.aside}
    late |= {read[place][0]["seq"]: now + _EARLY for place in early}
    floors = [{"lane": row["lane"], "due": late.get(row["seq"], 0.0)} for row in heads]
    floors += [{"lane": lane, "due": 0.0} for lane in set(due) - {row["lane"] for row in heads}]
    yield _DROP_EMPTY(rows=ids(due))
    yield _MOVE_ON(rows=floors)
    left = len(known) < len(read)  # somebody decides about the same people just now
    more = len(due) == limit or bool(decided) or left
    return Turn(tuple(row["type"] for row in decided), tuple(failures), more, goes_out)


def _desks_that_open(events: Iterable[Event]) -> Work[set[str]]:
    """Give the desks on which a thread is on its way of which we do not know yet what the platform calls
    it: a reply there that is quicker than our bookkeeping must wait, not be taken for staff's own talk."""
    desks = {desk for event in events if (desk := _desk_of_thread(event))}
    if not desks:
        return set()
    meters = ids([f"post:{desk}" for desk in sorted(desks)])
    return {row["meter"].removeprefix("post:") for row in (yield _OPENING(rows=meters))}


def _overtaking(read: Sequence[tuple[Row, Event]]) -> Work[set[int]]:
    """Give the places of holds that are over while something that staff did on that desk before is still
    undecided: a reply typed earlier, perhaps, which is to leave earlier, or an edit."""
    over = {place: event for place, (_, event) in enumerate(read) if isinstance(event, HoldOver)}
    if not over:
        return set()
    desk_lanes = ids(sorted({f"desk:{event.desk}" for event in over.values()}))
    since = {row["lane"]: row["due"] for row in (yield _UNDECIDED(rows=desk_lanes))}
    return {place for place, event in over.items() if since.get(f"desk:{event.desk}", math.inf) <= event.at}


def _desk_of_thread(event: Event) -> str | None:
    """Give the desk of what staff did in a thread."""
    if isinstance(event, StaffWrote | StaffPressed) and event.thread is not None:
        return event.desk
    return None


def first_due_lane(now: float) -> Work[str | None]:
    """Give the lane that the next turn would begin with."""
    found = yield _DUE_LANES(now=now, limit=1)
    return found[0]["lane"] if found else None


def fail_lane_head(now: float, lane: str, error: str) -> Work[Failure | None]:
    """Count a failure against the first open event of a lane, outside the turn that it broke."""
    heads = yield _HEADS(rows=ids([lane]))
    if not heads:
        return None
    failure = _failure(heads[0], Exception(error))
    yield from _settle_failures([failure], now)
    yield _DROP_EMPTY(rows=ids([lane]))
    yield _MOVE_ON(rows=[{"lane": lane, "due": 0.0 if failure.aside else now + _BACKOFF}])
    return failure


def _failure(row: Row, error: Exception) -> Failure:
    words = f"{type(error).__name__}: {error}"[:500]
    return Failure(row["seq"], row["type"], words, aside=row["attempts"] + 1 >= TRIES)


def _settle_failures(failures: list[Failure], now: float) -> Work[None]:
    if not failures:
        return
    states = [{"seq": f.seq, "state": "aside" if f.aside else "open", "error": f.error} for f in failures]
    yield _FAIL(rows=states)
    for f in failures:
        if f.aside:
            yield NOTICE(
                at=now,
                text=f"An event ({f.type}, j{f.seq}) could not be decided and was set aside: {f.error}. "
                f"Nothing of it is lost: `threadline failed retry j{f.seq}` decides it again.",
            )
