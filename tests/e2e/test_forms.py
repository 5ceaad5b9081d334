"""A keyword starts a form, a question interrupts it, staff answer, the form goes on; staff fill one in."""

import asyncio
from pathlib import Path

import pytest

from bridge.cli import run as threadline
from tests.e2e.desks import DESKS, both
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import BOB, World, until

pytestmark = pytest.mark.usefixtures("quick")


def _command(config: Path, *arguments: str) -> None:
    assert threadline([*arguments, "--config", str(config)]) == 0


async def _made(world: World) -> None:
    """Make the form and its keyword, as an operator does, while the daemon runs."""

    def make() -> None:
        config = world.folder / "threadline.toml"
        fields = (
            "first_name: What is your first name?",
            "zip: What is your ZIP code? | Five digits, please.",
        )
        _command(
            config,
            "forms",
            "add",
            "Welcome",
            "--field",
            fields[0],
            "--field",
            fields[1],
            "--done",
            "All set.",
        )
        _command(
            config,
            "keywords",
            "add",
            "UNION",
            "--list",
            "Members",
            "--reply",
            "Welcome!",
            "--form",
            "Welcome",
        )

    await asyncio.to_thread(make)


@both
async def test_a_question_interrupts_and_the_form_goes_on(small_world: World, where: str) -> None:
    async with small_world.house():
        desk = DESKS[where](small_world)
        await _made(small_world)
        await small_world.text("union")
        await until(lambda: small_world.phone()[-1:] == ["What is your first name?"])
        await small_world.text("Maria")
        await until(lambda: small_world.phone()[-1:] == ["What is your ZIP code?"])
        await small_world.text("Why do you need that from me? Is my landlord going to see it")
        await until(lambda: "Is my landlord going to see it" in desk.page())
        await desk.say("Only we see it.")
        await until(lambda: small_world.phone()[-1:] == ["Only we see it."])
        await small_world.text("10115")
        await until(lambda: small_world.phone()[-1:] == ["All set."])
        assert "10115" not in desk.page()


@both
async def test_staff_fill_in_what_could_not_be_read(small_world: World, where: str) -> None:
    async with small_world.house():
        desk = DESKS[where](small_world)
        await _made(small_world)
        await small_world.text("union")
        await until(lambda: small_world.phone()[-1:] == ["What is your first name?"])
        await small_world.text("Maria")
        await until(lambda: small_world.phone()[-1:] == ["What is your ZIP code?"])
        await small_world.text("1x")
        await until(lambda: small_world.phone()[-1:] == ["Five digits, please."])
        await small_world.text("1xx")
        await until(lambda: "two answers in a row could not be read" in desk.page())
        assert "first_name: Maria" in desk.page()
        await desk.press("Ask again")
        await until(lambda: small_world.phone().count("What is your ZIP code?") == 2)
        await small_world.text("10115")
        await until(lambda: small_world.phone(BOB)[-1:] == ["All set."])


async def test_staff_fill_in_a_form_in_slack(small_world: World) -> None:
    async with small_world.house():
        desk = DESKS["slack"](small_world)
        slack, ana = small_world.slack, small_world.ana
        await _made(small_world)
        for text, answer in (("union", "What is your first name?"), ("Maria", "What is your ZIP code?")):
            await small_world.text(text)
            await until(lambda answer=answer: small_world.phone()[-1:] == [answer])
        await small_world.text("1x")
        await until(lambda: small_world.phone()[-1:] == ["Five digits, please."])
        await small_world.text("1xx")
        await until(lambda: "two answers in a row could not be read" in desk.page())
        await desk.press("Fill in the form")
        await until(lambda: slack.modal(ana) is not None)
        assert "What is your ZIP code?" in slack.show(slack.modal(ana))
        await slack.submit(ana, values={"zip": "10115"})
        await until(lambda: "Ana filled in the form “Welcome”." in desk.page())
