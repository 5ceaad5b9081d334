"""Corrections of what a text was taken for; tapbacks on what they mean; a dear reply sent at once."""

import pytest

from tests.e2e.desks import SlackDesk, begun, both, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until

pytestmark = pytest.mark.usefixtures("quick")

LONG = "word " * 40


@both
async def test_a_text_that_was_taken_for_something_else_comes_back_to_people(
    small_world: World, where: str
) -> None:
    small_world.options[f"{where}_desk"] = 'display = "all"'
    text = "Automatic reply: I am out of the office until Monday."
    async with small_world.house():
        desk = await begun(small_world, where)
        await small_world.text(text)
        await until(lambda: "A person wrote this" in desk.page())
        await desk.press("A person wrote this")
        await until(lambda: f"{desk.person}: this was meant for people" in desk.page())
        await until(lambda: "A person wrote this" not in desk.page())
        assert text in desk.page()


@both
async def test_plain_words_that_were_no_opt_out_can_be_answered_again(small_world: World, where: str) -> None:
    small_world.options[f"{where}_desk"] = 'display = "all"'
    async with small_world.house():
        desk = await begun(small_world, where)
        await small_world.text("please remove me from your list for the bus tour")
        await until(lambda: "A person wrote this" in desk.page())
        await desk.press("A person wrote this")
        await until(lambda: "They are not opted out any more." in desk.page())
        mine = await desk.say("Of course")
        await until(lambda: desk.mark(mine) == "delivered")
    assert small_world.phone()[-1] == "Of course"


async def test_a_tapback_stands_on_the_message_that_it_means(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack")
        assert isinstance(desk, SlackDesk)
        mine = await desk.say("See you at 5")
        await until(lambda: desk.mark(mine) == "delivered")
        await small_world.text("Loved “See you at 5”")
        await until(lambda: "heart" in small_world.slack_marks(mine))
        await small_world.text("Liked “See you at 5”")
        await until(lambda: sorted(small_world.slack_marks(mine)) == ["+1", "white_check_mark"])
        await small_world.text("Removed a like from “See you at 5”")
        await until(lambda: small_world.slack_marks(mine) == ["white_check_mark"])
    assert small_world.phone() == ["See you at 5"]


@both
async def test_the_hint_about_the_price_sends_and_cancels(small_world: World, where: str) -> None:
    small_world.options["hold"] = 60
    async with small_world.house():
        desk = await begun(small_world, where)
        first = await desk.say(LONG)
        await until(told(desk, "This goes as MMS, 3 credits."))
        await desk.press("Send now")
        await until(lambda: desk.mark(first) == "delivered")
        second = await desk.say(LONG + "again")
        hints = 1 if where == "slack" else 2  # what is pressed in Slack goes away there
        await until(lambda: sum("This goes as MMS, 3 credits." in one for one in desk.told()) >= hints)
        await desk.press("Cancel")
        await until(lambda: desk.mark(second) == "cancelled")
    assert small_world.phone() == [LONG.strip()]
