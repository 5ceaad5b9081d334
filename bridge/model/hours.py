"""Hours of the day and days of the week, as people write them: working hours and quiet times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\Z")
_LONGEST: Final = 366  # days that are looked through for the next working hour


@dataclass(frozen=True, slots=True)
class Span:
    """From a minute of the day to another, on some days; over midnight where `until` comes first."""

    since: int
    until: int
    days: frozenset[int] = frozenset(range(7))  # Monday is 0

    def times(self, first: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Give when it begins and ends, from the day before `first` on, in the zone of `first`."""
        for more in range(-1, _LONGEST):
            day = first.date() + timedelta(days=more)
            if day.weekday() in self.days:
                begin = _at(day, self.since, first.tzinfo)
                after = timedelta(days=1) if self.until <= self.since else timedelta()
                yield begin, _at(day + after, self.until, first.tzinfo)


def _at(day: object, minute: int, zone: object) -> datetime:
    base = datetime(day.year, day.month, day.day, tzinfo=zone)  # type: ignore[attr-defined,arg-type]
    return base.replace(hour=minute // 60 % 24, minute=minute % 60) + timedelta(days=minute // 1440)


def _span(typed: str) -> tuple[int, int]:
    found = _SPAN.match(typed.strip())
    if found:
        hour, minute, to_hour, to_minute = map(int, found.groups())
        since, until = hour * 60 + minute, to_hour * 60 + to_minute
        if minute < 60 and to_minute < 60 and since < 1440 and until <= 1440 and since != until:
            return since, until
    raise ValueError("write the hours like 09:00-17:00")


def _days(typed: str) -> frozenset[int]:
    days: set[int] = set()
    for part in typed.lower().split(","):
        ends = [name.strip()[:3] for name in re.split("[-–]", part)]
        if not 1 <= len(ends) <= 2 or any(name not in DAYS for name in ends):
            raise ValueError("write the days like Mon-Fri or Mon,Wed,Sat")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        days |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return frozenset(days)


def working(typed: str) -> str:
    """Read working hours, "Mon-Fri 09:00-17:00"; "" or "always": around the clock. Raises ValueError."""
    typed = typed.strip()
    if typed.lower() in ("", "always"):
        return ""
    read_working(typed)
    return typed


def quiet(typed: str) -> str:
    """Read quiet hours, "21:00-08:00"; "" or "none": there are none. Raises ValueError."""
    typed = typed.strip()
    if typed.lower() in ("", "none", "off"):
        return ""
    _span(typed)
    return typed


def read_working(typed: str) -> Span:
    """Give working hours as a span; of "" every hour of every day."""
    if not typed:
        return Span(0, 1440)
    days, _, hours = typed.strip().rpartition(" ")
    return Span(*_span(hours), _days(days) if days else frozenset(range(7)))


def quiet_until(at: float, hours: str, zone: str) -> float:
    """Give when the quiet hours end that `at` falls into, in Unix seconds; `at` itself when it is in none."""
    if not hours:
        return at
    now = datetime.fromtimestamp(at, ZoneInfo(zone))
    for begin, end in Span(*_span(hours)).times(now):
        if begin <= now < end:
            return end.timestamp()
        if begin > now:
            break
    return at


def after_working(at: float, seconds: float, hours: str, zone: str) -> float:
    """Give when so many working seconds have passed since `at`, in Unix seconds."""
    if not hours:
        return at + seconds
    left = seconds
    for begin, end in read_working(hours).times(datetime.fromtimestamp(at, ZoneInfo(zone))):
        since = max(begin.timestamp(), at)
        if end.timestamp() - since >= left:
            return since + left
        left -= max(end.timestamp() - since, 0.0)
    return at + seconds
