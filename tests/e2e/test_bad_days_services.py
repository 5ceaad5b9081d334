"""A service is away, slow, or talks nonsense for minutes: time is lost, and nothing else.

Minutes are tenths of seconds here (`soon`): what is tested is what happens, not how long it takes.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.desks import soon as soon  # a fixture
from tests.e2e.house import NUMBER, SUE, World, until
from tests.e2e.tools import AtWeb, ask, calm, notices
from tests.emulators import misbehave
from tests.emulators.slack import HalfAnswer, Html, HttpError, RateLimited, Stall

pytestmark = pytest.mark.usefixtures("quick", "soon")

ALWAYS = 10_000
SLACK = {
    "429": RateLimited(retry_after=1),
    "500": HttpError(500),
    "html": Html(),
    "half": HalfAnswer(after_storing=False),
}
OTHERS = {
    "429": misbehave.rate_limit(1),
    "500": misbehave.server_error(500),
    "html": misbehave.html(502),
    "dropped": misbehave.drop_before(),
}


class Trouble:
    """One service of a world that gets into trouble and out of it."""

    def __init__(self, world: World, service: str, fault: str) -> None:
        self.world, self.service, self.fault = world, service, fault
        self.part = "line.main" if service == "twilio" else service
        self.where = NUMBER if service == "twilio" else f"{service}.support"

    async def begin(self) -> None:
        """From now on the service is not well."""
        world = self.world
        emulator = getattr(world, self.service)
        if self.fault == "down":
            await (emulator.go_down() if self.service == "slack" else emulator.down())
        elif self.service == "slack":
            world.slack.misbehave("*", SLACK[self.fault], times=ALWAYS)
        else:
            emulator.misbehave("*", OTHERS[self.fault], times=ALWAYS)

    async def end(self) -> None:
        """From now on it is."""
        emulator = getattr(self.world, self.service)
        emulator.behave()
        if self.fault == "down":
            await (emulator.come_back() if self.service == "slack" else emulator.up())

    async def is_named(self) -> bool:
        """Say whether /readyz and /metrics name this part and no other, and the operator knows why."""
        parts = (await self.world.ask("/readyz"))["parts"]
        ill = [name for name, word in parts.items() if word != "ok"]
        told = await self.told()
        assert len(told) <= 1, told
        return ill == [self.part] and await part_ok(self.world, self.part) == 0 and len(told) == 1

    async def told(self) -> list[str]:
        """Give what the operator was told of this desk or number."""
        return [one for one in await notices(self.world) if self.where in one]


async def part_ok(world: World, part: str) -> float:
    """Read what /metrics says of a part."""
    page = (await ask(f"http://127.0.0.1:{world.port}/metrics")).body.decode()
    (line,) = [one for one in page.splitlines() if one.startswith(f'threadline_part_ok{{part="{part}"}}')]
    return float(line.rpartition(" ")[2])


def in_order(page: Callable[[], str], *parts: str) -> Callable[[], bool]:
    """Give the condition that all parts stand on a page, each once, in this order."""

    def so() -> bool:
        shown = page()
        places = [shown.find(part) for part in parts]
        return -1 not in places and places == sorted(places) and all(shown.count(one) == 1 for one in parts)

    return so


async def well_again(trouble: Trouble) -> None:
    """Wait until everything says that it is over; the operator was told twice in all."""
    await until(trouble.world.is_ready, 20)
    await until(lambda: part_ok(trouble.world, trouble.part))
    await until(lambda: told_so(trouble))
    first, last = await trouble.told()
    assert first.startswith(f"Nothing can go out through {trouble.where} now: "), first
    assert "What waits is kept" in first
    assert last == f"{trouble.where} works again; what waited goes out now."


async def told_so(trouble: Trouble) -> bool:
    return len(await trouble.told()) == 2


# ---- chats ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["down", "429", "500", "html", "half"])
async def test_slack_is_not_well_for_long(small_house: World, fault: str) -> None:
    world, telegram = small_house, TelegramDesk(small_house)
    eve = await AtWeb.sign_in(world)
    await begun(world, "slack")
    trouble = Trouble(world, "slack", fault)
    await trouble.begin()
    for number in range(3):
        assert (await world.text(f"part {number}.")).status == 200
    await until(in_order(telegram.page, "part 0.", "part 1.", "part 2."))
    mine = await telegram.say("We hear you")
    await until(lambda: telegram.mark(mine) == "delivered")
    assert sorted(await eve.texts()) == ["Hello?", "We hear you", "part 0.", "part 1.", "part 2."]
    await world.text("Somebody else", SUE)
    await until(lambda: "Somebody else" in telegram.page())
    await until(trouble.is_named)

    await trouble.end()
    await until(in_order(world.slack_page, "part 0.", "part 1.", "part 2.", "We hear you"), 20)
    await until(lambda: world.slack_page().count("Somebody else") == 1)
    assert len(world.roots()) == 2
    assert world.phone() == ["We hear you"]
    await well_again(trouble)


@pytest.mark.parametrize("fault", ["down", "429", "500", "html"])
async def test_telegram_is_not_well_for_long(small_house: World, fault: str) -> None:
    world, slack = small_house, SlackDesk(small_house)
    await begun(world, "telegram")
    await until(lambda: "Hello?" in world.slack_page())
    trouble = Trouble(world, "telegram", fault)
    await trouble.begin()
    for number in range(3):
        assert (await world.text(f"part {number}.")).status == 200
    await until(in_order(slack.page, "part 0.", "part 1.", "part 2."))
    mine = await slack.say("We hear you")
    await until(lambda: slack.mark(mine) == "delivered")
    await until(trouble.is_named)

    await trouble.end()
    await until(in_order(world.telegram_page, "part 0.", "part 1.", "part 2.", "We hear you"), 20)
    assert len(world.telegram.group.topics) == 1
    await well_again(trouble)


# ---- the provider ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["down", "429", "html", "dropped"])
async def test_twilio_is_not_well_for_long(small_house: World, fault: str) -> None:
    world, slack, telegram = small_house, SlackDesk(small_house), TelegramDesk(small_house)
    await begun(world, "slack")
    trouble = Trouble(world, "twilio", fault)
    await trouble.begin()
    mine = [await slack.say(f"reply {number}.") for number in range(3)]
    await until(in_order(telegram.page, "reply 0.", "reply 1.", "reply 2."))
    await until(trouble.is_named)
    assert {slack.mark(one) for one in mine} == {"held"}, "⏳ until it is gone"
    assert world.phone() == []

    await trouble.end()
    await until(lambda: world.phone() == ["reply 0.", "reply 1.", "reply 2."], 20)
    await until(lambda: all(slack.mark(one) == "delivered" for one in mine))
    assert len(world.twilio.sent) == 3
    await well_again(trouble)
    await until(lambda: calm(world))


# ---- patience -------------------------------------------------------------------------------------------


async def test_who_asks_to_wait_is_not_asked_again_before(small_house: World) -> None:
    """Twelve people wait for each; a 429 that says two seconds brings a few calls in five seconds."""
    world = small_house
    desk = await begun(world, "slack")
    await until(lambda: "Hello?" in world.telegram_page())
    asked = {
        "slack": count_calls(world.slack.faults, "take", "chat.postMessage"),
        "telegram": count_calls(world.telegram, "_next_fault", "createForumTopic"),
        "twilio": count_calls(world.twilio, "_next_fault", "send"),
    }
    world.slack.misbehave("chat.postMessage", RateLimited(retry_after=2), times=ALWAYS)
    world.telegram.misbehave("createForumTopic", misbehave.rate_limit(2), times=ALWAYS)
    world.twilio.misbehave("send", misbehave.rate_limit(2), times=ALWAYS)
    people = [f"+155501005{number:02}" for number in range(12)]
    await asyncio.gather(*(world.text(f"I am {person}", person) for person in people))
    await desk.say("Wait for me")
    await asyncio.sleep(5)
    at_once = 8  # bridge.engine.deliver: so many may be on their way when the first 429 comes
    counted = {service: len(calls) for service, calls in asked.items()}
    assert 2 <= counted["slack"] <= 4 * at_once, counted
    assert 2 <= counted["telegram"] <= 4 * at_once, counted
    assert 2 <= counted["twilio"] <= 4, counted

    world.slack.behave()
    world.telegram.behave()
    world.twilio.behave()
    await until(lambda: len(world.roots()) == 13 and len(world.telegram.group.topics) == 13, 20)
    for person in people:
        for page in (world.slack_page, world.telegram_page):
            await until(lambda page=page, person=person: page().count(f"I am {person}") == 1)
    await until(lambda: world.phone() == ["Wait for me"])


def count_calls(emulator: Any, method: str, name: str) -> list[str]:
    """Note every call of this name from now on, those that are refused included."""
    seen: list[str] = []
    before = getattr(emulator, method)

    def note(*names: str, **more: Any) -> Any:
        seen.extend(one for one in names if one == name)
        return before(*names, **more)

    setattr(emulator, method, note)
    return seen


# ---- slowness -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slow", ["slack", "telegram"])
async def test_a_desk_that_stalls_keeps_nobody_waiting(small_house: World, slow: str) -> None:
    world, answered = small_house, asyncio.Event()
    await begun(world, "slack")
    await until(lambda: "Hello?" in world.telegram_page())
    page: Callable[[], str] = world.slack_page
    other: Any = TelegramDesk(world)
    if slow == "slack":
        world.slack.misbehave("chat.postMessage", Stall(until=answered, after_storing=False))
    else:
        world.telegram.misbehave("sendMessage", misbehave.stall_until(answered))
        page, other = world.telegram_page, SlackDesk(world)
    for number in range(3):
        await world.text(f"part {number}.")
    await until(in_order(other.page, "part 0.", "part 1.", "part 2."))
    mine = await other.say("We hear you")
    await until(lambda: other.mark(mine) == "delivered")
    assert "part 1." not in page()
    answered.set()
    await until(in_order(page, "part 0.", "part 1.", "part 2.", "We hear you"))
    assert await notices(world) == []
