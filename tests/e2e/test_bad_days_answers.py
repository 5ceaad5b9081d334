"""The other side did what we asked, and its answer was lost: nothing twice, unless it is said."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.desks import soon as soon  # a fixture
from tests.e2e.house import BOB, World, until
from tests.e2e.test_desks_media import BLUE, RED, on_slack, on_telegram
from tests.e2e.tools import exported
from tests.emulators import misbehave
from tests.emulators.misbehave import drop_after, half_answer, server_error
from tests.emulators.slack import Drop, HalfAnswer, HttpError, Refuse
from tests.emulators.slack.faults import Fault

pytestmark = pytest.mark.usefixtures("quick", "soon")

TWICE = "May already be shown above; repeated so that nothing is lost."


def sure(page: Callable[[], str], *parts: str) -> Callable[[], bool]:
    """Give the condition that all parts stand on a page, each once."""
    return lambda: all(page().count(part) == 1 for part in parts)


# ---- Slack: every answer that leaves it open ------------------------------------------------------------

STORED = [Drop(), HalfAnswer(), Refuse("fatal_error", after_storing=True)]
NOT_STORED = [Drop(after_storing=False), HttpError(502), Refuse("internal_error")]


@pytest.mark.parametrize("fault", [*STORED, *NOT_STORED], ids=repr)
async def test_a_post_stands_once_whatever_slack_answered(small_house: World, fault: Fault) -> None:
    await begun(small_house, "slack")
    small_house.slack.misbehave("chat.postMessage", fault)
    await small_house.text("Only once please")
    await small_house.text("And then this")

    await until(sure(small_house.slack_page, "Only once please", "And then this"))
    page = small_house.slack_page()
    assert page.index("Only once please") < page.index("And then this")


async def test_a_card_and_a_mirrored_reply_whose_answers_got_lost_stand_once(house: World) -> None:
    house.slack.misbehave("chat.postMessage", Drop())
    await house.text("Hello?")
    await until(lambda: "Hello?" in house.slack_page() and "Hello?" in house.telegram_page())
    house.slack.misbehave("chat.postMessage", Drop())
    mine = await TelegramDesk(house).say("Here I am")
    await until(lambda: TelegramDesk(house).mark(mine) == "delivered")

    await until(sure(house.slack_page, "Hello?", "Here I am"))
    assert len(house.roots()) == 1
    assert house.phone() == ["Here I am"]


async def test_cards_and_marks_whose_answers_got_lost_are_true_in_the_end(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    for method in ("chat.update", "reactions.add", "reactions.remove"):
        small_house.slack.misbehave(method, Drop())
        small_house.slack.misbehave(method, HttpError(503))
    mine = await desk.say("Here I am")
    await until(lambda: desk.mark(mine) == "delivered" and "On it: Ana" in desk.page())
    assert small_house.slack_marks(mine) == ["white_check_mark"]


@pytest.mark.parametrize("fault", [Drop(), HttpError(500)], ids=repr)
async def test_a_file_whose_sharing_got_no_answer_is_shown_once_or_told_of(
    small_house: World, fault: Fault
) -> None:
    """Shared although the answer was lost: found. Not shared: the thread says so."""
    small_house.slack.misbehave("files.completeUploadExternal", fault)
    await small_house.text("Look at this", media=[("image/png", RED)])
    await small_house.text("And then this")
    await until(sure(small_house.slack_page, "Look at this", "And then this"), 20)

    if isinstance(fault, Drop):
        assert on_slack(small_house) == [RED]
        return
    assert on_slack(small_house) == []
    assert "The attached file may not have arrived here: Slack answered with an inner fault" in (
        small_house.slack_page()
    )


# ---- Twilio ---------------------------------------------------------------------------------------------


async def test_a_text_that_is_out_is_not_sent_again_while_twilio_cannot_be_asked(house: World) -> None:
    """Only the reports tell that it went; the list, asked again and again, is broken."""
    desk = await begun(house, "slack")
    house.twilio.misbehave("send", half_answer())
    house.twilio.misbehave("list", server_error(500), times=4)
    mine = await desk.say("Only once please")
    await until(lambda: desk.mark(mine) == "delivered")
    later = await desk.say("And then this")
    assert len(house.twilio.sent) == 1, "what follows waits until it is sure"
    await until(lambda: desk.mark(later) == "delivered", 20)

    assert house.phone() == ["Only once please", "And then this"]
    assert len(house.twilio.sent) == 2
    states = [row["state"] for row in await exported(house) if row["direction"] == "out"]
    assert states == ["delivered", "delivered"]


async def test_a_text_that_twilio_says_it_could_not_take_is_looked_for_and_sent(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    small_house.twilio.misbehave("send", server_error(503), misbehave.html(502))
    mine = await desk.say("In the end")
    await until(lambda: desk.mark(mine) == "delivered", 20)
    assert small_house.phone() == ["In the end"]


async def test_two_texts_with_the_same_words_are_two(small_house: World) -> None:
    """The list of messages shows no id of ours: a later one must not be taken for the lost one."""
    desk = await begun(small_house, "slack")
    first = await desk.say("Yes")
    await until(lambda: desk.mark(first) == "delivered")
    small_house.twilio.misbehave("send", drop_after())
    second = await desk.say("Yes")
    await until(lambda: desk.mark(second) == "delivered")
    third = await desk.say("Bye")
    await until(lambda: desk.mark(third) == "delivered")
    assert small_house.phone() == ["Yes", "Yes", "Bye"]


# ---- Telegram cannot be asked ---------------------------------------------------------------------------


@pytest.mark.parametrize("stored", [True, False])
async def test_what_telegram_may_show_already_is_repeated_with_a_word(house: World, stored: bool) -> None:
    desk: TelegramDesk = await begun(house, "telegram")
    house.telegram.misbehave("sendMessage", drop_after() if stored else misbehave.drop_before())
    await house.text("Did you get this?")
    await house.text("And then this")
    await until(lambda: TWICE in desk.page() and "And then this" in desk.page())

    page = desk.page()
    assert page.count("Did you get this?") == 1 + stored
    assert page.index("Did you get this?") < page.index(TWICE) < page.index("And then this")
    assert page.count(TWICE) == page.count("And then this") == 1
    assert sure(house.slack_page, "Did you get this?", "And then this")()
    assert TWICE not in house.slack_page()


async def test_a_colleagues_words_that_may_be_missing_are_repeated_too(house: World) -> None:
    telegram: TelegramDesk = await begun(house, "telegram")
    await until(lambda: "Hello?" in house.slack_page())
    house.telegram.misbehave("sendMessage", drop_after())
    slack = SlackDesk(house)
    mine = await slack.say("The office is open")
    await until(lambda: slack.mark(mine) == "delivered" and TWICE in telegram.page())

    assert telegram.page().count("The office is open") == 2
    assert house.phone() == ["The office is open"]


async def test_a_topic_whose_opening_got_no_answer(house: World) -> None:
    """A second topic is better than no topic. Who writes in the first one learns that nothing was sent."""
    house.telegram.misbehave("createForumTopic", drop_after())
    await house.text("Hello?")
    await until(lambda: "Hello?" in house.telegram_page())

    assert house.telegram_page().count("Hello?") == 1
    assert len(house.telegram.group.topics) == 2
    empty = await house.telegram_topic()
    assert house.telegram.messages(house.telegram.group, empty) == []
    await house.telegram.say("Ben", house.telegram.group, "Anybody?", topic=empty)
    said = "Nothing was sent: threadline does not know whose conversation this is."
    await until(lambda: said in house.telegram_page())
    assert house.twilio.sent == []


async def test_a_card_whose_drawing_got_no_answer_costs_no_words(house: World) -> None:
    """The topic is there; its card may stand twice, the words stand once."""
    house.telegram.misbehave("sendMessage", drop_after())
    await house.text("Hello?")
    await until(lambda: "Hello?" in house.telegram_page())
    assert len(house.telegram.group.topics) == 1
    assert house.telegram_page().count("    Bob") <= 1
    assert house.telegram_page().count("Hello?") == 1


@pytest.mark.parametrize("pictures", [[RED], [RED, BLUE]], ids=["one", "album"])
async def test_pictures_that_may_stand_on_telegram_come_again_with_a_word(
    small_house: World, pictures: list[bytes]
) -> None:
    desk: TelegramDesk = await begun(small_house, "telegram")
    for method in ("sendPhoto", "sendMediaGroup"):
        small_house.telegram.misbehave(method, drop_after())
    kinds = {RED: "image/png", BLUE: "image/jpeg"}
    media: list[tuple[str, Any]] = [(kinds[one], one) for one in pictures]
    await small_house.text("Look at this", media=media)
    await until(lambda: TWICE in desk.page())
    await small_house.text("And then this")
    await until(lambda: "And then this" in desk.page())

    assert on_telegram(small_house) == pictures * 2
    assert desk.page().count("Look at this") == 2 and desk.page().count(TWICE) == 1
    assert small_house.phone(BOB) == []
