"""From the start of a daemon until it is ready, against the time that its libraries take to be imported."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.databases import fresh
from bench.emulated import configuration, emulators, serve
from bench.figure import Options, Pairs, Row, judged
from bench.processes import HOST, answers, free_port, running

# Which modules of others a daemon has imported once it runs.
_LIST = """
import asyncio, sys
from pathlib import Path
from bridge import registry, run
async def go():
    async with run.running(registry.load(Path(sys.argv[1]))):
        pass
asyncio.run(go())
for name, module in sys.modules.items():
    if "site-packages" in (getattr(module, "__file__", None) or ""):
        print(name)
"""
_IMPORT = """
import contextlib, importlib, os, sys
for name in open(sys.argv[1]).read().split():
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
os._exit(0)
"""


def measure(options: Options) -> Iterator[Row]:
    """On a database that is there already, as at every start but the first."""
    for kind in options.databases:
        pairs = Pairs()
        with (
            emulators() as emulated,
            fresh(kind) as url,
            tempfile.TemporaryDirectory(prefix="bench-") as folder,
        ):
            port = free_port()
            file = configuration(Path(folder) / "bench.toml", emulated, url, port)
            names = Path(folder) / "names"
            listed = subprocess.run(
                [sys.executable, "-c", _LIST, str(file)], capture_output=True, text=True, check=True
            )
            names.write_text(listed.stdout)
            _imports(names)
            for _ in range(max(options.rounds, 3)):
                before = _imports(names)
                pairs.add(before, _ready(file, port), _imports(names))
        yield judged(
            f"start until ready, with Slack, Telegram and web, {kind}: times importing its libraries",
            pairs.ratios,
            most=3.0,
            yard=pairs.yard,
            beside=pairs.beside("s", f"importing {len(listed.stdout.split())} modules of others", 2),
        )


def _imports(names: Path) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", _IMPORT, str(names)], check=True)
    return time.perf_counter() - started


def _ready(file: Path, port: int) -> float:
    started = time.perf_counter()
    with running(serve(file), lambda: answers(f"http://{HOST}:{port}/readyz")):
        return time.perf_counter() - started
