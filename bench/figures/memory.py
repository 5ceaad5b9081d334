"""The memory of a daemon with Slack, Telegram and the web inbox: idle, and after a flood."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bench.databases import fresh
from bench.emulated import TOKEN, configuration, emulators, serve
from bench.figure import Options, Row, judged, spread
from bench.load import play
from bench.processes import HOST, answers, free_port, peak, resident, running, until
from bridge.store.database import async_engine
from bridge.store.tables import JOURNAL_OPEN, journal

_SETTLE = 10.0  # seconds until memory is read
_DECIDED = 300.0


def measure(options: Options) -> Iterator[Row]:
    """Read from /proc; a daemon of its own each round."""
    count = options.count(10_000)
    for kind in options.databases:
        idle, more, peaks = [], [], []
        with emulators() as emulated:
            for _ in range(options.rounds):
                with fresh(kind) as url:
                    before, after, most = _flooded(emulated, url, count)
                idle.append(before)
                more.append(after - before)
                peaks.append(most)
        yield judged(
            f"memory of an idle daemon with Slack, Telegram and web, {kind}",
            idle,
            most=120,
            unit=" MB",
            digits=0,
        )
        yield judged(
            f"more memory after a flood of {count:,} texts, {kind}",
            more,
            most=60,
            unit=" MB",
            digits=0,
            beside=f"at its highest {spread(peaks, 0)} MB in all",
        )


def _flooded(emulated: str, url: str, count: int) -> tuple[float, float, float]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = configuration(Path(folder) / "bench.toml", emulated, url, port)
        with running(serve(file), lambda: answers(f"http://{HOST}:{port}/readyz")) as process:
            time.sleep(_SETTLE)
            idle = resident(process.pid)
            play(port, count, 0, token=TOKEN)
            until(lambda: asyncio.run(_undecided(url)) == 0, _DECIDED, what="the last decision", pause=0.5)
            time.sleep(_SETTLE)
            return idle, resident(process.pid), peak(process.pid)


async def _undecided(url: str) -> int:
    engine = async_engine(url)
    try:
        async with engine.connect() as connection:
            waiting = sa.select(sa.func.count()).select_from(journal).where(JOURNAL_OPEN)
            return int(await connection.scalar(waiting) or 0)
    finally:
        await engine.dispose()
