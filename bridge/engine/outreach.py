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
from bridge.engine.world import Worlds
from bridge.model.decision import Line, Snapshot, World
from bridge.model.ids import Ids
from bridge.model.outreach import Campaign, Poll
from bridge.model.zones import zones
from bridge.ports import Log
from bridge.render import words_campaigns as words
from bridge.store import campaigns, desk, polls
from bridge.store.apply import apply
from bridge.store.store import Store

_EVERY = 0.5  # seconds between rounds
_SHOW_EVERY = 6.0  # seconds between two versions of a bulletin: a channel takes about one post a second
_COUNT_EVERY = 30.0  # seconds between looks at what the month has cost
_AHEAD = 5.0  # seconds' worth of texts that may wait at a line: how soon a pause is felt
_LEAST = 10  # texts that may wait at least


class Outreach:
    """Campaigns and polls, while they run."""

    def __init__(
        self,
        store: Store,
        worlds: Worlds,
        now: Callable[[], float],
        ids: Ids,
        log: Log,
        wake: Callable[[], None],
    ) -> None:
        """wake: told when something is to be decided or goes out."""
        self._store = store
        self._worlds = worlds
        self._now = now
        self._ids = ids
        self._log = log
        self._wake = wake
        self._shown: dict[str, tuple[float, str]] = {}  # by subject: when, and what
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
        for campaign in world.campaigns.values():
            await self._campaign(world, campaign)
        for poll in world.polls.values():
            await self._poll(world, poll)

    # ---- campaigns -------------------------------------------------------------------------------------

    async def _campaign(self, world: World, campaign: Campaign) -> None:
        line, now = world.lines.get(campaign.line), self._now()
        if line is None or campaign.state in ("draft", "paused"):
            if campaign.state == "paused":
                await self._progress(world, campaign)
            return
        if campaign.state == "scheduled":
            if campaign.at is not None and now < campaign.at:
                return
            campaign = replace(campaign, state="running", started_at=now)
            await self._apply(world, campaign)
        if await self._is_over_budget(world, line, campaign):
            return
        if campaign.planned is not None:
            when = partial(_due, campaign, world.organisation.timezone, campaign.started_at or now)
            campaign = await self._store.run(lambda: campaigns.plan(campaign, when, now))
        rate = line.traits.rate
        most = max(_LEAST, int(rate.per_second * _AHEAD))
        if await self._store.run(lambda: campaigns.feed(campaign, f"number:{line.number}", most, now)):
            self._wake()
        elif await self._store.run(lambda: campaigns.is_over(campaign)):
            await self._apply(world, replace(campaign, state="done", ended_at=now))
            campaign = replace(campaign, state="done")
        await self._progress(world, campaign)

    async def _progress(self, world: World, campaign: Campaign) -> None:
        subject = f"campaign:{campaign.id}"
        if not self._is_time(subject) and campaign.state != "done":
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
        await self._apply(world, replace(campaign, state="paused", why=why))
        return True

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
            await self._apply(world, poll)
        await self._show(world, subject, outreach.result(world, poll, found))

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
        await self._store.run(lambda: apply([decision], self._now()))
        self._wake()

    async def _apply(self, world: World, row: Campaign | Poll) -> None:
        d = self._deciding(world, row.id)
        d.save(row)
        decision = d.decision()
        await self._store.run(lambda: apply([decision], self._now()))

    def _deciding(self, world: World, cause: str) -> Deciding:
        return Deciding(Snapshot(world), cause, self._now(), self._ids)


def month_begins(now: float, timezone: str) -> float:
    """Give when the month began, in Unix seconds."""
    today = datetime.fromtimestamp(now, ZoneInfo(timezone))
    return today.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def _due(campaign: Campaign, home: str, start: float, address: str, known: str | None) -> float:
    """Give when somebody's part is due: at once, or at that hour where they live."""
    if not campaign.local:
        return start
    zone = ZoneInfo(zones(address, known, home)[0])
    return max(datetime.fromisoformat(campaign.local).replace(tzinfo=zone).timestamp(), start)
