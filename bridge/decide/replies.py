"""Replies: what may go out, the hold, and the leaving. One way for every desk, button and form."""

from dataclasses import replace

from bridge.decide import threads
from bridge.decide.deciding import Deciding
from bridge.decide.texts import cancel, dispatch, in_words, long_messages, price, quote
from bridge.model.address import show
from bridge.model.decision import Desk, Line
from bridge.model.events import HoldOver
from bridge.model.nouns import Conversation, Message
from bridge.model.pictures import can_be_fitted
from bridge.model.shapes import Button, Mark
from bridge.render import words
from bridge.render.card import button
from bridge.render.cost import Cost, cheaper, cost
from bridge.render.segments import measure


def refusal(d: Deciding, message: Message) -> str | None:
    """Say in words why a message cannot go out; None when it can."""
    contact, line = d.contact, d.world.lines.get(message.line)
    assert contact is not None
    if line is None:
        return words.REFUSED_NO_LINE.format(line=message.line)
    if contact.opted_out_at is not None:
        return words.REFUSED_OPTED_OUT.format(number=show(line.number, d.world.organisation.region))
    if contact.address_kind == "name":
        return words.REFUSED_NAME.format(sender=contact.address)
    if not message.text and not message.media:
        return words.REFUSED_EMPTY
    if len(message.text) > line.traits.max_chars:
        return words.REFUSED_TOO_LONG.format(length=len(message.text), limit=line.traits.max_chars)
    return _media_refusal(message, line)


def _media_refusal(message: Message, line: Line) -> str | None:
    traits, media = line.traits, message.media
    if not media:
        return None
    if not traits.sends_media:
        return words.REFUSED_NO_MEDIA
    if len(media) > traits.max_media:
        return words.REFUSED_MANY_MEDIA.format(count=len(media), limit=traits.max_media)
    fits = traits.takes("image/jpeg")
    for item in media:
        if not traits.takes(item.content_type) and not (fits and can_be_fitted(item)):
            types = ", ".join(known.rpartition("/")[2] for known in traits.media_types)
            name = item.name or "a file"
            return words.REFUSED_MEDIA_TYPE.format(name=name, type=item.content_type, types=types)
    size = sum(item.size or 0 for item in media if not (fits and can_be_fitted(item)))
    if size > traits.max_media_bytes:
        return words.REFUSED_BIG_MEDIA.format(size=_size(size), limit=_size(traits.max_media_bytes))
    return None


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{-(-count // 1000)} kB"


def refuse(d: Deciding, message: Message, why: str) -> None:
    """Send nothing, keep what was written, and say why to its author alone."""
    cancel(d, message, why)
    tell_author(d, message, why, "refused")


def tell_author(
    d: Deciding, message: Message, said: str, what: str, buttons: tuple[Button, ...] = ()
) -> None:
    """Say something about a message to who wrote it."""
    live = d.live(message.conversation_id)
    thread = next((t.ref for t, desk in live if desk.name == message.desk), None)
    d.tell(message.desk, thread, message.author_id, said, f"{what}:{message.id}", message.ref, buttons)


def hold(d: Deciding, message: Message, desk: Desk) -> None:
    """Let a reply wait, so that it can still be changed; say what it costs where that is more than one.

    Dearer than the desk's confirm_above: it waits, without a time, for somebody to press Send. Replies
    written after it do not wait for that press.
    """
    why = refusal(d, message)
    if why is not None:
        refuse(d, message, why)
        return
    assert d.contact is not None
    line = d.world.lines[message.line]
    worth = price(line, message)
    asks = desk.confirm_above is not None and worth.credits > desk.confirm_above
    message = replace(
        message,
        direction="out",
        kind="reply",
        state="held",
        hold_until=None if asks else d.now + desk.hold_seconds,
        segments=worth.segments,
        credits=worth.credits,
    )
    d.save(message)
    d.mark(message, Mark.HELD)
    _assign(d, message)
    if message.hold_until is not None:
        d.timer(HoldOver(message.id, d.contact.address, message.hold_until, desk=message.desk or ""))
    say_cost(d, message, line, asks)
    _say_who_else(d, message)


def _say_who_else(d: Deciding, message: Message) -> None:
    """Where a colleague's answer is just on its way, tell whoever wrote the second one: they may take it
    back while it is held."""
    other = next(
        (
            one
            for one in d.messages()
            if one.state in ("held", "queued")
            and one.kind == "reply"
            and one.conversation_id == message.conversation_id
            and one.author_id != message.author_id
        ),
        None,
    )
    if other is not None:
        said = words.ALSO_ANSWERING.format(name=other.author, words=quote(other.text))
        tell_author(d, message, said, "also")


def say_cost(d: Deciding, message: Message, line: Line, asks: bool) -> None:
    """Show what a held reply costs: as a question in the thread, or as a hint to its author alone."""
    worth = price(line, message)
    if asks:
        said = words.CONFIRM.format(price=in_words(worth), words=quote(message.text))
        buttons = (
            button("confirm_send", words.SEND, message.id),
            button("cancel_send", words.CANCEL, message.id),
            *_straighten(message, line),
        )
        what = f"confirm:{message.id}"
        threads.announce(d, message.conversation_id, said, what, buttons, only=message.desk)
    elif worth.credits > 1:
        buttons = (
            button("send_now", words.SEND_NOW, message.id),
            *_straighten(message, line),
            button("cancel_now", words.CANCEL, message.id),
        )
        tell_author(d, message, _hint(message, line, worth), "cost", buttons)


def _hint(message: Message, line: Line, worth: Cost) -> str:
    guilty = measure(message.text).guilty
    if guilty is not None and not message.media and _cheaper_without(message, line, worth):
        return words.COST_GUILTY.format(price=in_words(worth), char=guilty)
    return words.COST.format(price=in_words(worth))


def _cheaper_without(message: Message, line: Line, worth: Cost) -> bool:
    """Say whether it is the alphabet that makes it dear, and not the length."""
    return cost("x" * len(message.text), 0, long_messages(line)).credits < worth.credits


def _straighten(message: Message, line: Line) -> tuple[Button, ...]:
    plain = cheaper(message.text, len(message.media), long_messages(line))
    if plain is None:
        return ()
    label = words.STRAIGHTEN.format(price=in_words(cost(plain, len(message.media), long_messages(line))))
    return (button("straighten", label, message.id),)


def _assign(d: Deciding, message: Message) -> None:
    """Whoever answers first is on it."""
    conversation = d.conversation(message.conversation_id)
    if conversation is not None and not conversation.assigned_to:
        d.save(replace(conversation, assigned_to=message.author))


def release(d: Deciding, message: Message) -> None:
    """Let a held reply leave, and show it on the other desks; on its own, where nothing shows it yet."""
    line = d.world.lines[message.line]
    message = dispatch(d, replace(message, hold_until=None), line)
    conversation = d.conversation(message.conversation_id)
    assert conversation is not None
    d.save(replace(conversation, waiting_since=None, unread=0, last_at=max(d.now, conversation.last_at)))
    origin = d.world.desks.get(message.desk or "")
    for thread, desk in d.live(conversation.id):
        if desk.name == message.desk:
            if message.ref is None:
                head = words.FROM_HERE.format(name=message.author)
                threads.show_outbound(d, message, thread, desk, head)
            continue
        label = origin.label if origin else message.desk or ""
        head = words.FROM_DESK.format(name=message.author, desk=label)
        threads.show_outbound(d, message, thread, desk, head)


def draft(d: Deciding, conversation: Conversation, desk: str, author: tuple[str, str], text: str) -> Message:
    """Make a reply that no message on a desk stands for: from a form or a button. author: id, name."""
    return Message(
        id=d.ids(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        line=conversation.line,
        direction="out",
        text=text.strip(),
        kind="reply",
        state="held",
        at=d.now,
        author=author[1],
        author_id=author[0],
        desk=desk,
    )


def reprice(d: Deciding, message: Message, desk: Desk) -> None:
    """Save a held reply whose words changed, at its new price, and say that price again.

    The hold goes on as it was. What got too dear waits for a press; what waits for one goes on waiting.
    """
    line = d.world.lines[message.line]
    worth = price(line, message)
    asks = message.hold_until is None or (
        desk.confirm_above is not None and worth.credits > desk.confirm_above
    )
    message = replace(
        message,
        segments=worth.segments,
        credits=worth.credits,
        hold_until=None if asks else message.hold_until,
    )
    d.save(message)
    say_cost(d, message, line, asks)
