"""Telegram as a chat platform: what bridge.ports.ChatPlatform asks for, put together."""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web
from telegram import BotCommandScopeChat

from bridge.errors import ConnectorError, Rejected, Unreachable, Unsure, Unusable
from bridge.model.nouns import Media
from bridge.model.shapes import Button, Card, File, Mark, Post
from bridge.model.traits import ChatTraits, Rate
from bridge.ports import Cursor, Finding, House
from connectors.chat.telegram import words
from connectors.chat.telegram.api import ALLOWED, Api
from connectors.chat.telegram.check import check
from connectors.chat.telegram.commands import MENU
from connectors.chat.telegram.config import Config, DeskConfig
from connectors.chat.telegram.hearing import Hearing
from connectors.chat.telegram.listening import OFFSET, Polling, Webhook
from connectors.chat.telegram.manners import Manners
from connectors.chat.telegram.overview import Overview
from connectors.chat.telegram.panels import Tokens
from connectors.chat.telegram.places import Places
from connectors.chat.telegram.reaching import Reach
from connectors.chat.telegram.refusals import Moved
from connectors.chat.telegram.topics import Topics
from connectors.chat.telegram.trouble import Trouble
from connectors.chat.telegram.understanding import Understanding
from connectors.chat.telegram.writing import Writing

ROUTE = "/telegram/webhook"
_FETCHED = 20 << 20  # Bot API, getFile: 20 MB


class Platform:
    """One bot, with a group for each desk. A thread's ref is its topic's id, a message's its message id."""

    name = "telegram"
    label = "Telegram"
    traits = ChatTraits(
        # One group takes about 20 messages a minute, topics, edits and new topics together (tdlib/td#2592);
        # two of them are the overview's (connectors/chat/telegram/overview.py).
        post_rate=Rate(18 / 60, burst=6),
        mark_rate=Rate(1.0, burst=5),
        max_chars=3500,
        edits_count_as_posts=True,
        open_weight=2,  # the topic, and the card in it
        many_listeners=False,
    )

    def __init__(self, config: Config, desks: Mapping[str, DeskConfig], house: House) -> None:
        self._config = config
        self._house = house
        self._trouble = Trouble()
        self._trouble.set("start", "not signed in to Telegram yet")
        self._api = Api(config)
        self._places = Places(desks, house.sink, house.log)
        tokens = Tokens()
        self._manners = Manners(self._api, house.log, house.panels, tokens, self.link)
        understanding = Understanding(self._api, self._places, house, self._trouble, tokens)
        self._hearing = Hearing(understanding, self._manners, house)
        self._polling = Polling(self._api, self._hearing, house, self._trouble)
        self._webhook = Webhook(config.secret(), self._hearing, house, self._trouble)
        reach = Reach(self._api, self._places)
        self._topics = Topics(reach, self._places, house.log)
        self._writing = Writing(reach)
        self._overview = Overview(reach, self._places, house, self.link)

    # -- life ------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Sign in, and tell Telegram how updates are to come. A desk that is not well stops no other."""
        await self._api.open()
        await self._places.load()
        await self._forget_another_bot()
        bot = self._api.bot
        if self._config.mode == "polling":
            await self._api.ask(bot.delete_webhook())
        else:
            url = self._house.public_url.rstrip("/") + ROUTE
            secret = self._config.secret()
            await self._api.ask(bot.set_webhook(url, allowed_updates=ALLOWED, secret_token=secret))
            self._webhook.ready = True
        for desk in self._places.desks():
            await self._offer_commands(desk)
        self._trouble.clear("start")

    async def _forget_another_bot(self) -> None:
        """Update ids belong to a bot: read with another bot's offset, they would be confirmed unseen."""
        me = str(self._api.bot.id)
        if await self._house.sink.cursor("telegram:bot") != me:
            await self._house.sink.put([], Cursor(OFFSET, ""))
            await self._house.sink.put([], Cursor("telegram:bot", me))

    async def _offer_commands(self, desk: str) -> None:
        scope = BotCommandScopeChat(self._places.chat(desk))
        try:
            shared = [(word, meaning) for word, _, meaning in self._house.panels.commands()]
            offered = dict([*shared, *MENU])
            await self._api.ask(self._api.bot.set_my_commands(list(offered.items()), scope=scope))
        except ConnectorError as error:
            if isinstance(error, Unusable) and not isinstance(error, Moved):
                self._trouble.set(desk, f"the group of {desk}: {error.reason}")
            self._house.log.warning("telegram_commands_not_offered", desk=desk, reason=error.reason)

    async def listen(self) -> None:
        """Hear what staff do, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hearing.settle_albums())
            tasks.create_task(self._overview.run())
            if self._config.mode == "polling":
                tasks.create_task(self._polling.run())

    async def stop(self) -> None:
        """Close what start and listen opened. A webhook stays set: Telegram keeps what comes meanwhile."""
        self._webhook.ready = False
        await self._manners.stop()
        await self._api.close()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the route that Telegram calls, in webhook mode."""
        return [web.post(ROUTE, self._webhook.take)] if self._config.mode == "webhook" else []

    def link(self, desk: str, thread: str) -> str:
        """Give the address of a topic (core.telegram.org/api/links#message-links)."""
        group = str(self._places.chat(desk)).removeprefix("-100")
        return f"https://t.me/c/{group}/{thread}"

    def health(self) -> str:
        """Say "ok", or what is wrong."""
        return str(self._trouble)

    async def check(self) -> Sequence[Finding]:
        """Sign in and say what is missing."""
        await self._places.load()
        return [finding async for finding in check(self._api, self._config, self._places)]

    # -- going out -------------------------------------------------------------------------------------

    async def open_thread(self, desk: str, card: Card, key: str) -> str:
        """Make a topic headed by the card; give its id."""
        self._name_lost_buttons(card.buttons + card.menu)
        return await self._topics.open(desk, card)

    async def post(
        self, desk: str, thread: str | None, post: Post, files: Sequence[File], key: str
    ) -> tuple[str, ...]:
        """Put a post into a topic, or into General."""
        await self._topics.draw_what_is_due(desk, thread)
        self._name_lost_buttons(post.buttons)
        return await self._writing.post(desk, thread, post, files, key)

    def _name_lost_buttons(self, buttons: Sequence[Button]) -> None:
        """A button that carries more than Telegram's 64 bytes is left out, and a fault of ours."""
        for button in buttons:
            if not words.fits(button):
                self._house.log.error("telegram_button_left_out", action=button.action)

    async def edit_post(self, desk: str, thread: str, ref: str, post: Post) -> None:
        """Replace a post of ours."""
        await self._writing.edit_post(desk, ref, post)

    async def update_card(self, desk: str, thread: str, card: Card) -> None:
        """Draw the card anew."""
        await self._topics.update_card(desk, thread, card)

    async def mark(self, desk: str, thread: str | None, ref: str, mark: Mark) -> None:
        """Show on a staff message what became of it."""
        await self._writing.mark(desk, ref, mark)

    async def tell(self, desk: str, thread: str | None, person: str, post: Post, ref: str | None) -> None:
        """Say something under the message that it is about."""
        await self._writing.tell(desk, thread, post, ref)

    async def remove_thread(self, desk: str, thread: str, card: Card) -> None:
        """Delete the topic."""
        await self._topics.remove(desk, thread, card)

    async def find(self, desk: str, thread: str | None, key: str, since: float) -> str | None:
        """Never found, and never proved absent: a bot sees no history and can search nothing."""
        raise Unsure("Telegram gives bots nothing to search with")

    async def download(self, media: Media) -> File:
        """Fetch a file that staff posted."""
        limit = f"{_FETCHED >> 20} MB"
        if media.size is not None and media.size > _FETCHED:
            raise Rejected(f"the file is larger than the {limit} that Telegram lets a bot fetch")
        found = await self._api.ask(self._api.bot.get_file(media.url))
        data = bytes(await self._api.ask(found.download_as_bytearray()))
        if found.file_size is not None and found.file_size != len(data):
            raise Unreachable("the file came incomplete")
        return File(media.name, media.content_type, data)
