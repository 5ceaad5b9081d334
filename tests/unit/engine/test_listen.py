"""Listening where a platform speaks to one daemon only."""

import asyncio
from collections.abc import Callable

import pytest

from bridge.engine import listen
from bridge.engine.listen import Listener
from bridge.model.traits import ChatTraits, Rate
from tests.e2e.house import until


class Platform:
    """A platform that counts how often it is listened to, and by how many at once."""

    name = "chat"
    traits = ChatTraits(Rate(1), Rate(1), 4000, many_listeners=False)

    def __init__(self) -> None:
        self.listening = self.begun = 0
        self.fails = asyncio.Event()

    async def start(self) -> None:
        pass

    async def listen(self) -> None:
        self.begun += 1
        self.listening += 1
        try:
            await self.fails.wait()
            raise RuntimeError("a fault")
        finally:
            self.listening -= 1

    def health(self) -> str:
        return "ok"


class Quiet:
    def info(self, *_: object, **__: object) -> None:
        pass

    warning = error = info


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "_TURN", 0.02)
    monkeypatch.setattr(listen, "_AGAIN", (0.02,))


async def _while_listening(play: Callable[..., object]) -> None:
    platform, mine = Platform(), {"lock": False}

    async def hold(_name: str) -> bool:
        return mine["lock"]

    listener = Listener({"chat": platform}, hold, Quiet())  # type: ignore[dict-item]
    task = asyncio.create_task(listener.run())
    try:
        await play(platform, listener, mine)  # type: ignore[misc]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert platform.listening == 0


async def test_it_waits_for_its_turn_and_stops_when_the_turn_is_lost() -> None:
    async def play(platform: Platform, listener: Listener, mine: dict[str, bool]) -> None:
        await until(lambda: listener.health() == {"chat": "ok"})
        assert platform.begun == 0
        mine["lock"] = True
        await until(lambda: platform.listening == 1)
        mine["lock"] = False
        await until(lambda: platform.listening == 0)
        mine["lock"] = True
        await until(lambda: platform.listening == 1)
        assert platform.begun == 2

    await _while_listening(play)


async def test_a_fault_is_told_and_listening_begins_again() -> None:
    async def play(platform: Platform, listener: Listener, mine: dict[str, bool]) -> None:
        mine["lock"] = True
        platform.fails.set()
        await until(lambda: "fault" in listener.health()["chat"])
        platform.fails.clear()
        await until(lambda: platform.listening == 1 and listener.health() == {"chat": "ok"})

    await _while_listening(play)
