"""Pacing: every meter that this daemon serves, and how fast it goes.

The names are those that bridge.decide.effects gives to effects.
"""

from collections.abc import Mapping

from bridge.model.decision import Desk, Line
from bridge.model.traits import Rate

_FETCH = Rate(10, 10)  # files of texts that no thread shows

_NOTIFY = Rate(1, 10)  # e-mails and texts to colleagues


def rates(lines: Mapping[str, Line], desks: Mapping[str, Desk]) -> dict[str, Rate]:
    """Give the rate of every meter."""
    found = {"fetch": _FETCH, "notify:email": _NOTIFY, "notify:sms": _NOTIFY}
    found |= {f"number:{line.number}": line.traits.rate for line in lines.values()}
    for desk in desks.values():
        found[f"post:{desk.name}"] = desk.traits.post_rate
        found[f"mark:{desk.name}"] = desk.traits.mark_rate
    return found


def merge_chars(desks: Mapping[str, Desk]) -> dict[str, int]:
    """Give how long a merged post may get, by the meter of its desk."""
    return {f"post:{desk.name}": desk.traits.max_chars for desk in desks.values()}
