"""Rows for tests of what the operator does: written plainly, as the daemon would have written them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.effects import SendSms
from bridge.model.events import TextReceived
from bridge.store import codec
from bridge.store.tables import contacts, conversations, effects, journal, messages

ANA, BEN = "+15550100101", "+15550100102"


class Rows:
    """Writes rows of one person on one line."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def insert(self, table: sa.Table, **values: Any) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(sa.insert(table).values(**values))

    async def contact(self, id_: str, address: str, **more: Any) -> None:
        await self.insert(contacts, id=id_, address=address, address_kind="e164", created_at=1.0, **more)
        await self.insert(
            conversations, id=f"{id_}-main", contact_id=id_, line="main", state="open",
            last_at=1.0, unread=0, created_at=1.0,
        )  # fmt: skip

    async def message(self, id_: str, contact: str, direction: str, **more: Any) -> None:
        inbound = direction == "in"
        row = {
            "line": "main", "text": f"text {id_}", "kind": "natural" if inbound else "reply",
            "state": "received" if inbound else "sent", "at": 100.0, "reason": "because",
            "author": "" if inbound else "Ana", "author_id": "", "order": "", "segments": 1,
            "credits": 0 if inbound else 1, "late": 0, "provider_id": f"SM{id_}",
        }  # fmt: skip
        await self.insert(
            messages, id=id_, contact_id=contact, conversation_id=f"{contact}-main", direction=direction,
            **(row | more),
        )  # fmt: skip

    async def received(self, id_: str, sender: str, state: str = "done", **more: Any) -> None:
        event = TextReceived("main", f"SM{id_}", sender, "e164", f"text {id_}", 100.0)
        row = {"due": 100.0, "received_at": 100.0, "decided_at": 100.0 if state == "done" else None}
        await self.insert(
            journal, key=event.key, lane=event.lane, type=event.type, body=codec.write_event(event),
            state=state, **(row | more),
        )  # fmt: skip

    async def text_effect(self, key: str, message: str, to: str, state: str, **more: Any) -> None:
        body = SendSms(message, "main", to, "text")
        row = {"lane": f"sms:{to}", "meter": "number:+15550100001", "priority": 1, "weight": 1.0, "due": 1.0}
        await self.insert(
            effects, key=key, type="send_sms", body=codec.write_body(body), state=state, message_id=message,
            created_at=1.0, **(row | more),
        )  # fmt: skip

    async def all(self, table: sa.Table) -> list[dict[str, Any]]:
        async with self.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(sa.select(table))).mappings()]
