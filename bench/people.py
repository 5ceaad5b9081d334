"""Many people out of one: what the product itself wrote about one person, multiplied in the database.

Every id is 26 characters; a copy's begins with 0 and its number, so that copies are older than what follows.
"""

import asyncio
import os
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import sqlalchemy as sa

from bench.webhooks import person
from bridge.store.database import async_engine, parse, sqlite_path, tongue_of
from bridge.store.tables import (
    contacts,
    conversations,
    effects,
    lanes,
    messages,
    metadata,
    post_refs,
    threads,
)

_TABLES = (contacts, conversations, threads, messages, post_refs, effects, lanes)
_TIMES = ("at", "last_at", "last_in_at", "last_post_at", "created_at", "waiting_since", "welcomed_at")
_APART = 20.0  # seconds between one copy and the next
_UNREAD = 50  # of the copies, the latest


async def multiply(url: str, count: int, waiting: bool) -> None:
    """Copy the only person of a database, `count` times: person(1) and so on.

    waiting: with what must go out to them and is not done yet; else with all that was said.
    """
    found = await _read(url, waiting)
    statements = [_insert(table, row, found, count, tongue_of(url)) for table, row in _each(found)]
    if tongue_of(url) == "sqlite":
        await asyncio.to_thread(_on_sqlite, url, statements)
    else:
        await _on_postgresql(url, statements)
    await asyncio.to_thread(os.sync)  # else the disk is still busy with this while something is measured


async def _read(url: str, waiting: bool) -> dict[str, list[Mapping[str, Any]]]:
    engine = async_engine(url)
    left_out = set() if waiting else {"effects", "lanes"}
    try:
        async with engine.connect() as connection:
            return {
                table.name: [
                    dict(row)
                    for row in (
                        await connection.execute(sa.select(table).order_by(*table.primary_key))
                    ).mappings()
                ]
                for table in _TABLES
                if table.name not in left_out
            }
    finally:
        await engine.dispose()


def _each(found: dict[str, list[Mapping[str, Any]]]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(table, row) for table, rows in found.items() for row in rows]


def _insert(table: str, row: Mapping[str, Any], found: dict[str, Any], count: int, tongue: str) -> str:
    """Give the statement that makes all copies of one row."""
    number = "printf('%08d', i)" if tongue == "sqlite" else "lpad(i::text, 8, '0')"
    source = (
        f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"
        if tongue == "sqlite"
        else f"(SELECT generate_series(1, {count}) AS i)"
    )
    tokens = _tokens(found)
    serial = {"id"} if table == "effects" else set()
    columns = [name for name in row if name not in serial]
    values = [_value(table, name, row[name], tokens, count) for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} "
        f"FROM (SELECT i, {number} AS s FROM {source} AS numbers) AS copies"
    )


def _tokens(found: dict[str, Any]) -> dict[str, str]:
    """Give what stands for the one person, and the expression that stands for a copy."""
    ids = [row["id"] for name in ("contacts", "conversations", "threads", "messages") for row in found[name]]
    tokens = {one: f"'0' || s || '{one[9:]}'" for one in ids}
    refs = [row["ref"] for name in ("threads", "post_refs") for row in found[name] if row["ref"]]
    tokens |= {ref: f"'{ref}.' || s" for ref in refs}
    (contact,) = found["contacts"]
    assert contact["address"] == person(0), "the person to be copied is the first"
    return tokens | {contact["address"]: "'+1555' || substr(s, 2)"}


def _value(table: str, name: str, value: Any, tokens: Mapping[str, str], count: int) -> str:
    if value is None:
        return "NULL"
    if (table, name) == ("conversations", "unread"):
        return f"CASE WHEN i > {count - _UNREAD} THEN {value} ELSE 0 END"
    if isinstance(value, int | float):
        earlier = f" - ({count} - i + 1) * {_APART}" if name in _TIMES else ""
        return f"{value!r}{earlier}"
    written = "'" + str(value).replace("'", "''") + "'"
    for token, expression in tokens.items():
        written = written.replace(token, f"' || {expression} || '")
    return written


def _on_sqlite(url: str, statements: Sequence[str]) -> None:
    connection = sqlite3.connect(sqlite_path(url), isolation_level=None)
    for pragma in ("journal_mode=DELETE", "journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {pragma}")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    dropped = [f'DROP INDEX "{name}"' for name, _ in indexes]
    connection.execute("BEGIN")
    for statement in (*dropped, *statements, *(made for _, made in indexes)):
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


async def _on_postgresql(url: str, statements: Sequence[str]) -> None:
    """Statistics are made at once, as PostgreSQL's autovacuum makes them in time."""
    connection = await asyncpg.connect(parse(url).render_as_string(hide_password=False), timeout=30)
    try:
        indexes = await connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)"
        )
        dropped = [f'DROP INDEX "{name}"' for name, _ in indexes]
        made = [definition for _, definition in indexes]
        tidied = [f'VACUUM ANALYZE "{table.name}"' for table in metadata.sorted_tables]
        for statement in (*dropped, *statements, *made, *tidied, "CHECKPOINT"):
            await connection.execute(statement, timeout=1800)
    finally:
        await connection.close()
