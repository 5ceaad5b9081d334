"""One rig a chat platform: the same few deeds on every platform, on top of its emulator.

A platform is found by its package, and fails here until it has a rig: a subclass of Rig in this file.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Literal, Self

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import BaseModel

from bridge.errors import Unreachable
from bridge.model.events import Event, StaffWrote
from bridge.model.nouns import ThreadNote
from bridge.model.shapes import Button, Card, Post
from bridge.ports import ChatPlatform, Cursor, Member, PostingPlatform
from bridge.registry import known_platforms
from connectors.chat.web import Config as WebConfig
from connectors.chat.web import DeskConfig as WebDesk
from connectors.chat.web import Platform as WebPlatform
from tests.browser.fake_house import SESSION, FakeHouse
from tests.contract import slack_rig, telegram_rig
from tests.emulators.misbehave import drop_after, rate_limit
from tests.emulators.slack import Drop, RateLimited, SlackEmulator, Twice
from tests.emulators.telegram import TelegramEmulator

ID = telegram_rig.ID
CARD = Card(
    "Bob Miller",
    (("Number", "(555) 010-0199"), ("Line", "main")),
    buttons=(Button("resolve", "Resolve", ID),),
    menu=(Button("remove", "Remove conversation", ID, danger=True, confirm="Remove this?"),),
)
Trouble = Literal["down", "lost", "throttled", "refused"]
AFTER = 7  # seconds that a throttled platform asks for


class Rig:
    """One desk of one platform, with two colleagues there. What it cannot do it says in `cannot`."""

    name: ClassVar[str]
    cannot: ClassVar[dict[str, str]] = {}
    """What makes no sense here, and why: "misbehave", "lose a thread", "sign in", "be posted to"."""

    platform: ChatPlatform
    config: BaseModel
    desk: str
    anna: str  # ids, as the platform gives them
    bea: str
    secrets: Sequence[str]

    def __init__(self) -> None:
        self.told: list[Event] = []  # all that was put, repeated or not
        self.deaf = False
        self.turned_away = 0

    @classmethod
    def open(cls, *, listen: bool) -> Any:
        """An async context manager: the rig with its platform started and, if asked, listening."""
        raise NotImplementedError

    @property
    def posting(self) -> PostingPlatform:
        """The platform, where it is told what to show."""
        assert isinstance(self.platform, PostingPlatform)
        return self.platform

    def make(self) -> ChatPlatform:
        """Another one of the same configuration, not started."""
        raise NotImplementedError

    async def post(self, thread: str | None, post: Post, key: str) -> tuple[str, ...]:
        return await self.posting.post(self.desk, thread, post, [], key)

    async def shown(self, thread: str) -> list[str]:
        """What stands in a thread, oldest first, without its card; a post is its head and body."""
        raise NotImplementedError

    async def buttons(self, thread: str) -> list[str]:
        """The labels of all buttons in a thread but for those of its card."""
        raise NotImplementedError

    def heads(self) -> str:
        """What the desk shows of its threads."""
        raise NotImplementedError

    def acted(self, thread: str) -> list[object]:
        """What somebody's words have done on the platform: pings, commands, links of names."""
        return []

    def marks(self, thread: str, ref: str) -> list[str]:
        """Our signs on a message."""
        raise NotImplementedError

    async def whispers(self, person: str) -> list[str]:
        """What was shown to one person alone."""
        raise NotImplementedError

    async def say(self, text: str, thread: str, *, twice: bool = False) -> str:
        """Anna writes. Gives the ref, or "" where she is told at once that it did not work."""
        raise NotImplementedError

    async def lose(self, thread: str) -> None:
        """Somebody deletes a thread by hand."""
        raise NotImplementedError

    async def trouble(self, what: Trouble) -> None:
        """The next post meets this; "down" and "refused" stay."""
        raise NotImplementedError

    async def thread(self, key: str = "open:1") -> str:
        return await self.posting.open_thread(self.desk, CARD, key)

    async def until(self, condition: Callable[[], Any], seconds: float = 8.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := condition()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return found

    async def heard(self, count: int = 1) -> list[StaffWrote]:
        """The messages of staff, each once, as soon as there are so many."""
        await self.until(lambda: len({one.key for one in self.wrote()}) >= count)
        return list({one.key: one for one in reversed(self.wrote())}.values())[::-1]

    def wrote(self) -> list[StaffWrote]:
        return [event for event in self.told if isinstance(event, StaffWrote)]

    def watch(self, sink: Any) -> Self:
        """Keep all that a sink is given, repeated or not, and make it fail while `deaf`."""
        put = sink.put

        async def watched(events: Sequence[Event], cursor: Cursor | None = None) -> None:
            if self.deaf:
                self.turned_away += 1
                raise Unreachable("the store does not answer")
            await put(events, cursor)
            self.told.extend(events)

        sink.put = watched
        return self


class Slack(Rig):
    name = "slack"
    inner: slack_rig.Rig
    slack: SlackEmulator

    @classmethod
    @asynccontextmanager
    async def open(cls, *, listen: bool) -> AsyncIterator[Self]:
        async with slack_rig.rig(listen=False) as inner:
            rig = cls()
            rig.inner, rig.slack = inner, inner.slack
            rig.platform, rig.config = inner.platform, inner.config
            rig.desk, rig.anna = slack_rig.DESK, inner.anna
            rig.bea = rig.slack.add_user("Bea")
            rig.secrets = (rig.slack.bot_token, rig.slack.app_token)
            rig.watch(inner.sink)
            await (inner.listen() if listen else inner.platform.start())
            yield rig

    def make(self) -> ChatPlatform:
        return self.inner.make()

    async def shown(self, thread: str) -> list[str]:
        return [_rich(message) or message["text"] for message in self.inner.shown(thread)]

    async def buttons(self, thread: str) -> list[str]:
        blocks = [block for m in self.inner.shown(thread) for block in m["blocks"] if "elements" in block]
        return [e["text"]["text"] for block in blocks for e in block["elements"] if e["type"] == "button"]

    def heads(self) -> str:
        return self.slack.transcript(self.inner.channel)

    def acted(self, thread: str) -> list[object]:
        texts = [m["text"] for m in self.inner.shown(thread) if "<" in m["text"]]
        return [*self.slack.pings, *self.slack.violations, *texts]

    def marks(self, thread: str, ref: str) -> list[str]:
        found = self.slack.message(self.inner.channel, ref).get("reactions", [])
        return [reaction["name"] for reaction in found]

    async def whispers(self, person: str) -> list[str]:
        return [_rich({"blocks": e.blocks}) for e in self.slack.ephemerals if e.user == person]

    async def say(self, text: str, thread: str, *, twice: bool = False) -> str:
        if twice:
            self.slack.misbehave("event:message", Twice())
        return await self.slack.say(self.anna, self.inner.channel, text, thread_ts=thread)

    async def lose(self, thread: str) -> None:
        boss = self.slack.add_user("Boss", is_admin=True)
        await self.slack.delete(boss, self.inner.channel, thread)

    async def trouble(self, what: Trouble) -> None:
        if what == "down":
            await self.slack.go_down()
        elif what == "refused":
            self.slack.token_error = "invalid_auth"
        else:
            fault = Drop() if what == "lost" else RateLimited(retry_after=AFTER)
            self.slack.misbehave("chat.postMessage", fault)


def _rich(message: dict[str, Any]) -> str:
    """The words of a message's rich text."""
    outer = [block for block in message.get("blocks") or () if block["type"] == "rich_text"]
    return "".join(e.get("text", "") for b in outer for part in b["elements"] for e in part["elements"])


class Telegram(Rig):
    name = "telegram"
    inner: telegram_rig.Rig
    tg: TelegramEmulator

    @classmethod
    @asynccontextmanager
    async def open(cls, *, listen: bool) -> AsyncIterator[Self]:
        async with telegram_rig.rig(listen=False) as inner:
            rig = cls()
            rig.inner, rig.tg = inner, inner.tg
            rig.desk, rig.anna = telegram_rig.DESK, str(inner.anna.id)
            rig.bea = str(inner.tg.add_person("Bea").id)
            rig.watch(inner.sink)
            if listen:
                await inner.again()
            rig.platform, config = inner.platform, inner.platform._config
            rig.config, rig.secrets = config, (inner.tg.bot_token, config.secret())
            yield rig

    def make(self) -> ChatPlatform:
        now, self.tg.bot_token = self.tg.bot_token, self.secrets[0]
        try:
            return self.inner.make()
        finally:
            self.tg.bot_token = now

    async def shown(self, thread: str) -> list[str]:
        """Without the word joiners, which nobody sees."""
        return [message.text.replace("\u2060", "") for message in self.inner.shown(thread)[1:]]

    async def buttons(self, thread: str) -> list[str]:
        return [button["text"] for message in self.inner.shown(thread)[1:] for button in message.buttons]

    def heads(self) -> str:
        return self.tg.transcript()

    def acted(self, thread: str) -> list[object]:
        kinds = {"bold", "italic", "url"}
        entities = [e for m in self.inner.shown(thread) for e in m.data.get("entities", ())]
        return [entity for entity in entities if entity["type"] not in kinds]

    def marks(self, thread: str, ref: str) -> list[str]:
        [message] = [m for m in self.inner.shown(thread) if str(m.message_id) == ref]
        return message.reactions.get(self.tg.bot.id, [])

    async def say(self, text: str, thread: str, *, twice: bool = False) -> str:
        message = await self.inner.say(text, thread)
        if twice:
            await self.heard()
            self.tg.repeat_updates()
        return str(message.message_id)

    async def lose(self, thread: str) -> None:
        await self.tg.delete_topic(self.tg.group, int(thread))

    async def trouble(self, what: Trouble) -> None:
        if what == "down":
            await self.tg.down()
        elif what == "refused":
            self.tg.bot_token = "1:AAAAAAAAAAAAAAAAAAAAAAAAA"
        else:
            self.tg.misbehave("sendMessage", drop_after() if what == "lost" else rate_limit(AFTER))


class Web(Rig):
    """The page and a house that holds what was posted as the core would."""

    name = "web"
    cannot: ClassVar[dict[str, str]] = {
        "misbehave": "it calls nobody who could be away, throttle or refuse it",
        "lose a thread": "its threads are rows of our own",
        "sign in": "it needs nobody's leave, so it is well from the beginning",
        "be posted to": "it draws itself: the page reads what the core keeps",
    }
    fake: FakeHouse
    client: TestClient[Any, Any]
    said = 0
    desk, anna, bea = "web", "m1", "m2"
    secrets = (SESSION, "a-token")

    @classmethod
    @asynccontextmanager
    async def open(cls, *, listen: bool) -> AsyncIterator[Self]:
        rig = cls()
        rig.fake, rig.config = FakeHouse(hold=60), WebConfig()
        rig.fake.sessions["session-of-bea"] = Member(rig.bea, "Bea", "agent")
        rig.watch(rig.fake)
        rig.platform = rig.make()
        app = web.Application()
        app.add_routes(rig.platform.routes())
        await rig.platform.start()
        async with TestClient(TestServer(app), headers={"X-Threadline": "1"}) as rig.client:
            yield rig
            await rig.platform.stop()
            rig.fake.close()

    def make(self) -> ChatPlatform:
        return WebPlatform(WebConfig(), {"web": WebDesk()}, self.fake.house())

    async def thread(self, key: str = "open:1") -> str:
        thread = f"thread-{key.replace(':', '-')}"
        talk = self.fake.begin("+15550100199", CARD.title)
        del self.fake.talks[talk.thread]
        talk.thread = thread
        self.fake.talks[thread] = talk
        return thread

    async def post(self, thread: str | None, post: Post, key: str) -> tuple[str, ...]:
        self.fake.talks[str(thread)].notes.append(ThreadNote(key, str(thread), post, time.time()))
        return (key,)

    async def _get(self, path: str, session: str = SESSION) -> Any:
        answer = await self.client.get(path, cookies={"threadline": session})
        assert answer.status == 200
        return await answer.json()

    async def shown(self, thread: str) -> list[str]:
        opened = await self._get(f"/api/threads/{thread}")
        notes = [f"{note['head']}\n{note['body']}" for note in opened["notes"]]
        return notes + [entry["text"] for entry in opened["entries"]]

    async def buttons(self, thread: str) -> list[str]:
        opened = await self._get(f"/api/threads/{thread}")
        return [button["label"] for note in opened["notes"] for button in note["buttons"]]

    async def whispers(self, person: str) -> list[str]:
        session = SESSION if person == self.anna else "session-of-bea"
        heard = await self._get("/api/changes?after=-1&heard=0", session)
        return [f"{whisper['head']}{whisper['body']}" for whisper in heard["whispers"]]

    async def say(self, text: str, thread: str, *, twice: bool = False) -> str:
        self.said += 1
        message = {"text": text, "client_id": f"client-id-{self.said}"}
        for _ in range(1 + twice):
            url, cookies = f"/api/threads/{thread}/messages", {"threadline": SESSION}
            answer = await self.client.post(url, json=message, cookies=cookies)
            assert answer.status in (201, 503)
        return str((await answer.json()).get("ref", ""))


RIGS = {rig.name: rig for rig in Rig.__subclasses__()}
PLATFORMS = known_platforms()


def rigs() -> Iterator[str]:
    """The platforms that the suite can run over; test_there_is_a_rig names the others."""
    yield from (name for name in PLATFORMS if name in RIGS)
