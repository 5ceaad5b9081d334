"""One more text, and one look at the inbox, among 1,000,000 people and 5,000,000 messages."""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator

from bench.databases import fresh
from bench.figure import Options, Row, judged, noise
from bench.house import House, house
from bench.people import multiply
from connectors.chat.web.reading import ENTRIES, ROWS

DESKS = "slack.support, web"
FEW = 5_000  # messages in the small database
EACH = 5  # messages of one person
_LOOKS, _FEWEST = 40, 3  # a round, of each kind, in each database
_MOST = 10.0  # seconds a round, when a look takes long

Look = Callable[[House, random.Random, int], Awaitable[None]]


def measure(options: Options) -> Iterator[Row]:
    """Both databases side by side, turn about; a round's figure is the ratio of its medians."""
    many = options.count(options.messages)
    for kind in options.databases:
        with fresh(kind) as few_url, fresh(kind) as many_url:
            yield from asyncio.run(_compare(few_url, many_url, many, kind, options.rounds))


async def _compare(few_url: str, many_url: str, many: int, kind: str, rounds: int) -> list[Row]:
    for url, count in ((few_url, FEW), (many_url, many)):
        started = time.monotonic()
        await _fill(url, count // EACH)
        print(f"  ({count:,} messages, {kind}: {time.monotonic() - started:,.0f} s)", file=sys.stderr)
    looks: dict[str, Look] = {
        "one more text from somebody known": _known,
        "one more text from somebody new": _new,
        "opening the inbox": _inbox,
    }
    rows: list[Row] = []
    async with house(few_url, DESKS) as small, house(many_url, DESKS) as large:
        drawn = random.Random(1)
        for name, look in looks.items():
            ratios, few_ms, many_ms = [], [], []
            for round_ in range(rounds + 1):  # the first warms up
                pairs: list[tuple[float, float]] = []
                until = time.monotonic() + _MOST
                while len(pairs) < _LOOKS and (len(pairs) < _FEWEST or time.monotonic() < until):
                    one = await _milliseconds(look, small, drawn, FEW // EACH)
                    pairs.append((one, await _milliseconds(look, large, drawn, many // EACH)))
                if round_:
                    few_ms.append(statistics.median(one for one, _ in pairs))
                    many_ms.append(statistics.median(other for _, other in pairs))
                    ratios.append(many_ms[-1] / few_ms[-1])
            rows.append(
                judged(
                    f"{name} among {many:,} messages, {kind}: times among {FEW:,}",
                    ratios,
                    most=1.5,
                    yard=few_ms,
                    beside=f"{statistics.median(many_ms):.2f} ms; among {FEW:,} {noise(few_ms, 'ms', 2)}",
                )
            )
    return rows


async def _fill(url: str, people: int) -> None:
    """Have the product write one person's messages, shown on every desk, and multiply them."""
    async with house(url, DESKS) as ours:
        for number in range(EACH):
            await ours.take([number], 1)
            await ours.decide()
            while await ours.deliver():
                pass
    await multiply(url, people, waiting=False)


async def _milliseconds(look: Look, ours: House, drawn: random.Random, people: int) -> float:
    started = time.perf_counter()
    await look(ours, drawn, people)
    return (time.perf_counter() - started) * 1000


async def _known(ours: House, drawn: random.Random, people: int) -> None:
    await _text(ours, drawn, drawn.randrange(1, people))


async def _new(ours: House, drawn: random.Random, people: int) -> None:
    await _text(ours, drawn, drawn.randrange(5_000_000, 9_000_000))


async def _text(ours: House, drawn: random.Random, sender: int) -> None:
    """From the commit of the intake to the commit of the decision."""
    before = ours.store.decided
    await ours.take([drawn.randrange(10**9, 10**10)], 1, first=sender)
    await ours.processor.once()
    assert ours.store.decided > before, "nothing was decided"


async def _inbox(ours: House, drawn: random.Random, people: int) -> None:
    """What the page asks for when it is opened: the list, the count, and one conversation."""
    rows = await ours.inbox.rows("web", "", None, ROWS)
    await ours.inbox.unread("web")
    opened = await ours.inbox.open("web", drawn.choice(rows).thread, None, ENTRIES)
    assert len(rows) == ROWS
    assert opened is not None
    assert opened.entries
