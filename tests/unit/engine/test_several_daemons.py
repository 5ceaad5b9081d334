"""Several daemons on one PostgreSQL: each text decided once, each post made once, each person's in order."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bridge.engine.deliver import Deliverer
from bridge.engine.ids import time_ids
from bridge.engine.process import Processor
from bridge.engine.world import Worlds
from bridge.model.decision import Decision, Desk, Line, Organisation, Snapshot, World
from bridge.model.effects import Effect, Outcome, PostToThread
from bridge.model.events import Event, TextReceived
from bridge.model.nouns import Contact, Conversation, Thread
from bridge.model.shapes import Post
from bridge.model.traits import ChatTraits, Rate, SmsTraits
from bridge.store.accept import event_row
from bridge.store.apply import apply
from bridge.store.claim import Claimed
from bridge.store.database import migrate
from bridge.store.settle import Settled
from bridge.store.store import Store
from tests.e2e.house import until

pytestmark = pytest.mark.postgres
PEOPLE, TEXTS = 12, 10
DESK = "slack.support"
WORLD = World(
    Organisation("Union", "help@example.org"),
    {"main": Line("main", "+15550100001", (DESK,), SmsTraits(Rate(100), 1600))},
    {DESK: Desk(DESK, ChatTraits(Rate(500, 500), Rate(500, 500), 4000), "Slack")},
)


class Quiet:
    """A log that keeps what went wrong."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def info(self, event: str, **fields: object) -> None:
        pass

    def warning(self, event: str, **fields: object) -> None:
        self.errors.append(f"{event} {fields}")

    error = warning


class Judge:
    """Posts each text into its sender's thread."""

    def __init__(self) -> None:
        self.ids = time_ids(time.time)
        self.decided: list[str] = []

    def event(self, snapshot: Snapshot, event: Event) -> Decision:
        assert isinstance(event, TextReceived)
        contact = snapshot.contact or Contact(self.ids(), event.sender)
        talk = snapshot.on_line("main") or Conversation(self.ids(), contact.id, "main")
        thread = next(iter(snapshot.threads), None) or Thread(self.ids(), talk.id, DESK, ref=event.sender)
        self.decided.append(event.key)
        body = PostToThread(thread.id, DESK, Post("", event.text))
        effect = Effect("", f"post:{event.key}", f"thread:{thread.id}", f"post:{DESK}", body)
        return Decision(save=(contact, talk, thread), effects=(effect,))

    def outcome(self, snapshot: Snapshot, outcome: Outcome) -> Decision:
        return Decision()


class Daemon:
    """The loops of one daemon, with a desk that writes down what is posted."""

    def __init__(self, store: Store, page: list[tuple[str, str]], name: str) -> None:
        self.log, self.judge, self.store = Quiet(), Judge(), store
        worlds = Worlds(store, WORLD)

        async def attempt(claim: Claimed) -> Settled:
            body = claim.effect.body
            assert isinstance(body, PostToThread)
            page.append((str(claim.thread_ref), body.post.body))
            await asyncio.sleep(0.002)
            return Settled(claim, "done", Outcome(claim.effect, "done", time.time(), refs=("1",)))

        rates = {f"post:{DESK}": Rate(500, 500)}
        self.deliverer = Deliverer(
            store, attempt, worlds, self.judge, rates, {}, name, time.time, self.log, lambda: None
        )
        self.processor = Processor(
            store, worlds, self.judge, time.time, self.log, self.deliverer.wake, lambda: None
        )


@pytest.fixture
async def stores(postgres_url: str) -> AsyncIterator[list[Store]]:
    await migrate(postgres_url)
    stores = [Store(postgres_url) for _ in range(3)]
    for store in stores:
        await store.open()
    yield stores
    for store in stores:
        await store.close()


async def test_three_daemons_share_the_work(stores: list[Store]) -> None:
    page: list[tuple[str, str]] = []
    daemons = [Daemon(store, page, f"daemon{n}") for n, store in enumerate(stores)]
    tasks = [asyncio.create_task(loop()) for d in daemons for loop in (d.processor.run, d.deliverer.run)]
    for number in range(TEXTS):
        now = time.time()
        texts = [
            TextReceived("main", f"SM{person}-{number}", f"+1555010{person:04d}", "e164", str(number), now)
            for person in range(PEOPLE)
        ]
        await stores[number % 3].accept([event_row(text, now, now) for text in texts])

    await until(lambda: len(page) >= PEOPLE * TEXTS, seconds=30)
    await asyncio.sleep(0.3)  # for whatever would come twice
    for daemon in daemons:
        await daemon.deliverer.drain(5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    decided = [key for d in daemons for key in d.judge.decided]
    assert len(page) == PEOPLE * TEXTS
    assert len(set(decided)) == PEOPLE * TEXTS
    for person in range(PEOPLE):
        posts = [words for thread, words in page if thread == f"+1555010{person:04d}"]
        assert posts == [str(number) for number in range(TEXTS)]
    assert [line for d in daemons for line in d.log.errors] == []


async def test_one_daemon_at_a_time_listens_where_a_platform_wants_that(stores: list[Store]) -> None:
    one, two, _ = stores

    assert await one.hold("listens to telegram")
    assert await one.hold("listens to telegram")
    assert not await two.hold("listens to telegram")
    await one.close()
    await until(lambda: two.hold("listens to telegram"))


async def test_what_a_dead_daemon_was_doing_is_taken_up_at_once(stores: list[Store]) -> None:
    dead, alive, third = stores
    body = PostToThread("t1", DESK, Post("", "hello"))
    await dead.run(lambda: apply([Decision(effects=(Effect("", "k", "lane", f"post:{DESK}", body),))], 1.0))
    await dead.free_the_dead("one")
    rates, rooms = {f"post:{DESK}": Rate(500, 500)}, {f"post:{DESK}": 5}

    assert len(await dead.claim(rates, 2.0, rooms, "one", 120, {})) == 1
    await alive.free_the_dead("two")
    assert await alive.claim(rates, 3.0, rooms, "two", 120, {}) == []  # it lives: its lease holds

    await dead.close()
    await third.free_the_dead("three")

    async def freed() -> bool:
        await alive.free_the_dead("two")
        return bool(await alive.claim(rates, 4.0, rooms, "two", 120, {}))

    await until(freed)
