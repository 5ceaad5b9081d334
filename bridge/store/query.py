"""One text of SQL for both databases.

A `Query` is a SQLAlchemy Core statement, compiled once a dialect and then run on the plain driver:
SQLAlchemy's own execution costs more than the statement. Sets of rows travel as one JSON parameter,
so that a statement's text does not depend on how many there are.

A `Work` is what happens in one transaction: a generator that yields `Ask`s and receives rows. The
same generator is driven synchronously on SQLite's writer thread (one hop for the whole of it) and
asynchronously on PostgreSQL.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")
Row = Mapping[str, Any]
Params = Mapping[str, Any]


class Tongue:
    """What differs between the two databases, and nothing else."""

    def __init__(self, name: str) -> None:
        """name: "sqlite" or "postgresql"."""
        self.name = name
        self.dialect: Dialect
        self._insert: Callable[[sa.Table], Any]
        if name == "sqlite":  # what the other database needs is not loaded: it takes megabytes
            from sqlalchemy.dialects import sqlite

            self.dialect, self._insert = sqlite.dialect(paramstyle="named"), sqlite.insert
        else:
            from sqlalchemy.dialects import postgresql
            from sqlalchemy.dialects.postgresql import asyncpg

            self.dialect, self._insert = asyncpg.dialect(), postgresql.insert  # type: ignore[no-untyped-call]

    def insert(self, table: sa.Table) -> Any:
        """Give an INSERT that knows ON CONFLICT."""
        return self._insert(table)

    def rows(self, columns: Sequence[sa.Column[Any]], name: str = "rows") -> Any:
        """Give the rows of the JSON parameter `name` as something to select from."""
        if self.name == "sqlite":
            parts = ", ".join(f"value ->> '$.{c.name}' AS \"{c.name}\"" for c in columns)
            source = f"SELECT {parts}, key AS ord FROM json_each(:{name})"  # noqa: S608 - names are ours
        else:
            types = ", ".join(f'"{c.name}" {self._type(c)}' for c in columns)
            names = ", ".join(f'"{c.name}"' for c in columns)
            source = (
                f"SELECT * FROM ROWS FROM (jsonb_to_recordset(CAST(:{name} AS jsonb)) AS ({types})) "  # noqa: S608
                f"WITH ORDINALITY AS x({names}, ord)"
            )
        typed = [sa.column(c.name, c.type) for c in columns]
        return (
            sa.text(source)
            .bindparams(sa.bindparam(name, type_=sa.Text))
            .columns(*typed, sa.column("ord", sa.Integer))
            .subquery(f"the_{name}")
        )

    def _type(self, column: sa.Column[Any]) -> str:
        return column.type.compile(self.dialect)


@cache
def tongue(name: str) -> Tongue:
    """Give the tongue of a database: "sqlite" or "postgresql"."""
    return Tongue(name)


class Query:
    """A statement in both tongues, built and compiled when first used (or by `prepare`)."""

    _all: ClassVar[list["Query"]] = []

    def __init__(self, build: Callable[[Tongue], Any]) -> None:
        """build: gives the statement in a tongue."""
        self._all.append(self)
        self._build = build
        self._ready: dict[str, tuple[str, Sequence[str], Mapping[str, Any]]] = {}

    @classmethod
    def prepare(cls, name: str) -> None:
        """Compile every statement there is: it takes a while, and nobody waits for an answer yet."""
        for query in cls._all:
            query.sql(name)

    def sql(self, name: str) -> tuple[str, Sequence[str], Mapping[str, Any]]:
        """Give the text, the parameters' names in order, and the values that the statement itself holds."""
        ready = self._ready.get(name)
        if ready is None:
            statement = self._build(tongue(name))
            compiled: SQLCompiler = statement.compile(
                dialect=tongue(name).dialect, compile_kwargs={"render_postcompile": True}
            )
            own = compiled.construct_params(_check=False)
            names = tuple(compiled.positiontup or own)
            ready = self._ready[name] = (str(compiled), names, dict(own))
        return ready

    def __call__(self, **params: Any) -> "Ask":
        """Ask it with these parameters; a list becomes one JSON parameter."""
        return Ask(self, {k: _as_json(v) if isinstance(v, list) else v for k, v in params.items()})


@dataclass(frozen=True, slots=True)
class Ask:
    """A query with its parameters."""

    query: Query
    params: Params = field(default_factory=dict)
    last: bool = False  # the work asks for nothing after this; as its first it needs no BEGIN and COMMIT

    def on(self, tongue: str) -> tuple[str, Sequence[Any], Params]:
        """Give text, values in order, and values by name."""
        text, names, own = self.query.sql(tongue)
        values = {name: self.params.get(name, own.get(name)) for name in names}
        return text, tuple(values[name] for name in names), values


class Pause:
    """Asked for between two steps: who waits for an acknowledgement may go before. What was written so far
    must be able to stand alone; what was read so far still holds after it, or the work begins again."""


PAUSE = Pause()
Work = Generator[Ask | Pause, list[Row], T]


def _as_json(rows: list[Any]) -> str:
    return orjson.dumps(rows).decode()


def ids(values: Sequence[Any]) -> list[dict[str, Any]]:
    """Give values as rows of one column `id`, for a Query that joins with them."""
    return [{"id": value} for value in values]
