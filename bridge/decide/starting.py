"""Staff start a conversation: with a contact, or with a number never texted before."""

from dataclasses import replace
from typing import Literal

from bridge.decide import auto, replies, threads
from bridge.decide.deciding import Deciding
from bridge.decide.notes import is_note
from bridge.decide.press import Press, whisper
from bridge.decide.staff import keep_inside
from bridge.model.address import read_number, show
from bridge.model.decision import Line
from bridge.model.nouns import Contact, Conversation
from bridge.render import words
from bridge.render.post import notice


def new(d: Deciding, press: Press) -> None:
    """Open the thread at once; a text given with it goes the way of every reply.

    form: number (as people write it), line (a name; else the first line of this desk), text, name.
    Somebody whom nothing can be sent to is refused before any thread is made.
    """
    line = _line(d, press)
    if line is None:
        return
    who = contact(d, press)
    if who is None:
        return
    conversation = d.snapshot.on_line(line.name) or Conversation(d.ids(), who.id, line.name, created_at=d.now)
    d.contact = who
    text = press.event.form.get("text", "").strip()
    author = (press.event.author.id, press.name)
    message = replies.draft(d, conversation, press.desk.name, author, text)
    why = replies.refusal(d, replace(message, text=message.text or "-"))
    if why is not None:
        whisper(d, press, why)
        return
    d.save(who)
    conversation = replace(conversation, state="open", last_at=max(conversation.last_at, d.now))
    d.save(conversation)
    _open(d, press, conversation, line)
    if text and is_note(text):
        keep_inside(d, message)
    elif text:
        replies.hold(d, message, press.desk)


def _line(d: Deciding, press: Press) -> Line | None:
    """Give the line to text from: the one asked for, where this desk has it, else the desk's first."""
    lines = [line for line in d.world.lines.values() if press.desk.name in line.desks]
    asked = press.event.form.get("line", "").strip()
    if not lines:
        whisper(d, press, words.NO_LINE_HERE)
    elif asked and asked not in [line.name for line in lines]:
        whisper(d, press, words.WRONG_LINE.format(line=asked))
    else:
        return next((line for line in lines if line.name == asked), lines[0])
    return None


def contact(d: Deciding, press: Press) -> Contact | None:
    """Give whom to text; say what is wrong with a number that is none, or is ours."""
    region = d.world.organisation.region
    raw = press.event.form.get("number", "").strip() or press.event.value.strip()
    address = d.contact.address if d.contact else d.snapshot.address or read_number(raw, region)
    if address is None:
        whisper(d, press, words.NOT_A_NUMBER.format(raw=raw[:40]))
        return None
    if auto.is_ours(d, address):
        whisper(d, press, words.OWN_LINE.format(number=show(address, region)))
        return None
    if d.contact is not None:
        return d.contact
    name = press.event.form.get("name", "").strip() or None
    kind: Literal["e164", "short_code"] = "e164" if address.startswith("+") else "short_code"
    out = d.now if d.snapshot.suppressed else None
    return Contact(d.ids(), address, kind, name=name, opted_out_at=out, created_at=d.now)


def _open(d: Deciding, press: Press, conversation: Conversation, line: Line) -> None:
    """Have a live thread on every desk of the line; say on the asking desk who opened it."""
    for name in dict.fromkeys((press.desk.name, *line.desks)):
        desk = d.world.desks.get(name)
        if desk is not None:
            threads.ensure(d, conversation, desk)
    thread = threads.ensure(d, conversation, press.desk)
    explicit = press.desk.reply_mode == "explicit"
    said = (words.OPENED_EXPLICIT if explicit else words.OPENED).format(name=press.name)
    post = notice(said, resurface=thread.id not in d.opened)
    threads.put(d, thread, press.desk, post, f"notice:{thread.id}:opened:{d.cause}")
