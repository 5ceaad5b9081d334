"""Odd texts with odd facts: never an exception, always a verdict that can be stored."""

import pytest

from rules import classify
from tests.unit.rules.fuzz import check, facts


@pytest.mark.parametrize("seed", range(4))
def test_odd_texts(seed: int) -> None:
    for given in facts(seed, 1_000):
        check(given, classify(given))
