"""Tending the database: what is done and old goes, what waits is counted, notices are read."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.store.query import Query, Tongue, Work
from bridge.store.tables import (
    EFFECTS_WAITING,
    EFFECTS_WRONG,
    JOURNAL_OPEN,
    effects,
    journal,
    lanes,
    links,
    operator_notices,
    sessions,
)

_MOST = 500  # rows a step, so that nobody waits long for the writer


def _old(table: sa.Table, key: Any, *conditions: Any) -> Query:
    def build(_: Tongue) -> Any:
        chosen = sa.select(key).where(*conditions).order_by(key).limit(_MOST)
        return sa.delete(table).where(key.in_(chosen)).returning(key)

    return Query(build)


_before = sa.bindparam("before", type_=sa.Float)
_OLD_EVENTS = _old(journal, journal.c.seq, journal.c.decided_at.is_not(None), journal.c.decided_at < _before)
_OLD_EFFECTS = _old(
    effects,
    effects.c.id,
    effects.c.settled_at.is_not(None),
    effects.c.settled_at < _before,
    sa.text("effects.state IN ('done', 'cancelled')"),
)
_OLD_LINKS = _old(links, links.c.token, links.c.until < sa.bindparam("now", type_=sa.Float))
_OLD_SESSIONS = _old(sessions, sessions.c.secret_hash, sessions.c.until < sa.bindparam("now", type_=sa.Float))
_OWNERS = Query(lambda _: sa.select(lanes.c.owner).distinct().where(lanes.c.owner != ""))
_FREE_LANES = Query(
    lambda _: (
        sa.update(lanes)
        .values(leased_until=0.0, owner="")
        .where(lanes.c.owner == sa.bindparam("whose", type_=sa.Text))
    )
)


def sweep(now: float, before: float) -> Work[int]:
    """Delete a few of what is settled since `before`, or has expired; give how many."""
    count = 0
    for query in (_OLD_EVENTS, _OLD_EFFECTS):
        count += len((yield query(before=before)))
    for query in (_OLD_LINKS, _OLD_SESSIONS):
        count += len((yield query(now=now)))
    return count


def owners() -> Work[list[str]]:
    """Give the names of the daemons that hold leases."""
    return [row["owner"] for row in (yield _OWNERS())]


def free_lanes(owner: str) -> Work[None]:
    """End the leases of a daemon that is no more: what it was doing can be found out about at once."""
    yield _FREE_LANES(whose=owner)


async def counts(engine: AsyncEngine, now: float) -> dict[str, float]:
    """Count what waits and what went wrong; lags in seconds."""
    async with engine.connect() as connection:

        async def one(statement: Any) -> float:
            return float(await connection.scalar(statement) or 0)

        def count(condition: Any, table: sa.Table) -> Any:
            return sa.select(sa.func.count()).select_from(table).where(condition)

        oldest = sa.select(sa.func.min(lanes.c.due))
        events, out = lanes.c.meter == "events", lanes.c.meter != "events"
        failed = sa.func.sum(sa.case((effects.c.state == "failed", 1), else_=0))
        wrong = await connection.execute(sa.select(sa.func.count(), failed).where(EFFECTS_WRONG))
        all_wrong, failures = wrong.one()  # in one pass: failed rows stay until somebody discards them
        due = {"events": await one(oldest.where(events)), "effects": await one(oldest.where(out))}
        return {
            "events": await one(count(JOURNAL_OPEN, journal)),
            "effects": await one(count(EFFECTS_WAITING, effects)),
            "failed": float(failures or 0),
            "unsure": float(all_wrong - (failures or 0)),
            **{f"lag_{name}": max(now - at, 0.0) if at else 0.0 for name, at in due.items()},
        }


async def notices(engine: AsyncEngine, after: int) -> list[tuple[int, str]]:
    """Give what the operator was told after that number."""
    statement = (
        sa.select(operator_notices.c.seq, operator_notices.c.text)
        .where(operator_notices.c.seq > after)
        .order_by(operator_notices.c.seq)
        .limit(100)
    )
    async with engine.connect() as connection:
        return [(row.seq, row.text) for row in await connection.execute(statement)]


async def last_notice(engine: AsyncEngine) -> int:
    """Give the number of the newest notice."""
    async with engine.connect() as connection:
        return int(await connection.scalar(sa.select(sa.func.max(operator_notices.c.seq))) or 0)
