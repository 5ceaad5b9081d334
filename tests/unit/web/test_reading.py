"""What the page reads: lists, threads, changes."""

import asyncio
from typing import Any

from aiohttp.test_utils import TestClient

from bridge.model.shapes import Post
from connectors.chat.web.whispers import Whispers
from tests.browser.fake_house import FakeHouse
from tests.browser.people import people

Client = TestClient[Any, Any]


async def test_me(dana: Client) -> None:
    me = await (await dana.get("/api/me")).json()
    assert me["name"] == "Dana Whitfield"
    assert me["lines"] == [{"name": "main", "number": "(555) 010-0001", "raw": "+15550100001", "here": True}]
    assert me["simulated"] == ["main"]
    assert me["unread"] == 4


async def test_rows_are_newest_first_and_found_by_words_and_numbers(dana: Client) -> None:
    rows = (await (await dana.get("/api/threads")).json())["rows"]
    assert [row["name"] for row in rows[:3]] == ["Maria Alvarez", "Omar Haddad", "Lena Fischer"]
    assert rows[3]["name"] == "(555) 010-0177"  # a number is shown as people write it
    for query in ("grace", "boiler", "(555) 010-0164", "555-010-0164"):
        found = (await (await dana.get("/api/threads", params={"q": query})).json())["rows"]
        assert [row["name"] for row in found] == ["Grace Kim"], query


async def test_ten_thousand_conversations_come_in_pages(dana: Client, fake: FakeHouse) -> None:
    people(fake, 10_000)
    seen: list[str] = []
    before: dict[str, str] = {}
    for _ in range(4):
        page = await (await dana.get("/api/threads", params=before)).json()
        assert len(page["rows"]) == 50
        assert page["more"]
        seen += [row["thread"] for row in page["rows"]]
        before = {"before": repr(page["rows"][-1]["last_at"])}
    assert len(set(seen)) == 200


async def test_numbers_of_queries_are_numbers(dana: Client) -> None:
    for wrong in ("soon", "nan", "inf"):
        answer = await dana.get("/api/threads", params={"before": wrong})
        assert answer.status == 400
        assert "must be a number" in (await answer.json())["error"]


async def test_a_thread(dana: Client) -> None:
    text = await (await dana.get("/api/threads/wt0000")).text()
    assert "line:main" not in text  # where media came from stays inside
    opened = await (await dana.get("/api/threads/wt0000")).json()
    assert opened["card"]["title"] == "Maria Alvarez"
    assert opened["hidden"] == 2
    assert [button["label"] for button in opened["notes"][0]["buttons"]] == ["Unsubscribe", "Not meant so"]
    assert opened["entries"][3]["media"][0]["type"] == "image/jpeg"
    assert (await dana.get("/api/threads/none")).status == 404


async def test_changes_wake_the_page(dana: Client, fake: FakeHouse) -> None:
    waiting = asyncio.ensure_future(dana.get(f"/api/changes?after={fake.counter}"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await fake.change()
    news = await (await asyncio.wait_for(waiting, 2)).json()
    assert news["counter"] == fake.counter


async def test_whispers_reach_each_page_of_one_person_once() -> None:
    now = 1000.0
    whispers = Whispers(lambda: now)
    first, second = (asyncio.ensure_future(whispers.wait("m1", 0)) for _ in range(2))
    other = asyncio.ensure_future(whispers.wait("m2", 0))
    await asyncio.sleep(0)
    whispers.tell("m1", "wt0000", Post("", "Already sent", "notice"), "w1")
    await asyncio.wait_for(asyncio.gather(first, second), 1)
    assert not other.done()
    assert [w.post.body for w in whispers.after("m1", 0)] == ["Already sent"]
    assert whispers.after("m1", whispers.count) == []
    now += 600  # and not to whoever comes back tomorrow
    assert whispers.after("m1", 0) == []
    other.cancel()
