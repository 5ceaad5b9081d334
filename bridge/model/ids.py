"""Ids: 26 characters, sorted by time, so that rows written together lie together in an index."""

from collections.abc import Callable

Ids = Callable[[], str]
"""Gives a new id at each call. Passed in, so that a decision can be repeated exactly."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


def make_id(now: float, randomness: int) -> str:
    """Make an id from Unix seconds and 80 random bits (the layout of a ULID, in small letters)."""
    number = (int(now * 1000) << 80) | (randomness & ((1 << 80) - 1))
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def counting(prefix: str = "id") -> Ids:
    """Give ids for tests and replays: id1, id2, …"""
    count = 0

    def next_id() -> str:
        nonlocal count
        count += 1
        return f"{prefix}{count}"

    return next_id
