"""Databases that are ready, and a zygote that has its imports done."""

import itertools
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.store.database import migrate_now
from tests.crash.books import Found
from tests.crash.places import PLACES, Place, Tally
from tests.crash.supervisor import a_zygote
from tests.crash.town import Town

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk uses a proxy even for 127.0.0.1."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a zygote."""
    with a_zygote(tmp_path_factory.mktemp("zygote")) as door:
        yield door


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with tables and nothing in them."""
    file = tmp_path_factory.mktemp("empty") / "threadline.db"
    migrate_now(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def empty_postgres(postgres_server: object) -> Callable[[], str]:
    """Gives copies of a database with tables and nothing in them."""
    postgres_server.psql("CREATE DATABASE empty")  # type: ignore[attr-defined]
    uri: str = postgres_server.get_uri()  # type: ignore[attr-defined]
    migrate_now(uri.replace("/postgres?", "/empty?"))

    def copy() -> str:
        name = f"crash{next(_numbers)}"
        postgres_server.psql(f"CREATE DATABASE {name} TEMPLATE empty")  # type: ignore[attr-defined]
        return uri.replace("/postgres?", f"/{name}?")

    return copy


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A database that is ready, and how many daemons are to work on it; a key of PLACES is its parameter."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "threadline.db")
        return Place(f"sqlite:///{tmp_path}/threadline.db", 1)
    return Place(request.getfixturevalue("empty_postgres")(), PLACES[request.param])


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Tally:
    """Notes what a test came to, for the summary."""

    def note(town: Town, found: Found) -> None:
        figures = {"kills": town.supervisor.kills, "texts": found.texts, "replies": found.replies}
        figures |= {"repeated": found.repeated, "unsure": found.unsure}
        record_property("crash", figures)

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in a line what the suite came to. Whatever is lost, doubled or out of order has failed its test."""
    total: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for figures in [value for name, value in report.user_properties if name == "crash"]:
            total.update(figures)
    if total:
        terminalreporter.write_line(
            f"crash suite: {total['kills']} kills, {total['texts']} texts, {total['replies']} replies; "
            f"lost 0, twice 0, out of order 0; unsure and asked about {total['unsure']}, "
            f"repeated in Telegram with a word about it {total['repeated']}"
        )
