"""Whose fault a broken turn is: the event's, or the database's."""

import sqlite3

import asyncpg
import pytest

from bridge.engine.process import Processor
from bridge.model.decision import Organisation, World
from bridge.store.postgres import PostgresWriter
from bridge.store.sqlite import SqliteWriter
from tests.unit.engine.test_listen import Quiet


class Worlds:
    now = World(Organisation("Union", "help@example.org"), {}, {})

    async def refresh(self) -> World:
        return self.now


class Store:
    """A store whose turns break."""

    def __init__(self, error: Exception) -> None:
        self.error, self.turns, self.blamed = error, 0, 0

    away = (*SqliteWriter.away, *PostgresWriter.away)

    async def turn(self, *_: object) -> None:
        self.turns += 1
        raise self.error

    async def run(self, _work: object) -> None:
        self.blamed += 1


class Judge:
    event = outcome = None


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (sqlite3.OperationalError("database is locked"), True),
        (asyncpg.ConnectionDoesNotExistError("gone"), True),
        (asyncpg.DeadlockDetectedError("a ring"), True),
        (sqlite3.IntegrityError("twice"), False),
    ],
)
async def test_no_event_is_blamed_while_the_database_is_away(error: Exception, away: bool) -> None:
    store = Store(error)
    processor = Processor(
        store,
        Worlds(),
        Judge(),
        lambda: 1.0,
        Quiet(),
        lambda: None,
        lambda: None,  # type: ignore[arg-type]
    )

    with pytest.raises(type(error)):
        await processor.once()

    assert (store.blamed > 0) == (not away)
