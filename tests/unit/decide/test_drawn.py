"""A desk that draws itself shows what is decided: nothing is sent to it."""

from dataclasses import replace

from bridge.model.decision import Decision, Desk
from bridge.model.effects import FetchMedia, MarkMessage, OpenThread, PostToThread, TellPrivately, UpdateCard
from bridge.model.nouns import Media, PostRef, Thread, ThreadNote
from tests.unit.decide.world import CHAT, World, settings

PAGE = Desk("page", replace(CHAT, draws_itself=True), "the page")


def house() -> World:
    """Slack, and a page beside it."""
    ours = settings(line={"desks": ("chat", "page")})
    return World(replace(ours, desks={"chat": ours.desks["chat"], "page": PAGE}))


def desks(decision: Decision) -> set[str]:
    return {getattr(effect.body, "desk", "") for effect in decision.effects}


def test_a_text_stands_there_with_its_decision() -> None:
    world = house()
    decision = world.text("Hello")
    assert [type(e.body) for e in decision.effects] == [OpenThread, PostToThread]
    assert desks(decision) == {"chat"}
    assert [type(e.body) for e in decision.drawn] == [OpenThread, PostToThread]
    [thread] = [row for row in decision.save if isinstance(row, Thread) and row.desk == "page"]
    assert thread.ref is not None
    assert thread.last_post_at == world.now
    [ref] = [row for row in decision.save if isinstance(row, PostRef)]
    assert (ref.thread_id, ref.desk, ref.message_id) == (thread.id, "page", ref.ref)


def test_cards_and_marks_are_drawn_and_words_to_one_person_travel() -> None:
    world = house()
    world.text("Hello")
    world.settle()
    decision = world.press("resolve", desk="page")
    assert UpdateCard in {type(e.body) for e in decision.drawn}
    for effect in decision.effects:
        assert getattr(effect.body, "desk", "") != "page" or isinstance(effect.body, TellPrivately)
    world.write("On our way", desk="page")
    decision = world.last
    assert MarkMessage in {type(e.body) for e in decision.drawn}


def test_a_notice_is_kept_once_under_a_name_that_follows_from_its_cause() -> None:
    def notes(world: World) -> list[ThreadNote]:
        world.text("Hello")
        world.settle()
        return [row for row in world.press("unsubscribe", desk="chat").save if isinstance(row, ThreadNote)]

    [one], [other] = notes(house()), notes(house())
    assert one.ref == other.ref
    assert one.post.style == "notice"


def test_pictures_are_fetched_though_nothing_posts_them() -> None:
    decision = house().text("", media=(Media("f1", "image/jpeg"),))
    [fetch] = [effect for effect in decision.effects if isinstance(effect.body, FetchMedia)]
    assert fetch.body.media[0].id == "f1"  # type: ignore[union-attr]
