"""Where somebody may be: the time zones of a number, all of them, since a number moves with its owner."""

from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

import phonenumbers
from phonenumbers import timezone

from bridge.model.hours import quiet_until

_STEPS: Final = 200  # leaps from zone to zone before it is given up: no hour suits all of them
_LONGEST: Final = 48 * 3600.0  # seconds; by then every hour of the day was looked at


@lru_cache(maxsize=16384)
def _of(address: str) -> tuple[str, ...]:
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE)


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Say whether a time zone of that name is known: "America/New_York"."""
    return name in _all()


def zones(address: str, known: str | None, home: str) -> tuple[str, ...]:
    """Give every zone that somebody may live in, the best guess first.

    known: what staff wrote down; it alone counts. home: the organisation's zone, for whatever has no country
    (a short code) or no known place.
    """
    if known:
        return (known,)
    found = _of(address) if address.startswith("+") else ()
    if not found:
        return (home,)
    return (home, *(zone for zone in found if zone != home)) if home in found else found


def awake(at: float, hours: str, places: tuple[str, ...]) -> float:
    """Give the first moment from `at` on that lies in the quiet hours of no place, in Unix seconds.

    hours: "21:00-08:00"; "": none. Where no hour suits all of them (a toll-free number may be anywhere from
    Guam to Bermuda), the first place alone counts.
    """
    moment = at
    for _ in range(_STEPS):
        later = max(quiet_until(moment, hours, place) for place in places)
        if later == moment:
            return moment
        if later - at > _LONGEST:
            break
        moment = later
    return quiet_until(at, hours, places[0])
