"""What the database of a town says, for the books."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bridge.model.events import StaffWrote
from bridge.store import books, codec
from bridge.store.tables import EFFECTS_WAITING, JOURNAL_OPEN, effects, journal, messages, operator_notices
from tests.crash.town import Town

_TOLD = (
    (journal, "seq", ("seq", "type", "state", "due", "received_at", "decided_at")),
    (effects, "id", ("id", "key", "state", "attempts", "looks", "first_tried_at", "settled_at", "error")),
)


@dataclass
class Stored:
    """The state of each message and when each reply was heard, by its words; and what is wrong in itself."""

    states: dict[str, str] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def under_way(town: Town) -> list[Any]:
    """Give what waits to be decided or to go out."""
    events = sa.select(journal.c.type, journal.c.lane, journal.c.due).where(JOURNAL_OPEN)
    going = sa.select(effects.c.type, effects.c.lane, effects.c.state, effects.c.error).where(EFFECTS_WAITING)
    return [tuple(row) for row in [*await town.read(events), *await town.read(going)]]


async def stored(town: Town) -> Stored:
    """Read it."""
    found = Stored()
    stats = await books.stats(town.engine)
    if stats["balanced"] is not True:
        found.wrong += stats["balanced"]
    rows = await town.read(sa.select(messages.c.text, messages.c.state, messages.c.author))
    found.states = {row.text: row.state for row in rows}
    known = Counter(row.text for row in rows if row.text != "STOP" and row.author != "machine")
    found.twice = [f"“{text}” is {count} messages" for text, count in known.items() if count > 1]
    aside = sa.select(journal.c.type, journal.c.error).where(journal.c.state == "aside")
    found.wrong += [f"set aside: {tuple(row)}" for row in await town.read(aside)]
    told = await town.read(sa.select(operator_notices.c.text))
    found.wrong += [f"the operator was told: {row.text}" for row in told]
    wrote = sa.select(journal.c.body, journal.c.received_at).where(journal.c.type == "staff_wrote")
    heard = [(codec.read_event(row.body), row.received_at) for row in await town.read(wrote)]
    found.heard = {event.text: at for event, at in heard if isinstance(event, StaffWrote)}
    return found


async def history(town: Town, words: Iterable[str]) -> str:
    """Tell what became of some words, for whoever must find out."""
    lines = []
    for one in words:
        for table, order, columns in _TOLD:
            chosen = sa.select(*(table.c[name] for name in columns)).where(table.c.body.contains(one))
            lines += [f"{one}: {tuple(row)}" for row in await town.read(chosen.order_by(table.c[order]))]
    return "\n".join(lines)
