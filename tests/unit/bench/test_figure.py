"""The table says what was measured, and no more than that."""

import importlib

import pytest

from bench.__main__ import FIGURES
from bench.figure import Pairs, Row, judged, noise, percentile, skipped, spread, table, total


@pytest.mark.parametrize(
    ("values", "met"),
    [([0.3, 0.25, 0.26], "yes"), ([0.3, 0.2, 0.26], "mostly"), ([0.3, 0.2, 0.24], "no")],
)
def test_a_figure_is_met_by_all_rounds_by_the_median_or_not(values: list[float], met: str) -> None:
    assert judged("rate", values, least=0.25).met == met


def test_a_limit_from_above_is_one() -> None:
    row = judged("p99", [9.0, 12.0, 11.0], most=10, unit=" ms")
    assert (row.measured, row.wanted, row.met) == ("11.00 (9.00-12.00) ms", "at most 10 ms", "no")


def test_a_yardstick_that_does_not_agree_with_itself_is_named() -> None:
    row = judged("rate", [0.3], least=0.25, yard=[100.0, 100.0, 200.0])
    assert row.met == "yes, noisy"
    assert judged("rate", [0.3], least=0.25, yard=[100.0, 110.0]).met == "yes"
    assert total([judged("rate", [0.2], least=0.25, yard=[100.0, 200.0])]) == "0 of 1 met"


def test_what_nobody_wants_is_not_judged() -> None:
    assert judged("rate", [1.0]) == Row("rate", "1.00")


def test_a_round_is_compared_with_the_yardstick_around_it() -> None:
    pairs = Pairs()
    pairs.add(100, 60, 140)
    pairs.add(100, 25, 100)
    assert pairs.ratios == [0.5, 0.25]
    assert pairs.beside("a second", "bare") == "42 a second; bare 100 a second ±20%"


def test_noise_is_half_of_what_lies_between_the_extremes() -> None:
    assert noise([90.0, 100.0, 110.0], "ms") == "100 ms ±10%"


def test_a_percentile_is_a_value_that_was_there() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert percentile(values, 0.99) == 100
    assert percentile([1.0], 0.99) == 1
    assert spread([3.0, 1.0, 2.0], 0) == "2 (1-3)"


def test_the_table_counts_what_is_met_and_names_what_is_missing() -> None:
    rows = [judged("a", [1.0], least=1), judged("b", [2.0], most=1), skipped("c", "no compiler")]
    assert total(rows) == "1 of 2 met; not measured: c"
    lines = table(rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["a", "b", "c"]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_measured(name: str) -> None:
    assert callable(importlib.import_module(f"bench.figures.{name}").measure)
