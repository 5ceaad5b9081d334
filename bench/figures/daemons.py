"""Two daemons on one PostgreSQL: what they settle together, against one alone."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

from bench.daemon import daemon
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged, skipped
from bench.house import house
from bench.processes import HOST, fetch, until
from bench.stub import stub
from bench.webhooks import person
from bridge.model.events import TextReceived

_NAME = "two daemons, postgresql: times what one settles"
_AT_ONCE = 8  # texts of one number that a daemon has on their way (bridge.engine.deliver)
_LINE = "rate = 100000"


def measure(options: Options) -> Iterator[Row]:
    """A backlog of texts to a light stand-in for Twilio, which answers after a while, or at once."""
    if "postgresql" not in options.databases:
        yield skipped(_NAME, "it needs PostgreSQL")
        return
    for delay, count, least, bound in ((0.05, 2_000, 1.5, "latency"), (0.0, 3_000, None, "processor")):
        pairs = Pairs()
        for _ in range(options.rounds):
            backlog = options.count(count)
            pairs.add(*(_settled(backlog, delay, how_many) for how_many in (1, 2, 1)))
        yield judged(
            f"{_NAME}, Twilio answering after {delay * 1000:.0f} ms (bound by the {bound})",
            pairs.ratios,
            least=least,
            yard=pairs.yard,
            beside=f"{pairs.beside('a second', 'one')}; none twice",
        )


def _settled(count: int, delay: float, daemons: int) -> float:
    """Have a backlog delivered; give how many a second."""
    with fresh("postgresql") as url, stub(delay=delay, hold=True) as outside:
        asyncio.run(_backlog(url, count))
        with contextlib.ExitStack() as running:
            for _ in range(daemons):
                running.enter_context(daemon(url, outside, line=_LINE))
            wanted = min(_AT_ONCE * daemons, count)
            until(lambda: _seen(outside)["asked"].get("Messages.json", 0) >= wanted, 60, what="the backlog")
            fetch(f"http://{HOST}:{outside}/go")
            until(lambda: len(_seen(outside)["times"]) >= count, 300, what="the last text", pause=0.2)
            time.sleep(1)  # one that goes out twice would still come
        seen = _seen(outside)
    assert len(seen["times"]) == count, "something went out twice"
    assert seen["most_to_one"] == 1, "somebody got two texts"
    return count / float(max(seen["times"]) - min(seen["times"]))


async def _backlog(url: str, count: int) -> None:
    """Have the product decide so many answers to HELP; nothing is delivered yet."""
    async with house(url, "web") as ours:
        now = ours.now()
        for first in range(0, count, 64):
            numbers = range(first, min(first + 64, count))
            await ours.intake.put_new(
                [TextReceived("main", f"SM{n:032x}", person(n), "e164", "HELP", now) for n in numbers]
            )
        await ours.decide()


def _seen(port: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fetch(f"http://{HOST}:{port}/seen"))
    return found
