"""A limit on guessing: so many wrong tries from one place in so many seconds."""

from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web


class Tries:
    """Counts what went wrong, by where it came from. Kept in memory."""

    def __init__(self, now: Callable[[], float], most: int = 10, seconds: float = 600.0) -> None:
        self._now = now
        self._most = most
        self._seconds = seconds
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def left(self, place: str) -> bool:
        """May that place try once more?"""
        since = self._now() - self._seconds
        recent = [at for at in self._wrong.get(place, ()) if at > since]
        return len(recent) < self._most

    def wrong(self, place: str) -> None:
        """That place was wrong once more."""
        since = self._now() - self._seconds
        self._wrong[place] = [*(at for at in self._wrong.pop(place, ()) if at > since), self._now()]
        while len(self._wrong) > 10_000:
            self._wrong.popitem(last=False)


def place(request: web.Request) -> str:
    """Say where a request comes from; a proxy on this machine tells who asked it."""
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and (remote.startswith("127.") or remote in ("::1", "")):
        return forwarded.rsplit(",", 1)[-1].strip()[:64]
    return remote
