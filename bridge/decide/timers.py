"""The hold of a reply is over: it leaves, in the order in which its thread's replies were typed."""

from dataclasses import replace

from bridge.decide import replies
from bridge.decide.deciding import Deciding
from bridge.model.events import HoldOver
from bridge.model.nouns import Message

SOON = 0.2  # seconds after the one that goes first; doubles each time it is put off
LONGEST = 30.0
OVERDUE = 600.0  # one that should have left so long ago holds nothing back any more


def hold_over(d: Deciding, event: HoldOver) -> None:
    """Let the reply go, unless it was changed, cancelled or sent meanwhile, or an earlier one still waits."""
    message = d.message(event.message_id)
    if message is None or d.contact is None or message.state != "held" or message.hold_until is None:
        return
    earlier = goes_first(d, message)
    if earlier is not None:
        assert earlier.hold_until is not None
        pause = min(SOON * 2**event.attempt, LONGEST) if event.attempt < 10 else LONGEST
        at = max(earlier.hold_until, d.now) + pause
        d.timer(replace(event, at=at, attempt=event.attempt + 1))
        return
    why = replies.refusal(d, message)
    if why is not None:
        replies.refuse(d, message, why)
        return
    replies.release(d, message)


def goes_first(d: Deciding, message: Message) -> Message | None:
    """Give the latest-leaving held reply of the same thread that was typed before this one."""
    before = [
        other
        for other in d.messages()
        if other.id != message.id
        and other.state == "held"
        and other.hold_until is not None
        and other.hold_until > d.now - OVERDUE
        and other.conversation_id == message.conversation_id
        and other.desk == message.desk
        and "" < other.order < message.order
    ]
    return max(before, key=lambda other: other.hold_until or 0.0, default=None)
