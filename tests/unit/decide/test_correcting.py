"""Staff say what a text really was: it moves, and what it had set off is taken back."""

from dataclasses import replace

from bridge.model.effects import EditPost, OpenThread, PostToThread, ShowReaction
from bridge.model.verdict import Kind, Tapback, Verdict
from bridge.render import words
from tests.unit.decide.world import BEN, HELP, PIZZA, START, STOP, World, talking, told

PLAIN = Verdict(Kind.OPT_OUT, "it asks for no more texts")
WORDS = "please do not text me again about the pizza night"


def last_in(world: World) -> str:
    return [m.id for m in world.messages.values() if m.direction == "in"][-1]


def correct(world: World, action: str = "was_natural") -> None:
    world.press(action, last_in(world), author=BEN)
    world.settle()


def test_a_keyword_that_was_none_takes_them_off_the_list_and_shows_the_text() -> None:
    world = World()
    world.text("pizza is what we had yesterday, and now I am ill", PIZZA)
    world.settle()
    assert not world.posts()
    correct(world)
    assert [s.ended_at is None for s in world.subscriptions.values()] == [False]
    assert world.posts("chat") == ["pizza is what we had yesterday, and now I am ill"]
    foot = next(b.post.foot for b in world.bodies(PostToThread) if b.desk == "chat")
    said = "Ben: this was meant for people. It had been taken for: Opt-in."
    assert foot == f"{said} They are off the list “pizza” again."
    assert world.conversation.waiting_since is not None
    assert world.conversation.unread == 1
    moved = world.messages[last_in(world)]
    assert (moved.corrected, moved.corrected_by) == ("natural", "Ben")
    assert moved.reason == "It had been taken for: Opt-in. the keyword PIZZA"
    assert (world.ledger[-1].event, world.ledger[-1].actor) == ("corrected", "Ben")
    correct(world)
    assert told(world) == [words.STALE_DECIDED]
    assert len(world.posts("chat")) == 1


def test_an_earlier_subscription_stays() -> None:
    world = World()
    world.text("pizza", PIZZA)
    world.settle(60)
    world.text("pizza was good", PIZZA)
    world.settle()
    correct(world)
    assert [s.ended_at for s in world.subscriptions.values()] == [None]


def test_a_start_that_was_none_leaves_them_opted_out_as_before() -> None:
    world = talking()
    world.text("stop", STOP)
    world.settle()
    world.text("start the car for me", START)
    world.settle()
    assert world.contact.opted_out_at is None
    correct(world)
    assert world.contact.opted_out_at is not None
    before = world.sent()
    world.write("Hello")
    world.settle(60)
    assert world.sent() == before


def test_plain_words_that_were_no_opt_out_are_taken_back_with_their_lists() -> None:
    world = World()
    world.text("pizza", PIZZA)
    world.settle(60)
    world.text(WORDS, PLAIN)
    world.settle()
    assert world.contact.opted_out_at is not None
    correct(world)
    assert world.contact.opted_out_at is None
    assert [s.ended_at for s in world.subscriptions.values()] == [None]
    assert WORDS in world.posts("chat")


def test_the_command_itself_is_nobody_elses_to_undo() -> None:
    world = talking()
    world.text("Stop it", STOP)
    world.settle()
    correct(world)
    assert world.contact.opted_out_at is not None
    assert "by texting START" in told(world)[-1]


def test_plain_words_followed_by_stop_stay_an_opt_out() -> None:
    world = talking()
    world.text(WORDS, PLAIN)
    first = last_in(world)
    world.settle(10)
    world.text("STOP", STOP)
    world.settle()
    world.press("was_natural", first)
    world.settle()
    assert world.contact.opted_out_at is not None
    assert "by texting START" in told(world)[-1]


def test_plain_words_after_stop_do_not_lift_the_stop() -> None:
    world = talking()
    world.text("STOP", STOP)
    world.settle(10)
    world.text(WORDS, PLAIN)
    world.settle(10)
    correct(world)
    assert world.messages[last_in(world)].kind == "natural"
    assert world.contact.opted_out_at is not None
    world.write("Hello")
    world.settle(60)
    assert "Hello" not in world.sent()


def test_an_opt_out_that_staff_renewed_is_not_lifted_by_an_old_text() -> None:
    world = talking()
    world.text(WORDS, PLAIN)
    first = last_in(world)
    world.settle(10)
    world.text("START", START)
    world.settle(10)
    world.text("enough now")
    world.settle(10)
    correct(world, "opt_out")
    world.press("was_natural", first)
    world.settle()
    assert world.contact.opted_out_at is not None
    assert "by texting START" in told(world)[-1]


def test_a_later_start_stands_whatever_the_first_was() -> None:
    world = talking()
    world.text("stop", STOP)
    world.settle(10)
    world.text("start the car for me", START)
    first = last_in(world)
    world.settle(10)
    world.text("START", START)
    world.settle(10)
    world.press("was_natural", first)
    world.settle()
    assert world.contact.opted_out_at is None


def test_a_natural_text_can_be_an_opt_out() -> None:
    world = talking()
    world.text("no quiero que me escriban")
    world.settle()
    correct(world, "opt_out")
    assert world.contact.opted_out_at is not None
    assert [m.kind for m in world.out()] == ["confirmation"]
    correct(world, "opt_out")
    assert told(world) == [words.STALE_DECIDED]
    assert len(world.out()) == 1


def test_where_it_is_shown_already_the_button_goes_and_the_words_stay() -> None:
    world = talking(desk={"display": "all"})
    world.text("info about the roof please", HELP)
    world.settle()
    shown = next(e for e in world.done if isinstance(e.body, PostToThread) and e.body.post.buttons)
    assert isinstance(shown.body, PostToThread)
    assert [b.label for b in shown.body.post.buttons] == ["A person wrote this"]
    ref = f"r-{shown.key}"
    world.press("was_natural", last_in(world), ref=ref)
    edit = world.bodies(EditPost)[-1]
    assert (edit.ref, edit.post.body, edit.post.buttons) == (ref, "info about the roof please", ())
    assert edit.post.foot.startswith("Ana: this was meant for people")


def test_a_tapback_becomes_a_reaction_where_the_platform_has_such() -> None:
    world = talking()
    chat = world.settings.desks["chat"]
    desks = {**world.settings.desks, "chat": replace(chat, traits=replace(chat.traits, reacts=True))}
    world.settings = replace(world.settings, desks=desks)
    tapback = Tapback("👍", "See you at 5")
    world.text("Liked “See you at 5”", Verdict(Kind.REACTION, "a tapback", tapback=tapback))
    assert [(b.desk, b.tapback, b.message_id) for b in world.bodies(ShowReaction)] == [
        ("chat", tapback, last_in(world))
    ]
    assert len(world.bodies(OpenThread)) == 2
