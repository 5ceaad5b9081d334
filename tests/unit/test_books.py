"""The books, on both databases: exports are whole and in order, and counts add up or say why not."""

import pytest

from bridge.model.nouns import Media
from bridge.store import books, codec, people
from bridge.store.database import async_engine, migrate
from bridge.store.tables import consent, effects, subscriptions
from tests.unit.operator_rows import ANA, BEN, Rows


@pytest.fixture
async def rows(database_url):
    await migrate(database_url)
    engine = async_engine(database_url)
    yield Rows(engine)
    await engine.dispose()


async def fill(rows: Rows) -> None:
    """Two people; one of everything that can become of a text."""
    await rows.contact("c1", ANA, name="Ana")
    await rows.contact("c2", BEN)
    await rows.message("m1", "c1", "in", at=100.0)
    await rows.received("m1", ANA)
    await rows.message("m2", "c1", "out", at=101.0, state="delivered")
    await rows.message("m3", "c2", "in", at=102.5, kind="opt_out")
    await rows.received("m3", BEN)
    await rows.message("m4", "c2", "out", at=103.0, state="queued", kind="confirmation", author="machine")
    await rows.text_effect("sms:m4", "m4", BEN, "claimed")
    await rows.message("m5", "c1", "out", at=104.0, state="undelivered", error="The number does not exist.")
    await rows.text_effect("sms:m5", "m5", ANA, "done")
    await rows.message("m6", "c1", "out", at=105.0, state="unsure")
    await rows.text_effect("sms:m6", "m6", ANA, "unsure")
    await rows.message("m7", "c1", "internal", at=106.0, state="internal", text="never leaves")
    await rows.message("m8", "c1", "out", at=107.0, state="held")


async def exported(rows: Rows, **wanted) -> list[dict]:
    return [row async for row in books.export(rows.engine, books.Wanted(**wanted))]


async def test_messages_are_exported_whole_and_in_order(rows):
    await fill(rows)
    media = (Media("x1", "image/png", "cat.png", 12, "line:main", "https://secret.example/1"),)
    await rows.message("m9", "c1", "in", at=108.0, media=codec.write_media(media), text="=1+1")
    found = await exported(rows)
    assert [row["id"] for row in found] == ["m1", "m2", "m3", "m4", "m5", "m6", "m8", "m9"]
    assert set(found[0]) == set(books.COLUMNS)
    assert found[0] == {
        "id": "m1", "line": "main", "contact": ANA, "direction": "in", "text": "text m1", "media": [],
        "kind": "natural", "reason": "because", "state": "received", "at": "1970-01-01T00:01:40.000Z",
        "author": "", "provider_id": "SMm1", "segments": 1, "credits": 0, "error": None,
    }  # fmt: skip
    assert found[-1]["media"] == [{"id": "x1", "content_type": "image/png", "name": "cat.png", "size": 12}]


async def test_messages_can_be_chosen(rows, monkeypatch):
    monkeypatch.setattr(books, "_PAGE", 2)
    await fill(rows)
    assert [row["id"] for row in await exported(rows, contact=BEN)] == ["m3", "m4"]
    assert [row["id"] for row in await exported(rows, since=103.0, until=105.0)] == ["m4", "m5"]
    assert await exported(rows, line="other") == []
    assert len(await exported(rows)) == 7


async def test_pages_lose_nothing_where_many_came_at_once(rows, monkeypatch):
    monkeypatch.setattr(books, "_PAGE", 3)
    await rows.contact("c1", ANA)
    for number in range(8):
        await rows.message(f"m{number}", "c1", "in", at=100.0)
    assert [row["id"] for row in await exported(rows)] == [f"m{number}" for number in range(8)]


async def test_counts_that_add_up(rows):
    await fill(rows)
    await rows.received("later", ANA, state="open")
    await rows.insert(
        effects, key="post:1", lane="thread:1", meter="post:web", type="post_to_thread", body="{}",
        state="done", priority=1, weight=1.0, due=1.0, created_at=1.0, settled_at=100.0,
    )  # fmt: skip
    assert await books.stats(rows.engine) == {
        "received": 3, "by_kind": {"natural": 1, "opt_out": 1, "undecided": 1}, "answered": 1,
        "sent": 0, "delivered": 1, "failed": 1, "unsure": 1, "queued": 1, "held": 1, "cancelled": 0,
        "posts": 1, "balanced": True,
    }  # fmt: skip


async def test_counts_of_a_span(rows):
    await fill(rows)
    counts = await books.stats(rows.engine, since=104.0)
    assert (counts["received"], counts["failed"], counts["delivered"]) == (0, 1, 0)
    assert counts["balanced"] is True


async def test_what_does_not_add_up_is_said(rows):
    await rows.contact("c1", ANA)
    await rows.message("m1", "c1", "in", kind="nonsense")
    await rows.message("m2", "c1", "out", state="lost")
    await rows.message("m3", "c1", "out", state="queued")
    await rows.message("m4", "c1", "out", state="sent")
    await rows.text_effect("sms:m4", "m4", ANA, "open")
    await rows.received("m5", ANA)
    counts = await books.stats(rows.engine)
    assert counts["balanced"] == [
        "1 texts came in, and 0 of them have a kind",
        "3 texts are ours, and 2 of them are in a known state",
        "1 text is queued, and nothing is on its way for it (such as m3)",
        "1 text is waiting to go out, and its message is not queued (such as m4)",
        "1 text is decided, and not among the messages (such as in:main:SMm5)",
    ]


async def test_contacts_with_their_lists(rows, monkeypatch):
    monkeypatch.setattr(people, "_PAGE", 1)
    await rows.contact("c1", ANA, name="Ana")
    await rows.contact("c2", BEN, opted_out_at=200.0)
    await rows.contact("c3", "+15550100103")
    await rows.insert(subscriptions, contact_id="c1", list_name="Food", since=1.0)
    await rows.insert(subscriptions, contact_id="c1", list_name="Gone", since=1.0, ended_at=2.0)
    found = [row async for row in people.export_contacts(rows.engine)]
    assert [(row["contact"], row["name"], row["state"], row["lists"]) for row in found] == [
        (ANA, "Ana", "subscribed", ["Food"]),
        (BEN, None, "opted_out", []),
        ("+15550100103", None, "not_subscribed", []),
    ]
    assert found[1]["opted_out_at"] == "1970-01-01T00:03:20.000Z"
    assert set(found[0]) == set(people.CONTACT_COLUMNS)


async def test_the_consent_ledger(rows, monkeypatch):
    monkeypatch.setattr(people, "_PAGE", 1)
    for number, address in (("k1", ANA), ("k2", BEN), ("k3", ANA)):
        await rows.insert(
            consent, id=number, contact_id="c1", address=address, event="opt_in", scope="Food", at=1.0,
            source="text", words="PIZZA", matched_by="the keyword", actor="",
        )  # fmt: skip
    found = [row async for row in people.export_consent(rows.engine)]
    assert [tuple(row) for row in found] == [people.CONSENT_COLUMNS] * 3
    assert [row["id"] async for row in people.export_consent(rows.engine, ANA)] == ["k1", "k3"]


async def test_inbound_texts_for_replay(rows):
    await fill(rows)
    await rows.insert(subscriptions, contact_id="c2", list_name="Food", since=1.0)
    found = [row async for row in people.inbound_texts(rows.engine)]
    assert [(row["id"], row["kind"], bool(row["subscribed"])) for row in found] == [
        ("m1", "natural", False),
        ("m3", "opt_out", True),
    ]
    assert [row["id"] async for row in people.inbound_texts(rows.engine, since=102.0)] == ["m3"]
