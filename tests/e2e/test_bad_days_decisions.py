"""A fault of ours in a decision: one message waits for its mend, and nothing else does.

Later messages of the same person go on, once the faulty one was tried three times: somebody who needs
help must not be silenced by a fault that an earlier text of theirs met. What was set aside is shown when
it is tried again, below what came since, and says when it came.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from bridge.decide import inbound, outcomes, staff
from bridge.model.shapes import Post
from bridge.store import failed
from bridge.store.database import async_engine
from connectors.chat.slack.voice import Voice
from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.desks import soon as soon  # a fixture
from tests.e2e.house import SUE, World, until
from tests.e2e.test_bad_days_services import in_order
from tests.e2e.tools import ask, command, decided, exported, notices, stats

pytestmark = pytest.mark.usefixtures("quick")


def plant(
    patch: pytest.MonkeyPatch, module: Any, name: str, culprit: Callable[[Any], bool]
) -> Callable[[], None]:
    """Plant a fault that what the culprit says meets; gives what mends it."""
    right = getattr(module, name)

    def faulty(d: Any, event: Any, *more: Any) -> None:
        right(d, event, *more)
        if culprit(event):
            raise KeyError("a fault of ours")

    patch.setattr(module, name, faulty)
    return lambda: patch.setattr(module, name, right)


async def aside(world: World) -> list[dict[str, Any]]:
    """Give what was set aside."""
    engine = async_engine(world.database)
    try:
        return await failed.listed(engine)
    finally:
        await engine.dispose()


async def retry(world: World) -> None:
    """Have everything that was set aside decided again, as `failed retry --all` does."""
    engine = async_engine(world.database)
    try:
        await failed.retry(engine, (), time.time())
    finally:
        await engine.dispose()


async def test_a_text_that_cannot_be_decided_waits_alone(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = plant(monkeypatch, inbound, "received", lambda event: event.text == "poison")
    await house.text("before")
    assert (await house.text("poison")).status == 200
    await house.text("after.")
    await house.text("Somebody else", SUE)
    for page in (house.slack_page, house.telegram_page):
        await until(lambda page=page: "Somebody else" in page())
        await until(in_order(page, "before", "after."), 20)
        assert "poison" not in page()
    (told,) = await notices(house)
    assert "could not be decided and was set aside" in told and "failed retry j" in told
    assert "poison" not in told
    page = (await ask(f"http://127.0.0.1:{house.port}/metrics")).body.decode()
    assert any(
        one.startswith("threadline_set_aside_total") and float(one.split()[1]) for one in page.splitlines()
    )
    await until(house.is_ready)

    (wrong,) = await aside(house)
    assert (wrong["what"], wrong["state"]) == ("text_received", "aside")
    found = await stats(house)
    assert found["balanced"] is True and found["by_kind"]["undecided"] == 1
    mend()
    monkeypatch.setattr(inbound, "OVERDUE", 1.0)
    await command(house, "failed", "retry", wrong["id"])
    for page in (house.slack_page, house.telegram_page):
        await until(in_order(page, "before", "after.", "poison"))
        assert page().count("a fault kept it from being shown until now") == 1
    assert await aside(house) == []
    assert len(await exported(house)) == 4


async def test_a_fault_that_is_still_there_is_told_of_again_and_loses_nothing(
    small_house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = plant(monkeypatch, inbound, "received", lambda event: event.text == "poison")
    await small_house.text("poison")
    await until(lambda: told_times(small_house, 1))
    await retry(small_house)
    await until(lambda: told_times(small_house, 2))
    mend()
    await retry(small_house)
    await until(lambda: "poison" in small_house.slack_page())
    assert small_house.slack_page().count("poison") == 1


async def told_times(world: World, times: int) -> bool:
    return len(await notices(world)) == times


async def test_a_reply_that_cannot_be_decided_leaves_when_it_can(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = plant(monkeypatch, staff, "wrote", lambda event: event.text == "poison")
    slack: SlackDesk = await begun(house, "slack")
    mine = await slack.say("poison")
    other = await TelegramDesk(house).say("from Ben")
    await until(lambda: TelegramDesk(house).mark(other) == "delivered")
    later = await slack.say("from Ana")
    await until(lambda: slack.mark(later) == "delivered", 20)
    assert house.phone() == ["from Ben", "from Ana"]
    assert slack.mark(mine) == ""

    (wrong,) = await aside(house)
    assert wrong["what"] == "staff_wrote"
    mend()
    await retry(house)
    await until(lambda: slack.mark(mine) == "delivered")
    assert house.phone() == ["from Ben", "from Ana", "poison"]


async def test_a_fault_about_what_came_of_a_post_does_not_post_twice(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, outcomes, "came_of", lambda outcome: "poison" in str(outcome.effect.body))
    await begun(house, "slack")
    await house.text("poison")
    await house.text("after.")
    for page in (house.slack_page, house.telegram_page):
        await until(in_order(page, "Hello?", "poison", "after."))
    await until(lambda: decided(house))
    await asyncio.sleep(0.5)
    assert house.slack_page().count("poison") == house.telegram_page().count("poison") == 1
    told = await notices(house)
    assert len(told) == 2, "one a desk; nothing is posted to the web inbox"
    assert all("What came of an effect could not be decided upon" in one for one in told)
    assert not any("poison" in one for one in told)


async def test_a_post_that_breaks_a_connector_does_not_hold_its_thread_for_ever(
    small_house: World, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked for and tried again, then given up with a word to the operator; other desks show it."""
    right = Voice.post

    async def faulty(self: Voice, channel: str, thread: str | None, post: Post, *more: Any) -> Any:
        if "poison" in post.body:
            raise KeyError("a fault of ours")
        return await right(self, channel, thread, post, *more)

    await begun(small_house, "slack")
    monkeypatch.setattr(Voice, "post", faulty)
    await small_house.text("poison")
    await until(lambda: "poison" in small_house.telegram_page())
    await small_house.text("after.")
    await until(lambda: "after." in small_house.slack_page(), 40)
    assert "poison" not in small_house.slack_page()
    (told,) = await notices(small_house)
    assert told == "A message may not be shown on Slack: showing it failed again and again."
