"""Beside what one would write instead: Flask, gunicorn, sqlite3 and slack_sdk, with the same slow Slack."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator

from bench.daemon import daemon
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged
from bench.load import play
from bench.processes import free_port, listens, running
from bench.stub import stub

SLACK_SECONDS = 0.12
WORKERS, THREADS = 2, 32


def measure(options: Options) -> Iterator[Row]:
    """Both with 64 connections, and a Slack that answers after 120 ms."""
    pairs = Pairs()
    with stub(delay=SLACK_SECONDS) as outside:
        for _ in range(options.rounds):
            before = _tutorial(outside, options)
            with fresh("sqlite") as url, daemon(url, outside, desks="slack.support, web") as ours:
                found = play(ours.port, options.count(10_000), 0)
            pairs.add(before, found["rate"], _tutorial(outside, options))
    yield judged(
        f"acknowledged, Slack answering after {SLACK_SECONDS * 1000:.0f} ms, sqlite: "
        f"times Flask with gunicorn ({WORKERS} workers of {THREADS} threads)",
        pairs.ratios,
        least=15.0,
        digits=1,
        yard=pairs.yard,
        beside=pairs.beside("a second", "Flask"),
    )


def _tutorial(outside: int, options: Options) -> float:
    """Run it on an empty database; give answers a second."""
    with _gunicorn(outside) as port:
        return float(play(port, options.count(3_000), 0)["rate"])


@contextlib.contextmanager
def _gunicorn(outside: int) -> Iterator[int]:
    port = free_port()
    flags = {"--workers": WORKERS, "--threads": THREADS, "--bind": f"127.0.0.1:{port}", "--backlog": 1024}
    command = [sys.executable, "-m", "gunicorn", *(str(w) for pair in flags.items() for w in pair)]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = {
            "TUTORIAL_FILE": f"{folder}/tutorial.db",
            "TUTORIAL_SLACK": f"http://127.0.0.1:{outside}/api/",
        }
        with running([*command, "bench.tutorial:app"], lambda: listens(port), env=env):
            yield port
