"""Slack as a chat platform: puts the parts of this package together as bridge.ports.ChatPlatform."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from bridge.errors import Gone, Unusable
from bridge.model.nouns import Media
from bridge.model.shapes import Card, File, Mark, Post
from bridge.model.traits import ChatTraits, Rate
from bridge.ports import Finding, House
from connectors.chat.slack.api import Api
from connectors.chat.slack.blocks import MAX_BODY, card_blocks, card_text, post_blocks, post_text
from connectors.chat.slack.catch_up import CatchUp
from connectors.chat.slack.check import check
from connectors.chat.slack.config import Config, DeskConfig
from connectors.chat.slack.ears import Ears
from connectors.chat.slack.files import Files
from connectors.chat.slack.marks import Marks
from connectors.chat.slack.people import People
from connectors.chat.slack.presses import Presses
from connectors.chat.slack.reading import Reader
from connectors.chat.slack.sockets import Sockets
from connectors.chat.slack.voice import Voice

TRAITS: Final = ChatTraits(
    post_rate=Rate(1.0, burst=4),  # chat.postMessage: about one a second a channel, with short bursts
    mark_rate=Rate(0.8, burst=5),  # reactions.add: tier 3, 50 a minute
    max_chars=MAX_BODY,
    can_find=True,
    tells_privately=True,
    reacts=True,
    resurfaces=True,
    many_listeners=True,
)


class Platform:
    """One Slack app in one workspace. `ref` and `thread` are message timestamps; a desk is a channel."""

    name = "slack"
    label = "Slack"
    traits = TRAITS

    def __init__(self, config: Config, desks: Mapping[str, DeskConfig], house: House) -> None:
        """Nothing is sent yet."""
        token = config.bot_token.get_secret_value()
        self._config = config
        self._channel = {desk: its.channel for desk, its in desks.items()}
        channels = {channel: desk for desk, channel in self._channel.items()}
        self._api = Api(config, house.log)
        self._files = Files(self._api, token, config.api_url)
        self._voice = Voice(self._api, self._files, house.log)
        self._marks = Marks(self._api)
        self._people = People(self._api, house.now)
        self._reader = Reader(channels, self._people, house)
        self._presses = Presses(self._api, self._reader, self._people, house, self.link)
        self._ears = Ears(config, self._api, self._reader, self._presses, house)
        self._catch_up = CatchUp(self._api, self._reader, house)
        self._reader.behind = self._catch_up.want
        self._sockets: Sockets | None = None
        if config.app_token:
            app_token = config.app_token.get_secret_value()
            self._sockets = Sockets(self._api, self._ears.app, app_token, self._catch_up.want, house.log)
        self._signed_in = False
        self._workspace = ""  # its address, with a slash at its end

    # -- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Sign in: who we are decides which events are our own."""
        if len(set(self._channel.values())) < len(self._channel):
            raise Unusable("two desks share a Slack channel: give each a channel of its own")
        who = await self._api.ask(self._api.client.auth_test())
        self._reader.user = self._marks.user = str(who.get("user_id", ""))
        self._reader.bot = str(who.get("bot_id") or "")
        self._people.team = str(who.get("team_id", ""))
        self._people.enterprise = str(who.get("enterprise_id") or "")
        self._ears.signed_in(who)
        self._workspace = str(who.get("url") or "")
        self._signed_in = True

    async def listen(self) -> None:
        """Hear what staff do, and catch up on what was missed, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._catch_up.run())
            if self._sockets:
                group.create_task(self._sockets.run())

    async def stop(self) -> None:
        """Let what was begun come to its end; the sockets close with `listen`."""
        await self._ears.drain()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the route for Slack over HTTP."""
        return self._ears.routes()

    def health(self) -> str:
        """Say "ok" while Slack can reach us and takes our token."""
        if self._api.refused:
            return self._api.refused
        if not self._signed_in:
            return "not signed in to Slack yet"
        return self._sockets.health() if self._sockets else "ok"

    def link(self, desk: str, thread: str) -> str:
        """Give the address of a root message."""
        if not self._workspace:
            return ""
        return f"{self._workspace.rstrip('/')}/archives/{self._channel[desk]}/p{thread.replace('.', '')}"

    # -- out -------------------------------------------------------------------------------------------------

    async def open_thread(self, desk: str, card: Card, key: str) -> str:
        """Post the card as a root message."""
        self._presses.drawn(card.menu)
        return await self._voice.open(self._channel[desk], card, key)

    async def post(
        self, desk: str, thread: str | None, post: Post, files: Sequence[File], key: str
    ) -> tuple[str, ...]:
        """Reply in the thread; a file becomes a second reply."""
        return await self._voice.post(self._channel[desk], thread, post, files, key)

    async def edit_post(self, desk: str, thread: str, ref: str, post: Post) -> None:
        """Replace a post; one that was deleted needs no replacing."""
        try:
            await self._voice.redraw(self._channel[desk], ref, post_text(post), post_blocks(post))
        except Gone:
            return

    async def update_card(self, desk: str, thread: str, card: Card) -> None:
        """Draw the root message anew."""
        self._presses.drawn(card.menu)
        await self._voice.redraw(self._channel[desk], thread, card_text(card), card_blocks(card))

    async def mark(self, desk: str, thread: str | None, ref: str, mark: Mark) -> None:
        """React to a staff message."""
        await self._marks.set(self._channel[desk], ref, mark)

    async def react(self, desk: str, ref: str, emoji: str, removed: bool) -> None:
        """React with what the contact reacted with."""
        await self._marks.react(self._channel[desk], ref, emoji, removed)

    async def tell(self, desk: str, thread: str | None, person: str, post: Post, ref: str | None) -> None:
        """Show an ephemeral message."""
        await self._voice.tell(self._channel[desk], thread, person, post)

    async def remove_thread(self, desk: str, thread: str, card: Card) -> None:
        """Turn the card into its last line: others' replies are not ours to delete."""
        try:
            await self._voice.redraw(self._channel[desk], thread, card_text(card), card_blocks(card))
        except Gone:
            return

    async def find(self, desk: str, thread: str | None, key: str, since: float) -> str | None:
        """Look for a message by the metadata it was posted with."""
        return await self._voice.find(self._channel[desk], thread, key, since)

    async def download(self, media: Media) -> File:
        """Fetch a file with the bot token."""
        return await self._files.download(media)

    async def check(self) -> Sequence[Finding]:
        """Sign in and look for what is missing."""
        return await check(self._api, self._config, {c: desk for desk, c in self._channel.items()})
