"""Polls in the database: the count of votes, the answers that staff assign."""

from collections.abc import AsyncIterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.outreach import Poll, Tally
from bridge.store import codec, rows
from bridge.store.apply import BUMP
from bridge.store.query import Query, Work
from bridge.store.tables import campaigns, contacts, messages, polls, recipients, unclear, votes

_CLOSE = Query(
    lambda _: (
        sa.update(polls)
        .values(state="closed")
        .where(polls.c.id == sa.bindparam("poll", type_=sa.Text), polls.c.state == "open")
    )
)


def close(poll_id: str) -> Work[None]:
    """Count no further answers."""
    yield _CLOSE(poll=poll_id)
    yield BUMP(name="catalogue")


async def tally(engine: AsyncEngine, poll: Poll) -> Tally:
    """Count the votes: one person, one vote, the last one."""
    cast = (
        sa.select(votes.c.choices, sa.func.count())
        .where(votes.c.poll_id == poll.id)
        .group_by(votes.c.choices)
    )
    sent = (
        sa.select(sa.func.count(sa.distinct(recipients.c.contact_id)))
        .join(campaigns, campaigns.c.id == recipients.c.campaign_id)
        .where(campaigns.c.poll_id == poll.id, recipients.c.state == "out")
    )
    open_ = sa.select(sa.func.count()).where(unclear.c.poll_id == poll.id, unclear.c.state == "open")
    counts, voters = [0] * len(poll.options), 0
    async with engine.connect() as connection:
        for written, people in await connection.execute(cast):
            chosen = [place for place in codec.read_value(written) if 0 <= place < len(counts)]
            voters += people if chosen else 0
            for place in chosen:
                counts[place] += people
        asked = int(await connection.scalar(sent) or 0)
        waiting = int(await connection.scalar(open_) or 0)
    return Tally(tuple(counts), voters, asked, waiting)


async def recount(engine: AsyncEngine, poll: Poll) -> tuple[int, ...]:
    """Count again from the stored messages alone, where staff assigned nothing: for checks."""
    asked = (
        sa.select(messages.c.contact_id, messages.c.value)
        .where(messages.c.campaign == f"poll:{poll.id}", messages.c.kind == "poll")
        .where(messages.c.direction == "in")
        .order_by(messages.c.at, messages.c.id)
    )
    last: dict[str, list[int]] = {}
    async with engine.connect() as connection:
        for contact_id, value in await connection.execute(asked):
            last[contact_id] = codec.read_value(value)
    return tuple(sum(place in chosen for chosen in last.values()) for place in range(len(poll.options)))


async def one(engine: AsyncEngine, named: str) -> Poll | None:
    """Give a poll by its id, or the newest of that name."""
    asked = (
        sa.select(polls)
        .where(sa.or_(polls.c.id == named, polls.c.name == named))
        .order_by(polls.c.at.desc())
        .limit(1)
    )
    async with engine.connect() as connection:
        row = (await connection.execute(asked)).mappings().first()
    return rows.poll(dict(row)) if row else None


async def latest(engine: AsyncEngine, limit: int) -> list[Poll]:
    """Give the newest polls."""
    asked = sa.select(polls).order_by(polls.c.at.desc(), polls.c.id).limit(limit)
    async with engine.connect() as connection:
        return [rows.poll(dict(row)) for row in (await connection.execute(asked)).mappings()]


async def unclear_answers(engine: AsyncEngine, poll_id: str, limit: int) -> list[Any]:
    """Give what staff have yet to assign, oldest first: message_id, text, name, address."""
    asked = (
        sa.select(unclear.c.message_id, messages.c.text, contacts.c.name, contacts.c.address)
        .join(messages, messages.c.id == unclear.c.message_id)
        .join(contacts, contacts.c.id == unclear.c.contact_id)
        .where(unclear.c.poll_id == poll_id, unclear.c.state == "open")
        .order_by(unclear.c.at)
        .limit(limit)
    )
    async with engine.connect() as connection:
        return list(await connection.execute(asked))


async def poll_of_unclear(engine: AsyncEngine, message_id: str) -> tuple[Poll, str] | None:
    """Give the poll that an unclear answer is about, and its words."""
    asked = (
        sa.select(polls, messages.c.text.label("words"))
        .join(unclear, unclear.c.poll_id == polls.c.id)
        .join(messages, messages.c.id == unclear.c.message_id)
        .where(unclear.c.message_id == message_id)
    )
    async with engine.connect() as connection:
        row = (await connection.execute(asked)).mappings().first()
    return (rows.poll(dict(row)), row["words"]) if row else None


async def every_vote(engine: AsyncEngine, poll: Poll) -> AsyncIterator[dict[str, Any]]:
    """Give each vote, oldest first: contact, name, choices (in words), at, message, assigned_by."""
    asked = (
        sa.select(votes, contacts.c.address, contacts.c.name)
        .join(contacts, contacts.c.id == votes.c.contact_id)
        .where(votes.c.poll_id == poll.id)
        .order_by(votes.c.at, votes.c.contact_id)
    )
    async with engine.connect() as connection:
        stream = await connection.stream(asked)
        async for row in stream.mappings():
            chosen = [poll.options[place] for place in codec.read_value(row["choices"])]
            if chosen:
                yield {
                    "contact": row["address"],
                    "name": row["name"],
                    "choices": "; ".join(chosen),
                    "at": row["at"],
                    "message": row["message_id"],
                    "assigned_by": row["by"] or None,
                }
