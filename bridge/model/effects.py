"""Everything that must go out. Each is a row, committed before it is attempted."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from bridge.model.nouns import Media
from bridge.model.shapes import Card, Mark, Post
from bridge.model.verdict import Tapback


class Priority(IntEnum):
    """Which lanes go first when a meter is slow."""

    OPEN = 0  # cards of new threads
    TALK = 1  # people's words
    MARK = 2  # what became of them
    TIDY = 3  # cards kept up to date
    BULK = 4  # campaigns: whatever a person waits for overtakes them


@dataclass(frozen=True, slots=True)
class SendSms:
    """Send a message of ours as a text. Whether the recipient may still be texted is asked again at the
    claim, in the transaction that takes it on its way."""

    message_id: str
    line: str
    to: str
    text: str
    media: tuple[Media, ...] = ()
    as_mms: bool = False
    answers_stop: bool = False  # the one confirmation, or HELP: goes out though they opted out
    type: Literal["send_sms"] = "send_sms"


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Make the thread on its desk, headed by the card."""

    thread_id: str
    desk: str
    card: Card
    type: Literal["open_thread"] = "open_thread"


@dataclass(frozen=True, slots=True)
class PostToThread:
    """Put a post into a thread. Waiting posts of one thread may be merged."""

    thread_id: str
    desk: str
    post: Post
    message_ids: tuple[str, ...] = ()
    type: Literal["post_to_thread"] = "post_to_thread"


@dataclass(frozen=True, slots=True)
class EditPost:
    """Replace a post of ours: its buttons were used."""

    thread_id: str
    desk: str
    ref: str
    post: Post
    type: Literal["edit_post"] = "edit_post"


@dataclass(frozen=True, slots=True)
class UpdateCard:
    """Draw the card anew. Only the newest of several waiting ones is drawn."""

    thread_id: str
    desk: str
    card: Card
    type: Literal["update_card"] = "update_card"


@dataclass(frozen=True, slots=True)
class MarkMessage:
    """Show on a staff member's message what became of it. Only the newest of several waiting ones counts."""

    desk: str
    thread: str | None
    ref: str
    mark: Mark
    type: Literal["mark_message"] = "mark_message"


@dataclass(frozen=True, slots=True)
class ShowReaction:
    """Show a contact's tapback on the text of ours that it means: found when the effect goes."""

    desk: str
    thread_id: str
    message_id: str  # the reaction
    tapback: Tapback
    type: Literal["show_reaction"] = "show_reaction"


@dataclass(frozen=True, slots=True)
class ShowBulletin:
    """Show a bulletin on its desk as it is now: the first time a post, then that post changed. Only the
    newest of several waiting ones is shown."""

    bulletin_id: str
    desk: str
    post: Post
    type: Literal["show_bulletin"] = "show_bulletin"


@dataclass(frozen=True, slots=True)
class TellPrivately:
    """A word to one member of staff alone, where the platform can do that."""

    desk: str
    thread: str | None  # the platform's ref
    person: str  # the platform's id of them
    post: Post
    ref: str | None = None  # the message it is about
    type: Literal["tell_privately"] = "tell_privately"


@dataclass(frozen=True, slots=True)
class RemoveThread:
    """Take the conversation off the desk. `card` is what stays where something must stay."""

    thread_id: str
    desk: str
    card: Card
    type: Literal["remove_thread"] = "remove_thread"


@dataclass(frozen=True, slots=True)
class FetchMedia:
    """Fetch and keep the files of a text that no thread shows: its provider does not keep them for ever."""

    message_id: str
    media: tuple[Media, ...]
    type: Literal["fetch_media"] = "fetch_media"


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase a person: staff asked for it."""

    contact_id: str
    by: str
    type: Literal["erase"] = "erase"


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell a colleague by e-mail or text that somebody wrote. What waits in one lane goes as one message.

    Whoever was answered meanwhile is left out when it goes. thread_id: for the link; conversation_id "": a
    test that they asked for.
    """

    desk: str
    person: str
    channel: Literal["email", "sms"]
    to: str
    line: str  # that was texted, and that a notification by text leaves from
    conversation_id: str
    thread_id: str
    who: str  # the contact, as staff know them
    text: str  # their words
    at: float
    type: Literal["notify"] = "notify"


Body = (
    SendSms
    | OpenThread
    | PostToThread
    | EditPost
    | UpdateCard
    | MarkMessage
    | ShowReaction
    | ShowBulletin
    | TellPrivately
    | RemoveThread
    | FetchMedia
    | Notify
    | Erase
)


@dataclass(frozen=True, slots=True)
class Effect:
    """A body with its place in the world: what orders it (lane) and what paces it (meter)."""

    id: str
    key: str  # unique for ever: deciding twice makes one effect
    lane: str
    meter: str
    body: Body
    priority: Priority = Priority.TALK
    due: float = 0.0
    weight: float = 1.0  # how much of the meter it takes: segments for texts


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an effect: itself an event, given to the same function.

    refs: what the platform or provider called the result. reason: in words, for people.
    """

    effect: Effect
    state: Literal["done", "failed", "unsure"]
    at: float
    refs: tuple[str, ...] = ()
    code: str | None = None
    reason: str = ""
    opted_out: bool = False
    gone: bool = False  # the thread or message it was for no longer exists
    segments: int | None = None
    merged: tuple[Effect, ...] = ()  # further effects that went out in the same request
    retry_helps: bool = True  # of a text: it may arrive another time
    type: Literal["outcome"] = "outcome"
