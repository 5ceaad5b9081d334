"""The web inbox as a chat platform.

It draws itself (traits.draws_itself): the page reads conversations, cards and notices from the database that
threadline writes anyway, through house.inbox, so that nothing is ever posted here.
"""

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from bridge.errors import Gone
from bridge.model.nouns import Media
from bridge.model.shapes import File, Post
from bridge.model.traits import ChatTraits, Rate
from bridge.ports import Finding, House
from connectors.chat.web.acting import Acting
from connectors.chat.web.files import Files
from connectors.chat.web.guard import Guard
from connectors.chat.web.pages import Pages
from connectors.chat.web.panels import PanelPages
from connectors.chat.web.phone import Phone
from connectors.chat.web.reading import Reading
from connectors.chat.web.whispers import Whispers


class Config(BaseModel):
    """The [web] table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True


class DeskConfig(BaseModel):
    """The one desk of the web inbox has nothing to choose."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Platform:
    """The chat platform "web" with its one desk, "web"."""

    name = "web"
    label = "the web inbox"
    traits = ChatTraits(
        post_rate=Rate(1000, 1000),
        mark_rate=Rate(1000, 1000),
        max_chars=20_000,
        draws_itself=True,
        tells_privately=True,
    )

    def __init__(self, config: Config, desks: Mapping[str, DeskConfig], house: House) -> None:
        self._house = house
        self._closing = asyncio.Event()
        self._whispers = Whispers(house.now)
        self._guard = Guard(house)

    async def start(self) -> None:
        """Nothing to sign in to."""

    async def listen(self) -> None:
        """Wait: staff come by HTTP."""
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Let pages that wait for changes go."""
        self._closing.set()

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the pages, the API behind them and, where a line is simulated, the phone."""
        house, guard = self._house, self._guard
        return [
            *Pages(house, guard).routes(),
            *Reading(house, guard, self._whispers, self._closing).routes(),
            *Acting(house, guard, self._whispers).routes(),
            *PanelPages(house, guard).routes(),
            *Files(house, guard).routes(),
            *(Phone(house.carrier, house, guard).routes() if house.carrier else ()),
        ]

    def link(self, desk: str, thread: str) -> str:
        """Give the address of a conversation on the page."""
        return f"{self._house.public_url}/#/{thread}" if self._house.public_url else ""

    def health(self) -> str:
        """It lives as long as the process."""
        return "ok"

    async def tell(self, desk: str, thread: str | None, person: str, post: Post, ref: str | None) -> None:
        """Whisper to the pages that this person has open."""
        self._whispers.tell(person, thread, post, ref)

    async def download(self, media: Media) -> File:
        """Give a file that staff attached; it was stored when they did."""
        file = await self._house.inbox.file(media.id)
        if file is None:
            raise Gone("The attached file is not stored any more")
        return file

    async def check(self) -> Sequence[Finding]:
        """Say how people get in."""
        return (Finding("web", True, f"the web inbox answers at {self._house.public_url or 'the address'}"),)
