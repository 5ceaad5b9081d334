"""The way into the journal, for webhooks and listeners alike."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bridge.errors import Unreachable
from bridge.model.events import Event, StaffEdited, StaffPressed, StaffWrote, TextReceived
from bridge.model.text import clean
from bridge.ports import Cursor
from bridge.store.accept import event_row
from bridge.store.apply import NOTICE
from bridge.store.query import Work
from bridge.store.store import Store
from bridge.store.tables import cursors, messages, threads

_MOST_CHARS = 100_000  # of one text; a provider's limit is far below


class Intake:
    """Fills bridge.ports.Sink on the store."""

    def __init__(self, store: Store, now: Callable[[], float], wake: Callable[[], None]) -> None:
        """wake: told that there is something to decide."""
        self._store = store
        self._now = now
        self._wake = wake

    async def put(self, events: Sequence[Event], cursor: Cursor | None = None) -> None:
        """Commit events and the cursor (bridge.ports.Sink)."""
        await self.put_new(events, cursor)

    async def put_new(self, events: Sequence[Event], cursor: Cursor | None = None) -> set[str]:
        """Commit; give the keys that were not known before."""
        now = self._now()
        rows = [event_row(_clean(event), now, now) for event in events]
        new = await self._store.accept(rows, cursor)
        if new:
            self._wake()
        return new

    async def cursor(self, name: str) -> str | None:
        """Give how far a listener has read."""
        statement = sa.select(cursors.c.value).where(cursors.c.name == name)
        return await self._scalar(statement)

    async def threads(self, desk: str, active_since: float) -> Sequence[str]:
        """Give the live threads of a desk that were active since then."""
        statement = (
            sa.select(threads.c.ref)
            .where(
                threads.c.desk == desk,
                threads.c.state == "live",
                threads.c.ref.is_not(None),
                threads.c.last_post_at >= active_since,
            )
            .order_by(threads.c.last_post_at.desc())
        )
        async with asyncio.timeout(10), self._store.engine.connect() as connection:
            return list((await connection.execute(statement)).scalars())

    async def last_text(self, desk: str, ref: str) -> str | None:
        """Give the words of a staff message as last heard."""
        statement = sa.select(messages.c.text).where(messages.c.desk == desk, messages.c.ref == ref)
        return await self._scalar(statement)

    async def notice(self, text: str) -> None:
        """Keep a notice for the operator."""

        def work() -> Work[None]:
            yield NOTICE(at=self._now(), text=text)

        try:
            await self._store.run(work)
        except self._store.away as error:
            raise Unreachable("the store does not answer") from error

    async def _scalar(self, statement: sa.Select[Any]) -> str | None:
        async with asyncio.timeout(10), self._store.engine.connect() as connection:
            value = (await connection.execute(statement)).scalar()
        return None if value is None else str(value)


def _clean(event: Event) -> Event:
    """Give the event with texts that any database can hold."""
    match event:
        case TextReceived() | StaffWrote() | StaffEdited():
            text = clean(event.text)[:_MOST_CHARS]
            return event if text == event.text else replace(event, text=text)
        case StaffPressed():
            form = {clean(key): clean(value)[:_MOST_CHARS] for key, value in event.form.items()}
            return replace(event, value=clean(event.value), form=form)
        case _:
            return event
