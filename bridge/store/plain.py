"""Work outside the daemon: the same statements, over the plain async engine, in one transaction."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.store.query import Ask, Row, Work
from bridge.store.transactions import writing

T = TypeVar("T")


async def run(engine: AsyncEngine, work: Callable[[], Work[T]]) -> T:
    """Do work; the result is given once it is committed."""
    name = engine.dialect.name
    async with writing(engine) as connection:
        going = work()
        answer: list[Row] | None = None
        while True:
            try:
                asked = next(going) if answer is None else going.send(answer)
            except StopIteration as done:
                result: T = done.value
                break
            answer = []
            if isinstance(asked, Ask):
                text, values, named = asked.on(name)
                done_ = await connection.exec_driver_sql(
                    text, dict(named) if name == "sqlite" else tuple(values)
                )
                rows: list[Row] = [dict(row) for row in done_.mappings()] if done_.returns_rows else []
                answer = rows
    return result
