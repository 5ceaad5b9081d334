"""What staff do in Telegram, as threadline hears it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bridge.errors import Unusable
from bridge.model.events import StaffEdited
from bridge.model.shapes import Button, Post
from connectors.chat.telegram.albums import CURSOR
from connectors.chat.telegram.commands import help_text
from connectors.chat.telegram.listening import MAX_BODY, OFFSET
from tests.contract.telegram_rig import DESK, ID, JPEG, Rig, rig
from tests.emulators.misbehave import html, rate_limit
from tests.emulators.telegram import Message, Press


@pytest.fixture(params=["polling", "webhook"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """A desk, once fetching its updates and once having them brought."""
    async with rig(request.param) as one:
        yield one


@pytest.fixture
async def polling() -> AsyncIterator[Rig]:
    async with rig("polling") as one:
        yield one


@pytest.fixture
async def webhook() -> AsyncIterator[Rig]:
    async with rig("webhook") as one:
        yield one


# -- messages ------------------------------------------------------------------------------------------------


async def test_a_reply_is_heard_and_confirmed(desk: Rig) -> None:
    thread = await desk.open()
    message = await desk.say("Coming at 5 😀", thread)

    [wrote] = await desk.heard()

    assert (wrote.desk, wrote.thread, wrote.ref) == (DESK, thread, str(message.message_id))
    assert (wrote.text, wrote.author.name, wrote.author.standing) == (
        "Coming at 5 😀",
        "Anna Lopez",
        "member",
    )
    await desk.settle()
    assert desk.platform.health() == "ok"


async def test_order_is_kept(desk: Rig) -> None:
    thread = await desk.open()
    for number in range(20):
        await desk.say(f"line {number}", thread)

    await desk.heard(20)

    assert desk.sink.texts == [f"line {number}" for number in range(20)]
    orders = [one.order for one in desk.sink.wrote]
    assert sorted(orders) == orders


async def test_general_is_no_thread(desk: Rig) -> None:
    await desk.say("Lunch?")

    [wrote] = await desk.heard()

    assert wrote.thread is None


async def test_our_own_topic_and_card_are_not_heard(desk: Rig) -> None:
    thread = await desk.open()
    await desk.tg.rename_topic(desk.anna, desk.tg.group, int(thread), "Robert")
    await desk.tg.close_topic(desk.anna, desk.tg.group, int(thread))
    await desk.tg.join("Ben", desk.tg.group)
    await desk.settle()

    assert desk.sink.events == {}


async def test_an_anonymous_administrator_cannot_be_held_to_a_name(desk: Rig) -> None:
    thread = await desk.open()
    await desk.say("Sure", thread, sender_chat=desk.tg.group)

    [wrote] = await desk.heard()

    assert (wrote.author.standing, wrote.author.name) == ("anonymous", "Support")


async def test_other_chats_are_left_alone_and_named_once(desk: Rig) -> None:
    other = desk.tg.add_group("Other")
    for _ in range(2):
        await desk.tg.say(desk.anna, other, "/help me")
        await desk.tg.say(desk.anna, desk.tg.private(desk.anna), "hello bot")
    await desk.settle()

    assert desk.sink.events == {}
    named = [fields["chat"] for event, fields in desk.log.lines if event == "telegram_chat_is_no_desk"]
    assert len(named) == 2 and set(named) == {other.id, desk.anna.id}


async def test_an_edit_counts_when_a_word_changed(desk: Rig) -> None:
    thread = await desk.open()
    message = await desk.say("Coming", thread)
    await desk.heard()

    await desk.tg.edit(message, "Coming")
    await desk.tg.edit(message, "Coming at 6")
    await desk.until(lambda: desk.sink.of(StaffEdited))
    await desk.settle()

    [edited] = desk.sink.of(StaffEdited)
    assert (edited.ref, edited.text) == (str(message.message_id), "Coming at 6")


async def test_edits_that_come_together_count_one_by_one(desk: Rig) -> None:
    thread = await desk.open()
    desk.tg.hold_updates()
    message = await desk.say("a", thread)
    for text in ("b", "b", "a"):
        await desk.tg.edit(message, text)
    withdrawn = await desk.say("to be or", thread)
    await desk.tg.edit(withdrawn, "/remove")
    desk.tg.release_updates()
    await desk.until(lambda: len(desk.sink.of(StaffEdited)) == 3)

    assert [edited.text for edited in desk.sink.of(StaffEdited)] == ["b", "a", "// /remove"]


async def test_two_edits_in_one_second_are_two(desk: Rig) -> None:
    message = await desk.say("a", await desk.open())
    for text in ("b", "c"):
        await desk.tg.edit(message, text)
    await desk.until(lambda: len(desk.sink.of(StaffEdited)) == 2)

    assert [edited.text for edited in desk.sink.of(StaffEdited)] == ["b", "c"]


# -- repeated, lost, late ------------------------------------------------------------------------------------


async def test_the_same_update_after_a_restart_is_one_event(desk: Rig) -> None:
    thread = await desk.open()
    await desk.say("Coming", thread)
    await desk.heard()
    await desk.settle()

    await desk.again()
    desk.tg.repeat_updates(1)
    await desk.say("Soon", thread)
    await desk.heard(2)

    assert desk.sink.texts == ["Coming", "Soon"]


async def test_what_was_written_while_we_were_down_is_heard(desk: Rig) -> None:
    thread = await desk.open()
    await desk.down()
    await desk.say("Anybody there?", thread)
    await desk.up()

    [wrote] = await desk.heard()

    assert wrote.text == "Anybody there?"


async def test_nothing_is_confirmed_that_is_not_stored(desk: Rig) -> None:
    thread = await desk.open()
    await desk.settle()
    desk.sink.down = True
    await desk.say("Keep me", thread)
    await desk.say("And me", thread)
    await desk.until(lambda: desk.sink.refused >= 1)

    assert len(desk.tg.updates.pending) == 2
    await desk.until(lambda: desk.platform.health() != "ok")
    desk.sink.down = False
    await desk.heard(2)
    await desk.settle()
    assert desk.sink.texts == ["Keep me", "And me"]
    assert desk.platform.health() == "ok"


async def test_the_offset_is_stored_with_the_updates(polling: Rig) -> None:
    await polling.say("Coming", await polling.open())
    await polling.heard()

    assert polling.sink.cursors[OFFSET] == str(polling.tg.updates.history[-1].id)


async def test_another_bot_does_not_inherit_the_offset() -> None:
    async with rig(listen=False) as desk:
        await desk.down()
        desk.sink.cursors |= {OFFSET: "999999999", "telegram:bot": "1"}
        await desk.say("First words")
        await desk.up()

        [wrote] = await desk.heard()

        assert wrote.text == "First words"


async def test_a_second_poller_is_named_and_outlasted(polling: Rig) -> None:
    url = f"{polling.tg.api_url}/bot{polling.tg.bot_token}/getUpdates"
    async with aiohttp.ClientSession() as session, session.post(url, data={"timeout": "0"}):
        await polling.until(lambda: "another program" in polling.platform.health())

    await polling.say("Coming", await polling.open())
    await polling.heard()
    await polling.until(lambda: polling.platform.health() == "ok")


async def test_a_webhook_set_meanwhile_is_named(polling: Rig) -> None:
    polling.tg.updates.set_webhook("https://elsewhere.example.org/", None, 40)

    await polling.until(lambda: "webhook" in polling.platform.health())


async def test_telegram_away_or_in_pieces_is_waited_for(polling: Rig) -> None:
    thread = await polling.open()
    await polling.tg.down()
    await polling.until(lambda: "not listening" in polling.platform.health())
    polling.tg.misbehave("getUpdates", html(), rate_limit(1))
    await polling.tg.up()
    await polling.say("Still here", thread)

    await polling.until(lambda: polling.sink.wrote, 12)


async def test_an_update_that_cannot_be_understood_holds_none_back(desk: Rig) -> None:
    thread = await desk.open()
    strange = {"message_id": "?", "chat": {"id": desk.chat, "type": "supergroup"}, "date": "never"}
    desk.tg.updates.push("message", strange, desk.chat)
    await desk.say("Coming", thread)

    await desk.heard()

    assert desk.sink.texts == ["Coming"]
    assert desk.platform.health() == "ok"
    assert "telegram_update_not_understood" in [event for event, _ in desk.log.lines]


# -- albums --------------------------------------------------------------------------------------------------


async def test_an_album_is_one_message(desk: Rig) -> None:
    thread = await desk.open()
    pictures = [("photo", JPEG), ("photo", JPEG), ("photo", JPEG)]
    message = await desk.say("The leak", thread, media_group=pictures)

    [wrote] = await desk.heard()
    await desk.settle()

    assert (wrote.text, len(wrote.media), wrote.ref) == ("The leak", 3, str(message.message_id))
    assert len(desk.sink.wrote) == 1
    assert json.loads(desk.sink.cursors[CURSOR])["albums"] == {}


async def test_an_album_outlives_the_daemon_and_its_repetition(desk: Rig) -> None:
    thread = await desk.open()
    await desk.say("The leak", thread, media_group=[("photo", JPEG), ("photo", JPEG)])
    await desk.until(lambda: len(json.loads(desk.sink.cursors.get(CURSOR) or "{}").get("albums", {})) == 1)
    await desk.until(lambda: not desk.tg.updates.pending or desk.mode == "polling")

    await desk.again()
    await desk.heard()
    desk.tg.repeat_updates(2)
    await desk.say("Soon", thread)
    await desk.heard(2)

    assert [(one.text, len(one.media)) for one in desk.sink.wrote] == [("The leak", 2), ("Soon", 0)]


async def test_what_follows_an_album_does_not_overtake_it(desk: Rig) -> None:
    thread = await desk.open()
    await desk.say("", thread, media_group=[("photo", JPEG), ("photo", JPEG)])
    await desk.say("See above", thread)

    await desk.heard(2)

    assert [(one.text, len(one.media)) for one in desk.sink.wrote] == [("", 2), ("See above", 0)]


async def test_what_comes_before_an_album_does_not_end_it(polling: Rig) -> None:
    """The first part may come in one batch with a text before it, and the last in the next one."""
    thread = await polling.open()
    polling.tg.hold_updates()
    await polling.say("Look", thread)
    await polling.say("", thread, media_group=[("photo", JPEG), ("photo", JPEG), ("photo", JPEG)])
    first, *parts = polling.tg.updates._held or []
    polling.tg.updates._held = parts[2:]
    polling.tg.updates._arrived([first, *parts[:2]])
    await polling.until(lambda: polling.sink.texts == ["Look"])
    polling.tg.release_updates()

    await polling.heard(2)

    assert [(one.text, len(one.media)) for one in polling.sink.wrote] == [("Look", 0), ("", 3)]


async def test_the_words_of_an_album_can_be_edited_at_once(desk: Rig) -> None:
    message = await desk.say("Draft", await desk.open(), media_group=[("photo", JPEG), ("photo", JPEG)])
    await desk.tg.edit(message, "Better")
    await desk.until(lambda: desk.sink.of(StaffEdited))

    assert desk.sink.texts == ["Draft"]
    assert desk.sink.of(StaffEdited)[0].text == "Better"


async def test_a_command_on_an_album_is_a_command(desk: Rig) -> None:
    thread = await desk.open()
    await desk.say("/note for Ben", thread, media_group=[("photo", JPEG), ("photo", JPEG)])

    [wrote] = await desk.heard()

    assert (wrote.text, len(wrote.media)) == ("// for Ben", 2)


# -- commands ------------------------------------------------------------------------------------------------


async def test_commands_of_a_topic(desk: Rig) -> None:
    thread = await desk.open()
    draft = await desk.say("Draft", thread)
    await desk.say("/send", reply_to=draft)
    for text in ("/resolve@threadline_bot", "/display all", "/resolve@otherbot"):
        await desk.say(text, thread)
    await desk.until(lambda: len(desk.sink.pressed) == 3)
    await desk.settle()

    told = [(one.action, one.value, one.thread, one.ref) for one in desk.sink.pressed]
    assert told == [
        ("send", "", thread, str(draft.message_id)),
        ("resolve", "", thread, None),
        ("display", "all", thread, None),
    ]
    assert desk.sink.texts == ["Draft"]


async def test_a_new_conversation(desk: Rig) -> None:
    await desk.say("/new (555) 010-0199 Your keys are here")
    await desk.until(lambda: desk.sink.pressed)

    [new] = desk.sink.pressed
    assert (new.action, new.thread) == ("new", None)
    assert new.form == {"number": "(555) 010-0199", "text": "Your keys are here"}


async def test_an_unknown_command_is_held_back_and_explained(desk: Rig) -> None:
    thread = await desk.open()
    slip = await desk.say("/unsubscibe", thread)
    await desk.settle()
    await desk.until(lambda: len(desk.shown(thread)) == 3)

    assert desk.sink.events == {}
    answer = desk.shown(thread)[-1]
    assert "unsubscibe" in answer.text and "nothing was sent" in answer.text
    assert answer.data["reply_to_message"]["message_id"] == slip.message_id


async def test_help_is_answered_on_the_spot(desk: Rig) -> None:
    await desk.say("/help")
    await desk.until(lambda: desk.answers(None))

    assert desk.answers(None) == [help_text(desk.panels.commands())]
    assert desk.sink.events == {}


async def test_telegram_offers_the_commands(polling: Rig) -> None:
    [(scope, offered)] = polling.tg.commands.items()

    assert str(polling.chat) in scope
    assert {"note", "resolve", "new", "help"} <= {one["command"] for one in offered}


# -- buttons and reactions -----------------------------------------------------------------------------------


async def test_a_press_is_stored_and_then_answered(desk: Rig) -> None:
    thread = await desk.open()
    card = desk.shown(thread)[0]
    desk.sink.down = True
    press = await desk.tg.press(desk.anna, desk.tg.group, card, "Resolve")
    await desk.until(lambda: desk.sink.refused)
    assert not press.answered

    desk.sink.down = False
    await desk.until(lambda: press.answered)

    [pressed] = desk.sink.pressed
    assert (pressed.action, pressed.value, pressed.thread) == ("resolve", ID, thread)
    assert (pressed.ref, pressed.author.name) == (str(card.message_id), "Anna Lopez")


async def test_a_button_that_asks_acts_at_the_second_press(desk: Rig) -> None:
    thread = await desk.open()
    card = desk.shown(thread)[0]
    before = list(card.buttons)

    await _press(desk, card, "Remove conversation")
    assert [one["text"] for one in card.buttons[-2:]] == ["Yes: Remove conversation", "No"]
    await _press(desk, card, "No")
    assert card.buttons == before
    assert desk.sink.events == {}
    await _press(desk, card, "Remove conversation")
    await _press(desk, card, "Yes: Remove")

    [pressed] = desk.sink.pressed
    assert (pressed.action, pressed.value) == ("remove", ID)


async def test_a_question_that_telegram_puts_off_says_so(desk: Rig) -> None:
    card = desk.shown(await desk.open())[0]
    desk.tg.misbehave("editMessageReplyMarkup", rate_limit(9))

    press = await _press(desk, card, "Remove conversation")

    assert "9 s" in str(press.text)
    assert desk.sink.events == {}


async def test_a_message_that_is_not_shown_to_us_can_be_pressed(desk: Rig) -> None:
    card = desk.shown(await desk.open())[0]

    press = await desk.tg.press(desk.anna, desk.tg.group, card, "Resolve", inaccessible=True)
    await desk.until(lambda: press.answered)

    [pressed] = desk.sink.pressed
    assert (pressed.thread, pressed.ref) == (None, str(card.message_id))


async def test_strangers_may_press_but_are_known_as_such(desk: Rig) -> None:
    card = desk.shown(await desk.open())[0]

    await desk.tg.press("Mallory", desk.tg.group, card, "Resolve", stranger=True)
    await desk.tg.press(desk.anna, desk.tg.group, card, "Resolve")
    await desk.until(lambda: len(desk.sink.pressed) == 2)
    await desk.tg.leave(desk.anna, desk.tg.group)
    await desk.settle()
    await desk.tg.press(desk.anna, desk.tg.group, card, "Resolve", stranger=True)
    await desk.until(lambda: len(desk.sink.pressed) == 3)

    standings = {(one.author.name, one.author.standing) for one in desk.sink.pressed}
    assert standings == {("Mallory", "stranger"), ("Anna Lopez", "member"), ("Anna Lopez", "stranger")}


async def test_buttons_of_posts_carry_at_most_64_bytes(desk: Rig) -> None:
    buttons = (Button("correct", "It is natural", f"{ID}:natural"), Button("note", "Endless", "x" * 60))
    thread = await desk.open()
    await desk.platform.post(DESK, thread, Post("Bob", "Hi", buttons=buttons), [], "k")

    [shown] = desk.shown(thread)[-1].buttons
    assert shown["callback_data"] == f"correct:{ID}:natural"
    assert "telegram_button_left_out" in [event for event, _ in desk.log.lines]


async def test_a_dove_sends(desk: Rig) -> None:
    message = await desk.say("Draft", await desk.open())
    await desk.heard()
    await desk.tg.react(desk.anna, desk.tg.group, message, "👍")
    await desk.tg.react(desk.anna, desk.tg.group, message, "🕊")
    await desk.tg.react("Boss", desk.tg.group, message, "🕊", anonymous=True)
    await desk.until(lambda: len(desk.sink.pressed) == 2)

    assert {(one.action, one.ref) for one in desk.sink.pressed} == {("send", str(message.message_id))}
    assert sorted(one.author.standing for one in desk.sink.pressed) == ["anonymous", "member"]


async def _press(desk: Rig, card: Message, what: str) -> Press:
    press = await desk.tg.press(desk.anna, desk.tg.group, card, what)
    await desk.until(lambda: press.answered)
    return press


# -- the group -----------------------------------------------------------------------------------------------


async def test_a_group_that_moves_is_followed_for_good(polling: Rig) -> None:
    basic = polling.tg.add_group("Small", basic=True)
    await polling.down()
    polling.chat = basic.id
    await polling.up()

    moved = await polling.tg.migrate(basic)
    await polling.tg.say(polling.anna, moved, "We have topics now")
    await polling.heard()
    thread = await polling.open()
    await polling.again()
    await polling.post(thread, "Hi")

    assert polling.sink.cursors[f"telegram:chat:{DESK}"] == f"{basic.id} {moved.id}"
    assert [m.text for m in polling.tg.messages(moved, int(thread))][-1] == "Bob\nHi"


async def test_a_removed_bot_says_so_and_recovers(desk: Rig) -> None:
    await desk.tg.kick_bot(desk.tg.group)
    await desk.until(lambda: "removed from the group" in desk.platform.health())
    await desk.tg.set_bot(desk.tg.group, "member")
    await desk.until(lambda: "no administrator" in desk.platform.health())
    await desk.tg.set_bot(desk.tg.group, "administrator")
    await desk.until(lambda: desk.platform.health() == "ok")


async def test_one_desk_that_is_unwell_stops_no_other(polling: Rig) -> None:
    await polling.down()
    polling.chat = -100999
    await polling.up()

    assert "chat" in polling.platform.health() and DESK in polling.platform.health()


async def test_a_wrong_token_is_not_repeated() -> None:
    async with rig(listen=False) as desk:
        right, desk.tg.bot_token = desk.tg.bot_token, "1:AAAAAAAAAAAAAAAAAAAAAAAAA"
        platform = desk.make()
        wrong, desk.tg.bot_token = desk.tg.bot_token, right

        with pytest.raises(Unusable) as refusal:
            await platform.start()
        await platform.stop()

        assert "token" in refusal.value.reason
        assert wrong not in repr(refusal.value) and wrong not in str(refusal.value.__cause__)


# -- the webhook ---------------------------------------------------------------------------------------------


async def _bring(desk: Rig, body: bytes, secret: str | None) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    url = f"{desk.public_url}/telegram/webhook"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as answer,
    ):
        assert not await answer.read()
        return answer.status


@pytest.mark.parametrize("secret", [None, "", "wrong", "wröng"])
async def test_only_telegram_may_bring_updates(webhook: Rig, secret: str | None) -> None:
    forged = {"update_id": 1, "message": {"message_id": 9, "chat": {"id": webhook.chat}, "text": "hi"}}

    assert await _bring(webhook, json.dumps(forged).encode(), secret) == 403
    assert webhook.sink.events == {}


async def test_what_is_no_update_is_refused_by_size_or_taken_and_told(webhook: Rig) -> None:
    secret = webhook.platform._config.secret()

    assert await _bring(webhook, b"x" * (MAX_BODY + 1), secret) == 413
    assert await _bring(webhook, b"{", secret) == 200
    assert await _bring(webhook, b"[]", secret) == 200
    told = [event for event, _ in webhook.log.lines]
    assert told.count("telegram_webhook_unreadable") == 2


async def test_telegram_is_told_the_secret_and_what_to_bring(webhook: Rig) -> None:
    hook = webhook.tg.updates.webhook

    assert hook and hook.url == f"{webhook.public_url}/telegram/webhook"
    assert hook.secret_token == webhook.platform._config.secret()
    assert {"chat_member", "message_reaction", "edited_message"} <= set(webhook.tg.updates.allowed)


async def test_a_store_that_is_away_is_a_503(webhook: Rig) -> None:
    webhook.sink.down = True
    await webhook.say("Keep me")
    await webhook.until(lambda: webhook.tg.updates.attempts)

    assert webhook.tg.updates.attempts[0].status == 503
    webhook.sink.down = False
    await webhook.heard()


async def test_polling_has_no_route_and_takes_a_left_webhook_away() -> None:
    async with rig("webhook") as desk:
        await desk.down()
        desk.mode = "polling"
        await desk.up()

        assert desk.tg.updates.webhook is None
        assert desk.platform.routes() == []
        await desk.say("Coming", await desk.open())
        await desk.heard()


async def test_listening_ends_when_it_is_told_to(desk: Rig) -> None:
    task = desk.tasks[0]
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 2)
