"""What it takes to send from one line."""

from dataclasses import dataclass

from bridge.ports import SmsProvider, Transport


@dataclass(frozen=True, slots=True)
class LineOut:
    """A number, whose account it is, and how requests get there."""

    number: str
    provider: SmsProvider
    transport: Transport
