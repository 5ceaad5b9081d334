"""Opening the overview of who waits, among 10,000 conversations and among 10: read, and drawn."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator

from bench.databases import fresh
from bench.figure import Options, Row, judged, noise
from bench.house import House, house
from bench.people import multiply
from bridge.engine.panels import Panels
from bridge.model.nouns import Author
from bridge.model.panel import Panel
from bridge.ports import Asker
from connectors.chat.slack import panels as slack
from connectors.chat.telegram import overview as telegram
from connectors.chat.web.reading import ROWS

DESKS = "slack.support, web"
FEW, MANY = 10, 10_000
_LOOKS = 40  # a round, of each kind, in each database

Look = Callable[[House], Awaitable[None]]


def measure(options: Options) -> Iterator[Row]:
    """Both databases side by side, turn about; a round's figure is the ratio of its medians."""
    for kind in options.databases:
        with fresh(kind) as few_url, fresh(kind) as many_url:
            yield from asyncio.run(_compare(few_url, many_url, options.count(MANY), kind, options.rounds))


async def _compare(few_url: str, many_url: str, many: int, kind: str, rounds: int) -> list[Row]:
    for url, count in ((few_url, FEW), (many_url, many)):
        async with house(url, DESKS) as ours:
            await ours.take([0], 1)
            await ours.decide()
            while await ours.deliver():
                pass
        await multiply(url, count, waiting=False)
    looks: dict[str, Look] = {"Slack and Telegram: first page": _first, "web list": _web}
    rows: list[Row] = []
    async with house(few_url, DESKS) as small, house(many_url, DESKS) as large:
        for name, look in looks.items():
            ratios, few_ms, many_ms = [], [], []
            for round_ in range(rounds + 1):  # the first warms up
                pairs = [
                    (await _milliseconds(look, small), await _milliseconds(look, large))
                    for _ in range(_LOOKS)
                ]
                if round_:
                    few_ms.append(statistics.median(one for one, _ in pairs))
                    many_ms.append(statistics.median(other for _, other in pairs))
                    ratios.append(many_ms[-1] / few_ms[-1])
            rows.append(
                judged(
                    f"overview of {many:,} who wait, {name}, {kind}: times of {FEW}",
                    ratios,
                    yard=few_ms,
                    beside=f"{statistics.median(many_ms):.2f} ms; of {FEW} {noise(few_ms, 'ms', 2)}",
                )
            )
    return rows


async def _milliseconds(look: Look, ours: House) -> float:
    started = time.perf_counter()
    await look(ours)
    return (time.perf_counter() - started) * 1000


async def _first(ours: House) -> None:
    panels = Panels(ours.store, ours.worlds, ours.now)
    panel: Panel = await panels.open(Asker("slack.support", Author("U1", "Ana")), "inbox")
    assert len(panel.rows) == FEW
    slack.home(panel, slack.Where("slack.support"), str, ())
    telegram.drawn(panel, str)


async def _web(ours: House) -> None:
    rows = await ours.inbox.rows("web", "", None, ROWS)
    await ours.inbox.unread("web")
    assert len(rows) >= FEW
