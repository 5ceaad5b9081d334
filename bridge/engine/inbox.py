"""The reading side of a desk that draws itself, with the waiting that it needs (bridge.ports.Inbox)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bridge.engine.files import Files
from bridge.engine.world import Worlds
from bridge.model.nouns import Media
from bridge.model.shapes import File
from bridge.ports import Entry, Opened, Row
from bridge.store.inbox import InboxReader
from bridge.store.store import Store


class Inbox:
    """Fills bridge.ports.Inbox."""

    def __init__(self, store: Store, files: Files, worlds: Worlds, region: str) -> None:
        """region: how numbers are shown."""
        self._reader = InboxReader(store.engine, region)
        self._files = files
        self._worlds = worlds
        self._count = 1
        self._changed = asyncio.Condition()

    async def rows(self, desk: str, query: str, before: float | None, limit: int) -> Sequence[Row]:
        """List the desk's conversations."""
        return await self._reader.rows(desk, query, before, limit)

    async def open(self, desk: str, thread: str, before: float | None, limit: int) -> Opened | None:
        """Give a thread."""
        setting = self._worlds.now.desks.get(desk)
        show_all = setting is not None and setting.display == "all"
        opened = await self._reader.open(desk, thread, before, limit, show_all)
        if opened is None or (line := self._worlds.now.lines.get(opened.row.line)) is None:
            return opened
        return replace(opened, long_messages=line.long_messages, max_chars=line.traits.max_chars)

    async def file(self, media_id: str) -> File | None:
        """Give a stored file."""
        return await self._files.stored(media_id)

    async def keep_file(self, file: File) -> Media:
        """Store what staff attached."""
        return await self._files.keep(file)

    async def unread(self, desk: str) -> int:
        """Count what nobody looked at."""
        return await self._reader.unread(desk)

    async def phone(self, line: str, address: str, limit: int) -> Sequence[Entry]:
        """Give what a simulated phone sees."""
        return await self._reader.phone(line, address, limit)

    def touch(self) -> None:
        """Something changed: whoever waits looks again."""
        self._count += 1
        asyncio.get_running_loop().create_task(self._notify())

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def changes(self, desk: str, after: int, seconds: float) -> int:
        """Wait until something changed after that count, or so long."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self._count != after)
        except TimeoutError:
            pass
        return self._count
