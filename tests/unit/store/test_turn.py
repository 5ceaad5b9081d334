"""Accept and turn: once, in order, and a broken decision harms nobody else."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bridge.model.decision import Decision, Snapshot, World
from bridge.model.events import Event, HoldOver, StaffWrote, TextReceived
from bridge.model.nouns import Author, Contact, Conversation, Thread
from bridge.store.accept import event_row
from bridge.store.store import Store
from bridge.store.tables import journal, lanes, operator_notices
from bridge.store.turn import TRIES

NOW = 1_000.0


def text(number: int, sender: str = "+15550100142", words: str = "hello") -> TextReceived:
    return TextReceived("main", f"SM{number}", sender, "e164", words, NOW)


async def accept(store: Store, *events: Event, now: float = NOW) -> set[str]:
    return await store.accept([event_row(event, getattr(event, "at", now), now) for event in events])


async def play(store: Store, world: World, judge, now: float = NOW, rounds: int = 50) -> list[str]:
    seen: list[str] = []

    def watching(snapshot: Snapshot, event: Event) -> Decision:
        decision = judge(snapshot, event)
        seen.append(event.key)
        return decision

    for _ in range(rounds):
        turn = await store.turn(now, 10, world, watching)
        if not turn.more and not turn.failures:
            break
        now += 2
    return seen


async def test_a_repeated_event_is_accepted_once(store: Store, world: World) -> None:
    first = await accept(store, text(1), text(1))
    again = await accept(store, text(1))

    assert first == {"in:main:SM1"}
    assert again == set()
    assert await play(store, world, lambda *_: Decision()) == ["in:main:SM1"]


async def test_one_person_is_decided_upon_in_order(store: Store, world: World) -> None:
    await accept(store, *(text(n) for n in range(5)), *(text(n + 10, "+15550100177") for n in range(5)))

    seen = await play(store, world, lambda *_: Decision())

    assert [k for k in seen if len(k) == 11] == [f"in:main:SM{n}" for n in range(5)]
    assert [k for k in seen if len(k) == 12] == [f"in:main:SM{n + 10}" for n in range(5)]


async def test_what_is_saved_is_seen_by_the_next_event(store: Store, world: World) -> None:
    contact = Contact("c1", "+15550100142", created_at=NOW)
    talk = Conversation("v1", "c1", "main", created_at=NOW, awaiting={"type": "poll", "n": 1})
    thread = Thread("t1", "v1", "slack.support", ref="17.5", created_at=NOW)
    snapshots: list[Snapshot] = []

    def judge(snapshot: Snapshot, _event: Event) -> Decision:
        snapshots.append(snapshot)
        return Decision(save=(contact, talk, thread))

    await accept(store, text(1), text(2))
    await play(store, world, judge)

    assert snapshots[0].contact is None
    assert snapshots[1].contact == contact
    assert snapshots[1].conversations == (talk,)
    assert snapshots[1].threads == (thread,)


async def test_a_broken_decision_is_set_aside_and_the_lane_moves_on(store: Store, world: World) -> None:
    def judge(_snapshot: Snapshot, event: Event) -> Decision:
        if event.key.endswith("SM1"):
            raise RuntimeError("a bug")
        return Decision()

    await accept(store, text(1), text(2), text(3, "+15550100177"))
    seen = await play(store, world, judge)

    assert seen == ["in:main:SM3", "in:main:SM2"]
    async with store.engine.connect() as connection:
        rows = (await connection.execute(sa.select(journal).order_by(journal.c.seq))).all()
        notices = (await connection.execute(sa.select(operator_notices.c.text))).scalars().all()
    assert [(row.state, row.attempts) for row in rows] == [("aside", TRIES), ("done", 0), ("done", 0)]
    assert "a bug" in rows[0].error
    assert len(notices) == 1
    assert f"j{rows[0].seq}" in notices[0]


async def test_order_is_kept_while_a_decision_is_tried_again(store: Store, world: World) -> None:
    tries = 0

    def judge(_snapshot: Snapshot, event: Event) -> Decision:
        nonlocal tries
        tries += event.key.endswith("SM1")
        if tries == 1:
            raise RuntimeError("once")
        return Decision()

    await accept(store, text(1), text(2))

    assert await play(store, world, judge) == ["in:main:SM1", "in:main:SM2"]


async def test_a_timer_waits_for_its_time_and_nobody_waits_for_it(store: Store, world: World) -> None:
    timer = HoldOver("m1", "+15550100142", NOW + 100)
    await accept(store, text(1))
    seen = await play(
        store, world, lambda s, e: Decision(timers=(timer,)) if e.key == "in:main:SM1" else Decision()
    )
    await accept(store, text(2))
    seen += await play(store, world, lambda *_: Decision())
    early = await play(store, world, lambda *_: Decision(), now=NOW + 50)
    due = await play(store, world, lambda *_: Decision(), now=NOW + 101)

    assert (seen, early, due) == (["in:main:SM1", "in:main:SM2"], [], [timer.key])


async def test_a_hold_is_not_over_while_an_earlier_word_of_that_desk_is_undecided(
    store: Store, world: World
) -> None:
    """What was typed before it may be a reply that leaves first, or its edit."""
    author = Author("U1", "Ana")
    word = StaffWrote("slack.support", "T1", "R1", author, "Earlier", NOW + 99, "1")
    await accept(store, HoldOver("m1", "+15550100142", NOW + 100, desk="slack.support"), word)

    def broken(_: Snapshot, event: Event) -> Decision:
        if isinstance(event, StaffWrote):
            raise RuntimeError("not yet")
        return Decision()

    first = await store.turn(NOW + 101, 10, world, broken)
    assert (first.decided, [f.type for f in first.failures]) == ((), ["staff_wrote"])
    seen = await play(store, world, lambda *_: Decision(), now=NOW + 103)
    assert seen == [word.key, "hold:m1:0"]


async def test_a_hold_does_not_wait_for_what_was_typed_after_it(store: Store, world: World) -> None:
    word = StaffWrote("slack.support", "T1", "R1", Author("U1", "Ana"), "Later", NOW + 101, "1")
    await accept(store, HoldOver("m1", "+15550100142", NOW + 100, desk="slack.support"), word)
    turn = await store.turn(NOW + 102, 10, world, lambda *_: Decision())
    assert sorted(turn.decided) == ["hold_over", "staff_wrote"]


async def test_nothing_remains_of_an_empty_lane(store: Store, world: World) -> None:
    await accept(store, text(1))
    await play(store, world, lambda *_: Decision())

    async with store.engine.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(lanes)) == 0


async def test_a_turn_that_breaks_changes_nothing(store: Store, world: World) -> None:
    """Two contacts with one number: the database refuses, and the event is still there."""
    await accept(store, text(1), text(2, "+15550100177"))
    twin = Contact("c1", "+15550100142", created_at=NOW)

    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.turn(NOW, 10, world, lambda s, e: Decision(save=(replace(twin, id=e.key),)))

    assert len(await play(store, world, lambda *_: Decision())) == 2


async def test_an_event_that_cannot_be_read_is_set_aside_without_its_words(
    store: Store, world: World
) -> None:
    row = event_row(text(1, words="my secret"), NOW, NOW)
    await store.accept([row | {"body": row["body"].replace('"at":1000.0', '"at":"my secret"')}])
    await accept(store, text(2))

    assert await play(store, world, lambda *_: Decision()) == ["in:main:SM2"]
    async with store.engine.connect() as connection:
        rows = (await connection.execute(sa.select(journal).order_by(journal.c.seq))).all()
        notices = (await connection.execute(sa.select(operator_notices.c.text))).scalars().all()
    assert [one.state for one in rows] == ["aside", "done"]
    assert "secret" not in rows[0].error + notices[0]
