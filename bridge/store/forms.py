"""Forms in the database: how people got on with one."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.nouns import Contact
from bridge.model.outreach import Filling, Form
from bridge.store import rows
from bridge.store.tables import contacts, fillings, forms


async def all_(engine: AsyncEngine) -> list[Form]:
    """Give the forms in use, by name."""
    asked = sa.select(forms).where(forms.c.removed_at.is_(None)).order_by(forms.c.name)
    async with engine.connect() as connection:
        return [rows.form(dict(row)) for row in (await connection.execute(asked)).mappings()]


async def one_filling(engine: AsyncEngine, filling_id: str) -> tuple[Filling, Contact] | None:
    """Give how far somebody is in a form, and who."""
    asked = sa.select(fillings).where(fillings.c.id == filling_id)
    async with engine.connect() as connection:
        row = (await connection.execute(asked)).mappings().first()
        if row is None:
            return None
        found = rows.filling(dict(row))
        person = await connection.execute(sa.select(contacts).where(contacts.c.id == found.contact_id))
        who = person.mappings().first()
    return (found, rows.contact(dict(who))) if who else None


async def counts(engine: AsyncEngine, form: str) -> Counter[str]:
    """Count how many are at what state in a form."""
    asked = (
        sa.select(fillings.c.state, sa.func.count()).where(fillings.c.form == form).group_by(fillings.c.state)
    )
    async with engine.connect() as connection:
        return Counter({row[0]: row[1] for row in await connection.execute(asked)})


async def results(
    engine: AsyncEngine, form: str, offset: int, limit: int
) -> list[tuple[Filling, str, str | None]]:
    """Give the answers, the newest first, with number and name of who gave them."""
    asked: Any = (
        sa.select(fillings, contacts.c.address, contacts.c.name.label("called"))
        .join(contacts, contacts.c.id == fillings.c.contact_id)
        .where(fillings.c.form == form)
        .order_by(fillings.c.started_at.desc(), fillings.c.id)
        .offset(offset)
        .limit(limit)
    )
    async with engine.connect() as connection:
        found = (await connection.execute(asked)).mappings().all()
    return [(rows.filling(dict(row)), row["address"], row["called"]) for row in found]
