"""Contacts and the consent ledger as rows, for export; and inbound texts, for judging them again."""

from collections.abc import AsyncIterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.nouns import Consent, Contact, Subscription
from bridge.store import codec, rows
from bridge.store.books import rfc3339
from bridge.store.tables import consent, contacts, messages, subscriptions

Row = dict[str, Any]

CONTACT_COLUMNS = (
    "contact", "name", "state", "lists", "opted_out_at", "unsubscribed_at", "blocked_at", "created_at",
)  # fmt: skip
CONSENT_COLUMNS = (
    "id", "contact", "event", "scope", "at", "source", "words", "matched_by", "message_id", "actor",
)  # fmt: skip

_PAGE = 1000


async def export_contacts(engine: AsyncEngine) -> AsyncIterator[Row]:
    """Give every contact as a row of CONTACT_COLUMNS, by address.

    state: the strongest that holds of blocked, opted_out, unsubscribed (by staff), subscribed (to a list),
    not_subscribed.
    """
    last = ""
    while True:
        chosen = (
            sa.select(contacts).where(contacts.c.address > last).order_by(contacts.c.address).limit(_PAGE)
        )
        async with engine.connect() as connection:
            page = (await connection.execute(chosen)).mappings().all()
            on = sa.select(subscriptions.c.contact_id, subscriptions.c.list_name).where(
                subscriptions.c.contact_id.in_([row["id"] for row in page]),
                subscriptions.c.ended_at.is_(None),
            )
            subscribed = (await connection.execute(on)).tuples().all()
        lists: dict[str, list[str]] = {}
        for contact_id, name in subscribed:
            lists.setdefault(contact_id, []).append(name)
        for row in page:
            yield _contact(row, sorted(lists.get(row["id"], [])))
        if len(page) < _PAGE:
            return
        last = page[-1]["address"]


def _contact(row: sa.RowMapping, lists: list[str]) -> Row:
    times = {name: _moment(row[name]) for name in CONTACT_COLUMNS if name.endswith("_at")}
    if row["blocked_at"]:
        state = "blocked"
    elif row["opted_out_at"]:
        state = "opted_out"
    elif row["unsubscribed_at"]:
        state = "unsubscribed"
    else:
        state = "subscribed" if lists else "not_subscribed"
    return {"contact": row["address"], "name": row["name"], "state": state, "lists": lists, **times}


async def export_consent(engine: AsyncEngine, contact: str | None = None) -> AsyncIterator[Row]:
    """Give the ledger as rows of CONSENT_COLUMNS, oldest first. contact: one address alone."""
    last = ""
    while True:
        chosen = sa.select(consent).where(consent.c.id > last).order_by(consent.c.id).limit(_PAGE)
        if contact is not None:
            chosen = chosen.where(consent.c.address == contact)
        async with engine.connect() as connection:
            page = (await connection.execute(chosen)).mappings().all()
        for row in page:
            named = {name: row[name] for name in CONSENT_COLUMNS if name != "contact"}
            yield {name: ({**named, "contact": row["address"], "at": rfc3339(row["at"])})[name]
                   for name in CONSENT_COLUMNS}  # fmt: skip
        if len(page) < _PAGE:
            return
        last = page[-1]["id"]


async def inbound_texts(
    engine: AsyncEngine, since: float | None = None, corrected: bool = False
) -> AsyncIterator[Row]:
    """Give inbound texts with what they were taken for, oldest first: id, at (Unix seconds), line, contact,
    text, kind, value (as read back), subscribed (to any list now), corrected (the kind that staff say it is).

    corrected: only those that staff decided about.
    """
    on_a_list = sa.exists().where(
        subscriptions.c.contact_id == messages.c.contact_id, subscriptions.c.ended_at.is_(None)
    )
    last: tuple[float, str] = (since if since is not None else float("-1e18"), "")
    while True:
        at, id_ = last
        chosen = (
            sa.select(
                messages.c.id,
                messages.c.at,
                messages.c.line,
                contacts.c.address.label("contact"),
                messages.c.text,
                messages.c.kind,
                messages.c.value,
                messages.c.corrected,
                on_a_list.label("subscribed"),
            )
            .join(contacts, contacts.c.id == messages.c.contact_id)
            .where(
                messages.c.direction == "in",
                messages.c.corrected.is_not(None) if corrected else sa.true(),
                messages.c.at >= at,
                sa.or_(messages.c.at > at, messages.c.id > id_),
            )
            .order_by(messages.c.at, messages.c.id)
            .limit(_PAGE)
        )
        async with engine.connect() as connection:
            page = (await connection.execute(chosen)).mappings().all()
        for row in page:
            yield {**row, "value": codec.read_value(row["value"])}
        if len(page) < _PAGE:
            return
        last = (page[-1]["at"], page[-1]["id"])


def _moment(at: float | None) -> str | None:
    return None if at is None else rfc3339(at)


Agreed = tuple[Contact, list[Subscription], list[Consent]]


async def agreed(engine: AsyncEngine, address: str) -> Agreed | None:
    """Give a contact, their lists, and their ledger, oldest first; None for a number that is not known."""
    async with engine.connect() as connection:
        found = await connection.execute(sa.select(contacts).where(contacts.c.address == address))
        row = found.mappings().first()
        if row is None:
            return None
        person = rows.contact(dict(row))
        on = await connection.execute(sa.select(subscriptions).where(subscriptions.c.contact_id == person.id))
        lists = [rows.subscription(dict(one)) for one in on.mappings()]
        written = await connection.execute(
            sa.select(consent)
            .where(consent.c.contact_id == person.id)
            .order_by(consent.c.at, consent.c.id)
            .limit(_PAGE)
        )
        lines = [Consent(**dict(one)) for one in written.mappings()]
    return person, lists, lines


async def sent_to(engine: AsyncEngine, contact_id: str) -> list[tuple[str, int, float, float]]:
    """Give, by kind, how many texts went out to somebody, the first and the last (Unix seconds)."""
    went = messages.c.state.in_(("sent", "delivered", "undelivered", "unsure"))
    asked = (
        sa.select(messages.c.kind, sa.func.count(), sa.func.min(messages.c.at), sa.func.max(messages.c.at))
        .where(messages.c.contact_id == contact_id, messages.c.direction == "out", went)
        .group_by(messages.c.kind)
        .order_by(messages.c.kind)
    )
    async with engine.connect() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in await connection.execute(asked)]
