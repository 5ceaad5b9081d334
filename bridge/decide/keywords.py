"""Keywords: the list, the reply, the form, and once in a contact's life the compliance text."""

from dataclasses import replace
from typing import Any

from bridge.decide import auto, consent, forms
from bridge.decide.deciding import Deciding, ledger
from bridge.model.decision import Line
from bridge.model.nouns import Conversation, Keyword, Message, Subscription
from bridge.model.verdict import Kind, Verdict
from bridge.render import words, words_forms


def judged(conversation: Conversation, verdict: Verdict, text: str) -> Verdict:
    """Take a YES to “Reply YES to get texts” for the opt-in that it is; a no changes nothing."""
    waiting = conversation.awaiting or {}
    word = waiting.get("confirm")
    if not word or verdict.kind != Kind.POLL or verdict.value != (0,):
        return verdict
    reason = words_forms.CONFIRMED.format(word=word, words=text.strip()[:60])
    return Verdict(Kind.OPT_IN, reason, str(word), rule=verdict.rule)


def joined(d: Deciding, conversation: Conversation, line: Line, message: Message, keyword: Keyword) -> None:
    """Put them on the keyword's list and reply; where it wants a YES first, ask for that.

    Whoever had opted out is in again by their own word. The order of what they get: the reply, once the
    compliance text, the form's first question, so that what is asked stands last.
    """
    assert d.contact is not None
    known = next((s for s in d.subscriptions() if s.list_name == keyword.list_name), None)
    again = known is not None and known.ended_at is None
    confirmed = (conversation.awaiting or {}).get("confirm") == keyword.word
    if keyword.double and not again and not confirmed:
        _ask_to_confirm(d, conversation, line, message, keyword)
        return
    consent.restore(d, message, keyword.list_name)
    if not again:
        d.save(Subscription(d.contact.id, keyword.list_name, since=d.now))
    if confirmed:
        _no_longer_asked(d, conversation)
    reply = (keyword.reply_again if again else None) or keyword.reply
    if reply.strip() and auto.send(d, conversation, line, reply):
        welcome(d, conversation, line)
    if keyword.form:
        forms.start(d, d.conversation(conversation.id) or conversation, line, keyword.form)
        welcome_if_texted(d, conversation, line, bool(reply.strip()))


def _ask_to_confirm(
    d: Deciding, conversation: Conversation, line: Line, message: Message, keyword: Keyword
) -> None:
    """Ask for a YES; until it comes they are on no list. The question says what the compliance text says."""
    assert d.contact is not None
    if d.contact.opted_out_at is not None:
        consent.restore(d, message)
    ledger(
        d,
        d.contact,
        "asked",
        scope=keyword.list_name,
        words=message.text,
        matched_by=words_forms.ASKED,
        message_id=message.id,
    )
    said = words_forms.CONFIRM.format(list=keyword.list_name, organisation=d.world.organisation.name)
    if not auto.send(d, conversation, line, said):
        return
    d.save(replace(d.contact, welcomed_at=d.contact.welcomed_at or d.now))
    asked: dict[str, Any] = {
        "type": "poll",
        "question": words_forms.CONFIRM_QUESTION.format(list=keyword.list_name),
        "options": [words_forms.YES, words_forms.NO],
        "asked_at": d.now,
        "confirm": keyword.word,
    }
    now = d.conversation(conversation.id) or conversation
    d.save(replace(now, awaiting=asked))


def _no_longer_asked(d: Deciding, conversation: Conversation) -> None:
    now = d.conversation(conversation.id) or conversation
    d.save(replace(now, awaiting=None))


def welcome_if_texted(d: Deciding, conversation: Conversation, line: Line, replied: bool) -> None:
    """A form without a reply before it is the first text: the compliance text follows its question."""
    if not replied:
        welcome(d, conversation, line)


def welcome(d: Deciding, conversation: Conversation, line: Line) -> None:
    """Follow the first automatic text that a contact ever receives by the compliance text."""
    assert d.contact is not None
    if d.contact.welcomed_at is None:
        said = words.COMPLIANCE.format(organisation=d.world.organisation.name)
        if auto.send(d, conversation, line, said):
            d.save(replace(d.contact, welcomed_at=d.now))
