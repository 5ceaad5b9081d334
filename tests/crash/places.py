"""Where daemons work together, and what tests leave for the summary."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.crash.books import Found
from tests.crash.town import Town

PLACES = {"sqlite": 1, "postgres": 1, "three daemons": 3}
Tally = Callable[[Town, Found], None]


@dataclass(frozen=True)
class Place:
    """A database that is ready, and how many daemons are to work on it."""

    database: str
    daemons: int


def marked(cases: Iterable[tuple[str, Any]]) -> list[Any]:
    """Give cases, each a place and something else, as parameters with their marks."""
    return [
        pytest.param(place, what, marks=[] if place == "sqlite" else [pytest.mark.postgres])
        for place, what in cases
    ]
