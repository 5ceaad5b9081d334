"""What it costs to claim and settle among 100,000 effects that wait, against 1,000."""

import asyncio
import statistics
from collections.abc import Iterator

from bench.databases import fresh
from bench.figure import Options, Row, judged, noise
from bench.house import House, house
from bench.people import multiply

DESK = "slack.support"
FEW, MANY = 1_000, 100_000
_CLAIMS = 12  # a round, in each database, of 8 lanes at least; they must last for five rounds


def measure(options: Options) -> Iterator[Row]:
    """Both databases side by side, turn about; a round's figure is the ratio of its medians."""
    many = options.count(MANY)
    for kind in options.databases:
        with fresh(kind) as few_url, fresh(kind) as many_url:
            ratios, few_ms, many_ms = asyncio.run(_compare(few_url, many_url, many, options.rounds))
        yield judged(
            f"claim and settle among {many:,} effects, {kind}: times the cost among {FEW:,}",
            ratios,
            most=1.5,
            yard=few_ms,
            beside=f"a lane: {statistics.median(many_ms):.2f} ms; among {FEW:,} {noise(few_ms, 'ms', 2)}",
        )


async def _compare(
    few_url: str, many_url: str, many: int, rounds: int
) -> tuple[list[float], list[float], list[float]]:
    for url, count in ((few_url, FEW), (many_url, many)):
        async with house(url, DESK) as ours:  # a person whose card and text wait: two effects
            await ours.take([0], 1)
            await ours.decide()
        await multiply(url, count // 2, waiting=True)
    ratios, few_ms, many_ms = [], [], []
    async with house(few_url, DESK) as small, house(many_url, DESK) as large:
        for one in (small, large):
            await _milliseconds(one)
        for _ in range(rounds):
            pairs = [(await _milliseconds(small), await _milliseconds(large)) for _ in range(_CLAIMS)]
            few_ms.append(statistics.median(one for one, _ in pairs))
            many_ms.append(statistics.median(other for _, other in pairs))
            ratios.append(many_ms[-1] / few_ms[-1])
    return ratios, few_ms, many_ms


async def _milliseconds(ours: House) -> float:
    """Claim once, have it done, settle it; give the time of the store alone, for one lane."""
    ours.store.seconds.clear()
    found = await ours.deliver()
    assert found >= 8, f"only {found} lanes were claimed"
    return (ours.store.seconds["claim"] + ours.store.seconds["settle"]) * 1000 / found
