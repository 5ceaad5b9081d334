"""What strangers and broken networks send: answered rightly, nothing lost, and none of it acts."""

import asyncio
import base64
import csv
import io
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import openpyxl
import pytest

from bridge.store.database import parse, sqlite_path
from tests.e2e.house import BOB, NUMBER, SUE, World, a_world, until
from tests.e2e.tools import (
    FORM,
    HOOK,
    AtWeb,
    ask,
    body_signed,
    command,
    exported,
    form,
    hook,
    journaled,
    notices,
    settled,
    signature,
)

JOINER = "\u2060"  # what makes `@name` and `/command` inert on Telegram


def telegram_words(world: World) -> str:
    """Give what Telegram shows, without what has no width."""
    return world.telegram_page().replace(JOINER, "")


# ---- whose request it is --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign", ["", "bm9uc2Vuc2U=", "ÿÿÿ", "A" * 5000], ids=["none", "wrong", "not ascii", "long"]
)
async def test_a_wrong_signature_is_refused_without_a_word_and_stored_nowhere(
    small_house: World, sign: str
) -> None:
    before = await _metric(small_house, "threadline_bad_signatures_total")
    answer = await hook(small_house, form("let me in"), sign=sign)

    assert (answer.status, answer.body) == (403, b"")
    assert await journaled(small_house) == []
    assert await _metric(small_house, "threadline_bad_signatures_total") == before + 1


async def test_a_signature_covers_every_word_and_the_line_it_came_to(small_house: World) -> None:
    body = form("I owe you $5")
    right = signature(small_house, HOOK, body)
    changed = body.replace(b"%245", b"%2450")
    assert changed != body

    assert (await hook(small_house, changed, sign=right)).status == 403
    assert (await hook(small_house, body, f"{HOOK}/status", sign=right)).status == 403
    assert (await hook(small_house, body, f"{HOOK}?a=b", sign=right)).status == 403
    assert (await ask(f"http://127.0.0.1:{small_house.port}{HOOK}")).status == 403
    assert await journaled(small_house) == []


async def test_a_replayed_request_is_answered_as_received_and_counts_once(house: World) -> None:
    body = form("Only once, please", sid="SM" + "1" * 32)
    first = await hook(house, body)
    again = await hook(house, body)

    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert len(await journaled(house)) == 1
    await until(lambda: "Only once, please" in house.slack_page())
    await until(lambda: "Only once, please" in house.telegram_page())
    third = await hook(house, body)
    assert third.status == 200
    assert len(await exported(house)) == 1


async def test_the_same_webhook_five_times_at_once_is_one_text(house: World) -> None:
    body = form("five at once", sid="SM" + "5" * 32)
    answers = await asyncio.gather(*(hook(house, body) for _ in range(5)))

    assert [answer.status for answer in answers] == [200] * 5
    await until(lambda: "five at once" in house.slack_page() and "five at once" in house.telegram_page())
    await house.text("and then")
    await until(lambda: "and then" in house.slack_page() and "and then" in house.telegram_page())
    assert house.slack_page().count("five at once") == 1
    assert house.telegram_page().count("five at once") == 1
    assert len(await exported(house)) == 2


async def test_two_first_texts_of_one_person_at_once_share_one_thread_on_every_desk(house: World) -> None:
    eve = await AtWeb.sign_in(house)
    answers = await asyncio.gather(house.text("one of two"), house.text("two of two"))

    assert [answer.status for answer in answers] == [200, 200]
    for page in (house.slack_page, house.telegram_page):
        await until(lambda page=page: "one of two" in page() and "two of two" in page())
    assert len(house.roots()) == 1
    assert len(house.telegram.group.topics) == 1
    assert len(await eve.threads()) == 1
    assert sorted(await eve.texts()) == ["one of two", "two of two"]


# ---- what is no text ------------------------------------------------------------------------------


async def test_a_signed_body_that_is_no_form_is_kept_raw_reported_and_answered(house: World) -> None:
    raw = b'{"hello": "\xff\x00 world"}'
    path = body_signed(raw)
    answers = [
        await hook(house, raw, path, signature(house, path, b""), "application/json"),
        await hook(house, raw, path, signature(house, path, b""), "application/json"),
        await hook(house, b"Body=nobody+sent+this"),
        await hook(house, b"\x00\xff&&&===%%%"),
        await hook(house, b""),
    ]

    assert [(one.status, one.body) for one in answers] == [(200, b"<Response/>")] * 5
    kept = await journaled(house, "unreadable")
    assert len(kept) == 4, "each once"
    assert base64.b64encode(raw).decode() in kept[0]["body"]
    await settled(house, 4)
    told = await notices(house)
    assert len(told) == 4
    assert all("line main could not be read" in one for one in told)
    assert await _metric(house, "threadline_unreadable_total") >= 5
    await house.text("and life goes on")
    await until(lambda: "and life goes on" in house.slack_page())


async def test_two_megabytes_are_too_large(small_house: World) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(32):
            yield b"a" * 65_536

    big = form("x" * (2 << 20))
    signed = {"Content-Type": FORM, "X-Twilio-Signature": signature(small_house, HOOK, big)}
    url = f"http://127.0.0.1:{small_house.port}{HOOK}"
    announced = await ask(url, "POST", io.BytesIO(big), signed)
    chunked = await ask(url, "POST", dripping(), signed)

    assert (announced.status, announced.body) == (413, b"")
    assert (chunked.status, chunked.body) == (413, b"")
    assert await journaled(small_house) == []
    assert (await hook(small_house, form("x" * 900_000))).status == 200, "less than 1 MiB is taken"


async def test_unknown_lines_and_methods(small_house: World) -> None:
    path = "/hooks/nowhere"
    body = form("hello?")
    assert (await hook(small_house, body, path)).status == 404
    assert (await hook(small_house, body, path + "/status")).status == 404
    assert (await hook(small_house, body, "/hooks/main%2f..")).status == 404
    url = f"http://127.0.0.1:{small_house.port}{HOOK}"
    assert [(await ask(url, method)).status for method in ("PUT", "DELETE", "PATCH")] == [405] * 3
    assert await journaled(small_house) == []


async def test_a_report_for_a_text_that_is_none_of_ours_changes_nothing(small_house: World) -> None:
    fields = {"MessageStatus": "delivered", "SmsStatus": "delivered"}
    status = f"{HOOK}/status?id=01NOBODY"
    answer = await hook(small_house, form("", BOB, "SM" + "9" * 32, **fields), status)

    assert answer.status == 204
    await settled(small_house)
    assert await exported(small_house) == []


# ---- words ----------------------------------------------------------------------------------------


async def test_ten_thousand_characters_are_whole_and_in_order_on_every_desk(house: World) -> None:
    long = " ".join(f"word{number:04}" for number in range(1112))[:10_000]
    assert len(long) == 10_000
    eve = await AtWeb.sign_in(house)
    await house.text(long)

    numbers = [f"{number:04}" for number in range(1111)]
    await until(lambda: re.findall(r"word(\d{4})", house.slack_page()) == numbers, 20)
    await until(lambda: re.findall(r"word(\d{4})", house.telegram_page()) == numbers, 20)
    assert await eve.texts() == [long]
    assert (await exported(house))[0]["text"] == long
    assert len(house.roots()) == 1
    assert "(1/2)" in house.slack_page()


async def test_ten_thousand_signs_without_a_blank_lose_none(house: World) -> None:
    """Nothing to cut at, and signs of two UTF-16 units each: no half of one may go astray."""
    long = "🏠" * 9_999 + "!"
    await house.text(long)

    await until(lambda: house.slack_page().count("🏠") == 9_999, 20)
    await until(lambda: house.telegram_page().count("🏠") == 9_999, 30)
    assert "\ufffd" not in house.slack_page() + house.telegram_page()


async def test_nul_surrogates_and_other_bytes_that_no_database_holds(house: World) -> None:
    body = b"before\x00after \xed\xa0\x80 lone \xff\xfe \x1b[31m bell\x07"
    answer = await hook(house, form(body))

    assert answer.status == 200
    await until(lambda: "before\ufffdafter" in house.slack_page())
    await until(lambda: "before\ufffdafter" in house.telegram_page())
    text = (await exported(house))[0]["text"]
    assert text.startswith("before\ufffdafter \ufffd")
    assert "\x00" not in text and "\x1b" not in text
    assert " lone " in text


LITERALLY = (
    "<!channel> <!here> <!everyone> look",
    "<@U0BOT> <@UANA> @channel @here @ana",
    "<https://evil.example|https://bank.example> now",
    "*bold* _italic_ ~struck~ `code` ```block```",
    "<b>HTML</b> <script>alert(1)</script> &amp; &lt;",
    '=HYPERLINK("http://evil.example","Click")',
    ":smile: :fire: <#C0SUPPORT>",
    "write to bob.o'neil+rent@mail.example.org",
    "מה שלומך? \u202eevil\u202c السلام عليكم",
    "/remove /display /new@threadline_bot now",
    "line one\r\nline two\rline three",
    "[link](https://evil.example) **md** || spoiler || > quote",
    "tel:+15550100199 https://example.org/path?a=1&b=2#frag",
)


async def test_words_that_would_act_are_shown_literally_everywhere(house: World) -> None:
    eve = await AtWeb.sign_in(house)
    for body in LITERALLY:
        assert (await house.text(body)).status == 200
    shown = [body.replace("\r\n", "\n").replace("\r", "\n") for body in LITERALLY]

    await until(lambda: "#frag" in house.slack_page(), 20)
    await until(lambda: "#frag" in house.telegram_page(), 40)
    slack = re.sub(r"\n +", "\n", house.slack_page())
    telegram = re.sub(r"\n +", "\n", telegram_words(house))
    assert [one for one in shown if one not in slack] == []
    assert [one for one in shown if one not in telegram] == []
    assert await eve.texts() == shown
    assert house.slack.pings == []
    told = {one["type"] for message in house.telegram.messages(everywhere=True) for one in _entities(message)}
    assert not told & {"mention", "text_mention", "bot_command", "text_link", "code", "pre"}, told
    assert [one["text"] for one in await exported(house)] == shown
    for message in house.slack.messages(house.channel):
        assert "<!" not in message.get("text", "") and "<@" not in message.get("text", "")


def _entities(message: object) -> list[dict[str, str]]:
    found: list[dict[str, str]] = message.data.get("entities", [])  # type: ignore[attr-defined]
    return found


async def test_a_formula_never_reaches_a_spreadsheet_alive(small_house: World) -> None:
    formulas = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "=cmd|'/C calc'!A0", "＝1+1"]
    for number, body in enumerate(formulas):
        await small_house.text(body, sender=f"+1555010019{number}")
    await settled(small_house, len(formulas))

    as_csv = await command(small_house, "messages", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.out.decode())))
    assert [row["text"] for row in rows] == [f"'{body}" for body in formulas]
    assert all(row["contact"].startswith("+1555") for row in rows), "a number is no formula"
    as_xlsx = await command(small_house, "messages", "--format", "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx.out)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert {f"'{body}" for body in formulas} <= {cell.value for cell in cells}
    assert [row["text"] for row in await exported(small_house)] == formulas, "JSON holds what was written"


# ---- senders --------------------------------------------------------------------------------------


async def test_a_short_code_a_name_and_our_own_number(house: World) -> None:
    await house.text("Your code is 4711", sender="72645")
    await house.text("Dein Paket kommt heute", sender="DHL Paket")
    await until(lambda: "cannot be answered" in house.slack_page())
    await house.text("HELP", sender="72645")
    await house.text("stop please", sender="DHL Paket")
    await house.text("STOP", sender=NUMBER)
    await house.text("What do I say to myself?", sender=NUMBER)
    await settled(house, 6)

    await until(lambda: "Your code is 4711" in house.slack_page())
    await until(lambda: "Dein Paket kommt heute" in house.slack_page())
    await until(lambda: "Dein Paket kommt heute" in house.telegram_page(), 30)
    rows = {(row["contact"], row["text"]): row for row in await exported(house)}
    assert rows["72645", "HELP"]["kind"] == "help"
    assert rows["DHL Paket", "stop please"]["kind"] == "opt_out"
    assert rows[NUMBER, "STOP"]["kind"] == "auto_reply"
    assert rows[NUMBER, "What do I say to myself?"]["kind"] == "auto_reply"
    assert [row for row in rows.values() if row["direction"] == "out"] == [], "no machine answers a machine"
    assert house.twilio.sent == []


async def test_a_reply_to_a_name_is_refused_to_its_author(house: World) -> None:
    await house.text("Dein Paket kommt heute", sender="DHL Paket")
    await house.slack_reply("Wann genau?")

    await until(lambda: any("is a name, not a number" in one.text for one in house.slack.ephemerals))
    assert house.twilio.sent == []
    row = next(row for row in await exported(house) if row["direction"] == "out")
    assert row["state"] == "cancelled"


async def test_a_sender_that_is_empty_or_strange_loses_nothing(house: World) -> None:
    senders = ["", " ", "+", "anonymous", "+0000000000000000000000", "\u202e+15550100142", "x" * 500]
    for number, sender in enumerate(senders):
        answer = await hook(house, form(f"strange {number}", sender))
        assert answer.status == 200
    await settled(house, len(senders))

    texts = {row["text"] for row in await exported(house)}
    assert texts == {f"strange {number}" for number in range(len(senders))}
    assert await notices(house) == []


async def test_a_text_without_a_word_is_shown_all_the_same(house: World) -> None:
    for body in ("", " \n\t ", "\u200b"):
        assert (await hook(house, form(body))).status == 200
    await house.text("Sorry, wrong key")

    await until(lambda: "Sorry, wrong key" in house.slack_page())
    await until(lambda: "Sorry, wrong key" in house.telegram_page())
    assert len(await exported(house)) == 4
    assert await notices(house) == []


# ---- a store that does not answer -----------------------------------------------------------------


async def test_a_locked_store_is_answered_503_within_seconds_and_then_goes_on(house: World) -> None:
    await house.text("before")
    await until(lambda: "before" in house.slack_page() and "before" in house.telegram_page())
    async with _locked(house):
        began = time.monotonic()
        answer = await hook(house, form("meanwhile", SUE, sid="SM" + "7" * 32))
        assert answer.status == 503
        assert time.monotonic() - began < 6.5
        assert (await ask(f"http://127.0.0.1:{house.port}/healthz")).status == 200

    again = await hook(house, form("meanwhile", SUE, sid="SM" + "7" * 32))
    assert again.status == 200
    await until(lambda: "meanwhile" in house.slack_page() and "meanwhile" in house.telegram_page(), 20)
    assert house.slack_page().count("meanwhile") == 1
    await until(house.is_ready, 10)


@pytest.mark.postgres
async def test_connections_that_postgresql_cuts_cost_no_text(tmp_path: Path, postgres_url: str) -> None:
    """It was restarted, or a firewall forgot us: Twilio does not repeat what is answered 503."""
    async with a_world(tmp_path, postgres_url) as world, world.house():
        eve = await AtWeb.sign_in(world)
        await world.text("before")
        await until(lambda: "before" in world.slack_page())
        other = await asyncpg.connect(_dsn(world))
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await other.close()

        assert (await world.text("after")).status == 200
        assert "before" in await eve.texts()
        await until(lambda: "after" in world.slack_page() and "after" in world.telegram_page())
        await world.slack_reply("still here")
        await until(lambda: world.phone() == ["still here"])
        await until(world.is_ready)


@asynccontextmanager
async def _locked(world: World) -> AsyncIterator[None]:
    """Hold what intake needs, as a backup or somebody's forgotten transaction would."""
    if world.database.startswith("sqlite"):
        connection = sqlite3.connect(sqlite_path(world.database), isolation_level=None, timeout=10)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()
        return
    other = await asyncpg.connect(_dsn(world))
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE journal IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await other.close()


def _dsn(world: World) -> str:
    return parse(world.database).set(drivername="postgresql").render_as_string(hide_password=False)


async def _metric(world: World, name: str) -> float:
    page = (await ask(f"http://127.0.0.1:{world.port}/metrics")).body.decode()
    return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(name))
