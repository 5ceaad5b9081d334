"""How long an acknowledgement takes at 1,000 arrivals a second, whatever became of those before."""

from collections.abc import Iterator

from bench.daemon import bare, daemon
from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged, spread
from bench.load import play
from bench.stub import stub

RATE = 1_000.0


def measure(options: Options) -> Iterator[Row]:
    """The same arrivals at both, their times drawn once."""
    count = options.count(10_000)
    for kind in options.databases:
        pairs, worst, late, unanswered = Pairs(), [], [], 0
        with bare() as yardstick, stub() as outside:
            for _ in range(options.rounds):
                before = play(yardstick.port, count, 0, rate=RATE)
                with fresh(kind) as url, daemon(url, outside, desks=options.desks) as ours:
                    found = play(ours.port, count, 0, rate=RATE, strict=False)
                after = play(yardstick.port, count, 0, rate=RATE)
                pairs.add(before["p99"], found["p99"], after["p99"])
                worst.append(found["worst"])
                late.append(before["late_p99"])
                unanswered += found["unanswered"] + found["answers"].get("503", 0)
        lost = f"; {unanswered} not answered 200" if unanswered else ""
        name = f"p99 at {RATE:,.0f} arrivals a second, {kind}"
        yield judged(
            name,
            pairs.ours,
            most=10.0,
            unit=" ms",
            yard=pairs.yard,
            beside=f"the slowest {spread(worst)} ms; the load itself sends {max(late):.1f} ms late{lost}",
        )
        yield judged(
            f"{name}: times the bare handler's",
            pairs.ratios,
            most=5.0,
            yard=pairs.yard,
            beside=pairs.beside("ms", "bare", 2),
        )
