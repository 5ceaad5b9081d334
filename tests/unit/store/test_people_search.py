"""People are found by a part of their name, number or e-mail address."""

import pytest
import sqlalchemy as sa

from bridge.model.nouns import Contact
from bridge.store import desk, rows
from bridge.store.tables import contacts


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Ana", ["Ana Perez"]),
        ("555-0142", ["Ana Perez"]),
        ("(212) 555-0142", ["Ana Perez"]),
        ("ana@", ["Ana Perez"]),
        ("@example.org", ["Ben Ruiz", "Ana Perez"]),
        ("100%", []),
        ("a_a", []),
    ],
)
async def test_who_is_found(store, query: str, found: list[str]) -> None:
    people = [
        Contact("c1", "+12125550142", name="Ana Perez", fields={"email": "ana@example.org"}),
        Contact("c2", "+12125550143", name="Ben Ruiz", fields={"email": "ben@example.org"}),
    ]
    async with store.engine.begin() as connection:
        await connection.execute(sa.insert(contacts), [rows.contact_row(one) for one in people])
    assert [name for _, name in await desk.people(store.engine, query, "US", 10)] == found
