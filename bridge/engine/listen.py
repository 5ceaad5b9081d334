"""Listen: chat platforms are signed in, listened to, and started again when they fail."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bridge.errors import ConnectorError
from bridge.ports import ChatPlatform, Log

_TURN = 2.0  # seconds between asks whether it is our turn to listen
_AGAIN = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds between tries


class Listener:
    """Keeps every platform listening. A platform that is away is tried again for ever; none is given up."""

    def __init__(
        self, platforms: Mapping[str, ChatPlatform], hold: Callable[[str], Awaitable[bool]], log: Log
    ) -> None:
        """platforms: by name. hold: takes what one daemon at a time may do."""
        self._platforms = platforms
        self._hold = hold
        self._resting: set[str] = set()  # another daemon listens
        self._log = log
        self._ill: dict[str, str] = dict.fromkeys(platforms, "is starting")

    async def run(self) -> None:
        """Listen to all, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for platform in self._platforms.values():
                group.create_task(self._keep(platform))

    def health(self) -> dict[str, str]:
        """Give "ok" or a sentence for each platform."""
        return {
            name: self._ill.get(name) or ("ok" if name in self._resting else platform.health())
            for name, platform in self._platforms.items()
        }

    async def _keep(self, platform: ChatPlatform) -> None:
        tries = 0
        while True:
            try:
                await platform.start()
                self._ill.pop(platform.name, None)
                tries = 0
                self._log.info("listen.started", platform=platform.name)
                await self._listen(platform)
                reason = "stopped listening"
            except ConnectorError as error:
                reason = error.reason
            except Exception as error:
                reason = f"a fault in the connector: {type(error).__name__}: {error}"[:300]
            self._ill[platform.name] = reason
            self._log.error("listen.failed", platform=platform.name, reason=reason)
            await asyncio.sleep(_AGAIN[min(tries, len(_AGAIN) - 1)])
            tries += 1

    async def _listen(self, platform: ChatPlatform) -> None:
        """Listen; where a platform speaks to one listener only, while no other daemon does."""
        if platform.traits.many_listeners:
            await platform.listen()
            return
        name = f"listens to {platform.name}"
        while not await self._hold(name):
            self._resting.add(platform.name)
            await asyncio.sleep(_TURN)
        self._resting.discard(platform.name)
        listening = asyncio.create_task(platform.listen())
        try:
            while not listening.done() and await self._hold(name):  # lost with the connection that holds it
                await asyncio.wait({listening}, timeout=_TURN)
            if listening.done():
                await listening
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
