"""What staff keep and look up, from Telegram: the same panels, as messages with buttons."""

import pytest

from tests.e2e.desks import begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until

pytestmark = pytest.mark.usefixtures("quick")


async def test_settings_are_pressed_or_typed(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "telegram")
        await desk.say("/settings", aside=True)
        await until(lambda: "Hold before sending" in small_world.telegram_page())
        await desk.press("Change: Message display")
        await until(lambda: desk.find("Every message"))
        await desk.press("Every message")
        await until(lambda: "Message display: Every message" in small_world.telegram_page())
        await desk.say("/settings hold_seconds soon", aside=True)
        await until(lambda: "a number from 0 to 600" in small_world.telegram_page())


async def test_a_template_is_chosen_and_sent(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "telegram", "What are your opening times?")
        await desk.say("/templates add Opening times: We open at 9, {first_name|friend}.")
        await until(lambda: "“Opening times” is kept" in desk.page())
        await desk.say("/template")
        await until(lambda: desk.find("Use: Opening times"))
        await desk.press("Use: Opening times")
        await until(lambda: "As it stands: one SMS, 1 credit." in desk.page())
        assert small_world.phone() == []
        await desk.press("Send")
        await until(lambda: small_world.phone() == ["We open at 9, friend."])


async def test_a_command_in_the_wrong_place_is_explained_and_never_sent(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "telegram")
        await desk.say("/template Thanks", aside=True)
        await until(lambda: "belongs into the thread" in small_world.telegram_page())
        assert small_world.phone() == []


async def test_what_became_of_a_message_is_told_and_corrected(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "telegram", "No thanks, it is too cold for a picnic")
        theirs = next(m for m in desk.world.telegram.messages(everywhere=True) if "too cold" in m.text)
        await desk.say("/what", reply_to=theirs)
        await until(lambda: "Taken for: " in desk.page())
        await desk.press("They want no more texts")
        await until(lambda: "Opted out since" in desk.page())
        await until(lambda: len(small_world.phone()) == 1)


async def test_what_became_of_a_reply_is_told_with_its_price(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "telegram")
        mine = await desk.say("Yes, we are open")
        await until(lambda: desk.mark(mine) == "delivered")
        await desk.say("/what", reply_to=mine)
        await until(lambda: "It arrived on their phone." in desk.page())
        assert "Segments: 1. Credits: 1." in desk.page()
        await desk.say("/what")
        await until(lambda: "as an answer to the message that is meant" in desk.page())
        assert small_world.phone() == ["Yes, we are open"]


async def test_a_reason_that_the_desk_shows_can_be_corrected_by_asking(small_world: World) -> None:
    small_world.options["telegram_desk"] = 'display = "all"'
    async with small_world.house():
        desk = await begun(small_world, "telegram")
        await small_world.text("Automatic reply: I am out of the office until Monday.")
        await until(lambda: desk.find("A person wrote this"))
        await desk.say("/what", reply_to=desk.find("A person wrote this"))
        await until(lambda: "Taken for: " in desk.page())
        await desk.press("A person wrote this")
        await until(lambda: f"{desk.person}: this was meant for people" in desk.page())
