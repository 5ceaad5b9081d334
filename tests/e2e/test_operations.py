"""What an operator sees: health, figures, books that balance, what failed, what came late."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bridge.engine import settling
from tests.e2e.house import BOB, NUMBER, SUE, World, until
from tests.e2e.tools import (
    AtWeb,
    ask,
    body_signed,
    calm,
    command,
    form,
    hook,
    messages,
    notices,
    settled,
    signature,
    stats,
    threadline,
)
from tests.emulators.twilio.life import failed

PARTS = ["store", "line.main", "slack", "telegram", "web"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try desks and accounts that must be mended again after a moment, not after half a minute."""
    monkeypatch.setattr(settling, "UNUSABLE", 0.5)


def ill(parts: dict[str, str]) -> list[str]:
    """Name the parts that are not well."""
    return [name for name, word in parts.items() if word != "ok"]


# ---- health ---------------------------------------------------------------------------------------


async def test_health_readiness_and_figures(small_house: World) -> None:
    base = f"http://127.0.0.1:{small_house.port}"
    assert (await ask(f"{base}/healthz")).status == 200
    ready = await ask(f"{base}/readyz")
    assert (ready.status, ready.json()) == (200, {"ready": True, "parts": dict.fromkeys(PARTS, "ok")})

    await small_house.text("My heat is out")
    await until(lambda: "My heat is out" in small_house.slack_page())
    page = await ask(f"{base}/metrics")
    text = page.body.decode()
    assert page.headers["Content-Type"].startswith("text/plain")
    for name in ("received_total", "classified_total", "effects_settled_total", "intake_seconds_bucket"):
        assert f"threadline_{name}" in text
    assert BOB.removeprefix("+") not in text and "heat" not in text


async def test_a_revoked_slack_token_is_named_and_nothing_else_suffers(
    small_house: World, impatient: None
) -> None:
    await small_house.slack.revoke_token()
    await small_house.text("Do you hear me?")
    await until(lambda: "Do you hear me?" in small_house.telegram_page())

    async def named() -> bool:
        return ill((await small_house.ask("/readyz"))["parts"]) == ["slack"]

    await until(named)
    answer = await ask(f"http://127.0.0.1:{small_house.port}/readyz")
    assert answer.status == 503
    assert answer.json()["ready"] is False
    assert "token" in answer.json()["parts"]["slack"]

    async def told() -> bool:
        return any(
            "through slack.support" in one and "What waits is kept" in one
            for one in await notices(small_house)
        )

    await until(told)
    small_house.slack.token_error = ""
    await until(lambda: "Do you hear me?" in small_house.slack_page(), 20)
    await until(small_house.is_ready, 20)
    assert small_house.slack_page().count("Do you hear me?") == 1


async def test_credentials_that_twilio_refuses_are_named_and_the_reply_waits(
    small_house: World, impatient: None
) -> None:
    await small_house.text("Hello?")
    right, small_house.twilio.auth_token = small_house.twilio.auth_token, "another"
    await small_house.slack_reply("Here I am")

    async def named() -> bool:
        return ill((await small_house.ask("/readyz"))["parts"]) == ["line.main"]

    await until(named)
    assert small_house.phone() == []
    small_house.twilio.auth_token = right
    await until(lambda: small_house.phone() == ["Here I am"])
    await until(small_house.is_ready)


async def test_chats_that_are_away_cost_time_and_no_message(house: World) -> None:
    await house.slack.go_down()
    await house.telegram.down()
    for number in range(3):
        assert (await house.text(f"while away {number}")).status == 200

    async def named() -> bool:
        return {"slack", "telegram"} <= set(ill((await house.ask("/readyz"))["parts"]))

    await settled(house, 3)
    await house.slack.come_back()
    await house.telegram.up()
    for page in (house.slack_page, house.telegram_page):
        await until(lambda page=page: "while away 2" in page(), 30)
        assert [page().count(f"while away {n}") for n in range(3)] == [1, 1, 1]


# ---- books ----------------------------------------------------------------------------------------


async def test_the_books_balance_after_a_long_mixed_day(house: World) -> None:
    """Everything that can happen to a text, then every command that an operator has."""
    others = [f"+1555010020{n}" for n in range(4)]
    await command(house, "keywords", "add", "FOOD", "--list", "Food", "--reply", "Welcome!")
    eve = await AtWeb.sign_in(house)
    await house.text("Is the office open?")
    topic = await house.telegram_topic()
    ts = await house.slack_thread()
    house.twilio.plan(BOB, failed(30008))
    await house.slack.say(house.ana, house.channel, "This one fails", thread_ts=ts)
    await until(lambda: "Not delivered: “This one fails”" in house.slack_page())
    await house.slack.say(house.ana, house.channel, "Yes, until five", thread_ts=ts)
    await house.slack.say(house.ana, house.channel, "// between us", thread_ts=ts)
    await house.telegram.say("Ben", house.telegram.group, "And tomorrow too", topic=topic)
    assert (await eve.reply("Bring a friend")).status == 201
    await until(lambda: sorted(house.phone()) == ["And tomorrow too", "Bring a friend", "Yes, until five"])
    await house.text("FOOD", sender=SUE)
    await until(lambda: len(house.phone(SUE)) == 2)
    await house.text("STOP", sender=SUE)
    await house.text("stop please", sender=others[0])
    await house.text("AYUDA", sender=others[1])
    await house.text("Your code is 4711", sender="72645")
    await house.text("Paket kommt", sender="DHL")
    await house.text("hm", sender=NUMBER)
    await hook(house, form("again and again", sid="SM" + "3" * 32))
    await hook(house, form("again and again", sid="SM" + "3" * 32))
    await hook(house, b"no=form")
    await hook(house, raw := b"[1]", body_signed(raw), signature(house, body_signed(raw), b""), "text/json")
    await until(lambda: len(house.phone(others[0])) == 1 and len(house.phone(others[1])) == 1)
    await house.twilio.settle()

    await until(lambda: calm(house), 30)
    found = await stats(house)
    assert found["balanced"] is True, found["balanced"]
    assert found["received"] == sum(found["by_kind"].values()) == 9
    assert found["by_kind"] == {"auto_reply": 1, "help": 1, "natural": 4, "opt_in": 1, "opt_out": 2}
    assert found["delivered"] == 7
    assert (found["failed"], found["unsure"], found["answered"]) == (1, 0, 4)
    rows = await messages(house)
    assert len([row for row in rows if row["direction"] == "out" and row["state"] == "delivered"]) == 7
    assert not [row for row in rows if "between us" in row["text"]]
    assert sorted({row["author"] for row in rows if row["direction"] == "out"}) == [
        "Ana",
        "Ben",
        "Eve",
        "machine",
    ]
    assert all(row["provider_id"] for row in rows if row["state"] != "failed")
    assert sum(row["credits"] for row in rows if row["direction"] == "out") == 8

    wrong = (await command(house, "failed", "list", "--format", "json")).json()
    assert [(one["what"], one["state"], one["to"]) for one in wrong] == [("send_sms", "failed", BOB)]
    assert "30008" not in wrong[0]["why"] and len(wrong[0]["why"]) > 20
    agreed = (await command(house, "consent", "export", "--format", "jsonl")).rows()
    assert sorted((one["contact"], one["event"]) for one in agreed) == [  # each person's in their order
        (SUE, "opt_in"),
        (SUE, "opt_out"),
        (others[0], "opt_out"),
        (others[1], "help"),
    ]
    one = await messages(house, "--contact", SUE, "--line", "main")
    assert one[0]["text"] == "FOOD" and {row["contact"] for row in one} == {SUE}


async def test_tables_for_people(small_house: World) -> None:
    await command(small_house, "lists", "add", "Volunteers")
    await command(small_house, "keywords", "add", "HELPERS", "--list", "Volunteers", "--reply", "Welcome!")
    assert "HELPERS" in (await command(small_house, "keywords", "list")).out.decode()
    table = (await command(small_house, "stats")).out.decode()
    assert "does it add up?" in table and "yes" in table
    assert await messages(small_house, "--since", "2031-01-01") == []
    assert "Nothing." in (await command(small_house, "failed", "list")).out.decode()


async def test_what_failed_is_tried_again_from_the_command_line(house: World) -> None:
    await house.text("Hello?")
    house.twilio.plan(BOB, failed(30008))
    await house.slack_reply("Second time lucky")
    await until(lambda: "Not delivered: “Second time lucky”" in house.slack_page())

    (wrong,) = (await command(house, "failed", "list", "--format", "json")).json()
    said = await command(house, "failed", "retry", wrong["id"])
    assert wrong["id"] in said.out.decode()
    await until(lambda: house.phone() == ["Second time lucky"])
    await house.twilio.settle()

    await until(lambda: calm(house))
    again = await threadline("failed", "retry", wrong["id"], "--config", str(house.config_file()))
    assert again.code == 1 and wrong["id"] in again.err and again.err.count("\n") == 1


# ---- what came while nobody was there -------------------------------------------------------------


async def test_missed_webhooks_are_fetched_at_the_next_start_and_marked_late(world: World) -> None:
    async with world.house():
        await world.text("came by webhook")
        await until(lambda: "came by webhook" in world.slack_page())
        await asyncio.sleep(0.1)
    world.twilio.clock = lambda: datetime.now(UTC) - timedelta(minutes=5)
    missed = await world.text("nobody heard this", deliver=False)
    second = await world.text("nor this", deliver=False)
    world.twilio.clock = lambda: datetime.now(UTC)
    await world.text("still fresh", deliver=False)
    assert missed.status is None

    async with world.house():
        for page in (world.slack_page, world.telegram_page):
            await until(lambda page=page: "still fresh" in page(), 20)
            shown = page()
            assert shown.index("nobody heard this") < shown.index("nor this") < shown.index("still fresh")
            assert shown.count("while threadline was down") >= 1
            assert shown.count("came by webhook") == 1
        await world.twilio.redeliver(second.sid, "https://sms.example.org/hooks/main")
        await settled(world, 4)
        assert len(await messages(world)) == 4
        assert len(world.roots()) == 1
