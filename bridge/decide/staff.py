"""Staff wrote, edited or deleted a message on a desk."""

from dataclasses import replace

from bridge.decide import replies, threads
from bridge.decide.deciding import Deciding
from bridge.decide.notes import is_note
from bridge.decide.texts import cancel, quote
from bridge.model.decision import Desk
from bridge.model.events import StaffDeleted, StaffEdited, StaffWrote
from bridge.model.nouns import Message, Thread
from bridge.model.shapes import Mark
from bridge.render import words
from bridge.render.card import button

ON_ITS_WAY = frozenset({"queued", "sent", "delivered", "unsure"})


def wrote(d: Deciding, event: StaffWrote) -> None:
    """Keep it inside, hold it to be sent, or say why it is not."""
    desk = d.world.desks.get(event.desk)
    text = event.text.strip()
    if desk is None or event.author.standing == "bot" or not (text or event.media):
        return
    note = is_note(text, event.starts_with_mention)
    if event.thread is None:
        _beside_all_threads(d, event, note)
        return
    thread = d.thread_at(event.desk, event.thread)
    if thread is None or d.contact is None:
        _in_an_unknown_thread(d, event, note)
        return
    if event.author.standing != "member":
        if not note:
            said = words.NOT_A_MEMBER[event.author.standing]
            d.tell(event.desk, event.thread, event.author.id, said, "refused", event.ref)
        return
    message = _message(d, event, thread, text)
    if message is None:
        return
    if note:
        keep_inside(d, message)
    elif thread.state == "removed":
        _refuse_in_removed(d, message, event.thread)
    elif d.now - event.at > threads.HOUR * max(desk.catch_up_hours, 0.0 if event.caught_up else 1.0):
        _too_old(d, message)
    elif desk.reply_mode == "explicit":
        d.save(replace(message, direction="internal", state="internal"))
    else:
        replies.hold(d, message, desk)


def _in_an_unknown_thread(d: Deciding, event: StaffWrote, note: bool) -> None:
    """Where staff talk among themselves, nothing. But a thread that we began and know nothing of (its opening
    got no answer; an old backup was restored) looks like somebody's, and no reply may vanish there."""
    if event.in_ours and event.author.standing == "member" and not note:
        d.tell(event.desk, event.thread, event.author.id, words.NOTHING_SENT_UNKNOWN, "hint", event.ref)


def _beside_all_threads(d: Deciding, event: StaffWrote, note: bool) -> None:
    """Somebody wrote in the channel itself: a hint, unless it plainly is talk among colleagues."""
    if event.author.standing == "member" and not note and not event.caught_up:
        d.tell(event.desk, None, event.author.id, words.NOTHING_SENT_HERE, "hint", event.ref)


def _message(d: Deciding, event: StaffWrote, thread: Thread, text: str) -> Message | None:
    conversation = d.conversation(thread.conversation_id)
    if conversation is None:
        return None
    return Message(
        id=d.ids(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        line=conversation.line,
        direction="out",
        text=text,
        kind="reply",
        state="held",
        at=event.at,
        media=event.media,
        author=event.author.name,
        author_id=event.author.id,
        desk=event.desk,
        ref=event.ref,
        order=event.order,
    )


def keep_inside(d: Deciding, message: Message) -> None:
    """Make it a note: it never leaves, whatever happens to it later."""
    note = replace(
        message, direction="internal", kind="note", state="internal", hold_until=None, segments=1, credits=0
    )
    d.save(note)
    d.mark(note, Mark.NOTE)


def _refuse_in_removed(d: Deciding, message: Message, thread: str) -> None:
    conversation = d.conversation(message.conversation_id)
    goes_on = conversation is not None and conversation.state != "removed" and d.live(conversation.id)
    said = words.REFUSED_OTHER_THREAD if goes_on else words.REFUSED_REMOVED
    d.save(replace(message, state="cancelled", error=said))
    d.tell(message.desk, thread, message.author_id, said, "refused", message.ref)


def _too_old(d: Deciding, message: Message) -> None:
    """Written while we were down, and stale by now: sending it unasked could do harm."""
    said = words.TOO_OLD.format(name=message.author, words=quote(message.text))
    cancel(d, message, said)
    threads.announce(d, message.conversation_id, said, f"old:{message.id}", only=message.desk)


def edited(d: Deciding, event: StaffEdited) -> None:
    """Change what has not left yet; about the rest be honest."""
    message = d.snapshot.subject
    desk = d.world.desks.get(event.desk)
    if message is None or desk is None or d.contact is None or event.author.standing == "bot":
        return
    text = event.text.strip()
    note = is_note(text, event.starts_with_mention)
    if message.state == "held" and message.direction == "out":
        _edit_held(d, replace(message, text=text), desk, note)
    elif message.direction == "internal":
        _edit_inside(d, replace(message, text=text), note)
    elif message.direction == "out" and message.state in ON_ITS_WAY:
        if not note:
            _offer_correction(d, message, text)
    elif message.direction == "out":
        stays = words.CANCELLED_STAYS if message.state == "cancelled" else words.FAILED_STAYS
        replies.tell_author(d, message, stays, "edited")


def _edit_held(d: Deciding, message: Message, desk: Desk, note: bool) -> None:
    """The hold goes on as it was; a reply that got too dear waits for a press from now on."""
    if note:
        keep_inside(d, message)
        return
    why = replies.refusal(d, message)
    if why is not None:
        replies.refuse(d, message, why)
        return
    replies.reprice(d, message, desk)


def _edit_inside(d: Deciding, message: Message, note: bool) -> None:
    """A note edited into text is still a note; an unsent reply edited into a note becomes one."""
    if message.kind == "note":
        d.save(message)
        if not note:
            replies.tell_author(d, message, words.NOTE_STAYS, "edited")
    elif note:
        keep_inside(d, message)
    else:
        d.save(message)


def _offer_correction(d: Deciding, message: Message, text: str) -> None:
    """Keep the new words as a draft that a press sends; what left cannot be changed."""
    draft = replace(
        message,
        id=d.ids(),
        direction="internal",
        kind="correction",
        state="internal",
        text=text,
        media=(),
        at=d.now,
        ref=None,
        order="",
        provider_id=None,
        segments=1,
        credits=0,
        error=None,
        error_code=None,
        attempts=1,
    )
    d.save(draft)
    buttons = (button("correct", words.SEND_CORRECTION, draft.id),) if text else ()
    replies.tell_author(d, message, words.ALREADY_SENT, "edited", buttons)


def deleted(d: Deciding, event: StaffDeleted) -> None:
    """Deleting what is held cancels it; what has left stays with the person, and the thread says so."""
    message = d.snapshot.subject
    if message is None or d.contact is None or message.direction != "out":
        return
    if message.state == "held":
        d.save(replace(message, state="cancelled", hold_until=None))
    elif message.state in ON_ITS_WAY:
        said = words.DELETED_TOO_LATE.format(name=message.author, words=quote(message.text))
        threads.announce(d, message.conversation_id, said, f"deleted:{message.id}", only=event.desk)
