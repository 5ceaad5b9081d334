"""Moments as people read them, in the organisation's time zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> tzinfo:
    """Give the time zone of that name; UTC where there is none, since a card must not fail for it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def moment(at: float, timezone: str) -> str:
    """Say when: "Mon 3 Nov, 14:05". A card stays as it is drawn, so never "ten minutes ago"."""
    when = datetime.fromtimestamp(at, zone(timezone))
    return f"{when:%a} {when.day} {when:%b}, {when:%H:%M}"


def typed(at: float, timezone: str) -> str:
    """Write a moment as people type it into a form: "2026-12-01 18:00"."""
    return f"{datetime.fromtimestamp(at, zone(timezone)):%Y-%m-%d %H:%M}"


def month_begins(at: float, timezone: str) -> float:
    """Give when the month of a moment began there, in Unix seconds."""
    today = datetime.fromtimestamp(at, zone(timezone))
    return today.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
