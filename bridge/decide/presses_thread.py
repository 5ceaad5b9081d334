"""Presses about a person or a conversation: subscription, removal, who is on it, what is shown."""

from dataclasses import replace

from bridge.decide import effects, replies, threads
from bridge.decide.deciding import Deciding, ledger
from bridge.decide.notes import is_note
from bridge.decide.press import Press, whisper
from bridge.decide.staff import keep_inside
from bridge.decide.texts import cancel
from bridge.model.address import show
from bridge.model.decision import Desk, Recent, SettingChange
from bridge.model.nouns import Conversation, Display, Message, TemplateUse, Thread
from bridge.model.shapes import Button, Post
from bridge.model.text import shorten
from bridge.render import words
from bridge.render.card import button, removed, who
from bridge.render.fill import fill
from bridge.render.post import notice
from bridge.render.times import moment

BETWEEN_PEOPLE = frozenset({"natural", "reply", "note", "correction"})


def _conversation(press: Press) -> Conversation:
    assert press.conversation is not None
    return press.conversation


def unsubscribe(d: Deciding, press: Press) -> None:
    """No campaigns and polls from now on; replies stay possible."""
    assert d.contact is not None
    if d.contact.unsubscribed_at is not None:
        whisper(d, press, words.STALE_UNSUBSCRIBED)
        return
    said = words.UNSUBSCRIBED.format(name=press.name)
    ledger(d, d.contact, "unsubscribed", source="staff", matched_by=said, actor=press.name)
    d.save(replace(d.contact, unsubscribed_at=d.now))
    for message in d.messages():
        if message.state == "queued" and message.kind in ("campaign", "poll"):
            cancel(d, message, said)
    undo = (button("resubscribe", words.UNDO, ""),)
    threads.announce_everywhere(d, said, "unsubscribed", undo)


def resubscribe(d: Deciding, press: Press) -> None:
    """Undo what staff did. What the person said by STOP only the person can undo."""
    assert d.contact is not None
    line = d.line_of(_conversation(press))
    if d.contact.opted_out_at is not None:
        number = show(line.number, d.world.organisation.region) if line else ""
        whisper(d, press, words.STALE_ONLY_START.format(number=number))
        return
    if d.contact.unsubscribed_at is None:
        whisper(d, press, words.STALE_SUBSCRIBED)
        return
    said = words.RESUBSCRIBED.format(name=press.name)
    ledger(d, d.contact, "resubscribed", source="staff", matched_by=said, actor=press.name)
    d.save(replace(d.contact, unsubscribed_at=None))
    threads.announce_everywhere(d, said, "resubscribed")


def remove(d: Deciding, press: Press) -> None:
    """Take the conversation off every desk. What was held still leaves; the next text opens it anew."""
    conversation = _conversation(press)
    if conversation.state == "removed":
        whisper(d, press, words.STALE_GONE)
        return
    card = removed(press.name)
    for thread, desk in d.live(conversation.id):
        d.save(replace(thread, state="removed"))
        d.effect(effects.remove_thread(d.ids(), thread, desk, card))
    d.save(replace(conversation, state="removed", unread=0, waiting_since=None))


def assign(d: Deciding, press: Press) -> None:
    """Whoever presses is on it, or the one they name: in a form, or behind a command (value)."""
    conversation = _conversation(press)
    named = "" if d.thread(press.event.value) else press.event.value
    to = shorten((press.event.form.get("to") or named).strip(), 60) or press.name
    if conversation.assigned_to == to:
        whisper(d, press, words.STALE_ASSIGNED.format(name=to))
        return
    said = words.ASSIGNED if to == press.name else words.ASSIGNED_BY
    d.save(replace(conversation, assigned_to=to))
    threads.announce(d, conversation.id, said.format(name=to, by=press.name), "assigned")


def resolve(d: Deciding, press: Press) -> None:
    """Nothing is left to do: nobody waits, until they write again."""
    conversation = _conversation(press)
    if conversation.state != "open":
        gone = conversation.state == "removed"
        whisper(d, press, words.STALE_GONE if gone else words.STALE_RESOLVED)
        return
    d.save(replace(conversation, state="resolved", unread=0, waiting_since=None))
    threads.announce(d, conversation.id, words.RESOLVED.format(name=press.name), "resolved")


def reopen(d: Deciding, press: Press) -> None:
    """Something is left to do after all."""
    conversation = _conversation(press)
    if conversation.state != "resolved":
        gone = conversation.state == "removed"
        whisper(d, press, words.STALE_GONE if gone else words.STALE_OPEN)
        return
    d.save(replace(conversation, state="open"))
    threads.announce(d, conversation.id, words.REOPENED.format(name=press.name), "reopened")


def read(d: Deciding, press: Press) -> None:
    """Somebody looked."""
    d.save(replace(_conversation(press), unread=0))


def note(d: Deciding, press: Press) -> None:
    """Keep a word that never leaves, and show it in this desk's thread: a form or command is no message."""
    conversation, event = _conversation(press), press.event
    text = event.form.get("text", "").strip()
    if not text:
        whisper(d, press, words.NEEDS_TEXT)
        return
    message = Message(
        id=d.ids(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        line=conversation.line,
        direction="internal",
        text=text,
        kind="note",
        state="internal",
        at=event.at,
        author=press.name,
        author_id=event.author.id,
        desk=press.desk.name,
    )
    d.save(message)
    thread = threads.live_on(d, conversation, press.desk)
    if thread is not None:
        post = Post(words.NOTE_BY.format(name=press.name), text, style="notice", message_id=message.id)
        key = f"post:{thread.id}:{message.id}"
        threads.put(d, thread, press.desk, post, key, (message.id,))


def reply(d: Deciding, press: Press) -> None:
    """Send what a form held: a template filled in. A field without a value never leaves."""
    conversation, form = _conversation(press), press.event.form
    text = form.get("text", "").strip()
    if form.get("template") and (missing := fill(text, {}).missing):
        fields = ", ".join(f"{{{name}}}" for name in missing)
        whisper(d, press, words.MISSING_VALUES.format(fields=fields, first=missing[0]))
        return
    author = (press.event.author.id, press.name)
    draft = replies.draft(d, conversation, press.desk.name, author, text)
    if conversation.state == "removed":
        whisper(d, press, words.REFUSED_REMOVED)
    elif is_note(text):
        keep_inside(d, draft)
    elif (why := replies.refusal(d, draft)) is not None:
        whisper(d, press, why)
    else:
        replies.hold(d, draft, press.desk)
        if form.get("template"):
            d.save(TemplateUse(d.ids(), form["template"], form.get("answered", ""), d.now))


def display(d: Deciding, press: Press) -> None:
    """Show every message in this thread, or natural ones only; outside any thread, on the whole desk.

    Without a wish it turns over what is in force.
    """
    asked = (press.event.form.get("display", ""), press.event.value)
    wish = next((wish for wish in asked if wish in ("all", "natural")), "")
    if press.thread is None or press.conversation is None:
        _display_of_desk(d, press, wish)
    elif wish:
        _display_of_thread(d, press, "all" if wish == "all" else "natural")
    else:
        _display_of_thread(d, press, "natural" if threads.shows_all(press.thread, press.desk) else "all")


def show_all(d: Deciding, press: Press) -> None:
    """Show every message in this thread: what the card's entry says, though two may press it at once."""
    _display_of_thread(d, press, "all")


def show_natural(d: Deciding, press: Press) -> None:
    """Show only natural messages in this thread."""
    _display_of_thread(d, press, "natural")


def _display_of_thread(d: Deciding, press: Press, wish: Display) -> None:
    if press.thread is None:
        whisper(d, press, words.STALE)
        return
    if threads.shows_all(press.thread, press.desk) == (wish == "all"):
        whisper(d, press, words.STALE_DISPLAY)
        return
    thread = replace(press.thread, display=wish)
    d.save(thread)
    said = words.DISPLAY_ALL if wish == "all" else words.DISPLAY_NATURAL
    buttons: tuple[Button, ...] = ()
    if wish == "all" and d.snapshot.hidden:
        one = d.snapshot.hidden == 1
        label = words.SHOW_HIDDEN_ONE if one else words.SHOW_HIDDEN.format(count=d.snapshot.hidden)
        buttons = (button("show_hidden", label, thread.id),)
    post = notice(said.format(name=press.name), buttons=buttons)
    threads.put(d, thread, press.desk, post, f"notice:{thread.id}:display:{d.cause}")


def _display_of_desk(d: Deciding, press: Press, wish: str) -> None:
    if not wish:
        whisper(d, press, words.NEEDS_THREAD)
        return
    d.setting(SettingChange(press.desk.name, "display", wish, press.name))
    said = words.DISPLAY_ALL if wish == "all" else words.DISPLAY_NATURAL
    whisper(d, press, said.format(name=press.name))


def show_hidden(d: Deciding, press: Press) -> None:
    """Make readable in the thread what it has not shown: one post, oldest first."""
    conversation = _conversation(press)
    texts: list[Message | Recent] = [*d.snapshot.hidden_messages] or [
        text
        for text in reversed(d.snapshot.recent)
        if text.conversation_id == conversation.id and text.kind not in BETWEEN_PEOPLE
    ]
    if not texts or press.thread is None:
        whisper(d, press, words.STALE_NOTHING_HIDDEN)
        return
    _show_texts(d, press.thread, press.desk, texts)


def _show_texts(d: Deciding, thread: Thread, desk: Desk, texts: list[Message | Recent]) -> None:
    assert d.contact is not None
    ours = d.world.organisation
    them = who(d.contact, ours.region)
    lines = [
        words.HIDDEN_LINE.format(
            when=moment(text.at, ours.timezone),
            who=them if text.direction == "in" else words.AUTOMATIC,
            kind=words.KINDS.get(text.kind, text.kind),
            text=text.text,
        )
        for text in texts
    ]
    threads.put(d, thread, desk, notice("\n".join(lines)), f"notice:{thread.id}:hidden:{d.cause}")
