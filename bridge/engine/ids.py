"""Ids from the clock: sorted in the order they were made."""

import secrets
from collections.abc import Callable

from bridge.model.ids import Ids, make_id


def time_ids(now: Callable[[], float]) -> Ids:
    """Give ids that sort in the order they were made within this process, whatever the clock does."""
    last, random = 0, 0

    def next_id() -> str:
        nonlocal last, random
        at = int(now() * 1000)
        if at > last:
            last, random = at, secrets.randbits(79)
        else:
            random += 1
        return make_id(last / 1000, random)

    return next_id
