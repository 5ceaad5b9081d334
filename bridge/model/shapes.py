"""What a desk draws: cards, posts, buttons and marks, before any platform's markup.

Texts are plain. A connector shows them literally and makes whatever could act in its chat inert.
"""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What became of a staff member's message."""

    HELD = "held"  # ⏳
    SENT = "sent"  # ✓
    DELIVERED = "delivered"  # ✅
    FAILED = "failed"  # ❌
    CANCELLED = "cancelled"  # 🚫
    NOTE = "note"  # 📝 stayed inside


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `action` and `value` come back in a StaffPressed event."""

    action: str
    label: str
    value: str
    danger: bool = False
    confirm: str = ""  # asked before it happens, where the platform can ask
    url: str = ""  # it only opens this address


@dataclass(frozen=True, slots=True)
class Card:
    """The head of a thread."""

    title: str  # who this is
    facts: tuple[tuple[str, str], ...]  # label, value
    notice: str = ""  # one line that matters: "Opted out: nothing can be sent"
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()  # behind ⋯
    closed: bool = False  # nothing written here goes anywhere any more


@dataclass(frozen=True, slots=True)
class Post:
    """One message in a thread.

    body is somebody's words (untrusted, shown as they are); head is ours ("Ana (Telegram)", "Notice").
    """

    head: str
    body: str
    style: str = "inbound"  # inbound, outbound, notice
    buttons: tuple[Button, ...] = ()
    media: tuple[str, ...] = ()  # ids of stored files that belong under it
    resurface: bool = False  # also show it in the channel: the thread is old
    foot: str = ""  # small print, ours: the reason of a classification
    message_id: str = ""  # which message it shows, for a desk that reads messages by itself


@dataclass(frozen=True, slots=True)
class File:
    """A file with its bytes."""

    name: str
    content_type: str
    data: bytes
