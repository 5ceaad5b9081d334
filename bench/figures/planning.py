"""Planning a campaign for 100,000 people, beside a bare insert of the same rows."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import sqlalchemy as sa

from bench.databases import fresh
from bench.figure import Options, Pairs, Row, judged
from bench.house import house
from bridge.model.outreach import Campaign
from bridge.store import campaigns, tables
from bridge.store.database import sqlite_path
from bridge.store.store import Store

PEOPLE = 100_000
_COLUMNS = ("campaign_id", "contact_id", "state", "reason", "due", "attempt")


def measure(options: Options) -> Iterator[Row]:
    """On SQLite, where the bare insert is the driver's own executemany in one transaction."""
    people, pairs = options.count(PEOPLE), Pairs()
    with fresh("sqlite") as url:
        asyncio.run(_measure(url, people, options.rounds, pairs))
    yield judged(
        f"planning a campaign for {people:,} people, sqlite: share of a bare insert of the rows",
        pairs.ratios,
        least=0.3,
        yard=pairs.yard,
        beside=pairs.beside("rows/s", "bare insert"),
    )


async def _measure(url: str, people: int, rounds: int, pairs: Pairs) -> None:
    async with house(url, "web"):  # brings the tables
        pass
    store = Store(url)
    await store.open()
    try:
        await _fill(store, people)
        for round_ in range(rounds + 1):  # the first warms up
            before = _bare(url, people, f"before{round_}")
            started = time.perf_counter()
            campaign = Campaign(f"planned{round_}", "News", "Hello", ("members",), "main", state="running")
            while campaign.planned is not None:
                campaign = await store.run(partial(campaigns.plan, campaign, lambda _, __: 1.0))
            ours = people / (time.perf_counter() - started)
            after = _bare(url, people, f"after{round_}")
            if round_:
                pairs.add(before, ours, after)
        async with store.engine.connect() as connection:
            planned = await connection.scalar(sa.select(sa.func.count()).select_from(tables.recipients))
        assert planned == people * 3 * (rounds + 1), "somebody is missing"
    finally:
        await store.close()


async def _fill(store: Store, people: int) -> None:
    known = [
        {"id": f"c{place:07}", "address": f"+1212{place:07}", "address_kind": "e164", "created_at": 1.0}
        for place in range(people)
    ]
    on_it = [{"contact_id": one["id"], "list_name": "members", "since": 1.0} for one in known]
    async with store.engine.begin() as connection:
        await connection.execute(sa.insert(tables.contacts), known)
        await connection.execute(sa.insert(tables.subscriptions), on_it)


def _bare(url: str, people: int, campaign: str) -> float:
    """Give the rows a second of the same rows through the bare driver, into the same table."""
    rows = [(campaign, f"c{place:07}", "waiting", "", 1.0, 0) for place in range(people)]
    names = ", ".join(_COLUMNS)
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        started = time.perf_counter()
        connection.executemany(f"INSERT INTO recipients ({names}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.commit()
        return people / (time.perf_counter() - started)
