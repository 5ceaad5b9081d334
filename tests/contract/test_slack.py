"""What staff do in Slack, as threadline hears it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bridge.errors import Unusable
from bridge.model.events import StaffDeleted, StaffEdited, StaffPressed, StaffWrote, ThreadLost
from connectors.chat.slack import DeskConfig, Platform
from tests.contract.slack_rig import DESK, Rig, rig
from tests.emulators.slack import Backwards, CannotDoError, Late, Lost, RateLimited, Stall, Twice


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def desk() -> AsyncIterator[Rig]:
    async with rig() as one:
        yield one


@pytest.fixture
async def http_desk() -> AsyncIterator[Rig]:
    async with rig(http=True) as one:
        yield one


# -- messages ------------------------------------------------------------------------------------------------


async def test_a_reply_is_what_the_person_will_read(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "Coming at 5 & bringing :tada: https://example.org/a?b=1&c=2 👍🏽")

    [wrote] = desk.sink.of(StaffWrote)

    assert wrote.text == "Coming at 5 & bringing 🎉 https://example.org/a?b=1&c=2 👍🏽"
    assert (wrote.desk, wrote.thread, wrote.ref, wrote.at) == (DESK, thread, ts, float(ts))
    assert (wrote.author.id, wrote.author.name, wrote.author.standing) == (desk.anna, "Anna", "member")
    assert not wrote.caught_up and not wrote.starts_with_mention


async def test_a_message_without_blocks_is_unescaped(desk: Rig) -> None:
    thread = await desk.open()
    await desk.reply(thread, "R&D says 1 < 2 :tada:", blocks=False)

    assert desk.sink.texts() == ["R&D says 1 < 2 🎉"]


@pytest.mark.parametrize("more", [{"broadcast": True}, {"subtype": "me_message"}])
async def test_replies_in_other_clothes(desk: Rig, more: dict[str, object]) -> None:
    thread = await desk.open()
    await desk.reply(thread, "still a reply", **more)

    [wrote] = desk.sink.of(StaffWrote)
    assert (wrote.thread, wrote.text) == (thread, "still a reply")


async def test_a_message_beside_the_threads_has_none(desk: Rig) -> None:
    await desk.slack.say(desk.anna, desk.channel, "lunch?")
    await desk.slack.settle()

    [wrote] = desk.sink.of(StaffWrote)
    assert wrote.thread is None


async def test_other_channels_are_nobodys_business(desk: Rig) -> None:
    elsewhere = desk.slack.add_channel("random")
    await desk.slack.say(desk.anna, elsewhere, "not here")
    await desk.slack.settle()

    assert desk.sink.events == {}
    assert all(delivery.acked for delivery in desk.slack.events())


async def test_bots_and_ourselves_are_not_heard(desk: Rig) -> None:
    other = desk.slack.add_user("Deploy", bot=True)
    thread = await desk.open()
    await desk.post(thread)
    await desk.slack.say(other, desk.channel, "beep", thread_ts=thread)
    await desk.slack.settle()

    assert desk.sink.events == {}
    assert all(delivery.acked for delivery in desk.slack.events())


async def test_somebody_of_another_team_is_a_stranger(desk: Rig) -> None:
    eve = desk.slack.add_user("Eve", stranger=True)
    thread = await desk.open()
    await desk.slack.say(eve, desk.channel, "let me answer", thread_ts=thread)
    await desk.slack.settle()

    [wrote] = desk.sink.of(StaffWrote)
    assert wrote.author.standing == "stranger"


async def test_mentions_carry_names_and_begin_notes(desk: Rig) -> None:
    ben = desk.slack.add_user("Ben")
    thread = await desk.open()
    await desk.reply(thread, f"<@{ben}> can you take this?")
    await desk.reply(thread, f"Ask for <@{ben}> at the door")

    first, second = desk.sink.of(StaffWrote)
    assert (first.text, first.starts_with_mention) == ("@Ben can you take this?", True)
    assert (second.text, second.starts_with_mention) == ("Ask for @Ben at the door", False)


async def test_naming_the_bot_begins_a_note_and_is_heard_once(desk: Rig) -> None:
    thread = await desk.open()
    await desk.reply(thread, f"<@{desk.slack.bot_id}> help")

    [wrote] = desk.sink.of(StaffWrote)
    assert wrote.starts_with_mention


async def test_a_new_name_is_used_at_once(desk: Rig) -> None:
    thread = await desk.open()
    await desk.reply(thread, "one")
    await desk.slack.rename_user(desk.anna, "Anna K.")
    await desk.slack.settle()
    await desk.reply(thread, "two")

    assert [wrote.author.name for wrote in desk.sink.of(StaffWrote)] == ["Anna", "Anna K."]


async def test_a_slow_directory_holds_nobody_up(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    desk.slack.misbehave("users.info", Stall(5.0), times=5)
    ben, started = desk.slack.add_user("Ben"), time.monotonic()
    ts = await desk.slack.say(desk.anna, desk.channel, f"ask <@{ben}>", thread_ts=thread)
    delivery = next(d for d in desk.slack.events("message") if d.payload["event"]["ts"] == ts)
    await desk.until(lambda: delivery.acked)

    assert time.monotonic() - started < 2.5
    assert desk.sink.texts() == ["ask @colleague"]


async def test_desks_need_channels_of_their_own() -> None:
    async with rig(listen=False) as desk:
        its = DeskConfig(channel=desk.channel)
        with pytest.raises(Unusable, match="share"):
            await Platform(desk.config, {DESK: its, "slack.other": its}, desk.platform._reader._house).start()


# -- duplicates and order ------------------------------------------------------------------------------------


@pytest.mark.parametrize("twice", [Twice(), Twice(new_event_id=True)])
async def test_one_message_told_twice_is_one_event(desk: Rig, twice: Twice) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    desk.slack.misbehave("event:message", twice)
    await desk.reply(thread, "once")

    assert desk.sink.texts() == ["once"]
    assert desk.sink.puts >= 2


async def test_order_can_be_restored(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    desk.slack.misbehave("event:message", Backwards(3))
    for text in ("one", "two", "three"):
        await desk.slack.say(desk.anna, desk.channel, text, thread_ts=thread)
    await desk.slack.settle()

    assert desk.sink.texts() == ["three", "two", "one"] or len(desk.sink.texts()) == 3
    by_order = sorted(desk.sink.of(StaffWrote), key=lambda wrote: wrote.order)
    assert [wrote.text for wrote in by_order] == ["one", "two", "three"]


async def test_nothing_is_acknowledged_before_it_is_stored(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    desk.sink.down = True
    await desk.slack.say(desk.anna, desk.channel, "keep me", thread_ts=thread)
    delivery = next(d for d in desk.slack.events("message") if d.payload["event"].get("text") == "keep me")
    await desk.until(lambda: delivery.attempts)
    await asyncio.sleep(0.1)
    assert not delivery.acked

    desk.sink.down = False
    await desk.slack.settle()

    assert delivery.acked and len(delivery.attempts) >= 2
    assert desk.sink.texts() == ["keep me"]


# -- edits, deletions ----------------------------------------------------------------------------------------


async def test_an_edit_changes_the_words(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "at 5")
    await desk.slack.edit(desk.anna, desk.channel, ts, "at 6")
    await desk.slack.settle()

    [edited] = desk.sink.of(StaffEdited)
    assert (edited.thread, edited.ref, edited.text, edited.author.name) == (thread, ts, "at 6", "Anna")
    assert edited.version == desk.slack.message(desk.channel, ts)["edited"]["ts"]


async def test_unfurls_and_edits_without_new_words_are_noise(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "see https://example.org")
    await desk.slack.unfurl(desk.channel, ts)
    await desk.slack.edit(desk.anna, desk.channel, ts, "see https://example.org")
    await desk.slack.settle()

    assert desk.sink.of(StaffEdited) == []


async def test_an_edit_that_overtakes_the_writing_stands_for_it(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    desk.slack.misbehave("event:message", Late(0.5))
    ts = await desk.slack.say(desk.anna, desk.channel, "dear Bob, you are a", thread_ts=thread)
    await desk.slack.edit(desk.anna, desk.channel, ts, "dear Bob")
    await desk.slack.settle()

    assert desk.sink.texts() == ["dear Bob"]
    assert [event.text for event in desk.sink.of(StaffEdited)] == ["dear Bob"]


async def test_an_edit_back_is_told_though_the_first_is_not_worked_through(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "yes")
    await desk.slack.edit(desk.anna, desk.channel, ts, "no")
    await desk.slack.settle()
    desk.sink.unread = True  # what the store has worked through lags behind what was journaled
    await asyncio.sleep(1.1)  # `edited.ts` counts seconds
    await desk.slack.edit(desk.anna, desk.channel, ts, "yes")
    await desk.slack.settle()

    assert [event.text for event in desk.sink.of(StaffEdited)] == ["no", "yes"]


async def test_a_deletion_is_told(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "oops")
    await desk.slack.delete(desk.anna, desk.channel, ts)
    await desk.slack.settle()

    assert [event.ref for event in desk.sink.of(StaffDeleted)] == [ts]


async def test_a_card_deleted_under_its_replies_is_a_lost_thread(desk: Rig) -> None:
    boss = desk.slack.add_user("Boss", is_admin=True)
    thread = await desk.open()
    await desk.reply(thread, "hello")
    await desk.slack.delete(boss, desk.channel, thread)
    await desk.slack.settle()

    assert [event.thread for event in desk.sink.of(ThreadLost)] == [thread]


async def test_a_card_deleted_without_replies_is_a_lost_thread(desk: Rig) -> None:
    boss = desk.slack.add_user("Boss", is_admin=True)
    thread = await desk.open()
    await desk.slack.delete(boss, desk.channel, thread)
    await desk.slack.settle()

    assert [event.thread for event in desk.sink.of(ThreadLost)] == [thread]


async def test_a_deleted_post_of_ours_loses_no_thread(desk: Rig) -> None:
    boss = desk.slack.add_user("Boss", is_admin=True)
    thread = await desk.open()
    [ts] = await desk.post(thread)
    await desk.slack.delete(boss, desk.channel, ts)
    await desk.slack.settle()

    assert desk.sink.events == {}


# -- files, reactions ----------------------------------------------------------------------------------------


async def test_files_come_with_the_message(desk: Rig) -> None:
    thread = await desk.open()
    await desk.reply(
        thread, "", files=[("flyer.png", "image/png", b"PNG"), ("a.pdf", "application/pdf", b"PDF")]
    )

    [wrote] = desk.sink.of(StaffWrote)
    assert [(m.name, m.content_type, m.size, m.origin) for m in wrote.media] == [
        ("flyer.png", "image/png", 3, f"desk:{DESK}"),
        ("a.pdf", "application/pdf", 3, f"desk:{DESK}"),
    ]
    assert wrote.text == ""
    file = await desk.platform.download(wrote.media[0])
    assert (file.name, file.content_type, file.data) == ("flyer.png", "image/png", b"PNG")


async def test_the_outbox_reaction_sends_and_others_do_not(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "draft")
    await desk.slack.react(desk.anna, desk.channel, ts, "heart")
    await desk.slack.react(desk.anna, desk.channel, ts, "outbox_tray")
    await desk.slack.unreact(desk.anna, desk.channel, ts, "outbox_tray")
    await desk.slack.settle()

    [pressed] = desk.sink.of(StaffPressed)
    assert (pressed.action, pressed.ref, pressed.author.name) == ("send", ts, "Anna")


# -- catching up ---------------------------------------------------------------------------------------------


async def test_replies_written_while_we_were_away_are_fetched(desk: Rig) -> None:
    thread = await desk.open()
    await desk.reply(thread, "heard")
    await desk.hang_up()
    ts = await desk.slack.say(desk.anna, desk.channel, "missed", thread_ts=thread)
    await desk.slack.say(desk.anna, desk.channel, "lunch?")
    await desk.slack.react(desk.anna, desk.channel, ts, "outbox_tray")
    await desk.slack.settle()
    assert desk.sink.texts() == ["heard"]

    desk.platform = desk.make()
    await desk.listen()
    await desk.until(lambda: len(desk.sink.of(StaffPressed)) == 1)

    heard, missed = desk.sink.of(StaffWrote)
    assert (heard.caught_up, missed.caught_up, missed.text, missed.thread) == (False, True, "missed", thread)
    assert desk.sink.of(StaffPressed)[0].ref == ts
    assert float(desk.sink.cursors[f"slack:{DESK}"]) == pytest.approx(time.time(), abs=10)


async def test_an_edit_made_while_we_were_away_is_fetched(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "at 5")
    await desk.hang_up()
    await desk.slack.edit(desk.anna, desk.channel, ts, "at 6")
    await desk.slack.settle()

    desk.platform = desk.make()
    await desk.listen()
    await desk.until(lambda: desk.sink.of(StaffEdited))

    assert [event.text for event in desk.sink.of(StaffEdited)] == ["at 6"]


async def test_a_lost_event_is_found_after_a_reconnect(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    desk.slack.misbehave("event:message", Lost())
    await desk.reply(thread, "swallowed")
    assert desk.sink.texts() == []

    await desk.slack.disconnect_sockets()
    await desk.until(lambda: desk.sink.texts() == ["swallowed"])


async def test_many_threads_and_pages(desk: Rig) -> None:
    threads = [await desk.open(f"open:{n}") for n in range(3)]
    await desk.hang_up()
    for n in range(205):
        await desk.slack.say(desk.anna, desk.channel, f"r{n}", thread_ts=threads[n % 2])
    await desk.slack.settle()

    desk.platform = desk.make()
    await desk.listen()
    await desk.until(lambda: len(desk.sink.texts()) == 205, 15)
    asked = [call.args["ts"] for call in desk.slack.calls_to("conversations.replies")]
    assert threads[2] not in asked


async def test_catching_up_waits_out_a_429(desk: Rig) -> None:
    thread = await desk.open()
    await desk.hang_up()
    await desk.slack.say(desk.anna, desk.channel, "missed", thread_ts=thread)
    await desk.slack.settle()
    desk.slack.misbehave("conversations.history", RateLimited(retry_after=1))

    desk.platform = desk.make()
    await desk.listen()
    await desk.until(lambda: desk.sink.texts() == ["missed"])


# -- sockets -------------------------------------------------------------------------------------------------


async def test_two_sockets_are_kept_through_recycling(desk: Rig) -> None:
    before = {socket.id for socket in desk.slack.courier.sockets}
    await desk.slack.disconnect_sockets()
    await desk.until(
        lambda: (
            len(desk.slack.courier.sockets) == 2 and not before & {s.id for s in desk.slack.courier.sockets}
        )
    )
    thread = await desk.open()
    await desk.reply(thread, "still there")

    assert desk.sink.texts() == ["still there"]
    assert desk.platform.health() == "ok"


async def test_slack_away_and_back(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.settle()
    await desk.slack.go_down()
    await desk.until(lambda: desk.platform.health() != "ok")
    assert desk.platform.health().startswith("no connection to Slack")

    await desk.slack.come_back()
    await desk.until(lambda: desk.platform.health() == "ok", 12)
    await desk.reply(thread, "back again")

    await desk.until(lambda: desk.sink.texts() == ["back again"])


async def test_a_wrong_app_token_is_told_in_words() -> None:
    async with rig(listen=False) as desk:
        desk.config = desk.config.model_copy(update={"app_token": type(desk.config.bot_token)("xapp-wrong")})
        desk.platform = desk.make()
        await desk.platform.start()
        desk.tasks.append(asyncio.create_task(desk.platform.listen()))
        await desk.until(lambda: "does not accept the token" in desk.platform.health())
        await desk.hang_up()
        assert [f.what for f in await desk.platform.check() if not f.ok] == ["the app token opens no socket"]


async def test_a_revoked_token_is_told_and_mends(desk: Rig) -> None:
    thread = await desk.open()
    await desk.slack.revoke_token()
    with pytest.raises(Unusable, match="revoked"):
        await desk.post(thread)
    assert "install" in desk.platform.health()
    with pytest.raises(Unusable):
        await desk.make().start()

    desk.slack.token_error = None
    await desk.post(thread, key="post:2")
    assert desk.platform.health() == "ok"


# -- over HTTP -----------------------------------------------------------------------------------------------


async def test_http_carries_the_same(http_desk: Rig) -> None:
    desk = http_desk
    assert await desk.slack.courier.webhooks.verify()
    thread = await desk.open()
    await desk.reply(thread, "over HTTP")
    await desk.slack.press(desk.anna, desk.channel, thread, "tl:resolve:0")

    assert desk.sink.texts() == ["over HTTP"]
    assert [pressed.action for pressed in desk.sink.of(StaffPressed)] == ["resolve"]
    assert desk.platform.health() == "ok"


async def test_http_answers_503_while_the_store_is_down(http_desk: Rig) -> None:
    desk = http_desk
    thread = await desk.open()
    await desk.slack.settle()
    desk.sink.down = True
    await desk.slack.say(desk.anna, desk.channel, "keep me", thread_ts=thread)
    await asyncio.sleep(0.2)
    desk.sink.down = False
    await desk.slack.settle()

    assert desk.sink.texts() == ["keep me"]


async def test_http_refuses_what_slack_did_not_sign(http_desk: Rig) -> None:
    desk = http_desk
    url = str(desk.slack.courier.webhooks.url)
    event = {"type": "message", "user": desk.anna, "channel": desk.channel, "ts": "1.2", "text": "forged"}
    body = json.dumps({"type": "event_callback", "event": event}).encode()
    good = desk.slack.courier.webhooks.sign(body)
    old = desk.slack.courier.webhooks.sign(body, int(time.time()) - 600)
    wrong = {**good, "X-Slack-Signature": good["X-Slack-Signature"][:-1] + "x"}
    async with aiohttp.ClientSession() as session:
        for headers in ({}, wrong, old):
            headers = {"Content-Type": "application/json", **headers}
            async with session.post(url, data=body, headers=headers) as answer:
                assert (answer.status, await answer.read()) == (403, b"")

    assert desk.sink.events == {}


async def test_there_is_no_route_in_socket_mode(desk: Rig) -> None:
    assert list(desk.platform.routes()) == []
    with pytest.raises(CannotDoError):
        await desk.slack.shortcut(desk.anna, "no_such_shortcut", desk.channel, await desk.open())
