"""How a campaign goes and how a poll stands, in words: on desks, in panels, on the command line."""

from bridge.model.outreach import Campaign, Poll, Result, Tally
from bridge.model.text import shorten
from bridge.render import ballots, words_campaigns, words_polls
from bridge.render.times import moment

_REASONS = 5  # of failures, the most frequent
_FINAL = ("delivered", "sent", "undelivered", "failed", "cancelled", "unsure")


def reason(key: str) -> str:
    """Say why somebody gets no campaign."""
    what, _, field = key.partition(":")
    if what == "value":
        return words_campaigns.NO_VALUE.format(field=f"{{{field}}}")
    return words_campaigns.REASONS.get(what, what)


def state(campaign: Campaign, timezone: str) -> str:
    """Say where a campaign is."""
    when = campaign.local.replace("T", " ") or (moment(campaign.at, timezone) if campaign.at else "")
    said = words_campaigns.STATES[campaign.state].format(when=when)
    return f"{said}: {campaign.why}" if campaign.why else said


def campaign(one: Campaign, result: Result, timezone: str) -> str:
    """Say how a campaign goes: its state, how many are done, what became of them by reason."""
    everybody = sum(result.states.values()) + sum(result.excluded.values())
    done = sum(result.states.get(name, 0) for name in _FINAL) + sum(result.excluded.values())
    lines = [state(one, timezone)]
    if everybody:
        lines.append(words_campaigns.PROGRESS.format(done=done, all=everybody))
    for name, what in words_campaigns.BY_STATE.items():
        if result.states.get(name) and name not in ("failed", "undelivered"):
            lines.append(words_campaigns.COUNTED.format(count=result.states[name], what=what))
    failed = sorted(result.failed.items(), key=lambda pair: -pair[1])
    for why, count in failed[:_REASONS]:
        lines.append(words_campaigns.FAILED_FOR.format(count=count, reason=shorten(why, 100)))
    rest = sum(count for _, count in failed[_REASONS:])
    if rest:
        lines.append(words_campaigns.COUNTED.format(count=rest, what=words_campaigns.BY_STATE["failed"]))
    for key, count in sorted(result.excluded.items()):
        lines.append(words_campaigns.EXCLUDED_FOR.format(count=count, reason=reason(key)))
    if result.replies or result.optouts:
        lines.append(words_campaigns.REPLIES.format(replies=result.replies, optouts=result.optouts))
    return "\n".join(lines)


def poll(one: Poll, tally: Tally, timezone: str) -> str:
    """Say how a poll stands: its question, the count, who has yet to answer, until when."""
    lines = [one.question, ballots.tally(one, tally.counts, tally.voters)]
    lines.append(words_polls.VOTERS.format(voters=tally.voters, asked=tally.asked))
    if tally.unclear:
        lines.append(words_polls.UNCLEAR.format(count=tally.unclear))
    lines.append(standing(one, timezone))
    return "\n".join(lines)


def standing(one: Poll, timezone: str) -> str:
    """Say whether a poll is open, and until when."""
    if one.state == "draft":
        return words_polls.DRAFT
    if one.state == "closed":
        return words_polls.CLOSED_SAID
    if one.closes_at is not None:
        return words_polls.CLOSES.format(when=moment(one.closes_at, timezone))
    return words_polls.OPEN
