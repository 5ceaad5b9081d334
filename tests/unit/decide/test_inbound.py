"""A text came in."""

from dataclasses import replace

import pytest

from bridge.decide import facts
from bridge.model.decision import Snapshot
from bridge.model.effects import OpenThread, PostToThread, SendSms, UpdateCard
from bridge.model.events import TextReceived
from bridge.model.nouns import Contact, Conversation, Media, Subscription
from bridge.model.verdict import Awaiting, Kind, Verdict
from bridge.render import words
from tests.unit.decide.world import HELP, PHONE, PIZZA, START, STOP, World, natural, settings


def test_a_first_text_opens_a_thread_on_every_desk() -> None:
    world = World()
    decision = world.text("Hello", natural())
    assert [type(e.body) for e in decision.effects] == [OpenThread, PostToThread] * 2
    assert next(e.lane for e in decision.effects) == f"thread:{world.live('chat').id}"  # type: ignore[union-attr]
    assert {e.meter for e in decision.effects} == {"post:chat", "post:topics"}
    assert world.conversation.unread == 1
    assert world.conversation.waiting_since == world.now
    card = world.bodies(OpenThread)[0].card
    assert card.title == "(555) 010-0777"
    assert (words.FACT_WAITING, "Tue 14 Nov, 17:13") in card.facts


def test_a_second_text_continues_the_thread_and_resurfaces_an_old_one() -> None:
    world = World()
    world.text("Hello")
    world.settle()
    decision = world.text("Are you there?")
    assert [type(e.body) for e in decision.effects] == [PostToThread, PostToThread]
    assert not decision.effects[0].body.post.resurface  # type: ignore[union-attr]
    world.settle(13 * 3600)
    decision = world.text("Still nobody?")
    assert decision.effects[0].body.post.resurface  # type: ignore[union-attr]
    decision = world.text("?")
    assert not decision.effects[0].body.post.resurface  # type: ignore[union-attr]
    assert world.conversation.unread == 4


def test_media_and_lateness_are_shown() -> None:
    world = World()
    picture = Media("f1", "image/jpeg")
    world.text("", media=(picture,), late=True)
    post = world.bodies(PostToThread)[0].post
    assert post.media == ("f1",)
    assert post.foot == "Received Tue 14 Nov, 17:13 while threadline was down."
    assert world.messages[post.message_id].late


def test_a_text_to_a_resolved_conversation_reopens_it_and_to_a_removed_one_opens_a_thread() -> None:
    world = World()
    world.text("Hello")
    world.settle()
    world.press("resolve")
    assert world.conversation.state == "resolved"
    world.text("One more thing")
    assert world.conversation.state == "open"
    world.settle()
    first = world.live("chat")
    world.press("remove")
    assert world.live("chat") is None
    assert world.conversation.state == "removed"
    world.text("Hello again")
    assert world.conversation.state == "open"
    assert world.live("chat") not in (None, first)


@pytest.mark.parametrize("kind", [Kind.REACTION, Kind.AUTO_REPLY, Kind.POLL, Kind.DATA])
def test_what_no_person_must_read_stays_out_of_natural_threads(kind: Kind) -> None:
    world = World()
    world.text("Hello")
    world.settle()
    decision = world.text("Liked “Hello”", Verdict(kind, "because", value=3))
    assert decision.effects == ()
    message = next(m for m in world.messages.values() if m.kind == kind.value)
    assert (message.reason, message.value) == ("because", 3)
    assert world.conversation.unread == 1


def test_a_desk_that_shows_all_shows_every_kind_with_its_reason() -> None:
    world = World(settings(desk={"display": "all"}))
    world.text("Liked “Hello”", Verdict(Kind.REACTION, "a tapback"))
    assert world.posts("chat") == ["Liked “Hello”"]
    assert world.posts("topics") == []
    assert world.bodies(PostToThread)[0].post.foot == "Reaction: a tapback"
    assert world.conversation.unread == 0
    world.text("PIZZA", PIZZA)
    assert world.posts("chat")[1:3] == ["PIZZA", "Welcome to pizza"]


def test_a_name_is_shown_and_never_answered() -> None:
    world = World()
    world.text("Your parcel is here", sender="PARCELS", sender_kind="name")
    assert world.bodies(OpenThread)[0].card.notice == words.CARD_NAME
    world.text("HELP", HELP, sender="PARCELS", sender_kind="name")
    assert not world.bodies(SendSms)


def test_our_own_number_and_short_codes_get_no_automatic_texts() -> None:
    world = World()
    world.text("HELP", HELP, sender="+15550100001")
    world.text("PIZZA", PIZZA, sender="72645", sender_kind="short_code")
    assert not world.bodies(SendSms)
    assert [m.kind for m in world.messages.values()] == ["auto_reply", "opt_in"]


def test_the_blocked_are_stored_only_but_heard_on_stop() -> None:
    world = World()
    world.text("Hello")
    world.settle()
    contact = world.contact
    world.contacts[contact.id] = replace(contact, blocked_at=1.0)
    assert world.text("You again").effects == ()
    assert world.text("PIZZA", PIZZA).effects == ()
    world.text("no more please", STOP)
    assert world.contact.opted_out_at
    assert [b.answers_stop for b in world.bodies(SendSms)] == [True]


def test_an_unknown_line_loses_nothing_and_tells_the_operator() -> None:
    world = World()
    decision = world.text("Hello", line="gone")
    assert not decision.effects
    assert decision.notices == (words.OP_NO_LINE.format(line="gone"),)
    assert len(world.messages) == 1


def test_a_keyword_subscribes_replies_and_welcomes_once() -> None:
    world = World()
    world.text("pizza", PIZZA)
    world.settle()
    world.text("pizza", PIZZA)
    world.settle()
    welcome = words.COMPLIANCE.format(organisation="Example Tenants Union")
    assert world.sent() == ["Welcome to pizza", welcome, "You are on it already"]
    assert [(s.list_name, s.ended_at) for s in world.subscriptions.values()] == [("pizza", None)]
    assert [(c.event, c.scope) for c in world.ledger] == [("opt_in", "pizza")] * 2
    assert world.contact.welcomed_at
    assert not world.threads


def test_a_keyword_that_is_gone_is_for_people() -> None:
    world = World()
    world.text("gone", Verdict(Kind.OPT_IN, "the keyword GONE", value="GONE"))
    assert world.conversation.unread == 1
    assert not world.bodies(SendSms)


def test_the_loop_guard_falls_silent_and_asks_people() -> None:
    world = World()
    for _ in range(8):
        world.text("pizza", PIZZA)
        world.settle(5)
    assert len(world.sent()) == 5
    assert world.conversation.unread == 4
    assert "Stopped answering" in world.notices[0]
    assert PHONE not in world.notices[0]
    assert "threadline stopped answering" in world.bodies(PostToThread)[0].post.foot
    world.pass_time(700)
    world.text("pizza", PIZZA)
    world.settle()
    assert len(world.sent()) == 6


def test_stop_is_confirmed_in_a_loop_too() -> None:
    world = World()
    for _ in range(6):
        world.text("pizza", PIZZA)
        world.settle(1)
    world.text("stop it", STOP)
    world.settle()
    assert world.sent()[-1].startswith("You are unsubscribed")


def test_the_card_changes_only_when_what_it_says_does() -> None:
    world = World()
    world.text("Hello")
    world.settle()
    assert not world.bodies(UpdateCard)
    world.text("Hello?")
    assert not world.bodies(UpdateCard)
    world.text("stop", STOP)
    assert [b.card.notice for b in world.bodies(UpdateCard)] == [words.CARD_OPTED_OUT] * 2


def test_a_card_that_changed_while_its_thread_opened_is_drawn_then() -> None:
    world = World()
    world.text("Hello")
    world.text("stop", STOP)
    assert not world.bodies(UpdateCard)
    world.settle()
    assert [b.card.notice for b in world.bodies(UpdateCard)] == [words.CARD_OPTED_OUT] * 2


def test_facts_say_what_rules_may_look_at() -> None:
    event = TextReceived("main", "1", PHONE, "e164", "Yes", 1000.0)
    assert not facts(Snapshot(settings()), event, 1000.0).subscribed
    asked = {"type": "poll", "question": "Pizza?", "asked_at": 400.0, "options": ["Yes", "No"]}
    snapshot = Snapshot(
        settings(),
        Contact("c", PHONE),
        (Conversation("k", "c", "main", awaiting=asked),),
        subscriptions=(Subscription("c", "pizza", 1.0),),
    )
    seen = facts(snapshot, event, 1000.0)
    assert seen.subscribed
    assert seen.keywords == ("PIZZA", "SOUP")
    assert seen.awaiting == Awaiting("poll", "Pizza?", 10.0, ("Yes", "No"))
    out = replace(snapshot, contact=Contact("c", PHONE, opted_out_at=1.0))
    assert not facts(out, event, 1000.0).subscribed


def test_start_from_somebody_who_is_in_is_confirmed_and_welcomes() -> None:
    world = World()
    world.text("put me on the list", START)
    world.settle()
    world.text("pizza", PIZZA)
    world.settle()
    assert world.sent() == [
        words.CONFIRM_START.format(organisation="Example Tenants Union"),
        "Welcome to pizza",
    ]
