"""PostgreSQL: a pool of plain connections; several daemons may work on one database."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.engine import URL

from bridge.store.query import Ask, Row, Work

T = TypeVar("T")
_FROZEN = "10s"  # a daemon that is frozen within a transaction must not hold the others up by its locks
_AGAIN = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class PostgresWriter:
    """Runs work, each in a transaction of its own; again after a deadlock, which PostgreSQL breaks."""

    away = (  # not there, full or in dispute: no fault of what was to be done
        OSError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        asyncpg.OperatorInterventionError,
        asyncpg.PostgresConnectionError,
        asyncpg.TransactionRollbackError,
    )

    def __init__(self, url: URL) -> None:
        """url: as in `store.url`."""
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._pool: Any = None
        self._held: dict[str, Any] = {}  # connections that hold a lock for as long as they live

    async def open(self) -> None:
        """Connect."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=2,
            max_size=8,
            command_timeout=30,
            reset=_nothing_to_reset,
            server_settings={"idle_in_transaction_session_timeout": _FROZEN},
        )

    async def run(self, work: Callable[[], Work[T]], urgent: bool = False) -> T:
        """Do work in a transaction; its result is given once that is committed."""
        for attempt in range(5):
            with contextlib.suppress(*_AGAIN):
                return await self._once(work)
            await asyncio.sleep(0.02 * 2**attempt)
        return await self._once(work)

    async def _once(self, work: Callable[[], Work[T]]) -> T:
        running = work()
        result: T
        async with self._pool.acquire() as connection:
            try:
                asked = next(running)
                if isinstance(asked, Ask) and asked.last:  # a statement is a transaction
                    running.send(await _answer(connection, asked))
                    raise RuntimeError("a work asked on after its last question")
            except StopIteration as stop:
                result = stop.value
                return result
            async with connection.transaction():
                try:
                    while True:
                        if isinstance(asked, Ask):
                            asked = running.send(await _answer(connection, asked))
                        else:
                            await asyncio.sleep(0)
                            asked = next(running)
                except StopIteration as stop:
                    result = stop.value
        return result

    async def hold(self, name: str) -> bool:
        """Take a lock that one daemon at a time may have; tell whether we have it now."""
        connection = self._held.get(name)
        if connection is not None and not connection.is_closed():
            return True
        connection = await asyncpg.connect(self._url, timeout=10)
        if await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", f"threadline {name}"):
            self._held[name] = connection
            return True
        await connection.close()
        return False

    async def let_go(self, name: str) -> None:
        """Give a lock back."""
        if (connection := self._held.pop(name, None)) is not None:
            await connection.close()

    async def close(self) -> None:
        """Let go of the connections."""
        for connection in self._held.values():
            connection.terminate()
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), 5)
            except TimeoutError:
                self._pool.terminate()


async def _answer(connection: Any, asked: Ask) -> list[Row]:
    text, values, _ = asked.on("postgresql")
    rows: list[Row] = await connection.fetch(text, *values)
    return rows


async def _nothing_to_reset(_: Any) -> None:
    """Transactions end by themselves; nothing else of a session is used on the pool's connections."""
