"""What threadline does in Telegram, and what it says when Telegram will not."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from telegram.constants import ReactionEmoji

from bridge.errors import ConnectorError, Gone, Rejected, Throttled, Unreachable, Unsure, Unusable
from bridge.model.nouns import Media
from bridge.model.shapes import Button, File, Mark, Post
from connectors.chat.telegram.writing import MARKS
from tests.contract.telegram_rig import CARD, DESK, ID, JPEG, Rig, rig
from tests.emulators.misbehave import (
    drop_after,
    drop_before,
    half_answer,
    html,
    rate_limit,
    server_error,
    stall,
)
from tests.emulators.telegram.errors import bad

PHOTO = File("a.jpg", "image/jpeg", JPEG)
BROKEN = File("b.jpg", "image/jpeg", b"no picture")
PDF = File("c.pdf", "application/pdf", b"pdf")


@pytest.fixture
async def desk() -> AsyncIterator[Rig]:
    async with rig(listen=False) as one:
        yield one


def _refuse_once(desk: Rig, method: str, description: str) -> None:
    """Let the next call of a method be refused with these words."""
    usual = desk.tg._methods[method]

    async def refuse(call: Any) -> Any:
        desk.tg._methods[method] = usual
        raise bad(description)

    desk.tg._methods[method] = refuse


# -- topics and cards ----------------------------------------------------------------------------------------


async def test_a_thread_is_a_topic_headed_by_its_card(desk: Rig) -> None:
    thread = await desk.open()

    [card] = desk.shown(thread)
    assert desk.tg.group.topics[int(thread)].name == "Bob Miller"
    assert card.text == "Bob Miller\nNumber: (555) 010-0199\nLine: main"
    assert [b["text"] for b in card.buttons] == ["Resolve", "Message display", "Remove conversation"]
    assert desk.sink.cursors[f"telegram:card:{DESK}:{thread}"] == f"{card.message_id} Bob Miller"


async def test_the_card_is_drawn_anew_where_it_stands(desk: Rig) -> None:
    thread = await desk.open()
    opted_out = replace(CARD, notice="Opted out: nothing can be sent", buttons=())

    for _ in range(2):  # "message is not modified" is as good as done
        await desk.platform.update_card(DESK, thread, opted_out)

    [card] = desk.shown(thread)
    assert "⚠️ Opted out" in card.text
    assert [b["text"] for b in card.buttons] == ["Message display", "Remove conversation"]
    assert desk.tg.calls_to("editForumTopic") == []


async def test_the_topic_is_named_after_the_card(desk: Rig) -> None:
    thread = await desk.open(replace(CARD, title="(555) 010-0199"))

    for _ in range(2):
        await desk.platform.update_card(DESK, thread, CARD)

    assert desk.tg.group.topics[int(thread)].name == "Bob Miller"
    assert len(desk.tg.calls_to("editForumTopic")) == 1


async def test_a_card_that_somebody_deleted_comes_again(desk: Rig) -> None:
    thread = await desk.open()
    await desk.tg.delete(desk.tg.group, desk.shown(thread)[0])

    await desk.platform.update_card(DESK, thread, CARD)
    await desk.platform.update_card(DESK, thread, replace(CARD, notice="Resolved"))

    [card] = desk.shown(thread)
    assert "Resolved" in card.text


@pytest.mark.parametrize("fault", [rate_limit(7), server_error(), drop_after(), drop_before()])
async def test_a_topic_without_card_is_a_topic(desk: Rig, fault: Any) -> None:
    desk.tg.misbehave("sendMessage", fault)

    thread = await desk.open()
    await desk.post(thread, "Hi")
    await desk.platform.update_card(DESK, thread, CARD)

    assert len(desk.tg.group.topics) == 1
    texts = [m.text for m in desk.shown(thread)]
    assert "Bob\nHi" in texts and any(text.startswith("Bob Miller") for text in texts)
    if fault == rate_limit(7):  # surely not drawn: then it goes before the first post
        assert [text.split("\n")[0] for text in texts] == ["Bob Miller", "Bob"]


async def test_a_card_that_the_store_cannot_keep_is_drawn_once_more(desk: Rig) -> None:
    desk.sink.down = True
    thread = await desk.open()
    desk.sink.down = False

    await desk.platform.update_card(DESK, thread, replace(CARD, notice="Resolved"))
    await desk.platform.update_card(DESK, thread, replace(CARD, notice="Open"))

    assert ["Open" in m.text for m in desk.shown(thread)] == [False, True]


async def test_a_name_from_outside_cannot_act(desk: Rig) -> None:
    thread = await desk.open(replace(CARD, title="@anna /remove", facts=(("Name", "/resolve @anna"),)))

    [card] = desk.shown(thread)
    assert {e["type"] for e in card.data["entities"]} == {"bold"}


async def test_remove_deletes_the_topic(desk: Rig) -> None:
    thread = await desk.open()

    for _ in range(2):
        await desk.platform.remove_thread(DESK, thread, replace(CARD, closed=True))

    assert desk.tg.group.topics == {}


async def test_a_topic_that_may_not_be_deleted_is_closed_under_a_bare_card(desk: Rig) -> None:
    thread = await desk.open()
    await desk.tg.set_bot(desk.tg.group, can_delete_messages=False)
    closed = replace(CARD, title="Conversation removed by Anna", facts=(), closed=True)

    for _ in range(2):
        await desk.platform.remove_thread(DESK, thread, closed)

    assert desk.tg.group.topics[int(thread)].closed
    [card] = desk.shown(thread)
    assert (card.text, card.buttons) == ("Conversation removed by Anna", [])


# -- posts ---------------------------------------------------------------------------------------------------


async def test_a_post_is_shown_literally(desk: Rig) -> None:
    thread = await desk.open()
    body = "<b>hi</b> *you* @anna /remove https://example.org/a_b_c"

    refs = await desk.post(thread, body, foot="why", buttons=(Button("retry", "Retry", ID),))

    shown = desk.shown(thread)[-1]
    assert refs == (str(shown.message_id),)
    assert shown.text.replace("\u2060", "") == f"Bob\n{body}\nwhy"
    assert [e["type"] for e in shown.data["entities"]] == ["bold", "url", "italic"]
    assert shown.data["link_preview_options"] == {"is_disabled": True}
    assert shown.buttons[0]["callback_data"] == f"retry:{ID}"
    assert all(call.get("parse_mode") is None for call in desk.tg.calls)


async def test_general_is_sent_to_without_an_id(desk: Rig) -> None:
    await desk.post(None, "Poll result")

    assert desk.answers(None) == ["Bob\nPoll result"]
    assert all(call.get("message_thread_id") is None for call in desk.tg.calls_to("sendMessage"))


async def test_a_post_of_3500_emoji_is_two_messages_in_order(desk: Rig) -> None:
    thread = await desk.open()

    refs = await desk.post(thread, "😀" * 3500)

    shown = desk.shown(thread)[1:]
    assert [str(m.message_id) for m in shown] == list(refs)
    assert "".join(m.text for m in shown).count("😀") == 3500


async def test_a_topic_deleted_by_hand_is_gone(desk: Rig) -> None:
    thread = await desk.open()
    await desk.tg.delete_topic(desk.tg.group, int(thread))

    for deed in (
        lambda: desk.post(thread),
        lambda: desk.platform.update_card(DESK, thread, CARD),
        lambda: desk.platform.tell(DESK, thread, "5", Post("", "psst"), None),
    ):
        with pytest.raises(Gone):
            await deed()


async def test_a_closed_topic_is_opened_again(desk: Rig) -> None:
    thread = await desk.open()
    await desk.tg.close_topic(desk.anna, desk.tg.group, int(thread))
    _refuse_once(desk, "sendMessage", "TOPIC_CLOSED")

    await desk.post(thread, "Hi")

    assert desk.shown(thread)[-1].text == "Bob\nHi"
    assert not desk.tg.group.topics[int(thread)].closed


async def test_a_group_that_moved_is_followed_and_remembered(desk: Rig) -> None:
    basic = desk.tg.add_group("Small", basic=True)
    await desk.down()
    desk.chat = basic.id
    await desk.up(listen=False)
    moved = await desk.tg.migrate(basic)

    thread = await desk.open()

    assert int(thread) in moved.topics
    assert desk.sink.cursors[f"telegram:chat:{DESK}"] == f"{basic.id} {moved.id}"


async def test_a_group_that_the_operator_changed_is_the_new_one(desk: Rig) -> None:
    await desk.down()
    desk.sink.cursors[f"telegram:chat:{DESK}"] = "-5 -1009999"
    await desk.up(listen=False)

    assert await desk.open()


async def test_an_edit_replaces_a_post(desk: Rig) -> None:
    thread = await desk.open()
    [ref] = await desk.post(thread, "Doubtful", buttons=(Button("opt_out", "Unsubscribe", ID),))

    for _ in range(2):
        await desk.platform.edit_post(DESK, thread, ref, Post("Bob", "Doubtful", foot="Anna: not meant so"))

    shown = desk.shown(thread)[-1]
    assert (shown.text, shown.buttons) == ("Bob\nDoubtful\nAnna: not meant so", [])
    with pytest.raises(Gone):
        await desk.platform.edit_post(DESK, thread, "99999", Post("Bob", "Hi"))


async def test_a_word_to_one_is_a_word_under_their_message(desk: Rig) -> None:
    thread = await desk.open()
    message = await desk.say("Coming", thread)

    await desk.platform.tell(DESK, thread, str(desk.anna.id), Post("", "Opted out."), str(message.message_id))
    await desk.tg.delete(desk.tg.group, message)
    await desk.platform.tell(DESK, thread, str(desk.anna.id), Post("", "Still."), str(message.message_id))

    first, second = desk.shown(thread)[-2:]
    assert first.data["reply_to_message"]["message_id"] == message.message_id
    assert second.text == "Still."


# -- files ---------------------------------------------------------------------------------------------------


async def test_a_picture_carries_the_words_and_can_be_edited(desk: Rig) -> None:
    thread = await desk.open()
    [ref] = await desk.post(thread, "Look @anna", [PHOTO], buttons=(Button("retry", "Retry", ID),))

    shown = desk.shown(thread)[-1]
    assert "photo" in shown.data and shown.text == "Bob\nLook @\u2060anna"
    assert [e["type"] for e in shown.data["caption_entities"]] == ["bold"]
    await desk.platform.edit_post(DESK, thread, ref, Post("Bob", "x" * 2000))
    assert shown.text.endswith("…") and shown.buttons == []


async def test_several_pictures_are_an_album_of_one_request(desk: Rig) -> None:
    thread = await desk.open()

    refs = await desk.post(thread, "Look", [PHOTO, PHOTO])

    assert len(refs) == len(desk.tg.calls_to("sendMediaGroup")) + 1 == 2
    assert [m.text for m in desk.shown(thread)[1:]] == ["Bob\nLook", ""]


async def test_a_picture_that_telegram_cannot_read_is_a_document(desk: Rig) -> None:
    thread = await desk.open()

    refs = await desk.post(thread, "Look", [PHOTO, BROKEN])

    assert len(refs) == 2
    assert ["document" in m.data for m in desk.shown(thread)[1:]] == [True, True]
    assert desk.shown(thread)[1].text == "Bob\nLook"


async def test_a_file_that_telegram_refuses_does_not_cost_the_words(desk: Rig) -> None:
    thread = await desk.open()

    await desk.post(thread, "Look", [File("empty.pdf", "application/pdf", b"")])

    assert desk.shown(thread)[-1].text.startswith("Bob\nLook\n(empty.pdf could not be shown here:")


async def test_what_is_already_there_is_not_posted_twice(desk: Rig) -> None:
    thread = await desk.open()
    desk.tg.misbehave("sendDocument", rate_limit(3))

    with pytest.raises(Throttled):
        await desk.post(thread, "Look", [PHOTO, PDF], key="k")
    refs = await desk.post(thread, "Look", [PHOTO, PDF], key="k")

    assert [str(m.message_id) for m in desk.shown(thread)[1:]] == list(refs)
    assert len(refs) == 3


async def test_a_post_that_was_merged_meanwhile_is_posted_whole(desk: Rig) -> None:
    thread = await desk.open()
    desk.tg.misbehave("sendDocument", rate_limit(3))
    with pytest.raises(Throttled):
        await desk.post(thread, "one", [PHOTO, PDF], key="k")

    await desk.post(thread, "one and two", [PHOTO, PDF], key="k")

    assert "Bob\none and two" in [m.text for m in desk.shown(thread)]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a\nb.pdf", "фото.pdf"])
async def test_file_names_are_whatever_they_are(desk: Rig, name: str) -> None:
    assert await desk.post(await desk.open(), "Look", [replace(PDF, name=name)])


# -- marks ---------------------------------------------------------------------------------------------------


def test_every_mark_is_on_telegrams_list() -> None:
    assert set(MARKS) == set(Mark)
    assert len(set(MARKS.values())) == len(MARKS)
    assert set(MARKS.values()) <= {emoji.value for emoji in ReactionEmoji}


async def test_one_mark_takes_the_place_of_another(desk: Rig) -> None:
    thread = await desk.open()
    message = await desk.say("Coming", thread)

    for mark in (*Mark, Mark.NOTE):
        await desk.platform.mark(DESK, thread, str(message.message_id), mark)
        assert message.reactions == {desk.tg.bot.id: [MARKS[mark]]}

    await desk.tg.delete(desk.tg.group, message)
    with pytest.raises(Gone):
        await desk.platform.mark(DESK, thread, str(message.message_id), Mark.SENT)


async def test_a_reaction_that_the_group_forbids_is_named(desk: Rig) -> None:
    message = await desk.say("Coming", await desk.open())
    _refuse_once(desk, "setMessageReaction", "REACTION_INVALID")

    with pytest.raises(Rejected, match="allow"):
        await desk.platform.mark(DESK, None, str(message.message_id), Mark.SENT)


# -- what may have happened ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [drop_after(), drop_before(), half_answer(), server_error(), html(), html(200)]
)
async def test_an_answer_that_is_lost_is_unsure(desk: Rig, fault: Any) -> None:
    thread = await desk.open()
    desk.tg.misbehave("sendMessage", fault)

    with pytest.raises(Unsure):
        await desk.post(thread)

    assert len(desk.tg.calls_to("sendMessage")) <= 2  # the card, and the post at most once


async def test_an_answer_that_is_late_is_unsure_and_not_asked_for_again(desk: Rig) -> None:
    thread = await desk.open()
    request: Any = desk.platform._api.bot._request[1]
    assert request.read_timeout >= 30
    request._client.timeout = httpx.Timeout(0.2)
    desk.tg.misbehave("sendMessage", stall(1))

    with pytest.raises(Unsure):
        await desk.post(thread)

    assert desk.answers(thread)[1:] == ["Bob\nHi"]


async def test_a_topic_whose_making_is_unknown_is_unsure(desk: Rig) -> None:
    desk.tg.misbehave("createForumTopic", drop_after())

    with pytest.raises(Unsure):
        await desk.open()


async def test_too_fast_is_not_sent(desk: Rig) -> None:
    thread = await desk.open()
    desk.tg.misbehave("sendMessage", rate_limit(17))

    with pytest.raises(Throttled) as refusal:
        await desk.post(thread)

    assert refusal.value.after == 17
    assert len(desk.shown(thread)) == 1


async def test_the_groups_own_budget(desk: Rig) -> None:
    thread = await desk.open()
    desk.tg.set_budget(2, 60)
    await desk.post(thread, key="1")
    await desk.post(thread, key="2")

    with pytest.raises(Throttled):
        await desk.platform.update_card(DESK, thread, replace(CARD, notice="Resolved"))


async def test_no_connection_is_unreachable(desk: Rig) -> None:
    thread = await desk.open()
    await desk.tg.down()

    with pytest.raises(Unreachable):
        await desk.post(thread)

    await desk.tg.up()
    assert await desk.post(thread)


async def test_nothing_can_be_searched_for(desk: Rig) -> None:
    assert not desk.platform.traits.can_find
    with pytest.raises(Unsure):
        await desk.platform.find(DESK, None, "key", 0.0)


# -- rights --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "deed", "named"),
    [
        ({"status": "kicked"}, lambda d, t: d.post(t), "add it"),
        ({"status": "left"}, lambda d, t: d.post(t), "add it"),
        ({"can_manage_topics": False}, lambda d, t: d.open(), "can_manage_topics"),
        ({"status": "member"}, lambda d, t: d.platform.mark(DESK, t, t, Mark.SENT), "administrator"),
    ],
)
async def test_a_missing_right_is_unusable_and_named(
    desk: Rig, change: dict[str, Any], deed: Callable[[Rig, str], Any], named: str
) -> None:
    thread = await desk.open()
    await desk.tg.set_bot(desk.tg.group, **change)

    with pytest.raises(Unusable, match=named):
        await deed(desk, thread)


async def test_all_is_well(desk: Rig) -> None:
    findings = await desk.platform.check()

    assert all(finding.ok for finding in findings), findings
    assert {"telegram", "telegram desk support"} == {finding.where for finding in findings}
    assert any("can_manage_topics" in finding.what for finding in findings)


@pytest.mark.parametrize(
    ("spoil", "named", "mend"),
    [
        (lambda d: d.tg.set_bot(d.tg.group, can_manage_topics=False), "can_manage_topics", "Administrators"),
        (
            lambda d: d.tg.set_bot(d.tg.group, can_delete_messages=False),
            "can_delete_messages",
            "Delete messages",
        ),
        (lambda d: d.tg.set_bot(d.tg.group, "member"), "privacy mode", "Administrators"),
        (lambda d: d.tg.kick_bot(d.tg.group), "shut the bot out", "add the bot"),
        (lambda d: _flat(d), "no topics", "Topics"),
        (lambda d: _hook(d), "a webhook is set", "serve removes it"),
    ],
)
async def test_what_is_missing_is_named_with_its_mend(
    desk: Rig, spoil: Callable[[Rig], Any], named: str, mend: str
) -> None:
    await spoil(desk)

    [finding] = [finding for finding in await desk.platform.check() if not finding.ok]

    assert named in finding.what and mend in finding.mend


async def _flat(desk: Rig) -> None:
    desk.tg.group.is_forum = False


async def _hook(desk: Rig) -> None:
    desk.tg.updates.set_webhook("https://elsewhere.example.org/", None, 40)


async def test_checking_needs_no_start_and_tells_of_a_wrong_token(desk: Rig) -> None:
    await desk.down()
    desk.platform = desk.make()
    assert all(finding.ok for finding in await desk.platform.check())

    right, desk.tg.bot_token = desk.tg.bot_token, "1:AAAAAAAAAAAAAAAAAAAAAAAAA"
    platform = desk.make()
    desk.tg.bot_token = right
    [finding] = await platform.check()
    assert not finding.ok and "cannot sign in" in finding.what and "AAAA" not in str(finding)
    await platform.stop()


# -- downloads and secrets -----------------------------------------------------------------------------------


async def _posted(desk: Rig) -> Media:
    await desk.up()
    await desk.say("Look", await desk.open(), document=("a.pdf", b"hello"))
    [wrote] = await desk.heard()
    [media] = wrote.media
    return media


async def test_a_file_of_staff_is_fetched(desk: Rig) -> None:
    media = await _posted(desk)

    assert await desk.platform.download(media) == File("a.pdf", "application/pdf", b"hello")


async def test_a_file_that_is_too_large_is_refused_with_the_limit(desk: Rig) -> None:
    media = await _posted(desk)

    with pytest.raises(Rejected, match="20 MB"):
        await desk.platform.download(replace(media, size=21 << 20))
    _refuse_once(desk, "getFile", "file is too big")
    with pytest.raises(Rejected, match="20 MB"):
        await desk.platform.download(replace(media, size=None))
    with pytest.raises(Rejected):
        await desk.platform.download(replace(media, url="nonsense"))


@pytest.mark.parametrize("fault", [html(200), html(502), half_answer(), drop_before()])
async def test_a_file_that_comes_in_pieces_is_asked_for_again(desk: Rig, fault: Any) -> None:
    media = await _posted(desk)
    desk.tg.misbehave("file", fault)

    with pytest.raises(Unreachable):
        await desk.platform.download(media)
    assert (await desk.platform.download(media)).data == b"hello"


async def test_the_token_is_nowhere(desk: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """httpx logs every URL at INFO, and the URLs hold the token."""
    logging.getLogger().setLevel(logging.INFO)
    media = await _posted(desk)
    await desk.platform.download(media)
    errors: list[ConnectorError] = []
    for fault in (drop_after(), html(), server_error()):
        desk.tg.misbehave("sendMessage", fault)
        with pytest.raises(ConnectorError) as refusal:
            await desk.post(None)
        errors.append(refusal.value)

    seen = [caplog.text, repr(desk.platform), repr(desk.platform._config), *map(repr, errors)]
    assert not [text for text in seen if desk.tg.bot_token in text]
    assert all(error.__suppress_context__ for error in errors)


async def test_the_right_to_pin_is_asked_for_where_something_is_to_be_pinned(desk: Rig) -> None:
    await desk.tg.set_bot(desk.tg.group, can_pin_messages=False)
    assert not any("can_pin_messages" in finding.what for finding in await desk.platform.check())
    desk.overview = True
    pinning = desk.make()
    try:
        [lacking] = [one for one in await pinning.check() if not one.ok]
    finally:
        await pinning.stop()
    assert "can_pin_messages is missing" in lacking.what
    assert "Pin messages" in lacking.mend
