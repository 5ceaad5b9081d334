"""Working hours and quiet times."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.model.hours import after_working, quiet, quiet_until, working

ZONE = "America/New_York"


def at(words: str) -> float:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(ZONE)).timestamp()


def test_quiet_times_go_over_midnight() -> None:
    assert quiet_until(at("2026-11-20 23:30"), "22:00-07:00", ZONE) == at("2026-11-21 07:00")
    assert quiet_until(at("2026-11-21 06:59"), "22:00-07:00", ZONE) == at("2026-11-21 07:00")
    assert quiet_until(at("2026-11-21 07:00"), "22:00-07:00", ZONE) == at("2026-11-21 07:00")
    assert quiet_until(at("2026-11-21 12:00"), "", ZONE) == at("2026-11-21 12:00")


def test_working_time_passes_only_in_working_hours() -> None:
    hours = "Mon-Fri 09:00-17:00"
    assert after_working(at("2026-11-20 16:30"), 3600, hours, ZONE) == at("2026-11-23 09:30")
    assert after_working(at("2026-11-21 12:00"), 60, hours, ZONE) == at("2026-11-23 09:01")
    assert after_working(at("2026-11-21 12:00"), 60, "", ZONE) == at("2026-11-21 12:01")


def test_the_clock_of_the_organisation_changes() -> None:
    """On 2026-11-01 an hour comes twice in New York: the quiet hours still end at seven."""
    assert quiet_until(at("2026-11-01 00:30"), "22:00-07:00", ZONE) == at("2026-11-01 07:00")


@pytest.mark.parametrize("typed", ["9-17", "25:00-26:00", "09:00", "Foo 09:00-17:00", "09:00-09:00"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="write the"):
        working(typed)


def test_words_for_none() -> None:
    assert (working("always"), quiet("off"), quiet("none")) == ("", "", "")


_MINUTE = st.integers(0, 1439)


@given(_MINUTE, _MINUTE, st.floats(1.6e9, 1.9e9))
def test_after_quiet_times_it_is_not_quiet(since: int, until: int, now: float) -> None:
    if since != until:
        hours = f"{since // 60:02}:{since % 60:02}-{until // 60:02}:{until % 60:02}"
        end = quiet_until(now, hours, ZONE)
        assert now <= end <= now + 26 * 3600
        assert quiet_until(end, hours, ZONE) == end
