"""The store: one database, two ways in.

The hot verbs (accept, turn, claim, settle) run as work on the writer. Everything else reads and writes
through SQLAlchemy's async engine, as plainly as it can.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.errors import Unreachable
from bridge.model.decision import World
from bridge.model.traits import Rate
from bridge.ports import Cursor
from bridge.store import accept as _accept
from bridge.store import catalogue as _catalogue
from bridge.store import claim as _claim
from bridge.store import settle as _settle
from bridge.store import tend
from bridge.store import turn as _turn
from bridge.store.database import async_engine, parse, sqlite_path, tongue_of
from bridge.store.query import Query, Work
from bridge.store.sqlite import SqliteWriter, Taken

if TYPE_CHECKING:
    from bridge.store.postgres import PostgresWriter

T = TypeVar("T")
PATIENCE = 5.0  # seconds that intake waits for the store
_AGAIN = 0.2  # seconds between its tries


class Store:
    """An open database."""

    def __init__(self, url: str) -> None:
        """url: as in `store.url`; the tables are at this program's version."""
        self.url = url
        self.tongue = tongue_of(url)
        self.engine: AsyncEngine = async_engine(url)
        self._writer = _writer(url)
        self.away = self._writer.away
        self._freed = False
        self._intake = _Intake(partial(self._writer.run, urgent=True))

    async def open(self) -> None:
        """Open it for work; raises Taken when another daemon has an SQLite file."""
        Query.prepare(self.tongue)
        if isinstance(self._writer, SqliteWriter):
            self._writer.open()
        else:
            await self._writer.open()

    async def close(self) -> None:
        """Finish what is under way and let go."""
        await self._writer.close()
        await self.engine.dispose()

    async def run(self, work: Callable[[], Work[T]]) -> T:
        """Do work in one transaction; the result is given once it is committed."""
        return await self._writer.run(work)

    async def hold(self, name: str) -> bool:
        """Take what one daemon at a time may do; tell whether it is ours. On SQLite there is one daemon."""
        return True if isinstance(self._writer, SqliteWriter) else await self._writer.hold(name)

    async def free_the_dead(self, me: str) -> None:
        """End the leases of daemons that are no more, without waiting for them to run out.

        Each daemon holds its own name for as long as its connection lives. On SQLite it is alone: what others
        left is freed once.
        """
        if self._freed and isinstance(self._writer, SqliteWriter):
            return
        self._freed = True
        await self.hold(f"works as {me}")
        for owner in await self.run(tend.owners):
            if owner != me and await self.hold(f"works as {owner}"):
                await self.run(partial(tend.free_lanes, owner))
                await self.let_go(f"works as {owner}")

    async def let_go(self, name: str) -> None:
        """Give up what `hold` took."""
        if not isinstance(self._writer, SqliteWriter):
            await self._writer.let_go(name)

    async def ping(self) -> None:
        """Raise unless the store answers."""
        async with asyncio.timeout(PATIENCE), self.engine.connect() as connection:
            await connection.execute(sa.text("SELECT 1"))

    # ---- the hot verbs ----------------------------------------------------------------------------

    async def accept(self, rows: list[dict[str, Any]], cursor: Cursor | None = None) -> set[str]:
        """Commit events; give the keys that were new. A store that is away for a moment is waited for.

        Raises Unreachable after PATIENCE.
        """
        why: Exception | None = None
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        return await self._intake.put(rows, cursor)
                    except self.away as error:  # what is there already is known by its key
                        why = error
                    await asyncio.sleep(_AGAIN)
        except Exception as error:
            raise Unreachable(f"the store does not answer ({type(why or error).__name__})") from error

    async def turn(self, now: float, limit: int, world: World, judge: _turn.Judge) -> _turn.Turn:
        """Put new events into their lanes, and decide what is due (bridge.store.turn)."""
        deciding = partial(_turn.turn, now, limit, world, judge)
        if isinstance(self._writer, SqliteWriter):  # which alone writes: one commit does for both
            return await self.run(lambda: _accept.sorted_before(deciding))
        await self.run(_accept.sort)
        return await self.run(deciding)

    async def claim(
        self,
        rates: Mapping[str, Rate],
        now: float,
        rooms: Mapping[str, int],
        owner: str,
        lease: float,
        merge: Mapping[str, int],
    ) -> list[_claim.Claimed]:
        """Take lanes on lease (bridge.store.claim)."""
        return await self.run(lambda: _claim.claim(rates, now, rooms, owner, lease, merge))

    async def settle(
        self,
        settled: Sequence[_settle.Settled],
        now: float,
        owner: str,
        world: World,
        judge: _settle.JudgeOutcome,
    ) -> tuple[list[_settle.Settled], list[str]]:
        """Write what became of claims (bridge.store.settle)."""
        return await self.run(lambda: _settle.settle(settled, now, owner, world, judge))

    async def catalogue(self, known: _catalogue.Catalogue | None) -> _catalogue.Catalogue:
        """Give keywords and settings as they are now."""
        return await self.run(lambda: _catalogue.catalogue(known))


def _writer(url: str) -> "SqliteWriter | PostgresWriter":
    if tongue_of(url) == "sqlite":
        return SqliteWriter(sqlite_path(url))
    from bridge.store.postgres import PostgresWriter  # its driver is loaded where it is used

    return PostgresWriter(parse(url))


class _Intake:
    """Events of many requests in one statement: what came while the last commit ran goes into the next."""

    def __init__(self, run: Callable[[Callable[[], Work[set[str]]]], Any]) -> None:
        self._run = run
        self._waiting: list[tuple[list[dict[str, Any]], Cursor | None, asyncio.Future[set[str]]]] = []
        self._busy: asyncio.Task[None] | None = None

    async def put(self, rows: list[dict[str, Any]], cursor: Cursor | None) -> set[str]:
        future: asyncio.Future[set[str]] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, cursor, future))
        if self._busy is None or self._busy.done():
            self._busy = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            rows = [row for part, _, _ in batch for row in part]
            cursors = [cursor for _, cursor, _ in batch if cursor is not None]
            try:
                new = await self._run(lambda: _accept.accept(rows, cursors))  # noqa: B023 - awaited at once
            except Exception as error:
                for _, _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for part, _, future in batch:
                if not future.done():
                    future.set_result({row["key"] for row in part} & new)


__all__ = ["PATIENCE", "Store", "Taken"]
