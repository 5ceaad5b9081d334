"""What a desk that draws itself reads (bridge.ports.Inbox, the part that is SQL).

Nothing here may grow with the database: the page asks again after every change. The list is walked along
the index of conversations.last_at, and a thread of the desk looked up for each, until the page is full.
Planners are left no other way: what is looked up stands in a subquery of its own, which none of them turns
into a join (tests/unit/store/test_inbox_plans.py).
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.model.address import read_number, show
from bridge.model.nouns import ThreadNote
from bridge.model.shapes import Card
from bridge.ports import Entry, Opened, Row
from bridge.store import codec, rows
from bridge.store.tables import (
    CONVERSATIONS_UNREAD,
    MESSAGES_HIDDEN,
    MESSAGES_NATURAL,
    THREADS_LIVE,
    contacts,
    conversations,
    messages,
    notes,
    threads,
)

_MOST_HIDDEN = 200  # that come along, to be unfolded
_MOST_NOTES = 200  # of a thread, the newest
_MOST_COUNTED = 1000  # of hidden and of unread messages: this many means "at least"
_MOST_LOOKED_AT = 1000  # unread conversations, before the count goes by the desk's threads instead
_MOST_SEARCHED = 2000  # of the desk's newest conversations, for a part of a name, number or last text
_MOST_MATCHED = 1000  # contacts, when all of them are searched
_ONE_IN = 10  # of the newest conversations that should be on the desk, else its threads are fewer
Listing = Callable[..., Any]  # so many (or None) of a list, with further conditions
_LAST_AT = conversations.c.last_at + 0.0  # to sort by; so written, no planner walks along its index
_NO_CARD = Card(title="", facts=())


def _last_text() -> Any:
    return (
        sa.select(messages.c.text)
        .where(messages.c.conversation_id == conversations.c.id, MESSAGES_NATURAL)
        .order_by(messages.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _list(chosen: Any) -> Any:
    """List what belongs to the chosen threads, the latest first."""
    the = chosen.subquery("chosen")
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
        .select_from(the)
        .join(threads, threads.c.id == the.c.thread_id)
        .join(conversations, conversations.c.id == threads.c.conversation_id)
        .join(contacts, contacts.c.id == conversations.c.contact_id)
        .order_by(_LAST_AT.desc())
    )


def _on(desk: str) -> tuple[Any, ...]:
    return threads.c.desk == desk, THREADS_LIVE, threads.c.ref.is_not(None)


def _thread_on(desk: str) -> Any:
    """Give the thread of a conversation on the desk, if any: one look, never a join."""
    look = sa.select(threads.c.id).where(threads.c.conversation_id == conversations.c.id, *_on(desk))
    return look.correlate(conversations).scalar_subquery()


def _choose(desk: str, *where: Any) -> Any:
    thread = _thread_on(desk)
    return sa.select(thread.label("thread_id")).select_from(conversations).where(thread.is_not(None), *where)


def _walk(desk: str, *where: Any) -> Any:
    """Choose conversations of a desk one by one, the latest first; quick where most are on that desk."""
    return _choose(desk, *where).order_by(conversations.c.last_at.desc())


def _sort(desk: str, *where: Any) -> Any:
    """The same out of the desk's own threads; quick where these are few."""
    return (
        sa.select(threads.c.id.label("thread_id"))
        .join(conversations, conversations.c.id == threads.c.conversation_id)
        .where(*_on(desk), *where)
        .order_by(_LAST_AT.desc())
    )


def _of(desk: str, who: Any, older: tuple[Any, ...]) -> Listing:
    """List the conversations of some contacts."""
    return _listing(_choose(desk, who, *older).order_by(_LAST_AT.desc()))


def _near(desk: str, count: int, older: tuple[Any, ...]) -> Any:
    """Walk, but give up where so many are not found soon: another desk has nearly all conversations then,
    and a walk might see them all."""
    newest = sa.select(conversations.c.last_at).where(*older).order_by(conversations.c.last_at.desc())
    since = newest.offset(count * _ONE_IN).limit(1).scalar_subquery()
    return _walk(desk, *older, conversations.c.last_at >= sa.func.coalesce(since, 0.0))


def _listing(chosen: Any) -> Listing:
    """List what is chosen."""
    return lambda most, *where: _list(chosen.where(*where).limit(most))


async def _page(connection: AsyncConnection, listing: Listing, limit: int) -> list[Any]:
    """Give the first of a list, and all that are exactly as old as the last of them."""
    found = (await connection.execute(listing(limit + 1))).all()
    if len(found) <= limit:
        return list(found)
    at = found[limit - 1].last_at
    if found[limit].last_at < at:
        return list(found[:limit])
    as_old = (await connection.execute(listing(None, conversations.c.last_at == at))).all()
    return [one for one in found if one.last_at > at] + list(as_old)


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
        """List conversations, the latest first: `limit`, and those that are exactly as old as the last of
        these, so that nothing is left out when the next page begins before it.

        query: a whole number finds whose it is; else part of a name or number, of anybody, or of the last
        text of one of the desk's newest conversations.
        """
        older = () if before is None else (conversations.c.last_at < before,)
        async with self._engine.connect() as connection:
            if query:
                found = await self._search(connection, desk, query, limit, older)
            else:
                found = await _page(connection, _listing(_near(desk, limit, older)), limit)
                if len(found) < limit:
                    found = await _page(connection, _listing(_sort(desk, *older)), limit)
        return [_row(one, self._region) for one in found]

    async def _search(
        self, connection: AsyncConnection, desk: str, query: str, limit: int, older: tuple[Any, ...]
    ) -> list[Any]:
        if number := read_number(query, self._region):
            owner = sa.select(contacts.c.id).where(contacts.c.address == number)
            listing = _of(desk, conversations.c.contact_id.in_(owner), older)
            if found := await _page(connection, listing, limit):
                return found
        part = f"%{_like(query)}%"
        who = [contacts.c.name.ilike(part, escape="\\")]
        digits = "".join(c for c in query if c.isdigit())
        if len(digits) >= 3:
            who.append(contacts.c.address.like(f"%{digits}%"))
        said = _last_text().ilike(part, escape="\\")
        near = _near(desk, _MOST_SEARCHED, older).limit(_MOST_SEARCHED)
        many = await connection.scalar(sa.select(sa.func.count()).select_from(near.subquery("near")))
        if (many or 0) < _MOST_SEARCHED:
            near = _sort(desk, *older).limit(_MOST_SEARCHED)
        found = await _page(
            connection,
            lambda most, *where: _list(near).where(sa.or_(*who, said), *where).limit(most),
            limit,
        )
        if len(found) >= limit:
            return found
        matched = sa.select(contacts.c.id).where(sa.or_(*who)).limit(_MOST_MATCHED)
        far = await _page(connection, _of(desk, conversations.c.contact_id.in_(matched), older), limit)
        there = {one.id for one in found}
        found += [one for one in far if one.id not in there]
        found.sort(key=lambda one: one.last_at, reverse=True)
        return [one for at, one in enumerate(found) if at < limit or one.last_at == found[limit - 1].last_at]

    async def open(
        self, desk: str, thread: str, before: float | None, limit: int, show_all: bool
    ) -> Opened | None:
        """Give a thread with its last messages; show_all: those hidden from natural threads too."""
        async with self._engine.connect() as connection:
            found = (
                await connection.execute(
                    _list(
                        sa.select(threads.c.id.label("thread_id")).where(*_on(desk), threads.c.ref == thread)
                    )
                )
            ).first()
            if found is None:
                return None
            everything = show_all or found.thread_display == "all"
            texts, has_more = await _texts(connection, found.id, before, limit, everything)
            hidden = 0 if everything else await _hidden(connection, found.id)
            said = await connection.execute(
                sa.select(notes)
                .where(notes.c.thread_id == found.thread_id)
                .order_by(notes.c.at.desc())
                .limit(_MOST_NOTES)
            )
            return Opened(
                row=_row(found, self._region),
                card=codec.read_card(found.card) if found.card else _NO_CARD,
                entries=tuple(_entry(dict(one)) for one in reversed(texts)),
                notes=tuple(
                    ThreadNote(one.ref, one.thread_id, codec.read_post(one.post), one.at)
                    for one in reversed(said.all())
                ),
                hidden=hidden,
                long_messages="mms",
                max_chars=1600,
                has_more=has_more,
            )

    async def unread(self, desk: str) -> int:
        """Count what nobody looked at, up to 1000, which means that many or more."""
        shown = sa.select(threads.c.desk).where(  # all of it stands in an index
            threads.c.conversation_id == conversations.c.id, threads.c.desk == desk, THREADS_LIVE
        )
        is_here = shown.correlate(conversations).scalar_subquery().is_not(None).label("here")
        unread = sa.select(conversations.c.unread, is_here).where(CONVERSATIONS_UNREAD)
        some = unread.order_by(conversations.c.id).limit(_MOST_LOOKED_AT).subquery("some")
        here = sa.func.sum(sa.case((some.c.here, some.c.unread), else_=0))
        # the other way round: by the desk's threads, since a sum is of no use to the index of what is unread
        by_thread = (
            sa.select(conversations.c.unread)
            .select_from(threads)
            .join(conversations, conversations.c.id == threads.c.conversation_id)
            .where(*_on(desk), conversations.c.unread + 0 > 0)
            .limit(_MOST_COUNTED)
            .subquery("by_thread")
        )
        async with self._engine.connect() as connection:
            looked_at, count = (await connection.execute(sa.select(sa.func.count(), here))).one()
            if looked_at == _MOST_LOOKED_AT and count < _MOST_COUNTED:
                count = await connection.scalar(sa.select(sa.func.sum(by_thread.c.unread)))
        return min(int(count or 0), _MOST_COUNTED)

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
    """Give the last messages, newest first, and whether there are more before them: `limit`, and those that
    are exactly as old as the oldest of these.

    What natural threads hide comes along where it lies between the others, to be unfolded on request.
    """
    older = () if before is None else (messages.c.at < before,)
    kinds = (MESSAGES_NATURAL, MESSAGES_HIDDEN) if everything else (MESSAGES_NATURAL,)
    texts = await _latest(connection, conversation_id, kinds, limit + 1, *older)
    has_more, since = len(texts) > limit, 0.0
    if has_more:
        since = texts[limit - 1]["at"]
        as_old = texts[limit]["at"] == since
        texts = texts[:limit]
        if as_old:
            texts = [text for text in texts if text["at"] > since]
            texts += await _latest(connection, conversation_id, kinds, None, messages.c.at == since)
    if not everything:
        between = (*older, messages.c.at >= since)
        texts += await _latest(connection, conversation_id, (MESSAGES_HIDDEN,), _MOST_HIDDEN, *between)
        texts.sort(key=_place, reverse=True)
    return texts, has_more


async def _latest(
    connection: AsyncConnection, conversation_id: str, kinds: Sequence[Any], limit: int | None, *where: Any
) -> list[Any]:
    """Give the last messages of some kinds, newest first; each kind has an index of its own."""
    found: list[Any] = []
    for kind in kinds:
        statement = (
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, kind, *where)
            .order_by(messages.c.at.desc(), messages.c.id.desc())
            .limit(limit)
        )
        found += (await connection.execute(statement)).mappings()
    return sorted(found, key=_place, reverse=True)[:limit]


def _place(row: Any) -> tuple[float, str]:
    return row["at"], row["id"]


async def _hidden(connection: AsyncConnection, conversation_id: str) -> int:
    some = (
        sa.select(messages.c.id)
        .where(messages.c.conversation_id == conversation_id, MESSAGES_HIDDEN)
        .limit(_MOST_COUNTED)
        .subquery("some")
    )
    return int(await connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0)


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
        tapback=message.tapback,
    )


def _like(query: str) -> str:
    return query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
