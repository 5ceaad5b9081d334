"""What a provider or a chat can do, as data: the core reads traits and never asks for a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a meter lets work through: `per_second` on average, `burst` at once."""

    per_second: float
    burst: float = 1.0


@dataclass(frozen=True, slots=True)
class SmsTraits:
    """What a provider of text messages can do, and what it does by itself."""

    rate: Rate  # segments a second, for each of our numbers
    max_chars: int  # of one message
    max_media: int = 10  # parts of one MMS
    max_media_bytes: int = 500_000  # all parts together
    media_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif")
    sends_media: bool = True
    resend_is_safe: bool = False  # sending the same message again cannot make two of it
    can_find: bool = False  # `find` proves whether a message went out
    can_list_missed: bool = False  # `missed` lists what came in
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What it answers by itself: "stop", "start", "help" -> the exact words, in capitals."""

    def takes(self, content_type: str) -> bool:
        """Say whether a file of this type can go along."""
        return any(fnmatch(content_type.lower(), known) for known in self.media_types)


@dataclass(frozen=True, slots=True)
class ChatTraits:
    """What a chat platform can do, and how fast."""

    post_rate: Rate  # for each desk: posts, and whatever else the platform counts with them
    mark_rate: Rate  # for each desk: reactions and the like
    max_chars: int  # of one post
    can_find: bool = False  # `find` proves whether a post was made
    edits_count_as_posts: bool = False  # card updates and thread creation spend post_rate
    open_weight: float = 1.0  # how many posts the opening of a thread counts as
    tells_privately: bool = False  # a word can be shown to one person alone
    draws_itself: bool = False  # it reads what is decided: what is to be shown there stands with the commit
    reacts: bool = False  # a contact's tapback can be shown as a reaction on a message
    resurfaces: bool = False  # a post in an old thread can also be shown in the channel
    many_listeners: bool = True  # several daemons may listen at once
