"""Buttons, menus, shortcuts, commands and forms."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.model.events import StaffPressed
from bridge.model.panel import Panel, Row, opens
from bridge.model.shapes import Button, Card, Post
from tests.contract.slack_rig import DESK, Rig, rig
from tests.emulators.slack import Drop, NoAckError


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=["sockets", "http"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with rig(http=request.param == "http") as one:
        yield one


def presses(desk: Rig) -> list[StaffPressed]:
    return desk.sink.of(StaffPressed)


async def test_a_button_of_the_card(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.press(desk.anna, desk.channel, thread, "tl:resolve:0")

    [pressed] = presses(desk)
    assert (pressed.desk, pressed.action, pressed.value) == (DESK, "resolve", "t1")
    assert (pressed.thread, pressed.ref, pressed.author.name) == (thread, thread, "Anna")


async def test_every_press_is_one_of_its_own(desk: Rig) -> None:
    thread = await desk.open()
    for _ in range(2):
        await desk.slack.press(desk.anna, desk.channel, thread, "tl:resolve:0")

    assert len({pressed.delivery for pressed in presses(desk)}) == 2


async def test_a_button_in_the_thread(desk: Rig) -> None:
    thread = await desk.open()
    post = Post(
        "Bob", "stop", buttons=(Button("opt_out", "Unsubscribe", "m1"), Button("not_meant", "Not so", "m1"))
    )
    [ref] = await desk.platform.post(DESK, thread, post, [], "p1")
    await desk.slack.press(desk.anna, desk.channel, ref, "tl:not_meant:1")

    [pressed] = presses(desk)
    assert (pressed.action, pressed.value, pressed.thread, pressed.ref) == ("not_meant", "m1", thread, ref)


async def test_a_menu_entry(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.press(desk.anna, desk.channel, thread, "tl:menu:1", "Message display")

    [pressed] = presses(desk)
    assert (pressed.action, pressed.value) == ("display", "t1")


async def test_a_menu_entry_that_asks_first(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.press(desk.anna, desk.channel, thread, "tl:menu:1", "Remove conversation")
    view = await desk.until(lambda: desk.slack.modal(desk.anna))
    assert presses(desk) == []
    assert "Remove Bob?" in desk.slack.show(view)

    await desk.slack.submit(desk.anna)

    [pressed] = presses(desk)
    assert (pressed.action, pressed.value, pressed.thread) == ("remove", "t1", thread)
    assert desk.slack.modal(desk.anna) is None


async def test_a_question_that_is_declined(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.press(desk.anna, desk.channel, thread, "tl:menu:1", "Remove conversation")
    await desk.until(lambda: desk.slack.modal(desk.anna))
    await desk.slack.close_view(desk.anna)

    assert presses(desk) == []


async def test_a_question_to_one_person_goes_when_answered(desk: Rig) -> None:
    thread = await desk.open()
    ask = Post("", "Costs 3 credits. Send?", buttons=(Button("confirm_send", "Send", "m1"),))
    await desk.platform.tell(DESK, thread, desk.anna, ask, None)
    [seen] = desk.slack.ephemerals
    await desk.slack.press(desk.anna, desk.channel, seen.ts, "tl:confirm_send:0")

    [pressed] = presses(desk)
    assert (pressed.action, pressed.value, pressed.thread, pressed.ref) == (
        "confirm_send",
        "m1",
        thread,
        None,
    )
    await desk.until(lambda: desk.slack.ephemerals == [])


async def test_nothing_is_acknowledged_that_was_not_stored(desk: Rig) -> None:
    thread = await desk.open()
    desk.sink.down = True
    desk.slack.courier.ack_timeout = 0.3
    with pytest.raises(NoAckError):
        await desk.slack.press(desk.anna, desk.channel, thread, "tl:resolve:0")


@pytest.mark.parametrize(("callback", "action"), [("send_as_sms", "send"), ("retry_send", "retry")])
async def test_shortcuts_on_a_reply(desk: Rig, callback: str, action: str) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "draft")
    await desk.slack.shortcut(desk.anna, callback, desk.channel, ts)

    [pressed] = presses(desk)
    assert (pressed.action, pressed.thread, pressed.ref) == (action, thread, ts)


@pytest.mark.parametrize("callback", ["remove_conversation", "unsubscribe_contact"])
async def test_shortcuts_that_ask_first(desk: Rig, callback: str) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "bye")
    await desk.slack.shortcut(desk.anna, callback, desk.channel, ts)
    await desk.until(lambda: desk.slack.modal(desk.anna))
    assert presses(desk) == []
    await desk.slack.submit(desk.anna)

    [pressed] = presses(desk)
    assert (pressed.action, pressed.thread, pressed.ref) == (callback.split("_")[0], thread, ts)


# -- /sms ----------------------------------------------------------------------------------------------------


async def test_new_with_text(desk: Rig) -> None:
    answer = await desk.slack.command(
        desk.anna, desk.channel, "/sms", "new (555) 010-0199 See you at 5 &amp; bye"
    )

    [pressed] = presses(desk)
    assert pressed.action == "new" and pressed.author.name == "Anna"
    assert pressed.form == {"number": "+15550100199", "text": "See you at 5 & bye", "line": "main"}
    assert "(555) 010-0199" in answer["text"]


async def test_new_without_text_opens_the_form_with_the_number_filled_in(desk: Rig) -> None:
    await desk.slack.command(desk.anna, desk.channel, "/sms", "new 5550100199")
    view = await desk.until(lambda: desk.slack.modal(desk.anna))
    assert "(555) 010-0199" in desk.slack.show(view)
    assert presses(desk) == []

    await desk.slack.submit(desk.anna, values={"text": "Hello"})

    [pressed] = presses(desk)
    assert (pressed.action, pressed.form) == ("new", {"number": "+15550100199", "text": "Hello"})


async def test_people_and_numbers_are_offered_while_one_types(desk: Rig) -> None:
    await desk.slack.shortcut(desk.anna, "new_conversation")
    await desk.until(lambda: desk.slack.modal(desk.anna))
    by_name = await desk.slack.suggest(desk.anna, "number", "ana")
    assert [option["value"] for option in by_name] == ["+15550100120", "+15550100121"]
    [unknown] = await desk.slack.suggest(desk.anna, "number", "555 010 0150")
    assert (unknown["text"]["text"], unknown["value"]) == ("(555) 010-0150", "+15550100150")
    assert await desk.slack.suggest(desk.anna, "number", "zzz") == []


@pytest.mark.parametrize("text", ["", "help", "dance `<!channel>`", "lists remove x", "template Thanks"])
async def test_other_commands_are_answered_politely(desk: Rig, text: str) -> None:
    answer = await desk.slack.command(desk.anna, desk.channel, "/sms", text)

    assert answer["response_type"] == "ephemeral"
    assert answer["text"] and "<!" not in answer["text"]
    assert presses(desk) == []


async def test_a_panel_opens_another_in_its_place_and_its_form_says_what_is_wrong(desk: Rig) -> None:
    await desk.slack.command(desk.anna, desk.channel, "/sms", "settings")
    view = await desk.until(lambda: desk.slack.modal(desk.anna))
    assert "Hold before sending" in desk.slack.show(view)
    await desk.slack.press_in_view(desk.anna, "tl:panel:0")
    await desk.until(lambda: (desk.slack.modal(desk.anna) or {}).get("submit"))

    answer = await desk.slack.submit(desk.anna, values={"value": "forever"})
    assert "a number from 0 to 600" in answer["errors"]["value"]
    assert presses(desk) == []
    await desk.slack.submit(desk.anna, values={"value": "30"})

    [pressed] = presses(desk)
    assert (pressed.action, pressed.form) == ("set", {"name": "hold_seconds", "line": "", "value": "30"})


async def test_a_setting_can_be_typed(desk: Rig) -> None:
    await desk.slack.command(desk.anna, desk.channel, "/sms", "settings hold_seconds 12")
    [pressed] = presses(desk)
    assert pressed.form == {"name": "hold_seconds", "value": "12"}
    answer = await desk.slack.command(desk.anna, desk.channel, "/sms", "settings hold_seconds soon")
    assert "a number from 0 to 600" in answer["text"]


async def test_the_card_answers_with_a_template(desk: Rig) -> None:
    card = Card("Bob", (), menu=(opens("pick", "Answer with a template"),))
    thread = await desk.platform.open_thread(DESK, card, "o1")
    await desk.slack.press(desk.anna, desk.channel, thread, "tl:menu:0", "panel:pick:")
    await desk.until(lambda: desk.slack.modal(desk.anna))
    await desk.slack.press_in_view(desk.anna, "tl:panel:0")
    await desk.until(lambda: (desk.slack.modal(desk.anna) or {}).get("submit"))
    view = desk.slack.modal(desk.anna)
    assert "one SMS, 1 credit." in desk.slack.show(view)
    await desk.slack.submit(desk.anna)

    [pressed] = presses(desk)
    assert (pressed.action, pressed.thread, pressed.value) == ("reply", thread, "thread-1")
    assert pressed.form == {"text": "Thank you!", "template": "Thanks", "answered": ""}
    assert [(name, asker.thread) for name, _, asker in desk.panels.asked] == [
        ("pick", thread),
        ("use", thread),
    ]


async def test_what_a_channel_holds_is_shown_to_its_members_only(desk: Rig) -> None:
    bob = desk.slack.add_user("Bob")  # after the channel: he is not in it
    await desk.slack.open_home(bob)
    view = await desk.until(lambda: desk.slack.home(bob))
    assert "That is for those who are in #support" in desk.slack.show(view)
    assert desk.panels.asked == []
    for typed in ("settings hold_seconds 60", "new +15550100199 Hello", "inbox"):
        answer = await desk.slack.command(bob, desk.channel, "/sms", typed)
        assert "That is for those who are in #support" in answer["text"]
    assert presses(desk) == [] and desk.slack.modal(bob) is None


async def test_the_home_tab_is_the_inbox(desk: Rig) -> None:
    thread = "1700000000.000100"
    rows = tuple(Row(f"Person {n} {'x' * 4000}", "waiting " * 500, thread=thread) for n in range(60))
    further = opens("inbox", "Next page", "waiting:1")
    desk.panels.panels["inbox"] = Panel("inbox", "Inbox", "Waiting: 60.", rows, buttons=(further,))
    await desk.slack.open_home(desk.anna)
    view = await desk.until(lambda: desk.slack.home(desk.anna))
    shown = desk.slack.show(view)
    assert "Person 39" in shown and "Settings" in shown
    await desk.slack.press_in_view(desk.anna, "tl:panel:900", view=view)
    await desk.until(lambda: desk.panels.asked[-1][:2] == ("inbox", "waiting:1"))


async def test_what_became_of_a_message_is_told(desk: Rig) -> None:
    thread = await desk.platform.open_thread(DESK, Card("Bob", ()), "o1")
    desk.panels.panels["message"] = Panel("message", "What became of it", "It arrived on their phone.")
    ref = await desk.slack.say(desk.anna, desk.channel, "Hello", thread_ts=thread)
    await desk.slack.shortcut(desk.anna, "message_story", desk.channel, ref)
    view = await desk.until(lambda: desk.slack.modal(desk.anna))
    assert "It arrived" in desk.slack.show(view)
    assert desk.panels.asked[-1][2].ref == ref


async def test_a_form_that_does_not_open_says_so_and_breaks_nothing(desk: Rig) -> None:
    desk.slack.misbehave("views.open", Drop(after_storing=False))
    await desk.slack.command(desk.anna, desk.channel, "/sms", "new")
    await desk.until(lambda: [line for line in desk.log.lines if line[0] == "slack_after_press"])
    [seen] = desk.slack.ephemerals
    assert (seen.user, seen.text.partition(".")[0]) == (desk.anna, "It could not be opened in time")
    await desk.slack.command(desk.anna, desk.channel, "/sms", "new")
    await desk.until(lambda: desk.slack.modal(desk.anna))


async def test_what_was_begun_is_finished_at_the_end(desk: Rig) -> None:
    done = []

    async def slow() -> None:
        await asyncio.sleep(0.2)
        done.append(True)

    desk.platform._ears._later(slow)
    await desk.hang_up()

    assert done == [True]
