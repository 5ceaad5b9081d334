"""Slack does not answer: what becomes of the acknowledgements?"""

import contextlib
from collections.abc import Iterator

from bench.daemon import daemon
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged
from bench.load import play
from bench.stub import stub


def measure(options: Options) -> Iterator[Row]:
    """A daemon whose Slack stalls between two whose Slack answers; any answer but 200 ends it."""
    count = options.count(10_000)
    for kind in options.databases:
        pairs = Pairs()
        for _ in range(options.rounds):
            before, during, after = (_rate(kind, count, stall) for stall in (False, True, False))
            pairs.add(before, during, after)
        yield judged(
            f"acknowledged while Slack stalls, {kind}: of the rate while it answers",
            pairs.ratios,
            least=0.9,
            yard=pairs.yard,
            beside=f"only 200s; {pairs.beside('a second', 'Slack answering')}",
        )


def _rate(kind: str, count: int, stall: bool) -> float:
    with fresh(kind) as url, contextlib.ExitStack() as outside:
        port = outside.enter_context(stub(stall=stall))
        with daemon(url, port, desks="slack.support, web") as ours:
            found = play(ours.port, count, 0)
            outside.close()  # what hangs breaks, so that the daemon can stop at once
            return float(found["rate"])
