"""Daemons are killed at any moment while people text and staff answer; at the end the books balance.

What is random hangs on a seed, which stands in the name of the test. The same seed does not make the same
run, since threads and sockets keep their own time, but one of the same shape.
"""

import asyncio
import random
from pathlib import Path

import pytest

from tests.crash.books import balance
from tests.crash.places import Place, Tally, marked
from tests.crash.town import Town, a_town

PEOPLE, TEXTS, KILLS = 24, 6, 16
DESKS = ("slack", "telegram", "web")


async def killer(town: Town, chance: random.Random) -> None:
    """Kill so many times, often before who was killed last is up again."""
    left = KILLS
    while left:
        await asyncio.sleep(chance.uniform(0.0, 0.4) if chance.random() < 0.4 else chance.uniform(0.4, 1.4))
        left -= town.supervisor.kill(chance.choice(town.supervisor.daemons))


async def person(town: Town, number: str, chance: random.Random, over: asyncio.Event) -> None:
    """Text now and then, get an answer now and then, and perhaps have enough in the end."""
    for _ in range(TEXTS):
        await asyncio.sleep(chance.uniform(0.0, 3.0))
        await town.text(number)
        if chance.random() < 0.5:
            await town.reply(chance.choice(DESKS), number)
    await over.wait()
    await town.text(number)
    if chance.random() < 0.3:
        await town.stop(number)
        await town.reply(chance.choice(DESKS), number)


RUNS = [("sqlite", 1), ("postgres", 2), ("three daemons", 3), ("three daemons", 4)]


@pytest.mark.parametrize(("place", "seed"), marked(RUNS), indirect=["place"])
async def test_killed_at_any_moment_under_load(
    place: Place, seed: int, zygote: Path, tmp_path: Path, tally: Tally
) -> None:
    chance = random.Random(seed)
    async with a_town(zygote, tmp_path, place.database) as town:
        await town.start(place.daemons)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for n in range(PEOPLE):
                group.create_task(person(town, f"+1555010{n:04}", random.Random(f"{seed} {n}"), over))
            await killer(town, chance)
            await town.supervisor.ready()
            over.set()
        found = await balance(town, 60)
        tally(town, found)
        assert town.supervisor.kills == KILLS
