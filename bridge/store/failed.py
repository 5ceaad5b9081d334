"""What went wrong for good, or nobody knows about: listed, tried again, given up.

Three sorts: effects that failed or are unsure; texts that went out and did not arrive; events that could
not be decided and were set aside. Ids: e12 for an effect, j12 for an event of the journal.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.store.tables import contacts, effects, journal, lanes, messages, threads
from bridge.store.transactions import insert, writing

Row = dict[str, Any]

_NOT_ARRIVED = ("failed", "undelivered", "unsure")


class NotThere(LookupError):
    """No such row waits for a decision of the operator."""


async def listed(engine: AsyncEngine) -> list[Row]:
    """Give everything that went wrong, oldest first: id, what, state, to, why, code, at (Unix seconds)."""
    async with engine.connect() as connection:
        out = await _mappings(connection, _wrong_effects())
        aside = await _mappings(connection, _aside())
    rows = [
        {
            "id": f"e{row['id']}",
            "what": row["type"],
            "state": row["message_state"] or row["state"],
            "to": row["address"] or row["lane"],
            "why": row["error"] or row["message_error"] or "",
            "code": row["code"],
            "at": row["settled_at"] or row["created_at"],
        }
        for row in out
    ]
    rows += [
        {
            "id": f"j{row['seq']}",
            "what": row["type"],
            "state": "aside",
            "to": row["lane"],
            "why": row["error"] or "",
            "code": None,
            "at": row["received_at"],
        }
        for row in aside
    ]
    return sorted(rows, key=lambda row: row["at"])


async def retry(engine: AsyncEngine, ids: Sequence[str], now: float) -> list[str]:
    """Have these done again; a running daemon takes them up at once. Gives the ids taken.

    Empty `ids`: everything listed but what is unsure, since that may be done already. A text is sent by a
    new attempt with a key of its own, as when staff press "Try again"; everything else is opened again.
    Raises NotThere for an id that is not listed; then nothing is changed.
    """
    async with writing(engine) as connection:
        out, aside = await _chosen(connection, ids, unsure=bool(ids))
        for row in out:
            if row["type"] == "send_sms":
                await _send_again(connection, row, now)
        await connection.execute(
            sa.update(effects)
            .where(effects.c.id.in_([row["id"] for row in out if row["type"] != "send_sms"]))
            .values(
                state="open", due=now, attempts=0, looks=0, first_tried_at=None, settled_at=None,
                error=None, code=None,
            )
        )  # fmt: skip
        await connection.execute(
            sa.update(journal)
            .where(journal.c.seq.in_([row["seq"] for row in aside]))
            .values(state="open", due=now, in_lane=0, attempts=0, error=None, decided_at=None)
        )
        due = {row["lane"]: (row["meter"], row["priority"]) for row in out}
        await _make_due(connection, due, now)
    return _named(out, aside)


async def discard(engine: AsyncEngine, ids: Sequence[str], now: float) -> list[str]:
    """Give these up: they are not listed any more. Empty `ids`: everything listed. Gives the ids discarded.

    What is known of a text stays as it is: one that is unsure stays unsure. Raises NotThere.
    """
    async with writing(engine) as connection:
        out, aside = await _chosen(connection, ids, unsure=True)
        await connection.execute(
            sa.update(effects)
            .where(effects.c.id.in_([row["id"] for row in out]))
            .values(state="cancelled", settled_at=now)
        )
        await connection.execute(
            sa.update(journal)
            .where(journal.c.seq.in_([row["seq"] for row in aside]))
            .values(state="discarded", decided_at=now)
        )
    return _named(out, aside)


def _named(out: Sequence[sa.RowMapping], aside: Sequence[sa.RowMapping]) -> list[str]:
    return [f"e{row['id']}" for row in out] + [f"j{row['seq']}" for row in aside]


async def _send_again(connection: AsyncConnection, row: sa.RowMapping, now: float) -> None:
    attempt = row["message_attempts"] + 1
    await connection.execute(
        sa.update(messages)
        .where(messages.c.id == row["message_id"])
        .values(state="queued", attempts=attempt, error=None, error_code=None)
    )
    kept = ("lane", "meter", "type", "body", "priority", "weight", "message_id")
    await connection.execute(
        sa.insert(effects).values(
            key=f"sms:{row['message_id']}:{attempt}",
            state="open",
            due=now,
            created_at=now,
            **{name: row[name] for name in kept},
        )
    )


def _wrong_effects() -> sa.Select[Any]:
    """Select effects that went wrong and that nobody mended.

    Of a text only the newest attempt counts, and only while the text itself has not arrived: staff may have
    sent it again. What was for a thread that is gone went to a new one; a post that may be missing was
    followed by one that says so; marks and cards are drawn anew by what comes next.
    """
    later, follower = effects.alias("later"), effects.alias("follower")
    newer = sa.exists().where(
        later.c.message_id == effects.c.message_id, later.c.type == "send_sms", later.c.id > effects.c.id
    )
    text = effects.c.type == "send_sms"
    not_arrived = sa.and_(
        text, effects.c.state != "cancelled", messages.c.state.in_(_NOT_ARRIVED), sa.not_(newer)
    )
    other = sa.and_(
        effects.c.state.in_(("failed", "unsure")),
        effects.c.type.not_in(("send_sms", "mark_message", "update_card", "edit_post")),
        sa.func.coalesce(threads.c.state, "live") == "live",
        sa.not_(sa.exists().where(follower.c.key == sa.literal("maybe:") + effects.c.key)),
    )
    return (
        sa.select(
            effects,
            contacts.c.address,
            messages.c.attempts.label("message_attempts"),
            sa.case((text, messages.c.state)).label("message_state"),
            messages.c.error.label("message_error"),
        )
        .outerjoin(messages, messages.c.id == effects.c.message_id)
        .outerjoin(contacts, contacts.c.id == messages.c.contact_id)
        .outerjoin(threads, threads.c.id == effects.c.thread_id)
        .where(sa.or_(not_arrived, other))
        .order_by(effects.c.id)
    )


def _aside() -> sa.Select[Any]:
    return sa.select(journal).where(journal.c.state == "aside").order_by(journal.c.seq)


async def _chosen(
    connection: AsyncConnection, ids: Sequence[str], *, unsure: bool
) -> tuple[list[sa.RowMapping], list[sa.RowMapping]]:
    out = {
        f"e{row['id']}": row
        for row in await _mappings(connection, _wrong_effects().with_for_update(of=effects))
    }
    aside = {f"j{row['seq']}": row for row in await _mappings(connection, _aside().with_for_update())}
    unknown = [one for one in ids if one not in out and one not in aside]
    if unknown:
        raise NotThere(f"nothing that went wrong is called {', '.join(unknown)}; see: threadline failed list")
    wanted = set(ids) or {*aside, *(one for one, row in out.items() if unsure or not _is_unsure(row))}
    return (
        [row for one, row in out.items() if one in wanted],
        [row for one, row in aside.items() if one in wanted],
    )


async def _mappings(connection: AsyncConnection, chosen: sa.Select[Any]) -> Sequence[sa.RowMapping]:
    rows: Sequence[sa.RowMapping] = (await connection.execute(chosen)).mappings().all()
    return rows


def _is_unsure(row: sa.RowMapping) -> bool:
    return "unsure" in (row["state"], row["message_state"])


async def _make_due(connection: AsyncConnection, due: dict[str, tuple[str, int]], now: float) -> None:
    """Put lanes where a daemon looks for them, or bring their turn forward."""
    if not due:
        return
    rows = [
        {"lane": lane, "meter": meter, "priority": priority, "due": now}
        for lane, (meter, priority) in sorted(due.items())
    ]
    statement = insert(connection, lanes).values(rows)
    new = statement.excluded
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["lane"],
            set_={"due": sa.case((new.due < lanes.c.due, new.due), else_=lanes.c.due)},
        )
    )
