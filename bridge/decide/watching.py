"""Telling colleagues of new texts by e-mail or text: whom, and when."""

import math

from bridge.decide import effects, threads
from bridge.decide.deciding import Deciding
from bridge.decide.press import Press, whisper
from bridge.model.decision import Line
from bridge.model.effects import Notify
from bridge.model.hours import quiet_until
from bridge.model.nouns import Conversation, Message, Watcher
from bridge.render import words
from bridge.render.card import who

GATHER = 5.0  # seconds: several texts in a row make one notification, and their thread is there to link to


def tell(d: Deciding, conversation: Conversation, line: Line, message: Message) -> None:
    """Have everybody told who wants to be, but for whoever is on this conversation already."""
    assert d.contact is not None
    for watcher in d.world.watchers:
        desk = d.world.desks.get(watcher.desk)
        if (
            desk is None
            or watcher.desk not in line.desks
            or (watcher.lines and line.name not in watcher.lines)
        ):
            continue
        if conversation.assigned_to == watcher.name or watcher.address == d.contact.address:
            continue
        thread = threads.live_on(d, conversation, desk)
        body = _body(
            watcher,
            line.name,
            conversation.id,
            thread.id if thread else "",
            who(d.contact, d.world.organisation.region),
            message.text,
            message.at,
        )
        key = f"notify:{message.id}:{watcher.desk}:{watcher.person}:{watcher.channel}"
        d.effect(effects.notify(d.ids(), key, body, _when(d, watcher)))


def test(d: Deciding, press: Press) -> None:
    """Send the one who asks a notification that says that it is a test."""
    mine = [
        one for one in d.world.watchers if (one.desk, one.person) == (press.desk.name, press.event.author.id)
    ]
    line = next((one.name for one in d.world.lines.values() if press.desk.name in one.desks), "")
    if not mine or not line:
        whisper(d, press, words.NOTIFY_OFF)
        return
    for watcher in mine:
        body = _body(watcher, line, "", "", words.NOTICE, words.NOTIFY_TEST_TEXT, d.now)
        d.effect(effects.notify(d.ids(), f"notify:{watcher.channel}:{d.cause}", body, d.now))
    whisper(d, press, words.NOTIFY_TEST_SENT.format(address=", ".join(one.address for one in mine)))


def _body(
    watcher: Watcher, line: str, conversation: str, thread: str, name: str, text: str, at: float
) -> Notify:
    return Notify(
        desk=watcher.desk,
        person=watcher.person,
        channel=watcher.channel,
        to=watcher.address,
        line=line,
        conversation_id=conversation,
        thread_id=thread,
        who=name,
        text=text[:500],
        at=at,
    )


def _when(d: Deciding, watcher: Watcher) -> float:
    """Give when to tell: now, or when the digest is due, and never in their quiet times."""
    at = math.ceil(d.now / watcher.every) * watcher.every if watcher.every else d.now + GATHER
    return quiet_until(at, watcher.quiet, d.world.organisation.timezone)
