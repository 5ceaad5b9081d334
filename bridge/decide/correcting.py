"""Staff say what a text was: the doubtful ones, and those that were taken for something else."""

from dataclasses import replace
from typing import Literal

from bridge.decide import consent, effects, forms, polls, threads, watching
from bridge.decide.deciding import Deciding, ledger
from bridge.decide.press import Press, settle, whisper
from bridge.model.address import show
from bridge.model.nouns import Message
from bridge.model.shapes import Post
from bridge.model.verdict import Kind
from bridge.render import words
from bridge.render.card import who
from bridge.render.post import split

COMMAND_WORDS = 3
"""An opt-out of so few words is the command itself: nobody but the person takes that back."""


def opt_out(d: Deciding, press: Press) -> None:
    """A doubtful or natural text was a revocation: it is honoured like one, and confirmed once."""
    conversation, text = press.conversation, d.snapshot.subject
    assert d.contact is not None and conversation is not None
    open_ = text is not None and text.kind == Kind.NATURAL and text.direction == "in" and not text.corrected
    if d.contact.opted_out_at is not None or (d.contact.doubted_at is None and not open_):
        whisper(d, press, words.STALE_DECIDED)
        return
    said = words.OPTED_OUT_BY.format(name=press.name)
    _record(d, press, "opt_out", Kind.OPT_OUT, said)
    settle(d, press, said, None)
    consent.stop(d)
    line = d.line_of(conversation)
    if line is not None:
        consent.confirm_stop(d, conversation, line)


def not_meant(d: Deciding, press: Press) -> None:
    """A doubtful text was none: machines may speak again."""
    assert d.contact is not None
    if d.contact.doubted_at is None:
        whisper(d, press, words.STALE_DECIDED)
        return
    said = words.NOT_MEANT.format(name=press.name)
    _record(d, press, "doubt", Kind.NATURAL, said)
    d.save(replace(d.contact, doubted_at=None))
    settle(d, press, said, None)


def was_natural(d: Deciding, press: Press) -> None:
    """A text that was taken for something else is for people: it moves, what it set off is taken back."""
    text, conversation = d.snapshot.subject, press.conversation
    assert d.contact is not None and conversation is not None
    if text is None or text.direction != "in" or text.kind == Kind.NATURAL or text.corrected:
        whisper(d, press, words.STALE_DECIDED)
        return
    line = d.line_of(conversation)
    if _opted_them_out(d, text) and not _may_undo(d, text):
        number = show(line.number, d.world.organisation.region) if line else ""
        whisper(d, press, words.STALE_ONLY_START.format(number=number))
        return
    kind = words.KINDS.get(text.kind, text.kind)
    said = f"{words.WAS_NATURAL.format(name=press.name, kind=kind)} {_take_back(d, text, press.name)}".strip()
    _record(d, press, "corrected", Kind.NATURAL, said)
    moved = d.message(text.id)
    assert moved is not None
    reason = words.WAS_TAKEN_FOR.format(kind=kind, reason=text.reason)
    moved = replace(moved, kind=Kind.NATURAL.value, reason=reason)
    d.save(moved)
    now = d.conversation(conversation.id) or conversation
    conversation = replace(
        now, state="open", unread=now.unread + 1, waiting_since=min(now.waiting_since or text.at, text.at)
    )
    d.save(conversation)
    _show(d, press, moved, said)
    if line is not None:
        watching.tell(d, conversation, line, moved)


def _opted_them_out(d: Deciding, text: Message) -> bool:
    """Say whether this text opted them out: an earlier STOP stands whatever became of a later one."""
    before = text.consent_before or {}
    out = d.contact is not None and d.contact.opted_out_at is not None
    return text.kind == Kind.OPT_OUT and out and before.get("opted_out_at") is None


def _may_undo(d: Deciding, text: Message) -> bool:
    """Say whether staff may take an opt-out back: in plain words, and the last that they said of it."""
    return len(text.text.split()) > COMMAND_WORDS and not _decided_again(d, text)


def _decided_again(d: Deciding, text: Message) -> bool:
    """Say whether this person opted in or out after this text; of one too long ago nobody can tell."""
    recent = d.snapshot.recent
    return all(one.id != text.id for one in recent) or any(
        one.id != text.id and one.kind in (Kind.OPT_OUT, Kind.OPT_IN) and one.at >= text.at for one in recent
    )


def _take_back(d: Deciding, text: Message, name: str) -> str:
    """Undo what the text did to consent and lists. Gives a sentence about that."""
    contact, before = d.contact, text.consent_before or {}
    assert contact is not None
    if _opted_them_out(d, text):
        for one in d.subscriptions():
            if one.ended_at == contact.opted_out_at:
                d.save(replace(one, ended_at=None))
                _note(d, text, "opt_in", words.NOT_OPTED_OUT, name, one.list_name)
        doubted = before.get("doubted_at")
        _note(d, text, "opt_in", words.NOT_OPTED_OUT, name)
        if doubted is not None:
            _note(d, text, "doubt", words.STATE_DOUBTED, name)
        d.save(replace(contact, opted_out_at=None, doubted_at=doubted))
        return words.NOT_OPTED_OUT
    if text.kind == Kind.DATA:
        return forms.take_back(d, text)
    if text.kind == Kind.POLL:
        return polls.take_back(d, text)
    if text.kind != Kind.OPT_IN or _decided_again(d, text):
        return ""
    said = []
    keyword = d.world.keywords.get(text.value) if isinstance(text.value, str) else None
    for one in d.subscriptions():
        joined = keyword is not None and one.list_name == keyword.list_name and one.since >= text.at
        if joined and one.ended_at is None:
            d.save(replace(one, ended_at=d.now))
            said.append(words.OFF_THE_LIST.format(list=one.list_name))
            _note(d, text, "left", said[-1], name, one.list_name)
    unsubscribed = before.get("unsubscribed_at")
    if unsubscribed is not None and contact.unsubscribed_at is None:
        d.save(replace(contact, unsubscribed_at=unsubscribed))
        said.append(words.UNSUBSCRIBED_AS_BEFORE)
        _note(d, text, "unsubscribed", said[-1], name)
    if before.get("opted_out_at") is not None and contact.opted_out_at is None:
        consent.stop(d)
        said.append(words.OPTED_OUT_AS_BEFORE)
        _note(d, text, "opt_out", said[-1], name)
    return " ".join(said)


def _note(d: Deciding, text: Message, event: str, said: str, name: str, scope: str = "all") -> None:
    """Write into the ledger what a correction changes: the state can be told from it alone."""
    assert d.contact is not None
    more = {"source": "correction", "words": text.text, "matched_by": said}
    ledger(d, d.contact, event, scope=scope, message_id=text.id, actor=name, **more)


def _show(d: Deciding, press: Press, text: Message, said: str) -> None:
    """Show the text where it was not shown; where it was, say what became of it, and take the button away."""
    conversation = d.conversation(text.conversation_id)
    line = d.world.lines.get(text.line)
    assert conversation is not None and d.contact is not None
    shown = {ref.thread_id for ref in d.snapshot.subject_refs}
    for name in line.desks if line else ():
        desk = d.world.desks.get(name)
        if desk is None:
            continue
        thread = threads.live_on(d, conversation, desk)
        if thread is None or thread.id not in shown:
            threads.show_inbound(d, conversation, text, desk, said)
            continue
        threads.announce(d, conversation.id, said, "was_natural", only=desk.name)
        ref = press.event.ref
        posted = (one.ref for one in d.snapshot.subject_refs if one.thread_id == thread.id)
        if desk is press.desk and ref is not None and ref in posted:
            head, media = who(d.contact, d.world.organisation.region), tuple(m.id for m in text.media)
            post = Post(head, text.text, media=media, foot=said, message_id=text.id)
            last = split(post, desk.traits.max_chars)[-1]
            d.effect(effects.edit_post(d.ids(), thread, desk, ref, last, d.cause))


def _record(
    d: Deciding, press: Press, event: Literal["opt_out", "doubt", "corrected"], kind: Kind, said: str
) -> None:
    """Write into the ledger, and on the text, what staff decided about it."""
    text = d.snapshot.subject
    if text is not None:
        d.save(replace(text, corrected=kind.value, corrected_by=press.name))
    assert d.contact is not None
    ledger(
        d,
        d.contact,
        event,
        source="staff",
        words=text.text if text else "",
        matched_by=said,
        message_id=text.id if text else None,
        actor=press.name,
    )
