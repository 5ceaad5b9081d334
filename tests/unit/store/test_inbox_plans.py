"""However many conversations there are, the inbox reads a page of them: both databases walk along indexes,
with statistics and without. What is tested is how they mean to do it, not how long it takes."""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bridge.store.inbox import InboxReader
from bridge.store.store import Store
from bridge.store.tables import contacts, conversations, messages, threads
from tests.unit.store.full import START, fill, person

MANY = 30_000
PAGE = 50
FEW = 10 * PAGE + 1  # what may be sorted
GROW = {table.name for table in (contacts, conversations, messages, threads)}
ALONG = ("ix_conversations_last", "ix_conversations_unread")  # from an end of it, a page or so


async def test_no_look_reads_all_there_is(store: Store) -> None:
    await fill(store, MANY)
    async with store.engine.begin() as connection:
        late = conversations.c.last_at >= START + MANY - 40
        await connection.execute(sa.update(conversations).where(late).values(unread=1))

    for statistics in (False, True):
        if statistics:
            async with store.engine.begin() as connection:
                await connection.execute(sa.text("ANALYZE"))
        with _heard(store) as asked:
            await _look(InboxReader(store.engine, "US"))
        sorts = statistics or store.tongue == "sqlite"  # else PostgreSQL takes a third of a table for few
        wrong = {
            statement: far
            for statement, values in asked
            if (far := await _far(store, statement, values, sorts))
        }
        assert wrong == {}, f"statistics: {statistics}"
        assert len(asked) >= 10


async def _look(inbox: InboxReader) -> None:
    assert len(await inbox.rows("web", "", None, PAGE)) == PAGE
    assert len(await inbox.rows("web", "", START + MANY / 2, PAGE)) == PAGE
    assert [row.thread for row in await inbox.rows("web", person(7), None, PAGE)] == ["web.7"]
    assert await inbox.unread("web") == 40
    for everything in (False, True):
        opened = await inbox.open("web", "web.7", START + 1, PAGE, everything)
        assert opened is not None
        assert len(opened.entries) == 1


@contextlib.contextmanager
def _heard(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """Give what is asked of the database meanwhile, with its values."""
    found: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement: str, values, _context, _many) -> None:
        if statement.startswith("SELECT") and "FROM" in statement:
            found.append((statement, tuple(values)))

    sa.event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(store.engine.sync_engine, "before_cursor_execute", note)


async def _far(store: Store, statement: str, values: Any, sorts: bool) -> list[str]:
    """Give the steps that would read what grows with the database. sorts: or would sort it."""
    async with store.engine.connect() as connection:
        if store.tongue == "sqlite":
            steps = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            return _far_on_sqlite([(row[1], row[3]) for row in steps])
        plan = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values)).scalar_one()
        return _far_on_postgresql(plan[0]["Plan"], sorts)


def _far_on_sqlite(steps: list[tuple[int, str]]) -> list[str]:
    """Sorting is fine for those who were found first: a page, the conversations of one person, one thread."""
    few = ("SCAN chosen", "SEARCH conversations USING INDEX sqlite_autoindex_conversations_2 (contact_id=?)",
           "SEARCH threads USING INDEX ix_threads_ref (desk=? AND ref=?)")  # fmt: skip
    of_few = {parent for parent, step in steps if step.startswith(few)}
    return [
        step
        for parent, step in steps
        if (step.startswith("SCAN") and step.split()[1] in GROW and not step.endswith(ALONG))
        or (step == "USE TEMP B-TREE FOR ORDER BY" and parent not in of_few)
    ]


def _far_on_postgresql(node: dict[str, Any], sorts: bool) -> list[str]:
    what, table = node["Node Type"], node.get("Relation Name", "")
    far = (what == "Seq Scan" and table in GROW) or (sorts and what == "Sort" and node["Plan Rows"] > FEW)
    below = [step for one in node.get("Plans", ()) for step in _far_on_postgresql(one, sorts)]
    return [f"{what} {table}", *below] if far else below
