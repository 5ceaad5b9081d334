"""What the inbox lists, finds and counts: nothing left out between pages, and nothing counted without end."""

import pytest
import sqlalchemy as sa

from bridge.store.inbox import InboxReader
from bridge.store.store import Store
from bridge.store.tables import contacts, conversations, messages, notes, threads
from tests.unit.store.full import START, fill, person, said


@pytest.fixture
def inbox(store: Store) -> InboxReader:
    """What reads."""
    return InboxReader(store.engine, "US")


async def _change(store: Store, table: sa.Table, where, **values) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(sa.update(table).where(where).values(**values))


async def _add(store: Store, table: sa.Table, rows: list) -> None:
    async with store.engine.begin() as connection:
        await connection.execute(sa.insert(table), rows)


def _ids(rows) -> list[str]:
    return [row.conversation_id for row in rows]


async def _pages(inbox: InboxReader, desk: str, query: str, limit: int) -> list[str]:
    """Turn pages as the inbox page does, until one is not full."""
    found, before = [], None
    while True:
        rows = await inbox.rows(desk, query, before, limit)
        found += _ids(rows)
        if len(rows) < limit:
            return found
        before = rows[-1].last_at


async def test_the_latest_come_first(store: Store, inbox: InboxReader) -> None:
    await fill(store, 30)

    rows = await inbox.rows("web", "", None, 10)

    assert _ids(rows) == [f"c{n}" for n in range(29, 19, -1)]
    assert (rows[0].last_text, rows[0].thread) == ("Text 29", "web.29")
    assert _ids(await inbox.rows("web", "", rows[-1].last_at, 10)) == [f"c{n}" for n in range(19, 9, -1)]


@pytest.mark.parametrize("query", ["", "555"])
async def test_pages_leave_out_none_of_those_that_are_exactly_as_old(store, inbox, query: str) -> None:
    await fill(store, 40)
    await _change(
        store, conversations, conversations.c.id.in_([f"c{n}" for n in range(12, 28)]), last_at=START + 20
    )

    found = await _pages(inbox, "web", query, 10)

    assert sorted(found) == sorted(f"c{n}" for n in range(40))  # each of them, and once


async def test_a_desk_that_has_few_of_many_conversations_lists_them_all(store, inbox) -> None:
    """Its own are the oldest: a walk along the latest does not come to them soon."""
    await fill(store, 400, small=15)

    assert await _pages(inbox, "small", "", 10) == [f"c{n}" for n in range(14, -1, -1)]


async def test_what_is_not_on_the_desk_is_not_listed(store: Store, inbox: InboxReader) -> None:
    await fill(store, 30)
    await _change(store, threads, threads.c.id == "web29", state="removed")
    await _change(store, threads, threads.c.id == "web28", ref=None)

    assert _ids(await inbox.rows("web", "", None, 2)) == ["c27", "c26"]
    assert await inbox.rows("elsewhere", "", None, 2) == []


async def test_searching_finds_names_numbers_and_last_words(store: Store, inbox: InboxReader) -> None:
    await fill(store, 30)
    await _change(store, contacts, contacts.c.id == "p3", name="Rosa Parks_")
    await _add(store, messages, [said(100, 5, "Is the clinic open?", START + 99)])
    await _add(store, messages, [said(101, 6, "Clinic", START + 98), said(102, 6, "Thanks", START + 99)])
    await _add(store, messages, [said(103, 5, "POLL clinic", START + 100, kind="poll")])

    async def found(query: str) -> list[str]:
        return _ids(await inbox.rows("web", query, None, 10))

    assert await found("rosa") == ["c3"]
    assert await found("s_") == ["c3"]  # no placeholder
    assert await found("%") == []
    assert await found("clinic") == ["c5"]  # the last words of somebody, not what came before
    assert await found("0000017") == ["c17"]
    assert await found(person(17)) == ["c17"]
    assert await found("(555) 000-0017") == ["c17"]
    assert await found("nobody says this") == []


async def test_a_name_is_found_however_old_its_conversation_is(store, inbox, monkeypatch) -> None:
    monkeypatch.setattr("bridge.store.inbox._MOST_SEARCHED", 10)
    await fill(store, 60)
    await _change(store, contacts, contacts.c.id.in_(["p2", "p3", "p58"]), name="Rosa")
    await _add(store, messages, [said(100, 1, "Rosa told me", START + 1)])

    assert _ids(await inbox.rows("web", "rosa", None, 10)) == ["c58", "c3", "c2"]
    assert _ids(await inbox.rows("web", "rosa", START + 58, 1)) == ["c3"]


async def test_unread_texts_are_counted_up_to_a_thousand(store: Store, inbox: InboxReader) -> None:
    await fill(store, 30, small=5)
    await _change(store, conversations, conversations.c.id.in_(["c1", "c2", "c9"]), unread=4)

    assert await inbox.unread("web") == 12
    assert await inbox.unread("small") == 8
    assert await inbox.unread("elsewhere") == 0
    await _change(store, conversations, conversations.c.id == "c9", unread=5000)
    assert await inbox.unread("web") == 1000


async def test_the_unread_of_a_small_desk_are_counted_among_many_of_another(
    store, inbox, monkeypatch
) -> None:
    monkeypatch.setattr("bridge.store.inbox._MOST_LOOKED_AT", 20)
    await fill(store, 60, unread=1)
    async with store.engine.begin() as connection:
        places = [
            {"id": f"s{n}", "conversation_id": f"c{n}", "desk": "small", "ref": f"s.{n}", "state": "live",
             "last_post_at": START, "created_at": START}
            for n in range(25, 30)
        ]  # fmt: skip
        await connection.execute(sa.insert(threads), places)

    assert await inbox.unread("small") == 5


async def test_a_thread_shows_its_latest_and_says_how_much_is_hidden(store, inbox) -> None:
    await fill(store, 2)
    await _add(store, messages, [said(100 + n, 0, "x", START + 10 + n, "poll") for n in range(1100)])
    await _add(store, messages, [said(5000 + n, 0, f"y{n}", START + 2000 + n) for n in range(5)])

    opened = await inbox.open("web", "web.0", None, 3, False)
    assert opened is not None
    assert [entry.text for entry in opened.entries] == ["y2", "y3", "y4"]
    assert (opened.has_more, opened.hidden) == (True, 1000)

    opened = await inbox.open("web", "web.0", START + 2000, 3, False)
    assert opened is not None
    assert [entry.text for entry in opened.entries if not entry.hidden] == ["Text 0"]
    assert not opened.has_more

    opened = await inbox.open("web", "web.0", None, 7, True)
    assert opened is not None
    assert [entry.text for entry in opened.entries] == ["x", "x", "y0", "y1", "y2", "y3", "y4"]
    assert opened.hidden == 0


@pytest.mark.parametrize("everything", [False, True])
async def test_earlier_messages_leave_out_none_that_are_exactly_as_old(
    store, inbox, everything: bool
) -> None:
    await fill(store, 1)
    await _add(store, messages, [said(100 + n, 0, f"y{n}", START + n // 7) for n in range(40)])

    found, before, more = [], None, True
    while more:
        opened = await inbox.open("web", "web.0", before, 10, everything)
        assert opened is not None
        found = [*(entry.id for entry in opened.entries), *found]
        more = opened.has_more
        before = opened.entries[0].at if opened.entries else None

    assert sorted(found) == sorted(["m00000000", *(f"m{100 + n:08d}" for n in range(40))])


async def test_of_many_notices_the_newest_are_shown(store: Store, inbox: InboxReader) -> None:
    await fill(store, 1)
    await _add(store, notes, [
        {"thread_id": "web0", "ref": f"n{n}", "post": f'{{"head":"","body":"{n}"}}', "at": START + n}
        for n in range(205)
    ])  # fmt: skip

    opened = await inbox.open("web", "web.0", None, 10, False)

    assert opened is not None
    assert [note.post.body for note in opened.notes] == [str(n) for n in range(5, 205)]
