"""A text came in: who wrote it, what it is, who must see it, what a machine may answer."""

from dataclasses import dataclass, replace

from bridge.decide import (
    auto,
    campaigns,
    consent,
    correcting,
    effects,
    forms,
    keywords,
    polls,
    threads,
    watching,
)
from bridge.decide.deciding import Deciding, ledger
from bridge.model.decision import Desk, Line
from bridge.model.events import TextReceived
from bridge.model.nouns import Contact, Conversation, Keyword, Message
from bridge.model.shapes import Button
from bridge.model.verdict import Kind, Verdict
from bridge.render import words, words_campaigns
from bridge.render.card import button
from bridge.render.times import moment

OVERDUE = 300.0  # seconds; a text that is shown so late says when it came


@dataclass(frozen=True, slots=True)
class Text:
    """An inbound text with what it belongs to."""

    event: TextReceived
    verdict: Verdict
    line: Line
    conversation: Conversation
    message: Message


def received(d: Deciding, event: TextReceived, verdict: Verdict | None) -> None:
    """Store it, show it where it belongs, and have what it asks for done."""
    contact = _contact(d, event)
    conversation = d.snapshot.on_line(event.line) or Conversation(
        d.ids(), contact.id, event.line, created_at=d.now
    )
    judged = keywords.judged(conversation, _judge(d, event, verdict), event.text)
    judged = forms.judged(d, conversation, judged, event.text)
    line = d.world.lines.get(event.line)
    limit = _limit(judged)
    silenced = line is not None and _wants_answer(d, event, judged, line) and auto.looping(d, limit)
    message = _message(d, event, judged, contact, conversation, silenced)
    natural = message.kind == Kind.NATURAL and contact.blocked_at is None
    d.save(contact)
    d.save(_conversation(d, conversation, event, natural))
    d.save(message)
    if line is None:
        d.notice(words.OP_NO_LINE.format(line=event.line))
        return
    text = Text(event, judged, line, conversation, message)
    if contact.blocked_at is None:
        _show(d, text, natural, silenced)
        if natural:
            watching.tell(d, d.conversation(conversation.id) or conversation, line, message)
    if silenced:
        auto.report_loop(d, line, limit)
    _act(d, text)


def _contact(d: Deciding, event: TextReceived) -> Contact:
    if d.contact is not None:
        return d.contact
    out = d.now if d.snapshot.suppressed else None  # what was erased is not forgotten
    return Contact(d.ids(), event.sender, event.sender_kind, opted_out_at=out, created_at=d.now)


def _judge(d: Deciding, event: TextReceived, verdict: Verdict | None) -> Verdict:
    """Give the verdict that counts. A text from our own number is a machine's, whatever it says."""
    if auto.is_ours(d, event.sender):
        return Verdict(Kind.AUTO_REPLY, words.OWN_NUMBER)
    if verdict is None:
        return Verdict(Kind.NATURAL, words.UNJUDGED)
    return verdict


def _keyword(d: Deciding, verdict: Verdict) -> Keyword | None:
    return d.world.keywords.get(verdict.value) if isinstance(verdict.value, str) else None


def _wants_answer(d: Deciding, event: TextReceived, verdict: Verdict, line: Line) -> bool:
    """Say whether a machine of ours would answer this."""
    if verdict.kind == Kind.HELP:
        return not consent.provider_answers(line, event, "help")
    if verdict.kind == Kind.OPT_IN:
        return verdict.value is not None or not consent.provider_answers(line, event, "start")
    return False


def _limit(verdict: Verdict) -> int:
    """Give how many automatic texts the loop guard allows before an answer to this."""
    by_command = verdict.kind == Kind.HELP or verdict.value is None
    return auto.HELP_LIMIT if by_command else auto.LIMIT


def _message(
    d: Deciding,
    event: TextReceived,
    verdict: Verdict,
    contact: Contact,
    conversation: Conversation,
    silenced: bool,
) -> Message:
    """Make the message. What a machine may not answer any more is for people, so it counts as natural;
    so does a keyword that was removed while its text was on the way."""
    lost_keyword = isinstance(verdict.value, str) and verdict.kind == Kind.OPT_IN and not _keyword(d, verdict)
    to_people = silenced or lost_keyword
    named = words.KIND.format(kind=words.KINDS[verdict.kind], reason=verdict.reason)
    return Message(
        id=d.ids(),
        conversation_id=conversation.id,
        contact_id=contact.id,
        line=event.line,
        direction="in",
        text=event.text,
        kind=(Kind.NATURAL if to_people else verdict.kind).value,
        state="received",
        at=event.at,
        media=event.media,
        value=verdict.value,
        reason=named if to_people else verdict.reason,
        suspicion=verdict.suspicion,
        provider_id=event.provider_id,
        segments=event.segments,
        late=event.late,
        tapback=verdict.tapback,
        consent_before=None if to_people else _consent(d, verdict),
        campaign=campaigns.answered(conversation, event.at),
    )


def _consent(d: Deciding, verdict: Verdict) -> dict[str, float | None] | None:
    """Keep what an opt-in or opt-out is about to change, so that a correction can put it back."""
    before = d.contact
    if before is None or verdict.kind not in (Kind.OPT_IN, Kind.OPT_OUT):
        return None
    since = {
        "opted_out_at": before.opted_out_at,
        "unsubscribed_at": before.unsubscribed_at,
        "doubted_at": before.doubted_at,
    }
    return since if any(since.values()) else None


def _conversation(
    d: Deciding, conversation: Conversation, event: TextReceived, natural: bool
) -> Conversation:
    """Count it in. What a person must read reopens what was resolved or removed."""
    conversation = replace(
        conversation,
        last_in_at=max(event.at, conversation.last_in_at or 0.0),
        last_at=max(event.at, conversation.last_at),
    )
    if not natural:
        return conversation
    return replace(
        conversation,
        state="open",
        unread=conversation.unread + 1,
        waiting_since=conversation.waiting_since or event.at,
    )


def _show(d: Deciding, text: Text, natural: bool, silenced: bool) -> None:
    """Put it into the threads that show it; whatever is shown of a removed conversation brings it back."""
    conversation = d.conversation(text.conversation.id) or text.conversation
    feet = []
    if text.event.late or d.now - text.event.at > OVERDUE:
        when = moment(text.event.at, d.world.organisation.timezone)
        feet.append((words.LATE if text.event.late else words.SHOWN_LATE).format(when=when))
    if silenced:
        feet.append(words.LOOP.format(count=_limit(text.verdict), minutes=int(auto.WINDOW // 60)))
    elif not natural:
        feet.append(
            words.KIND.format(
                kind=words.KINDS.get(text.message.kind, text.message.kind), reason=text.message.reason
            )
        )
    sent = d.world.campaigns.get(text.message.campaign or "")
    if sent is not None:
        feet.append(words_campaigns.IN_REPLY.format(name=sent.name))
    buttons = () if text.message.kind == Kind.NATURAL else _correction(text.message)
    if natural and polls.is_unclear(d, conversation, text.message):
        buttons = polls.offer(text.message)
    shown = False
    for name in text.line.desks:
        desk = d.world.desks.get(name)
        if desk is None:
            continue
        if text.message.tapback is not None:
            _react(d, conversation, text.message, desk)
        if natural or threads.shows_all(threads.live_on(d, conversation, desk), desk):
            if conversation.state == "removed":
                conversation = replace(conversation, state="open")
                d.save(conversation)
            threads.show_inbound(d, conversation, text.message, desk, " ".join(feet), buttons)
            shown = True
    if text.message.media and not shown:  # whatever shows it fetches its pictures; here nothing does
        d.effect(effects.fetch_media(d.ids(), text.message))


def _correction(message: Message) -> tuple[Button, ...]:
    """Offer to say that the classifier was wrong; not where only the person can take it back."""
    if message.kind == Kind.OPT_OUT and len(message.text.split()) <= correcting.COMMAND_WORDS:
        return ()
    return (button("was_natural", words.WAS_NATURAL_SO, message.id),)


def _react(d: Deciding, conversation: Conversation, message: Message, desk: Desk) -> None:
    """Show a tapback as a reaction on what it means, where the platform has such."""
    thread = threads.live_on(d, conversation, desk)
    if thread is not None and desk.traits.reacts and message.tapback is not None:
        d.effect(effects.show_reaction(d.ids(), thread, desk, message.id, message.tapback))


def _act(d: Deciding, text: Text) -> None:
    """Do what it asks for. The blocked are heard when they want to be left alone or need help."""
    assert d.contact is not None
    conversation, line, message = text.conversation, text.line, text.message
    match text.verdict.kind:
        case Kind.OPT_OUT:
            consent.opt_out(d, conversation, line, message, text.event)
        case Kind.HELP:
            _help(d, text)
        case _ if d.contact.blocked_at is not None:
            return
        case Kind.OPT_IN if text.verdict.value is None:
            consent.opt_in(d, conversation, line, message, text.event)
        case Kind.OPT_IN if (keyword := _keyword(d, text.verdict)) is not None:
            keywords.joined(d, conversation, line, message, keyword)
        case Kind.DATA:
            forms.answered(d, conversation, line, message)
        case Kind.POLL:
            polls.voted(d, conversation, line, message)
        case Kind.NATURAL if text.verdict.suspicion:
            consent.doubt(d, message)
        case Kind.NATURAL if polls.is_unclear(d, conversation, message):
            polls.unclear(d, conversation, line, message)
        case Kind.NATURAL:
            forms.interrupted(d, conversation, message)


def _help(d: Deciding, text: Text) -> None:
    """HELP is answered whoever asks, also people who opted out."""
    assert d.contact is not None
    ledger(
        d,
        d.contact,
        "help",
        words=text.message.text,
        matched_by=text.message.reason,
        message_id=text.message.id,
    )
    if consent.provider_answers(text.line, text.event, "help"):
        return
    ours = d.world.organisation
    said = words.HELP if ours.contact else words.HELP_WITHOUT_CONTACT
    filled = said.format(organisation=ours.name, contact=ours.contact)
    auto.send(d, text.conversation, text.line, filled, answers_stop=True, limit=auto.HELP_LIMIT)
