"""A flood meets slow desks: posts are merged, new threads go first, nothing is lost, memory stays small."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import connectors.chat.slack.platform as slack_platform
import connectors.chat.telegram.platform as telegram_platform
from bridge.model.traits import Rate
from tests.e2e.desks import SlackDesk, TelegramDesk
from tests.e2e.house import BOB, World, until
from tests.e2e.tools import FORM, HOOK, exported, form, served, settled, signature, stats
from tests.emulators import misbehave
from tests.emulators.slack import RateLimited

PEOPLE = [f"+155501003{number:02}" for number in range(20)]
EACH, BOBS = 6, 150  # texts


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let desks take a few posts a second: a minute of theirs is seconds here."""
    for module in (slack_platform, telegram_platform):
        traits = replace(module.Platform.traits, post_rate=Rate(12, 2), mark_rate=Rate(12, 2))
        monkeypatch.setattr(module.Platform, "traits", traits)


def numbered(name: str, number: int) -> str:
    """Write a text that can be told from all others."""
    return f"<{name} {number:03}>"


def words_of(posts: list[Any], told: Callable[[Any], str]) -> list[str]:
    """Give the numbered words of posts, in their order."""
    return [word for post in posts for word in re.findall(r"<\S+ \d{3}>", told(post))]


async def flood(world: World, name: str, sender: str, count: int) -> None:
    """Text without waiting for anybody."""
    for number in range(count):
        assert (await world.text(numbered(name, number), sender)).status == 200


async def test_a_flood_arrives_whole_in_order_and_in_few_posts(world: World, slow: None) -> None:
    total = BOBS + EACH * len(PEOPLE)
    async with world.house():
        world.slack.misbehave("chat.postMessage", RateLimited(retry_after=1), times=10_000)
        world.telegram.misbehave("createForumTopic", misbehave.rate_limit(1), times=10_000)
        people = [flood(world, f"p{place}", sender, EACH) for place, sender in enumerate(PEOPLE)]
        await asyncio.gather(flood(world, "bob", BOB, BOBS), *people)
        await settled(world, total, 60)
        before = [call.method for call in world.slack.calls].count("chat.postMessage")
        world.slack.behave()
        world.telegram.behave()

        wanted = {"bob": BOBS} | {f"p{place}": EACH for place in range(len(PEOPLE))}
        expected = sorted([numbered(name, n) for n in range(count)] for name, count in wanted.items())
        await until(lambda: sorted(on_slack(world)) == expected, 60)
        await until(lambda: sorted(on_telegram(world)) == expected, 60)
        threads = len(PEOPLE) + 1
        posts = [call.method for call in world.slack.calls].count("chat.postMessage") - before
        assert posts <= 4 * threads, "a card and a few posts for each"
        assert len(world.telegram.calls_to("sendMessage")) <= 4 * threads
        mine = await SlackDesk(world).say("And we still answer")
        await until(lambda: SlackDesk(world).mark(mine) == "delivered", 20)
        assert (await stats(world))["balanced"] is True
        assert len(await exported(world)) == total + 1


def on_slack(world: World) -> list[list[str]]:
    """Give the numbered words of every thread."""
    threads = [world.slack.replies(world.channel, root["ts"]) for root in world.roots()]
    return [found for posts in threads if (found := words_of(posts, lambda post: _plain(post["text"])))]


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">")


def on_telegram(world: World) -> list[list[str]]:
    """Give the numbered words of every topic."""
    group = world.telegram.group
    topics = [world.telegram.messages(group, topic) for topic in group.topics]
    return [found for posts in topics if (found := words_of(posts, lambda post: post.text))]


async def test_new_threads_and_words_go_before_housekeeping(small_world: World, slow: None) -> None:
    """Where everything waits for one slow group, cards are brought up to date last."""
    world = small_world
    async with world.house():
        known = PEOPLE[:5]
        for sender in known:
            await world.text("Hello?", sender)
        await until(lambda: world.telegram_page().count("Hello?") == len(known), 20)
        await until(lambda: world.slack_page().count("Hello?") == len(known), 20)
        before = len(world.telegram.calls)
        world.telegram.misbehave("createForumTopic", misbehave.rate_limit(4))
        await world.text("This one meets the 429", BOB)
        await until(lambda: "This one meets the 429" in world.slack_page())
        for root in world.roots()[: len(known)]:
            await world.slack.say(world.ana, world.channel, "I am on it", thread_ts=root["ts"])
        await until(lambda: len(world.twilio.sent) == len(known))
        for sender in PEOPLE[5:12]:
            await world.text("Somebody new", sender)

        desk = TelegramDesk(world)
        await until(lambda: desk.page().count("Somebody new") == 7, 30)
        await until(lambda: desk.page().count("On it: Ana") == len(known), 30)
        asked = [call.method for call in world.telegram.calls[before:]]
        opened = [place for place, name in enumerate(asked) if name == "createForumTopic"]
        tidied = [place for place, name in enumerate(asked) if name in ("editMessageText", "editForumTopic")]
        assert len(opened) >= 7 and tidied, asked
        assert opened[-1] < tidied[0], asked


async def test_a_backlog_does_not_live_in_memory(small_world: World) -> None:
    """Both chats are away; what waits for them waits in the database."""
    world = small_world
    async with served(world) as daemon:
        await daemon.ready()
        await world.slack.go_down()
        await world.telegram.down()
        await pour(world, 200, "first")
        await settled(world, 200, 30)
        before = resident(daemon.process.pid)
        await pour(world, 1000, "then")
        await settled(world, 1200, 60)
        grown = resident(daemon.process.pid) - before
        assert grown < 40 << 20, f"{grown >> 20} MB more"
        assert len(await exported(world)) == 1200


async def pour(world: World, count: int, name: str) -> None:
    """Post texts of many people as fast as they are answered."""
    bodies = iter([form(numbered(name, n), PEOPLE[n % 20], sid=f"SM{name:>8}{n:024}") for n in range(count)])
    url = f"http://127.0.0.1:{world.port}{HOOK}"

    async def one(session: aiohttp.ClientSession) -> None:
        for body in bodies:
            signed = {"Content-Type": FORM, "X-Twilio-Signature": signature(world, HOOK, body)}
            async with session.post(url, data=body, headers=signed) as answer:
                assert answer.status == 200

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(one(session) for _ in range(8)))


def resident(pid: int) -> int:
    """Give the bytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024
