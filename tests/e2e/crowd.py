"""A crowd of subscribers, put into the database at once, and what they were sent."""

from collections import Counter

import sqlalchemy as sa

from bridge.store.tables import contacts, lists, subscriptions
from tests.e2e.house import World


def number(place: int) -> str:
    """Give somebody's number."""
    return f"+1212555{place:04}"


async def crowd(world: World, size: int, on: str = "members") -> list[str]:
    """Put people on a list; give their numbers."""
    assert world.daemon is not None
    numbers = [number(place) for place in range(size)]
    people = [
        {
            "id": f"c{place:05}",
            "address": one,
            "address_kind": "e164",
            "name": f"Pat {place}",
            "created_at": 1.0,
            "welcomed_at": 1.0,
        }
        for place, one in enumerate(numbers)
    ]
    on_it = [{"contact_id": one["id"], "list_name": on, "since": 1.0} for one in people]
    async with world.daemon.store.engine.begin() as connection:
        await connection.execute(sa.insert(lists), [{"name": on, "created_at": 1.0}])
        await connection.execute(sa.insert(contacts), people)
        await connection.execute(sa.insert(subscriptions), on_it)
        await connection.execute(
            sa.text(
                "INSERT INTO counters (name, value) VALUES ('catalogue', 1000) "
                "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1000"
            )
        )
    return numbers


def sent(world: World, words: str) -> Counter[str]:
    """Count, by number, the texts with these words that the provider was given."""
    return Counter(record.to for record in world.twilio.sent if words in (record.body or ""))
