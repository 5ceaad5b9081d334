"""Buttons, menus and commands."""

from dataclasses import replace

import pytest

from bridge.model.effects import OpenThread, PostToThread, RemoveThread, SendSms, TellPrivately, UpdateCard
from bridge.model.nouns import Author
from bridge.render import words
from tests.unit.decide.world import ANA, BEN, PIZZA, STOP, STRANGER, World, settings, talking, told

NEW = "+15550100888"


def test_only_members_press() -> None:
    world = talking()
    world.press("remove", author=STRANGER)
    world.press("remove", author=Author("U8", "Group", "anonymous"))
    world.press("remove", author=Author("B1", "Bot", "bot"))
    assert told(world) == [words.NOT_A_MEMBER_PRESS["stranger"], words.NOT_A_MEMBER_PRESS["anonymous"]]
    assert world.conversation.state == "open"


@pytest.mark.parametrize(
    ("action", "word"),
    [
        ("unsubscribe", words.STALE_UNSUBSCRIBED),
        ("assign", words.STALE_ASSIGNED.format(name="Ana")),
        ("resolve", words.STALE_RESOLVED),
    ],
)
def test_pressing_twice_is_answered_politely(action: str, word: str) -> None:
    world = talking()
    thread = world.live("chat")
    assert thread is not None
    first = world.press(action, thread.id)
    assert [type(e.body) for e in first.effects].count(PostToThread) == 2
    assert [type(e.body) for e in first.effects].count(UpdateCard) == 2
    second = world.press(action, thread.id)
    assert second.save == ()
    assert told(world) == [word]


def test_unknown_and_stale_presses() -> None:
    world = talking()
    world.press("dance")
    world.press("resolve", "nothing", thread="unknown")
    world.press("resolve", thread=None)
    world.press("read", "nothing", thread="unknown")
    assert told(world) == [words.UNKNOWN_ACTION.format(action="dance"), words.STALE, words.NEEDS_THREAD]


def test_unsubscribing_stops_campaigns_and_not_replies() -> None:
    world = talking()
    world.press("unsubscribe")
    assert world.contact.unsubscribed_at
    assert (world.ledger[-1].event, world.ledger[-1].actor) == ("unsubscribed", "Ana")
    card = world.bodies(UpdateCard)[-1].card
    assert (words.FACT_SUBSCRIPTION, words.STATE_UNSUBSCRIBED) in card.facts
    assert "resubscribe" in [entry.action for entry in card.menu]
    world.write("Still here for you")
    world.settle()
    assert world.sent() == ["Still here for you"]
    world.press("resubscribe", author=BEN)
    assert world.contact.unsubscribed_at is None
    world.press("resubscribe")
    assert told(world) == [words.STALE_SUBSCRIBED]
    world.text("stop", STOP)
    world.press("resubscribe")
    assert "only they can come back" in told(world)[-1]
    assert world.contact.opted_out_at


def test_removing_leaves_one_line_without_the_number() -> None:
    world = talking()
    thread = world.live("chat")
    assert thread is not None
    world.press("remove", thread.id)
    bodies = world.bodies(RemoveThread)
    assert {b.card.title for b in bodies} == {"Conversation removed by Ana"}
    assert all(b.card.closed and not b.card.facts for b in bodies)
    assert world.conversation.state == "removed"
    world.press("remove", thread.id, thread=None)
    assert told(world) == [words.STALE_GONE]


def test_hand_over_and_resolve() -> None:
    world = talking()
    world.press("assign", form={"to": "Ben"})
    assert world.conversation.assigned_to == "Ben"
    assert world.posts("topics")[-1] == "Ben is on it, asked by Ana."
    world.press("assign", "Carla")
    assert world.conversation.assigned_to == "Carla"
    world.press("resolve")
    assert (world.conversation.state, world.conversation.waiting_since) == ("resolved", None)
    assert world.bodies(UpdateCard)[-1].card.buttons[0].action == "reopen"
    world.press("reopen")
    world.press("reopen")
    assert told(world) == [words.STALE_OPEN]


def test_reading_resets_the_count_and_nothing_else() -> None:
    world = talking()
    decision = world.press("read")
    assert world.conversation.unread == 0
    assert world.conversation.waiting_since is not None
    assert decision.effects == ()


def test_notes_by_form() -> None:
    world = talking()
    world.press("note", form={"text": "He called twice"})
    world.press("note", form={"text": " "})
    note = next(m for m in world.messages.values() if m.kind == "note")
    assert (note.direction, note.text) == ("internal", "He called twice")
    assert world.bodies(PostToThread)[-1].post.head == "Note by Ana"
    assert told(world) == [words.NEEDS_TEXT]
    world.settle()
    assert world.sent() == []


def test_the_display_of_a_thread() -> None:
    world = talking()
    world.text("pizza", PIZZA)
    world.settle()
    thread = world.live("chat")
    assert thread is not None
    world.press("display", thread.id)
    assert world.live("chat").display == "all"  # type: ignore[union-attr]
    button = world.bodies(PostToThread)[-1].post.buttons[0]
    assert (button.action, button.label) == ("show_hidden", "Show 3 hidden messages")
    world.press("show_hidden", button.value)
    shown = world.posts("chat")[-1].splitlines()
    assert [line.split(": ", 1)[1] for line in shown][:2] == ["pizza", "Welcome to pizza"]
    world.text("pizza", PIZZA)
    assert world.posts("chat")[-2:] == ["pizza", "You are on it already"]
    assert "You are on it already" not in world.posts("topics")
    world.press("display", "all")
    assert told(world) == [words.STALE_DISPLAY]
    world.press("display", thread.id)
    assert world.live("chat").display == "natural"  # type: ignore[union-attr]


def test_the_display_of_a_desk() -> None:
    world = talking()
    decision = world.press("display", "all", thread=None)
    assert [(s.scope, s.name, s.value, s.by) for s in decision.settings] == [
        ("chat", "display", "all", "Ana")
    ]


def test_a_new_conversation_exists_at_once_and_its_text_is_held() -> None:
    world = World()
    world.press("new", form={"number": NEW, "text": "Good morning"}, thread=None)
    assert [t.desk for t in world.threads.values()] == ["chat", "topics"]
    assert world.bodies(OpenThread)[0].card.title == "(555) 010-0888"
    assert world.conversation.assigned_to == "Ana"
    assert world.sent() == []
    world.settle()
    assert world.sent() == ["Good morning"]
    assert world.posts("chat")[-1] == "Good morning"
    assert world.bodies(PostToThread)[-1].post.head == "Ana (Slack)"
    again = world.press("new", form={"number": NEW}, thread=None)
    post = again.effects[0].body.post  # type: ignore[union-attr]
    assert post.resurface
    assert len(world.threads) == 2


def test_a_new_conversation_that_cannot_be() -> None:
    world = World()
    world.press("new", form={"number": "12"}, thread=None)
    world.press("new", form={"number": "(555) 010-0001"}, thread=None)
    world.press("new", form={"number": NEW, "line": "other"}, thread=None)
    world.press("new", form={"number": NEW, "text": "x" * 1601}, thread=None)
    assert not world.threads
    assert not world.contacts
    assert [t.split("”")[0][:20] for t in told(world)] == [
        "“12",
        "(555) 010-0001 is on",
        "There is no line “ot",
        "Not sent: 1601 chara",
    ]
    off = World(settings(line={"desks": ("topics",)}))
    off.press("new", form={"number": NEW}, thread=None)
    assert told(off) == [words.NO_LINE_HERE]


def test_a_new_conversation_with_somebody_who_opted_out() -> None:
    world = World()
    world.text("stop", STOP, sender=NEW)
    world.press("new", form={"number": NEW, "text": "Hi"}, thread=None)
    assert "they opted out" in told(world)[0]
    assert not world.threads


def test_a_note_in_a_new_conversation_stays_inside() -> None:
    world = World()
    world.press("new", form={"number": NEW, "text": "// careful"}, thread=None)
    world.settle()
    assert not world.bodies(SendSms)
    assert next(iter(world.messages.values())).kind == "note"


def test_cancel_and_retry_of_what_does_not_fit() -> None:
    world = talking()
    ref = world.write("Hi")
    message = world.by_ref(ref)
    world.press("retry", message.id)
    world.press("cancel_send", message.id)
    world.press("confirm_send", message.id)
    world.press("straighten", message.id)
    world.press("leave", message.id)
    world.press("correct", message.id)
    world.press("retry", next(iter(world.messages)))
    assert told(world) == [
        words.STALE_LEAVES_BY_ITSELF,
        words.STALE_CANCELLED,
        words.STALE_CANCELLED,
        words.STALE_CANCELLED,
        words.STALE_DECIDED,
        words.STALE,
    ]
    world.settle()
    assert world.sent() == []


def test_meters_and_lanes_of_what_is_told_and_drawn() -> None:
    world = talking()
    world.press("assign")
    world.press("assign")
    world.press("assign", desk="topics")
    by_type = {(type(e.body), getattr(e.body, "desk", "")): e for e in world.effects.values()}
    assert by_type[UpdateCard, "chat"].meter == "mark:chat"
    assert by_type[UpdateCard, "topics"].meter == "post:topics"
    assert by_type[TellPrivately, "chat"].meter == "mark:chat"
    assert by_type[TellPrivately, "topics"].meter == "post:topics"
    assert by_type[TellPrivately, "chat"].lane == "tell:chat:U1"


def test_retry_is_refused_after_stop() -> None:
    world = talking()
    ref = world.write("Hi")
    world.settle()
    message = world.by_ref(ref)
    world.report(message.id, "failed", error="No.")
    world.text("stop", STOP)
    world.press("retry", message.id)
    assert "they opted out" in told(world)[0]
    assert world.by_ref(ref) == replace(message, state="failed", error="No.")


def test_unsubscribing_and_removing_a_template_can_be_undone_where_they_are_told() -> None:
    world = talking()
    world.press("unsubscribe")
    notice = next(b for b in world.bodies(PostToThread) if "unsubscribed them" in b.post.body)
    assert [(one.action, one.label) for one in notice.post.buttons] == [("resubscribe", "Undo")]
    world.settle()
    world.press("resubscribe")
    assert world.contact.unsubscribed_at is None
    world.press("template_save", form={"name": "Hours", "text": "We open at 9."})
    world.press("template_remove", "Hours")
    [undo] = world.bodies(TellPrivately)[-1].post.buttons
    assert (undo.action, undo.label, undo.value) == ("template_restore", "Undo", "Hours")
    world.press("template_restore", "Hours")
    assert told(world)[-1] == "The template “Hours” is back."


def test_whoever_answers_second_is_told_who_answers_already() -> None:
    world = talking()
    world.write("We open at nine.", author=ANA)
    world.write("At nine.", desk="topics", author=BEN)
    assert any("Ana is answering them, too: “We open at nine.”" in said for said in told(world))
    world.settle()
    assert world.sent() == ["We open at nine.", "At nine."]
