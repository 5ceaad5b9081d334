"""Every chat platform: its life, what it shows, and what it says when something goes wrong."""

import time
from dataclasses import replace

import pytest

from bridge.errors import ConnectorError, Gone, Throttled, Unreachable, Unsure, Unusable
from bridge.model.shapes import Button, Mark, Post
from tests.contract.chat.rigs import AFTER, CARD, ID, PLATFORMS, RIGS, Rig, Trouble

WORDS = (
    "<!channel> <@U0ANNA001> <https://example.org|here> @anna @everyone /remove",
    "*bold* _thin_ ~gone~ `code` [link](https://example.org) :tada: > quote",
    "<b>hi</b> <script>alert(1)</script> &amp; &lt; \\n {{x}}",
    "שלום עולם\nمرحبا 5 > 3\n\u202egnp.exe",
    "👍🏽 🏳️‍🌈 👩‍👩‍👧‍👦 é e\u0301",
    "  two\n\n  lines\tand a tab",
)


def needs(desk: Rig, deed: str) -> None:
    """Skip where that makes no sense; the rig says why."""
    if deed in desk.cannot:
        pytest.skip(f"{desk.name}: {desk.cannot[deed]}")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_there_is_a_rig(platform: str) -> None:
    how = "write a subclass of Rig with this name in tests/contract/chat/rigs.py, on top of an emulator"
    assert platform in RIGS, f"nobody tried {platform} yet: {how}; what it cannot do goes into `cannot`"


# -- life ----------------------------------------------------------------------------------------------------


def test_traits_are_sane(desk: Rig) -> None:
    traits = desk.platform.traits
    for rate in (traits.post_rate, traits.mark_rate):
        assert rate.per_second > 0
        assert rate.burst >= 1
    assert traits.max_chars > 500
    assert traits.open_weight >= 1
    assert traits.post_rate.burst >= traits.open_weight, "a thread could never be opened"
    assert desk.platform.name == desk.name
    assert desk.platform.label


async def test_it_can_be_stopped_at_any_time(desk: Rig) -> None:
    await desk.platform.stop()
    await desk.platform.stop()
    never_started = desk.make()
    await never_started.stop()
    again = desk.make()
    await again.start()
    await again.stop()


async def test_health_is_ok_or_a_sentence(ears: Rig) -> None:
    await ears.until(lambda: ears.platform.health() == "ok")
    if "sign in" not in ears.cannot:
        assert len(ears.make().health().split()) > 2, "not started, and not well"


async def test_a_platform_that_is_well_is_found_well(desk: Rig) -> None:
    findings = await desk.platform.check()

    assert findings
    assert [finding for finding in findings if not finding.ok] == []
    assert all(finding.where and finding.what for finding in findings)


# -- threads and posts ---------------------------------------------------------------------------------------


async def test_posts_stand_in_their_thread_in_order(desk: Rig) -> None:
    first, second = await desk.thread("open:1"), await desk.thread("open:2")
    assert first and first != second
    refs = [await desk.post(first, Post("Bob", f"word {n}"), f"p{n}") for n in range(4)]
    await desk.post(second, Post("Eve", "elsewhere"), "p9")

    assert all(refs) and len({ref for some in refs for ref in some}) == 4
    assert await desk.shown(first) == [f"Bob\nword {n}" for n in range(4)]
    assert await desk.shown(second) == ["Eve\nelsewhere"]


@pytest.mark.parametrize("words", WORDS)
async def test_words_are_shown_as_they_are_and_do_nothing(desk: Rig, words: str) -> None:
    if "be posted to" not in desk.cannot:
        thread = await desk.posting.open_thread(desk.desk, replace(CARD, title=words), "open:0")
        card = replace(CARD, facts=(("Name", words),), notice=words)
        await desk.posting.update_card(desk.desk, thread, card)
        assert desk.acted(thread) == []
    thread = await desk.thread()
    await desk.post(thread, Post("Bob", words), "p1")

    assert await desk.shown(thread) == [f"Bob\n{words}"]
    assert desk.acted(thread) == []


@pytest.mark.parametrize("letter", ["m", "ü", "😀", "&"])
async def test_the_longest_post_is_shown_whole(desk: Rig, letter: str) -> None:
    labels = [f"{n} {'Unsubscribe contact ' * 3}"[:60].strip() for n in range(5)]
    buttons = tuple(Button("unsubscribe", label, ID, danger=True, confirm=label) for label in labels)
    body = letter * desk.platform.traits.max_chars
    thread = await desk.thread()
    await desk.post(thread, Post("Bob " * 20, body, buttons=buttons, foot="Why: " * 40), "p1")

    shown = "".join(await desk.shown(thread))
    assert body in shown.replace("\n", "")
    assert await desk.buttons(thread) == labels


async def test_drawing_anew_is_safe_to_repeat(desk: Rig) -> None:
    needs(desk, "be posted to")
    thread = await desk.thread()
    [ref] = await desk.post(thread, Post("Bob", "Doubtful", buttons=(Button("retry", "Retry", ID),)), "p1")
    for _ in range(2):
        await desk.posting.update_card(desk.desk, thread, replace(CARD, notice="Opted out"))
        await desk.posting.edit_post(desk.desk, thread, ref, Post("Bob", "Clear"))

    assert desk.heads().count("Opted out") == 1
    assert await desk.shown(thread) == ["Bob\nClear"]
    assert await desk.buttons(thread) == []


async def test_a_removed_thread_is_gone_from_the_desk(desk: Rig) -> None:
    needs(desk, "be posted to")
    thread = await desk.thread()
    for _ in range(2):
        await desk.posting.remove_thread(desk.desk, thread, replace(CARD, title="Removed", closed=True))

    assert CARD.title not in desk.heads()


async def test_a_mark_takes_the_place_of_the_earlier_one(ears: Rig) -> None:
    needs(ears, "be posted to")
    thread = await ears.thread()
    ref = await ears.say("Coming", thread)
    seen = []
    for mark in (Mark.HELD, *Mark):
        await ears.posting.mark(ears.desk, thread, ref, mark)
        [sign] = ears.marks(thread, ref)
        seen.append(sign)

    assert seen[0] == seen[1]
    assert len(set(seen)) == len(Mark)


async def test_a_thread_that_was_deleted_is_gone(desk: Rig) -> None:
    needs(desk, "lose a thread")
    thread, other = await desk.thread("open:1"), await desk.thread("open:2")
    await desk.lose(thread)

    with pytest.raises(Gone) as caught:
        await desk.post(thread, Post("Bob", "private words"), "p1")
    assert "private" not in str(caught.value)
    assert "private words" not in desk.heads(), "it landed elsewhere"
    await desk.posting.remove_thread(desk.desk, thread, CARD)
    assert await desk.post(other, Post("Bob", "Hi"), "p2")


async def test_a_word_to_one_person(desk: Rig) -> None:
    thread = await desk.thread()
    await desk.platform.tell(desk.desk, thread, desk.anna, Post("", "They opted out"), None)

    if not desk.platform.traits.tells_privately:
        assert await desk.shown(thread) == ["They opted out"]
        return
    assert await desk.whispers(desk.anna) == ["They opted out"]
    assert await desk.whispers(desk.bea) == []
    assert await desk.shown(thread) == []


# -- what may have happened ----------------------------------------------------------------------------------


async def test_what_was_posted_is_found_and_nothing_else(desk: Rig) -> None:
    needs(desk, "be posted to")
    since, platform = time.time(), desk.posting
    thread, other = await desk.thread("open:1"), await desk.thread("open:2")
    refs = {key: await desk.post(thread, Post("Bob", "Hi"), key) for key in ("p1", "p2")}

    if platform.traits.can_find:
        assert await platform.find(desk.desk, None, "open:1", since) == thread
        assert await platform.find(desk.desk, None, "open:2", since) == other
        assert await platform.find(desk.desk, None, "open:3", since) is None
        for key, (ref,) in refs.items():
            assert await platform.find(desk.desk, thread, key, since) == ref
        assert await platform.find(desk.desk, thread, "p3", since) is None
        assert len(await desk.shown(thread)) == 2, "looking changes nothing"
    else:  # it may never claim to know
        with pytest.raises(Unsure):
            await platform.find(desk.desk, thread, "p3", since)


async def failure(desk: Rig, what: Trouble, thread: str) -> ConnectorError:
    """What a post meets; it is never asked for twice, and never shows a secret."""
    await desk.trouble(what)
    with pytest.raises(ConnectorError) as caught:
        await desk.post(thread, Post("Bob", "private words"), "p1")
    error = caught.value
    shown = f"{error!r} {error} {error.args} {vars(error)} {error.__cause__!r}"
    assert not [secret for secret in (*desk.secrets, "private words") if secret in shown]
    return error


async def test_nobody_there_is_unreachable(desk: Rig) -> None:
    needs(desk, "misbehave")
    error = await failure(desk, "down", await desk.thread())

    assert type(error) is Unreachable and error.certain
    with pytest.raises(Unreachable):
        await desk.make().start()


async def test_a_lost_answer_is_unsure_and_stands_once(desk: Rig) -> None:
    needs(desk, "misbehave")
    since, thread = time.time(), await desk.thread()
    error = await failure(desk, "lost", thread)

    assert type(error) is Unsure and not error.certain
    assert await desk.shown(thread) == ["Bob\nprivate words"]
    if desk.platform.traits.can_find:
        assert await desk.posting.find(desk.desk, thread, "p1", since)


async def test_too_fast_says_when(desk: Rig) -> None:
    needs(desk, "misbehave")
    thread = await desk.thread()
    error = await failure(desk, "throttled", thread)

    assert isinstance(error, Throttled)
    assert error.after == AFTER
    assert await desk.shown(thread) == []
    assert await desk.post(thread, Post("Bob", "later"), "p1")


async def test_refused_credentials_name_the_mend(desk: Rig) -> None:
    needs(desk, "misbehave")
    error = await failure(desk, "refused", await desk.thread())

    assert isinstance(error, Unusable)
    assert "token" in error.reason and ": " in error.reason, "what is wrong, and what to do"
    with pytest.raises(Unusable):
        await desk.make().start()
    wrong = [finding for finding in await desk.platform.check() if not finding.ok]
    assert wrong and all(finding.mend for finding in wrong)
    assert not [secret for secret in desk.secrets if secret in repr(wrong)]


def test_no_secret_is_shown(desk: Rig) -> None:
    shown = [desk.config, desk.platform, desk.make(), desk.platform.traits, desk.platform.health()]
    text = "\n".join(f"{one!r} {one}" for one in shown)

    assert desk.secrets
    assert not [secret for secret in desk.secrets if secret in text]
