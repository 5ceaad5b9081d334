"""The disk is full, the database is away: nothing is acknowledged that is not stored, and it mends itself."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bridge.store import store
from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.desks import soon as soon  # a fixture
from tests.e2e.house import BOB, SUE, World, a_world, until
from tests.e2e.test_bad_days_services import in_order
from tests.e2e.tools import Served, ask, exported, form, hook, notices, served, stats

pytestmark = pytest.mark.usefixtures("quick")

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


# ---- SQLite on a full disk ------------------------------------------------------------------------------


def fill_the_disk(daemon: Served, path: Path) -> None:
    """Let the daemon make no file larger than its write-ahead log is now: as a full disk does, or a quota."""
    size = max(Path(f"{path}-wal").stat().st_size, path.stat().st_size)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))


def free_the_disk(daemon: Served) -> None:
    """There is room again."""
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)


async def test_a_full_disk_is_said_and_costs_no_text_that_was_acknowledged(small_world: World) -> None:
    world = small_world
    async with served(world) as daemon:
        await daemon.ready()
        await world.text("before.")
        await until(lambda: "before." in world.slack_page() and "before." in world.telegram_page())
        fill_the_disk(daemon, world.folder / "threadline.db")

        count, status, body = 0, 200, b""
        while status == 200:
            body = form(f"number {count:02}.", BOB, sid=f"SM{count:032}")
            status, count = (await hook(world, body)).status, count + 1
            assert count < 40, "the disk is not full"
        assert status == 503
        ready = await ask(f"http://127.0.0.1:{world.port}/readyz")
        assert ready.status == 503 and ready.json()["parts"]["store"] != "ok"
        assert (await ask(f"http://127.0.0.1:{world.port}/healthz")).status == 200
        assert daemon.process.returncode is None

        free_the_disk(daemon)
        await daemon.ready()
        assert (await hook(world, body)).status == 200
        shown = [f"number {number:02}." for number in range(count)]
        await until(in_order(world.slack_page, "before.", *shown), 30)
        await until(in_order(world.telegram_page, "before.", *shown), 60)
        mine = await SlackDesk(world).say("All is well")
        await until(lambda: SlackDesk(world).mark(mine) == "delivered")
        assert len(await exported(world)) == count + 2
        assert (await stats(world))["balanced"] is True


# ---- PostgreSQL behind a network that breaks ------------------------------------------------------------


class Wire:
    """The way to PostgreSQL: it can be cut, refuse connections, or let everything in and nothing out."""

    def __init__(self, socket_path: str) -> None:
        self._socket_path = socket_path
        self._server: asyncio.Server | None = None
        self._flows: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.port = 0

    async def up(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Cut what is open and refuse what comes."""
        assert self._server is not None
        self._server.close()
        for flow in tuple(self._flows):
            flow.cancel()
        await asyncio.gather(*self._flows, return_exceptions=True)

    def freeze(self) -> None:
        """Carry nothing more, and cut nothing: packets vanish."""
        self._open.clear()

    def thaw(self) -> None:
        """Carry again."""
        self._open.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_unix_connection(self._socket_path)
        flows = [
            asyncio.create_task(self._carry(reader, inner_writer)),
            asyncio.create_task(self._carry(inner_reader, writer)),
        ]
        self._flows.update(flows)
        await asyncio.wait(flows, return_when=asyncio.FIRST_COMPLETED)
        for flow in flows:
            flow.cancel()
            self._flows.discard(flow)
        for one in (writer, inner_writer):
            one.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(1 << 16):
                await self._open.wait()
                writer.write(piece)
                await writer.drain()


@pytest.fixture
async def wired(tmp_path: Path, postgres_url: str, soon: None) -> AsyncIterator[tuple[World, Wire]]:
    """A world whose house reaches PostgreSQL over a wire."""
    address = urlsplit(postgres_url)
    folder = parse_qs(address.query)["host"][0]
    wire = Wire(f"{folder}/.s.PGSQL.5432")
    await wire.up()
    user = address.username or "postgres"
    url = f"postgresql://{user}@127.0.0.1:{wire.port}{address.path}"
    async with a_world(tmp_path, url) as world, world.house():
        yield world, wire
    await wire.down()


@pytest.mark.postgres
@pytest.mark.parametrize("way", ["cut", "frozen"])
async def test_a_database_that_is_away_is_waited_for(
    wired: tuple[World, Wire], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, wire = wired
    monkeypatch.setattr(store, "PATIENCE", 2.0)
    desk: SlackDesk = await begun(world, "slack")
    await until(lambda: "Hello?" in world.telegram_page())
    mine = await desk.say("Held when it goes away")
    if way == "cut":
        await wire.down()
    else:
        wire.freeze()
    body = form("meanwhile.", SUE, sid="SM" + "7" * 32)
    assert (await hook(world, body)).status == 503
    late = await desk.say("Written while it is away")
    ready = await ask(f"http://127.0.0.1:{world.port}/readyz")
    assert ready.status == 503
    assert "the database does not answer" in ready.json()["parts"]["store"]

    if way == "cut":
        await wire.up()
    else:
        wire.thaw()
    assert (await hook(world, body)).status == 200
    await until(lambda: desk.mark(mine) == "delivered" and desk.mark(late) == "delivered", 30)
    assert world.phone() == ["Held when it goes away", "Written while it is away"]
    for page in (world.slack_page, world.telegram_page):
        await until(lambda page=page: page().count("meanwhile.") == 1, 20)
    await until(world.is_ready, 20)
    reply = await TelegramDesk(world).say("Well again")
    await until(lambda: TelegramDesk(world).mark(reply) == "delivered", 20)
    await until(lambda: store_was_told_of(world))


async def store_was_told_of(world: World) -> bool:
    found = [one for one in await notices(world) if "the store was not well" in one]
    assert len(found) <= 1, found
    return bool(found) and "That is over now." in found[0]
