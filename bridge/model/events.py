"""Everything that comes in. Each is committed to the journal before its sender hears "received".

`type` tells them apart when they are read back. `key` makes one of a repeated event; `lane` keeps
the order of what belongs together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.model.nouns import Author, Media


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A text reached one of our numbers."""

    line: str
    provider_id: str
    sender: str
    sender_kind: Literal["e164", "short_code", "name"]
    text: str
    at: float
    media: tuple[Media, ...] = ()
    segments: int = 1
    late: bool = False
    answered_by_provider: str | None = None  # "stop", "start", "help": the provider says that it answered
    type: Literal["text_received"] = "text_received"

    @property
    def key(self) -> str:
        """One text: the provider's id on that line."""
        return f"in:{self.line}:{self.provider_id}"

    @property
    def lane(self) -> str:
        """All texts of one person in turn."""
        return f"from:{self.sender}"


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """A provider says what became of a text of ours."""

    line: str
    provider_id: str
    state: Literal["queued", "sent", "delivered", "undelivered", "failed", "cancelled"]
    at: float
    message_id: str | None = None  # ours, where the provider gives it back
    recipient: str = ""
    error_code: str | None = None
    error: str | None = None  # in words, when the state is a failure
    opted_out: bool = False  # the failure means that the recipient is on the provider's block list
    segments: int | None = None
    retry_helps: bool = True  # the same text may arrive another time: staff are offered the button
    type: Literal["delivery_reported"] = "delivery_reported"

    @property
    def key(self) -> str:
        """One report: a state of a message is told once."""
        return f"dlr:{self.line}:{self.provider_id}:{self.state}"

    @property
    def lane(self) -> str:
        """With the recipient's own texts."""
        return f"from:{self.recipient or self.provider_id}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A rightly signed request whose body cannot be read: kept raw, told to the operator."""

    line: str
    digest: str
    body: str  # base64
    content_type: str
    at: float
    type: Literal["unreadable"] = "unreadable"

    @property
    def key(self) -> str:
        """One body."""
        return f"raw:{self.line}:{self.digest}"

    @property
    def lane(self) -> str:
        """A lane of its own a line."""
        return f"raw:{self.line}"


@dataclass(frozen=True, slots=True)
class StaffWrote:
    """Somebody wrote on a desk. `thread` is None outside any thread."""

    desk: str
    thread: str | None
    ref: str
    author: Author
    text: str  # as people read it: emoji as characters, names for mentions, no markup
    at: float
    order: str  # sorts what one thread holds, as a string: zero-padded ts or message id
    media: tuple[Media, ...] = ()
    starts_with_mention: bool = False  # it begins by naming a colleague: a note
    caught_up: bool = False  # fetched after the daemon was down
    in_ours: bool = False  # the platform says that we began this thread, whether we know of it or not
    type: Literal["staff_wrote"] = "staff_wrote"

    @property
    def key(self) -> str:
        """One message, however often it is told: by its own id, never by the delivery's."""
        return f"wrote:{self.desk}:{self.ref}"

    @property
    def lane(self) -> str:
        """What happens on one desk happens in turn."""
        return f"desk:{self.desk}"


@dataclass(frozen=True, slots=True)
class StaffEdited:
    """Somebody changed the words of a message. Connectors leave out edits that change none."""

    desk: str
    thread: str | None
    ref: str
    author: Author
    text: str
    at: float
    version: str  # the platform's mark of this edit
    starts_with_mention: bool = False
    type: Literal["staff_edited"] = "staff_edited"

    @property
    def key(self) -> str:
        """One edit of one message."""
        return f"edited:{self.desk}:{self.ref}:{self.version}"

    @property
    def lane(self) -> str:
        """What happens on one desk happens in turn."""
        return f"desk:{self.desk}"


@dataclass(frozen=True, slots=True)
class StaffDeleted:
    """Somebody deleted a message."""

    desk: str
    ref: str
    at: float
    type: Literal["staff_deleted"] = "staff_deleted"

    @property
    def key(self) -> str:
        """A message is deleted once."""
        return f"deleted:{self.desk}:{self.ref}"

    @property
    def lane(self) -> str:
        """What happens on one desk happens in turn."""
        return f"desk:{self.desk}"


@dataclass(frozen=True, slots=True)
class StaffPressed:
    """Somebody used a button, a menu, a reaction that means something, a shortcut or a command.

    actions: send (a message of the explicit mode), retry, leave, unsubscribe, resubscribe, remove,
    display, show_all, show_natural, assign, resolve, reopen, opt_out, not_meant, confirm_send, cancel_send
    (of what waits for a press), send_now, cancel_now (of what would leave by itself), new, read, note,
    correct, straighten (a held reply goes in plain characters), show_hidden, reply (from a form), set (a
    setting), template_save, template_remove, watch, watch_test, role, name, block, unblock, erase; of the
    subscriber side keyword_*, list_*, form_*, filling_*, poll_*, vote_* and campaign_* (decide/pressed.py).
    `value` is what the button carried: a message's or thread's id of ours, or free text.
    """

    desk: str
    action: str
    author: Author
    at: float
    delivery: str  # unique a press: the platform's id of it
    value: str = ""
    thread: str | None = None  # the platform's ref of the thread it was used in
    ref: str | None = None  # the platform's ref of the message it was used on
    form: Mapping[str, str] = field(default_factory=dict)
    type: Literal["staff_pressed"] = "staff_pressed"

    @property
    def key(self) -> str:
        """One press."""
        return f"pressed:{self.desk}:{self.delivery}"

    @property
    def lane(self) -> str:
        """What happens on one desk happens in turn."""
        return f"desk:{self.desk}"


@dataclass(frozen=True, slots=True)
class ThreadLost:
    """A thread is gone from its platform: deleted by hand, or its root is."""

    desk: str
    thread: str
    at: float
    type: Literal["thread_lost"] = "thread_lost"

    @property
    def key(self) -> str:
        """A thread is lost once."""
        return f"lost:{self.desk}:{self.thread}"

    @property
    def lane(self) -> str:
        """What happens on one desk happens in turn."""
        return f"desk:{self.desk}"


@dataclass(frozen=True, slots=True)
class HoldOver:
    """A timer: the hold of a reply has passed."""

    message_id: str
    address: str
    at: float
    attempt: int = 0
    desk: str = ""  # where the reply was typed
    type: Literal["hold_over"] = "hold_over"

    @property
    def key(self) -> str:
        """One timer a message, and one more each time it is put off."""
        return f"hold:{self.message_id}:{self.attempt}"

    @property
    def lane(self) -> str:
        """With the person's own texts, so that STOP and a reply never pass each other unseen."""
        return f"from:{self.address}"


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A timer: somebody has been waiting on a desk for as long as its staff wanted to be reminded of."""

    conversation_id: str
    address: str
    desk: str
    since: float  # their `waiting_since`: where that moved on, nobody is reminded
    at: float
    type: Literal["reminder_due"] = "reminder_due"

    @property
    def key(self) -> str:
        """One reminder a desk and wait."""
        return f"remind:{self.conversation_id}:{self.desk}:{self.since:.3f}"

    @property
    def lane(self) -> str:
        """With the person's own texts."""
        return f"from:{self.address}"


@dataclass(frozen=True, slots=True)
class CampaignDue:
    """One person's part of a campaign is due."""

    campaign_id: str
    contact_id: str
    address: str
    planned: float  # when it was to go
    at: float
    attempt: int = 0
    type: Literal["campaign_due"] = "campaign_due"

    @property
    def key(self) -> str:
        """One a person, and one more each time it was put off."""
        return f"campaign:{self.campaign_id}:{self.contact_id}:{self.attempt}"

    @property
    def lane(self) -> str:
        """With the person's own texts, so that STOP and a campaign never pass each other unseen."""
        return f"from:{self.address}"


@dataclass(frozen=True, slots=True)
class FormExpires:
    """A timer: a form's question has waited for days."""

    filling_id: str
    address: str
    asked_at: float  # where it was answered or asked again, nothing ends
    at: float
    type: Literal["form_expires"] = "form_expires"

    @property
    def key(self) -> str:
        """One a question."""
        return f"form:{self.filling_id}:{self.asked_at:.3f}"

    @property
    def lane(self) -> str:
        """With the person's own texts."""
        return f"from:{self.address}"


Timer = HoldOver | ReminderDue | FormExpires
Event = (
    TextReceived
    | DeliveryReported
    | Unreadable
    | StaffWrote
    | StaffEdited
    | StaffDeleted
    | StaffPressed
    | ThreadLost
    | CampaignDue
    | Timer
)
