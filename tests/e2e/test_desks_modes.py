"""How a desk is set: what leaves by itself, what is shown, how long a reply waits, what it may cost."""

import time

import pytest

from tests.e2e.desks import DESKS, TelegramDesk, begun, both, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until
from tests.emulators.slack import Lost

pytestmark = pytest.mark.usefixtures("quick")
LONG = "This is a long answer. " * 10  # 230 characters: no SMS, so an MMS


# ---- the explicit mode ----------------------------------------------------------------------------------


@both
async def test_in_the_explicit_mode_nothing_leaves_until_somebody_says_so(
    small_world: World, where: str
) -> None:
    small_world.options[f"{where}_desk"] = 'reply_mode = "explicit"'
    async with small_world.house():
        desk = await begun(small_world, where)
        assert "Nothing leaves until you use Send as SMS" in desk.page()
        mine = await desk.say("Shall we say Monday?")
        other = DESKS["telegram" if where == "slack" else "slack"](small_world)
        theirs = await other.say("From the other desk")
        await until(lambda: other.mark(theirs) == "delivered")
        assert small_world.phone() == ["From the other desk"]

        await desk.edit(mine, "Shall we say Tuesday?")
        await desk.react(mine)
        await until(lambda: desk.mark(mine) == "delivered")
        await desk.react(mine, again=True)
        again = await other.say("And again")
        await until(lambda: other.mark(again) == "delivered")
        assert small_world.phone() == ["From the other desk", "Shall we say Tuesday?", "And again"]
        assert "Shall we say Tuesday?" in other.page()


@both
async def test_a_note_is_not_sent_in_the_explicit_mode_either(small_world: World, where: str) -> None:
    small_world.options["inbox"] = 'reply_mode = "explicit"'
    async with small_world.house():
        desk = await begun(small_world, where)
        mine = await desk.say("// only us")
        await until(lambda: desk.mark(mine) == "note")
        await desk.react(mine)
        await until(told(desk, "That is a note, and notes never leave"))
    assert small_world.phone() == []


async def test_send_as_sms_in_slack_and_send_in_telegram(small_world: World) -> None:
    world = small_world
    world.options["inbox"] = 'reply_mode = "explicit"'
    async with world.house():
        slack, telegram = await begun(world, "slack"), TelegramDesk(world)
        mine = await slack.say("By the shortcut")
        await world.slack.shortcut(world.ana, "send_as_sms", world.channel, mine)
        await until(lambda: slack.mark(mine) == "delivered")
        theirs = await telegram.say("By the command")
        await telegram.say("/send", reply_to=theirs)
        await until(lambda: telegram.mark(theirs) == "delivered")
    assert world.phone() == ["By the shortcut", "By the command"]


async def test_a_reaction_that_overtakes_its_message_sends_it_all_the_same(small_world: World) -> None:
    world = small_world
    world.options["inbox"] = 'reply_mode = "explicit"'
    async with world.house():
        desk = await begun(world, "slack")
        world.slack.misbehave("event:message", Lost())  # until somebody looks
        mine = await desk.say("Shall we say Monday?")
        await desk.react(mine)
        await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["Shall we say Monday?"]


async def test_a_stranger_cannot_send_what_staff_keep_inside(small_world: World) -> None:
    world = small_world
    world.options["inbox"] = 'reply_mode = "explicit"'
    eve = world.slack.add_user("eve", display_name="Eve", stranger=True)
    async with world.house():
        desk = await begun(world, "slack")
        mine = await desk.say("Between us for now")
        world.slack.world.channels[world.channel].members.add(eve)
        await world.slack.react(eve, world.channel, mine, "outbox_tray")
        await until(told(desk, "Nothing was done: only members of this organisation"))
        assert world.phone() == []
        await desk.react(mine)
        await until(lambda: world.phone() == ["Between us for now"])


# ---- what is shown --------------------------------------------------------------------------------------


@both
async def test_a_thread_shows_people_only_until_somebody_asks_for_all(small_house: World, where: str) -> None:
    world = small_house
    desk = await begun(world, where)
    await world.text("HELP")
    await world.text("Thanks a lot!")
    await until(lambda: "Thanks a lot!" in desk.page())
    assert "HELP" not in desk.page()

    await desk.press("Message display: show all")
    await until(lambda: "every message is shown here from now on" in desk.page())
    await desk.press("Show 1 hidden message")
    await until(lambda: "(Asked for help): HELP" in desk.page())
    await world.text("INFO")
    await until(lambda: "INFO" in desk.page())
    other = DESKS["telegram" if where == "slack" else "slack"](world)
    assert "INFO" not in other.page()

    await desk.press("Message display: natural only")
    await until(lambda: "only messages from person to person" in desk.page())
    await world.text("Help")
    await world.text("And thanks again")
    await until(lambda: "And thanks again" in desk.page())
    assert "Help\n" not in desk.page()


async def test_a_desk_that_shows_all_shows_what_machines_say(small_world: World) -> None:
    small_world.options["slack_desk"] = 'display = "all"'
    small_world.options["line"] = "provider_answers = []"
    small_world.twilio.handles_opt_out = False
    async with small_world.house():
        await small_world.text("HELP")
        await until(lambda: "Automatic" in small_world.slack_page())
        assert "Example Tenants Union: for help, contact help@example.org" in small_world.slack_page()
        await until(lambda: len(small_world.phone()) == 1)
        assert small_world.telegram.group.topics == {}


async def test_the_display_of_the_whole_desk_is_set_in_general_and_outlives_a_restart(
    small_world: World,
) -> None:
    world = small_world
    async with world.house():
        desk = await begun(world, "telegram")
        await desk.say("/display all", aside=True)
        await until(told(desk, "every message is shown here from now on"))
        await world.text("INFO")
        await until(lambda: "INFO" in desk.page())
    async with world.house():
        await world.text("HELP")
        await until(lambda: "HELP" in desk.page())
    assert "HELP" not in world.slack_page()


# ---- the hold, and what it costs ------------------------------------------------------------------------


async def test_each_desk_has_its_own_hold(small_world: World) -> None:
    world = small_world
    world.options |= {"hold": 0, "slack_desk": "hold_seconds = 1.5"}
    async with world.house():
        slack, telegram = await begun(world, "slack"), TelegramDesk(world)
        began = time.monotonic()
        await slack.say("slowly")
        await telegram.say("at once")
        await until(lambda: world.phone() == ["at once"])
        await until(lambda: world.phone() == ["at once", "slowly"])
    assert time.monotonic() - began >= 1.5


@both
async def test_what_costs_more_than_one_credit_says_so_before_it_leaves(
    small_world: World, where: str
) -> None:
    small_world.options["hold"] = 0.8
    async with small_world.house():
        desk = await begun(small_world, where)
        mine = await desk.say(LONG)
        await until(told(desk, "This goes as MMS, 3 credits."))
        assert small_world.phone() == []
        await until(lambda: desk.mark(mine) == "delivered")
    assert small_world.phone() == [LONG.strip()]
    assert small_world.twilio.sent[0].params["SendAsMms"] == ["true"]


@both
async def test_the_guilty_character_is_named_and_can_be_straightened(small_world: World, where: str) -> None:
    small_world.options["hold"] = 1.5
    text = "We’ll come on Tuesday between nine and noon, please have somebody at home to open the door"
    async with small_world.house():
        desk = await begun(small_world, where)
        await desk.say(text)
        await until(told(desk, "because “’” is not in the plain SMS alphabet"))
        await desk.press("Use plain characters")
        await until(lambda: bool(small_world.phone()))
    assert small_world.phone() == [text.replace("’", "'")]


@both
async def test_a_dear_reply_asks_before_it_leaves(small_world: World, where: str) -> None:
    small_world.options[f"{where}_desk"] = "confirm_above = 2"
    async with small_world.house():
        desk = await begun(small_world, where)
        first = await desk.say(LONG)
        cheap = await desk.say("Short and cheap")
        await until(lambda: "This goes as MMS, 3 credits. Send it?" in desk.page())
        await until(lambda: desk.mark(cheap) == "delivered")
        assert small_world.phone() == ["Short and cheap"]
        await desk.press("Send")
        await until(lambda: desk.mark(first) == "delivered")
        await until(lambda: f"Sent by {desk.person}" in desk.page())

        second = await desk.say(LONG + "again")
        await until(lambda: desk.find("Cancel") is not None)
        await desk.press("Cancel")
        await until(lambda: desk.mark(second) == "cancelled")
        await until(lambda: f"Not sent, cancelled by {desk.person}" in desk.page())
    assert small_world.phone() == ["Short and cheap", LONG.strip()]
