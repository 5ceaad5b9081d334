"""What staff write in a thread: what leaves, what stays, what can still be changed, what they see of it."""

import asyncio
from typing import Any

import pytest

from tests.e2e.desks import DESKS, SlackDesk, TelegramDesk, begun, both, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import BOB, NUMBER, World, a_world, until
from tests.emulators.slack import Backwards, Twice
from tests.emulators.twilio import undelivered

pytestmark = pytest.mark.usefixtures("quick")


# ---- the life of a reply --------------------------------------------------------------------------------


@both
async def test_a_reply_goes_out_once_and_its_marks_tell_of_its_life(small_house: World, where: str) -> None:
    world = small_house
    world.twilio.hold_messages()
    desk = await begun(world, where)
    mine = await desk.say("On our way")

    await until(lambda: desk.mark(mine) == "held")
    await until(lambda: desk.mark(mine) == "sent")
    world.twilio.release_messages()
    await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["On our way"]
    assert [(sms.from_, sms.to) for sms in world.twilio.sent] == [(NUMBER, BOB)]


@both
async def test_a_failure_is_told_in_words_and_a_press_sends_it_again(small_house: World, where: str) -> None:
    world = small_house
    world.twilio.plan(BOB, undelivered(30003))
    desk = await begun(world, where)
    mine = await desk.say("Are you there?")

    await until(lambda: desk.mark(mine) == "failed")
    await until(lambda: "Not delivered: “Are you there?”" in desk.page())
    assert "30003" not in desk.page()
    await desk.press("Try again")
    await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone()[-1] == "Are you there?"
    assert len(world.twilio.sent) == 2
    await until(lambda: f"{desk.person} sends it again" in desk.page())
    assert desk.find("Try again") is None  # who presses twice sends once


@both
async def test_what_no_retry_can_help_offers_none(small_house: World, where: str) -> None:
    world = small_house
    world.twilio.refuse(BOB, 21614)  # not a mobile number
    desk = await begun(world, where)
    mine = await desk.say("Hi")

    await until(lambda: desk.mark(mine) == "failed")
    await until(lambda: "Not delivered: “Hi”" in desk.page())
    assert desk.find("Try again") is None


# ---- notes ----------------------------------------------------------------------------------------------

NOTES = ("// he owes rent", "note: call the lawyer", "NOTE: urgent", "Note: x", "  // with blanks before")


@both
async def test_notes_never_leave(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    mine = [await desk.say(text) for text in NOTES]
    last = await desk.say("And this goes")

    await until(lambda: desk.mark(last) == "delivered")
    await until(lambda: all(desk.mark(one) == "note" for one in mine))
    assert small_house.phone() == ["And this goes"]


async def test_a_word_to_a_colleague_never_leaves(small_house: World) -> None:
    world = small_house
    dora = world.slack.add_user("dora", display_name="Dora")
    world.slack.world.channels[world.channel].members.add(dora)
    slack, telegram = await begun(world, "slack"), TelegramDesk(world)
    in_slack = await slack.say(f"<@{dora}> can you take this?")
    old_client = await slack.say(f"<@{dora}> and this?", blocks=False)
    in_telegram = await telegram.say("@ben_b is this yours?")
    last = await slack.say(f"Ask for <@{dora}> at the door")

    await until(lambda: slack.mark(last) == "delivered")
    await until(lambda: telegram.mark(in_telegram) == "note")
    await until(lambda: slack.mark(in_slack) == slack.mark(old_client) == "note")
    assert world.phone() == ["Ask for @Dora at the door"]


@both
async def test_a_note_is_not_shown_on_the_other_desk_as_if_it_had_been_sent(
    small_house: World, where: str
) -> None:
    desk = await begun(small_house, where)
    await desk.say("// only us")
    await desk.say("for him")

    other = DESKS["telegram" if where == "slack" else "slack"](small_house)
    await until(lambda: "for him" in other.page())
    assert "only us" not in other.page()


# ---- the hold -------------------------------------------------------------------------------------------


@both
async def test_an_edit_within_the_hold_changes_the_text(small_world: World, where: str) -> None:
    small_world.options["hold"] = 1.0
    async with small_world.house():
        desk = await begun(small_world, where)
        mine = await desk.say("See you at 5")
        await until(lambda: desk.mark(mine) == "held")
        await desk.edit(mine, "See you at 6")
        await until(lambda: desk.mark(mine) == "delivered")
    assert small_world.phone() == ["See you at 6"]


@both
async def test_an_edit_into_a_note_within_the_hold_keeps_it_inside(small_world: World, where: str) -> None:
    small_world.options["hold"] = 1.0
    async with small_world.house():
        desk = await begun(small_world, where)
        mine = await desk.say("He is lying")
        await until(lambda: desk.mark(mine) == "held")
        await desk.edit(mine, "// He is lying")
        await until(lambda: desk.mark(mine) == "note")
        other = await desk.say("Thanks!")
        await until(lambda: desk.mark(other) == "delivered")
    assert small_world.phone() == ["Thanks!"]


async def test_deleting_within_the_hold_cancels(small_world: World) -> None:
    small_world.options["hold"] = 0.8
    async with small_world.house():
        desk = await begun(small_world, "slack")
        mine = await desk.say("Wrong window")
        await until(lambda: desk.mark(mine) == "held")
        await desk.delete(mine)
        other = await desk.say("Right window")
        await until(lambda: desk.mark(other) == "delivered")
    assert small_world.phone() == ["Right window"]


async def test_deleting_after_the_hold_says_that_it_had_left(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    mine = await desk.say("Too late")
    await until(lambda: desk.mark(mine) == "delivered")
    await desk.delete(mine)
    await until(lambda: "cannot be taken back: “Too late”" in desk.page())


@both
async def test_a_late_edit_is_told_so_and_its_button_sends_a_correction(
    small_house: World, where: str
) -> None:
    desk = await begun(small_house, where)
    mine = await desk.say("Monday at 5")
    await until(lambda: desk.mark(mine) == "delivered")
    await desk.edit(mine, "Tuesday at 5")

    await until(told(desk, "Already sent"))
    assert small_house.phone() == ["Monday at 5"]
    await desk.press("Send a correction")
    await until(lambda: small_house.phone() == ["Monday at 5", "Correction: Tuesday at 5"])
    await until(lambda: "Correction: Tuesday at 5" in desk.page())


# ---- order and repetition -------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["slack", "telegram"])
async def test_quick_replies_keep_their_order(house: World, where: str) -> None:
    desk = await begun(house, where)
    for number in range(6):
        await desk.say(f"step {number}")

    await until(lambda: len(house.phone()) == 6, seconds=20)
    assert house.phone() == [f"step {number}" for number in range(6)]
    other = DESKS["telegram" if where == "slack" else "slack"](house)
    await until(lambda: "step 5" in other.page())
    page = other.page()
    assert [page.index(f"step {n}") for n in range(6)] == sorted(page.index(f"step {n}") for n in range(6))


async def test_replies_told_out_of_order_leave_in_the_order_of_ts(small_world: World) -> None:
    world = small_world
    world.options["hold"] = 1.0
    async with world.house():
        desk = await begun(world, "slack")
        world.slack.misbehave("event:message", Backwards(count=3))
        for number in range(3):
            await desk.say(f"step {number}")
        await until(lambda: len(world.phone()) == 3)
    assert world.phone() == ["step 0", "step 1", "step 2"]


@pytest.mark.parametrize("new_event_id", [False, True])
async def test_an_event_told_twice_sends_once(small_house: World, new_event_id: bool) -> None:
    desk = await begun(small_house, "slack")
    small_house.slack.misbehave("event:message", Twice(new_event_id=new_event_id), times=2)
    await desk.say("once")
    mine = await desk.say("and once")
    await until(lambda: desk.mark(mine) == "delivered")
    await asyncio.sleep(0.5)
    assert small_house.phone() == ["once", "and once"]


async def test_updates_told_twice_send_once(small_house: World) -> None:
    desk = await begun(small_house, "telegram")
    mine = await desk.say("once")
    small_house.telegram.repeat_updates(2)
    await until(lambda: desk.mark(mine) == "delivered")
    small_house.telegram.repeat_updates(3)
    after = await desk.say("then this")
    await until(lambda: desk.mark(after) == "delivered")
    assert small_house.phone() == ["once", "then this"]


# ---- what cannot be sent --------------------------------------------------------------------------------


@both
async def test_five_thousand_characters_are_refused_with_a_word(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    mine = await desk.say("long " * 600 + "x" * 1000)  # Telegram's own limit is 4,096

    await until(told(desk, "4000 characters are too many for one text"))
    await until(lambda: desk.mark(mine) == "cancelled")
    assert small_house.phone() == []


async def test_slack_takes_five_thousand_characters_and_refuses_them(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    await desk.say("y" * 5000)
    await until(told(desk, "5000 characters are too many for one text"))


@both
async def test_only_an_emoji_is_a_reply(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    mine = await desk.say("👍")
    await until(lambda: desk.mark(mine) == "delivered")
    assert small_house.phone() == ["👍"]


async def test_nothing_and_only_a_mention_send_nothing(small_house: World) -> None:
    world = small_house
    slack, telegram = await begun(world, "slack"), TelegramDesk(world)
    await slack.say("   ")
    mention = await slack.say(f"<@{world.ana}>")
    in_telegram = await telegram.say("@ben_b")
    await until(lambda: slack.mark(mention) == "note")
    await until(lambda: telegram.mark(in_telegram) == "note")
    last = await slack.say("now")
    await until(lambda: slack.mark(last) == "delivered")
    assert world.phone() == ["now"]


@both
async def test_a_word_outside_any_thread_sends_nothing_and_says_so(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    await desk.say("When do they come?", aside=True)

    await until(told(desk, "Nothing was sent. To answer somebody, write in their thread"))
    assert small_house.twilio.sent == []


async def test_in_a_thread_of_staff_themselves_nothing_is_sent(small_house: World) -> None:
    world = small_house
    desk = await begun(world, "slack")
    ts = await world.slack.say(world.ana, world.channel, "// lunch?")
    await world.slack.say(world.ana, world.channel, "Pizza!", thread_ts=ts)
    mine = await desk.say("Yes?")
    await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["Yes?"]


async def test_bots_and_strangers_send_nothing(small_house: World) -> None:
    world = small_house
    desk = await begun(world, "slack")
    bot = world.slack.add_user("jira", bot=True)
    eve = world.slack.add_user("eve", display_name="Eve", stranger=True)
    world.slack.world.channels[world.channel].members |= {bot, eve}
    await desk.say("A ticket was made", user=bot)
    await desk.say("I am from another company", user=eve)

    await until(told(desk, "Nothing was sent: only members of this organisation"))
    assert [one.user for one in world.slack.ephemerals] == [eve]
    mine = await desk.say("Hello Bob")
    await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["Hello Bob"]


async def test_an_anonymous_administrator_is_told_why_nothing_was_sent(small_house: World) -> None:
    world = small_house
    desk = await begun(world, "telegram")
    await desk.say("From the group itself", sender_chat=world.telegram.group)

    await until(told(desk, "Nothing was sent: you are writing anonymously"))
    assert world.twilio.sent == []


async def test_an_unknown_command_is_held_back(small_house: World) -> None:
    desk = await begun(small_house, "telegram")
    await desk.say("/unsubcribe now")
    await until(told(desk, "There is no command “unsubcribe”, so nothing was sent"))
    mine = await desk.say("5/6 works")
    await until(lambda: desk.mark(mine) == "delivered")
    assert small_house.phone() == ["5/6 works"]


@both
async def test_after_stop_nothing_is_sent_and_the_author_is_told(small_house: World, where: str) -> None:
    desk = await begun(small_house, where)
    await small_house.text("STOP")
    await until(lambda: "are opted out" in desk.page())
    mine = await desk.say("But wait")

    await until(told(desk, "Not sent: they opted out. They can text START"))
    await until(lambda: desk.mark(mine) == "cancelled")
    assert small_house.twilio.sent == []


# ---- what the phone shows -------------------------------------------------------------------------------


@pytest.mark.parametrize("blocks", [True, False])
async def test_slack_markup_arrives_as_people_read_it(small_house: World, blocks: bool) -> None:
    world = small_house
    desk: SlackDesk = await begun(world, "slack")
    extra = {} if blocks else {"blocks": False}
    mine = await desk.say(
        f"Hi :wave: ask <@{world.ana}> & <#{world.channel}>, https://example.org/a?b=1&c=2 "
        "or <https://example.org|our page>, <mailto:a@example.org|a@example.org>, 3 < 5 :+1:",
        **extra,
    )
    await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == [
        "Hi 👋 ask @Ana & #support, https://example.org/a?b=1&c=2 "
        "or our page (https://example.org), a@example.org, 3 < 5 👍"
    ]


async def test_telegram_formatting_arrives_as_people_read_it(small_house: World) -> None:
    desk = await begun(small_house, "telegram")
    link = {"type": "text_link", "offset": 6, "length": 4, "url": "https://example.org/x"}
    mine = await desk.say("👋 see here & <there>", entities=[link | {"offset": 7}])
    await until(lambda: desk.mark(mine) == "delivered")
    assert small_house.phone() == ["👋 see here (https://example.org/x) & <there>"]


async def test_a_reply_leaves_from_the_number_that_was_texted(tmp_path: Any) -> None:
    other = "+15005550009"
    async with a_world(tmp_path, f"sqlite:///{tmp_path}/two.db") as world:
        world.twilio.add_number(other)
        line = f'[lines.clinic]\nnumber = "{other}"\nprovider = "twilio"\n'
        line += f'account_sid = "{world.twilio.account_sid}"\nauth_token = "{world.twilio.auth_token}"\n'
        line += f'api_url = "{world.twilio.api_url}"\ndesks = ["slack.support"]\n'
        world.options["line"] = line
        async with world.house():
            await world.twilio.text(
                BOB, other, "To the clinic", webhook_url="https://sms.example.org/hooks/clinic"
            )
            desk = SlackDesk(world)
            mine = await desk.say("From the clinic")
            await until(lambda: desk.mark(mine) == "delivered")
            assert [(sms.from_, sms.to) for sms in world.twilio.sent] == [(other, BOB)]
            assert world.telegram.group.topics == {}
