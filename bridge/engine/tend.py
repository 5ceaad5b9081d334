"""Tend: the small duties of a daemon. Figures, notices in the log, old rows, systemd's watchdog."""

import asyncio
import os
import socket
from collections.abc import Callable

from bridge import metrics
from bridge.ports import Log
from bridge.store import tend
from bridge.store.store import Store

_EVERY = 5.0
_SWEEP_EVERY = 600.0


class Tender:
    """Does them until it is stopped."""

    def __init__(
        self,
        store: Store,
        me: str,
        journal_days: float,
        now: Callable[[], float],
        log: Log,
        healthy: Callable[[], bool],
    ) -> None:
        """me: this daemon's name. healthy: whether the watchdog may be told that all is well."""
        self._store = store
        self._me = me
        self._seconds = journal_days * 86400.0
        self._now = now
        self._log = log
        self._healthy = healthy

    async def run(self) -> None:
        """Tend, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watchdog())
            group.create_task(self._figures())
            group.create_task(self._sweep())

    async def _figures(self) -> None:
        seen: int | None = None
        while True:
            try:
                if seen is None:
                    seen = await tend.last_notice(self._store.engine)
                for seq, text in await tend.notices(self._store.engine, seen):
                    self._log.error("operator.notice", notice=text)
                    seen = seq
                await self._store.free_the_dead(self._me)
                found = await tend.counts(self._store.engine, self._now())
                for what in ("events", "effects"):
                    metrics.waiting.labels(what).set(found[what])
                    metrics.lag.labels(what).set(found[f"lag_{what}"])
                metrics.failed.set(found["failed"])
                metrics.unsure.set(found["unsure"])
            except Exception as error:
                self._log.warning("tend.failed", error=repr(error)[:200])
            await asyncio.sleep(_EVERY)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_EVERY)
            try:
                await self._sweep_once()
            except Exception as error:
                self._log.warning("tend.failed", error=repr(error)[:200])

    async def _sweep_once(self) -> None:
        """Delete what is old, a few rows at a time, with room for others in between."""
        deleted = 1
        while deleted:
            deleted = await self._store.run(lambda: tend.sweep(self._now(), self._now() - self._seconds))
            await asyncio.sleep(0.2)

    async def _watchdog(self) -> None:
        micros = int(os.environ.get("WATCHDOG_USEC", "0"))
        while True:
            if micros and self._healthy():
                notify("WATCHDOG=1")
            await asyncio.sleep(micros / 3e6 if micros else 3600)


def notify(state: str) -> None:
    """Tell systemd (sd_notify(3)); nothing where no systemd listens."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        try:
            link.connect(address)
            link.sendall(state.encode())
        except OSError:
            return
