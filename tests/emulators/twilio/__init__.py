"""A strict emulator of Twilio's Messages API, with phones at the other end."""

from .emulator import DEFAULT_NUMBER, TwilioEmulator
from .life import DELIVERED, SENT_ONLY, STUCK, Fetched, Outcome, failed, undelivered
from .people import Confirmation, HandsetMessage, InboundResult
from .store import Number, Record
from .webhooks import Alert, Posted

__all__ = [
    "DEFAULT_NUMBER",
    "DELIVERED",
    "SENT_ONLY",
    "STUCK",
    "Alert",
    "Confirmation",
    "Fetched",
    "HandsetMessage",
    "InboundResult",
    "Number",
    "Outcome",
    "Posted",
    "Record",
    "TwilioEmulator",
    "failed",
    "undelivered",
]
