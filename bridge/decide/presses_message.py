"""Presses about one reply: send it, not send it, send it again, cheaper or corrected."""

from dataclasses import replace

from bridge.decide import effects, replies
from bridge.decide.deciding import Deciding
from bridge.decide.notes import is_note
from bridge.decide.press import Press, settle, whisper
from bridge.decide.texts import cancel, dispatch, long_messages, quote
from bridge.decide.timers import goes_first
from bridge.model.nouns import Message
from bridge.model.shapes import Mark
from bridge.render import words
from bridge.render.cost import cheaper
from bridge.render.post import notice

AS_IT_STANDS = {
    "held": words.STALE_LEAVES_BY_ITSELF,
    "queued": words.STALE_ON_ITS_WAY,
    "cancelled": words.STALE_CANCELLED,
}
RETRIED = ("failed", "undelivered", "unsure")


def _subject(d: Deciding, press: Press) -> Message | None:
    """Give the message that the press names; say so where there is none."""
    message = d.message(press.event.value) or d.snapshot.subject
    if message is None or message.direction == "in":
        whisper(d, press, words.STALE)
        return None
    return message


def _stale(d: Deciding, press: Press, message: Message) -> None:
    whisper(d, press, AS_IT_STANDS.get(message.state, words.STALE_SENT))


def send(d: Deciding, press: Press) -> None:
    """A reply of the explicit mode goes the way of every reply: it is held, then it leaves."""
    message = _subject(d, press)
    if message is None:
        return
    if message.direction != "internal":
        _stale(d, press, message)
    elif message.kind == "note" or is_note(message.text):
        whisper(d, press, words.STALE_NOTE)
    else:
        replies.hold(d, replace(message, at=press.event.at), press.desk)


def confirm_send(d: Deciding, press: Press) -> None:
    """A reply that waited for this press leaves; everybody reads who gave it."""
    message = _subject(d, press)
    if message is None:
        return
    if message.state != "held":
        _stale(d, press, message)
        return
    asked = message.hold_until is None
    if _released(d, press, message) and asked:
        said = words.CONFIRMED.format(name=press.name, words=quote(message.text))
        settle(d, press, said, message)


def _released(d: Deciding, press: Press, message: Message) -> bool:
    """Let a held reply go, unless it may not leave.

    Behind an earlier one of its thread that is still held it leaves when that one did, as its timer has it.
    """
    if message.hold_until is not None and goes_first(d, message) is not None:
        whisper(d, press, words.AFTER_THE_EARLIER_ONE)
        return False
    why = replies.refusal(d, message)
    if why is not None:
        replies.refuse(d, message, why)
        return False
    replies.release(d, message)
    return True


def send_now(d: Deciding, press: Press) -> None:
    """The hint about the price was taken: the hold ends here, and the hint says so where it can."""
    message = _subject(d, press)
    if message is None:
        return
    if message.state != "held":
        _on_hint(d, press, message, AS_IT_STANDS.get(message.state, words.STALE_SENT))
    elif _released(d, press, message):
        said = words.CONFIRMED.format(name=press.name, words=quote(message.text))
        _on_hint(d, press, message, said, alone=False)


def cancel_now(d: Deciding, press: Press) -> None:
    """The hint about the price was heeded: the reply does not leave."""
    message = _subject(d, press)
    if message is not None and message.state != "held":
        _on_hint(d, press, message, AS_IT_STANDS.get(message.state, words.STALE_SENT))
    elif message is not None:
        cancel_send(d, press)


def _on_hint(d: Deciding, press: Press, message: Message, said: str, alone: bool = True) -> None:
    """Put an answer in the hint's place, so that none stands there with buttons that do nothing.

    Where the hint cannot be named it goes away with the press, and who pressed is answered alone.
    """
    ref, thread = press.event.ref, press.thread
    if ref and ref != message.ref and thread is not None and thread.desk == press.desk.name:
        d.effect(effects.edit_post(d.ids(), thread, press.desk, ref, notice(said), d.cause))
    elif alone:
        whisper(d, press, said)


def cancel_send(d: Deciding, press: Press) -> None:
    """A held reply does not leave."""
    message = _subject(d, press)
    if message is None:
        return
    if message.state != "held":
        _stale(d, press, message)
        return
    said = words.NOT_CONFIRMED.format(name=press.name, words=quote(message.text))
    cancel(d, message, said)
    settle(d, press, said, message)


def retry(d: Deciding, press: Press) -> None:
    """Send again what failed, or may not have arrived. Two who press at once make one attempt."""
    message = _subject(d, press)
    if message is None:
        return
    if message.state not in RETRIED:
        _stale(d, press, message)
        return
    why = replies.refusal(d, message)
    if why is not None:
        whisper(d, press, why)
        return
    line = d.world.lines[message.line]
    again = replace(message, attempts=message.attempts + 1, error_code=None)
    d.mark(dispatch(d, again, line), Mark.HELD)
    settle(d, press, words.SENDING_AGAIN.format(name=press.name, words=quote(message.text)), message)


def leave(d: Deciding, press: Press) -> None:
    """Nobody knows whether it arrived, and that is left so: it stays unsure, and is not asked about again."""
    message = _subject(d, press)
    if message is None:
        return
    if message.state != "unsure":
        _stale(d, press, message)
        return
    said = words.LEFT_AS_IT_IS.format(name=press.name)
    d.save(replace(message, error=said))
    settle(d, press, said, message)


def correct(d: Deciding, press: Press) -> None:
    """Send the words of an edit that came too late, as a text of their own."""
    edit = _subject(d, press)
    if edit is None or press.conversation is None:
        return
    if edit.kind != "correction":
        whisper(d, press, words.STALE_DECIDED)
        return
    d.save(replace(edit, kind="note"))  # used: a second press finds nothing to send
    text = words.CORRECTION.format(text=edit.text)
    author = (press.event.author.id, press.name)
    replies.hold(d, replies.draft(d, press.conversation, press.desk.name, author, text), press.desk)


def straighten(d: Deciding, press: Press) -> None:
    """Put a held reply into plain characters, where that makes it cheaper."""
    message = _subject(d, press)
    if message is None:
        return
    if message.state != "held":
        _stale(d, press, message)
        return
    line = d.world.lines.get(message.line)
    plain = line and cheaper(message.text, len(message.media), long_messages(line))
    if not plain:
        whisper(d, press, words.STALE_STRAIGHT)
        return
    replies.reprice(d, replace(message, text=plain), press.desk)
