"""Words to one person alone: kept in memory for the pages that they have open, for a little while."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bridge.model.shapes import Post

KEPT = 50
KEPT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Whisper:
    """One word to one person."""

    number: int
    at: float
    thread: str | None
    ref: str | None
    post: Post


class Whispers:
    """Every person's last words, numbered, so that each of their pages hears each of them once."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._count = 0
        self._said: dict[str, deque[Whisper]] = {}
        self._bells: dict[str, set[asyncio.Event]] = {}

    @property
    def count(self) -> int:
        """The number of the newest word to anybody."""
        return self._count

    def tell(self, person: str, thread: str | None, post: Post, ref: str | None) -> None:
        """Keep a word and wake that person's pages."""
        self._count += 1
        kept = self._said.setdefault(person, deque(maxlen=KEPT))
        kept.append(Whisper(self._count, self._now(), thread, ref, post))
        for bell in self._bells.get(person, ()):
            bell.set()

    def after(self, person: str, number: int) -> list[Whisper]:
        """Give what was said to them after that number."""
        oldest = self._now() - KEPT_SECONDS
        return [w for w in self._said.get(person, ()) if w.number > number and w.at > oldest]

    async def wait(self, person: str, number: int) -> None:
        """Return once there is a word after that number."""
        bell = asyncio.Event()
        bells = self._bells.setdefault(person, set())
        bells.add(bell)
        try:
            while not self.after(person, number):
                bell.clear()
                await bell.wait()
        finally:
            bells.discard(bell)
            if not bells:
                self._bells.pop(person, None)
