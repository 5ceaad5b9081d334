"""A strict Slack: one workspace, its Web API, its sockets, and people who use it."""

from .emulator import SlackEmulator
from .errors import CannotDoError, NoAckError, SlackError
from .faults import (
    Backwards,
    Drop,
    HalfAnswer,
    Html,
    HttpError,
    Late,
    Lost,
    RateLimited,
    Refuse,
    Stall,
    Twice,
)

__all__ = [
    "Backwards",
    "CannotDoError",
    "Drop",
    "HalfAnswer",
    "Html",
    "HttpError",
    "Late",
    "Lost",
    "NoAckError",
    "RateLimited",
    "Refuse",
    "SlackEmulator",
    "SlackError",
    "Stall",
    "Twice",
]
