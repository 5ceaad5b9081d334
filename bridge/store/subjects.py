"""What a happening names: the person, message or thread that a decision about it will be about."""

from dataclasses import dataclass

from bridge.model import effects as fx
from bridge.model import events as ev
from bridge.model.address import read_number
from bridge.model.effects import Outcome
from bridge.model.nouns import Contact, Message, Thread

Happening = ev.Event | Outcome


@dataclass(slots=True)
class Subject:
    """What a happening names, and what that turned out to be."""

    happening: Happening
    address: str | None = None
    message_id: str | None = None
    thread_id: str | None = None
    desk: str | None = None
    thread_ref: str | None = None
    message_ref: str | None = None
    provider_id: str | None = None
    line: str | None = None
    # found:
    message: Message | None = None
    thread: Thread | None = None
    conversation_id: str | None = None
    contact: Contact | None = None


def subject_of(happening: Happening, region: str) -> Subject:
    """Say what a happening names: an address, a message, a thread."""
    match happening:
        case ev.TextReceived():
            return Subject(happening, address=happening.sender)
        case ev.DeliveryReported():
            return Subject(
                happening,
                message_id=happening.message_id,
                provider_id=happening.provider_id,
                line=happening.line,
            )
        case ev.ReminderDue() | ev.CampaignDue() | ev.FormExpires():
            return Subject(happening, address=happening.address)
        case ev.HoldOver():
            return Subject(happening, message_id=happening.message_id)
        case ev.StaffWrote() | ev.ThreadLost():
            return Subject(happening, desk=happening.desk, thread_ref=happening.thread)
        case ev.StaffEdited() | ev.StaffDeleted():
            return Subject(happening, desk=happening.desk, message_ref=happening.ref)
        case ev.StaffPressed():
            number = happening.form.get("number") if happening.action in ("new", "campaign_test") else None
            return Subject(
                happening,
                address=read_number(number, region) if number else None,
                message_id=happening.value.partition(":")[0] or None,
                thread_id=happening.value.partition(":")[0] or None,
                desk=happening.desk,
                thread_ref=happening.thread,
                message_ref=happening.ref,
            )
        case Outcome():
            body = happening.effect.body
            ref_of = isinstance(body, fx.MarkMessage)
            return Subject(
                happening,
                message_id=getattr(body, "message_id", None)
                or next(iter(getattr(body, "message_ids", ())), None),
                thread_id=getattr(body, "thread_id", None),
                desk=getattr(body, "desk", None),
                message_ref=getattr(body, "ref", None) if ref_of else None,
                thread_ref=getattr(body, "thread", None) if ref_of else None,
            )
        case _:
            return Subject(happening)
