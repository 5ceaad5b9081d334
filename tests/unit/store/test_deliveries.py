"""Claim and settle: lanes order, meters pace, leases are fenced, nothing happens twice."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from bridge.model.decision import Decision, Snapshot, World
from bridge.model.effects import Effect, MarkMessage, Outcome, PostToThread, SendSms
from bridge.model.nouns import Contact, Conversation, Message, Thread
from bridge.model.shapes import Mark, Post
from bridge.model.traits import Rate
from bridge.store.apply import apply
from bridge.store.claim import Claimed
from bridge.store.settle import Settled
from bridge.store.store import Store
from bridge.store.tables import effects, lanes

NOW = 1_000.0
METER = "post:slack.support"
RATES = {METER: Rate(1.0, 2.0), "mark:slack.support": Rate(100, 100), "number:+1": Rate(100, 100)}
CONTACT = Contact("c1", "+15550100142", created_at=NOW)
TALK = Conversation("v1", "c1", "main", created_at=NOW)
THREAD = Thread("t1", "v1", "slack.support", ref="17.5", created_at=NOW)


def post(number: int, lane: str = "thread:t1", thread: str = "t1") -> Effect:
    body = PostToThread(thread, "slack.support", Post("", f"post {number}"), (f"m{number}",))
    return Effect("", f"post:{number}", lane, METER, body)


def sms(number: int) -> Effect:
    return Effect(
        "", f"sms:{number}", "sms:+1", "number:+1", SendSms(f"m{number}", "main", "+1", f"text {number}")
    )


async def given(store: Store, *todo: Effect, save: Sequence = (), now: float = NOW) -> None:
    await store.run(lambda: apply([Decision(save=tuple(save), effects=todo)], now))


async def claim(
    store: Store, now: float = NOW, owner: str = "one", merge: int = 0, lease: float = 60, limit: int = 10
) -> list[Claimed]:
    return await store.claim(RATES, now, dict.fromkeys(RATES, limit), owner, lease, {METER: merge})


async def settle(
    store: Store, world: World, *settled: Settled, owner: str = "one", now: float = NOW, judge=None
) -> list[Settled]:
    lost, faults = await store.settle(settled, now, owner, world, judge or (lambda *_: Decision()))
    assert faults == [] or judge is not None
    return lost


def done(one: Claimed) -> Settled:
    return Settled(one, "done", Outcome(one.effect, "done", NOW, refs=("1.1",), merged=one.merged))


async def states(store: Store) -> dict[str, str]:
    async with store.engine.connect() as connection:
        rows = await connection.execute(sa.select(effects.c.key, effects.c.state).order_by(effects.c.id))
        return {row.key: row.state for row in rows}


async def test_a_lane_goes_in_order_one_at_a_time(store: Store, world: World) -> None:
    await given(store, post(1), post(2), save=[CONTACT, TALK, THREAD])

    first = await claim(store)
    meanwhile = await claim(store)
    await settle(store, world, done(first[0]))
    second = await claim(store)

    assert [c.effect.key for c in first] == ["post:1"]
    assert first[0].thread_ref == "17.5"
    assert meanwhile == []
    assert [c.effect.key for c in second] == ["post:2"]


async def test_a_meter_lets_through_what_its_rate_allows(store: Store, world: World) -> None:
    await given(store, *(post(n, lane=f"thread:{n}") for n in range(6)))

    burst = await claim(store)
    at_once = await claim(store)
    later = await claim(store, now=NOW + 1)

    assert [len(burst), len(at_once), len(later)] == [2, 0, 1]


async def test_a_closed_meter_stops_its_desk_and_no_other(store: Store, world: World) -> None:
    mark = MarkMessage("slack.support", "17.5", "18.1", Mark.SENT)
    await given(store, post(1), Effect("", "mark:1", "mark:1", "mark:slack.support", mark))
    one, other = sorted(await claim(store), key=lambda c: c.effect.key, reverse=True)

    await settle(store, world, Settled(one, "open", close_meter_until=NOW + 30), done(other))

    assert await claim(store, now=NOW + 29) == []
    assert [c.effect.key for c in await claim(store, now=NOW + 31)] == ["post:1"]


async def test_a_lost_lease_cannot_settle(store: Store, world: World) -> None:
    await given(store, post(1))
    slept = (await claim(store, lease=10))[0]
    taken = (await claim(store, now=NOW + 11, owner="two"))[0]

    lost = await settle(store, world, done(slept), now=NOW + 12)
    kept = await settle(store, world, done(taken), owner="two", now=NOW + 12)

    assert [s.claim.lane for s in lost] == ["thread:t1"]
    assert kept == []
    assert await states(store) == {"post:1": "done"}


async def test_what_was_claimed_and_never_settled_is_doubtful(store: Store, world: World) -> None:
    await given(store, post(1))
    first = (await claim(store, lease=10))[0]
    again = (await claim(store, now=NOW + 11))[0]

    assert (first.doubtful, first.attempts) == (False, 0)
    assert (again.doubtful, again.attempts, again.first_tried_at) == (True, 1, NOW)


async def test_waiting_posts_are_merged_and_stay_together_after_a_crash(store: Store, world: World) -> None:
    await given(store, post(1), post(2), post(3), save=[CONTACT, TALK, THREAD])

    fresh = await claim(store, now=NOW + 1, merge=1000, lease=5)
    stale = await claim(store, now=NOW + 7, merge=1000, lease=5)

    assert [e.key for c in fresh for e in (c.effect, *c.merged)] == ["post:1"]
    assert stale[0].doubtful
    assert stale[0].merged == ()
    await settle(store, world, Settled(stale[0], "open"), now=NOW + 8)
    merged = (await claim(store, now=NOW + 10, merge=1000, lease=5))[0]
    crashed = (await claim(store, now=NOW + 20, merge=1000))[0]
    assert [e.key for e in merged.merged] == ["post:2", "post:3"]
    assert crashed.doubtful
    assert [e.key for e in crashed.merged] == ["post:2", "post:3"]
    await settle(store, world, done(crashed), now=NOW + 21)
    assert set((await states(store)).values()) == {"done"}


async def test_only_the_newest_mark_is_made(store: Store, world: World) -> None:
    def mark(number: int, what: Mark) -> Effect:
        body = MarkMessage("slack.support", "17.5", "18.1", what)
        return Effect("", f"mark:{number}", "mark:x", "mark:slack.support", body)

    await given(store, mark(1, Mark.HELD), mark(2, Mark.SENT), mark(3, Mark.DELIVERED))
    claimed = (await claim(store))[0]
    await settle(store, world, done(claimed))

    assert claimed.effect.body.mark is Mark.DELIVERED
    assert set((await states(store)).values()) == {"done"}
    assert await claim(store) == []


async def test_nobody_is_texted_who_opted_out_meanwhile(store: Store, world: World) -> None:
    message = Message("m1", "v1", "c1", "main", "out", "text 1", "reply", "queued", NOW)
    gone = replace(CONTACT, opted_out_at=NOW)
    await given(store, sms(1), save=[gone, TALK, message])

    assert (await claim(store))[0].refused


async def test_cancelled_texts_do_not_go(store: Store, world: World) -> None:
    await given(store, sms(1), sms(2))
    await store.run(lambda: apply([Decision(cancel_texts=("m1",))], NOW))

    assert [c.effect.key for c in await claim(store)] == ["sms:2"]


async def test_what_was_cancelled_stands_in_nobodys_way(store: Store, world: World) -> None:
    texts = [replace(sms(n), lane=f"sms:+{n}") for n in range(1, 13)]
    await given(store, *texts)
    await store.run(lambda: apply([Decision(cancel_texts=tuple(f"m{n}" for n in range(1, 12)))], NOW))

    went = [c.effect.key for _ in range(3) for c in await claim(store, limit=4)]

    assert went == ["sms:12"]
    async with store.engine.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(lanes)) == 1


async def test_staff_and_doubt_hold_back_what_machines_send_and_nothing_else(
    store: Store, world: World
) -> None:
    cases = {
        "blocked_at": {"reply": False, "auto": True, "campaign": True},
        "doubted_at": {"reply": False, "auto": True, "campaign": True},
        "unsubscribed_at": {"reply": False, "auto": False, "campaign": True},
    }
    number, expected = 0, {}
    for what, kinds in cases.items():
        for kind, refused in kinds.items():
            number += 1
            person = replace(CONTACT, id=f"c{number}", address=f"+1555{number}", **{what: NOW})
            talk = replace(TALK, id=f"v{number}", contact_id=person.id)
            message = Message(
                f"m{number}", talk.id, person.id, "main", "out", f"text {number}", kind, "queued", NOW
            )
            text = replace(sms(number), lane=f"sms:+1555{number}")
            await given(store, text, save=[person, talk, message])
            expected[text.key] = refused
    assert {c.effect.key: bool(c.refused) for c in await claim(store)} == expected


async def test_outcomes_of_one_person_are_decided_in_turn(store: Store, world: World) -> None:
    other = replace(THREAD, id="t2", desk="telegram.support", ref="7")
    await given(store, post(1), post(2, "thread:t2", "t2"), save=[CONTACT, TALK, THREAD, other])
    seen: list[float] = []

    def judge(snapshot: Snapshot, outcome: Outcome) -> Decision:
        talk = snapshot.conversations[0]
        seen.append(talk.last_at)
        return Decision(save=(replace(talk, last_at=talk.last_at + 1),))

    await settle(store, world, *(done(c) for c in await claim(store)), judge=judge)

    assert seen == [0.0, 1.0]


async def test_a_fault_in_a_decision_about_an_outcome_keeps_the_outcome(store: Store, world: World) -> None:
    await given(store, post(1), save=[CONTACT, TALK, THREAD])

    def judge(*_: object) -> Decision:
        raise RuntimeError("a bug")

    one = (await claim(store))[0]
    _, faults = await store.settle([done(one)], NOW, "one", world, judge)

    assert len(faults) == 1
    assert await states(store) == {"post:1": "done"}


async def test_an_effect_is_made_once_however_often_it_is_decided(store: Store, world: World) -> None:
    await given(store, post(1))
    await given(store, post(1))

    assert list(await states(store)) == ["post:1"]


async def test_lanes_without_work_go(store: Store, world: World) -> None:
    await given(store, post(1))
    await settle(store, world, done((await claim(store))[0]))

    async with store.engine.connect() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(lanes)) == 0
