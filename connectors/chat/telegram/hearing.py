"""Updates in: understood one by one, committed together, and only then answered."""

import asyncio
import time
from collections.abc import Sequence

from bridge.errors import ConnectorError
from bridge.model.events import Event, StaffEdited
from bridge.ports import Cursor, House
from connectors.chat.telegram import albums
from connectors.chat.telegram.albums import Raw, Shelf, chat_of, key_of, read_shelf
from connectors.chat.telegram.manners import Manners
from connectors.chat.telegram.understanding import Understanding
from connectors.chat.telegram.updates import Heard, Local


class Hearing:
    """One batch at a time, in the order in which Telegram gave it."""

    def __init__(self, understanding: Understanding, manners: Manners, house: House) -> None:
        self._understanding = understanding
        self._manners = manners
        self._sink = house.sink
        self._log = house.log
        self._turn = asyncio.Lock()
        self._shelf: Shelf | None = None
        self._last_part: dict[str, float] = {}
        self._filled = asyncio.Event()

    async def hear(self, updates: Sequence[Raw], cursor: Cursor | None = None) -> None:
        """Commit what the updates tell, with the cursor. Once this returns they may be confirmed.

        Raises Unreachable when the store (or Telegram, asked who somebody is) does not answer.
        """
        async with self._turn:
            shelf = await self._open_shelf()
            for update in updates:
                key = key_of(update)
                if key and self._understanding.concerns(update):
                    shelf = shelf.with_part(key, update)
                    self._last_part[key] = time.monotonic()
            await self._keep(shelf)
            ended: tuple[str, ...] = ()
            heard: list[Heard] = []
            for update in updates:
                if key_of(update):
                    continue
                open_here = tuple(key for key in shelf.of_chat(chat_of(update)) if key not in ended)
                heard += [self._understanding.album(shelf.albums[key]) for key in open_here]
                ended += open_here
                heard.append(await self._understanding.update(update))
            await self._commit(heard, cursor)
            await self._keep(shelf.without(ended))

    async def settle_albums(self) -> None:
        """Give albums on once they are whole, until cancelled."""
        async with self._turn:
            await self._open_shelf()
        while True:
            await self._filled.wait()
            await asyncio.sleep(albums.QUIET / 3)
            try:
                await self._settle()
            except ConnectorError as error:
                self._log.warning("telegram_album_waits", reason=error.reason)
                await asyncio.sleep(1)

    async def _settle(self) -> None:
        async with self._turn:
            shelf = await self._open_shelf()
            before = time.monotonic() - albums.QUIET
            whole = tuple(key for key in shelf.albums if self._last_part.get(key, 0.0) <= before)
            if whole:
                await self._commit([self._understanding.album(shelf.albums[key]) for key in whole], None)
                await self._keep(shelf.without(whole))

    async def _open_shelf(self) -> Shelf:
        """Give the shelf; after a start, as it was left. What lies on it gets a moment for late parts."""
        if self._shelf is None:
            self._shelf = read_shelf(await self._sink.cursor(albums.CURSOR))
            self._last_part = dict.fromkeys(self._shelf.albums, time.monotonic())
            self._filled_or_not()
        return self._shelf

    async def _keep(self, shelf: Shelf) -> None:
        if shelf != self._shelf:
            await self._sink.put([], Cursor(albums.CURSOR, shelf.written()))
            self._shelf = shelf
            self._last_part = {key: at for key, at in self._last_part.items() if key in shelf.albums}
            self._filled_or_not()

    def _filled_or_not(self) -> None:
        if self._shelf and self._shelf.albums:
            self._filled.set()
        else:
            self._filled.clear()

    async def _commit(self, heard: Sequence[Heard], cursor: Cursor | None) -> None:
        events: list[Event] = []
        later: list[Local] = []
        for one in heard:
            events += [event for event in one.events if await self._counts(event, one.only_if_known)]
            later += one.locals
        if events or cursor:
            await self._sink.put(events, cursor)
        self._manners.mind(later)

    async def _counts(self, event: Event, only_if_known: bool) -> bool:
        """Leave out edits that change no word; a sink that never heard of the message lets them through."""
        if not isinstance(event, StaffEdited):
            return True
        known = await self._sink.last_text(event.desk, event.ref)
        return not only_if_known if known is None else known != event.text
