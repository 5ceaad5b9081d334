"""A disk that is 10 ms slower: commits of many requests together, against one commit a request."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.daemon import daemon
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged, skipped
from bench.load import play
from bench.processes import free_port, listens, module, running
from bench.stub import stub

_NAME = "acknowledged on a disk that is 10 ms slower, sqlite: times one commit a request"


def measure(options: Options) -> Iterator[Row]:
    """Both under the same shim, which makes every fsync wait."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        yield skipped(_NAME, "there is no C compiler here to make the disk slow with")
        return
    pairs = Pairs()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, stub() as outside:
        shim = Path(folder) / "slow_disk.so"
        source = Path(__file__).parents[1] / "slow_disk.c"
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", shim, source, "-ldl"], check=True)
        slow = {"LD_PRELOAD": str(shim)}
        port = free_port()
        command = module("bench.one_commit", str(port), f"{folder}/one.db")
        with running(command, lambda: listens(port), env=slow):
            for round_ in range(options.rounds):
                first = round_ * 10_000
                before = play(port, options.count(1_500), first)
                with (
                    fresh("sqlite") as url,
                    daemon(url, outside, desks=options.desks, env=slow) as ours,
                ):
                    found = play(ours.port, options.count(10_000), 0)
                after = play(port, options.count(1_500), first + 5_000)
                pairs.add(before["rate"], found["rate"], after["rate"])
    yield judged(
        _NAME,
        pairs.ratios,
        least=15.0,
        yard=pairs.yard,
        beside=pairs.beside("a second", "one commit a request", 0),
    )
