"""STOP, START, HELP, doubt and the provider's block."""

import pytest

from bridge.model.effects import EditPost, PostToThread, SendSms
from bridge.render import words
from tests.unit.decide.world import BEN, HELP, PIZZA, START, STOP, World, natural, settings, talking

ANSWERS = frozenset({"stop", "start", "help"})


def test_stop_ends_everything_and_is_confirmed_once() -> None:
    world = talking()
    world.text("pizza", PIZZA)
    world.settle()
    ref = world.write("A reply that is held")
    world.text("stop please", STOP)
    world.text("STOP", STOP)
    world.settle()
    assert world.sent()[2:] == [words.CONFIRM_STOP.format(organisation="Example Tenants Union")]
    assert world.by_ref(ref).state == "cancelled"
    assert world.posts("chat")[-1].startswith("Not sent, because they opted out: “A reply")
    assert "are opted out" in world.posts("topics")[-1]
    assert all(s.ended_at for s in world.subscriptions.values())
    assert [c.event for c in world.ledger] == ["opt_in", "opt_out", "opt_out"]
    assert world.ledger[1].words == "stop please"
    assert world.conversation.waiting_since is None


def test_texts_that_wait_to_leave_are_taken_back() -> None:
    world = talking()
    world.write("On its way")
    world.pass_time(4)
    world.text("pizza", PIZZA)
    decision = world.text("stop", STOP)
    assert len(decision.cancel_texts) == 2
    world.settle()
    assert len(world.sent()) == 1


@pytest.mark.parametrize(
    ("text", "said", "answers", "confirmed"),
    [
        ("STOP", None, ANSWERS, False),
        (" stop ", None, ANSWERS, False),
        ("stop please", None, ANSWERS, True),
        ("arret", "stop", ANSWERS, False),
        ("STOP", "stop", frozenset(), True),
        ("STOP", None, frozenset({"help"}), True),
    ],
)
def test_what_the_provider_confirmed_is_not_confirmed_again(
    text: str, said: str | None, answers: frozenset[str], confirmed: bool
) -> None:
    world = World(settings(line={"provider_answers": answers}))
    world.text(text, STOP, answered_by_provider=said)
    assert world.contact.opted_out_at
    assert bool(world.bodies(SendSms)) is confirmed


def test_start_undoes_stop_and_brings_the_lists_back() -> None:
    world = talking()
    world.text("pizza", PIZZA)
    world.text("stop", STOP)
    world.settle()
    world.text("start", START)
    world.settle()
    assert world.contact.opted_out_at is None
    assert all(s.ended_at is None for s in world.subscriptions.values())
    assert "are opted in again" in world.posts("chat")[-1]
    assert world.sent()[-1].startswith("You've agreed")


def test_a_keyword_undoes_stop_for_its_list_alone() -> None:
    world = talking()
    world.text("pizza", PIZZA)
    world.text("stop", STOP)
    world.settle()
    world.text("pizza", PIZZA)
    assert world.contact.opted_out_at is None
    assert [(c.event, c.scope) for c in world.ledger][-2:] == [("opt_in", "pizza"), ("opt_in", "all")]


def test_start_that_the_provider_answers_is_not_answered_again() -> None:
    world = World(settings(line={"provider_answers": ANSWERS}))
    world.text("START", START)
    assert not world.bodies(SendSms)
    world.text("let me in", START)
    assert len(world.bodies(SendSms)) == 1


def test_help_is_answered_whoever_asks() -> None:
    world = World()
    world.text("HELP", HELP)
    world.text("stop", STOP)
    world.text("HELP", HELP)
    world.settle()
    helped = words.HELP.format(organisation="Example Tenants Union", contact="help@example.org")
    assert [t for t in world.sent() if t == helped] == [helped]  # the first was taken back by STOP
    assert [c.event for c in world.ledger] == ["help", "opt_out", "help"]
    provider = World(settings(line={"provider_answers": ANSWERS}))
    provider.text("help", HELP)
    assert not provider.bodies(SendSms)
    provider.text("ayuda", HELP)
    assert len(provider.bodies(SendSms)) == 1


def test_doubt_silences_machines_and_asks_staff() -> None:
    world = World()
    world.text("pizza", PIZZA)
    world.text("leave me be", natural(suspicion="“leave me be”"))
    world.settle()
    assert world.sent() == []  # what a machine had queued does not leave
    post = world.bodies(PostToThread)[-1].post
    assert [b.action for b in post.buttons] == ["opt_out", "not_meant"]
    assert world.contact.doubted_at
    world.text("HELP", HELP)
    world.settle()
    assert len(world.sent()) == 1
    world.write("Sorry to hear that")
    world.settle()
    assert world.sent()[-1] == "Sorry to hear that"


def test_staff_decide_the_doubt() -> None:
    world = World()
    world.text("leave me be", natural(suspicion="“leave me be”"))
    world.settle()
    message = next(iter(world.messages))
    world.press("not_meant", message, ref="r1")
    assert world.contact.doubted_at is None
    assert world.bodies(EditPost)[0].post.body.startswith("Ana: it was not meant")
    assert world.ledger[-1].actor == "Ana"
    assert (world.messages[message].corrected, world.messages[message].corrected_by) == ("natural", "Ana")
    world.press("opt_out", message, author=BEN)
    assert world.contact.opted_out_at is None

    world.text("leave me be!", natural(suspicion="“leave me be”"))
    world.press("opt_out", message, author=BEN)
    world.press("opt_out", message)
    world.settle()
    assert world.contact.opted_out_at
    assert [(c.event, c.source, c.actor) for c in world.ledger][-1] == ("opt_out", "staff", "Ben")
    assert len(world.sent()) == 1


def test_the_providers_block_is_ours_too() -> None:
    world = talking()
    ref = world.write("Hello?")
    world.pass_time(6)
    message = world.by_ref(ref)
    world.settle()
    world.report(message.id, "undelivered", error="They opted out.", opted_out=True)
    assert world.contact.opted_out_at
    assert world.ledger[-1].event == "provider_block"
    assert world.ledger[-1].source == "provider"
    assert "must text START to (555) 010-0001" in world.posts("chat")[-1]
    assert not any(b.post.buttons for b in world.bodies(PostToThread))
