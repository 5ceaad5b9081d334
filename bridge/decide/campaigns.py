"""Campaigns: one person's part of one, decided in the transaction that commits the text."""

from dataclasses import replace
from typing import Final

from bridge.decide import effects, keywords, polls, threads
from bridge.decide.deciding import Deciding
from bridge.decide.texts import MACHINE, price
from bridge.model.decision import Line
from bridge.model.events import CampaignDue
from bridge.model.nouns import Contact, Conversation, Message
from bridge.model.outreach import Campaign, Recipient
from bridge.model.zones import awake, zones
from bridge.render import words_campaigns as words
from bridge.render.fill import fill, values

STALE: Final = 24 * 3600.0  # seconds; what could not go for so long is dropped: it may be about yesterday
ANSWERS: Final = 7 * 86400.0  # seconds within which a text counts as an answer to a campaign


def due(d: Deciding, event: CampaignDue) -> None:
    """Send it to this person, put it off, or say why they get none."""
    part = Recipient(event.campaign_id, event.contact_id, "fed", due=event.planned, attempt=event.attempt)
    campaign = d.world.campaigns.get(event.campaign_id)
    line = d.world.lines.get(campaign.line) if campaign else None
    if campaign is None or line is None or d.contact is None:
        _exclude(d, part, "cancelled" if d.contact is not None else "gone")
        return
    if campaign.state != "running":
        d.save(replace(part, state="waiting", attempt=event.attempt + 1))
        return
    why = excluded(d.contact) or _left(d, campaign)
    if why:
        _exclude(d, part, why)
        return
    moment = _awake(d, d.contact)
    if moment - event.planned > STALE or d.now - event.planned > STALE:
        _exclude(d, part, "stale")
    elif moment > d.now:
        d.save(replace(part, state="waiting", due=moment, attempt=event.attempt + 1))
    else:
        _send(d, campaign, line, part)


def excluded(contact: Contact) -> str:
    """Say why somebody gets no campaign, as a key of words.REASONS; "": nothing is against it."""
    if contact.address_kind != "e164":
        return "no_number"
    if contact.opted_out_at is not None:
        return "opted_out"
    if contact.blocked_at is not None:
        return "blocked"
    if contact.unsubscribed_at is not None:
        return "unsubscribed"
    return "doubted" if contact.doubted_at is not None else ""


def _left(d: Deciding, campaign: Campaign) -> str:
    """Say whether they left every list that the campaign goes to, or joined one that it leaves out."""
    on = {one.list_name for one in d.subscriptions() if one.ended_at is None}
    if on & set(campaign.exclude):
        return "other_list"
    return "" if on & set(campaign.lists) else "left"


def _awake(d: Deciding, contact: Contact) -> float:
    """Give when nobody in any zone that they may be in sleeps."""
    home = d.world.organisation.timezone
    return awake(d.now, d.world.quiet_hours, zones(contact.address, contact.timezone, home))


def _exclude(d: Deciding, part: Recipient, why: str) -> None:
    d.save(replace(part, state="excluded", reason=why))


def _send(d: Deciding, campaign: Campaign, line: Line, part: Recipient) -> None:
    assert d.contact is not None
    filled = fill(campaign.text, values(d.contact, d.world.organisation.name))
    if filled.missing:
        _exclude(d, part, f"value:{filled.missing[0]}")
        return
    conversation = d.snapshot.on_line(line.name) or Conversation(
        d.ids(), d.contact.id, line.name, state="resolved", created_at=d.now
    )
    message = draft(d, campaign, line, conversation, d.contact, filled.text)
    conversation = replace(
        conversation, campaign=campaign.id, campaign_at=d.now, last_at=max(conversation.last_at, d.now)
    )
    poll = d.world.polls.get(campaign.poll_id) if campaign.poll_id else None
    d.save(polls.ask(d, conversation, poll) if poll else conversation)
    d.save(message)
    d.effect(effects.send_sms(d.ids(), message, line, d.contact.address, price(line, message).as_mms))
    d.save(replace(part, state="out", message_id=message.id))
    keywords.welcome(d, conversation, line)
    for thread, desk in d.live(conversation.id):
        if threads.shows_all(thread, desk):
            threads.show_outbound(d, message, thread, desk, words.HEAD.format(name=campaign.name))


def draft(
    d: Deciding, campaign: Campaign, line: Line, conversation: Conversation, contact: Contact, text: str
) -> Message:
    """Write the text for one person."""
    message = Message(
        id=d.ids(),
        conversation_id=conversation.id,
        contact_id=contact.id,
        line=line.name,
        direction="out",
        text=text,
        kind="poll" if campaign.poll_id else "campaign",
        state="queued",
        at=d.now,
        author=MACHINE,
        campaign=campaign.id,
    )
    cost = price(line, message)
    return replace(message, segments=cost.segments, credits=cost.credits)


def answered(conversation: Conversation, at: float) -> str | None:
    """Give the id of the campaign that a text of this moment answers."""
    since = conversation.campaign_at
    return conversation.campaign if since is not None and 0 <= at - since <= ANSWERS else None
