"""Importing 100,000 contacts, beside the bare parsing of the same file; and the memory that it takes."""

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged
from bridge.model.address import read_number

PEOPLE = 100_000
MOST_MEGABYTES = 150.0
_CHILD = """
import asyncio, json, resource, sys, time
from pathlib import Path
from bridge.engine import importing
from bridge.engine.ids import time_ids
from bridge.store import database

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

async def work(url, path):
    await database.migrate(url)
    engine = database.async_engine(url)
    asked = importing.Asked("US", ("members",), source="signed up", keep=True)
    async with engine.connect():
        pass
    before, started, count = peak(), time.perf_counter(), 0
    async for told in importing.take(engine, path, asked, time_ids(time.time)):
        count += told.what == "create"
    print(json.dumps([count, time.perf_counter() - started, peak() - before]))
    await engine.dispose()

asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
"""


def measure(options: Options) -> Iterator[Row]:
    """On each database, in a process of its own, so that its peak is its own."""
    people = options.count(PEOPLE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        _write(path, people)
        for kind in options.databases:
            pairs, memory = Pairs(), []
            for _ in range(options.rounds):
                before = _bare(path)
                with fresh(kind) as url:
                    seconds, megabytes = _imported(url, path, people)
                pairs.add(before, seconds, _bare(path))
                memory.append(megabytes)
            yield judged(
                f"importing {people:,} contacts, {kind}: times the bare parsing of the file",
                pairs.ratios,
                most=6,
                yard=pairs.yard,
                beside=pairs.beside("s", "bare parsing", 2),
            )
            yield judged(
                f"importing {people:,} contacts, {kind}: peak memory above idle",
                memory,
                most=MOST_MEGABYTES,
                unit=" MB",
                digits=0,
            )


def _write(path: Path, people: int) -> None:
    """Numbers as people write them: in every fourth row as E.164."""
    drawn = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "Phone", "Email", "ZIP", "Shirt size"])
        for place in range(people):
            line = f"{place:07}"
            number = f"+1212{line}" if place % 4 == 0 else f"(212) {line[:3]}-{line[3:]}"
            rest = (f"pat{place}@example.org", f"{place % 99999:05}", drawn.choice("SML"))
            writer.writerow([f"Pat Example {place}", number, *rest])


def _bare(path: Path) -> float:
    """Give the seconds of reading the rows and the numbers, and nothing else."""
    started = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert read_number(row["Phone"], "US")
    return time.perf_counter() - started


def _imported(url: str, path: Path, people: int) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, url, str(path)], capture_output=True, text=True, check=True
    )
    count, seconds, megabytes = json.loads(done.stdout)
    assert count == people, "somebody is missing"
    return float(seconds), float(megabytes)
