"""How Slack misbehaves: what can be ordered for the next calls of a method or the next events."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong with an answer; with `after_storing` the call takes effect all the same."""

    after_storing: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Drop(Fault):
    """The connection breaks without an answer."""

    after_storing: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class Stall(Fault):
    """The answer comes after `seconds`, or when somebody says so; with `after_storing` the effect is there at
    once."""

    seconds: float = 1.0
    until: asyncio.Event | None = None
    after_storing: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class RateLimited(Fault):
    """HTTP 429 with Retry-After; never stored."""

    retry_after: int = 1


@dataclass(frozen=True)
class HttpError(Fault):
    """A plain HTTP error such as 500 or 503."""

    status: int = 500


@dataclass(frozen=True)
class Html(Fault):
    """A page in HTML with status 200 where JSON belongs."""


@dataclass(frozen=True)
class HalfAnswer(Fault):
    """The answer breaks off in the middle."""

    after_storing: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class Refuse(Fault):
    """`ok: false` with `error`; with `after_storing` the message exists, as it may after `fatal_error`."""

    error: str = "fatal_error"


@dataclass(frozen=True)
class EventFault:
    """Something that goes wrong with the delivery of an event; order it for "event" or "event:<type>"."""


@dataclass(frozen=True)
class Twice(EventFault):
    """The event comes twice: as a repeated delivery, or under a new event_id."""

    new_event_id: bool = False


@dataclass(frozen=True)
class Late(EventFault):
    """The event comes after `seconds`, others overtake it."""

    seconds: float = 0.2


@dataclass(frozen=True)
class Lost(EventFault):
    """The event never comes."""


@dataclass(frozen=True)
class Backwards(EventFault):
    """The next `count` events are kept back and then come in reverse order."""

    count: int = 2


@dataclass
class Order:
    """One entry of the list of what shall go wrong."""

    target: str
    fault: Fault | EventFault
    times: int
    channel: str | None = None


@dataclass
class Faults:
    """The orders that are still to be carried out, oldest first."""

    orders: list[Order] = field(default_factory=list)

    def add(self, target: str, fault: Fault | EventFault, times: int, channel: str | None) -> None:
        """Order a fault for the next `times` calls of a method, or events, optionally of one channel only."""
        if isinstance(fault, EventFault) != (target.split(":")[0] == "event"):
            raise ValueError(f"{fault} does not go with {target}")
        self.orders.append(Order(target, fault, times, channel))

    def take(self, *targets: str, channel: str | None = None) -> Fault | EventFault | None:
        """Return the first fault that was ordered for one of the targets, and count it down.

        "*" stands for every call; events are not meant by it.
        """
        wanted = (*targets, "*") if not targets[0].startswith("event") else targets
        for order in self.orders:
            if order.target in wanted and order.channel in (None, channel):
                order.times -= 1
                if order.times <= 0:
                    self.orders.remove(order)
                return order.fault
        return None
