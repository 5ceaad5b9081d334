"""The daemon dies at a named step, between webhook and post, between reply and text, and is started again.

Each test is about one kind of happening, and kills at each moment of it in turn, each time in the middle of a
small conversation; the books must balance after every death. How steps are named is said in switch.py.
"""

from functools import partial
from pathlib import Path

import pytest

from tests.crash.books import balance
from tests.crash.places import Place, Tally, marked
from tests.crash.test_random import KILLS, RUNS
from tests.crash.town import Town, a_town
from tests.e2e.house import until

EVENTS = (
    "text_received",
    "staff_wrote slack",
    "staff_wrote telegram",
    "staff_wrote web",
    "delivery_reported",
)
EFFECTS = (
    *("open_thread slack", "open_thread telegram", "post_to_thread slack", "post_to_thread telegram"),
    *("send_sms", "mark_message slack"),
)
COMMITS = ("before its commit", "after its commit")


def _steps(verb: str, moments: tuple[str, ...], kinds: tuple[str, ...]) -> dict[str, list[str]]:
    return {f"{verb} {kind}": [f"{verb}, {moment}: {kind}" for moment in moments] for kind in kinds}


STEPS = {
    "webhook": ["webhook, read: text_received", "webhook, read: delivery_reported"],
    **_steps("accept", COMMITS, EVENTS),
    **_steps("turn", ("deciding", *COMMITS), (*EVENTS, "hold_over")),
    **_steps("claim", COMMITS, EFFECTS),
    **_steps("attempt", ("before the network", "after the network"), EFFECTS),
    **_steps("settle", COMMITS, EFFECTS),
}
SHARED = (  # what differs where several daemons work together
    *("accept text_received", "accept staff_wrote telegram", "turn text_received", "turn hold_over"),
    *("claim open_thread slack", "claim post_to_thread telegram", "claim send_sms"),
    *("attempt open_thread telegram", "attempt post_to_thread slack", "attempt send_sms"),
    *("settle open_thread telegram", "settle post_to_thread slack", "settle send_sms"),
)
CASES = [
    *(("sqlite", steps) for steps in STEPS),
    *(("postgres", steps) for steps in STEPS),
    *(("three daemons", steps) for steps in SHARED),
]


async def conversation(town: Town, round_: int) -> None:
    """Three people who never texted before; two get answers from all desks, one says STOP."""
    ada, bo, cy = (f"+1555010{round_}{n}{n}{n}" for n in (1, 2, 3))
    for number in (ada, bo, ada, cy):
        await town.text(number)
    await town.reply("slack", ada)
    await town.reply("slack", ada)
    await town.reply("telegram", bo)
    await town.reply("web", ada)
    await town.stop(cy)
    await town.reply("slack", cy)
    await town.text(bo)


@pytest.mark.parametrize(("place", "steps"), marked(CASES), indirect=["place"])
async def test_it_dies_and_nothing_is_lost_doubled_or_out_of_order(
    place: Place, steps: str, zygote: Path, tmp_path: Path, tally: Tally
) -> None:
    async with a_town(zygote, tmp_path, place.database) as town:
        await town.start(place.daemons)
        for round_, step in enumerate(STEPS[steps]):
            town.wants(step)
            await conversation(town, round_)
            await until(partial(town.passed, step), 20)
            found = await balance(town)
        tally(town, found)
        assert town.supervisor.kills == len(STEPS[steps])


def test_the_suite_plans_two_hundred_kills() -> None:
    assert sum(len(STEPS[steps]) for _, steps in CASES) + KILLS * len(RUNS) >= 200
