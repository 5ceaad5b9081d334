"""What others change under our feet: tokens, channels, groups, and the ways on which news come."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

import pytest

from bridge.engine import health
from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.desks import soon as soon  # a fixture
from tests.e2e.house import NUMBER, PUBLIC, SUE, World, until
from tests.e2e.test_bad_days_services import in_order
from tests.e2e.tools import ask, exported, journaled, notices, settled
from tests.emulators import misbehave
from tests.emulators.slack import Backwards, Late, Lost, Twice

pytestmark = pytest.mark.usefixtures("quick", "soon")


async def told(world: World, where: str) -> list[str]:
    """Give what the operator was told of a desk or number."""
    return [one for one in await notices(world) if where in one]


async def told_once(world: World, where: str, words: str) -> bool:
    """Say whether the operator was told, with these words in it; never twice."""
    found = [one for one in await told(world, where) if "Nothing can go out" in one]
    assert len(found) <= 1, found
    return bool(found) and words in found[0]


# ---- tokens ---------------------------------------------------------------------------------------------


async def test_a_slack_token_that_is_revoked_and_replaced(world: World) -> None:
    async with world.house():
        await begun(world, "slack")
        await world.slack.revoke_token()
        await world.text("part 0.")
        mine = await TelegramDesk(world).say("part 1.")
        await until(lambda: TelegramDesk(world).mark(mine) == "delivered")
        await until(lambda: told_once(world, "slack.support", "put its new bot token into the configuration"))
        await asyncio.sleep(1.2)  # several tries later it still is one notice
        await told_once(world, "slack.support", "")
        assert "revoked" in (await world.ask("/readyz"))["parts"]["slack"]

    world.slack.bot_token, world.slack.token_error = f"xoxb-{secrets.token_hex(8)}", None
    async with world.house():
        await world.text("part 2.")
        await until(in_order(world.slack_page, "Hello?", "part 0.", "part 1.", "part 2."))
        mine = await SlackDesk(world).say("And we are back")
        await until(lambda: world.phone() == ["part 1.", "And we are back"])
        assert len(world.roots()) == 1


async def test_a_telegram_token_that_is_replaced(world: World) -> None:
    async with world.house():
        desk: TelegramDesk = await begun(world, "telegram")
        await until(lambda: "Hello?" in world.slack_page())
        bot = world.telegram.bot_token.partition(":")[0]
        world.telegram.bot_token = f"{bot}:AAF{secrets.token_urlsafe(24)}"
        await world.text("part 0.")
        mine = await SlackDesk(world).say("part 1.")
        await until(lambda: SlackDesk(world).mark(mine) == "delivered")
        await until(lambda: told_once(world, "telegram.support", "copy it anew from @BotFather"))
        await desk.say("Does anybody hear me?")

    async with world.house():
        await until(lambda: world.phone() == ["part 1.", "Does anybody hear me?"])
        await until(in_order(world.telegram_page, "part 0.", "part 1."))
        assert len(world.telegram.group.topics) == 1


async def test_twilios_token_that_is_replaced(world: World) -> None:
    async with world.house():
        desk: SlackDesk = await begun(world, "slack")
        world.twilio.renew_token()
        mine = [await desk.say(f"reply {number}") for number in range(2)]
        await until(lambda: told_once(world, NUMBER, "check account_sid with auth_token"))
        refused = await world.text("Signed with the new token", SUE)
        assert refused.status == 403
        assert {desk.mark(one) for one in mine} == {"held"}

    async with world.house():
        await until(lambda: world.phone() == ["reply 0", "reply 1"])
        await until(lambda: all(desk.mark(one) == "delivered" for one in mine))
        await until(lambda: "Signed with the new token" in world.slack_page(), 20)  # from Twilio's list
        assert len(world.twilio.sent) == 2


async def test_an_archived_channel_is_one_notice_and_one_more_when_it_is_back(small_house: World) -> None:
    world = small_house
    desk: SlackDesk = await begun(world, "slack")
    await until(lambda: "Hello?" in world.telegram_page())
    await world.slack.archive(world.channel)
    for number in range(4):
        await world.text(f"part {number}.")
        await world.text(f"Somebody new {number}.", f"+155501002{number:02}")
    mine = await TelegramDesk(world).say("meanwhile")
    await until(lambda: TelegramDesk(world).mark(mine) == "delivered")
    await until(lambda: told_once(world, "slack.support", "unarchive it, or choose another one"))
    await asyncio.sleep(1.2)
    await told_once(world, "slack.support", "")

    await world.slack.unarchive(world.channel)
    await until(in_order(world.slack_page, *(f"part {n}." for n in range(4)), "meanwhile"))
    await until(lambda: desk.threads() == 5)
    await until(lambda: works_again(world, "slack.support"))


async def works_again(world: World, where: str) -> bool:
    found = [one for one in await told(world, where) if "works again" in one]
    assert len(found) <= 1, found
    return bool(found)


# ---- listening ------------------------------------------------------------------------------------------


async def test_another_program_that_fetches_the_updates_is_one_notice(
    small_house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts go out and nothing is heard: replies would seem to vanish, so the operator is told."""
    monkeypatch.setattr(health, "PATIENCE", 0.5)
    world = small_house
    desk: TelegramDesk = await begun(world, "telegram")
    world.telegram.misbehave("getUpdates", misbehave.server_error(409), times=10_000)
    world.telegram.updates.pause()  # ends the long wait that is under way
    world.telegram.updates.pump()
    await desk.say("Does anybody hear me?")
    await until(lambda: heard_of(world, "Nothing that staff do in telegram is heard since"), 20)
    await world.text("Still there?")
    await until(lambda: "Still there?" in desk.page())
    world.telegram.behave()
    await until(lambda: world.phone() == ["Does anybody hear me?"], 30)
    await until(lambda: heard_of(world, "What staff do in telegram is heard again."))
    assert len(await notices(world)) == 2


async def heard_of(world: World, words: str) -> bool:
    return any(words in one for one in await notices(world))


async def test_slack_events_late_twice_and_backwards_within_the_hold(small_world: World) -> None:
    world = small_world
    world.options["hold"] = 0.8
    async with world.house():
        desk: SlackDesk = await begun(world, "slack")
        world.slack.misbehave("event:message", Backwards(count=3))
        for number in range(3):
            await desk.say(f"reply {number}")
        world.slack.misbehave("event:message", Late(seconds=0.4))
        await desk.say("reply 3")
        world.slack.misbehave("event:message", Twice(new_event_id=True))
        await desk.say("reply 4")
        await until(lambda: world.phone() == [f"reply {number}" for number in range(5)])


async def test_replies_while_sockets_come_and_go_leave_once_each(small_house: World) -> None:
    """One event is lost for good: it is read from the channel after the next connection."""
    world = small_house
    desk: SlackDesk = await begun(world, "slack")
    for number in range(6):
        if number == 2:
            await world.slack.disconnect_sockets()
        if number == 4:
            world.slack.misbehave("event:message", Lost())
        if number == 5:
            world.slack.cut_sockets()
        await desk.say(f"reply {number}")
    await until(lambda: sorted(world.phone()) == [f"reply {number}" for number in range(6)], 30)
    await until(world.is_ready)
    assert len(world.twilio.sent) == 6


async def test_telegram_tells_everything_again_after_a_restart(world: World) -> None:
    async with world.house():
        desk: TelegramDesk = await begun(world, "telegram")
        mine = await desk.say("once")
        await until(lambda: desk.mark(mine) == "delivered")
        await desk.say("/note he called")
        await desk.say("/resolve")
        await until(lambda: "Resolved by Ben" in desk.page())
    world.telegram.repeat_updates(10)
    async with world.house():
        after = await desk.say("then this")
        await until(lambda: desk.mark(after) == "delivered")
    assert world.phone() == ["once", "then this"]
    assert desk.page().count("Resolved by Ben.") == 1


async def test_a_group_that_moved_goes_on_with_the_people_it_knows(small_house: World) -> None:
    """The new group has no topics: who writes again is shown in a new one, with what is not answered yet."""
    world = small_house
    await begun(world, "telegram")
    new = await world.telegram.migrate(world.telegram.group)
    await world.text("Are you there?")
    await until(lambda: "Are you there?" in world.telegram.transcript(new))
    shown = world.telegram.transcript(new)
    assert shown.index("The conversation goes on here") < shown.index("Hello?") < shown.index("Are you")
    await world.telegram.say("Ben", new, "Here!", topic=next(iter(new.topics)))
    await until(lambda: world.phone() == ["Here!"])
    assert await notices(world) == []


# ---- what no webhook brought ----------------------------------------------------------------------------


async def test_what_came_while_the_daemon_was_down_comes_though_the_list_is_broken_at_first(
    world: World,
) -> None:
    async with world.house():
        await world.text("came by webhook")
        await until(lambda: "came by webhook" in world.slack_page())
        await asyncio.sleep(0.1)
    world.twilio.clock = lambda: datetime.now(UTC) - timedelta(minutes=5)
    for number in range(3):
        await world.text(f"missed {number}.", deliver=False)
    await world.text("missed by Sue.", SUE, deliver=False)
    world.twilio.clock = lambda: datetime.now(UTC)
    world.twilio.misbehave("list", misbehave.server_error(500), misbehave.html(502), misbehave.drop_before())

    async with world.house():
        for page in (world.slack_page, world.telegram_page):
            await until(in_order(page, "came by webhook", "missed 0.", "missed 1.", "missed 2."), 20)
            await until(lambda page=page: page().count("missed by Sue.") == 1)
        assert world.slack_page().count("while threadline was down") == 4
        again = await world.twilio.redeliver(
            next(r.sid for r in world.twilio.records.values() if r.body == "missed 1."),
            f"{PUBLIC}/hooks/main",
        )
        assert again.status == 200
        await settled(world, 5)
        assert len(await journaled(world, "text_received")) == 5
        assert len(await exported(world)) == 5
        assert (await ask(f"http://127.0.0.1:{world.port}/readyz")).status == 200
