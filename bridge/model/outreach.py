"""What goes out to many, or is asked of them: forms, polls, campaigns, and how far each person is.

All frozen; a decision saves a changed copy. Times are Unix seconds (UTC).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.model.shapes import Post
from bridge.model.verdict import Field


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of a form. name: where the answer is kept on the contact ("first_name", "shirt_size")."""

    name: str
    kind: Field
    question: str
    error: str = ""  # said when an answer cannot be read; "": a general word
    options: tuple[str, ...] = ()  # of a choice


@dataclass(frozen=True, slots=True)
class Form:
    """Questions asked one after another; what is known already is skipped."""

    name: str
    fields: tuple[FormField, ...]
    done: str = ""  # said at the end
    expire_days: float = 3.0  # without an answer
    by: str = ""
    at: float = 0.0
    removed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Filling:
    """How far one person is in a form."""

    id: str
    form: str
    contact_id: str
    conversation_id: str
    state: Literal["open", "handed", "done", "expired", "cancelled"] = "open"  # handed: to staff
    place: int = 0  # of the field that is asked
    answers: Mapping[str, str] = field(default_factory=dict)
    wrong: int = 0  # answers to this field that could not be read
    asked_at: float = 0.0
    started_at: float = 0.0
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with options, sent to lists by a campaign of its own."""

    id: str
    name: str
    question: str
    options: tuple[str, ...]
    multiple: bool = False
    thanks: str = ""
    invalid: str = ""  # said once to whoever's answer is unclear; "": nothing
    closed: str = ""  # said to whoever answers too late; "": nothing
    state: Literal["draft", "open", "closed"] = "draft"
    opens_at: float | None = None
    closes_at: float | None = None
    target: int = 0  # votes at which it closes; 0: none
    by: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person chose in a poll: the last word counts. No choices: taken back."""

    poll_id: str
    contact_id: str
    choices: tuple[int, ...]
    message_id: str
    at: float
    by: str = ""  # the member of staff who assigned an unclear answer


@dataclass(frozen=True, slots=True)
class Unclear:
    """An answer to a poll that no machine could read: for staff to assign."""

    message_id: str
    poll_id: str
    contact_id: str
    at: float
    state: Literal["open", "assigned", "left"] = "open"


CampaignState = Literal["draft", "scheduled", "running", "paused", "done", "cancelled"]
UNFINISHED: tuple[CampaignState, ...] = ("draft", "scheduled", "running", "paused")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A text to the contacts of lists, now or later."""

    id: str
    name: str
    text: str
    lists: tuple[str, ...]
    line: str
    exclude: tuple[str, ...] = ()  # lists whose contacts get none
    state: CampaignState = "draft"
    category: Literal["marketing", "informational"] = "marketing"
    poll_id: str | None = None
    at: float | None = None  # when it begins; None: at once
    local: str = ""  # "2026-12-01T09:00" in each contact's own zone, instead of `at`
    by: str = ""
    desk: str = ""  # where it was made
    created_at: float = 0.0
    started_at: float | None = None
    ended_at: float | None = None
    why: str = ""  # of a pause or an end that nobody pressed for
    planned: str | None = ""  # the last contact whose part is decided; None: all are


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person's part of a campaign.

    waiting: until `due`; fed: its decision is in the journal; out: a message was made; excluded: says why.
    """

    campaign_id: str
    contact_id: str
    state: Literal["waiting", "fed", "out", "excluded"] = "waiting"
    reason: str = ""
    due: float = 0.0
    attempt: int = 0
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A post beside all threads that is kept up to date: a poll's result, a campaign's progress."""

    id: str
    desk: str
    subject: str  # "poll:ID", "campaign:ID"
    post: Post
    at: float
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How a poll stands."""

    counts: tuple[int, ...]  # by option
    voters: int
    asked: int
    unclear: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign would go to, and who is left out for what."""

    count: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a campaign so far. Everybody who was planned is in exactly one of the first two."""

    states: Mapping[str, int]  # of texts, and of people whose text is still to come ("waiting", "fed")
    excluded: Mapping[str, int]  # by reason
    failed: Mapping[str, int]  # by reason, of those that did not arrive
    replies: int
    optouts: int
    credits: int
