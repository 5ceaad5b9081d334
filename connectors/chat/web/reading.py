"""What the page reads: who is here, the list, a thread, and word of changes."""

import asyncio
import re
from collections.abc import Awaitable, Sequence

from aiohttp import web

from bridge.model.address import show
from bridge.ports import House, Member
from connectors.chat.web import shown
from connectors.chat.web.guard import Guard, Refused, answer, number
from connectors.chat.web.whispers import Whispers

DESK = "web"
ROWS = 50
ENTRIES = 60
POLL_SECONDS = 25.0

_NUMBER_LIKE = re.compile(r"[\d\s().+/-]{3,}\Z")


class Reading:
    """The routes that change nothing."""

    def __init__(self, house: House, guard: Guard, whispers: Whispers, closing: asyncio.Event) -> None:
        self._house = house
        self._guard = guard
        self._whispers = whispers
        self._closing = closing

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the routes."""
        staff = self._guard.staff
        return [
            web.get("/api/me", staff(self.me)),
            web.get("/api/changes", staff(self.changes)),
            web.get("/api/threads", staff(self.rows)),
            web.get("/api/threads/{thread}", staff(self.open)),
        ]

    async def me(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Give who is signed in, and where."""
        house = self._house
        here = dict(house.panels.lines(DESK))
        lines = [
            {"name": name, "number": show(value, house.region), "raw": value, "here": name in here}
            for name, value in house.lines.items()
        ]
        return answer(
            {
                "name": member.name,
                "role": member.role,
                "organisation": house.organisation,
                "lines": lines,
                "simulated": [name for name, _ in house.carrier.lines()] if house.carrier else [],
                "counter": await house.inbox.changes(DESK, 0, 0.0),
                "heard": self._whispers.count,
                "unread": await house.inbox.unread(DESK),
                "now": house.now(),
            }
        )

    async def changes(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Answer once something changed or somebody whispers to this person, or after a while."""
        after, heard = int(number(request, "after") or 0), int(number(request, "heard") or 0)
        counter = await self._first(
            self._house.inbox.changes(DESK, after, POLL_SECONDS),
            self._whispers.wait(member.id, heard),
            self._closing.wait(),
        )
        return answer(
            {
                "counter": after if counter is None else counter,
                "heard": self._whispers.count,
                "whispers": [shown.whisper(w) for w in self._whispers.after(member.id, heard)],
                "unread": await self._house.inbox.unread(DESK),
            }
        )

    async def rows(self, request: web.Request, member: Member) -> web.StreamResponse:
        """List conversations, newest first, a page at a time."""
        query = request.query.get("q", "").strip()[:200]
        if _NUMBER_LIKE.match(query):
            query = re.sub(r"[^\d+]", "", query)
        rows = await self._house.inbox.rows(DESK, query, number(request, "before"), ROWS)
        return answer({"rows": [shown.row(r, self._house.region) for r in rows], "more": len(rows) >= ROWS})

    async def open(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Give a thread, or the page of it before a time."""
        before = number(request, "before")
        opened = await self._house.inbox.open(DESK, request.match_info["thread"], before, ENTRIES)
        if opened is None:
            raise Refused(404, "That conversation is not in the inbox any more")
        return answer(shown.opened(opened, self._house.region, self._house.now()))

    async def _first(self, changes: Awaitable[int], *others: Awaitable[object]) -> int | None:
        change = asyncio.ensure_future(changes)
        tasks = [change, *(asyncio.ensure_future(other) for other in others)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return change.result() if change.done() else None
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
