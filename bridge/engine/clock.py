"""A clock that never goes back, whatever happens to the machine's."""

import time
from collections.abc import Callable


def steady(wall: Callable[[], float], monotonic: Callable[[], float] = time.monotonic) -> Callable[[], float]:
    """Give a clock that follows the wall clock forwards, and goes on by itself when that is set back.

    What is due, leased or held until a time would otherwise wait as long as the step, and what came in after
    it would overtake what came before. Until the next start it is ahead then, by as much.
    """
    ahead = wall() - monotonic()

    def now() -> float:
        nonlocal ahead
        ahead = max(ahead, wall() - monotonic())
        return monotonic() + ahead

    return now
