"""What became of texts, posts and threads."""

from typing import Any

import pytest

from bridge.model.effects import Effect, OpenThread, Outcome, PostToThread, RemoveThread, SendSms
from bridge.model.events import DeliveryReported
from bridge.model.nouns import PostRef
from bridge.model.shapes import Mark
from bridge.render import words
from tests.unit.decide.world import BEN, PIZZA, World, talking, told


def leaving(world: World, text: str = "On my way") -> tuple[str, Effect]:
    """Have a reply queued; gives its ref and effect."""
    ref = world.write(text)
    timer = world.timers.pop()
    world.now = timer.at
    world.play(timer)
    return ref, next(e for e in world.waiting if isinstance(e.body, SendSms))


def test_sent_delivered_and_never_back() -> None:
    world = talking()
    ref, effect = leaving(world)
    world.carry_one(effect, refs=("SM9",), segments=2)
    message = world.by_ref(ref)
    assert (message.state, message.provider_id, message.segments) == ("sent", "SM9", 2)
    world.report(message.id, "delivered")
    world.report(message.id, "sent")
    world.report(message.id, "queued")
    assert world.by_ref(ref).state == "delivered"
    assert world.marks(ref) == [Mark.HELD, Mark.SENT, Mark.DELIVERED]


def test_a_report_that_overtakes_the_answer_is_kept() -> None:
    world = talking()
    ref, effect = leaving(world)
    message = world.by_ref(ref)
    world.waiting.remove(effect)  # on its way
    decision = world.report(message.id, "delivered", "SM9")
    assert decision.cancel_texts == (message.id,)
    world.play(Outcome(effect, "done", world.now, refs=("SM9",)))
    assert (world.by_ref(ref).state, world.by_ref(ref).provider_id) == ("delivered", "SM9")
    assert world.marks(ref) == [Mark.HELD, Mark.DELIVERED]


def test_a_report_for_nothing_of_ours_is_nothing() -> None:
    world = talking()
    assert world.play(DeliveryReported("main", "SM404", "delivered", world.now)).save == ()


def test_failure_says_why_and_offers_another_try_once_each() -> None:
    world = talking()
    ref, effect = leaving(world)
    world.carry_one(effect, state="failed", reason="The number is not in service.", code="30005", refs=())
    message = world.by_ref(ref)
    assert (message.state, message.error_code) == ("failed", "30005")
    post = world.bodies(PostToThread)[-1].post
    assert post.body == "Not delivered: “On my way”\nThe number is not in service."
    assert [b.action for b in post.buttons] == ["retry"]
    world.press("retry", message.id, author=BEN, ref="r9")
    world.press("retry", message.id)
    assert told(world) == [words.STALE_ON_ITS_WAY]
    again = [e for e in world.waiting if isinstance(e.body, SendSms)]
    assert [e.key for e in again] == [f"sms:{message.id}:2"]
    world.settle()
    assert world.by_ref(ref).state == "sent"
    assert any("Ben sends it again" in post for post in world.posts("topics"))
    world.report(message.id, "failed", error="No.")
    world.press("retry", message.id)
    assert any(e.key == f"sms:{message.id}:3" for e in world.waiting)


def test_a_report_on_an_earlier_attempt_changes_nothing() -> None:
    world = talking()
    ref, effect = leaving(world)
    world.carry_one(effect, refs=("SM1",))
    message = world.by_ref(ref)
    world.report(message.id, "failed", "SM1", error="Off.")
    world.press("retry", message.id)
    world.report(message.id, "undelivered", "SM1", error="Off.")
    assert world.by_ref(ref).state == "queued"
    world.carry_out(refs=("SM2",))
    assert world.by_ref(ref).state == "sent"
    world.seen.clear()
    world.report(message.id, "failed", "SM1", error="Off.")
    assert world.by_ref(ref).state == "sent"
    world.report(message.id, "delivered", "SM1")
    assert world.by_ref(ref).state == "delivered"


def test_no_button_where_a_retry_cannot_help() -> None:
    world = talking()
    ref, effect = leaving(world)
    world.carry_one(effect, refs=("SM1",))
    world.report(world.by_ref(ref).id, "undelivered", error="It is a landline.", retry_helps=False)
    assert not any(b.post.buttons for b in world.bodies(PostToThread))
    assert world.marks(ref)[-1] == Mark.FAILED


def test_unsure_asks_staff() -> None:
    world = talking()
    ref, effect = leaving(world)
    world.carry_one(effect, state="unsure", refs=(), reason="The answer was lost.")
    message = world.by_ref(ref)
    assert message.state == "unsure"
    post = world.bodies(PostToThread)[-1].post
    assert "may or may not have arrived" in post.body
    assert [b.action for b in post.buttons] == ["retry", "leave"]
    world.press("leave", message.id)
    assert (world.by_ref(ref).state, world.by_ref(ref).error) == ("unsure", "Left as it is by Ana.")
    decision = world.report(message.id, "sent", "SM5")
    assert decision.cancel_texts == (message.id,)
    assert (world.by_ref(ref).state, world.by_ref(ref).provider_id) == ("sent", "SM5")
    world.press("retry", message.id)
    world.settle()
    assert world.sent() == ["On my way"]


def test_machines_failures_are_the_operators() -> None:
    world = World()
    world.text("pizza", PIZZA)
    world.carry_out(state="failed", reason="No.", refs=())
    assert set(world.notices) == {words.OP_AUTO_FAILED.format(line="main", reason="No.")}
    assert not world.threads


def test_posts_and_threads_keep_their_refs() -> None:
    world = World()
    world.text("Hello")
    opening, post = (e for e in world.waiting if e.body.desk == "chat")  # type: ignore[union-attr]
    world.carry_one(opening, refs=("T1",))
    assert world.thread_ref("chat") == "T1"
    decision = world.play(Outcome(post, "done", world.now + 9, refs=("P1", "P2")))
    saved = [row for row in decision.save if isinstance(row, PostRef)]
    assert [row.ref for row in saved] == ["P1", "P2"]
    assert {row.message_id for row in saved} == set(world.messages)
    assert world.live("chat").last_post_at == world.now + 9  # type: ignore[union-attr]


def test_merged_posts_share_a_ref() -> None:
    world = talking()
    world.text("One")
    world.text("Two")
    first, second = (e for e in world.waiting if e.body.desk == "chat")  # type: ignore[union-attr]
    decision = world.play(Outcome(first, "done", world.now, refs=("P9",), merged=(second,)))
    assert len([row for row in decision.save if isinstance(row, PostRef)]) == 2


def test_a_thread_deleted_by_hand_is_opened_anew_with_what_was_to_stand_there() -> None:
    world = talking()
    old = world.live("chat")
    world.text("Are you there?")
    world.text("Please")
    lost = [e for e in world.waiting if e.body.desk == "chat"]  # type: ignore[union-attr]
    for effect in lost:
        world.carry_one(effect, state="failed", gone=True, refs=())
    world.settle()
    new = world.live("chat")
    assert new is not None
    assert old is not None
    assert new.id != old.id
    there = [
        e.body.post.body
        for e in world.done
        if isinstance(e.body, PostToThread) and e.body.thread_id == new.id
    ]
    assert there == [words.REOPENED_THREAD, "Hello", "Are you there?", "Please"]


def test_a_desk_whose_threads_always_vanish_ends_in_words_to_the_operator() -> None:
    world = World()
    world.text("Hello")
    for _ in range(40):
        for effect in list(world.waiting):
            opened = isinstance(effect.body, OpenThread)
            how: dict[str, Any] = {} if opened else {"state": "failed", "gone": True, "refs": ()}
            world.carry_one(effect, **how)
    assert not world.waiting
    assert words.OP_NOT_SHOWN.format(desk="Slack") in world.notices


def test_a_lost_thread_opens_at_once_where_somebody_waits_else_at_the_next_text() -> None:
    world = talking()
    world.lose("chat")
    world.settle()
    assert world.posts("chat") == ["Hello", words.REOPENED_THREAD, "Hello"]
    world.press("resolve")
    world.lose("topics")
    assert world.live("topics") is None
    world.text("One more")
    assert world.live("topics") is not None


def test_what_is_gone_from_a_removed_conversation_stays_gone() -> None:
    world = talking()
    world.text("Still here?")
    waiting = [e for e in world.waiting if isinstance(e.body, PostToThread)]
    world.press("remove")
    assert len(world.bodies(RemoveThread)) == 2
    for effect in waiting:
        world.carry_one(effect, state="failed", gone=True, refs=())
    assert world.live("chat") is None


@pytest.mark.parametrize("state", ["failed", "unsure"])
def test_a_thread_that_could_not_open_is_given_up(state: str) -> None:
    world = World()
    world.text("Hello")
    opening = world.waiting[0]
    world.carry_one(opening, state=state, refs=(), reason="No rights.")
    assert world.live("chat") is None
    assert bool(world.notices) is (state == "failed")
    world.text("Hello?")
    assert world.live("chat") is not None
    world.play(Outcome(opening, "done", world.now, refs=("T1",)))  # an operator had it tried again
    assert len([t for t in world.threads.values() if t.desk == "chat"]) == 2


def test_what_may_not_stand_there_is_said_again() -> None:
    world = talking()
    world.text("Important")
    effect = next(e for e in world.waiting if e.body.desk == "chat")  # type: ignore[union-attr]
    world.carry_one(effect, state="unsure", refs=())
    again = world.waiting[-1]
    assert again.key == f"maybe:{effect.key}"
    assert again.body.post.body == "Important"  # type: ignore[union-attr]
    assert again.body.post.foot == words.MAY_BE_MISSING_TEXT  # type: ignore[union-attr]
    world.carry_one(again, state="unsure", refs=())
    assert world.notices == [words.OP_MAY_NOT_BE_SHOWN.format(desk="Slack")]


def test_other_refusals_are_told_to_the_operator() -> None:
    world = talking()
    world.text("Hm")
    world.carry_one(world.waiting[0], state="failed", refs=(), reason="The channel is archived.")
    assert world.notices == ["post to thread on chat failed: The channel is archived."]
