"""Polls: what is asked, what counts as a vote, what staff assign. The last word of each person counts."""

from dataclasses import replace
from typing import Any, Final

from bridge.decide import auto
from bridge.decide.deciding import Deciding
from bridge.decide.press import Press, settle, whisper
from bridge.model.decision import Line
from bridge.model.nouns import Conversation, Message
from bridge.model.outreach import Poll, Unclear, Vote
from bridge.model.panel import opens
from bridge.model.shapes import Button
from bridge.model.verdict import Kind
from bridge.render import words_polls as words

SHORT: Final = 12  # words; a longer text is no try at an answer
FRESH: Final = 7 * 86400.0  # seconds after the question; what comes later is about something else


def subject(poll_id: str) -> str:
    """Name a poll where a message says what it answers."""
    return f"poll:{poll_id}"


def ask(d: Deciding, conversation: Conversation, poll: Poll) -> Conversation:
    """Wait for their answer. A form that waits for one too goes on after it."""
    behind = conversation.awaiting if conversation.awaiting and conversation.awaiting.get("filling") else None
    behind = behind or (conversation.awaiting or {}).get("behind")  # type: ignore[assignment]
    asked: dict[str, object] = {
        "type": "poll",
        "question": poll.question,
        "options": list(poll.options),
        "multiple": poll.multiple,
        "asked_at": d.now,
        "poll": poll.id,
    }
    if behind:
        asked |= {"behind": behind, "filling": behind.get("filling")}
    return replace(conversation, awaiting=asked)


def asked(d: Deciding, conversation: Conversation | None) -> Poll | None:
    """Give the poll whose question waits here."""
    waiting = (conversation.awaiting if conversation else None) or {}
    return d.world.polls.get(str(waiting.get("poll", "")))


def is_open(poll: Poll, now: float) -> bool:
    """Say whether votes count now."""
    begun = poll.opens_at is None or now >= poll.opens_at
    return poll.state == "open" and begun and (poll.closes_at is None or now < poll.closes_at)


def voted(d: Deciding, conversation: Conversation, line: Line, message: Message) -> None:
    """Count a vote instead of an earlier one of theirs, and thank them; too late, say so once."""
    poll = asked(d, conversation)
    if poll is None or not isinstance(message.value, tuple | list):
        return
    d.save(replace(message, campaign=subject(poll.id)))
    waiting: dict[str, Any] = dict(conversation.awaiting or {})
    choices = tuple(int(place) for place in message.value)
    if not is_open(poll, d.now):
        if poll.closed and not waiting.get("told_closed"):
            auto.send(d, conversation, line, poll.closed, kind="poll")
            _remember(d, conversation, waiting | {"told_closed": True})
        return
    d.save(Vote(poll.id, message.contact_id, choices, message.id, message.at))
    if poll.thanks and waiting.get("chose") != list(choices):
        auto.send(d, conversation, line, poll.thanks, kind="poll")
    behind = waiting.get("behind")
    _remember(d, conversation, behind or waiting | {"chose": list(choices)})


def _remember(d: Deciding, conversation: Conversation, waiting: dict[str, Any]) -> None:
    now = d.conversation(conversation.id) or conversation
    d.save(replace(now, awaiting=waiting))


def is_unclear(d: Deciding, conversation: Conversation, message: Message) -> bool:
    """Say whether a text for people may be meant as an answer to the poll that waits."""
    poll = asked(d, conversation)
    if poll is None or not is_open(poll, d.now) or message.kind != Kind.NATURAL:
        return False
    since = float(str((conversation.awaiting or {}).get("asked_at", 0.0)))
    return 0 < len(message.text.split()) <= SHORT and message.at - since <= FRESH


def offer(message: Message) -> tuple[Button, ...]:
    """Let staff count an unclear answer."""
    return (opens("assign", words.COUNT_AS, message.id),)


def unclear(d: Deciding, conversation: Conversation, line: Line, message: Message) -> None:
    """Collect an answer that no machine could read; where the poll has a word for that, say it once."""
    poll = asked(d, conversation)
    assert poll is not None
    d.save(Unclear(message.id, poll.id, message.contact_id, message.at))
    waiting: dict[str, Any] = dict(conversation.awaiting or {})
    if poll.invalid and not waiting.get("told_invalid"):
        auto.send(d, conversation, line, poll.invalid, kind="poll")
        _remember(d, conversation, waiting | {"told_invalid": True})


def assign(d: Deciding, press: Press) -> None:
    """Staff say which option an unclear answer means. value: "message:poll:place"."""
    message, poll, place = _named(d, press)
    if message is None or poll is None or not 0 <= place < len(poll.options):
        whisper(d, press, words.STALE_VOTE)
        return
    d.save(Vote(poll.id, message.contact_id, (place,), message.id, message.at, by=press.name))
    _seen_to(d, message, poll, "assigned")
    settle(d, press, words.ASSIGNED.format(name=press.name, option=poll.options[place]), message)


def leave(d: Deciding, press: Press) -> None:
    """Staff say that it is no vote."""
    message, poll, _ = _named(d, press)
    if message is None or poll is None:
        whisper(d, press, words.STALE_VOTE)
        return
    _seen_to(d, message, poll, "left")
    settle(d, press, words.LEFT.format(name=press.name), message)


def _named(d: Deciding, press: Press) -> tuple[Message | None, Poll | None, int]:
    _, poll_id, place = [*press.event.value.split(":"), "", ""][:3]
    return d.snapshot.subject, d.world.polls.get(poll_id), int(place) if place.isdecimal() else -1


def _seen_to(d: Deciding, message: Message, poll: Poll, state: str) -> None:
    done = Unclear(message.id, poll.id, message.contact_id, message.at)
    d.save(replace(done, state="assigned" if state == "assigned" else "left"))


def take_back(d: Deciding, message: Message) -> str:
    """A text that was counted is none: their vote is taken back. Gives a sentence about that."""
    poll_id = (message.campaign or "").partition("poll:")[2]
    if message.kind != Kind.POLL or not poll_id:
        return ""
    later = (one.kind == Kind.POLL and one.at > message.at for one in d.snapshot.recent)
    if any(later):  # they have voted again since: that stands
        return ""
    d.save(Vote(poll_id, message.contact_id, (), message.id, d.now))
    return words.TAKEN_BACK
