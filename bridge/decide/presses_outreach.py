"""Staff make polls and campaigns, start them, and stop them."""

from dataclasses import replace
from typing import Final

from bridge.decide import checking, polls, starting
from bridge.decide.campaigns import draft, excluded
from bridge.decide.checking_outreach import clash, lines_of, options_of, read_time
from bridge.decide.deciding import Deciding
from bridge.decide.press import Press, whisper
from bridge.decide.texts import dispatch
from bridge.model.address import show
from bridge.model.nouns import Conversation
from bridge.model.outreach import Campaign, CampaignState, Poll
from bridge.model.text import shorten
from bridge.render import ballots, outreach, words_campaigns, words_polls
from bridge.render.fill import fill, values
from bridge.render.times import moment

EARLIEST: Final = 14 * 3600.0
"""Seconds by which the first zone of the world is ahead of UTC: there a local time begins first."""
_NAME: Final = 40  # characters of a poll's question that name it


def _wrong(d: Deciding, press: Press) -> bool:
    """Say to who sent it what is wrong with a form."""
    found = checking.problems(d.world, press.desk.name, press.event.action, press.event.form)
    for said in list(found.values())[:1]:
        whisper(d, press, said)
    return bool(found)


# ---- polls -----------------------------------------------------------------------------------------------


def poll_save(d: Deciding, press: Press) -> None:
    """Keep a poll. One that has been sent keeps its question and options: answers refer to them."""
    if _wrong(d, press):
        return
    form = press.event.form
    known = d.world.polls.get(form.get("id", ""))
    zone = d.world.organisation.timezone
    closes = read_time(form.get("closes", ""), zone) if form.get("closes", "").strip() else None
    if closes is not None and closes <= d.now:
        whisper(d, press, words_polls.IN_THE_PAST.format(when=moment(closes, zone)))
        return
    question, options = form["question"].strip(), options_of(form)
    if known is not None and known.state != "draft":
        question, options = known.question, known.options
    poll = Poll(
        id=known.id if known else d.ids(),
        name=form.get("name", "").strip() or shorten(question, _NAME),
        question=question,
        options=options,
        multiple=form.get("several", "") == "several",
        thanks=form.get("thanks", "").strip(),
        invalid=form.get("invalid", "").strip(),
        closed=form.get("closed", "").strip(),
        state=known.state if known else "draft",
        closes_at=closes,
        target=int(form.get("target", "").strip() or "0"),
        by=press.name,
        at=known.at if known else d.now,
    )
    d.save(poll)
    said = words_polls.SAVED.format(name=poll.name)
    whisper(d, press, f"{said} {clash(d.world, options)}".strip())


def poll_close(d: Deciding, press: Press) -> None:
    """Count no further answers."""
    poll = _poll(d, press)
    if poll is not None:
        d.save(replace(poll, state="closed"))
        whisper(d, press, words_polls.CLOSED_BY.format(name=poll.name))


def poll_reopen(d: Deciding, press: Press) -> None:
    """Count answers again, until somebody closes it."""
    poll = _poll(d, press)
    if poll is not None:
        d.save(replace(poll, state="open", closes_at=None, target=0))
        whisper(d, press, words_polls.OPENED_AGAIN.format(name=poll.name))


def _poll(d: Deciding, press: Press) -> Poll | None:
    poll = d.world.polls.get(press.event.value)
    if poll is None:
        whisper(d, press, words_polls.GONE)
    return poll


# ---- campaigns ---------------------------------------------------------------------------------------------


def campaign_save(d: Deciding, press: Press) -> None:
    """Keep a campaign; nothing is sent yet."""
    if _wrong(d, press):
        return
    form, zone = press.event.form, d.world.organisation.timezone
    known = d.world.campaigns.get(form.get("id", ""))
    if known is not None and known.state != "draft":
        _not_now(d, press, known)
        return
    typed, poll = form.get("at", "").strip(), d.world.polls.get(form.get("poll", ""))
    at = read_time(typed, zone) if typed else None
    if at is not None and at <= d.now:
        whisper(d, press, words_campaigns.IN_THE_PAST.format(when=moment(at, zone)))
        return
    lines = [line for line in d.world.lines.values() if press.desk.name in line.desks]
    local = typed.replace(" ", "T") if typed and form.get("when") == "local" else ""
    campaign = Campaign(
        id=known.id if known else d.ids(),
        name=form["name"].strip(),
        text=ballots.question(poll) if poll else form["text"].strip(),
        lists=lines_of(form, "lists"),
        exclude=lines_of(form, "exclude"),
        line=form.get("line", "").strip() or (lines[0].name if lines else next(iter(d.world.lines))),
        poll_id=poll.id if poll else None,
        at=at,
        local=local,
        by=press.name,
        desk=press.desk.name,
        created_at=known.created_at if known else d.now,
    )
    d.save(campaign)
    whisper(d, press, words_campaigns.SAVED.format(name=campaign.name))


def campaign_start(d: Deciding, press: Press) -> None:
    """Have it begin: now, or at its time. Whether anybody gets it and it can be paid is seen to then."""
    campaign = _campaign(d, press, ("draft",))
    if campaign is None:
        return
    zone = d.world.organisation.timezone
    if campaign.at is not None and campaign.at <= d.now:
        whisper(d, press, words_campaigns.IN_THE_PAST.format(when=moment(campaign.at, zone)))
        return
    begins = campaign.at
    if campaign.local and begins is not None:  # somewhere it is that hour long before it is here
        begins = max(begins - 2 * EARLIEST, d.now)
    poll = d.world.polls.get(campaign.poll_id or "")
    if poll is not None and poll.state == "draft":
        d.save(replace(poll, state="open"))
    d.save(replace(campaign, state="scheduled", at=begins, why=""))
    if begins is None:
        said = words_campaigns.STARTED.format(name=campaign.name)
    else:
        when = campaign.local.replace("T", " ") or moment(begins, zone)
        said = words_campaigns.WAITS.format(name=campaign.name, when=when)
    whisper(d, press, said)


def campaign_pause(d: Deciding, press: Press) -> None:
    """Let nothing further leave for now."""
    campaign = _campaign(d, press, ("scheduled", "running"))
    if campaign is not None:
        d.save(replace(campaign, state="paused"))
        whisper(d, press, words_campaigns.PAUSED.format(name=campaign.name))


def campaign_resume(d: Deciding, press: Press) -> None:
    """Go on where it stopped."""
    campaign = _campaign(d, press, ("paused",))
    if campaign is not None:
        begun = campaign.started_at is not None
        d.save(replace(campaign, state="running" if begun else "scheduled", why=""))
        whisper(d, press, words_campaigns.RESUMED.format(name=campaign.name))


def campaign_cancel(d: Deciding, press: Press) -> None:
    """Nobody else gets it."""
    campaign = _campaign(d, press, ("draft", "scheduled", "running", "paused"))
    if campaign is not None:
        d.save(replace(campaign, state="cancelled", ended_at=d.now))
        removed = press.event.action == "campaign_remove"
        said = words_campaigns.REMOVED if removed else words_campaigns.CANCELLED
        whisper(d, press, said.format(name=campaign.name))


def campaign_test(d: Deciding, press: Press) -> None:
    """Send it to one number, as everybody would get it."""
    if _wrong(d, press):
        return
    campaign = d.world.campaigns.get(press.event.form.get("id", ""))
    line = d.world.lines.get(campaign.line) if campaign else None
    if campaign is None or line is None:
        whisper(d, press, words_campaigns.GONE)
        return
    contact = starting.contact(d, press)
    if contact is None:
        return
    number = show(contact.address, d.world.organisation.region)
    if why := excluded(contact):
        whisper(d, press, f"{number}: {outreach.reason(why)}.")
        return
    d.save(contact)
    conversation = d.snapshot.on_line(line.name) or Conversation(
        d.ids(), contact.id, line.name, state="resolved", created_at=d.now
    )
    known = {**dict.fromkeys(("first_name", "full_name"), "…"), **values(contact, d.world.organisation.name)}
    message = draft(d, campaign, line, conversation, contact, fill(campaign.text, known).text)
    poll = d.world.polls.get(campaign.poll_id or "")
    d.save(polls.ask(d, conversation, poll) if poll else conversation)
    dispatch(d, replace(message, campaign=None), line)
    whisper(d, press, words_campaigns.TEST_SENT.format(number=number))


def _campaign(d: Deciding, press: Press, states: tuple[CampaignState, ...]) -> Campaign | None:
    campaign = d.world.campaigns.get(press.event.value)
    if campaign is None:
        whisper(d, press, words_campaigns.GONE)
    elif campaign.state not in states:
        _not_now(d, press, campaign)
    else:
        return campaign
    return None


def _not_now(d: Deciding, press: Press, campaign: Campaign) -> None:
    state = outreach.state(campaign, d.world.organisation.timezone)
    whisper(d, press, words_campaigns.NOT_NOW.format(state=state[:1].lower() + state[1:]))
