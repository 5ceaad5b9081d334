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
