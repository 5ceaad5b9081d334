"""Lists and keywords as the operator keeps them. Every change counts up "catalogue", which is how a
running daemon sees it at once."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.model.nouns import Keyword
from bridge.store.tables import counters, forms, keywords, lists, subscriptions
from bridge.store.transactions import insert, writing

Row = dict[str, Any]
_IN_USE = keywords.c.removed_at.is_(None)


class Exists(ValueError):
    """Something of that name is there already."""


class Missing(LookupError):
    """Nothing of that name is there."""


class InUse(ValueError):
    """It cannot go while something else needs it."""


async def add_list(engine: AsyncEngine, name: str, now: float) -> None:
    """Make a list. Raises Exists."""
    async with writing(engine) as connection:
        if not await _insert(connection, lists, {"name": name, "created_at": now}):
            raise Exists(f'there is a list "{name}" already')
        await _changed(connection)


async def all_lists(engine: AsyncEngine) -> list[Row]:
    """Give name, subscribers (now), keywords and created_at of every list, by name."""
    subscribed = (
        sa.select(sa.func.count())
        .where(subscriptions.c.list_name == lists.c.name, subscriptions.c.ended_at.is_(None))
        .scalar_subquery()
    )
    async with engine.connect() as connection:
        words = (
            (await connection.execute(sa.select(keywords.c.list_name, keywords.c.word).where(_IN_USE)))
            .tuples()
            .all()
        )
        found = await connection.execute(
            sa.select(lists.c.name, subscribed.label("subscribers"), lists.c.created_at).order_by(
                lists.c.name
            )
        )
        rows = found.mappings().all()
    return [
        {
            "name": row["name"],
            "subscribers": row["subscribers"],
            "keywords": sorted(word for name, word in words if name == row["name"]),
            "created_at": row["created_at"],
        }
        for row in rows
    ]


async def remove_list(engine: AsyncEngine, name: str, now: float, *, with_subscribers: bool) -> int:
    """Take a list away and end its subscriptions; their rows stay as history. Gives how many ended.

    Raises Missing; InUse while a keyword names it, or while it has subscribers and with_subscribers is
    False.
    """
    async with writing(engine) as connection:
        if not (await connection.execute(sa.delete(lists).where(lists.c.name == name))).rowcount:
            raise Missing(f'there is no list "{name}"')
        words = await connection.scalars(
            sa.select(keywords.c.word).where(keywords.c.list_name == name, _IN_USE).order_by(keywords.c.word)
        )
        if named := ", ".join(words.all()):
            raise InUse(f'the list "{name}" is what {named} subscribes to; remove that keyword first')
        ended = await connection.execute(
            sa.update(subscriptions)
            .where(subscriptions.c.list_name == name, subscriptions.c.ended_at.is_(None))
            .values(ended_at=now)
        )
        if ended.rowcount and not with_subscribers:
            raise InUse(f'the list "{name}" has {ended.rowcount} subscribers; say --yes to end that')
        await _changed(connection)
        return int(ended.rowcount)


async def add_keyword(engine: AsyncEngine, keyword: Keyword, now: float, *, replace: bool) -> bool:
    """Make a keyword, and its list where there is none; True when the list is new.

    Raises Exists when the word is taken and replace is False.
    """
    row: Row = {
        "word": keyword.word,
        "list_name": keyword.list_name,
        "reply": keyword.reply,
        "reply_again": keyword.reply_again,
        "form": keyword.form,
        "double": int(keyword.double),
    }
    async with writing(engine) as connection:
        gone = (keywords.c.word == keyword.word, keywords.c.removed_at.is_not(None))
        await connection.execute(sa.delete(keywords).where(*gone))
        new_list = await _insert(connection, lists, {"name": keyword.list_name, "created_at": now})
        if not await _insert(connection, keywords, {**row, "created_at": now}):
            if not replace:
                raise Exists(f'there is a keyword "{keyword.word}" already; say --replace to change it')
            await connection.execute(sa.update(keywords).where(keywords.c.word == keyword.word).values(**row))
        await _changed(connection)
    return new_list


async def all_keywords(engine: AsyncEngine) -> list[Row]:
    """Give word, list, reply, reply_again, form, double and created_at of every keyword, by word."""
    chosen = sa.select(
        keywords.c.word,
        keywords.c.list_name.label("list"),
        keywords.c.reply,
        keywords.c.reply_again,
        keywords.c.form,
        keywords.c.double,
        keywords.c.created_at,
    )
    chosen = chosen.where(_IN_USE).order_by(keywords.c.word)
    async with engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(chosen)).mappings()]


async def remove_keyword(engine: AsyncEngine, word: str) -> None:
    """Take a keyword away; who subscribed by it stays subscribed. Raises Missing."""
    async with writing(engine) as connection:
        if not (
            await connection.execute(sa.delete(keywords).where(keywords.c.word == word, _IN_USE))
        ).rowcount:
            raise Missing(f'there is no keyword "{word}"')
        await _changed(connection)


async def form_names(engine: AsyncEngine) -> Sequence[str]:
    """Give the names of the forms in use."""
    asked = sa.select(forms.c.name).where(forms.c.removed_at.is_(None)).order_by(forms.c.name)
    async with engine.connect() as connection:
        return (await connection.scalars(asked)).all()


async def words_of(engine: AsyncEngine) -> Sequence[str]:
    """Give every keyword, for the classifier."""
    async with engine.connect() as connection:
        return (
            await connection.scalars(sa.select(keywords.c.word).where(_IN_USE).order_by(keywords.c.word))
        ).all()


async def _insert(connection: AsyncConnection, table: sa.Table, row: Row) -> bool:
    """Insert a row unless its key is taken; tell which."""
    statement = insert(connection, table).values(row).on_conflict_do_nothing()
    return bool((await connection.execute(statement)).rowcount)


async def _changed(connection: AsyncConnection) -> None:
    statement = insert(connection, counters).values(name="catalogue", value=1)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    )
