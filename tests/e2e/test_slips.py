"""What people at the desks get wrong, desk by desk: each slip is answered to that person, and loses nothing.

A slip is something done and the words that must come of it. Afterwards nobody was texted, the settings are
as they were, and the next reply arrives.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import BOB, World, until
from tests.e2e.tools import AtWeb, ask
from tests.emulators.slack import Drop

pytestmark = pytest.mark.usefixtures("quick")

BIG = b"\xff\xd8\xff" + b"\0" * 30_000_000
MEMBERS = "only members of this organisation can do that"


@dataclass(frozen=True)
class Slip:
    """who: the person who slips, who alone reads the words (Slack); None: nobody is told anything."""

    name: str
    do: Callable[..., Awaitable[Any]]
    words: str
    who: str | None = "ana"


def walk(slips: list[Slip]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("slip", slips, ids=[slip.name for slip in slips])


# ---- Slack ----------------------------------------------------------------------------------------------


async def _sms(world: World, desk: SlackDesk, who: str, text: str, channel: str = "") -> None:
    await world.slack.command(who, channel or world.channel, "/sms", text)


def typed(text: str) -> Callable[..., Awaitable[Any]]:
    """Type a command in the channel."""
    return lambda world, desk, who: _sms(world, desk, who, text)


async def _form(world: World, desk: SlackDesk, who: str, **values: str) -> dict[str, Any]:
    """Fill the form that starts a conversation; gives what Slack writes under its fields."""
    await _sms(world, desk, who, "new")
    await until(lambda: world.slack.modal(who))
    answer = await world.slack.submit(who, values=values)
    if world.slack.modal(who):
        await world.slack.close_view(who)
    return answer


async def wrong_number(world: World, desk: SlackDesk, who: str) -> Any:
    return (await _form(world, desk, who, number="12"))["errors"]["number"]


async def twice(world: World, desk: SlackDesk, who: str) -> None:
    ts, element, _ = desk.find("Resolve") or ("", {}, None)
    for _ in range(2):
        await world.slack.press(who, world.channel, ts, element["action_id"])


async def too_large(world: World, desk: SlackDesk, who: str) -> None:
    await desk.say("Look", user=who, files=[("huge.jpg", "image/jpeg", BIG)])


async def after_removal(world: World, desk: SlackDesk, who: str) -> None:
    """A template is chosen; meanwhile the conversation is removed in Telegram; then Send is pressed."""
    root = await world.slack_thread()
    menu = next(e for e in _elements(world, root) if e["type"] == "overflow")
    await world.slack.press(who, world.channel, root, menu["action_id"], "panel:pick:")
    await until(lambda: world.slack.modal(who))
    use = next(b["accessory"] for b in world.slack.modal(who)["blocks"] if "accessory" in b)
    await world.slack.press_in_view(who, use["action_id"])
    await until(lambda: (world.slack.modal(who) or {}).get("submit"))
    other = TelegramDesk(world)
    await other.press("Remove conversation")
    await until(lambda: "removed by Ben" in world.slack_page())
    await world.slack.submit(who)
    await world.text("Hello again")  # so that there is a conversation to go on with
    await until(lambda: "Hello again" in world.slack_page())


def _elements(world: World, root: str) -> list[dict[str, Any]]:
    blocks = world.slack.message(world.channel, root)["blocks"]
    return [element for block in blocks for element in block.get("elements", ())]


async def at_once(world: World, desk: SlackDesk, who: str) -> None:
    ben = TelegramDesk(world)
    await until(lambda: ben.find("Assign to me"))
    await desk.press("Assign to me", who)
    await until(lambda: "Ana is on it" in ben.page())
    cleo = world.slack.add_user("cleo", display_name="Cleo")
    world.slack.world.channels[world.channel].members.add(cleo)
    await asyncio.gather(*(desk.press("Resolve", one) for one in (who, cleo)))
    await until(lambda: any("resolved already" in one.text for one in world.slack.ephemerals))
    for seen in world.slack.ephemerals:  # either may have been first
        seen.user = who


async def too_slow(world: World, desk: SlackDesk, who: str) -> None:
    world.slack.misbehave("views.open", Drop(after_storing=False))
    await _sms(world, desk, who, "inbox")


async def expired(world: World, desk: SlackDesk, who: str) -> None:
    """Three seconds are over before the list is drawn."""
    world.slack.trigger_ttl = -1
    await _sms(world, desk, who, "inbox")


async def from_outside(world: World, desk: SlackDesk, who: str) -> None:
    await _sms(world, desk, who, "settings hold_seconds 60")


async def outside_press(world: World, desk: SlackDesk, who: str) -> None:
    await desk.press("Resolve", who)


async def elsewhere(world: World, desk: SlackDesk, who: str) -> None:
    """Two desks, and a command in neither channel."""
    await _sms(world, desk, who, "inbox", world.slack.add_channel("random"))


async def by_a_bot(world: World, desk: SlackDesk, who: str) -> None:
    await desk.say("A ticket was made", user=who)


ON_SLACK = [
    Slip("a wrong number", wrong_number, "“12” is not a number that can be texted"),
    Slip("an empty text", typed("templates add Hello:"), "So: templates"),
    Slip("an unknown field", typed("templates add Hello: Dear {a name}"), "“{a name}” is no field"),
    Slip("a picture of 30 MB", too_large, "the files are too large together (30.0 MB); the limit is 5.0 MB"),
    Slip("a button pressed twice", twice, "It is resolved already."),
    Slip("a form after the removal", after_removal, "conversation was removed"),
    Slip("two at once", at_once, "It is resolved already."),
    Slip("a connection that breaks", too_slow, "It could not be opened in time"),
    Slip("an expired trigger", expired, "It could not be opened in time"),
    Slip("a command for a thread", typed("template Thanks"), "belongs into the thread"),
    Slip("an unknown command", typed("remind me"), "There is no command “remind”"),
    Slip("no right", typed("settings hold_seconds 60"), "only an admin of this desk can do that"),
    Slip("not in the channel", from_outside, "That is for those who are in #support", "zoe"),
    Slip("a command from another company", from_outside, MEMBERS, "eve"),
    Slip("a press from another company", outside_press, MEMBERS, "eve"),
    Slip("a bot", by_a_bot, "", "jira"),
]


@walk(ON_SLACK)
async def test_slack(small_world: World, slip: Slip) -> None:
    if slip.name == "no right":
        small_world.options["slack_desk"] = 'admins = ["U0BOSS"]'
    slack = small_world.slack
    async with small_world.house():
        desk = await begun(small_world, "slack")
        who = {"ana": small_world.ana, **_others(small_world)}[slip.who or "ana"]
        said = await slip.do(small_world, desk, who)
        if isinstance(said, str):
            assert slip.words in said
        elif slip.words:
            await until(lambda: any(slip.words in one.text for one in slack.ephemerals))
        assert {one.user for one in slack.ephemerals} <= {who}
        assert small_world.phone() == []
        await _goes_on(small_world, desk)
        assert not slip.words or slip.words not in small_world.phone()


def _others(world: World) -> dict[str, str]:
    channel = world.slack.world.channels[world.channel]
    zoe = world.slack.add_user("zoe", display_name="Zoe")
    eve = world.slack.add_user("eve", display_name="Eve", stranger=True)
    jira = world.slack.add_user("jira", bot=True)
    channel.members |= {eve, jira}
    channel.members.discard(zoe)
    return {"zoe": zoe, "eve": eve, "jira": jira}


async def _goes_on(world: World, desk: Any) -> None:
    """Nothing is lost: the conversation is there, and the next reply arrives after the hold as set."""
    live = [root for root in world.roots() if "removed by" not in str(root)]
    if desk.name == "slack":
        mine = await world.slack.say(world.ana, world.channel, "Still here", thread_ts=live[-1]["ts"])
    else:
        mine = await desk.say("Still here")
    await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["Still here"]


# ---- Telegram -------------------------------------------------------------------------------------------


def written(text: str, aside: bool = False, **more: Any) -> Callable[..., Awaitable[Any]]:
    """Write in the topic, or in General."""

    async def do(world: World, desk: TelegramDesk) -> None:
        given = {name: one(world) if callable(one) else one for name, one in more.items()}
        await desk.say(text, aside=aside, **given)

    return do


async def pressed_twice(world: World, desk: TelegramDesk) -> None:
    card = desk.find("Resolve")
    for _ in range(2):
        await world.telegram.press("Ben", world.telegram.group, card, "resolve:" + _value(card, "resolve"))


def _value(message: Any, action: str) -> str:
    data = next(b["callback_data"] for b in message.buttons if b["callback_data"].startswith(f"{action}:"))
    return str(data.partition(":")[2])


async def pressed_by_two(world: World, desk: TelegramDesk) -> None:
    world.telegram.add_person("Cleo", "cleo_c")
    card = desk.find("Assign to me")
    data = "assign:" + _value(card, "assign")
    telegram = world.telegram
    await asyncio.gather(*(telegram.press(one, telegram.group, card, data) for one in ("Ben", "Ben")))


async def pressed_by_a_stranger(world: World, desk: TelegramDesk) -> None:
    world.telegram.add_person("Eve", "eve_e")
    card = desk.find("Resolve")
    data = "resolve:" + _value(card, "resolve")
    await world.telegram.press("Eve", world.telegram.group, card, data, stranger=True)


async def pressed_after_a_restart(world: World, desk: TelegramDesk) -> None:
    """A button of a list that the bot does not remember."""
    await desk.say("/inbox", aside=True)
    await until(lambda: desk.find("Close"))
    message = desk.find("Close")
    message.data["reply_markup"] = {"inline_keyboard": [[{"text": "Old", "callback_data": "kept:ffff"}]]}
    press = await world.telegram.press("Ben", world.telegram.group, message, "Old")
    await until(lambda: press.text)
    assert press.text == "That list is old: give the command again."


ON_TELEGRAM = [
    Slip("a wrong number", written("/new 12 Hello", aside=True), "“12” is not a number that can be texted"),
    Slip("an empty text", written("/templates add Hello:", aside=True), "So: templates"),
    Slip("an empty note", written("/note"), ""),
    Slip("an unknown field", written("/templates add Hello: {a name}", aside=True), "“{a name}” is no field"),
    Slip(
        "a picture of 30 MB", written("Look", document=("huge.jpg", BIG)), "Not sent: the files are too large"
    ),
    Slip("a button pressed twice", pressed_twice, "It is resolved already."),
    Slip("two at once", pressed_by_two, "is on it already"),
    Slip("an old button", pressed_after_a_restart, ""),
    Slip("a command for a topic", written("/resolve", aside=True), "belongs into the topic"),
    Slip("a command for General", written("/new +15550100177 Hello"), "belongs into General"),
    Slip("an unknown command", written("/remind me"), "There is no command “remind”"),
    Slip("no right", written("/settings hold_seconds 60", aside=True), "only an admin of this desk"),
    Slip("an anonymous admin", written("Hi", sender_chat=lambda w: w.telegram.group), "writing anonymously"),
    Slip(
        "an anonymous command",
        written("/resolve", sender_chat=lambda w: w.telegram.group),
        "you are anonymous here",
    ),
    Slip("a stranger's press", pressed_by_a_stranger, MEMBERS),
]


@walk(ON_TELEGRAM)
async def test_telegram(small_world: World, slip: Slip) -> None:
    if slip.name == "no right":
        small_world.options["telegram_desk"] = 'admins = ["4711"]'
    async with small_world.house():
        desk = await begun(small_world, "telegram")
        await slip.do(small_world, desk)
        if slip.words:
            await until(lambda: any(slip.words in one for one in desk.told()))
        assert small_world.phone() == []
        await _goes_on(small_world, desk)


# ---- the web inbox --------------------------------------------------------------------------------------


async def _press(eve: AtWeb, action: str, value: str = "", thread: str = "", **form: str) -> str:
    answer = await eve.post("/api/press", action=action, value=value, thread=thread, form=form)
    return str(answer.json().get("error", ""))


async def at_web_wrong_number(world: World, eve: AtWeb, thread: str) -> str:
    return await _press(eve, "new", number="12", text="Hello")


async def at_web_nothing(world: World, eve: AtWeb, thread: str) -> str:
    return str((await eve.reply("  ")).json()["error"])


async def at_web_field(world: World, eve: AtWeb, thread: str) -> str:
    assert world.daemon is not None
    await world.daemon.staff.set_role("Eve", "admin")
    return await _press(eve, "template_save", name="Hello", text="Dear {a name}")


async def at_web_picture(world: World, eve: AtWeb, thread: str) -> str:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(BIG), filename="huge.jpg", content_type="image/jpeg")
    headers = {name: one for name, one in eve._headers.items() if name != "Content-Type"}
    answer = await ask(f"{eve._base}/api/files", "POST", form, headers)
    assert answer.status == 413
    return str(answer.json()["error"])


async def at_web_twice(world: World, eve: AtWeb, thread: str) -> None:
    await asyncio.gather(*(_press(eve, "resolve", thread=thread) for _ in range(2)))


async def at_web_removed(world: World, eve: AtWeb, thread: str) -> None:
    await _press(eve, "remove", thread=thread)
    await until(lambda: "removed by Eve" in world.slack_page())
    await _press(eve, "reply", thread=thread, text="Too late")
    await world.text("Hello again")
    await until(lambda: "Hello again" in world.slack_page())


async def at_web_no_right(world: World, eve: AtWeb, thread: str) -> str:
    return await _press(eve, "set", name="hold_seconds", value="60")


AT_WEB = [
    Slip("a wrong number", at_web_wrong_number, "“12” is not a number that can be texted"),
    Slip("an empty text", at_web_nothing, "Write something, or attach a file"),
    Slip("an unknown field", at_web_field, "“{a name}” is no field"),
    Slip("a picture of 30 MB", at_web_picture, "MB"),
    Slip("a button pressed twice", at_web_twice, "It is resolved already."),
    Slip("a form after the removal", at_web_removed, "conversation was removed"),
    Slip("no right", at_web_no_right, "only an admin of this desk can do that"),
]


@walk(AT_WEB)
async def test_web(small_world: World, slip: Slip) -> None:
    async with small_world.house():
        desk = await begun(small_world, "slack")
        assert small_world.daemon is not None
        eve, dan = [await AtWeb.sign_in(small_world, name) for name in ("Eve", "Dan")]
        thread = (await eve.threads())[0]["thread"]
        said = await slip.do(small_world, eve, thread)
        if isinstance(said, str):
            assert slip.words in said

        async def so() -> bool:
            return isinstance(said, str) or any(slip.words in one for one in await eve.whispers())

        await until(so)
        assert await dan.whispers() == [], "to that person alone"
        assert small_world.phone(BOB) == []
        await _goes_on(small_world, desk)
