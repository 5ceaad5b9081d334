"""What went wrong is listed once, tried again once, and given up for good; on both databases."""

import pytest

from bridge.store import books, failed
from bridge.store.database import async_engine, migrate
from bridge.store.tables import effects, journal, lanes, messages, threads
from tests.unit.operator_rows import ANA, BEN, Rows

NOW = 1000.0


@pytest.fixture
async def rows(database_url):
    await migrate(database_url)
    engine = async_engine(database_url)
    rows = Rows(engine)
    await rows.contact("c1", ANA)
    await rows.contact("c2", BEN)
    yield rows
    await engine.dispose()


async def ids(rows: Rows) -> list[str]:
    return [row["id"] for row in await failed.listed(rows.engine)]


async def post(rows: Rows, key: str, state: str, thread: str) -> None:
    await rows.insert(
        effects, key=key, lane=f"thread:{thread}", meter="post:slack.a", type="post_to_thread", body="{}",
        state=state, priority=1, weight=1.0, due=1.0, created_at=1.0, settled_at=4.0, thread_id=thread,
        attempts=3, error="The channel is archived.", code="is_archived",
    )  # fmt: skip


async def test_a_failed_text_goes_out_by_a_new_attempt(rows):
    await rows.message("m1", "c1", "out", state="failed", error="No such number.", attempts=2)
    await rows.text_effect(
        "sms:m1:2", "m1", ANA, "failed", settled_at=3.0, code="30003", error="No such number."
    )
    assert await failed.listed(rows.engine) == [
        {"id": "e1", "what": "send_sms", "state": "failed", "to": ANA, "why": "No such number.",
         "code": "30003", "at": 3.0}
    ]  # fmt: skip

    assert await failed.retry(rows.engine, ["e1"], NOW) == ["e1"]

    old, new = await rows.all(effects)
    assert (old["state"], new["state"], new["key"], new["due"]) == ("failed", "open", "sms:m1:3", NOW)
    assert (new["body"], new["lane"], new["meter"]) == (old["body"], old["lane"], old["meter"])
    [message] = await rows.all(messages)
    assert (message["state"], message["attempts"], message["error"]) == ("queued", 3, None)
    [lane] = await rows.all(lanes)
    assert (lane["lane"], lane["meter"], lane["due"]) == (f"sms:{ANA}", "number:+15550100001", NOW)
    assert await ids(rows) == []
    assert (await books.stats(rows.engine))["balanced"] is True
    with pytest.raises(failed.NotThere, match="e1"):
        await failed.retry(rows.engine, ["e1"], NOW)


async def test_a_lane_that_waits_has_its_turn_brought_forward(rows):
    await rows.insert(lanes, lane=f"sms:{ANA}", meter="number:+15550100001", priority=0, due=5000.0)
    await rows.message("m1", "c1", "out", state="undelivered")
    await rows.text_effect("sms:m1", "m1", ANA, "done")
    await failed.retry(rows.engine, ["e1"], NOW)
    [lane] = await rows.all(lanes)
    assert (lane["due"], lane["priority"]) == (NOW, 0)


async def test_what_staff_sent_again_is_not_listed(rows):
    await rows.message("m1", "c1", "out", state="delivered")
    await rows.text_effect("sms:m1", "m1", ANA, "failed")
    await rows.text_effect("sms:m1:2", "m1", ANA, "done")
    await rows.message("m2", "c2", "out", state="failed")
    await rows.text_effect("sms:m2", "m2", BEN, "failed")
    await rows.text_effect("sms:m2:2", "m2", BEN, "failed")
    assert await ids(rows) == ["e4"]


async def test_what_was_mended_is_not_listed(rows):
    for thread, state in (("t1", "live"), ("t2", "removed")):
        await rows.insert(
            threads, id=thread, conversation_id="c1-main", desk="slack.a", state=state, last_post_at=1.0,
            created_at=1.0,
        )  # fmt: skip
    await post(rows, "post:t1:a", "failed", "t1")
    await post(rows, "post:t2:a", "failed", "t2")
    await post(rows, "post:t1:b", "unsure", "t1")
    await post(rows, "maybe:post:t1:b", "done", "t1")
    assert await ids(rows) == ["e1"]


async def test_a_post_is_opened_again(rows):
    await post(rows, "post:t1:a", "failed", "t1")
    await failed.retry(rows.engine, [], NOW)
    [effect] = await rows.all(effects)
    assert (effect["state"], effect["due"], effect["attempts"], effect["error"]) == ("open", NOW, 0, None)
    assert effect["settled_at"] is None


async def test_an_event_set_aside_is_decided_again(rows):
    await rows.received("m1", ANA, state="aside", attempts=3, error="KeyError: 'x'")
    [listed] = await failed.listed(rows.engine)
    assert (listed["id"], listed["state"], listed["why"]) == ("j1", "aside", "KeyError: 'x'")
    assert await failed.retry(rows.engine, ["j1"], NOW) == ["j1"]
    [event] = await rows.all(journal)
    assert (event["state"], event["attempts"], event["due"]) == ("open", 0, NOW)
    assert event["in_lane"] == 0  # as if it had just come in: the next turn finds it


async def test_all_leaves_out_what_is_unsure(rows):
    await rows.message("m1", "c1", "out", state="unsure")
    await rows.text_effect("sms:m1", "m1", ANA, "unsure")
    await rows.message("m2", "c2", "out", state="failed")
    await rows.text_effect("sms:m2", "m2", BEN, "failed")
    assert await failed.retry(rows.engine, [], NOW) == ["e2"]
    assert await ids(rows) == ["e1"]
    assert await failed.retry(rows.engine, ["e1"], NOW) == ["e1"]


async def test_an_unknown_id_changes_nothing(rows):
    await post(rows, "post:t1:a", "failed", "t1")
    with pytest.raises(failed.NotThere, match="e9"):
        await failed.retry(rows.engine, ["e1", "e9"], NOW)
    assert await ids(rows) == ["e1"]


async def test_what_is_given_up_is_listed_no_more(rows):
    await rows.message("m1", "c1", "out", state="unsure")
    await rows.text_effect("sms:m1", "m1", ANA, "unsure")
    await rows.received("m2", ANA, state="aside")
    assert sorted(await failed.discard(rows.engine, [], NOW)) == ["e1", "j1"]
    assert await ids(rows) == []
    [message] = await rows.all(messages)
    assert message["state"] == "unsure"
    assert (await books.stats(rows.engine))["balanced"] is True
