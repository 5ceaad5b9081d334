"""The two chat desks with people's hands on them, so that one test can be played on either."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import pytest

import connectors.chat.slack.platform as slack_platform
import connectors.chat.telegram.platform as telegram_platform
from bridge.engine import health, outages, reconcile, settling
from bridge.model.traits import Rate
from tests.e2e.house import World, until

QUICK = Rate(1000, 1000)
SLACK_MARKS = {
    "hourglass_flowing_sand": "held",
    "heavy_check_mark": "sent",
    "white_check_mark": "delivered",
    "x": "failed",
    "no_entry_sign": "cancelled",
    "memo": "note",
}
TELEGRAM_MARKS = {
    "👀": "held",
    "👌": "sent",
    "👍": "delivered",
    "👎": "failed",
    "🙈": "cancelled",
    "✍": "note",
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the desks write as fast as they can: the emulators hold nobody to the platforms' pace."""
    for module in (slack_platform, telegram_platform):
        traits = replace(module.Platform.traits, post_rate=QUICK, mark_rate=QUICK)
        monkeypatch.setattr(module.Platform, "traits", traits)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what takes minutes take tenths of seconds: looks, tries, news for the operator."""
    monkeypatch.setattr(settling, "LOOK_AFTER", (0.2, 0.3, 0.4))
    monkeypatch.setattr(settling, "MOST_WAIT", 0.4)
    monkeypatch.setattr(settling, "MOST_WAIT_TWICE", 0.4)
    monkeypatch.setattr(settling, "UNUSABLE", 0.5)
    monkeypatch.setattr(outages, "LONG", 0.8)
    monkeypatch.setattr(health, "LOOK", 0.2)
    monkeypatch.setattr(health, "BLINK", 0.5)
    monkeypatch.setattr(health, "PATIENCE", 60.0)
    monkeypatch.setattr(reconcile, "AGAIN", (0.3,))


class Desk(Protocol):
    """What a person can do and see on a desk."""

    world: World
    name: str  # as configuration and notices have it
    person: str

    async def say(self, text: str, *, aside: bool = False) -> Any:
        """Write into the only thread, or aside of all threads."""

    async def edit(self, message: Any, text: str) -> None:
        """Change one's message."""

    async def react(self, message: Any, *, again: bool = False) -> None:
        """Put on a message what means: send this; again: take it away before."""

    async def press(self, label: str) -> None:
        """Press the newest button of that label; where that asks again, mean it."""

    def mark(self, message: Any) -> str:
        """Name the one mark of ours on a message, "" where there is none."""

    def page(self) -> str:
        """Give what the desk shows."""

    def told(self) -> list[str]:
        """Give what was said to single people, where the desk can, else everything it says."""

    def threads(self) -> int:
        """Count the threads."""


class SlackDesk:
    """Ana in Slack."""

    name, person = "slack", "Ana"

    def __init__(self, world: World) -> None:
        self.world = world

    async def say(self, text: str = "", *, aside: bool = False, user: str = "", **more: Any) -> str:
        ts = None if aside else await self.world.slack_thread()
        who = user or self.world.ana
        return str(await self.world.slack.say(who, self.world.channel, text, thread_ts=ts, **more))

    async def edit(self, message: str, text: str) -> None:
        await self.world.slack.edit(self.world.ana, self.world.channel, message, text)

    async def delete(self, message: str) -> None:
        await self.world.slack.delete(self.world.ana, self.world.channel, message)

    async def react(self, message: str, *, again: bool = False) -> None:
        if again:
            await self.world.slack.unreact(self.world.ana, self.world.channel, message, "outbox_tray")
        await self.world.slack.react(self.world.ana, self.world.channel, message, "outbox_tray")

    async def press(self, label: str, user: str = "") -> None:
        world, who = self.world, user or self.world.ana
        await until(lambda: self.find(label) is not None)
        ts, element, option = self.find(label) or ("", {}, None)
        await world.slack.press(who, world.channel, ts, element["action_id"], option)
        if option and option.startswith("?"):
            await until(lambda: world.slack.modal(who) is not None)
            await world.slack.submit(who)

    def find(self, label: str) -> tuple[str, dict[str, Any], str | None] | None:
        """Find the newest button or menu entry of that label."""
        slack, channel = self.world.slack, self.world.channel
        seen = [(m["ts"], m.get("blocks", [])) for m in slack.messages(channel)]
        seen += [(e.ts, e.blocks) for e in slack.ephemerals if e.channel == channel]
        for ts, blocks in sorted(seen, key=lambda one: one[0], reverse=True):
            for element in _elements(blocks):
                if element["type"] == "button" and label in element["text"]["text"]:
                    return ts, element, None
                for option in element.get("options", ()):
                    if label in option["text"]["text"]:
                        return ts, element, str(option["value"])
        return None

    def mark(self, message: str) -> str:
        names = [SLACK_MARKS.get(name, "") for name in self.world.slack_marks(message)]
        return " ".join(sorted(filter(None, names)))

    def page(self) -> str:
        return self.world.slack_page()

    def told(self) -> list[str]:
        return [seen.text for seen in self.world.slack.ephemerals]

    def threads(self) -> int:
        roots = self.world.roots()
        return sum(1 for root in roots if root.get("user") == "U0BOT" and root.get("subtype") is None)


class TelegramDesk:
    """Ben in Telegram."""

    name, person = "telegram", "Ben"

    def __init__(self, world: World) -> None:
        self.world = world

    async def say(self, text: str = "", *, aside: bool = False, user: str = "Ben", **more: Any) -> Any:
        topic = None if aside else await self.world.telegram_topic()
        return await self.world.telegram.say(user, self.world.telegram.group, text, topic=topic, **more)

    async def edit(self, message: Any, text: str) -> None:
        await self.world.telegram.edit(message, text)

    async def react(self, message: Any, *, again: bool = False) -> None:
        if again:
            await self.world.telegram.react("Ben", self.world.telegram.group, message, None)
        await self.world.telegram.react("Ben", self.world.telegram.group, message, "🕊")

    async def press(self, label: str, user: str = "Ben") -> None:
        telegram, group = self.world.telegram, self.world.telegram.group
        await until(lambda: self.find(label) is not None)
        message = self.find(label)
        data = next(b["callback_data"] for b in message.buttons if label in b["text"])
        await telegram.press(user, group, message, data)
        if data.startswith("?"):
            await until(lambda: any(b["text"].startswith("Yes") for b in message.buttons))
            await telegram.press(user, group, message, data.removeprefix("?"))

    def find(self, label: str) -> Any:
        """Find the newest message with that button."""
        found = [m for m in self.world.telegram.messages(everywhere=True) if _has(m, label)]
        return found[-1] if found else None

    def mark(self, message: Any) -> str:
        bot = self.world.telegram.bot.id
        return " ".join(TELEGRAM_MARKS.get(e, e) for e in message.reactions.get(bot, []))

    def page(self) -> str:
        return self.world.telegram_page()

    def told(self) -> list[str]:
        return [m.text for m in self.world.telegram.messages(everywhere=True) if m.data["from"]["is_bot"]]

    def threads(self) -> int:
        return len(self.world.telegram.group.topics)


def _has(message: Any, label: str) -> bool:
    return any(label in button["text"] for button in message.buttons)


def _elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]


DESKS: dict[str, Callable[[World], Any]] = {"slack": SlackDesk, "telegram": TelegramDesk}
both = pytest.mark.parametrize("where", ["slack", "telegram"])


def told(desk: Any, words: str) -> Callable[[], bool]:
    """Give the condition that somebody was told something with these words in it."""
    return lambda: any(words in said for said in desk.told())


async def begun(world: World, where: str, text: str = "Hello?") -> Any:
    """Have Bob text; give the desk once his thread is on it."""
    await world.text(text)
    desk = DESKS[where](world)
    await until(lambda: text in desk.page())
    return desk
