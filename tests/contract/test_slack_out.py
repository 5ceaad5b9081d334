"""What threadline does in Slack, and what goes wrong with it."""

import time
from collections.abc import AsyncIterator

import pytest

from bridge.errors import Gone, Rejected, Throttled, Unreachable, Unsure, Unusable
from bridge.model.nouns import Media
from bridge.model.shapes import Button, Card, File, Mark, Post
from connectors.chat.slack.marks import NAMES
from tests.contract.slack_rig import CARD, DESK, Rig, rig
from tests.emulators.slack import Drop, HalfAnswer, Html, HttpError, RateLimited, Refuse, Stall
from tests.emulators.slack.schema import METHODS_FILE

needs_the_methods = pytest.mark.skipif(not METHODS_FILE.exists(), reason="the list of methods is not here")


PICTURE = File("cat.png", "image/png", b"PNG" * 10)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def desk() -> AsyncIterator[Rig]:
    async with rig(listen=False) as one:
        await one.platform.start()
        yield one


# -- cards and posts -----------------------------------------------------------------------------------------


async def test_a_conversation_as_people_see_it(desk: Rig) -> None:
    thread = await desk.open()
    post = Post("Bob", "Hi!", buttons=(Button("opt_out", "Unsubscribe", "m1"),), foot="Why: no rule matched.")
    [ref] = await desk.platform.post(DESK, thread, post, [], "p1")

    assert [m["ts"] for m in desk.shown(thread)] == [ref]
    assert desk.slack.transcript(desk.channel).splitlines()[1:] == [
        "threadline: # Bob Miller",
        "  Number: (555) 010-0199",
        "  Line: main",
        "  (Resolve) (⋯ Message display | Remove conversation)",
        "    threadline: Bob",
        "      Hi!",
        "      (Unsubscribe)",
        "      Why: no rule matched.",
    ]


@pytest.mark.parametrize(
    "body", ["<!channel> *bold* _x_ `y` ~z~ :tada:", "<@U0ANNA001> &amp; <https://a|b>", "> q"]
)
async def test_nobodys_text_acts_in_slack(desk: Rig, body: str) -> None:
    thread = await desk.open()
    [ref] = await desk.post(thread, body)

    message = desk.slack.message(desk.channel, ref)
    shown = [e["text"] for e in message["blocks"][0]["elements"][0]["elements"]]
    assert shown == ["Bob", f"\n{body}"]
    assert "<" not in message["text"] and ">" not in message["text"]
    call = desk.slack.calls_to("chat.postMessage")[-1]
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)
    assert not {"parse", "link_names"} & call.args.keys()


async def test_metadata_names_no_number(desk: Rig) -> None:
    ref = await desk.platform.open_thread(DESK, CARD, "open:+15550100199")

    metadata = desk.slack.message(desk.channel, ref)["metadata"]
    assert metadata["event_type"] == "threadline"
    assert list(metadata["event_payload"]) == ["id"]
    assert "5550100" not in str(metadata)


async def test_the_longest_of_everything_fits(desk: Rig) -> None:
    long = "m" * 5000
    buttons = tuple(Button(f"a{n}", long, "v" * 2500, danger=True, confirm=long) for n in range(30))
    menu = tuple(Button(f"b{n}", long, "v" * 100, confirm=long) for n in range(8))
    card = Card(long, tuple((long, long) for _ in range(30)), notice=long, buttons=buttons, menu=menu)
    post = Post(long, "ü" * 20_000, buttons=buttons, foot=long)

    thread = await desk.platform.open_thread(DESK, card, "o1")
    [ref] = await desk.platform.post(DESK, thread, post, [], "p1")
    await desk.platform.update_card(DESK, thread, card)
    await desk.platform.edit_post(DESK, thread, ref, post)
    await desk.platform.tell(DESK, thread, desk.anna, post, None)

    body = desk.slack.message(desk.channel, ref)["blocks"][0]["elements"][0]["elements"][1:]
    assert sum(len(element["text"]) for element in body) == desk.platform.traits.max_chars + 1


async def test_a_post_as_long_as_the_traits_allow_is_whole(desk: Rig) -> None:
    thread = await desk.open()
    body = "".join(chr(ord("a") + n % 26) for n in range(desk.platform.traits.max_chars))
    [ref] = await desk.post(thread, body)

    elements = desk.slack.message(desk.channel, ref)["blocks"][0]["elements"][0]["elements"][1:]
    assert "".join(element["text"] for element in elements) == f"\n{body}"
    assert all(len(element["text"]) <= 3000 for element in elements)


@pytest.mark.parametrize("text", ["", "\x00", "&" * 5000, "🏳️‍🌈" * 2000])
async def test_odd_texts_are_accepted(desk: Rig, text: str) -> None:
    thread = await desk.platform.open_thread(DESK, Card(text, (("", text),), notice=text), "o1")
    [ref] = await desk.platform.post(DESK, thread, Post(text, text, foot=text), [], "p1")
    await desk.platform.edit_post(DESK, thread, ref, Post(text, text))


async def test_an_old_thread_is_brought_back_into_view(desk: Rig) -> None:
    thread = await desk.open()
    [ref] = await desk.post(thread, resurface=True)

    assert desk.slack.message(desk.channel, ref)["subtype"] == "thread_broadcast"
    assert ref in [message["ts"] for message in desk.slack.roots(desk.channel)]


async def test_a_post_beside_all_threads(desk: Rig) -> None:
    [ref] = await desk.post(None, "12 voted yes")

    assert "thread_ts" not in desk.slack.message(desk.channel, ref)


async def test_a_card_is_redrawn_and_at_last_a_line(desk: Rig) -> None:
    thread = await desk.open()
    await desk.platform.update_card(DESK, thread, Card("Bob Miller", (("Waiting", "5 min"),)))
    await desk.platform.update_card(DESK, thread, Card("Bob Miller", (("Waiting", "5 min"),)))
    assert "Waiting: 5 min" in desk.slack.transcript(desk.channel)

    for _ in range(2):
        await desk.platform.remove_thread(DESK, thread, Card("Conversation removed by Anna", (), closed=True))

    message = desk.slack.message(desk.channel, thread)
    assert len(message["blocks"]) == 1
    assert "(edited)" in desk.slack.transcript(desk.channel)
    assert "Bob" not in str(message)
    assert message["metadata"]["event_payload"]


async def test_buttons_go_when_they_were_used(desk: Rig) -> None:
    thread = await desk.open()
    post = Post("Bob", "stop", buttons=(Button("opt_out", "Unsubscribe", "m1"),))
    [ref] = await desk.platform.post(DESK, thread, post, [], "p1")
    await desk.platform.edit_post(DESK, thread, ref, Post("Bob", "stop", foot="Unsubscribed by Anna"))

    assert "actions" not in [block["type"] for block in desk.slack.message(desk.channel, ref)["blocks"]]


async def test_a_word_to_one_person(desk: Rig) -> None:
    thread = await desk.open()
    ask = Post("", "Costs 3 credits. Send?", buttons=(Button("confirm_send", "Send", "m1"),))
    await desk.platform.tell(DESK, thread, desk.anna, ask, None)

    [seen] = desk.slack.ephemerals
    assert (seen.user, seen.thread_ts) == (desk.anna, thread)
    with pytest.raises(Rejected, match="not in the channel"):
        await desk.platform.tell(DESK, thread, desk.slack.add_user("Out"), ask, None)


# -- threads that are gone -----------------------------------------------------------------------------------


async def test_a_post_that_lands_in_the_channel_is_taken_back(desk: Rig) -> None:
    boss = desk.slack.add_user("Boss", is_admin=True)
    thread = await desk.open()
    await desk.slack.delete(boss, desk.channel, thread)

    with pytest.raises(Gone):
        await desk.post(thread, "private words", resurface=True)
    assert desk.slack.messages(desk.channel) == []
    with pytest.raises(Gone):
        await desk.platform.update_card(DESK, thread, CARD)
    await desk.platform.remove_thread(DESK, thread, CARD)
    await desk.platform.edit_post(DESK, thread, thread, Post("", "x"))
    await desk.platform.mark(DESK, thread, thread, Mark.SENT)


async def test_a_stray_post_whose_answer_was_lost_is_taken_back_by_find(desk: Rig) -> None:
    boss = desk.slack.add_user("Boss", is_admin=True)
    thread = await desk.open()
    await desk.slack.delete(boss, desk.channel, thread)
    desk.slack.misbehave("chat.postMessage", Drop())
    started = time.time()

    with pytest.raises(Unsure):
        await desk.post(thread)
    assert len(desk.slack.messages(desk.channel)) == 1
    assert await desk.platform.find(DESK, thread, "post:1", started) is None
    assert desk.slack.messages(desk.channel) == []


# -- lost answers --------------------------------------------------------------------------------------------

AMBIGUOUS = [
    Drop(),
    Stall(1.5),
    HttpError(500, after_storing=True),
    HttpError(503, after_storing=True),
    Html(after_storing=True),
    HalfAnswer(),
    *(Refuse(code, after_storing=True) for code in ("fatal_error", "internal_error", "request_timeout")),
    Refuse("service_unavailable", after_storing=True),
]


@pytest.mark.parametrize("fault", AMBIGUOUS, ids=str)
async def test_a_lost_answer_is_unsure_and_then_found_once(desk: Rig, fault: object) -> None:
    thread, started = await desk.open(), time.time()
    desk.platform._api.client.timeout = 0.7  # type: ignore[assignment]
    desk.slack.misbehave("chat.postMessage", fault)  # type: ignore[arg-type]

    with pytest.raises(Unsure) as caught:
        await desk.post(thread)

    assert not caught.value.certain
    [message] = desk.shown(thread)
    assert await desk.platform.find(DESK, thread, "post:1", started) == message["ts"]
    assert await desk.platform.find(DESK, thread, "post:2", started) is None


async def test_a_lost_root_is_found_in_the_channel(desk: Rig) -> None:
    started = time.time()
    desk.slack.misbehave("chat.postMessage", Drop())
    with pytest.raises(Unsure):
        await desk.open("open:7")

    ref = await desk.platform.find(DESK, None, "open:7", started)
    assert ref == desk.slack.roots(desk.channel)[0]["ts"]


async def test_what_was_not_posted_is_not_found(desk: Rig) -> None:
    thread, started = await desk.open(), time.time()
    desk.slack.misbehave("chat.postMessage", Drop(after_storing=False))
    with pytest.raises(Unsure):
        await desk.post(thread)

    assert await desk.platform.find(DESK, thread, "post:1", started) is None


async def test_of_two_the_later_goes(desk: Rig) -> None:
    thread, started = await desk.open(), time.time()
    [first] = await desk.post(thread)
    await desk.post(thread)

    assert await desk.platform.find(DESK, thread, "post:1", started) == first
    assert [message["ts"] for message in desk.shown(thread)] == [first]


async def test_find_reads_all_pages(desk: Rig) -> None:
    thread, started = await desk.open(), time.time()
    for n in range(201):
        await desk.slack.say(desk.anna, desk.channel, f"r{n}", thread_ts=thread)
    [ref] = await desk.post(thread)

    assert await desk.platform.find(DESK, thread, "post:1", started) == ref


# -- refusals ------------------------------------------------------------------------------------------------


async def test_429_says_when(desk: Rig) -> None:
    thread = await desk.open()
    desk.slack.misbehave("chat.postMessage", RateLimited(retry_after=7))
    with pytest.raises(Throttled) as caught:
        await desk.post(thread)

    assert caught.value.after == 7
    assert desk.shown(thread) == []
    assert len(desk.slack.calls_to("chat.postMessage")) == 2  # the card, and one try


@pytest.mark.parametrize("code", ["rate_limited", "message_limit_exceeded"])
async def test_429_by_another_name(desk: Rig, code: str) -> None:
    desk.slack.misbehave("chat.postMessage", Refuse(code))
    with pytest.raises(Throttled):
        await desk.open()


async def test_nobody_there_is_unreachable(desk: Rig) -> None:
    await desk.slack.go_down()
    with pytest.raises(Unreachable) as caught:
        await desk.open()
    assert caught.value.certain
    with pytest.raises(Unreachable):
        await desk.make().start()


async def test_an_archived_channel_is_unusable_and_comes_back(desk: Rig) -> None:
    await desk.slack.archive(desk.channel)
    with pytest.raises(Unusable, match="unarchive"):
        await desk.open()
    await desk.slack.unarchive(desk.channel)
    await desk.open()


async def test_being_put_out_of_the_channel_names_the_mend(desk: Rig) -> None:
    await desk.slack.leave(desk.slack.bot_id, desk.channel)
    with pytest.raises(Unusable, match="/invite @threadline"):
        await desk.open()
    assert [f.mend for f in await desk.platform.check() if not f.ok] == [
        "type /invite @threadline in #support"
    ]


@needs_the_methods
async def test_a_missing_scope_is_named(desk: Rig) -> None:
    thread = await desk.open()
    desk.slack.installation.scopes -= {"reactions:write", "files:write"}
    with pytest.raises(Unusable, match="reactions:write"):
        await desk.platform.mark(DESK, thread, thread, Mark.HELD)
    missing = [finding for finding in await desk.platform.check() if not finding.ok]
    assert [finding.what.split()[1] for finding in missing] == ["files:write", "reactions:write"]
    assert all("install the app again" in finding.mend for finding in missing)


async def test_all_is_well_when_the_manifest_is_ours(desk: Rig) -> None:
    assert [finding.what for finding in await desk.platform.check() if not finding.ok] == []


async def test_a_bad_token_is_told_without_showing_it(desk: Rig) -> None:
    desk.slack.token_error = "invalid_auth"
    [finding] = [f for f in await desk.platform.check() if f.what == "the bot token does not sign in"]
    assert not finding.ok and desk.slack.bot_token not in repr(finding)
    with pytest.raises(Unusable) as caught:
        await desk.make().start()
    assert desk.slack.bot_token not in f"{caught.value!r} {desk.config!r} {caught.value.reason}"


async def test_other_refusals_are_final(desk: Rig) -> None:
    desk.slack.misbehave("chat.postMessage", Refuse("too_many_contact_cards"))
    with pytest.raises(Rejected, match="too_many_contact_cards") as caught:
        await desk.open()
    assert not isinstance(caught.value, Gone)


# -- marks ---------------------------------------------------------------------------------------------------


def marks(desk: Rig, ts: str) -> list[str]:
    return [reaction["name"] for reaction in desk.slack.message(desk.channel, ts).get("reactions", [])]


async def test_a_message_bears_one_mark_and_keeps_peoples_own(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "hello")
    await desk.slack.react(desk.anna, desk.channel, ts, "heart")
    await desk.slack.react(desk.anna, desk.channel, ts, "x")
    for mark in (Mark.HELD, Mark.HELD, Mark.SENT, Mark.DELIVERED):
        await desk.platform.mark(DESK, thread, ts, mark)
        assert marks(desk, ts) == ["heart", "x", NAMES[mark]]


async def test_marks_of_another_daemon_go_too(desk: Rig) -> None:
    thread, other = await desk.open(), desk.make()
    await other.start()
    ts = await desk.reply(thread, "hello")
    await desk.platform.mark(DESK, thread, ts, Mark.HELD)
    await other.mark(DESK, thread, ts, Mark.SENT)
    assert marks(desk, ts) == [NAMES[Mark.SENT]]
    await desk.platform.mark(DESK, thread, ts, Mark.FAILED)
    assert marks(desk, ts) == [NAMES[Mark.FAILED]]


async def test_a_mark_on_a_deleted_message_is_done(desk: Rig) -> None:
    thread = await desk.open()
    ts = await desk.reply(thread, "hello")
    await desk.slack.delete(desk.anna, desk.channel, ts)
    await desk.platform.mark(DESK, thread, ts, Mark.CANCELLED)


def test_every_mark_has_a_sign_of_its_own() -> None:
    assert len(set(NAMES.values())) == len(NAMES) == len(Mark)


# -- files out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [0.0, 0.5])
async def test_files_follow_the_text_and_their_message_is_known(desk: Rig, late: float) -> None:
    desk.slack.file_share_delay = late
    thread = await desk.open()
    files = [PICTURE, File("b.pdf", "application/pdf", b"PDF")]
    refs = await desk.platform.post(DESK, thread, Post("Bob", "look"), files, "p1")

    text, shared = desk.shown(thread)
    assert refs == (text["ts"], shared["ts"])
    assert [file["name"] for file in shared["files"]] == ["cat.png", "b.pdf"]


async def test_a_share_that_takes_too_long_is_left_open(desk: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.chat.slack.files._LOOKS", (0.01, 0.01))
    desk.slack.file_share_delay = 0.4
    thread = await desk.open()
    refs = await desk.platform.post(DESK, thread, Post("Bob", "look"), [PICTURE], "p1")

    assert len(refs) == 1


async def test_a_lost_answer_to_the_sharing_shares_once(desk: Rig) -> None:
    thread = await desk.open()
    desk.slack.misbehave("files.completeUploadExternal", Drop())
    refs = await desk.platform.post(DESK, thread, Post("Bob", "look"), [PICTURE], "p1")

    assert len(refs) == len(desk.shown(thread)) == 2


@pytest.mark.parametrize(
    "where", ["files.getUploadURLExternal", "files.upload", "files.completeUploadExternal"]
)
@pytest.mark.parametrize("fault", [HttpError(500), Drop(after_storing=False), HttpError(413)], ids=str)
async def test_a_file_that_fails_never_repeats_the_text(
    desk: Rig, monkeypatch: pytest.MonkeyPatch, where: str, fault: object
) -> None:
    monkeypatch.setattr("connectors.chat.slack.files._LOOKS", (0.01,))
    thread = await desk.open()
    desk.slack.misbehave(where, fault)  # type: ignore[arg-type]
    [ref] = await desk.platform.post(DESK, thread, Post("Bob", "look"), [PICTURE], "p1")

    text, word = desk.shown(thread)
    assert text["ts"] == ref
    assert "attached file" in word["text"]


async def test_an_empty_file_is_told_and_not_sent(desk: Rig) -> None:
    thread = await desk.open()
    await desk.platform.post(
        DESK, thread, Post("Bob", "look"), [File("a.txt", "text/plain", b""), PICTURE], "p1"
    )

    _, shared, word = desk.shown(thread)
    assert [file["name"] for file in shared["files"]] == ["cat.png"]
    assert "empty" in word["text"]


# -- files in ------------------------------------------------------------------------------------------------


async def uploaded(desk: Rig, name: str = "cat.png", kind: str = "image/png", data: bytes = b"PNG") -> Media:
    from connectors.chat.slack.files import media_of

    ts = await desk.slack.say(desk.anna, desk.channel, "", files=[(name, kind, data)])
    [delivery] = [d for d in desk.slack.events("message") if d.payload["event"]["ts"] == ts]
    return media_of(delivery.payload["event"]["files"], DESK, lambda: "m1")[0]


async def test_a_sign_in_page_is_no_picture(desk: Rig) -> None:
    media = await uploaded(desk)
    desk.slack.misbehave("files.download", Html())
    with pytest.raises(Rejected, match="page to sign in"):
        await desk.platform.download(media)


@needs_the_methods
async def test_a_sign_in_page_for_want_of_a_scope_names_it(desk: Rig) -> None:
    media = await uploaded(desk)
    desk.slack.installation.scopes -= {"files:read"}
    with pytest.raises(Unusable, match="files:read"):
        await desk.platform.download(media)


async def test_a_real_page_is_a_file(desk: Rig) -> None:
    media = await uploaded(desk, "a.html", "text/html", b"<p>")
    assert (await desk.platform.download(media)).data == b"<p>"


async def test_what_is_too_large_is_refused(desk: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.chat.slack.files.MAX_BYTES", 1000)
    media = await uploaded(desk, data=b"x" * 2000)
    with pytest.raises(Rejected, match="larger"):
        await desk.platform.download(media)
    lying = Media(media.id, media.content_type, media.name, 3, media.origin, media.url)
    with pytest.raises(Rejected, match="larger"):
        await desk.platform.download(lying)


async def test_half_a_file_is_fetched_again_later(desk: Rig) -> None:
    media = await uploaded(desk, data=b"x" * 5000)
    desk.slack.misbehave("files.download", HalfAnswer())
    with pytest.raises(Unreachable):
        await desk.platform.download(media)
    assert len((await desk.platform.download(media)).data) == 5000


async def test_a_strangers_file_is_looked_up_first(desk: Rig) -> None:
    eve = desk.slack.add_user("Eve", stranger=True)
    ts = await desk.slack.say(eve, desk.channel, "", files=[("e.png", "image/png", b"EVE")])
    from connectors.chat.slack.files import media_of

    [delivery] = [d for d in desk.slack.events("message") if d.payload["event"]["ts"] == ts]
    [media] = media_of(delivery.payload["event"]["files"], DESK, lambda: "m1")
    assert media.url.startswith("#")
    file = await desk.platform.download(media)
    assert (file.name, file.content_type, file.data) == ("e.png", "image/png", b"EVE")


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "http://files.slack.com/x", "https://notslack.com/x"]
)
async def test_the_token_goes_to_slack_only(desk: Rig, url: str) -> None:
    with pytest.raises(Rejected, match="outside Slack"):
        await desk.platform.download(Media("m1", "image/png", "x", 3, f"desk:{DESK}", f"{url}#F1"))
