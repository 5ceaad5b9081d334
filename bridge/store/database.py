"""Opening a database, and bringing it to this version."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_one_at_a_time = asyncio.Lock()  # Alembic keeps its context in a global
_MIGRATIONS = Path(__file__).parent / "migrations"


class WrongVersion(Exception):
    """The database is not at this program's version, and may not or cannot be brought there."""


def parse(url: str) -> URL:
    """Read `store.url`; raises ValueError for a database that is neither SQLite nor PostgreSQL."""
    parsed = make_url(url)
    name = parsed.get_backend_name()
    if name not in ("sqlite", "postgresql"):
        raise ValueError(
            f"store.url: {name} is not known; use sqlite:////path or postgresql://user@host/name"
        )
    return parsed


def tongue_of(url: str) -> str:
    """Give "sqlite" or "postgresql"."""
    return parse(url).get_backend_name()


def sqlite_path(url: str) -> Path:
    """Give the file of an SQLite URL."""
    return Path(parse(url).database or "threadline.db")


def async_engine(url: str) -> AsyncEngine:
    """Give an engine for everything but the hot path (bridge.store.query says why)."""
    parsed = parse(url)
    if parsed.get_backend_name() == "postgresql":
        url_of_driver = parsed.set(drivername="postgresql+asyncpg")
        return create_async_engine(url_of_driver, pool_size=4, pool_pre_ping=True)  # it may have restarted
    sqlite_path(url).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"), connect_args={"timeout": 5})

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA cache_size=-16384")  # KiB; the list of a large inbox touches a few MB
        cursor.close()

    return engine


def _versions() -> list[str]:
    """Give the versions of the tables that this program knows, oldest first, by the names of the files.

    Alembic is imported where it works alone: a daemon that has nothing to migrate does without.
    """
    found = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return sorted(file.name.partition("_")[0] for file in found)


def newest_version() -> str:
    """Give the version of the tables that this program knows."""
    return _versions()[-1]


async def version(url: str) -> str | None:
    """Give the version of the tables in the database; None when it is empty."""
    engine = async_engine(url)
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(lambda sync: sa.inspect(sync).has_table("alembic_version"))
            if not found:
                return None
            return (await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).scalar()
    finally:
        await engine.dispose()


async def migrate(url: str) -> tuple[str | None, str]:
    """Bring the database to this version; give the versions before and after. Raises WrongVersion when a
    newer program made it.

    Each migration runs in one transaction. Several daemons that start together on PostgreSQL take
    turns (an advisory lock in migrations/env.py).
    """
    before = await version(url)
    if before == newest_version():
        return before, before
    if before is not None and before not in _versions():
        raise WrongVersion(
            f"the database is at version {before}, which this program does not know: a newer threadline "
            "has used it. Run that one, or restore the backup from before it"
        )
    engine = async_engine(url)
    try:
        async with _one_at_a_time, engine.connect() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
    return before, newest_version()


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def migrate_apart(url: str) -> None:
    """Do what `migrate` does in a process of its own, if there is anything to do. What goes wrong there shows
    when `migrate` is called afterwards, here."""
    if await version(url) == newest_version():
        return
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bridge.store.migrations"), stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
    )
    await child.communicate(url.encode())


def migrate_now(url: str) -> None:
    """`migrate`, for a caller without an event loop."""
    asyncio.run(migrate(url))
