"""What a desk that draws itself reads (bridge.ports.Inbox, the part that is SQL)."""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.model.address import show
from bridge.model.shapes import Card
from bridge.ports import Entry, Opened, Row, ThreadNote
from bridge.store import codec, rows
from bridge.store.tables import CONVERSATIONS_UNREAD, contacts, conversations, messages, notes, threads

_NATURAL = sa.or_(
    sa.and_(messages.c.direction == "in", messages.c.kind == "natural"),
    sa.and_(messages.c.direction == "out", messages.c.kind == "reply"),
    messages.c.direction == "internal",
)
_MOST_HIDDEN = 200
_NO_CARD = Card(title="", facts=())


def _last_text() -> Any:
    return (
        sa.select(messages.c.text)
        .where(messages.c.conversation_id == conversations.c.id, _NATURAL)
        .order_by(messages.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _list(desk: str) -> Any:
    return (
        sa.select(
            conversations,
            contacts.c.address,
            contacts.c.name,
            contacts.c.opted_out_at,
            threads.c.ref.label("thread_ref"),
            threads.c.id.label("thread_id"),
            threads.c.card,
            threads.c.display.label("thread_display"),
            _last_text().label("last_text"),
        )
        .select_from(threads)
        .join(conversations, conversations.c.id == threads.c.conversation_id)
        .join(contacts, contacts.c.id == conversations.c.contact_id)
        .where(threads.c.desk == desk, threads.c.state == "live", threads.c.ref.is_not(None))
    )


def _row(found: Any, region: str) -> Row:
    number = show(found.address, region)
    return Row(
        conversation_id=found.id,
        line=found.line,
        name=found.name or number,
        number=number,
        last_text=found.last_text or "",
        last_at=found.last_at,
        unread=found.unread,
        state=found.state,
        waiting_since=found.waiting_since,
        opted_out=found.opted_out_at is not None,
        assigned_to=found.assigned_to,
        thread=found.thread_ref,
    )


class InboxReader:
    """Reads one desk's conversations."""

    def __init__(self, engine: AsyncEngine, region: str) -> None:
        """region: how numbers are shown."""
        self._engine = engine
        self._region = region

    async def rows(self, desk: str, query: str, before: float | None, limit: int) -> Sequence[Row]:
        """List conversations, the latest first."""
        statement = _list(desk).order_by(conversations.c.last_at.desc()).limit(limit)
        if before is not None:
            statement = statement.where(conversations.c.last_at < before)
        if query:
            part = f"%{_like(query)}%"
            digits = "".join(c for c in query if c.isdigit())
            likes = [contacts.c.name.ilike(part, escape="\\"), _last_text().ilike(part, escape="\\")]
            if len(digits) >= 3:
                likes.append(contacts.c.address.like(f"%{digits}%"))
            statement = statement.where(sa.or_(*likes))
        async with self._engine.connect() as connection:
            return [_row(found, self._region) for found in await connection.execute(statement)]

    async def open(
        self, desk: str, thread: str, before: float | None, limit: int, show_all: bool
    ) -> Opened | None:
        """Give a thread with its last messages; show_all: those hidden from natural threads too."""
        async with self._engine.connect() as connection:
            found = (await connection.execute(_list(desk).where(threads.c.ref == thread))).first()
            if found is None:
                return None
            everything = show_all or found.thread_display == "all"
            texts, has_more = await _texts(connection, found.id, before, limit, everything)
            hidden = await connection.scalar(
                sa.select(sa.func.count())
                .select_from(messages)
                .where(messages.c.conversation_id == found.id, sa.not_(_NATURAL))
            )
            said = await connection.execute(
                sa.select(notes).where(notes.c.thread_id == found.thread_id).order_by(notes.c.at).limit(200)
            )
            return Opened(
                row=_row(found, self._region),
                card=codec.read_card(found.card) if found.card else _NO_CARD,
                entries=tuple(_entry(dict(one)) for one in reversed(texts)),
                notes=tuple(ThreadNote(one.ref, codec.read_post(one.post), one.at) for one in said),
                hidden=0 if everything else hidden or 0,
                long_messages="mms",
                max_chars=1600,
                has_more=has_more,
            )

    async def unread(self, desk: str) -> int:
        """Count what nobody looked at."""
        statement = (
            sa.select(sa.func.coalesce(sa.func.sum(conversations.c.unread), 0))
            .select_from(threads)
            .join(conversations, conversations.c.id == threads.c.conversation_id)
            .where(threads.c.desk == desk, threads.c.state == "live", CONVERSATIONS_UNREAD)
        )
        async with self._engine.connect() as connection:
            return int(await connection.scalar(statement) or 0)

    async def phone(self, line: str, address: str, limit: int) -> Sequence[Entry]:
        """Give what a phone sees: its own texts, and those that reached it."""
        statement = (
            sa.select(messages)
            .join(contacts, contacts.c.id == messages.c.contact_id)
            .where(
                contacts.c.address == address,
                messages.c.line == line,
                sa.or_(
                    messages.c.direction == "in",
                    sa.and_(messages.c.direction == "out", messages.c.state == "delivered"),
                ),
            )
            .order_by(messages.c.at.desc(), messages.c.id.desc())
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            found = (await connection.execute(statement)).mappings().all()
        return [_entry(dict(one)) for one in reversed(found)]


async def _texts(
    connection: AsyncConnection, conversation_id: str, before: float | None, limit: int, everything: bool
) -> tuple[list[Any], bool]:
    """Give the last messages, newest first, and whether there are more before them.

    What natural threads hide comes along where it lies between the others, to be unfolded on request.
    """
    newest = (
        sa.select(messages)
        .where(messages.c.conversation_id == conversation_id)
        .order_by(messages.c.at.desc(), messages.c.id.desc())
    )
    if before is not None:
        newest = newest.where(messages.c.at < before)
    wanted = newest if everything else newest.where(_NATURAL)
    found: list[Any] = list((await connection.execute(wanted.limit(limit + 1))).mappings())
    has_more, texts = len(found) > limit, found[:limit]
    if not everything:
        since = texts[-1]["at"] if has_more else 0.0
        between = newest.where(sa.not_(_NATURAL), messages.c.at >= since).limit(_MOST_HIDDEN)
        texts += (await connection.execute(between)).mappings()
        texts.sort(key=lambda row: (row["at"], row["id"]), reverse=True)
    return texts, has_more


def _entry(row: dict[str, Any]) -> Entry:
    message = rows.message(row)
    direction: Literal["in", "out", "internal"] = message.direction
    natural = (
        direction == "internal"
        or (direction == "in" and message.kind == "natural")
        or (direction == "out" and message.kind == "reply")
    )
    return Entry(
        id=message.id,
        direction=direction,
        kind=message.kind,
        text=message.text,
        at=message.at,
        author=message.author,
        state=message.state,
        error=message.error,
        media=message.media,
        segments=message.segments,
        credits=message.credits,
        reason=message.reason,
        hold_until=message.hold_until,
        hidden=not natural,
        desk=message.desk,
        ref=message.ref,
    )


def _like(query: str) -> str:
    return query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
