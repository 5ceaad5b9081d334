"""Outreach: the loop that plans and feeds campaigns, keeps their progress and the polls' counts in view.

One daemon at a time does it. Nothing is kept in memory but what was shown last: after a crash the next
round goes on from the tables.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bridge.decide import outreach
from bridge.decide.deciding import Deciding
from bridge.engine.charts import chart
from bridge.engine.files import Files
from bridge.engine.world import Worlds
from bridge.model.decision import Line, Snapshot, World
from bridge.model.ids import Ids
from bridge.model.outreach import Campaign, CampaignState, Poll, Tally
from bridge.model.zones import zones
from bridge.ports import Log
from bridge.render import words_campaigns as words
from bridge.render.cost import cost
from bridge.render.times import month_begins
from bridge.store import campaigns, desk, polls
from bridge.store.apply import apply
from bridge.store.store import Store

_EVERY = 0.5  # seconds between rounds
_SHOW_EVERY = 6.0  # seconds between two versions of a bulletin: a channel takes about one post a second
_REPORTS_COME = 900.0  # seconds after the end in which delivery reports still change the count
_COUNT_EVERY = 30.0  # seconds between looks at what the month has cost
_AHEAD = 2.0  # seconds' worth of texts that may wait at a line: how soon a pause is felt
_LEAST = 10  # texts that may wait at least


class Outreach:
    """Campaigns and polls, while they run."""

    def __init__(
        self,
        store: Store,
        worlds: Worlds,
        files: Files,
        now: Callable[[], float],
        ids: Ids,
        log: Log,
        wake: Callable[[], None],
    ) -> None:
        """wake: told when something is to be decided or goes out."""
        self._store = store
        self._worlds = worlds
        self._files = files
        self._now = now
        self._ids = ids
        self._log = log
        self._wake = wake
        self._shown: dict[str, tuple[float, str]] = {}  # by subject: when, and what
        self._running: set[str] = set()  # ids of campaigns that had begun in the last round
        self._lately: dict[str, float] = {}  # ids of campaigns that are over: until when reports come
        self._used: dict[str, tuple[float, int]] = {}  # by line: when it was counted, and the credits

    async def run(self) -> None:
        """Go round, until cancelled."""
        while True:
            try:
                if await self._store.hold("outreach"):
                    await self.once()
            except Exception as error:
                self._log.warning("outreach.failed", error=repr(error)[:200])
                await asyncio.sleep(2)
            await asyncio.sleep(_EVERY)

    async def once(self) -> None:
        """Do what is due now for every campaign and poll."""
        world = await self._worlds.refresh()
        begun = {one.id for one in world.campaigns.values() if one.started_at is not None}
        for over in self._running - begun:
            await self._over(over)
            self._lately[over] = self._now() + _REPORTS_COME
        self._running = begun
        for over, until in list(self._lately.items()):
            if self._now() > until:
                del self._lately[over]
            elif ended := await campaigns.one(self._store.engine, over):
                await self._progress(world, ended)
        for campaign in world.campaigns.values():
            await self._campaign(world, campaign)
        for poll in world.polls.values():
            await self._poll(world, poll)

    # ---- campaigns -------------------------------------------------------------------------------------

    async def _campaign(self, world: World, campaign: Campaign) -> None:
        line, now = world.lines.get(campaign.line), self._now()
        if line is None or campaign.state == "draft":
            return
        if campaign.state == "paused":
            await self._progress(world, campaign)
            return
        if campaign.state == "scheduled":
            if campaign.at is not None and now < campaign.at:
                return
            why = await self._refusal(world, line, campaign)
            begun = await self._move(campaign, "draft" if why else "running", why)
            if why or not begun:
                await self._progress(world, replace(campaign, state="draft", why=why))
                return
            campaign = replace(campaign, state="running", started_at=now)
        if await self._is_over_budget(world, line, campaign):
            return
        if campaign.planned is not None:
            when = partial(_due, campaign, world.organisation.timezone, campaign.started_at or now)
            campaign = await self._store.run(partial(campaigns.plan, campaign, when))
        rate = line.traits.rate
        most = max(_LEAST, int(rate.per_second * _AHEAD))
        if await self._store.run(partial(campaigns.feed, campaign, f"number:{line.number}", most, now)):
            self._wake()
        elif await self._store.run(partial(campaigns.is_over, campaign)):
            await self._move(campaign, "done", "")
            return
        await self._progress(world, campaign)

    async def _refusal(self, world: World, line: Line, campaign: Campaign) -> str:
        """Say why a campaign cannot begin: nobody would get it, or it cannot be paid; "": it can."""
        audience = await campaigns.audience(self._store.engine, campaign.lists, campaign.exclude)
        if not audience.count:
            return words.NOBODY
        if not line.budget:
            return ""
        how = line.long_messages if line.traits.sends_media else "segments"
        credits_ = audience.count * cost(campaign.text, 0, how).credits
        since = month_begins(self._now(), world.organisation.timezone)
        used = (await desk.used(self._store.engine, since, self._now() + 1)).get(line.name, (0, 0, 0))[2]
        left = max(line.budget - used, 0)
        return words.TOO_DEAR.format(credits=credits_, left=left, line=line.name) if credits_ > left else ""

    async def _over(self, campaign_id: str) -> None:
        """Take back what has not left of one that staff cancelled."""
        campaign = await campaigns.one(self._store.engine, campaign_id)
        if campaign is not None and campaign.state == "cancelled":
            why = words.REASONS["cancelled"]
            await self._store.run(partial(campaigns.stop, campaign, why, self._now()))

    async def _progress(self, world: World, campaign: Campaign) -> None:
        subject = f"campaign:{campaign.id}"
        if not self._is_time(subject):
            return
        found = await campaigns.result(self._store.engine, campaign.id)
        await self._show(world, subject, outreach.progress(world, campaign, found))

    async def _is_over_budget(self, world: World, line: Line, campaign: Campaign) -> bool:
        """Pause a campaign whose line has used its budget; warn once a month when it is nearly used."""
        if not line.budget:
            return False
        now = self._now()
        counted, used = self._used.get(line.name, (0.0, 0))
        if now - counted > _COUNT_EVERY:
            month = month_begins(now, world.organisation.timezone)
            used = (await desk.used(self._store.engine, month, now + 1)).get(line.name, (0, 0, 0))[2]
            self._used[line.name] = now, used
            if said := outreach.budget(line, used, now, world.organisation.timezone):
                await self._warn(world, *said)
        if used < line.budget:
            return False
        why = words.OVER_BUDGET.format(line=line.name, budget=line.budget)
        await self._move(campaign, "paused", why)
        return True

    async def _move(self, campaign: Campaign, to: CampaignState, why: str) -> bool:
        return await self._store.run(partial(campaigns.move, campaign, to, why, self._now()))

    async def _warn(self, world: World, subject: str, bulletin: outreach.Shown) -> None:
        if subject not in self._shown:
            self._log.warning("outreach.budget", notice=bulletin.post.body)
        await self._show(world, subject, bulletin)

    # ---- polls ---------------------------------------------------------------------------------------------

    async def _poll(self, world: World, poll: Poll) -> None:
        subject, now = f"poll:{poll.id}", self._now()
        closed_for_good = poll.state == "closed" and poll.at < now - 30 * 86400
        if poll.state == "draft" or closed_for_good or not self._is_time(subject):
            return
        found = await polls.tally(self._store.engine, poll)
        over = poll.closes_at is not None and now >= poll.closes_at
        if poll.state == "open" and (over or 0 < poll.target <= found.voters):
            poll = replace(poll, state="closed")
            await self._store.run(partial(polls.close, poll.id))
            await self._picture(world, poll, found)
        await self._show(world, subject, outreach.result(world, poll, found))

    async def _picture(self, world: World, poll: Poll, tally: Tally) -> None:
        """Hang the result up as a picture, once the poll has closed by itself."""
        media = await self._files.keep(await asyncio.to_thread(chart, poll, tally))
        await self._show(world, f"poll:{poll.id}:picture", outreach.picture(world, poll, media.id))

    # ---- both ----------------------------------------------------------------------------------------------

    def _is_time(self, subject: str) -> bool:
        return self._now() - self._shown.get(subject, (0.0, ""))[0] >= _SHOW_EVERY

    async def _show(self, world: World, subject: str, bulletin: outreach.Shown) -> None:
        """Show it on its desks, where it reads differently from before."""
        known = self._shown.get(subject)
        version = repr(bulletin)
        self._shown[subject] = self._now(), version
        if known is not None and known[1] == version:
            return
        d = self._deciding(world, f"{self._now():.3f}")
        outreach.hang(d, subject, bulletin)
        decision = d.decision()
        await self._store.run(partial(apply, [decision], self._now()))
        self._wake()

    def _deciding(self, world: World, cause: str) -> Deciding:
        return Deciding(Snapshot(world), cause, self._now(), self._ids)


def _due(campaign: Campaign, home: str, start: float, address: str, known: str | None) -> float:
    """Give when somebody's part is due: at once, or at that hour where they live."""
    if not campaign.local:
        return start
    zone = ZoneInfo(zones(address, known, home)[0])
    return max(datetime.fromisoformat(campaign.local).replace(tzinfo=zone).timestamp(), start)
