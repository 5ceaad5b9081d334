"""The protocols that connectors fill, and what they are given.

A provider of text messages is a class with no I/O: its generators yield requests and receive
responses. A chat is a class that listens and posts. Neither decides anything.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from aiohttp import web

from bridge.model.events import DeliveryReported, Event, TextReceived
from bridge.model.ids import Ids
from bridge.model.nouns import Author, Media, ThreadNote
from bridge.model.panel import Panel, Typed
from bridge.model.shapes import Card, File, Mark, Post
from bridge.model.traits import ChatTraits, SmsTraits
from bridge.model.verdict import Tapback


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, in or out. `url` of an inbound one is the public URL that the provider called."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    auth: tuple[str, str] | None = field(default=None, repr=False)  # HTTP Basic, outbound only
    max_bytes: int = 1 << 20  # of the answer's body; more is an error
    keep_auth_on_redirect: bool = False

    def header(self, name: str) -> str:
        """Give a header by its name in lower case, however it was written; "" where there is none."""
        value = self.headers.get(name)
        if value is not None:
            return value
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a Request. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class OutboundSms:
    """A text on its way out."""

    id: str  # ours; comes back with delivery reports where the provider can
    sender: str  # the line's number
    to: str
    text: str
    media_urls: tuple[str, ...] = ()
    as_mms: bool = False
    status_url: str = ""
    first_tried_at: float = 0.0  # Unix seconds; for `find`


@dataclass(frozen=True, slots=True)
class Sent:
    """A provider took a text."""

    provider_id: str
    segments: int | None = None


Transport = Callable[[Request], Awaitable[Response]]
"""Carries a request of a provider's generator out and its answer back. Raises Unreachable when it surely
did not arrive, Unsure when it may have."""

Exchange = Generator[Request, Response, Sent]
InboundEvent = TextReceived | DeliveryReported


@dataclass(frozen=True, slots=True)
class LineContext:
    """What a provider is told of the line it serves."""

    name: str
    number: str
    region: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a live check found."""

    where: str  # "line main", "slack", "telegram"
    ok: bool
    what: str
    mend: str = ""


class SmsProvider(Protocol):
    """One account at a provider of text messages, for one line. No I/O, no clock.

    Constructed as Provider(config, line: LineContext), config being the module's own Config.
    """

    traits: SmsTraits

    def verify(self, request: Request) -> None:
        """Raise BadSignature unless the provider signed this request."""

    def parse(self, request: Request, now: float) -> Sequence[InboundEvent]:
        """Give what the request tells; raise errors.Unreadable when it cannot be read."""

    def answer(self, events: Sequence[InboundEvent]) -> Response:
        """Give the answer that this provider wants to hear once the events are committed."""

    def send(self, sms: OutboundSms) -> Exchange:
        """Send one text. Raises Rejected, OptedOut, Throttled, Unusable, Unreachable or Unsure."""

    def find(self, sms: OutboundSms) -> Generator[Request, Response, Sent | None]:
        """Look for a text that may have gone out. None: it did not (yet) show."""

    def missed(self, since: float, now: float) -> Generator[Request, Response, Sequence[TextReceived]]:
        """List what came in since then, webhook or not."""

    def fetch(self, url: str) -> Request:
        """Give the request that fetches a media part of an inbound text."""

    def check(self, public_url: str) -> Generator[Request, Response, Sequence[Finding]]:
        """Sign in and look whether the number can receive and send; say what is missing."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a listener has read its platform; kept with the events that it read."""

    name: str
    value: str


class Log(Protocol):
    """Structured log: an event name and fields. Never a text body, a secret or a whole phone number."""

    def info(self, event: str, **fields: object) -> None:
        """Something happened."""

    def warning(self, event: str, **fields: object) -> None:
        """Something is wrong, and is being dealt with."""

    def error(self, event: str, **fields: object) -> None:
        """Something is wrong, and somebody must look."""


class Sink(Protocol):
    """Where listeners put what they hear. Once `put` has returned, it is committed."""

    async def put(self, events: Sequence[Event], cursor: Cursor | None = None) -> None:
        """Commit events (repeated ones are ignored) and the cursor, in one transaction.

        Raises bridge.errors.Unreachable when the store does not answer: do not acknowledge then.
        """

    async def cursor(self, name: str) -> str | None:
        """Give the value kept under that name."""

    async def threads(self, desk: str, active_since: float) -> Sequence[str]:
        """Give the refs of the live threads of a desk that were active since then, newest first."""

    async def last_text(self, desk: str, ref: str) -> str | None:
        """Give the words of a staff message as we last heard them; None: never heard of it."""

    async def notice(self, text: str) -> None:
        """Tell the operator: a sentence for whoever looks after the server, which staff do not see."""


class ChatPlatform(Protocol):
    """One chat platform with its desks. Desks are named "slack.support"; `thread` and `ref` are the
    platform's own ids, as strings that only the connector reads.

    Constructed as Platform(config, desks: Mapping[desk name, desk config], house: House).
    Every method that goes out raises the errors of bridge.errors and nothing else.
    `key` is unique an effect: put it where `find` can look for it.
    """

    name: str
    label: str
    traits: ChatTraits

    async def start(self) -> None:
        """Sign in. Raises Unusable (says what to mend) or Unreachable."""

    async def listen(self) -> None:
        """Hear what staff do, until cancelled. Acknowledges only after the sink has it."""

    async def stop(self) -> None:
        """Close what start and listen opened."""

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the HTTP routes that this platform calls, if any."""

    def health(self) -> str:
        """Say "ok", or in a sentence what is wrong."""

    def link(self, desk: str, thread: str) -> str:
        """Give the address under which staff open a thread in a browser; "" where there is none."""

    async def tell(self, desk: str, thread: str | None, person: str, post: Post, ref: str | None) -> None:
        """Say something to one person alone, as far as the platform can."""

    async def download(self, media: Media) -> File:
        """Fetch a file that staff posted."""

    async def check(self) -> Sequence[Finding]:
        """Sign in and say what is missing: scopes, rights, membership, and how to grant them."""


@runtime_checkable
class PostingPlatform(ChatPlatform, Protocol):
    """A chat platform that is told what to show. One that draws itself (traits.draws_itself) reads it."""

    async def open_thread(self, desk: str, card: Card, key: str) -> str:
        """Make a thread headed by the card; give its ref."""

    async def post(
        self, desk: str, thread: str | None, post: Post, files: Sequence[File], key: str
    ) -> tuple[str, ...]:
        """Put one post into a thread (None: beside all threads); give the refs of what shows it, in order.

        Raises Gone when the thread is not there any more.
        """

    async def edit_post(self, desk: str, thread: str, ref: str, post: Post) -> None:
        """Replace a post of ours. Safe to repeat."""

    async def update_card(self, desk: str, thread: str, card: Card) -> None:
        """Draw the card anew. Safe to repeat."""

    async def mark(self, desk: str, thread: str | None, ref: str, mark: Mark) -> None:
        """Show on a staff message what became of it, instead of any earlier mark. Safe to repeat."""

    async def remove_thread(self, desk: str, thread: str, card: Card) -> None:
        """Take the conversation off the desk. Safe to repeat."""

    async def find(self, desk: str, thread: str | None, key: str, since: float) -> str | None:
        """Look for what was posted under this key (thread None: for a thread opened under it)."""


class ReactingPlatform(PostingPlatform, Protocol):
    """One that can show what a contact reacted with (traits.reacts)."""

    async def react(self, desk: str, ref: str, emoji: str, removed: bool) -> None:
        """Show the contact's reaction on a message, instead of an earlier one of theirs, or take it away.

        Safe to repeat. An emoji that the platform does not have is left out.
        """


# What a desk that draws itself (the web inbox) reads.


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in a list."""

    conversation_id: str
    line: str
    name: str  # of the contact, or the number as shown
    number: str
    last_text: str
    last_at: float
    unread: int
    state: str
    waiting_since: float | None
    opted_out: bool
    assigned_to: str | None
    thread: str  # the ref of its thread on this desk


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in a thread."""

    id: str
    direction: Literal["in", "out", "internal"]
    kind: str
    text: str
    at: float
    author: str
    state: str
    error: str | None
    media: tuple[Media, ...]
    segments: int
    credits: int
    reason: str
    hold_until: float | None
    hidden: bool  # not natural: shown only on request where the desk shows natural ones
    desk: str | None
    ref: str | None
    tapback: Tapback | None = None  # of a reaction


@dataclass(frozen=True, slots=True)
class Opened:
    """A whole thread, for a desk that draws itself."""

    row: Row
    card: Card
    entries: tuple[Entry, ...]  # oldest first
    notes: tuple[ThreadNote, ...]
    hidden: int
    long_messages: str
    max_chars: int
    has_more: bool


class Inbox(Protocol):
    """The reading side of a desk that draws itself."""

    async def rows(self, desk: str, query: str, before: float | None, limit: int) -> Sequence[Row]:
        """List the desk's conversations, newest first: `limit` of them, and all as old as the last of these.

        query: part of a name or number, or of the last text of one of the newest.
        """

    async def open(self, desk: str, thread: str, before: float | None, limit: int) -> Opened | None:
        """Give a thread with its last messages."""

    async def file(self, media_id: str) -> File | None:
        """Give a stored picture or file."""

    async def keep_file(self, file: File) -> Media:
        """Store what staff attached; give it as media of a message."""

    async def unread(self, desk: str) -> int:
        """Count the natural texts on this desk that nobody looked at; 1000: that many or more."""

    async def changes(self, desk: str, after: int, seconds: float) -> int:
        """Wait until something on this desk changed, or so long; give the new change counter."""

    async def phone(self, line: str, address: str, limit: int) -> Sequence[Entry]:
        """Give what a simulated phone sees, oldest first: its own texts and those that reached it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff who is signed in to the web inbox."""

    id: str
    name: str
    role: Literal["agent", "admin"]


class Accounts(Protocol):
    """Who may use the web inbox. Tokens are kept as hashes only."""

    async def redeem(self, token: str) -> str | None:
        """Trade a one-time sign-in token for a session's secret; None where it is used, old or unknown."""

    async def who(self, session: str) -> Member | None:
        """Give whose session this is; None when it ended."""

    async def sign_out(self, session: str) -> None:
        """End a session."""


class Carrier(Protocol):
    """A simulated network, with a phone that a page can hold."""

    def lines(self) -> Sequence[tuple[str, str]]:
        """Give the name and number of every simulated line."""

    async def text(self, line: str, sender: str, text: str, files: Sequence[File]) -> None:
        """Text one of our numbers from that phone. Returns once the text is committed."""

    def behave(self, line: str, phone: str, mood: Literal["well", "refuse", "slow", "off"]) -> None:
        """Make that phone take what is sent to it, refuse it, take it slowly, or be switched off."""

    def mood(self, line: str, phone: str) -> str:
        """Say how that phone behaves now."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a panel, and where. thread, ref: the platform's, of the conversation and of the message
    that it is about."""

    desk: str
    person: Author
    thread: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact in a list of suggestions."""

    address: str
    shown: str  # "Maria (555) 010-0199"


class Panels(Protocol):
    """What every desk offers besides its threads: the same lists, forms and commands everywhere.

    A desk only draws them. What a form or command does is a StaffPressed, journaled like a press.
    """

    async def open(self, asker: Asker, name: str, value: str = "") -> Panel:
        """Give a panel. One that is not there, or not theirs to see, says so in its words."""

    async def problems(self, asker: Asker, action: str, form: Mapping[str, str]) -> Mapping[str, str]:
        """Say what is wrong with a form, by field, before it is sent; empty: nothing."""

    def typed(self, asker: Asker, word: str, rest: str) -> Typed:
        """Say what a command means: its word (without the slash) and what follows."""

    def commands(self) -> Sequence[tuple[str, str, str]]:
        """Give word, usage and meaning of every command, in the order in which to show them."""

    def lines(self, desk: str) -> Sequence[tuple[str, str]]:
        """Give name and number, as people write it, of every line that is shown on a desk."""

    async def people(self, desk: str, query: str, limit: int) -> Sequence[Person]:
        """Find contacts by part of a name or number, best first."""


@dataclass(frozen=True, slots=True)
class House:
    """What a chat platform is given of the house it lives in."""

    sink: Sink
    inbox: Inbox
    accounts: Accounts
    panels: Panels
    carrier: Carrier | None  # where a line is simulated
    organisation: str
    region: str
    public_url: str
    lines: Mapping[str, str]  # name -> number, of every line
    now: Callable[[], float]
    ids: Ids
    log: Log
