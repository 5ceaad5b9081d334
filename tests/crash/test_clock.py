"""The clock jumps forwards under traffic: nothing is lost, doubled, out of order, or stuck."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.crash.books import balance
from tests.crash.places import PLACES, Place, Tally, marked
from tests.crash.town import Town, a_town

JUMPS = {"ten minutes": 600.0, "an hour": 3600.0}
CASES = [(place, jump) for place in PLACES for jump in JUMPS]
PEOPLE, DESKS = 8, ("slack", "telegram", "web")


async def person(town: Town, number: str, chance: random.Random, over: asyncio.Event) -> None:
    """Text and be answered, until the clock has stopped jumping, and once after that."""
    while not over.is_set():
        await town.text(number)
        await town.reply(chance.choice(DESKS), number)
        await asyncio.sleep(chance.uniform(0.0, 0.6))
    await town.text(number)
    await town.reply(chance.choice(DESKS), number)


@pytest.mark.parametrize(("place", "jump"), marked(CASES), indirect=["place"])
async def test_the_clock_jumps_forwards(
    place: Place, jump: str, zygote: Path, tmp_path: Path, tally: Tally
) -> None:
    async with a_town(zygote, tmp_path, place.database) as town:
        await town.start(place.daemons)
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for n in range(PEOPLE):
                group.create_task(person(town, f"+1555010{n:04}", random.Random(n), over))
            await asyncio.sleep(0.7)
            town.clock_is_wrong_by(JUMPS[jump])
            await asyncio.sleep(0.7)
            over.set()
        found = await balance(town)
        tally(town, found)
        assert found.overtaken == 0
