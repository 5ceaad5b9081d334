"""Contacts from a file into the database, a thousand rows in a transaction. Doing it twice does it once."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bridge.decide.importing import Entry, Plan, plan
from bridge.model.ids import Ids
from bridge.model.nouns import Consent, Contact, Subscription
from bridge.store import rows
from bridge.store.apply import BUMP
from bridge.store.query import Query, Tongue, Work, ids
from bridge.store.suppression import KEY, among
from bridge.store.tables import consent, contacts, lists, subscriptions

BATCH: Final = 1_000
_NEW = ("id", "address", "address_kind", "opted_out_at", "name", "fields", "tags", "timezone", "created_at")
_KEPT = ("name", "fields", "tags", "timezone")


def _known(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    chosen = sa.select(contacts).where(contacts.c.address.in_(sa.select(source.c.id)))
    return chosen.order_by(contacts.c.id).with_for_update()


def _on(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return sa.select(subscriptions).where(subscriptions.c.contact_id.in_(sa.select(source.c.id)))


def _insert(table: sa.Table, names: Sequence[str]) -> Query:
    def build(t: Tongue) -> Any:
        source = t.rows([table.c[name] for name in names])
        made = sa.select(*(source.c[name] for name in names)).where(sa.true()).order_by(source.c.ord)
        return t.insert(table).from_select(list(names), made).on_conflict_do_nothing()

    return Query(build)


def _update(t: Tongue) -> Any:
    source = t.rows([contacts.c.id, *(contacts.c[name] for name in _KEPT)])
    values = {name: source.c[name] for name in _KEPT}
    return sa.update(contacts).values(**values).where(contacts.c.id == source.c.id)


_KNOWN = Query(_known)
_ON = Query(_on)
_CREATE = _insert(contacts, _NEW)
_UPDATE = Query(_update)
_LISTS = _insert(lists, ("name", "created_at"))
_JOIN = _insert(subscriptions, ("contact_id", "list_name", "since"))
_LEDGER = _insert(consent, [column.name for column in consent.columns])


def take(
    entries: Sequence[Entry], source: str, file: str, now: float, make_id: Ids, update: bool, dry: bool
) -> Work[list[Plan]]:
    """Take entries in (dry: only say what would follow). source: how we know that they agreed; it goes into
    the ledger with every subscription."""
    found = yield _KNOWN(rows=ids(sorted({entry.address for entry in entries})))
    known = {row["address"]: rows.contact(row) for row in found}
    on: dict[str, dict[str, Subscription]] = {}
    for row in (yield _ON(rows=ids(sorted(one.id for one in known.values())))) if known else ():
        on.setdefault(row["contact_id"], {})[row["list_name"]] = rows.subscription(row)
    key = next((str(row["value"]) for row in (yield KEY())), "")
    gone = yield from among(key, [entry.address for entry in entries if entry.address not in known])
    plans = [
        plan(
            entry,
            known.get(entry.address),
            on.get(known[entry.address].id, {}) if entry.address in known else {},
            update,
            Contact(
                make_id(),
                entry.address,
                opted_out_at=now if entry.address in gone else None,
                created_at=now,
            ),
        )
        for entry in entries
    ]
    if not dry:
        yield from _write(plans, source, file, now, make_id)
    return plans


def _write(plans: Sequence[Plan], source: str, file: str, now: float, make_id: Ids) -> Work[None]:
    made = [rows.contact_row(one.contact) for one in plans if one.what == "create"]
    if made:
        yield _CREATE(rows=[{name: row[name] for name in _NEW} for row in made])
    kept = [rows.contact_row(one.contact) for one in plans if one.what == "update"]
    if kept:
        yield _UPDATE(rows=[{name: row[name] for name in ("id", *_KEPT)} for row in kept])
    joins = [(one, name) for one in plans for name in one.joins]
    if not joins:
        return
    names = sorted({name for _, name in joins})
    yield _LISTS(rows=[{"name": name, "created_at": now} for name in names])
    yield BUMP(name="catalogue")
    yield _JOIN(rows=[{"contact_id": p.contact.id, "list_name": name, "since": now} for p, name in joins])
    yield _LEDGER(
        rows=[
            rows.consent_row(
                Consent(
                    id=make_id(),
                    contact_id=p.contact.id,
                    address=p.contact.address,
                    event="opt_in",
                    scope=name,
                    at=now,
                    source="import",
                    words=source,
                    matched_by=f"{file}, line {p.entry.line}",
                    actor="operator",
                )
            )
            for p, name in joins
        ]
    )
