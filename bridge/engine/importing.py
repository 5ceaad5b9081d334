"""Import: a file of contacts, row by row, in batches; what becomes of each row is told as it goes."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.decide import importing
from bridge.decide.importing import NUMBER, Entry, Refused
from bridge.engine import sheets
from bridge.model.ids import Ids
from bridge.render import words_contacts as words
from bridge.store import importing as store
from bridge.store import plain


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be taken in."""

    region: str
    lists: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None  # head of a column to what it is
    keep: bool = False  # other columns become fields
    source: str = ""
    update: bool = False
    dry: bool = False
    ours: frozenset[str] = frozenset()  # numbers of our lines


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a row."""

    line: int
    what: str  # create, update, same, refused
    reason: str
    cells: Sequence[str]
    joins: int = 0


async def take(engine: AsyncEngine, path: Path, asked: Asked, make_id: Ids) -> AsyncIterator[Told]:
    """Take a file in; gives what became of each row, a batch at a time. Raises sheets.Unreadable."""
    found = sheets.lines(path)
    _, head = next(found)
    columns = _columns(path, head, asked)
    yield Told(1, "head", "", head)
    seen: dict[str, int] = {}
    batch: list[tuple[Entry, list[str]]] = []
    for line, cells in found:
        read = importing.read(line, cells, columns, asked.region, asked.lists)
        if isinstance(read, Refused):
            yield Told(line, "refused", read.reason, cells)
        elif read.address in asked.ours:
            yield Told(line, "refused", words.OURS.format(number=read.address), cells)
        elif read.address in seen:
            yield Told(line, "refused", words.TWICE.format(line=seen[read.address]), cells)
        else:
            seen[read.address] = line
            batch.append((read, cells))
        if len(batch) >= store.BATCH:
            for told in await _batch(engine, path, asked, make_id, batch):
                yield told
            batch, seen = [], {}  # the same number further down finds itself in the database
    for told in await _batch(engine, path, asked, make_id, batch) if batch else ():
        yield told


def _columns(path: Path, head: Sequence[str], asked: Asked) -> Mapping[int, str]:
    shown = ", ".join(column for column in head if column)[:200]
    try:
        columns = importing.guess(head, asked.columns or {}, asked.keep)
    except KeyError as missing:
        column = str(missing.args[0])
        said = words.NO_SUCH_COLUMN.format(file=path.name, column=column, columns=shown)
        raise sheets.Unreadable(said) from missing
    if NUMBER not in columns.values():
        raise sheets.Unreadable(words.NO_NUMBERS.format(file=path.name, columns=shown))
    return columns


async def _batch(
    engine: AsyncEngine, path: Path, asked: Asked, make_id: Ids, batch: Sequence[tuple[Entry, list[str]]]
) -> list[Told]:
    entries = [entry for entry, _ in batch]
    work: Any = partial(
        store.take, entries, asked.source, path.name, time.time(), make_id, asked.update, asked.dry
    )
    plans = await plain.run(engine, work)
    return [
        Told(one.entry.line, one.what, "; ".join(one.notes), cells, len(one.joins))
        for one, (_, cells) in zip(plans, batch, strict=True)
    ]
