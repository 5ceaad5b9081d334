"""The books: messages as rows for export, and counts that must balance.

Every figure is recomputed from the stored rows; nothing is counted along the way.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.model.verdict import Kind
from bridge.store import codec
from bridge.store.tables import contacts, effects, journal, messages
from bridge.store.transactions import one_view

Row = dict[str, Any]

COLUMNS = (
    "id", "line", "contact", "direction", "text", "media", "kind", "reason", "state", "at", "author",
    "provider_id", "segments", "credits", "error",
)  # fmt: skip
OUT_STATES = ("held", "queued", "sent", "delivered", "undelivered", "failed", "cancelled", "unsure")

_PAGE = 1000
_ON_THEIR_WAY = ("open", "claimed", "doubtful")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: of a line, of a contact's address (E.164), from `since` to before `until`
    (Unix seconds)."""

    line: str | None = None
    contact: str | None = None
    since: float | None = None
    until: float | None = None


async def export(engine: AsyncEngine, wanted: Wanted) -> AsyncIterator[Row]:
    """Give messages in and out, oldest first, as rows of COLUMNS; internal words stay inside.

    `at` is RFC 3339 in UTC; `media` a list of {id, content_type, name, size}.
    """
    last: tuple[float, str] | None = None
    while True:
        async with engine.connect() as connection:
            page = (await connection.execute(_page(wanted, last))).mappings().all()
        for row in page:
            yield _exported(row)
        if len(page) < _PAGE:
            return
        last = (page[-1]["at"], page[-1]["id"])


def _page(wanted: Wanted, last: tuple[float, str] | None) -> sa.Select[Any]:
    chosen = [messages.c[name] for name in COLUMNS if name != "contact"]
    statement = (
        sa.select(*chosen, contacts.c.address.label("contact"))
        .join(contacts, contacts.c.id == messages.c.contact_id)
        .where(messages.c.direction.in_(("in", "out")))
        .order_by(messages.c.at, messages.c.id)
        .limit(_PAGE)
    )
    if wanted.line is not None:
        statement = statement.where(messages.c.line == wanted.line)
    if wanted.contact is not None:
        statement = statement.where(contacts.c.address == wanted.contact)
    if wanted.since is not None:
        statement = statement.where(messages.c.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(messages.c.at < wanted.until)
    if last is not None:
        at, id_ = last
        later = sa.and_(messages.c.at == at, messages.c.id > id_)
        statement = statement.where(messages.c.at >= at, sa.or_(messages.c.at > at, later))
    return statement


def _exported(row: sa.RowMapping) -> Row:
    media = [
        {"id": one.id, "content_type": one.content_type, "name": one.name, "size": one.size}
        for one in codec.read_media(row["media"])
    ]
    return {name: row[name] for name in COLUMNS} | {"media": media, "at": rfc3339(row["at"])}


def rfc3339(at: float) -> str:
    """Write Unix seconds as "2025-01-31T09:30:00.250Z"."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def stats(engine: AsyncEngine, since: float | None = None) -> Row:
    """Count, from one moment's view of the database, and say whether the counts add up.

    since: Unix seconds; None: everything stored. Keys: received, by_kind, sent, delivered, failed, unsure,
    queued, posts, balanced (True, or sentences about what does not add up), and besides held, cancelled
    and answered (texts by which a machine answered).
    `received` counts what was acknowledged: what is not decided yet is under by_kind["undecided"].
    """
    async with one_view(engine) as connection:
        after = [] if since is None else [messages.c.at >= since]
        kinds = await _counts(connection, messages.c.kind, messages.c.direction == "in", *after)
        states = await _counts(connection, messages.c.state, messages.c.direction == "out", *after)
        answers = await _counts(
            connection, messages.c.kind, messages.c.direction == "out", messages.c.author == "machine", *after
        )
        undecided = await _undecided(connection, since)
        totals = await _counts(connection, messages.c.direction, *after)
        posts = await _posts(connection, since)
        wrong = _do_not_add_up(kinds, states, totals) + await _contradictions(connection)
    return {
        "received": totals.get("in", 0) + undecided,
        "by_kind": dict(sorted(kinds.items())) | ({"undecided": undecided} if undecided else {}),
        "answered": sum(answers.values()),
        "sent": states.get("sent", 0),
        "delivered": states.get("delivered", 0),
        "failed": states.get("failed", 0) + states.get("undelivered", 0),
        "unsure": states.get("unsure", 0),
        "queued": states.get("queued", 0),
        "held": states.get("held", 0),
        "cancelled": states.get("cancelled", 0),
        "posts": posts,
        "balanced": wrong or True,
    }


async def _counts(connection: AsyncConnection, by: Any, *where: Any) -> dict[str, int]:
    statement = sa.select(by, sa.func.count()).where(*where).group_by(by)
    return {str(value): int(count) for value, count in (await connection.execute(statement)).tuples()}


async def _undecided(connection: AsyncConnection, since: float | None) -> int:
    where = [journal.c.type == "text_received", journal.c.state.in_(("open", "aside"))]
    if since is not None:
        where.append(journal.c.received_at >= since)
    return sum((await _counts(connection, journal.c.state, *where)).values())


async def _posts(connection: AsyncConnection, since: float | None) -> int:
    where = [effects.c.type == "post_to_thread", effects.c.state == "done"]
    if since is not None:
        where.append(effects.c.settled_at >= since)
    return sum((await _counts(connection, effects.c.type, *where)).values())


def _do_not_add_up(kinds: dict[str, int], states: dict[str, int], totals: dict[str, int]) -> list[str]:
    """Compare totals with their parts."""
    wrong = []
    judged = sum(count for kind, count in kinds.items() if kind in set(Kind))
    if judged != totals.get("in", 0):
        wrong.append(f"{totals.get('in', 0)} texts came in, and {judged} of them have a kind")
    accounted = sum(count for state, count in states.items() if state in OUT_STATES)
    if accounted != totals.get("out", 0):
        wrong.append(f"{totals.get('out', 0)} texts are ours, and {accounted} of them are in a known state")
    return wrong


async def _contradictions(connection: AsyncConnection) -> list[str]:
    """Look for rows of one table that those of another contradict, over everything stored.

    A text that was claimed may already be known as sent: its delivery report can come first.
    """
    texts = sa.select(effects.c.message_id).where(effects.c.type == "send_sms")
    going = texts.where(effects.c.state.in_(_ON_THEIR_WAY))
    queued = sa.select(messages.c.id).where(messages.c.direction == "out", messages.c.state == "queued")
    key = sa.literal("in:") + messages.c.line + ":" + messages.c.provider_id
    decided = sa.select(journal.c.key).where(journal.c.type == "text_received", journal.c.state == "done")
    differences: Sequence[tuple[str, Any, Any]] = (
        ("queued, and nothing is on its way for it", queued, going),
        ("waiting to go out, and its message is not queued", texts.where(effects.c.state == "open"), queued),
        ("decided, and not among the messages", decided, sa.select(key).where(messages.c.direction == "in")),
    )
    wrong = []
    for words, these, those in differences:
        left = sa.except_(these, those).subquery()
        count = (await connection.execute(sa.select(sa.func.count()).select_from(left))).scalar_one()
        if count:
            example = (await connection.execute(sa.select(left.c[0]).limit(1))).scalar_one()
            wrong.append(f"{count} {'text is' if count == 1 else 'texts are'} {words} (such as {example})")
    return wrong
