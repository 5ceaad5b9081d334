"""Keywords: the list, the reply, and once in a contact's life the compliance text."""

from dataclasses import replace

from bridge.decide import auto, consent
from bridge.decide.deciding import Deciding
from bridge.model.decision import Line
from bridge.model.nouns import Conversation, Keyword, Message, Subscription
from bridge.render import words


def joined(d: Deciding, conversation: Conversation, line: Line, message: Message, keyword: Keyword) -> None:
    """Put them on the keyword's list and reply. Whoever had opted out is in again by their own word."""
    assert d.contact is not None
    consent.restore(d, message, keyword.list_name)
    known = next((s for s in d.subscriptions() if s.list_name == keyword.list_name), None)
    again = known is not None and known.ended_at is None
    if not again:
        d.save(Subscription(d.contact.id, keyword.list_name, since=d.now))
    reply = (keyword.reply_again if again else None) or keyword.reply
    if reply.strip() and auto.send(d, conversation, line, reply):
        welcome(d, conversation, line)


def welcome(d: Deciding, conversation: Conversation, line: Line) -> None:
    """Follow the first automatic text that a contact ever receives by the compliance text."""
    assert d.contact is not None
    if d.contact.welcomed_at is None:
        said = words.COMPLIANCE.format(organisation=d.world.organisation.name)
        if auto.send(d, conversation, line, said):
            d.save(replace(d.contact, welcomed_at=d.now))
