"""A database with many conversations on one desk and a few on another, for what the inbox reads."""

from typing import Any

import sqlalchemy as sa

from bridge.store.store import Store
from bridge.store.tables import contacts, conversations, messages, threads

START = 1_700_000_000.0
_CARD = '{"title":"","facts":[],"notice":"' + "x" * 900 + '"}'  # as large as a real one


def person(number: int) -> str:
    """Give the phone number of somebody."""
    return f"+1555{number:07d}"


async def fill(store: Store, count: int, small: int = 0, **changes: Any) -> None:
    """Put `count` conversations on the desk "web", and the first `small` of them on "small" too.

    A later number is a later conversation. changes: what all conversations have.
    """
    people = [
        {"id": f"p{n}", "address": person(n), "address_kind": "e164", "created_at": START}
        for n in range(count)
    ]
    talks = [
        {
            "id": f"c{n}", "contact_id": f"p{n}", "line": "main", "state": "open", "last_at": START + n,
            "unread": 0, "created_at": START, **changes,
        }
        for n in range(count)
    ]  # fmt: skip
    places = [_thread(n, "web") for n in range(count)] + [_thread(n, "small") for n in range(small)]
    async with store.engine.begin() as connection:
        for table, rows in ((contacts, people), (conversations, talks), (threads, places)):
            await connection.execute(sa.insert(table), rows)
        await connection.execute(sa.insert(messages), [said(n, n, f"Text {n}") for n in range(count)])


def _thread(number: int, desk: str) -> dict[str, Any]:
    return {
        "id": f"{desk}{number}", "conversation_id": f"c{number}", "desk": desk, "ref": f"{desk}.{number}",
        "state": "live", "last_post_at": START, "created_at": START, "card": _CARD,
    }  # fmt: skip


def said(
    number: int, person_number: int, text: str, at: float = START, kind: str = "natural"
) -> dict[str, Any]:
    """Make a text that somebody wrote."""
    return {
        "id": f"m{number:08d}", "conversation_id": f"c{person_number}", "contact_id": f"p{person_number}",
        "line": "main", "direction": "in", "text": text, "kind": kind, "state": "received", "at": at,
        "reason": "", "author": "", "author_id": "", "order": "", "segments": 1, "credits": 0, "late": 0,
    }  # fmt: skip
