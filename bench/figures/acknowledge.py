"""Acknowledged after the commit, the whole daemon at work: its share of the bare handler's rate."""

from collections.abc import Iterator

from bench.daemon import bare, daemon
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged
from bench.load import play
from bench.stub import stub

WANTED = {64: 0.25, 16: 0.20}


def measure(options: Options) -> Iterator[Row]:
    """A fresh daemon a round, between two measurements of the yardstick."""
    count = options.count(10_000)
    for kind in options.databases:
        for connections, least in WANTED.items():
            pairs, tails = Pairs(), []
            with bare() as yardstick, stub() as outside:
                for _ in range(options.rounds):
                    before = yardstick.rate(options, connections)
                    with fresh(kind) as url, daemon(url, outside, desks=options.desks) as ours:
                        found = play(ours.port, count, 0, connections=connections)
                    after = yardstick.rate(options, connections)
                    pairs.add(before, found["rate"], after)
                    tails.append(found["p99"])
            yield judged(
                f"acknowledged, {kind}, {connections} connections: of the bare handler's rate",
                pairs.ratios,
                least=least,
                yard=pairs.yard,
                beside=f"{pairs.beside('a second', 'bare')}; p99 {max(tails):,.0f} ms at the worst",
            )
