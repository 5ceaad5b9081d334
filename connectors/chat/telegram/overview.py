"""Who waits, kept in General: one message of ours, pinned, edited when the desk changed.

Only the daemon that listens draws it, so there is one. What is lost is an answer of Telegram's to the first
posting, or a crash in that moment: then a second one is made, and the first stays below, unpinned.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace

from telegram import InlineKeyboardMarkup

from bridge.errors import ConnectorError, Gone
from bridge.model.nouns import Author
from bridge.model.panel import Panel, opens
from bridge.ports import Asker, House
from bridge.render import words as said
from connectors.chat.telegram import words
from connectors.chat.telegram.panels import written
from connectors.chat.telegram.places import Pinned, Places
from connectors.chat.telegram.reaching import Reach
from connectors.chat.telegram.words import Styled

EVERY = 30.0  # seconds between drawings: two of the twenty messages a minute that a group takes
SETTLE = 2.0  # seconds for what changes together to change
LOOK = 60.0  # seconds until the desk is read again: another daemon may have changed it
SURE = 3600.0  # seconds until it is drawn although nothing changed: nobody tells a bot of deletions
ASK_AGAIN = 600.0  # seconds until the right to pin is tried again

_OURS = Author("", "threadline")  # who asks: what stands in General is for all
_MORE = (
    opens("new", said.NEW_TITLE),
    opens("templates", said.TEMPLATES_TITLE),
    opens("settings", said.SETTINGS_TITLE),
)
Drawn = tuple[Styled, InlineKeyboardMarkup | None]


def drawn(panel: Panel, link: Callable[[str], str]) -> Drawn:
    """Draw the list of those who wait, with what to go to from there; all of it outlives a restart."""
    return written(panel, link), words.keyboard((*panel.buttons, *_MORE))


class Overview:
    """Keeps one message in the General topic of each desk's group."""

    def __init__(self, reach: Reach, places: Places, house: House, link: Callable[[str, str], str]) -> None:
        """link: a desk's topic as an address."""
        self._reach = reach
        self._places = places
        self._house = house
        self._link = link
        self._shown: dict[str, tuple[Drawn, float]] = {}  # as it stands there, and since when we know
        self._asked: dict[str, float] = {}  # when pinning was tried
        self._trouble: dict[str, str] = {}  # what is wrong, as last logged

    async def run(self) -> None:
        """Keep all of them, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for desk in self._places.overviews():
                tasks.create_task(self._keep(desk))

    async def _keep(self, desk: str) -> None:
        seen = 0
        while True:
            wait = EVERY
            try:
                wait = EVERY if await self._draw(desk) else SETTLE
                self._trouble.pop(desk, None)
            except Exception as error:  # whatever it is: nobody is to be unheard for it
                self._say(desk, error.reason if isinstance(error, ConnectorError) else repr(error)[:200])
            await asyncio.sleep(max(wait, self._reach.slow(desk)))
            seen = await self._house.inbox.changes(desk, seen, LOOK)
            await asyncio.sleep(max(SETTLE, self._reach.slow(desk)))

    def _say(self, desk: str, reason: str) -> None:
        if self._trouble.get(desk) != reason:
            self._house.log.warning("telegram_overview_waits", desk=desk, reason=reason)
        self._trouble[desk] = reason

    async def _draw(self, desk: str) -> bool:
        """Bring it up to date; tell whether Telegram was asked for anything."""
        asker, now = Asker(desk, _OURS), time.monotonic()
        panel = await self._house.panels.open(asker, "inbox")
        wanted = drawn(panel, lambda ref: self._link(desk, ref))
        there = await self._places.overview(desk)
        shown, since = self._shown.get(desk, (None, 0.0))
        asked = False
        if there is None or shown != wanted or now - since > SURE:
            there = await self._put(desk, there, wanted)
            self._shown[desk] = (wanted, now)
            asked = True
        if there.pin != "pinned" and now - self._asked.get(desk, -ASK_AGAIN) >= ASK_AGAIN:
            await self._pin(desk, there)
            asked = True
        return asked

    async def _put(self, desk: str, there: Pinned | None, wanted: Drawn) -> Pinned:
        """Edit it; make it anew where somebody deleted it."""
        if there is not None:
            try:
                await self._reach.edit(desk, there.message, *wanted)
            except Gone:
                pass
            else:
                return there
        making = asyncio.ensure_future(self._make(desk, wanted, there.pin if there else ""))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:  # what is posted must be remembered, else there are two
            with contextlib.suppress(ConnectorError):
                await making
            raise

    async def _make(self, desk: str, wanted: Drawn, pin: str) -> Pinned:
        sent = await self._reach.topic(
            desk, None, lambda place: self._reach.text(place | {"disable_notification": True}, *wanted)
        )
        made = Pinned(sent.chat.id, sent.message_id, "" if pin == "pinned" else pin)
        await self._places.keep_overview(desk, made)
        self._asked.pop(desk, None)
        return made

    async def _pin(self, desk: str, there: Pinned) -> None:
        """Pin it; where that is not allowed, tell the operator once how to allow it."""
        self._asked[desk] = time.monotonic()
        bot = self._reach.bot
        try:
            await self._reach.group(
                desk, lambda chat: bot.pin_chat_message(chat, there.message, disable_notification=True)
            )
        except ConnectorError as error:
            if error.code != "RIGHTS" or there.pin == "told":
                raise
            await self._house.sink.notice(said.OP_NOT_PINNED.format(where=desk, reason=error.reason))
            await self._places.keep_overview(desk, replace(there, pin="told"))
        else:
            await self._places.keep_overview(desk, replace(there, pin="pinned"))
