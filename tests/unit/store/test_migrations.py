"""The migrations lead to the tables that the program knows, on either database, however often they run."""

import asyncio
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bridge.store import migrations
from bridge.store.database import async_engine, migrate, migrate_apart, newest_version, parse, version
from bridge.store.tables import metadata


async def test_they_lead_to_the_tables(database_url: str) -> None:
    assert await version(database_url) is None
    assert await migrate(database_url) == (None, newest_version())

    engine = async_engine(database_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
    await engine.dispose()
    assert found == []


async def test_a_second_run_changes_nothing(database_url: str) -> None:
    await migrate(database_url)

    assert await migrate(database_url) == (newest_version(), newest_version())


async def test_several_daemons_may_start_at_once(postgres_url: str) -> None:
    program = f"from bridge.store.database import migrate_now; migrate_now({postgres_url!r})"
    starting = [await asyncio.create_subprocess_exec(sys.executable, "-c", program) for _ in range(3)]

    assert [await process.wait() for process in starting] == [0, 0, 0]
    assert await version(postgres_url) == newest_version()


@pytest.mark.parametrize("url", ["mysql://u@h/d", "oracle://x"])
def test_other_databases_are_refused_in_words(url: str) -> None:
    with pytest.raises((ValueError, sa.exc.ArgumentError), match=r"not known|mysql|oracle"):
        parse(url)


async def test_a_migration_in_a_process_of_its_own(database_url: str) -> None:
    await migrate_apart(database_url)
    assert await version(database_url) == newest_version()
    await migrate_apart(database_url)
    assert await version(database_url) == newest_version()


def test_the_newest_version_is_the_last_of_the_chain() -> None:
    assert newest_version() == ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head()


async def test_a_daemon_with_nothing_to_migrate_does_without_alembic() -> None:
    program = "import sys, bridge.run, bridge.cli.serving; sys.exit('alembic' in sys.modules)"
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await child.wait() == 0
