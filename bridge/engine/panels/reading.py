"""What every panel is made from."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.decide import rights
from bridge.model.decision import World
from bridge.model.panel import Panel
from bridge.ports import Asker
from bridge.render import words
from bridge.store import desk
from bridge.store.desk import InThread


@dataclass(frozen=True, slots=True)
class Reading:
    """The store, the world, and what time it is."""

    engine: AsyncEngine
    world: World
    now: float

    async def talk(self, asker: Asker) -> InThread | None:
        """Give the conversation that a panel is opened in."""
        return await desk.in_thread(self.engine, asker.desk, asker.thread) if asker.thread else None

    def is_admin(self, asker: Asker) -> bool:
        """Say whether who asks may change how things work."""
        return rights.role(self.world, asker.desk, asker.person) == "admin"


def outside(name: str) -> Panel:
    """Say that a panel belongs into a conversation's thread, or that the thread is closed."""
    return Panel(name, words.NOTHING_HERE, words.NEEDS_THREAD)
