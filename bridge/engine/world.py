"""The world as it is now: the configuration with what was changed at run time laid over it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.model.decision import Desk, World
from bridge.store.catalogue import Catalogue
from bridge.store.store import Store

_READ: Mapping[str, Any] = {
    "display": str,
    "reply_mode": str,
    "hold_seconds": float,
    "confirm_above": lambda value: int(value) if value else None,
    "resurface_hours": float,
    "catch_up_hours": float,
}


class Worlds:
    """Gives the world of this moment."""

    def __init__(self, store: Store, configured: World) -> None:
        """configured: from the configuration alone."""
        self._store = store
        self._catalogue: Catalogue | None = None
        self.configure(configured)

    def configure(self, configured: World) -> None:
        """Take another configuration for what is laid under the settings of run time."""
        self._configured = configured
        self._catalogue = None
        self.now = configured

    async def refresh(self) -> World:
        """Read what changed since the last time."""
        catalogue = await self._store.catalogue(self._catalogue)
        if catalogue is not self._catalogue:
            self._catalogue = catalogue
            self.now = replace(
                self._configured,
                keywords=catalogue.keywords,
                desks={
                    name: _laid_over(desk, catalogue.settings)
                    for name, desk in self._configured.desks.items()
                },
            )
        return self.now


def _laid_over(desk: Desk, settings: Mapping[tuple[str, str], str]) -> Desk:
    """Give the desk with its settings of run time: its own win over those for all desks."""
    changes: dict[str, Any] = {}
    for name, read in _READ.items():
        value = settings.get((desk.name, name), settings.get(("", name)))
        if value is not None:
            changes[name] = read(value)
    return replace(desk, **changes)
