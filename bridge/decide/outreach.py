"""What desks see of campaigns and polls while they run, and of a budget that is nearly used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bridge.decide import bulletins
from bridge.decide.deciding import Deciding
from bridge.model.decision import Line, World
from bridge.model.outreach import Campaign, Poll, Result, Tally
from bridge.model.panel import opens
from bridge.model.shapes import Button, Post
from bridge.render import outreach, words_campaigns, words_polls
from bridge.render import words as common

WARN_AT: Final = 80  # percent of a budget


@dataclass(frozen=True, slots=True)
class Shown:
    """A post and the desks that it hangs on."""

    post: Post
    desks: tuple[str, ...]


def hang(d: Deciding, subject: str, shown: Shown) -> None:
    """Put it where it belongs."""
    bulletins.show(d, subject, shown.desks, shown.post)


def progress(world: World, campaign: Campaign, result: Result) -> Shown:
    """Show how far a campaign is, on the desk where it was made; made on the server, on its line's."""
    buttons = (opens("campaign", common.LOOK, campaign.id),)
    head = words_campaigns.HEAD.format(name=campaign.name)
    said = outreach.campaign(campaign, result, world.organisation.timezone)
    post = Post(head, said, style="notice", buttons=buttons)
    line = world.lines.get(campaign.line)
    elsewhere = line.desks if line else ()
    return Shown(post, (campaign.desk,) if campaign.desk in world.desks else elsewhere)


def result(world: World, poll: Poll, tally: Tally) -> Shown:
    """Show how a poll stands, on every desk."""
    buttons: list[Button] = [opens("poll", common.LOOK, poll.id)]
    if tally.unclear:
        label = words_polls.UNCLEAR.format(count=tally.unclear).rstrip(".")
        buttons.append(opens("unclear", label, poll.id))
    said = outreach.poll(poll, tally, world.organisation.timezone)
    post = Post(words_polls.HEAD.format(name=poll.name), said, style="notice", buttons=tuple(buttons))
    return Shown(post, tuple(world.desks))


def picture(world: World, poll: Poll, media_id: str) -> Shown:
    """Show a poll's result as a picture, on every desk that is told what to show."""
    post = Post(words_polls.HEAD.format(name=poll.name), words_polls.CLOSED_SAID, "notice", media=(media_id,))
    return Shown(post, tuple(name for name, desk in world.desks.items() if not desk.traits.draws_itself))


def budget(line: Line, used: int, now: float, timezone: str) -> tuple[str, Shown] | None:
    """Warn of a budget that is nearly used: the subject is the month's, so that it stands there once."""
    share = 100 * used // line.budget
    if share < WARN_AT:
        return None
    month = f"{datetime.fromtimestamp(now, ZoneInfo(timezone)):%Y-%m}"
    said = words_campaigns.BUDGET_WARNING.format(
        line=line.name, share=WARN_AT if share < 100 else 100, budget=line.budget
    )
    return f"budget:{line.name}:{month}", Shown(Post(common.NOTICE, said, style="notice"), line.desks)
