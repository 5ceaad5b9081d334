"""The world as it is now: the configuration with what was changed at run time laid over it."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.model.decision import Line, World
from bridge.model.settings import ALL, SETTINGS, line_scope
from bridge.store.catalogue import Catalogue
from bridge.store.store import Store


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
                lists=catalogue.lists,
                suppression_key=catalogue.suppression_key,
                forms=catalogue.forms,
                polls=catalogue.polls,
                campaigns=catalogue.campaigns,
                colleagues=catalogue.colleagues,
                watchers=catalogue.watchers,
                settings=catalogue.settings,
                quiet_hours=catalogue.settings.get((ALL, "quiet_hours"), self._configured.quiet_hours),
                desks={
                    name: replace(desk, **_made(catalogue.settings, "desk", desk.name))
                    for name, desk in self._configured.desks.items()
                },
                lines={
                    name: replace(line, **_made(catalogue.settings, "line", line_scope(name), line))
                    for name, line in self._configured.lines.items()
                },
            )
        return self.now


def _made(
    settings: Mapping[tuple[str, str], str], holds: str, scope: str, line: Line | None = None
) -> dict[str, Any]:
    """Give what was set at run time for a desk or line: its own wins over what is set for all."""
    found: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        value = settings.get((scope, name), settings.get((ALL, name)))
        if setting.holds != holds or value is None:
            continue
        if name == "long_messages" and line is not None and not line.traits.sends_media:
            continue
        with contextlib.suppress(ValueError):  # another version wrote it
            found[name] = setting.read(value)
    return found
