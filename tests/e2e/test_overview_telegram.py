"""Who waits, in General: one message, pinned, that follows the desk and outlives it."""

import asyncio
from typing import Any

import pytest

from connectors.chat.telegram import overview
from tests.e2e.desks import TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import SUE, World, until
from tests.e2e.tools import notices

NOBODY = "Nobody is waiting for an answer."


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch, quick: None, small_world: World) -> None:
    """Draw it as soon as something changed."""
    for name, seconds in (("EVERY", 0.3), ("SETTLE", 0.05), ("LOOK", 0.5), ("ASK_AGAIN", 0.3)):
        monkeypatch.setattr(overview, name, seconds)
    small_world.options["overview"] = "true"


def overviews(world: World) -> list[Any]:
    """Give what stands in General and lists who waits."""
    return [m for m in world.telegram.messages() if m.text.startswith("Inbox")]


def pinned(world: World) -> list[int]:
    return list(world.telegram.group.pinned)


def calls(world: World, method: str) -> int:
    return len(world.telegram.calls_to(method))


async def test_it_is_pinned_and_follows_who_waits(small_world: World) -> None:
    async with small_world.house():
        await until(lambda: pinned(small_world))
        [it] = overviews(small_world)
        assert pinned(small_world) == [it.message_id]
        assert NOBODY in it.text
        desk = TelegramDesk(small_world)
        await small_world.text("Is @anybody there?")
        await until(lambda: "there?" in it.text)
        await small_world.text("My heat is out", sender=SUE)
        await until(lambda: "Waiting for an answer: 2" in it.text)
        assert it.text.index("there?") < it.text.index("My heat"), "longest first"
        assert "@anybody" not in it.text, "nobody is called by what somebody texts"
        links = [e["url"] for e in it.data["entities"] if e["type"] == "text_link"]
        group = str(small_world.telegram.group.id).removeprefix("-100")
        assert links == [f"https://t.me/c/{group}/{topic}" for topic in small_world.telegram.group.topics]
        bob = next(iter(small_world.telegram.group.topics))
        await small_world.telegram.say("Ben", small_world.telegram.group, "Yes", topic=bob)
        await until(lambda: "Waiting for an answer: 1" in it.text)
        assert "there?" not in it.text
        assert overviews(small_world) == [it]
        await desk.press("Templates")
        await until(lambda: desk.find("Close"))
        assert overviews(small_world) == [it], "what it leads to is a message of its own"


async def test_it_outlives_a_restart(small_world: World) -> None:
    async with small_world.house():
        await until(lambda: pinned(small_world))
    async with small_world.house():
        await begun(small_world, "telegram", "Hello?")
        await until(lambda: "Hello?" in overviews(small_world)[0].text)
        assert len(overviews(small_world)) == 1
        assert calls(small_world, "pinChatMessage") == 1


async def test_it_is_made_anew_where_somebody_deleted_it(small_world: World) -> None:
    async with small_world.house():
        await until(lambda: pinned(small_world))
        [old] = overviews(small_world)
        await small_world.telegram.delete(small_world.telegram.group, old)
        await begun(small_world, "telegram", "Hello?")
        await until(lambda: overviews(small_world) and pinned(small_world))
        [new] = overviews(small_world)
        assert new.message_id != old.message_id
        assert pinned(small_world) == [new.message_id]
        await until(lambda: "Hello?" in new.text)


async def test_without_the_right_it_is_shown_and_the_operator_told_once(small_world: World) -> None:
    telegram = small_world.telegram
    await telegram.set_bot(telegram.group, can_pin_messages=False)
    async with small_world.house():

        async def told() -> bool:
            return any("can_pin_messages" in one for one in await notices(small_world))

        await until(told)
        await begun(small_world, "telegram", "Hello?")
        await until(lambda: "Hello?" in overviews(small_world)[0].text)
        await until(lambda: calls(small_world, "pinChatMessage") > 2)
        assert len([one for one in await notices(small_world) if "can_pin" in one]) == 1
        assert pinned(small_world) == []
        await telegram.set_bot(telegram.group, can_pin_messages=True)
        await until(lambda: pinned(small_world))
        assert len(overviews(small_world)) == 1


async def test_it_leaves_room_for_what_people_write(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "EVERY", 2.0)
    async with small_world.house():
        desk = await begun(small_world, "telegram", "Hello?")
        await until(lambda: "Hello?" in overviews(small_world)[0].text)
        before = calls(small_world, "editMessageText")
        for number in range(8):
            await small_world.text(f"Text {number}")
        await until(lambda: "Text 7" in desk.page())
        await until(lambda: "Text 7" in overviews(small_world)[0].text)
        drawn = [c for c in small_world.telegram.calls_to("editMessageText")[before:] if _inbox(c)]
        assert len(drawn) <= 2


def _inbox(call: Any) -> bool:
    return str(call.params.get("text", "")).startswith("Inbox")


async def test_it_waits_as_long_as_telegram_asks(small_world: World) -> None:
    async with small_world.house():
        await begun(small_world, "telegram", "Hello?")
        await until(lambda: "Hello?" in overviews(small_world)[0].text)
        small_world.telegram.set_budget(0, 3.0)
        before = calls(small_world, "editMessageText")
        await small_world.text("Still there?")
        await until(lambda: calls(small_world, "editMessageText") > before)
        await asyncio.sleep(1.5)
        small_world.telegram.enforce_budget = False
        assert len([c for c in small_world.telegram.calls_to("editMessageText")[before:] if _inbox(c)]) <= 1
        await until(lambda: "Still there?" in overviews(small_world)[0].text)
