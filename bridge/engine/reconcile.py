"""Reconcile: texts whose webhook never came are fetched from the provider's own list."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from bridge.engine.http import drive
from bridge.engine.intake import Intake
from bridge.engine.lines import LineOut
from bridge.errors import ConnectorError
from bridge.ports import Cursor, Log

_EVERY = 180.0  # seconds
AGAIN = (5.0, 20.0, 60.0)  # seconds until the next look after one that failed
_OVERLAP = 600.0  # seconds looked back beyond the last time: lists lag behind
_FIRST = 24 * 3600.0  # how far a new line looks back
_FRESH = 120.0  # a text younger than this may still come by webhook: it is not called late


class Reconciler:
    """Looks at start and every few minutes. What is known already is ignored by its key."""

    def __init__(
        self, lines: Mapping[str, LineOut], intake: Intake, now: Callable[[], float], log: Log
    ) -> None:
        """lines: by name."""
        self._lines = lines
        self._intake = intake
        self._now = now
        self._log = log

    async def run(self) -> None:
        """Look, wait, look again, until cancelled. A provider that is slow keeps no other line waiting."""
        async with asyncio.TaskGroup() as group:
            for name, line in self._lines.items():
                if line.provider.traits.can_list_missed:
                    group.create_task(self._keep_looking(name, line))

    async def _keep_looking(self, name: str, line: LineOut) -> None:
        failures = 0
        while True:
            failures = 0 if await self._look(name, line) else failures + 1
            await asyncio.sleep(AGAIN[min(failures, len(AGAIN)) - 1] if failures else _EVERY)

    async def _look(self, name: str, line: LineOut) -> bool:
        """Look once; tell whether it could be done."""
        now = self._now()
        try:
            known = await self._intake.cursor(f"missed:{name}")
            if known is None:  # the first start: what came before threadline is not its business
                await self._intake.put([], Cursor(f"missed:{name}", str(now)))
                return True
            since = max(float(known) - _OVERLAP, now - _FIRST)
            found = await drive(line.provider.missed(since, now), line.transport)
            texts = [replace(text, late=now - text.at > _FRESH) for text in found]
            new = await self._intake.put_new(texts, Cursor(f"missed:{name}", str(now)))
        except ConnectorError as error:
            self._log.warning("reconcile.failed", line=name, reason=error.reason)
        except Exception as error:
            self._log.error("reconcile.failed", line=name, reason=repr(error)[:300])
        else:
            if new:
                self._log.warning("reconcile.found", line=name, texts=len(new))
            return True
        return False
