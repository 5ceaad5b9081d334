"""Where a number may be, and when nobody there sleeps."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.model.hours import quiet_until
from bridge.model.zones import awake, zones

HOME = "America/New_York"
NIGHT = "21:00-08:00"


@pytest.mark.parametrize(
    ("address", "known", "expected"),
    [
        ("+12125550100", None, ("America/New_York",)),
        ("+12085550100", None, ("America/Boise", "America/Los_Angeles")),
        ("+442071838750", None, ("Europe/London",)),
        ("+15555550100", None, (HOME,)),
        ("72645", None, (HOME,)),
        ("MyBank", None, (HOME,)),
        ("+12125550100", "America/Denver", ("America/Denver",)),
    ],
)
def test_zones_of_a_number(address: str, known: str | None, expected: tuple[str, ...]) -> None:
    assert zones(address, known, HOME) == expected


def test_the_home_zone_is_the_best_guess_where_it_is_one_of_several() -> None:
    assert zones("+12085550100", None, "America/Los_Angeles")[0] == "America/Los_Angeles"


def _at(text: str, zone: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def test_it_waits_until_the_last_zone_is_awake() -> None:
    both = ("America/Boise", "America/Los_Angeles")
    assert awake(_at("2026-03-02T07:30", "America/Los_Angeles"), NIGHT, both) == _at(
        "2026-03-02T08:00", "America/Los_Angeles"
    )
    late = _at("2026-03-02T20:30", "America/Los_Angeles")  # 21:30 in Boise
    assert awake(late, NIGHT, both) == _at("2026-03-03T08:00", "America/Los_Angeles")
    noon = _at("2026-03-02T12:00", "America/Boise")
    assert awake(noon, NIGHT, both) == noon


def test_where_no_hour_suits_all_the_first_place_counts() -> None:
    everywhere = ("Pacific/Pago_Pago", "Europe/London", "Pacific/Guam")
    night = _at("2026-03-02T23:00", "Pacific/Pago_Pago")
    assert awake(night, NIGHT, everywhere) == _at("2026-03-03T08:00", "Pacific/Pago_Pago")


def test_without_quiet_hours_nothing_waits() -> None:
    assert awake(1.0, "", ("America/Boise",)) == 1.0


@given(
    at=st.floats(1.7e9, 1.9e9),
    places=st.lists(
        st.sampled_from(["America/Boise", "America/New_York", "Pacific/Honolulu", "America/Halifax"]),
        min_size=1,
        max_size=4,
    ),
)
def test_nobody_is_ever_woken(at: float, places: list[str]) -> None:
    moment = awake(at, NIGHT, tuple(places))
    assert at <= moment <= at + 48 * 3600
    assert all(quiet_until(moment, NIGHT, place) == moment for place in places)
