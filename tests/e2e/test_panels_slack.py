"""What staff keep and look up, from Slack: settings, templates, people, notifications, who waits."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.e2e.desks import SlackDesk, begun, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import BOB, World, until

pytestmark = pytest.mark.usefixtures("quick")


class Letters:
    """A mail server's box. refuse: what it answers instead of taking a mail."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuse = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return self.refuse
        self.taken.append(envelope.content.decode())
        return "250 taken"


@pytest.fixture
async def letters(small_world: World) -> AsyncIterator[Letters]:
    box = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    await asyncio.to_thread(controller.start)
    mail = f'[email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "sms@example.org"'
    small_world.options["telegram_desk"] = mail
    yield box
    await asyncio.to_thread(controller.stop)


async def sms(world: World, text: str) -> dict[str, Any]:
    """Type a command in the channel."""
    return await world.slack.command(world.ana, world.channel, "/sms", text)


async def panel(world: World, text: str) -> str:
    """Type a command that opens a panel, and read it."""
    await sms(world, text)
    await until(lambda: world.slack.modal(world.ana))
    shown = world.slack.show(world.slack.modal(world.ana))
    await world.slack.close_view(world.ana, whole_stack=True)
    return shown


async def test_a_setting_holds_at_once_and_says_who_made_it(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack")
        await sms(small_world, "settings hold_seconds 60")
        await until(told(desk, "Hold before sending: 60 seconds"))
        held = await desk.say("This one waits")
        await until(lambda: desk.mark(held) == "held")
        await asyncio.sleep(0.6)
        assert small_world.phone() == []
        assert "as configured → 60" in await panel(small_world, "settings changes")
        assert "60" in await panel(small_world, "settings")


async def test_a_template_is_written_chosen_and_sent(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack", "What are your opening times?")
        await sms(small_world, "templates add Opening times: We open at 9, {first_name|friend}.")
        await until(told(desk, "“Opening times” is kept"))
        root = await small_world.slack_thread()
        card = small_world.slack.message(small_world.channel, root)
        menu = next(e for b in card["blocks"] for e in b.get("elements", ()) if e["type"] == "overflow")
        await small_world.slack.press(
            small_world.ana, small_world.channel, root, menu["action_id"], "panel:pick:"
        )
        await until(lambda: small_world.slack.modal(small_world.ana))
        shown = small_world.slack.show(small_world.slack.modal(small_world.ana))
        assert "We open at 9, friend." in shown
        first = next(
            b["accessory"] for b in small_world.slack.modal(small_world.ana)["blocks"] if "accessory" in b
        )
        assert first["value"] == "use:Opening times", "the likeliest for their text comes first"
        await small_world.slack.press_in_view(small_world.ana, first["action_id"])
        await until(lambda: (small_world.slack.modal(small_world.ana) or {}).get("submit"))
        await small_world.slack.submit(small_world.ana)
        await until(lambda: small_world.phone() == ["We open at 9, friend."])


async def test_a_value_that_is_missing_is_shown_and_never_sent(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack")
        await sms(small_world, "templates add Dear: Dear {first_name}, thank you.")
        await until(told(desk, "“Dear” is kept"))
        root = await small_world.slack_thread()
        card = small_world.slack.message(small_world.channel, root)
        menu = next(e for b in card["blocks"] for e in b.get("elements", ()) if e["type"] == "overflow")
        await small_world.slack.press(
            small_world.ana, small_world.channel, root, menu["action_id"], "panel:pick:"
        )
        await until(lambda: small_world.slack.modal(small_world.ana))
        views = small_world.slack.modal(small_world.ana)["blocks"]
        dear = next(b["accessory"] for b in views if b.get("accessory", {}).get("value") == "use:Dear")
        await small_world.slack.press_in_view(small_world.ana, dear["action_id"])
        await until(lambda: (small_world.slack.modal(small_world.ana) or {}).get("submit"))
        assert "Nothing is known for {first_name}" in small_world.slack.show(
            small_world.slack.modal(small_world.ana)
        )
        await small_world.slack.submit(small_world.ana)
        await until(told(desk, "nothing is known for {first_name}"))
        assert small_world.phone() == []


async def test_only_an_admin_changes_settings_where_one_is_named(small_world: World) -> None:
    small_world.options["slack_desk"] = 'admins = ["U0BOSS"]'
    async with small_world.house():
        answer = await sms(small_world, "settings hold_seconds 60")
        assert "only an admin" in answer["text"]
        assert "Only admins of this desk change it" in await panel(small_world, "settings")


async def test_who_waits_is_on_the_home_tab(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack", "Is anybody there?")
        await small_world.slack.open_home(small_world.ana)
        await until(lambda: small_world.slack.home(small_world.ana))
        shown = small_world.slack.show(small_world.slack.home(small_world.ana))
        assert "Waiting for an answer: 1" in shown
        assert "Is anybody there?" in shown
        reply = await desk.say("Yes, we are")
        await until(lambda: desk.mark(reply) == "delivered")
        await small_world.slack.open_home(small_world.ana)
        gone = "Nobody is waiting for an answer."
        await until(lambda: gone in small_world.slack.show(small_world.slack.home(small_world.ana)))


async def test_colleagues_are_told_by_mail_but_not_of_what_they_answer(
    small_world: World, letters: Letters
) -> None:
    async with small_world.house():
        desk = SlackDesk(small_world)
        await sms(small_world, "notify email nobody")
        assert "not an e-mail address" in (await sms(small_world, "notify email nobody"))["text"]
        await sms(small_world, "notify email ana@example.org")
        await until(told(desk, "announced to ana@example.org"))
        await small_world.text("The heating is off <!channel>")
        await until(lambda: letters.taken)
        assert "The heating is off <!channel>" in letters.taken[0]
        assert "/archives/" in letters.taken[0]
        reply = await small_world.slack_reply("We are on it")
        await until(lambda: "white_check_mark" in small_world.slack_marks(reply))
        await small_world.text("Thank you")
        await until(lambda: "Thank you" in small_world.slack_page())
        await sms(small_world, "notify test")
        await until(lambda: len(letters.taken) > 1)
        assert len(letters.taken) == 2
        assert "This is a test" in letters.taken[1]


async def test_a_mail_server_that_is_down_is_in_nobodys_way(small_world: World, letters: Letters) -> None:
    letters.refuse = "451 try again"
    async with small_world.house():
        desk = SlackDesk(small_world)
        await sms(small_world, "notify email ana@example.org")
        await until(told(desk, "announced to ana@example.org"))
        await small_world.text("Hello?")
        reply = await small_world.slack_reply("Hello to you")
        await until(lambda: small_world.phone(BOB) == ["Hello to you"])
        await until(lambda: "white_check_mark" in small_world.slack_marks(reply))


async def test_who_waits_too_long_is_brought_up(small_world: World) -> None:
    small_world.options["slack_desk"] = "remind_after = 0.01"
    async with small_world.house():
        await begun(small_world, "slack", "Hello?")
        await until(lambda: "Nobody has answered them since" in small_world.slack_page())


async def test_usage_counts_what_was_sent(small_world: World) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack")
        reply = await desk.say("One credit")
        await until(lambda: desk.mark(reply) == "delivered")
        assert "1 received, 1 sent, 1 credits" in await panel(small_world, "usage")
