"""From a text to its committed decision and the posts that wait: how many a second, sustained."""

import asyncio
import time
from collections.abc import Iterator

from bench.daemon import bare
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged
from bench.house import KEYWORDS, house

WANTED = 1_500.0
DESKS = "slack.support, telegram.support, web"
_BATCH = 64  # texts a commit of the intake: as many as wait while the one before is written
_AHEAD = 512  # texts that may wait to be decided


def measure(options: Options) -> Iterator[Row]:
    """One process; three desks, of which none is delivered to; the real rules with 200 keywords."""
    count = options.count(10_000)
    for kind in options.databases:
        for who, people in (("500 known people", 500), ("a new person each", 0)):
            pairs = Pairs()
            with bare() as yardstick:
                for _ in range(options.rounds):
                    before = yardstick.rate(options)
                    with fresh(kind) as url:
                        rate = asyncio.run(_sustained(url, count, people))
                    pairs.add(before, rate, yardstick.rate(options))
            name = f"text to decision and waiting posts, {kind}, {who}"
            least = WANTED if kind == "sqlite" else None
            yield judged(
                f"{name}: a second",
                pairs.ours,
                least=least,
                digits=0,
                yard=pairs.yard,
                beside=f"with the intake, {KEYWORDS} keywords, desks {DESKS}",
            )
            yield judged(
                f"{name}: of the bare handler's rate",
                pairs.ratios,
                yard=pairs.yard,
                beside=pairs.beside("a second", "bare"),
            )


async def _sustained(url: str, count: int, people: int) -> float:
    """Give texts a second, from the first commit of the intake until the last decision."""
    async with house(url, DESKS, quick=False) as ours:
        if people:
            await ours.take(range(people), people)
            await ours.decide()
        first = ours.store.decided
        started = time.perf_counter()
        async with asyncio.timeout(300), asyncio.TaskGroup() as group:
            turns = group.create_task(ours.processor.run())
            for at in range(first, first + count, _BATCH):
                await ours.store.has_decided(at - _AHEAD)
                await ours.take(range(at, min(at + _BATCH, first + count)), people or first + count)
            await ours.store.has_decided(first + count)
            seconds = time.perf_counter() - started
            turns.cancel()
    return count / seconds
