"""Campaigns and polls, from every desk to every phone and back: the books balance to the message."""

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from bridge.store.tables import messages, recipients
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
