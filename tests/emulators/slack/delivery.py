"""One event, click or command on its way to the app."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]


@dataclass(eq=False)
class Delivery:
    """What is delivered and what became of it; `answer` resolves with the payload of the acknowledgement."""

    kind: str
    payload: Payload
    attempts: list[str] = field(default_factory=list)
    answer: asyncio.Future[Payload] = field(default_factory=asyncio.Future)
    lost: bool = False

    @property
    def acked(self) -> bool:
        """Return whether any attempt was acknowledged, however late."""
        return self.answer.done() and not self.answer.cancelled()

    @property
    def event_type(self) -> str:
        """Return the type of the event inside, empty for clicks and commands."""
        return str(self.payload.get("event", {}).get("type", ""))

    def resolve(self, payload: Payload) -> None:
        """Take an acknowledgement; only the first one counts."""
        if not self.answer.done():
            self.answer.set_result(payload)
