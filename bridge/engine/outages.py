"""Outages: what the operator is told when nothing goes out for long, and when it goes again.

One notice an outage, however many texts and posts wait for its end, and one when it is over.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bridge.engine import settling
from bridge.errors import ConnectorError, Throttled, Unreachable, Unsure, Unusable
from bridge.render import words
from bridge.store.settle import Settled

LONG = 120.0  # seconds; what is away for less mends itself before anybody could look


@dataclass(slots=True, eq=False)
class _Outage:
    since: float
    reason: str = ""  # as the operator was told; "" while it is too short to tell of
    speaks: bool = False  # for its desk: of several meters with the same trouble one does


class Outages:
    """Looks at every attempt that comes back. Counted by meter: posts may go where marks do not."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Nothing is wrong yet."""
        self._now = now
        self._outages: dict[str, _Outage] = {}

    def after(self, settled: Settled, error: ConnectorError | None) -> Settled:
        """Give what came of an attempt with what must be said of it. error: what stopped it, if anything.

        While a meter is marked unusable, `/readyz` and the operator are told by whoever settles.
        """
        meter = settled.claim.effect.meter
        where = meter.partition(":")[2]
        if not where:  # files that nothing shows: they say nothing about a desk or a line
            return settled
        if settled.state not in ("open", "doubtful"):
            return self._over(settled, meter, where)
        if not isinstance(error, Unusable | Throttled | Unreachable | Unsure):
            return settled
        return self._goes_on(settled, meter, where, error)

    def _goes_on(self, settled: Settled, meter: str, where: str, error: ConnectorError) -> Settled:
        now = self._now()
        outage = self._outages.setdefault(meter, _Outage(now))
        if isinstance(error, Unusable):  # it waits for somebody: no use in waiting with the news
            outage.reason = error.reason
        elif now - outage.since < LONG:
            return settled
        elif not outage.reason:
            slow = words.AWAY_SLOW if isinstance(error, Throttled) else error.reason
            outage.reason = next((other.reason for other in self._told(where)), slow)
        told = self._told(where)
        outage.speaks = not any(
            one.speaks and one.reason == outage.reason for one in told if one is not outage
        )
        closed = max(settled.close_meter_until or 0.0, now + settling.UNUSABLE)
        return replace(settled, error=outage.reason, close_meter_until=closed, unusable=outage.speaks)

    def _told(self, where: str) -> list[_Outage]:
        """Give what the operator was told of a desk or number."""
        here = (one for meter, one in self._outages.items() if meter.partition(":")[2] == where)
        return [one for one in here if one.reason]

    def _over(self, settled: Settled, meter: str, where: str) -> Settled:
        outage = self._outages.pop(meter, None)
        if outage is None or not outage.reason or self._told(where):
            return settled
        return replace(settled, notice=words.OP_WORKS_AGAIN.format(where=where))
