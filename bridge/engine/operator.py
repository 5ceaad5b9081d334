"""The operator's hand: what staff do by a press, done from the command line by the same decision."""

import time
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.decide import checking, decide
from bridge.model.decision import Desk, World
from bridge.model.effects import TellPrivately
from bridge.model.events import StaffPressed
from bridge.model.ids import Ids
from bridge.model.nouns import Author, Colleague
from bridge.model.traits import ChatTraits, Rate
from bridge.store import plain
from bridge.store.apply import apply
from bridge.store.catalogue import catalogue
from bridge.store.query import Work
from bridge.store.snapshot import snapshots

DESK = "operator"
_TRAITS = ChatTraits(Rate(1, 1), Rate(1, 1), 4000, tells_privately=True)


class NotDone(Exception):
    """Nothing was changed; the message says why. usage: what was entered is wrong."""

    def __init__(self, why: str, usage: bool = False) -> None:
        super().__init__(why)
        self.usage = usage


async def press(
    engine: AsyncEngine,
    configured: World,
    ids: Ids,
    action: str,
    value: str,
    form: Mapping[str, str],
) -> str:
    """Do it, in one transaction; gives what a member of staff would be told. Raises NotDone."""

    def work() -> Work[str]:
        known = yield from catalogue(None)
        world = replace(
            configured,
            keywords=known.keywords,
            lists=known.lists,
            forms=known.forms,
            polls=known.polls,
            campaigns=known.campaigns,
            colleagues={},
            settings=known.settings,
            desks={**configured.desks, DESK: Desk(DESK, _TRAITS, "the command line")},
        )
        wrong = checking.problems(world, DESK, action, form)
        if wrong:
            raise NotDone(next(iter(wrong.values())), usage=True)
        now = time.time()
        author = Author(DESK, "operator", role="admin")
        event = StaffPressed(DESK, action, author, now, ids(), value, form=dict(form))
        found = yield from snapshots([event], world, now, wait=True)
        decision = decide(found[0], event, None, now, ids)
        told = [e.body.post.body for e in decision.effects if isinstance(e.body, TellPrivately)]
        saved = tuple(row for row in decision.save if not isinstance(row, Colleague))
        if not saved:
            raise NotDone(" ".join(told) or "Nothing was changed.")
        effects = tuple(e for e in decision.effects if not isinstance(e.body, TellPrivately))
        yield from apply([replace(decision, save=saved, effects=effects)], now)
        return " ".join(told)

    return await plain.run(engine, work)
