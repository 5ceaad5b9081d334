"""What a decision may look at (Snapshot) and what it may say (Decision). No I/O on either side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bridge.model.effects import Effect
from bridge.model.events import Timer
from bridge.model.nouns import (
    Colleague,
    Consent,
    Contact,
    Conversation,
    Display,
    Keyword,
    Media,
    Message,
    NamedList,
    PostRef,
    ReplyMode,
    Subscription,
    Template,
    TemplateUse,
    Thread,
    ThreadNote,
    Watcher,
)
from bridge.model.outreach import Bulletin, Campaign, Filling, Form, Poll, Recipient, Unclear, Vote
from bridge.model.traits import ChatTraits, SmsTraits


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose number this is."""

    name: str
    contact: str
    region: str = "US"
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Line:
    """One of our numbers."""

    name: str
    number: str
    desks: tuple[str, ...]
    traits: SmsTraits
    long_messages: str = "mms"  # or "segments"
    provider_answers: frozenset[str] = frozenset()  # of stop, start, help
    budget: int = 0  # credits a month, at which campaigns stop; 0: none
    channel: str = ""  # shown on cards where the organisation has several lines


@dataclass(frozen=True, slots=True)
class Desk:
    """A place where staff work, with the settings in force now."""

    name: str
    traits: ChatTraits
    label: str  # how people call it: "Slack", "Telegram", "the web inbox"
    display: Display = "natural"
    reply_mode: ReplyMode = "direct"
    hold_seconds: float = 5.0
    confirm_above: int | None = None  # credits
    resurface_hours: float = 12.0
    catch_up_hours: float = 12.0
    remind_after: float = (
        0.0  # working minutes that somebody waits until their thread is brought up; 0: never
    )
    working_hours: str = ""  # "Mon-Fri 09:00-17:00"; "": always
    admins: frozenset[str] = frozenset()  # the platform's ids, from the configuration


@dataclass(frozen=True, slots=True)
class World:
    """What holds for every decision: the organisation, its lines and desks, its keywords."""

    organisation: Organisation
    lines: Mapping[str, Line]
    desks: Mapping[str, Desk]
    keywords: Mapping[str, Keyword] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    suppression_key: str = field(default="", repr=False)  # "": nobody was erased who must not be texted
    forms: Mapping[str, Form] = field(default_factory=dict)
    polls: Mapping[str, Poll] = field(default_factory=dict)  # by id: drafts, open ones, late closed ones
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)  # by id: those that are not over
    colleagues: Mapping[tuple[str, str], Colleague] = field(default_factory=dict)  # by desk and id
    watchers: tuple[Watcher, ...] = ()
    quiet_hours: str = ""  # "21:00-08:00", in each contact's own zone: campaigns and automatic texts wait
    sends_mail: bool = False  # a mail server is configured
    settings: Mapping[tuple[str, str], str] = field(default_factory=dict)  # made at run time, by scope, name


@dataclass(frozen=True, slots=True)
class Recent:
    """A message of the last days, as far as a decision needs it."""

    id: str
    conversation_id: str
    direction: str
    kind: str
    text: str
    at: float
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One person and everything of theirs that a decision about them may need.

    contact is None for somebody never seen. subject is the message that the event is about
    (the reply that was edited, the text that was reported on), where there is one.
    """

    world: World
    contact: Contact | None = None
    conversations: tuple[Conversation, ...] = ()
    threads: tuple[Thread, ...] = ()  # live ones, and removed ones that the event names
    subscriptions: tuple[Subscription, ...] = ()
    held: tuple[Message, ...] = ()
    open_texts: tuple[Message, ...] = ()  # queued: committed to go out, not yet on their way or unknown
    recent: tuple[Recent, ...] = ()  # newest first: where a thread is gone; of automatic texts: for a text
    subject: Message | None = None
    subject_refs: tuple[PostRef, ...] = ()
    hidden: int = 0  # messages of the conversation that its natural threads do not show
    hidden_messages: tuple[Message, ...] = ()  # those, oldest first: only when staff ask (show_hidden)
    fillings: tuple[Filling, ...] = ()  # forms that this person is in the middle of
    suppressed: bool = False  # somebody never seen, but erased after they had opted out
    address: str | None = None  # of somebody never seen whom staff want to text: E.164

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Give this person's conversation of that id."""
        return next((c for c in self.conversations if c.id == conversation_id), None)

    def on_line(self, line: str) -> Conversation | None:
        """Give this person's conversation on that line."""
        return next((c for c in self.conversations if c.line == line), None)

    def live_threads(self, conversation_id: str) -> tuple[Thread, ...]:
        """Give the threads in which that conversation is shown now."""
        return tuple(t for t in self.threads if t.conversation_id == conversation_id and t.state == "live")


Noun = (
    Contact
    | Conversation
    | Thread
    | Message
    | PostRef
    | Subscription
    | Consent
    | ThreadNote
    | Template
    | TemplateUse
    | Colleague
    | Watcher
    | Form
    | Keyword
    | NamedList
    | Filling
    | Poll
    | Vote
    | Unclear
    | Campaign
    | Recipient
    | Bulletin
)
KEYS: Final[Mapping[type, tuple[str, ...]]] = {  # the fields that name a row, where that is not `id`
    Subscription: ("contact_id", "list_name"),
    PostRef: ("desk", "ref", "message_id"),
    ThreadNote: ("ref",),
    Template: ("name",),
    Colleague: ("desk", "id"),
    Watcher: ("desk", "person", "channel"),
    Form: ("name",),
    Keyword: ("word",),
    NamedList: ("name",),
    Vote: ("poll_id", "contact_id"),
    Unclear: ("message_id",),
    Recipient: ("campaign_id", "contact_id"),
}


def key_of(row: Noun) -> tuple[str, ...]:
    """Name a row within its table."""
    return tuple([getattr(row, name) for name in KEYS.get(type(row), ("id",))])


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting made at run time; it wins over the configuration."""

    scope: str  # a desk's name, "line:NAME", or "" for all
    name: str
    value: str
    by: str
    before: str | None = None  # what was in force; None: what the configuration says


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be: rows saved, effects to come, timers set, what must not happen any more."""

    save: tuple[Noun, ...] = ()
    effects: tuple[Effect, ...] = ()
    drawn: tuple[Effect, ...] = ()  # on desks that draw themselves: done by being decided
    timers: tuple[Timer, ...] = ()
    cancel_texts: tuple[str, ...] = ()  # ids of messages whose SendSms must not go out, if it has not yet
    settings: tuple[SettingChange, ...] = ()
    notices: tuple[str, ...] = ()  # for the operator, in words
