"""The nouns that are stored: contact, conversation, thread, message and what hangs on them.

All frozen; a decision saves a changed copy. Times are Unix seconds (UTC).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.model.shapes import Post
from bridge.model.verdict import Tapback

Display = Literal["natural", "all"]
ReplyMode = Literal["direct", "explicit"]
Role = Literal["", "agent", "admin"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who did something on a desk. `id` is the platform's own; only a member may send."""

    id: str
    name: str
    standing: Literal["member", "stranger", "anonymous", "bot"] = "member"
    role: Role = ""  # where the platform's own accounts say it


@dataclass(frozen=True, slots=True)
class Contact:
    """A person (or a machine) with a phone number."""

    id: str
    address: str
    address_kind: Literal["e164", "short_code", "name"] = "e164"
    name: str | None = None
    opted_out_at: float | None = None  # STOP: nothing goes out until they opt in again
    unsubscribed_at: float | None = None  # by staff: no campaigns and polls; replies stay possible
    doubted_at: float | None = None  # may have revoked: machines stay silent until staff decide
    welcomed_at: float | None = None  # when the compliance text was sent
    blocked_at: float | None = None
    created_at: float = 0.0
    fields: Mapping[str, str] = field(default_factory=dict)  # what else is known: "zip", "birthday"
    tags: tuple[str, ...] = ()
    timezone: str | None = None  # where staff know better than the number: "America/Denver"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One contact on one line."""

    id: str
    contact_id: str
    line: str
    state: Literal["open", "resolved", "removed"] = "open"
    assigned_to: str | None = None  # the name as desks show it
    waiting_since: float | None = None  # the first text that nobody answered yet
    last_in_at: float | None = None
    last_at: float = 0.0
    unread: int = 0  # natural texts since somebody answered or looked
    awaiting: dict[str, object] | None = None  # the question asked, as rules.Awaiting reads it
    created_at: float = 0.0
    campaign: str | None = None  # id of the last one that went out here
    campaign_at: float | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as one desk shows it. At most one live thread a conversation and desk."""

    id: str
    conversation_id: str
    desk: str
    ref: str | None = None  # the platform's: a thread_ts, a topic id; None until it is open
    state: Literal["live", "removed"] = "live"
    display: Display | None = None  # "all" for this thread alone; None: as the desk
    last_post_at: float = 0.0
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class ThreadNote:
    """A post in a thread that shows no message: kept, so that it and its buttons can be drawn again."""

    ref: str
    thread_id: str
    post: Post
    at: float


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file of a message. The bytes are stored apart, under the same id."""

    id: str
    content_type: str
    name: str = ""
    size: int | None = None
    origin: str = ""  # "line:main" or "desk:slack.support": who can fetch it
    url: str = ""  # where that one fetches it; never shown, never linked


MessageState = Literal[
    "received",
    "internal",  # a note, or a reply not yet sent in the explicit mode: never leaves
    "held",
    "queued",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "cancelled",
    "unsure",
]


@dataclass(frozen=True, slots=True)
class Message:
    """One text, in or out, or a staff member's internal word."""

    id: str
    conversation_id: str
    contact_id: str
    line: str
    direction: Literal["in", "out", "internal"]
    text: str
    kind: str  # in: a verdict's kind; out: reply, auto, campaign, poll, data, confirmation; internal: note
    state: MessageState
    at: float
    media: tuple[Media, ...] = ()
    value: object = None
    reason: str = ""
    suspicion: str | None = None
    author: str = ""  # the person's name as the desk shows it, or "machine"
    author_id: str = ""
    desk: str | None = None  # where staff wrote it
    ref: str | None = None  # what the desk calls it
    order: str = ""  # sorts the replies of one thread as they were typed
    provider_id: str | None = None
    segments: int = 1
    credits: int = 0
    error: str | None = None  # in words
    error_code: str | None = None
    hold_until: float | None = None
    late: bool = False  # fetched from the provider's list, its webhook never came
    attempts: int = 1  # how often staff had it sent: a further one has a key of its own
    corrected: str | None = None  # in: the kind that staff say it is
    corrected_by: str = ""
    tapback: Tapback | None = None  # in: of a reaction, to what
    consent_before: Mapping[str, float | None] | None = None  # in: what an opt-in or opt-out changed
    campaign: str | None = None  # id of the campaign that it is part of (out), or answers (in)


@dataclass(frozen=True, slots=True)
class PostRef:
    """Which chat message shows which of our messages. One message may have several."""

    thread_id: str
    desk: str
    ref: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Template:
    """A text that is written once and sent often. Its name is as staff see it; removed ones can come back."""

    name: str
    text: str
    by: str
    at: float
    removed_at: float | None = None


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template was sent in answer to a text: the next like it finds the template first."""

    id: str
    template: str
    answered: str  # id of the text that it answered; "": of none
    at: float


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works on a desk, as far as they have shown themselves there."""

    desk: str
    id: str  # the platform's
    name: str
    role: Role = ""  # "": as the desk has it for everybody


@dataclass(frozen=True, slots=True)
class Watcher:
    """A colleague who wants to be told of new texts by e-mail or text."""

    desk: str
    person: str
    name: str
    channel: Literal["email", "sms"]
    address: str
    on: bool = True
    every: float = 0.0  # seconds between digests; 0: at once
    quiet: str = ""  # "22:00-07:00", in the organisation's zone
    lines: tuple[str, ...] = ()  # none: all of the desk's


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that puts whoever texts it on a list."""

    word: str  # in capitals
    list_name: str
    reply: str
    reply_again: str | None = None
    form: str | None = None  # that it starts
    double: bool = False  # asks for a YES before anybody is on the list
    removed_at: float | None = None


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list that contacts are subscribed to."""

    name: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Subscription:
    """A contact on a list; `ended_at` set when they left it."""

    contact_id: str
    list_name: str
    since: float
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A line of the append-only ledger: how do we know that they agreed, or that they do not."""

    id: str
    contact_id: str
    address: str
    event: Literal[
        "opt_in",
        "opt_out",
        "help",
        "doubt",
        "provider_block",
        "unsubscribed",
        "resubscribed",
        "corrected",
        "asked",  # double opt-in: they were asked to confirm
        "left",  # a list, where nothing else is said
        "blocked",
        "unblocked",
        "merged",
        "erased",
    ]
    scope: str  # "all" or a list's name
    at: float
    source: str  # "text", "staff", "provider", "import"
    words: str  # the person's own
    matched_by: str  # the reason in words
    message_id: str | None = None
    actor: str = ""
