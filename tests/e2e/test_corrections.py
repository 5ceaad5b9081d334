"""Corrections of what a text was taken for; tapbacks on what they mean; a dear reply sent at once."""

import asyncio

import pytest

from tests.e2e.desks import SlackDesk, begun, both, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until
from tests.e2e.tools import AtWeb, exported, ledger

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
        await until(
            told(desk, "This goes as MMS, 3 credits.")
        )  # the first hint is gone or says what was done
        await desk.press("Cancel")
        await until(lambda: desk.mark(second) == "cancelled")
    assert small_world.phone() == [LONG.strip()]


@both
async def test_a_hint_that_comes_too_late_says_what_is_the_case(small_world: World, where: str) -> None:
    async with small_world.house():
        desk = await begun(small_world, where)
        mine = await desk.say(LONG)
        await until(lambda: desk.mark(mine) == "delivered")
        await until(lambda: desk.find("Cancel"))
        await desk.press("Cancel")
        await until(told(desk, "It has been sent already. Nothing was done."))
        await until(lambda: desk.find("Cancel") is None)
        assert desk.mark(mine) == "delivered"
    assert small_world.phone() == [LONG.strip()]


DECIDED = "Somebody has decided that already. Nothing was done."


async def test_two_who_bring_a_text_back_at_once_bring_it_back_once(small_world: World) -> None:
    for where in ("slack", "telegram"):
        small_world.options[f"{where}_desk"] = 'display = "all"'
    async with small_world.house():
        ana, ben = [await begun(small_world, where) for where in ("slack", "telegram")]
        await small_world.text("Automatic reply: I am out of the office until Monday.")
        await until(lambda: ana.find("A person wrote this") and ben.find("A person wrote this"))
        await asyncio.gather(ana.press("A person wrote this"), ben.press("A person wrote this"))

        await until(lambda: [DECIDED in one for one in (*ana.told(), *ben.told())].count(True) == 1)
        await until(lambda: "this was meant for people" in ana.page() + ben.page())
        kinds = [one["kind"] for one in await exported(small_world) if "out of the office" in one["text"]]
        assert kinds == ["natural"]
        assert sum("this was meant for people" in one for one in ana.page().splitlines()) == 1


async def test_two_who_take_a_text_for_an_opt_out_at_once_opt_out_once(small_world: World) -> None:
    async with small_world.house():
        await begun(small_world, "slack", "I had enough of the meetings")
        eve, dan = [await AtWeb.sign_in(small_world, name) for name in ("Eve", "Dan")]
        [row], [said] = await eve.threads(), await eve.entries()
        press = {"action": "opt_out", "value": said["id"], "thread": row["thread"]}
        await asyncio.gather(*(one.post("/api/press", **press) for one in (eve, dan)))

        async def told_once() -> bool:
            return (await eve.whispers() + await dan.whispers()) == [DECIDED]

        await until(told_once)
        await until(lambda: small_world.twilio.sent)
        assert ["no more texts" in one.body for one in small_world.twilio.sent] == [True]
        assert [one["event"] for one in await ledger(small_world)].count("opt_out") == 1
