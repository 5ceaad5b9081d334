"""Transactions over the plain async engine, for everything but the hot path. The same on both databases."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.store.query import tongue


@asynccontextmanager
async def one_view(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection whose statements all see the database as it was at one moment."""
    async with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            await connection.exec_driver_sql("BEGIN")
        yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection that writes; committed at the end, rolled back when that is not reached.

    SQLite's writer is taken at once: what is read here holds until the commit.
    """
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        await connection.commit()


def insert(connection: AsyncConnection, table: sa.Table) -> Any:
    """Give an INSERT that knows ON CONFLICT."""
    return tongue(connection.dialect.name).insert(table)
