"""Staff wrote, edited, deleted; the hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.decide.notes import is_note
from bridge.model.effects import PostToThread, SendSms, TellPrivately
from bridge.model.nouns import Author, Media
from bridge.model.shapes import Mark
from bridge.render import words
from tests.unit.decide.world import ANA, BEN, STOP, STRANGER, World, talking, told


def test_a_reply_is_held_and_then_leaves_once() -> None:
    world = talking()
    ref = world.write("On my way")
    assert world.by_ref(ref).state == "held"
    assert world.marks(ref) == [Mark.HELD]
    assert world.conversation.assigned_to == "Ana"
    world.pass_time(4.9)
    assert world.sent() == []
    world.settle()
    assert world.sent() == ["On my way"]
    message = world.by_ref(ref)
    assert (message.state, message.author, message.kind, message.credits) == ("sent", "Ana", "reply", 1)
    assert world.marks(ref) == [Mark.HELD, Mark.SENT]
    assert (world.conversation.unread, world.conversation.waiting_since) == (0, None)
    assert world.posts("chat") == ["Hello"]
    assert world.posts("topics") == ["Hello", "On my way"]
    assert world.bodies(PostToThread)[-1].post.head == "Ana (Slack)"


def test_the_effect_of_a_text() -> None:
    world = talking()
    ref = world.write("x" * 200)
    world.pass_time(6)
    effect = next(e for e in world.effects.values() if isinstance(e.body, SendSms))
    message = world.by_ref(ref)
    assert (effect.key, effect.lane, effect.meter, effect.weight) == (
        f"sms:{message.id}",
        "sms:+15550100777",
        "number:+15550100001",
        1.0,
    )
    assert effect.body.as_mms  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "// he is angry",
        "  // x",
        "note: call later",
        "NOTE: x",
        "Note:x",
        "\u200b//x",
        "／／x",
        "ｎｏｔｅ： x",
        "\ufeff note:x",
    ],
)
def test_notes_stay_inside(text: str) -> None:
    world = talking()
    ref = world.write(text)
    world.settle()
    assert world.sent() == []
    assert (world.by_ref(ref).state, world.by_ref(ref).direction) == ("internal", "internal")
    assert world.marks(ref) == [Mark.NOTE]


def test_naming_a_colleague_is_a_note_and_other_words_are_not() -> None:
    world = talking()
    world.write("@Ben can you take this?", starts_with_mention=True)
    world.settle()
    assert world.sent() == []
    for text in ("noted: thanks", "/ 2", "see http://example.org", "Notes: none", "take note: it is late"):
        assert not is_note(text)


@given(st.sampled_from(["//", "note:", "Note:", " NOTE:"]), st.text(max_size=40))
def test_a_note_never_leaves_whatever_happens_to_it(prefix: str, rest: str) -> None:
    world = talking()
    ref = world.write(prefix + rest)
    world.press("send", ref=ref)
    world.edit(ref, "now " + rest)
    world.press("send", ref=ref)
    world.press("confirm_send", ref=ref)
    world.press("retry", ref=ref)
    world.settle()
    assert not world.bodies(SendSms)


def test_who_may_not_send() -> None:
    world = talking()
    world.write("hi", author=STRANGER)
    world.write("hi", author=Author("U8", "Group", "anonymous"))
    world.write("hi", author=Author("B1", "Bot", "bot"))
    assert told(world) == [words.NOT_A_MEMBER["stranger"], words.NOT_A_MEMBER["anonymous"]]
    assert len(world.messages) == 1


def test_beside_all_threads_a_hint_and_nothing_else() -> None:
    world = talking()
    world.write("hello?", thread=None)
    world.write("// hm", thread=None)
    world.write("in a thread that is not ours", thread="unknown")
    world.write("   ")
    assert told(world) == [words.NOTHING_SENT_HERE]
    world.settle()
    assert world.sent() == []


@pytest.mark.parametrize(
    ("text", "media", "word"),
    [
        ("x" * 1601, (), "1601 characters are too many"),
        ("", tuple(Media(f"f{i}", "image/png") for i in range(11)), "11 files are too many"),
        ("", (Media("f", "image/gif", size=600_000),), "too large together (600 kB); the limit is 500 kB"),
        ("", (Media("f", "video/x-foo", "a.foo"),), "a.foo (video/x-foo) cannot go in a text"),
    ],
)
def test_what_cannot_go_is_refused_to_its_author_alone(
    text: str, media: tuple[Media, ...], word: str
) -> None:
    world = talking()
    ref = world.write(text, media=media)
    assert word in told(world)[0]
    assert word in (world.by_ref(ref).error or "")
    assert world.marks(ref) == [Mark.CANCELLED]
    world.settle()
    assert world.sent() == []


def test_opted_out_and_names_are_refused() -> None:
    world = talking()
    world.text("stop", STOP)
    world.settle()
    ref = world.write("But why?")
    assert "they opted out" in told(world)[0]
    assert world.by_ref(ref).state == "cancelled"
    name = World()
    name.text("Parcel", sender="PARCELS", sender_kind="name")
    name.settle()
    name.write("Which parcel?")
    assert "cannot be answered" in told(name)[0]


def test_a_removed_thread_sends_nothing() -> None:
    world = talking()
    old = world.thread_ref("chat")
    world.press("remove")
    world.write("Bye", thread=old)
    assert told(world) == [words.REFUSED_REMOVED]
    world.text("Hello again")
    world.settle()
    world.write("Bye", thread=old)
    assert told(world)[-1] == words.REFUSED_OTHER_THREAD
    world.settle()
    assert world.sent() == []


def test_more_than_one_credit_is_said_before() -> None:
    world = talking()
    world.write("x" * 161)
    world.write("It’s " + "x" * 70)
    assert told(world) == [
        "This goes as MMS, 3 credits.",
        "This goes as MMS, 3 credits, because “’” is not in the plain SMS alphabet.",
    ]
    post = world.bodies(TellPrivately)[-1].post
    assert [(b.action, b.label) for b in post.buttons] == [
        ("send_now", "Send now"),
        ("straighten", "Use plain characters: one SMS, 1 credit"),
        ("cancel_now", "Cancel"),
    ]
    world.press("straighten", post.buttons[1].value)
    world.settle()
    assert world.sent()[-1].startswith("It's xxx")
    assert world.out("reply")[-1].credits == 1


def test_segments_mode() -> None:
    world = talking(line={"long_messages": "segments"})
    ref = world.write("x" * 320)
    assert told(world) == ["This goes as 3 segments, 3 credits."]
    world.settle()
    assert (world.by_ref(ref).segments, world.by_ref(ref).credits) == (3, 3)
    assert next(e for e in world.effects.values() if isinstance(e.body, SendSms)).weight == 3.0


def test_dear_replies_wait_for_a_press_where_the_desk_asks_for_it() -> None:
    world = talking(desk={"confirm_above": 2})
    dear = world.write("x" * 200)
    world.write("cheap")
    world.settle(60)
    assert world.sent() == ["cheap"]
    post = world.bodies(PostToThread)[-2].post
    assert [b.action for b in post.buttons] == ["confirm_send", "cancel_send"]
    world.press("confirm_send", world.by_ref(dear).id, author=BEN)
    world.press("confirm_send", world.by_ref(dear).id)
    world.press("cancel_send", world.by_ref(dear).id)
    world.settle()
    assert world.sent() == ["cheap", "x" * 200]
    assert told(world) == [words.STALE_SENT] * 2 or told(world) == [words.STALE_ON_ITS_WAY] * 2
    other = world.write("y" * 200)
    world.press("cancel_send", world.by_ref(other).id)
    world.settle(60)
    assert world.by_ref(other).state == "cancelled"
    assert len(world.sent()) == 2


def test_editing_and_deleting_within_the_hold() -> None:
    world = talking()
    first, second, third = world.write("one"), world.write("two"), world.write("three")
    world.edit(first, "ONE")
    world.edit(second, "// two")
    world.delete(third)
    world.settle()
    assert world.sent() == ["ONE"]
    assert world.by_ref(second).kind == "note"
    assert world.by_ref(third).state == "cancelled"
    assert Mark.CANCELLED not in world.marks(third)


def test_a_note_edited_into_text_does_not_leave() -> None:
    world = talking()
    ref = world.write("// hm")
    world.edit(ref, "hm")
    assert told(world) == [words.NOTE_STAYS]
    world.settle()
    assert world.sent() == []


def test_after_it_left_an_edit_offers_a_correction_once() -> None:
    world = talking()
    ref = world.write("At five")
    world.settle()
    world.edit(ref, "At six")
    post = world.bodies(TellPrivately)[-1].post
    assert post.body == words.ALREADY_SENT
    value = post.buttons[0].value
    assert post.buttons[0].action == "correct"
    world.press("correct", value)
    world.press("correct", value)
    world.settle()
    assert world.sent() == ["At five", "Correction: At six"]
    assert world.by_ref(ref).text == "At five"
    assert world.posts("chat")[-1] == "Correction: At six"


def test_deleting_what_has_left_says_so() -> None:
    world = talking()
    ref = world.write("Oops")
    world.settle()
    world.delete(ref)
    assert "cannot be taken back" in world.posts("chat")[-1]
    assert world.posts("topics")[-1] == "Oops"


def test_replies_go_in_the_order_they_were_typed() -> None:
    world = talking()
    world.write("second", order="2")
    world.now += 2
    world.write("first", order="1")
    world.settle(30)
    assert world.sent() == ["first", "second"]
    assert not world.timers


def test_one_that_never_leaves_does_not_hold_the_others_back_for_ever() -> None:
    world = talking()
    world.write("stuck", order="1")
    world.timers.clear()
    world.write("next", order="2")
    world.settle(60)
    assert world.sent() == []
    world.settle(900)
    assert world.sent() == ["next"]


def test_explicit_mode() -> None:
    world = talking(desk={"reply_mode": "explicit"})
    ref = world.write("Shall I say this?")
    note = world.write("// inside")
    world.settle(60)
    assert world.sent() == []
    world.press("send", ref=ref, author=BEN)
    world.press("send", ref=ref)
    world.press("send", ref=note)
    world.settle()
    assert world.sent() == ["Shall I say this?"]
    assert told(world) == [words.STALE_LEAVES_BY_ITSELF, words.STALE_NOTE]


def test_written_while_we_were_down() -> None:
    world = talking()
    world.write("Fresh", caught_up=True, at=world.now - 3600)
    old = world.write("Stale", caught_up=True, at=world.now - 13 * 3600)
    world.settle()
    assert world.sent() == ["Fresh"]
    assert world.by_ref(old).state == "cancelled"
    assert any("too long ago" in post for post in world.posts("chat"))


def test_a_colleague_elsewhere_is_named() -> None:
    world = talking()
    world.write("From Telegram", desk="topics", author=BEN)
    world.write("From Slack", author=ANA)
    world.settle()
    heads = [b.post.head for b in world.bodies(PostToThread) if b.post.style == "outbound"]
    assert heads == ["Ben (Telegram)", "Ana (Slack)"]
    assert world.conversation.assigned_to == "Ben"
