"""A daemon is stopped (SIGSTOP) for longer than its lease and then wakes: nothing is lost or doubled by that.

What it had claimed is somebody else's by then, on SQLite its own again. What it knows when it wakes is not
written: the lease is fenced. What is in doubt is looked for.
"""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.crash.books import balance
from tests.crash.places import Place, Tally, marked
from tests.crash.town import Town, a_town
from tests.e2e.house import until

ADA, BO = "+15550100111", "+15550100122"
SHORT = {"bridge.engine.deliver:LEASE": 0.7, "bridge.engine.attempt:_TIMEOUT": 0.6}
COMMITS = (
    "turn, before its commit: text_received",
    "claim, before its commit: post_to_thread slack",
    "settle, before its commit: post_to_thread slack",
    "settle, before its commit: send_sms",
)
AFTER = (
    "attempt, after the network: post_to_thread slack",
    "attempt, after the network: post_to_thread telegram",
    "attempt, after the network: send_sms",
)
BEFORE = (
    "attempt, before the network: open_thread slack",
    "attempt, before the network: post_to_thread telegram",
    "attempt, before the network: send_sms",
)
CASES = [
    *(("sqlite", step) for step in (*COMMITS, *AFTER, *BEFORE)),
    *(("three daemons", step) for step in (*COMMITS, *AFTER)),
]


async def talk(town: Town) -> None:
    """Ada texts and is answered."""
    await town.text(ADA)
    await town.reply("slack", ADA)


@pytest.mark.parametrize(("place", "step"), marked(CASES), indirect=["place"])
async def test_it_is_stopped_past_its_lease_and_wakes(
    place: Place, step: str, zygote: Path, tmp_path: Path, tally: Tally
) -> None:
    async with a_town(zygote, tmp_path, place.database, SHORT) as town:
        await town.start(place.daemons)
        town.wants(step, "stop")
        talking = asyncio.create_task(talk(town))
        await until(lambda: town.passed(step, "stop"))
        (asleep,) = town.passed(step, "stop")
        town.asleep.add(asleep)
        if place.daemons > 1:  # whoever is awake takes what comes
            assert (await town.text(BO)).acknowledged
        await asyncio.sleep(2 * SHORT["bridge.engine.deliver:LEASE"])
        os.kill(asleep, signal.SIGCONT)
        town.asleep.clear()
        await talking
        await town.text(ADA)
        await town.text(BO)
        await town.reply("telegram", ADA)
        tally(town, await balance(town))
