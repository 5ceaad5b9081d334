"""`threadline serve` as systemd starts it: stopped, killed, started twice; nothing lost, nothing doubled."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import sqlalchemy as sa

from bridge.store.database import async_engine
from tests.e2e.house import BOB, SUE, World, until
from tests.e2e.tools import exported, served, stats, threadline
from tests.emulators.misbehave import stall
from tests.emulators.slack.faults import Stall


async def test_sigterm_ends_it_within_seconds_and_the_next_one_goes_on(world: World) -> None:
    world.options["hold"] = 4
    async with served(world) as first:
        await first.ready()
        await world.text("before the end")
        ts = await world.slack_reply("held while it stops")
        await until(lambda: world.slack_marks(ts) == ["hourglass_flowing_sand"])
        await world.slack.go_down()
        for number in range(3):
            assert (await world.text(f"last minute {number}")).status == 200
        seconds = await first.terminate()
        assert seconds < 30
        assert first.process.returncode == 0, first.log[-2000:]
        assert '"stopped"' in first.log
        _log_tells_no_secrets(first.log, world)
    await world.slack.come_back()
    assert world.phone() == []

    async with served(world) as second:
        await second.ready()
        await until(lambda: world.phone() == ["held while it stops"], 15)
        for page in (world.slack_page, world.telegram_page):
            await until(lambda page=page: "last minute 2" in page(), 30)
            assert [page().count(f"last minute {n}") for n in range(3)] == [1, 1, 1]
        await until(lambda: world.slack_marks(ts) == ["white_check_mark"])
        assert len(world.roots()) == 1
        assert (await stats(world))["balanced"] is True
        assert await second.terminate() < 30


def _log_tells_no_secrets(log: str, world: World) -> None:
    lines = [json.loads(line) for line in log.splitlines() if not line.startswith("warning: ")]
    assert all("event" in line and "at" in line for line in lines), "structured, every line"
    for secret in (world.slack.bot_token, world.telegram.bot_token, world.twilio.auth_token):
        assert secret not in log
    assert BOB not in log and "last minute" not in log


async def test_killed_between_webhook_and_post_makes_exactly_one_post(world: World) -> None:
    async with served(world) as first:
        await first.ready()
        await world.slack.go_down()
        await world.telegram.down()
        assert (await world.text("I was acknowledged")).status == 200
        await first.kill()
    await world.slack.come_back()
    await world.telegram.up()

    async with served(world) as second:
        await second.ready()
        for page in (world.slack_page, world.telegram_page):
            await until(lambda page=page: "I was acknowledged" in page(), 30)
        await world.text("and this after it")
        for page in (world.slack_page, world.telegram_page):
            await until(lambda page=page: "and this after it" in page(), 30)
            assert page().count("I was acknowledged") == 1
        assert len(world.roots()) == 1
        assert len(world.telegram.group.topics) == 1
        assert len(await exported(world)) == 2


async def test_killed_while_slack_and_twilio_had_it_makes_no_second_one(small_world: World) -> None:
    """The post stands and the text is out, and nobody noted it: both are looked for first."""
    world = small_world
    async with served(world) as first:
        await first.ready()
        await world.text("hello from before")
        await world.slack_thread()
        world.slack.misbehave("chat.postMessage", Stall(seconds=3))
        await world.text("posted, and nobody knew")
        await until(lambda: "posted, and nobody knew" in world.slack_page())
        world.twilio.misbehave("send", stall(3))
        await world.slack_reply("sent, and nobody knew")
        await until(lambda: len(world.twilio.sent) == 1)
        await first.kill()

    async with served(world) as second:
        await second.ready()
        await world.text("later", sender=SUE)
        await until(lambda: "later" in world.slack_page(), 30)

        async def known() -> bool:
            rows = await exported(world)
            return {row["state"] for row in rows if row["direction"] == "out"} <= {"sent", "delivered"}

        await until(known, 30)
        assert world.slack_page().count("posted, and nobody knew") == 1
        assert world.phone() == ["sent, and nobody knew"]
        assert len(world.twilio.sent) == 1


async def test_a_second_daemon_is_refused_with_a_clear_word(small_world: World) -> None:
    async with small_world.house():
        other = small_world.config_file().with_name("other.toml")
        text = small_world.config_file().read_text()
        other.write_text(text.replace(f"127.0.0.1:{small_world.port}", "127.0.0.1:0"))
        second = await threadline("serve", "--config", str(other))

        assert second.code == 1
        assert "another threadline daemon is working on this file" in second.err
        assert "Traceback" not in second.err
        await small_world.text("the first one is not disturbed")
        await until(lambda: "not disturbed" in small_world.slack_page())


async def test_a_port_that_is_taken_is_said_in_one_line(small_world: World) -> None:
    config = small_world.open_door()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", small_world.port))
        taken.listen()
        refused = await threadline("serve", "--config", str(config))

    assert refused.code == 1
    last = refused.err.strip().splitlines()[-1]
    assert last.startswith("threadline: ") and str(small_world.port) in last
    assert "Traceback" not in refused.err


async def test_a_database_of_a_newer_program_is_left_alone(small_world: World) -> None:
    async with small_world.house():
        pass
    engine = async_engine(small_world.database)
    async with engine.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    config = str(small_world.config_file())
    for words in (("serve",), ("stats",), ("migrate",)):
        refused = await threadline(*words, "--config", config)
        assert refused.code == 1
        said = [line for line in refused.err.splitlines() if not line.startswith("warning: ")]
        assert len(said) == 1 and "version 9999" in said[0] and "newer threadline" in said[0]


async def test_systemd_hears_ready_watchdog_and_stopping(small_world: World, tmp_path: Path) -> None:
    async with _notify_socket(tmp_path / "notify") as heard:
        env = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "600000"}
        async with served(small_world, env) as daemon:
            await until(lambda: "READY=1" in heard, 20)
            await daemon.ready()
            await until(lambda: heard.count("WATCHDOG=1") >= 3)
            await daemon.terminate()
            assert heard[-1] == "STOPPING=1"
            assert heard.count("READY=1") == 1


@contextlib.asynccontextmanager
async def _notify_socket(path: Path) -> AsyncIterator[list[str]]:
    """Listen as systemd does."""
    heard: list[str] = []
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.setblocking(False)
        loop.add_reader(listening, lambda: heard.append(listening.recv(4096).decode()))
        yield heard
        loop.remove_reader(listening)


async def test_whoever_hangs_up_while_talking_is_no_fault(small_world: World) -> None:
    async with served(small_world) as daemon:
        await daemon.ready()
        for path in ("/hooks/main", "/signin"):
            _, writer = await asyncio.open_connection("127.0.0.1", small_world.port)
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            writer.write(f"{head}Content-Length: 100\r\n\r\nabc".encode())
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.transport.abort()
        await small_world.text("Is somebody there?")
        await until(lambda: "Is somebody there?" in small_world.slack_page())
        assert '"level":"error"' not in daemon.log
