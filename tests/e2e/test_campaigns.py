"""Campaigns and polls, from every desk to every phone and back: the books balance to the message."""

import asyncio
import os
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from bridge.decide import outreach
from bridge.model.decision import Line
from bridge.model.traits import Rate, SmsTraits
from bridge.store import polls
from bridge.store.tables import messages, recipients, subscriptions
from tests.e2e.crowd import crowd, sent
from tests.e2e.desks import SlackDesk, TelegramDesk
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until
from tests.emulators.twilio.life import undelivered

pytestmark = pytest.mark.usefixtures("quick")


async def compose(desk: Any, text: str, name: str = "News") -> None:
    """Write a campaign to the members, from a desk."""
    said = f"campaigns new {name} | members: {text}"
    if isinstance(desk, SlackDesk):
        await desk.world.slack.command(desk.world.ana, desk.world.channel, "/sms", said)
    else:
        await desk.say(f"/{said}", aside=True)
    await until(lambda: any(f"“{name}” is kept" in one for one in desk.told()))


async def press_in_panel(desk: Any, *labels: str) -> None:
    """Open the campaigns and press through."""
    if isinstance(desk, TelegramDesk):
        await desk.say("/campaigns", aside=True)
        for label in labels:
            await desk.press(label)
        return
    world = desk.world
    await world.slack.command(world.ana, world.channel, "/sms", "campaigns")
    for label in labels:
        await until(lambda label=label: world.slack.modal(world.ana) and _in_modal(world, label))
        await world.slack.press_in_view(world.ana, _in_modal(world, label))
    await world.slack.close_view(world.ana, whole_stack=True)


def _in_modal(world: World, label: str) -> str | None:
    blocks = world.slack.modal(world.ana)["blocks"]
    found = [b.get("accessory") for b in blocks] + [e for b in blocks for e in b.get("elements", [])]
    return next(
        (
            one["action_id"]
            for one in found
            if one and one["type"] == "button" and label in one["text"]["text"]
        ),
        None,
    )


async def books(world: World) -> tuple[Counter[str], Counter[str]]:
    """Count people by what became of their part, and campaign texts by state."""
    assert world.daemon is not None
    async with world.daemon.store.engine.connect() as connection:
        parts = await connection.execute(sa.select(recipients.c.state, recipients.c.reason))
        people = Counter(f"{row.state}:{row.reason}" for row in parts)
        texts = await connection.execute(
            sa.select(messages.c.state).where(messages.c.direction == "out", messages.c.campaign.is_not(None))
        )
        return people, Counter(texts.scalars())


@pytest.mark.parametrize("where", ["slack", "telegram"])
async def test_a_campaign_reaches_everybody_once_and_says_what_became_of_it(
    small_world: World, where: str
) -> None:
    async with small_world.house():
        numbers = await crowd(small_world, 60)
        for one in numbers[:3]:
            small_world.twilio.plan(one, undelivered())
        await small_world.text("STOP", numbers[5])
        desk = {"slack": SlackDesk, "telegram": TelegramDesk}[where](small_world)
        await compose(desk, "Rally on Monday, {first_name}!")
        await press_in_panel(desk, "Details: News" if where == "telegram" else "Details", "Start")
        if where == "telegram":
            await desk.press("Yes")
        await until(lambda: "59 of 59 are done" in desk.page() and "56 arrived" in desk.page(), 40)
        assert "Done" in desk.page()
        assert "3 failed: The phone could not be reached" in desk.page()
        people, texts = await books(small_world)
    got = sent(small_world, "Rally on Monday, Pat!")
    assert set(got.values()) == {1}
    assert set(got) == set(numbers) - {numbers[5]}
    assert people == {"out:": 59}
    assert texts == {"delivered": 56, "undelivered": 3}


async def test_a_poll_counts_the_last_word_of_each(small_world: World) -> None:
    async with small_world.house():
        numbers = await crowd(small_world, 8)
        desk = SlackDesk(small_world)
        slack, ana, channel = small_world.slack, small_world.ana, small_world.channel
        await slack.command(ana, channel, "/sms", "polls new Meet on Monday? | Yes; No; Too early")
        await until(lambda: any("The poll “Meet on Monday?” is kept" in one for one in desk.told()))
        await slack.command(ana, channel, "/sms", "polls")
        for label in ("Details", "Send to lists"):
            await until(lambda label=label: slack.modal(ana) and _in_modal(small_world, label))
            await slack.press_in_view(ana, _in_modal(small_world, label))
        await until(lambda: slack.modal(ana)["title"]["text"] == "Campaign")
        await slack.submit(ana, values={"name": "Monday", "lists": ["members"]})
        await until(lambda: any("“Monday” is kept" in one for one in desk.told()))
        await press_in_panel(desk, "Details", "Start")
        await until(lambda: sum(sent(small_world, "Meet on Monday?").values()) == 8)
        asked = next(r.body for r in small_world.twilio.sent if "Meet on Monday?" in r.body)
        assert asked == "Meet on Monday?\nA) Yes\nB) No\nC) Too early\nReply with a letter."
        answers = ["a", "Yes!", "B", "nope", "C", "too early", "maybe", "A"]
        for one, answer in zip(numbers, answers, strict=True):
            await small_world.text(answer, one)
        await small_world.text("B, sorry", numbers[7])
        await until(lambda: "A) Yes: 2 (29%)" in desk.page() and "Unclear answers: 1" in desk.page(), 30)
        assert "B) No: 3 (43%)" in desk.page() and "C) Too early: 2 (29%)" in desk.page()
        assert "7 answered of 8 asked." in desk.page()
        await desk.press("Count as a vote")
        await until(lambda: slack.modal(ana) and _in_modal(small_world, "C) Too early"))
        await slack.press_in_view(ana, _in_modal(small_world, "C) Too early"))
        await until(lambda: "C) Too early: 3 (38%)" in desk.page(), 30)
        assert "Ana counted this as “Too early”." in desk.page()
        poll = (await polls.latest(small_world.daemon.store.engine, 1))[0]
        assert await polls.recount(small_world.daemon.store.engine, poll) == (2, 3, 2)


async def test_the_books_balance_through_failures_stops_a_pause_and_a_restart(world: World) -> None:
    """3 % fail, some stop in the middle, staff pause, the daemon ends and comes back: nobody gets it twice,
    nobody is forgotten, nobody gets it after STOP."""
    size = int(os.environ.get("THREADLINE_CROWD", "240"))
    stopped: list[str] = []
    desk = SlackDesk(world)
    async with world.house():
        numbers = await crowd(world, size)
        for one in numbers[:: 100 // 3]:
            world.twilio.plan(one, undelivered())
        await compose(desk, "Rent strike on Friday")
        await press_in_panel(desk, "Details", "Start")
        await until(lambda: len(sent(world, "Rent strike")) >= size // 4, 120)
        late = [one for one in reversed(numbers) if one not in sent(world, "Rent strike")][: size // 20]
        for one in late:
            await world.text("STOP", one)
            stopped.append(one)
        before = {one for one in stopped if one in sent(world, "Rent strike")}
        await press_in_panel(desk, "Details", "Pause")
        await until(lambda: any("“News” pauses" in one for one in desk.told()))
    async with world.house():
        await asyncio.sleep(4)
        rested = sum(sent(world, "Rent strike").values())
        await asyncio.sleep(2)
        assert sum(sent(world, "Rent strike").values()) == rested < size
        await press_in_panel(desk, "Details", "Go on")
        await until(lambda: len(sent(world, "Rent strike")) > rested, 60)
    async with world.house():

        async def is_done() -> bool:
            people, texts = await books(world)
            return people["waiting:"] + people["fed:"] + texts["queued"] == 0

        await until(is_done, 240)
        people, texts = await books(world)
    got = sent(world, "Rent strike")
    assert set(got.values()) == {1}
    never = set(numbers) - set(got)
    assert never == set(stopped) - before
    assert people["out:"] + people["excluded:opted_out"] + people["excluded:left"] == size
    # what was reported while the daemon was down stays "sent": the provider tells it once
    assert texts["delivered"] + texts["undelivered"] + texts["sent"] == len(got)
    assert texts["undelivered"] <= len(set(numbers[:: 100 // 3]) & set(got))


async def test_a_budget_keeps_a_campaign_from_starting(
    small_world: World,
) -> None:
    async with small_world.house():
        numbers = await crowd(small_world, 60)
        desk = SlackDesk(small_world)
        slack, ana = small_world.slack, small_world.ana
        await slack.command(ana, small_world.channel, "/sms", "settings budget main 50")
        await until(lambda: any("Budget a month: 50 credits" in one for one in desk.told()))
        await compose(desk, "Too dear")
        await press_in_panel(desk, "Details", "Start")
        await until(lambda: "60 credits, and 50 of this month's budget are left" in desk.page())
        assert not sent(small_world, "Too dear")
        async with small_world.daemon.store.engine.begin() as connection:
            gone = subscriptions.c.contact_id.in_([f"c{place:05}" for place in range(45, 60)])
            await connection.execute(sa.update(subscriptions).where(gone).values(ended_at=2.0))
        await press_in_panel(desk, "Details", "Start")
        await until(lambda: len(sent(small_world, "Too dear")) == 45, 60)
        assert set(sent(small_world, "Too dear")) == set(numbers[:45])


def test_the_warning_stands_there_once_a_month() -> None:
    line = Line("main", "+15550100001", ("slack.support",), SmsTraits(Rate(1), max_chars=1600), budget=100)
    now = 1_795_000_000.0
    assert outreach.budget(line, 79, now, "UTC") is None
    assert outreach.budget(line, 80, now, "UTC") == outreach.budget(line, 95, now, "UTC")
    subject, shown = outreach.budget(line, 80, now, "UTC") or ("", None)
    assert subject == "budget:main:2026-11"
    assert shown is not None
    assert "80 % of its budget of 100 credits" in shown.post.body
    assert shown.desks == ("slack.support",)
