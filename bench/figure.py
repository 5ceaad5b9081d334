"""What a measurement says: a row of the table, with the noise of the machine beside it."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    small: bool = False  # a tenth of everything: to try, not to believe
    rounds: int = 3
    databases: tuple[str, ...] = ("sqlite", "postgresql")
    messages: int = 5_000_000
    desks: str = "slack.support, web"  # of the daemon that is measured

    def count(self, number: int) -> int:
        """Give how many of something to play."""
        return max(number // 10, 1) if self.small else number


@dataclass(frozen=True)
class Row:
    """One figure. met: by every round, by the median alone ("mostly"), or not."""

    figure: str
    measured: str
    wanted: str = ""
    met: str = ""
    beside: str = ""  # absolute figures, and how the yardstick differs from itself


NOISY = 0.25  # of the yardstick's own middle: more, and something else was at work
Measure = Callable[[Options], Iterator[Row]]


def skipped(figure: str, why: str) -> Row:
    """Say why something was not measured."""
    return Row(figure, "not measured", beside=why)


def judged(
    figure: str,
    values: Sequence[float],
    *,
    least: float | None = None,
    most: float | None = None,
    unit: str = "",
    beside: str = "",
    digits: int = 2,
    yard: Sequence[float] = (),
) -> Row:
    """Judge the median of some rounds; say in how far all of them agree, and whether their yardstick did.

    yard: every measurement of the yardstick.
    """
    shown = f"{spread(values, digits)}{unit}"
    if least is None and most is None:
        return Row(figure, shown, beside=beside)
    low = least if least is not None else float("-inf")
    high = most if most is not None else float("inf")
    agree = [low <= value <= high for value in values]
    middle = low <= statistics.median(values) <= high
    met = "yes" if all(agree) else "mostly" if middle else "no"
    met += ", noisy" if apart(yard) > NOISY else ""
    wanted = " and ".join(
        f"{word} {limit:,g}{unit}"
        for word, limit in (("at least", least), ("at most", most))
        if limit is not None
    )
    return Row(figure, shown, wanted, met, beside)


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Give the median with the smallest and the largest."""
    low, middle, high = min(values), statistics.median(values), max(values)
    if len(values) == 1:
        return f"{middle:,.{digits}f}"
    return f"{middle:,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"


@dataclass
class Pairs:
    """Rounds of ours beside a yardstick that is measured before and after each."""

    ours: list[float] = field(default_factory=list)
    yard: list[float] = field(default_factory=list)  # every measurement of it
    ratios: list[float] = field(default_factory=list)

    def add(self, before: float, ours: float, after: float) -> None:
        """Take one round in."""
        self.ours.append(ours)
        self.yard += [before, after]
        self.ratios.append(ours / ((before + after) / 2))

    def beside(self, unit: str, yardstick: str, digits: int = 0) -> str:
        """Give absolute figures and the noise."""
        return (
            f"{statistics.median(self.ours):,.{digits}f} {unit}; {yardstick} {noise(self.yard, unit, digits)}"
        )


def apart(values: Sequence[float]) -> float:
    """Give how far measurements of one thing lie to either side of their middle, as a share of it."""
    middle = statistics.median(values) if values else 0.0
    return (max(values) - min(values)) / middle / 2 if middle else 0.0


def noise(values: Sequence[float], unit: str = "", digits: int = 0) -> str:
    """Say how far measurements of one thing are apart."""
    shown = f"{statistics.median(values):,.{digits}f} {unit}".rstrip()
    return shown if len(values) == 1 else f"{shown} ±{apart(values):.0%}"


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share of all stays under."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def table(rows: Sequence[Row]) -> str:
    """Draw the table: for the eye, and for Markdown."""
    head = ("figure", "measured", "wanted", "met", "beside it")
    lines: list[tuple[Any, ...]] = [
        head,
        *((r.figure, r.measured, r.wanted, r.met, r.beside) for r in rows),
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    drawn = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    drawn.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(drawn)


def total(rows: Sequence[Row]) -> str:
    """Count what was wanted and what was met."""
    wanted = [row for row in rows if row.met]
    met = [row for row in wanted if not row.met.startswith("no")]
    missing = [row.figure for row in rows if row.measured == "not measured"]
    words = f"{len(met)} of {len(wanted)} met"
    return words + (f"; not measured: {', '.join(missing)}" if missing else "")
