"""What machines answer: STOP, START, HELP, keywords; what they must not; and what staff are asked."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bridge.decide.auto import HELP_LIMIT
from tests.e2e.house import BOB, NUMBER, SUE, World, a_world, until
from tests.e2e.tools import (
    AtWeb,
    command,
    contact,
    exported,
    form,
    hook,
    ledger,
    notices,
    settled,
)

CONFIRMED = "You are unsubscribed from Example Tenants Union"
WELCOME = "You've agreed to receive messages from Example Tenants Union."
HELPED = "Example Tenants Union: for help, contact help@example.org."
DOUBTFUL = "can you take me off this for now, I am not sure"


@pytest.fixture
async def ours(tmp_path: Path) -> AsyncIterator[World]:
    """A house on whose line the provider answers nothing by itself."""
    url = f"sqlite:///{tmp_path}/threadline.db"
    async with a_world(tmp_path, url, line="provider_answers = []") as world:
        world.twilio.handles_opt_out = False
        async with world.house():
            yield world


async def events(world: World, number: str = BOB) -> list[str]:
    """Give what the ledger says, in short."""
    return [f"{row['event']}/{row['source']}" for row in await ledger(world, number)]


async def quiet(world: World, count: int) -> None:
    """Wait until so many texts are dealt with, and whatever follows them has gone out."""
    await settled(world, count)

    async def so() -> bool:
        return not [row for row in await exported(world) if row["state"] in ("held", "queued")]

    await until(so)


# ---- STOP -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["STOP", " stopall\n"])
async def test_a_stop_that_the_provider_answers_is_not_answered_again(small_house: World, word: str) -> None:
    await small_house.text(word)
    await quiet(small_house, 1)

    assert small_house.twilio.sent == []
    assert len(small_house.twilio.confirmations) == 1
    assert (await contact(small_house))["opted_out_at"]
    (row,) = await ledger(small_house)
    assert (row["event"], row["source"], row["words"]) == ("opt_out", "text", word)
    assert row["matched_by"] and row["message_id"]
    assert small_house.roots() == [], "it stays out of the threads"


@pytest.mark.parametrize("words", ["stop please", "ALTO"])
async def test_a_revocation_the_provider_does_not_know_is_confirmed_once(house: World, words: str) -> None:
    await house.text(words)
    await until(lambda: len(house.phone()) == 1)
    await house.text(words)
    await house.text("STOP")
    await quiet(house, 3)

    assert len(house.phone()) == 1
    assert house.phone()[0].startswith(CONFIRMED)
    assert await events(house) == ["opt_out/text"] * 3
    kinds = [(row["direction"], row["kind"]) for row in await exported(house)]
    assert kinds.count(("out", "confirmation")) == 1


async def test_nobody_is_texted_after_stop_from_any_desk(house: World) -> None:
    eve = await AtWeb.sign_in(house)
    await house.text("Is anybody there?")
    topic = await house.telegram_topic()
    ts = await house.slack_thread()
    await house.text("STOP")
    await until(lambda: "are opted out" in house.slack_page() and "are opted out" in house.telegram_page())

    await house.slack.say(house.ana, house.channel, "from Slack", thread_ts=ts)
    await house.telegram.say("Ben", house.telegram.group, "from Telegram", topic=topic)
    assert (await eve.reply("from the web")).status == 201
    assert (await eve.post("/api/threads", number=BOB, text="anew", line="main")).status == 201
    await house.slack.command(house.ana, house.channel, "/sms", f"new {BOB} by command")
    await house.telegram.say("Ben", house.telegram.group, f"/new {BOB} by command")

    refused = "Not sent: they opted out"
    await until(lambda: sum(refused in one.text for one in house.slack.ephemerals) == 2)
    await until(lambda: house.telegram_page().count(refused) == 2, 20)

    async def told_eve() -> bool:
        return sum(refused in one for one in await eve.whispers()) == 2

    await until(told_eve)
    await quiet(house, 2)
    assert house.twilio.sent == []
    out = [row for row in await exported(house) if row["direction"] == "out"]
    assert sorted((row["text"], row["state"]) for row in out) == [
        ("from Slack", "cancelled"),
        ("from Telegram", "cancelled"),
        ("from the web", "cancelled"),
    ]
    assert "Opted out" in house.slack_page()
    assert (await eve.threads())[0]["opted_out"] is True


async def test_a_held_reply_is_cancelled_by_stop(small_world: World) -> None:
    small_world.options["hold"] = 3
    async with small_world.house():
        await small_world.text("Hello?")
        ts = await small_world.slack_reply("Wait, I am looking")
        await until(lambda: "hourglass_flowing_sand" in small_world.slack_marks(ts))
        await small_world.text("STOP")
        await until(lambda: "Not sent, because they opted out" in small_world.slack_page())
        await until(lambda: "hourglass_flowing_sand" not in small_world.slack_marks(ts))
        await quiet(small_world, 2)

        assert small_world.twilio.sent == []
        (out,) = [row for row in await exported(small_world) if row["direction"] == "out"]
        assert out["state"] == "cancelled"


async def test_a_block_that_only_the_provider_knows_of_becomes_ours(small_house: World) -> None:
    """They texted STOP before threadline came, or to another system: Twilio refuses with 21610."""
    await small_house.text("Hello?")
    small_house.twilio.blocked.add((NUMBER, BOB))
    await small_house.slack_reply("Hi!")

    await until(lambda: "The provider refuses texts to this person" in small_house.slack_page())
    await until(lambda: "The provider refuses texts to this person" in small_house.telegram_page())
    assert small_house.twilio.sent == []
    assert await events(small_house) == ["provider_block/provider"]
    (out,) = [row for row in await exported(small_house) if row["direction"] == "out"]
    assert out["state"] == "failed" and "START" in out["error"]


# ---- START and HELP -------------------------------------------------------------------------------


async def test_start_brings_them_back_and_replies_go_again(small_house: World) -> None:
    await small_house.text("Hello?")
    await small_house.slack_thread()
    await small_house.text("STOP")
    await small_house.text("START")
    await until(lambda: "are opted in again" in small_house.slack_page())
    assert (await contact(small_house))["opted_out_at"] is None
    assert small_house.twilio.sent == [], "the provider answers START itself"

    await small_house.slack_reply("Welcome back")
    await until(lambda: small_house.phone() == ["Welcome back"])
    assert await events(small_house) == ["opt_out/text", "opt_in/text"]


async def test_help_that_the_provider_answers_and_help_it_does_not_know(small_house: World) -> None:
    await small_house.text("HELP")
    await settled(small_house)
    assert small_house.twilio.sent == []
    await small_house.text("AYUDA", sender=SUE)
    await until(lambda: len(small_house.phone(SUE)) == 1)
    await quiet(small_house, 2)

    assert small_house.phone(SUE)[0].startswith(HELPED)
    assert await events(small_house) == ["help/text"]
    assert await events(small_house, SUE) == ["help/text"]
    assert small_house.roots() == []


async def test_help_is_answered_after_stop_too(ours: World) -> None:
    await ours.text("STOP")
    await until(lambda: len(ours.phone()) == 1)
    await ours.text("HELP")
    await until(lambda: len(ours.phone()) == 2)
    assert ours.phone()[1].startswith(HELPED)


async def test_where_the_provider_answers_nothing_threadline_answers_everything_once(ours: World) -> None:
    for word in ("STOP", "HELP", "START", "AYUDA"):
        before = len(ours.phone())
        await ours.text(word)
        await until(lambda before=before: len(ours.phone()) == before + 1)
    await quiet(ours, 4)

    assert [text.split(":")[0].split(".")[0][:24] for text in ours.phone()] == [
        CONFIRMED[:24],
        HELPED.split(":")[0],
        WELCOME[:24],
        HELPED.split(":")[0],
    ]
    assert ours.twilio.confirmations == []
    assert (await contact(ours))["opted_out_at"] is None


# ---- keywords -------------------------------------------------------------------------------------


async def test_a_keyword_answers_subscribes_and_says_once_what_was_agreed_to(house: World) -> None:
    add = ("keywords", "add", "food", "--list", "Food bank", "--reply", "You are on the food list.")
    await command(house, *add, "--reply-again", "You were on it already.")
    await house.text("Food")
    await until(lambda: len(house.phone()) == 2)
    assert house.phone()[0] == "You are on the food list."
    assert house.phone()[1].startswith(WELCOME)

    await house.text(" FOOD!")
    await until(lambda: len(house.phone()) == 3)
    await quiet(house, 2)
    assert house.phone()[2] == "You were on it already."
    assert house.roots() == [] and not house.telegram.group.topics
    lists = (await command(house, "lists", "list", "--format", "json")).json()
    assert [(one["name"], one["subscribers"]) for one in lists] == [("Food bank", 1)]
    rows = await ledger(house)
    assert [(row["event"], row["scope"], row["words"]) for row in rows] == [
        ("opt_in", "Food bank", "Food"),
        ("opt_in", "Food bank", " FOOD!"),
    ]

    await command(house, "keywords", "remove", "FOOD")
    await house.text("FOOD")
    await until(lambda: "FOOD" in house.slack_page())
    assert len(house.phone()) == 3, "without the keyword it is a word to people"


async def test_a_keyword_does_not_lift_a_stop_that_the_provider_holds(
    small_house: World,
) -> None:
    """Only START lifts Twilio's block: a keyword is no START for it."""
    await command(small_house, "keywords", "add", "FOOD", "--list", "Food bank", "--reply", "Welcome!")
    await small_house.text("Hello?")
    await small_house.slack_thread()
    await small_house.text("STOP")
    await small_house.text("FOOD")
    await until(lambda: "The provider refuses texts to this person" in small_house.slack_page())
    await quiet(small_house, 3)

    assert small_house.twilio.sent == []
    assert (await contact(small_house))["opted_out_at"]
    assert (await events(small_house))[-1] == "provider_block/provider"


async def test_stop_ends_the_lists_and_start_gives_them_back(ours: World) -> None:
    await command(ours, "keywords", "add", "FOOD", "--list", "Food bank", "--reply", "Welcome!")

    async def subscribers() -> int:
        lists = (await command(ours, "lists", "list", "--format", "json")).json()
        return int(lists[0]["subscribers"])

    await ours.text("FOOD")
    await until(lambda: len(ours.phone()) == 2)
    assert await subscribers() == 1
    await ours.text("STOP")
    await until(lambda: len(ours.phone()) == 3)
    assert await subscribers() == 0
    await ours.text("START")
    await until(lambda: len(ours.phone()) == 4)
    assert await subscribers() == 1


# ---- doubt ----------------------------------------------------------------------------------------


async def test_a_doubtful_text_silences_machines_and_asks_staff_in_slack(house: World) -> None:
    await command(house, "keywords", "add", "FOOD", "--list", "Food bank", "--reply", "Welcome!")
    await house.text(DOUBTFUL)
    await until(lambda: "may be a wish to get no more texts" in house.slack_page())
    await until(lambda: "may be a wish to get no more texts" in house.telegram_page())
    assert (await contact(house))["doubted_at"]
    assert house.twilio.sent == []

    ts = _asking(house)
    await house.slack.press(house.ana, house.channel, ts, _action(house, ts, "Not meant so"))
    await until(lambda: "it was not meant as an opt-out" in house.slack_page())
    await until(lambda: "it was not meant as an opt-out" in house.telegram_page())
    assert (await contact(house))["doubted_at"] is None
    await house.text("FOOD")
    await until(lambda: len(house.phone()) == 2)
    assert (await events(house))[:2] == ["doubt/text", "doubt/staff"]
    [case] = (await command(house, "classify", "export-corrections")).rows()
    assert (case["text"], case["label"], case["was"]) == (DOUBTFUL, "natural", "natural")


async def test_staff_take_a_doubtful_text_for_an_opt_out_in_telegram(house: World) -> None:
    await house.text(DOUBTFUL)
    await until(lambda: "may be a wish to get no more texts" in house.telegram_page())
    asking = next(one for one in house.telegram.messages(everywhere=True) if "may be a wish" in one.text)
    press = await house.telegram.press("Ben", house.telegram.group, asking, "Unsubscribe")
    await until(lambda: "took this for an opt-out" in house.slack_page())
    await until(lambda: len(house.phone()) == 1)
    assert house.phone()[0].startswith(CONFIRMED)
    assert press.answered

    again = (
        await house.telegram.press("Ben", house.telegram.group, asking, "opt_out:") if _has(asking) else None
    )
    assert again is None or await _answered(again)
    await quiet(house, 1)
    assert len(house.phone()) == 1
    rows = await ledger(house)
    assert [(row["event"], row["source"], row["actor"]) for row in rows] == [
        ("doubt", "text", ""),
        ("opt_out", "staff", "Ben"),
    ]
    assert (await contact(house))["opted_out_at"]


def _asking(world: World) -> str:
    found = [m for m in world.slack.messages(world.channel) if "may be a wish" in str(m.get("blocks"))]
    return str(found[-1]["ts"])


def _action(world: World, ts: str, label: str) -> str:
    blocks = world.slack.message(world.channel, ts)["blocks"]
    elements = [e for block in blocks if block["type"] == "actions" for e in block["elements"]]
    return str(next(e["action_id"] for e in elements if e["text"]["text"] == label))


def _has(message: Any) -> bool:
    return any("Unsubscribe" in button["text"] for button in message.buttons)


async def _answered(press: Any) -> bool:
    await until(lambda: press.answered)
    return True


# ---- display --------------------------------------------------------------------------------------


async def test_the_natural_display_hides_what_machines_deal_with(small_house: World) -> None:
    await small_house.text("Hello there")
    await small_house.slack_thread()
    await small_house.text("AYUDA")
    await until(lambda: len(small_house.phone()) == 1)
    await small_house.text("Thanks, and the heat?")
    await until(lambda: "Thanks, and the heat?" in small_house.slack_page())
    await until(lambda: "Thanks, and the heat?" in small_house.telegram_page())
    for page in (small_house.slack_page(), small_house.telegram_page()):
        assert "AYUDA" not in page
        assert HELPED not in page


async def test_the_display_all_shows_everything_with_its_reason(small_world: World) -> None:
    small_world.options["inbox"] = 'display = "all"'
    async with small_world.house():
        await small_world.text("AYUDA")
        await until(lambda: HELPED in small_world.slack_page() and HELPED in small_world.telegram_page())
        await small_world.text("STOP")
        for page in (small_world.slack_page, small_world.telegram_page):
            await until(lambda page=page: "STOP" in page() and "are opted out" in page(), 20)
            assert "AYUDA" in page()
            assert "Asked for help: " in page() and "Opt-out: " in page()
            assert "Automatic" in page()


# ---- two machines ---------------------------------------------------------------------------------


async def test_two_machines_do_not_answer_each_other_for_ever(ours: World) -> None:
    for number in range(HELP_LIMIT + 2):
        await hook(ours, form("HELP", sid=f"SM{number:032}"))
    await until(lambda: len(ours.phone()) == HELP_LIMIT)
    await quiet(ours, HELP_LIMIT + 2)

    await until(lambda: "threadline stopped answering" in ours.slack_page())
    told = await notices(ours)
    assert any("Stopped answering" in one and BOB not in one for one in told)
    await ours.text("STOP")
    await until(lambda: len(ours.phone()) == HELP_LIMIT + 1)
    assert ours.phone()[-1].startswith(CONFIRMED), "STOP is confirmed all the same"
