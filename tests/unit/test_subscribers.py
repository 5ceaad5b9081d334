"""Lists and keywords, on both databases; every change is one that a running daemon sees."""

import pytest

from bridge.model.nouns import Keyword
from bridge.store import subscribers
from bridge.store.database import async_engine, migrate
from bridge.store.tables import counters, subscriptions
from tests.unit.operator_rows import Rows

PIZZA = Keyword("PIZZA", "Food", "You are on the list.")


@pytest.fixture
async def rows(database_url):
    await migrate(database_url)
    engine = async_engine(database_url)
    yield Rows(engine)
    await engine.dispose()


async def changes(rows: Rows) -> int:
    return sum(row["value"] for row in await rows.all(counters) if row["name"] == "catalogue")


async def test_a_keyword_makes_its_list(rows):
    assert await subscribers.add_keyword(rows.engine, PIZZA, 1.0, replace=False) is True
    assert (
        await subscribers.add_keyword(rows.engine, Keyword("PIE", "Food", "Yes."), 1.0, replace=False)
        is False
    )
    [food] = await subscribers.all_lists(rows.engine)
    assert (food["name"], food["keywords"], food["subscribers"]) == ("Food", ["PIE", "PIZZA"], 0)
    assert await subscribers.words_of(rows.engine) == ["PIE", "PIZZA"]
    assert await changes(rows) == 2


async def test_a_keyword_is_not_replaced_by_accident(rows):
    await subscribers.add_keyword(rows.engine, PIZZA, 1.0, replace=False)
    other = Keyword("PIZZA", "Other", "New words.", "Again.")
    with pytest.raises(subscribers.Exists, match="--replace"):
        await subscribers.add_keyword(rows.engine, other, 2.0, replace=False)
    assert [row["name"] for row in await subscribers.all_lists(rows.engine)] == ["Food"]
    assert await changes(rows) == 1
    await subscribers.add_keyword(rows.engine, other, 2.0, replace=True)
    [keyword] = await subscribers.all_keywords(rows.engine)
    assert (keyword["list"], keyword["reply"], keyword["reply_again"]) == ("Other", "New words.", "Again.")


async def test_removing_a_keyword(rows):
    await subscribers.add_keyword(rows.engine, PIZZA, 1.0, replace=False)
    await subscribers.remove_keyword(rows.engine, "PIZZA")
    assert await subscribers.all_keywords(rows.engine) == []
    assert await changes(rows) == 2
    with pytest.raises(subscribers.Missing):
        await subscribers.remove_keyword(rows.engine, "PIZZA")


async def test_a_list_that_is_needed_stays(rows):
    await subscribers.add_keyword(rows.engine, PIZZA, 1.0, replace=False)
    with pytest.raises(subscribers.InUse, match="PIZZA"):
        await subscribers.remove_list(rows.engine, "Food", 2.0, with_subscribers=True)
    await subscribers.remove_keyword(rows.engine, "PIZZA")
    await rows.insert(subscriptions, contact_id="c1", list_name="Food", since=1.0)
    with pytest.raises(subscribers.InUse, match="1 subscribers"):
        await subscribers.remove_list(rows.engine, "Food", 2.0, with_subscribers=False)
    assert [row["subscribers"] for row in await subscribers.all_lists(rows.engine)] == [1]
    assert await subscribers.remove_list(rows.engine, "Food", 2.0, with_subscribers=True) == 1
    [ended] = await rows.all(subscriptions)
    assert ended["ended_at"] == 2.0


async def test_lists_are_made_once(rows):
    await subscribers.add_list(rows.engine, "Food", 1.0)
    with pytest.raises(subscribers.Exists):
        await subscribers.add_list(rows.engine, "Food", 1.0)
    with pytest.raises(subscribers.Missing):
        await subscribers.remove_list(rows.engine, "Other", 1.0, with_subscribers=False)
    assert await changes(rows) == 1
