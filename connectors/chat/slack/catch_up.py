"""What staff wrote while nobody listened, read from the channel's history.

Slack gives up on an event after about six minutes (its page on the Events API), and may not even try while
no socket is open. So at start, after every connection and every quarter of an hour the threads that changed
are read again; what was heard already is the same event with the same key. The cursor is the time of
the last whole sweep: it cannot pass by a message that came late.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bridge.errors import ConnectorError, Gone, Throttled
from bridge.model.events import Event
from bridge.ports import Cursor, House
from connectors.chat.slack.api import Answer, Api
from connectors.chat.slack.reading import SEND, Reader

EVERY: Final = 900.0
SETTLE: Final = 1.0  # seconds after a connection, in which others may follow
_DAY: Final = 86_400.0
OLDEST: Final = 3 * _DAY  # further back nothing is read, whatever the cursor says
ROOTS: Final = 30 * _DAY  # how old a thread may be to be found by the channel's history
_OLD_THREADS: Final = 50  # threads of older roots that are looked at, newest first
_OVERLAP: Final = 600.0


class CatchUp:
    """Sweeps the desks whenever it is `wanted`."""

    def __init__(self, api: Api, reader: Reader, house: House) -> None:
        """Nothing is read yet."""
        self._api = api
        self._reader = reader
        self._house = house
        self._wanted = asyncio.Event()
        self.every = EVERY
        self.settle = SETTLE

    def want(self) -> None:
        """Ask for a sweep."""
        self._wanted.set()

    async def run(self) -> None:
        """Sweep when asked to and from time to time, until cancelled."""
        self.want()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.every):  # wait_for of Python 3.11 can swallow a cancellation
                    await self._wanted.wait()
            await asyncio.sleep(self.settle)
            self._wanted.clear()
            for channel, desk in self._reader.channels.items():
                await self._sweep_or_retry(desk, channel)

    async def _sweep_or_retry(self, desk: str, channel: str) -> None:
        for pause in (2.0, 10.0, 60.0, 0.0):
            try:
                await self.sweep(desk, channel)
                return
            except ConnectorError as failure:
                self._house.log.warning("slack_catch_up", desk=desk, reason=failure.reason, code=failure.code)
                await asyncio.sleep(failure.after if isinstance(failure, Throttled) else pause)

    async def sweep(self, desk: str, channel: str) -> None:
        """Read what a desk's threads got since the last whole sweep."""
        now = self._house.now()
        name = f"slack:{desk}"
        kept = await self._house.sink.cursor(name)
        since = max(float(kept) - _OVERLAP if kept else 0.0, now - OLDEST)
        for thread in await self._changed(desk, channel, since, now):
            events = await self._thread(desk, channel, thread, since)
            if events:
                await self._house.sink.put(events)
        await self._house.sink.put([], Cursor(name, f"{now:.6f}"))

    async def _changed(self, desk: str, channel: str, since: float, now: float) -> Sequence[str]:
        """Give our threads in which something was written since then."""
        oldest = now - ROOTS
        history = self._api.client.conversations_history
        roots = self._api.pages(history, channel=channel, oldest=f"{oldest:.6f}", limit=999)
        changed = [
            str(root["ts"])
            async for root in roots
            if self._reader.ours(root) and float(root.get("latest_reply") or 0) >= since
        ]
        live = await self._house.sink.threads(desk, now - 3 * ROOTS)
        return [*changed, *[ref for ref in live if float(ref) < oldest][:_OLD_THREADS]]

    async def _thread(self, desk: str, channel: str, thread: str, since: float) -> list[Event]:
        events: list[Event] = []
        replies = self._api.client.conversations_replies
        window = {"oldest": f"{since:.6f}", "inclusive": True, "limit": 200}
        try:
            async for message in self._api.pages(replies, channel=channel, ts=thread, **window):
                if message.get("ts") != thread and float(message["ts"]) >= since:
                    events += await self._message(desk, message, since)
        except Gone:
            return []
        return events

    async def _message(self, desk: str, message: Answer, since: float) -> Sequence[Event]:
        """Read a reply: what it says, whether it says otherwise than we heard, whether it has a 📤."""
        events: list[Event] = []
        edited = float((message.get("edited") or {}).get("ts") or 0)
        heard = await self._house.sink.last_text(desk, str(message["ts"])) if edited >= since else None
        if heard is None:
            events += await self._reader.written(desk, message, caught_up=True)
        else:
            events += await self._reader.edited(desk, message)
        for user in _who_sent(message):
            thread, at = str(message["thread_ts"]), float(message["ts"])
            events += await self._reader.sent_by_reaction(desk, str(message["ts"]), thread, user, at)
        return events


def _who_sent(message: Mapping[str, Any]) -> list[str]:
    return [
        str(user)
        for reaction in message.get("reactions") or ()
        if str(reaction.get("name")).split("::")[0] == SEND
        for user in reaction.get("users") or ()
    ]
