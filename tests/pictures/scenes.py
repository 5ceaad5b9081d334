"""The scenes: an afternoon at the union's desks, played on the whole house with the emulators around it."""

from collections.abc import AsyncIterator
from typing import Any

from tests.e2e.desks import SlackDesk, TelegramDesk, told
from tests.e2e.house import SUE, World, until
from tests.emulators.slack.blocks import interactive_elements
from tests.pictures import slack, telegram
from tests.pictures.paper import page

HELLO = "Hi, the heat in our building has been out since Sunday. When are you open?"
ANSWER = "Hi, we are open until 6 today. Can you tell me your address?"
LONG = (
    "Thank you. Your landlord has to repair it within 24 hours. Please send us a picture of the thermometer, "
    "and keep a note of the temperature in the morning and in the evening."
)
TOUR = "please remove me from your list for the bus tour"
OPTIONS = {"slack_desk": 'display = "all"', "telegram_desk": 'display = "all"', "hold": 1.0}
Scene = tuple[str, str]  # the picture's name, its page


async def play_slack(world: World) -> AsyncIterator[Scene]:
    """Give the pictures of Slack."""
    desk, here = SlackDesk(world), "Slack, as the messages read"
    shot = _Slack(world)
    await world.text(HELLO)
    root = await world.slack_thread()
    await until(lambda: "since Sunday" in desk.page())
    mine = await desk.say(ANSWER)
    await until(lambda: desk.mark(mine) == "delivered")
    await desk.say("// she called on Monday, too")
    await until(lambda: "memo" in str(shot.replies(root)[-1].get("reactions")))
    yield "slack-reply", page(here, shot.thread(root))

    card = world.slack.message(world.channel, root)
    menu = next(e for b in card["blocks"] for e in interactive_elements(b) if e["type"] == "overflow")
    yield (
        "slack-menu",
        page(
            "Slack, the ⋯ menu of the card",
            [slack.said(card, world.slack.world.name_of), slack.menu(menu["options"])],
        ),
    )

    await world.slack.press(world.ana, world.channel, root, menu["action_id"], "panel:pick:")
    await until(lambda: world.slack.modal(world.ana))
    yield "slack-templates", page("Slack, Answer with a template", [slack.view(world.slack.modal(world.ana))])
    use = next(b["accessory"] for b in world.slack.modal(world.ana)["blocks"] if "accessory" in b)
    await world.slack.press_in_view(world.ana, use["action_id"])
    await until(lambda: world.slack.modal(world.ana).get("submit"))
    drawn = slack.view(world.slack.modal(world.ana))
    yield "slack-template", page("Slack, the template before it leaves", [drawn])
    await world.slack.close_view(world.ana, whole_stack=True)

    dear = await desk.say(LONG)
    await until(told(desk, "This goes as MMS"))
    replies = [*shot.thread(root)[-1:], slack.alone(world.slack.ephemerals[-1], "threadline")]
    yield "slack-cost", page(here, replies)
    await until(lambda: desk.mark(dear) == "delivered")

    seen = len(shot.thread(root))
    await world.text(TOUR)
    await until(lambda: "and are opted out" in desk.page() and "You are unsubscribed" in desk.page())
    yield "slack-taken", page(here, shot.thread(root)[seen:])
    await desk.press("A person wrote this")
    await until(lambda: desk.page().count("was meant for people") == 2)
    yield "slack-corrected", page(here, shot.thread(root)[seen:])

    await world.text("Can I still join the meeting tonight?", sender=SUE)
    await until(lambda: "meeting tonight" in desk.page())
    await world.slack.open_home(world.ana)
    await until(lambda: world.slack.home(world.ana))
    yield "slack-home", page("Slack, the app's Home tab", [slack.view(world.slack.home(world.ana))])


class _Slack:
    """Looks at a thread."""

    def __init__(self, world: World) -> None:
        self._world = world

    def replies(self, root: str) -> list[Any]:
        return list(self._world.slack.replies(self._world.channel, root))

    def thread(self, root: str) -> list[str]:
        """Draw the card and everything below it."""
        name_of = self._world.slack.world.name_of
        card = self._world.slack.message(self._world.channel, root)
        below = [one for one in self.replies(root) if one["ts"] != root]
        return [slack.said(card, name_of), *(slack.said(one, name_of, below=True) for one in below)]


async def play_telegram(world: World) -> AsyncIterator[Scene]:
    """Give the pictures of Telegram."""
    desk = TelegramDesk(world)
    await world.text(HELLO)
    topic = await world.telegram_topic()
    await until(lambda: "since Sunday" in desk.page())
    name = world.telegram.group.topics[topic].name
    here = f"Telegram, the topic “{name}”, as the messages read"

    def last(count: int) -> list[str]:
        shown = [one for one in world.telegram.group.in_topic(topic) if not one.service]
        return [telegram.said(one) for one in shown[-count:]]

    yield "telegram-card", page(here, last(9))

    mine = await desk.say(ANSWER)
    await until(lambda: desk.mark(mine) == "delivered")
    note = await desk.say("// she called on Monday, too")
    await until(lambda: desk.mark(note) == "note")
    yield "telegram-reply", page(here, last(3))

    await desk.say("/template")
    await until(lambda: desk.find("Use: "))
    yield "telegram-templates", page(here, last(2))
    await desk.press("Use: ")
    await until(lambda: "As it stands" in desk.page())
    yield "telegram-template", page(here, last(1))
    await desk.press("Close")
    await until(lambda: desk.find("Close") is None)

    dear = await desk.say(LONG)
    await until(lambda: desk.find("Send now"))
    yield "telegram-cost", page(here, last(2))
    await until(lambda: desk.mark(dear) == "delivered")

    await world.text(TOUR)
    await until(lambda: "and are opted out" in desk.page() and "You are unsubscribed" in desk.page())
    yield "telegram-taken", page(here, last(3))
    await desk.press("A person wrote this")
    await until(lambda: desk.page().count("was meant for people") == 2)
    yield "telegram-corrected", page(here, last(4))

    await world.text("Can I still join the meeting tonight?", sender=SUE)
    await until(lambda: "meeting tonight" in desk.page())
    await desk.say("/inbox", aside=True)
    await until(lambda: "Waiting for an answer" in world.telegram_page())
    shown = [one for one in world.telegram.group.in_topic(None) if not one.service][-2:]
    yield "telegram-inbox", page("Telegram, General, as the messages read", map(telegram.said, shown))
