"""Updates in: understood one by one, committed together, and only then answered."""

import asyncio
import time
from collections.abc import Sequence

from bridge.errors import ConnectorError
from bridge.model.events import Event, StaffEdited, StaffWrote
from bridge.ports import Cursor, House
from connectors.chat.telegram import albums
from connectors.chat.telegram.albums import Raw, Shelf, chat_of, key_of, read_shelf
from connectors.chat.telegram.manners import Manners
from connectors.chat.telegram.understanding import Understanding
from connectors.chat.telegram.updates import Heard


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
            filled = left = await self._open_shelf()
            heard: list[Heard] = []
            for update in updates:
                if key := key_of(update):
                    if self._understanding.concerns(update):
                        filled, left = filled.with_part(key, update), left.with_part(key, update)
                        self._last_part[key] = time.monotonic()
                    continue
                ended = left.of_chat(chat_of(update))
                heard += [self._understanding.album(left.albums[key]) for key in ended]
                left = left.without(ended)
                heard.append(await self._understanding.update(update))
            await self._keep(filled)  # before the cursor moves past the parts
            await self._commit(heard, cursor)
            await self._keep(left)

    async def settle_albums(self) -> None:
        """Give albums on once they are whole, until cancelled."""
        self._filled.set()  # to look at what an earlier run left
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
            self._filled_or_not()

    async def _open_shelf(self) -> Shelf:
        """Give the shelf; after a start, as it was left. What lies on it gets a moment for late parts."""
        if self._shelf is None:
            self._shelf = read_shelf(await self._sink.cursor(albums.CURSOR))
            self._last_part = dict.fromkeys(self._shelf.albums, time.monotonic())
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
        said: dict[tuple[str, str], str] = {}  # in this batch, which the sink has not heard yet
        for one in heard:
            for event in one.events:
                if isinstance(event, StaffEdited) and not await self._counts(event, one.only_if_known, said):
                    continue
                if isinstance(event, StaffWrote | StaffEdited):
                    said[event.desk, event.ref] = event.text
                events.append(event)
        if events or cursor:
            await self._sink.put(events, cursor)
        self._manners.mind([local for one in heard for local in one.locals])

    async def _counts(self, edit: StaffEdited, only_if_known: bool, said: dict[tuple[str, str], str]) -> bool:
        """Tell whether an edit changes the words; one of a message never heard of is let through."""
        place = (edit.desk, edit.ref)
        known = said[place] if place in said else await self._sink.last_text(*place)
        return not only_if_known if known is None else known != edit.text
