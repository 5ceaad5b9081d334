"""Accept: what came in is in the journal, once. After this commits, its sender may be told so.

It is put into its lane by a transaction of its own (`sort`), so that nobody who waits for an
acknowledgement waits for whoever works on that lane.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import sqlalchemy as sa

from bridge.model.events import Event
from bridge.ports import Cursor
from bridge.store import codec
from bridge.store.query import Query, Row, Tongue, Work, ids
from bridge.store.tables import JOURNAL_NEW, cursors, journal, lanes

T = TypeVar("T")
_MOST_SORTED = 500
EVENTS = "events"  # the meter of the journal's lanes: never closed, never slow

_COLUMNS = ("key", "lane", "type", "body", "due", "received_at")


def _insert(t: Tongue) -> Any:
    rows = t.rows([journal.c[name] for name in _COLUMNS])
    chosen = sa.select(*(rows.c[name] for name in _COLUMNS), sa.literal_column("'open'"))
    return (
        t.insert(journal)
        .from_select([*_COLUMNS, "state"], chosen.where(sa.true()).order_by(rows.c.ord))
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(journal.c.key)
    )


def raise_lanes(t: Tongue) -> Any:
    """Give the statement that makes lanes due: the earliest time wins, the highest priority too."""
    rows = t.rows([lanes.c.lane, lanes.c.meter, lanes.c.priority, lanes.c.due])
    statement = t.insert(lanes).from_select(
        ["lane", "meter", "priority", "due"],
        sa.select(rows.c.lane, rows.c.meter, rows.c.priority, rows.c.due)
        .where(sa.true())
        .order_by(rows.c.lane),
    )
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["lane"],
        set_={
            "due": sa.case((new.due < lanes.c.due, new.due), else_=lanes.c.due),
            "priority": sa.case((new.priority < lanes.c.priority, new.priority), else_=lanes.c.priority),
            "meter": new.meter,
        },
    )


def _new(_: Tongue) -> Any:
    return (
        sa.select(journal.c.seq, journal.c.lane, journal.c.due)
        .where(JOURNAL_NEW)
        .order_by(journal.c.seq)
        .limit(_MOST_SORTED)
    )


def _in_lane(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.BigInteger)])
    return sa.update(journal).values(in_lane=1).where(journal.c.seq.in_(sa.select(source.c.id)))


INSERT_EVENTS = Query(_insert)
_NEW = Query(_new)
_IN_LANE = Query(_in_lane)
RAISE_LANES = Query(raise_lanes)
SET_CURSOR = Query(
    lambda t: (
        lambda insert: insert.on_conflict_do_update(
            index_elements=["name"], set_={"value": insert.excluded.value}
        )
    )(t.insert(cursors).values(name=sa.bindparam("name"), value=sa.bindparam("value")))
)


def event_row(event: Event, due: float, now: float) -> dict[str, Any]:
    """Write an event for the journal."""
    return {
        "key": event.key,
        "lane": event.lane,
        "type": event.type,
        "body": codec.write_event(event),
        "due": due,
        "received_at": now,
    }


def lane_rows(rows: Sequence[Row], meter: str | None = None) -> list[dict[str, Any]]:
    """Give one row a lane from rows of events or effects: the earliest due, the highest priority."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        lane = found.setdefault(
            row["lane"],
            {
                "lane": row["lane"],
                "meter": meter or row["meter"],
                "priority": row.get("priority", 0),
                "due": row["due"],
            },
        )
        lane["due"] = min(lane["due"], row["due"])
        lane["priority"] = min(lane["priority"], row.get("priority", 0))
    return list(found.values())


def accept(rows: list[dict[str, Any]], set_cursors: Sequence[Cursor] = ()) -> Work[set[str]]:
    """Put rows of event_row into the journal; give the keys that were new."""
    new: set[str] = set()
    if rows:
        asked = INSERT_EVENTS(rows=rows)
        new = {row["key"] for row in (yield asked if set_cursors else replace(asked, last=True))}
    for cursor in set_cursors:
        yield SET_CURSOR(name=cursor.name, value=cursor.value)
    return new


def sort() -> Work[int]:
    """Put new events into their lanes; give how many. Makes turns find them.

    Lanes are locked before events, as turns do. Two daemons may sort the same event: that changes nothing.
    """
    new = yield _NEW()
    if new:
        yield RAISE_LANES(rows=lane_rows(new, EVENTS))
        yield _IN_LANE(rows=ids([row["seq"] for row in new]))
    return len(new)


def sorted_before(work: Callable[[], Work[T]]) -> Work[T]:
    """Put new events into their lanes, then do work."""
    yield from sort()
    return (yield from work())
