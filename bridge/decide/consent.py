"""Consent: opting out and in, doubt, and the provider's block. What the ledger holds is never changed."""

from dataclasses import replace

from bridge.decide import auto, threads
from bridge.decide.deciding import Deciding, ledger
from bridge.decide.texts import cancel, quote
from bridge.model.address import show
from bridge.model.decision import Line
from bridge.model.events import TextReceived
from bridge.model.nouns import Contact, Conversation, Message
from bridge.render import words
from bridge.render.card import button


def provider_answers(line: Line, event: TextReceived, what: str) -> bool:
    """Say whether the provider has answered this text itself: it says so, or it is a word it answers."""
    exact = event.text.strip().upper() in line.traits.answers.get(what, frozenset())
    return what in line.provider_answers and (event.answered_by_provider == what or exact)


def opt_out(
    d: Deciding, conversation: Conversation, line: Line, message: Message, event: TextReceived
) -> None:
    """They want no more texts: honoured at once, confirmed exactly once, undone by nobody but them."""
    contact = _contact(d)
    already = contact.opted_out_at is not None
    ledger(d, contact, "opt_out", words=message.text, matched_by=message.reason, message_id=message.id)
    if already:
        return
    threads.announce_everywhere(d, words.OPTED_OUT.format(words=quote(message.text)), "opted_out")
    stop(d)
    if not provider_answers(line, event, "stop"):
        confirm_stop(d, conversation, line)


def stop(d: Deciding) -> None:
    """Close everything that still runs towards this person: texts, lists, questions, waiting."""
    contact = replace(_contact(d), opted_out_at=d.now, doubted_at=None)
    d.save(contact)
    for subscription in d.subscriptions():
        if subscription.ended_at is None:
            d.save(replace(subscription, ended_at=d.now))
    for filling in d.fillings():
        if filling.state in ("open", "handed"):
            d.save(replace(filling, state="cancelled", ended_at=d.now))
    for conversation in d.conversations():
        d.save(replace(conversation, awaiting=None, waiting_since=None))
    _take_back_texts(d)


def _take_back_texts(d: Deciding) -> None:
    for message in d.messages():
        if message.state not in ("held", "queued") or message.direction != "out":
            continue
        cancel(d, message, words.REFUSED_OPTED_OUT.format(number=_our_number(d, message.line)))
        if message.kind == "reply":
            said = words.CANCELLED_BY_OPT_OUT.format(words=quote(message.text))
            threads.announce(d, message.conversation_id, said, f"cancelled:{message.id}", only=message.desk)


def confirm_stop(d: Deciding, conversation: Conversation, line: Line) -> None:
    """Send the one text that may follow STOP."""
    said = words.CONFIRM_STOP.format(organisation=d.world.organisation.name)
    auto.send(d, conversation, line, said, kind="confirmation", answers_stop=True, limit=None)


def opt_in(
    d: Deciding, conversation: Conversation, line: Line, message: Message, event: TextReceived
) -> None:
    """START and its like: whatever STOP or staff ended is in force again, lists included.

    The confirmation says what the compliance text says, so a person who gets it is welcomed by it.
    """
    contact = _contact(d)
    was_out = contact.opted_out_at
    restore(d, message)
    if was_out is not None:
        for subscription in d.subscriptions():
            if subscription.ended_at == was_out:
                d.save(replace(subscription, ended_at=None))
                more = {"words": message.text, "matched_by": message.reason, "message_id": message.id}
                ledger(d, _contact(d), "opt_in", scope=subscription.list_name, **more)
    if provider_answers(line, event, "start"):
        return
    said = words.CONFIRM_START.format(organisation=d.world.organisation.name)
    if auto.send(d, conversation, line, said, kind="confirmation", limit=auto.HELP_LIMIT):
        d.save(replace(_contact(d), welcomed_at=_contact(d).welcomed_at or d.now))


def restore(d: Deciding, message: Message, scope: str = "all") -> None:
    """They want texts: no opt-out, doubt or unsubscription stands against it any more."""
    contact = _contact(d)
    said_no = contact.opted_out_at is not None or contact.unsubscribed_at is not None
    more = {"words": message.text, "matched_by": message.reason, "message_id": message.id}
    ledger(d, contact, "opt_in", scope=scope, **more)
    if scope != "all" and said_no:
        ledger(d, contact, "opt_in", **more)
    d.save(replace(contact, opted_out_at=None, unsubscribed_at=None, doubted_at=None))
    if said_no:
        threads.announce_everywhere(d, words.OPTED_IN.format(words=quote(message.text)), "opted_in")


def doubt(d: Deciding, message: Message) -> None:
    """It may be a revocation: machines fall silent at once, and staff are asked."""
    contact = _contact(d)
    if contact.opted_out_at is not None:
        return
    why = message.suspicion or message.reason
    ledger(d, contact, "doubt", words=message.text, matched_by=why, message_id=message.id)
    d.save(replace(contact, doubted_at=contact.doubted_at or d.now))
    for text in d.messages():
        if text.state == "queued" and text.kind in ("auto", "campaign", "poll", "data"):
            cancel(d, text, why)
    threads.announce(
        d,
        message.conversation_id,
        words.DOUBT.format(words=quote(message.text), reason=why),
        f"doubt:{message.id}",
        (
            button("opt_out", words.UNSUBSCRIBE, message.id, danger=True),
            button("not_meant", words.NOT_MEANT_SO, message.id),
        ),
    )


def provider_block(d: Deciding, message: Message, why: str) -> None:
    """The provider holds a block that we did not know of: it is ours too from now on."""
    contact = _contact(d)
    if contact.opted_out_at is not None:
        return
    ledger(d, contact, "provider_block", source="provider", matched_by=why, message_id=message.id)
    number = _our_number(d, message.line)
    threads.announce_everywhere(d, words.PROVIDER_BLOCK.format(number=number), "provider_block")
    stop(d)


def _our_number(d: Deciding, line_name: str) -> str:
    line = d.world.lines.get(line_name)
    return show(line.number, d.world.organisation.region) if line else line_name


def _contact(d: Deciding) -> Contact:
    assert d.contact is not None
    return d.contact
