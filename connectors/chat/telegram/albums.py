"""PURE. Albums: several messages with one media_group_id that people mean as one.

Telegram says neither how many there are nor which is the last. The parts lie on a shelf, which is kept as
a cursor and so outlives us, until no more have come for a while. (A webhook gets the second part only
after it took the first one: holding the first back would wait for ever.)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CURSOR = "telegram:albums"
QUIET = 1.5  # seconds without a further part, after which an album is whole
_REMEMBERED = 200

Raw = Mapping[str, Any]  # an update as Telegram gave it


def key_of(update: Raw) -> str | None:
    """Name the album that an update is a part of."""
    message = update.get("message") or {}
    group = message.get("media_group_id")
    return f"{message['chat']['id']}:{group}" if group else None


def chat_of(update: Raw) -> int | None:
    """Name the chat that a new or edited message is in."""
    message = update.get("message") or update.get("edited_message") or {}
    chat: int | None = (message.get("chat") or {}).get("id")
    return chat


@dataclass(frozen=True, slots=True)
class Shelf:
    """Open albums with their parts, and the ids of parts that were taken off it already."""

    albums: Mapping[str, tuple[Raw, ...]] = field(default_factory=dict)
    done: tuple[int, ...] = ()

    def with_part(self, key: str, update: Raw) -> "Shelf":
        """Put a part in its album; one that was put there before changes nothing."""
        parts = self.albums.get(key, ())
        known = {*self.done, *(part["update_id"] for part in parts)}
        if update["update_id"] in known:
            return self
        return Shelf({**self.albums, key: (*parts, update)}, self.done)

    def without(self, keys: tuple[str, ...]) -> "Shelf":
        """Take albums off."""
        gone = [part["update_id"] for key in keys for part in self.albums[key]]
        left = {key: parts for key, parts in self.albums.items() if key not in keys}
        return Shelf(left, (*self.done, *gone)[-_REMEMBERED:])

    def of_chat(self, chat: int | None) -> tuple[str, ...]:
        """Name the open albums of a chat: whatever else is written there ends them."""
        return tuple(key for key in self.albums if key.startswith(f"{chat}:"))

    def written(self) -> str:
        """Write it down."""
        return json.dumps({"albums": {k: list(v) for k, v in self.albums.items()}, "done": list(self.done)})


def read_shelf(written: str | None) -> Shelf:
    """Read what was written down."""
    if not written:
        return Shelf()
    kept = json.loads(written)
    return Shelf({key: tuple(parts) for key, parts in kept["albums"].items()}, tuple(kept["done"]))
