"""Apply: a decision becomes rows, in the transaction that it was made in."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bridge.model.decision import Decision, key_of
from bridge.model.effects import EditPost, OpenThread, RemoveThread, UpdateCard
from bridge.model.nouns import (
    Colleague,
    Consent,
    Contact,
    Conversation,
    Keyword,
    Message,
    NamedList,
    PostRef,
    Subscription,
    Template,
    TemplateUse,
    Thread,
    ThreadNote,
    Watcher,
)
from bridge.model.outreach import Bulletin, Campaign, Filling, Form, Poll, Recipient, Unclear, Vote
from bridge.store import codec, rows
from bridge.store.accept import INSERT_EVENTS, RAISE_LANES, event_row, lane_rows
from bridge.store.query import Query, Tongue, Work, ids
from bridge.store.tables import (
    bulletins,
    campaigns,
    changes,
    colleagues,
    consent,
    contacts,
    conversations,
    counters,
    effects,
    fillings,
    forms,
    keywords,
    lists,
    messages,
    notes,
    operator_notices,
    polls,
    post_refs,
    recipients,
    settings,
    subscriptions,
    template_uses,
    templates,
    threads,
    unclear,
    votes,
    watchers,
)

_OWN = {"threads": ("card",), "keywords": ("created_at",)}  # columns that are not part of the noun
_EFFECT_COLUMNS = (
    "key", "lane", "meter", "type", "body", "priority", "weight", "due",
    "message_id", "thread_id", "created_at",
)  # fmt: skip


def _upsert(table: sa.Table) -> Query:
    keys = [column.name for column in table.primary_key]

    def build(t: Tongue) -> Any:
        columns = [c for c in table.columns if c.name not in _OWN.get(table.name, ())]
        names = [c.name for c in columns]
        source = t.rows(columns)
        insert = t.insert(table).from_select(
            names, sa.select(*(source.c[n] for n in names)).where(sa.true()).order_by(source.c.ord)
        )
        others = {n: insert.excluded[n] for n in names if n not in keys}
        if table is templates:  # a removed one keeps its words
            others["text"] = sa.func.coalesce(sa.func.nullif(insert.excluded.text, ""), table.c.text)
        if table is bulletins:  # where it stands is known to whoever showed it
            others["ref"] = sa.func.coalesce(insert.excluded.ref, table.c.ref)
        if table is lists:  # it was made when it was made
            return insert.on_conflict_do_nothing(index_elements=keys)
        if table in (consent, post_refs, notes, template_uses):  # written once
            return insert.on_conflict_do_nothing(index_elements=keys)
        return insert.on_conflict_do_update(index_elements=keys, set_=others)

    return Query(build)


def _insert_effects(t: Tongue) -> Any:
    source = t.rows([effects.c[name] for name in _EFFECT_COLUMNS])
    return (
        t.insert(effects)
        .from_select(
            [*_EFFECT_COLUMNS, "state"],
            sa.select(*(source.c[n] for n in _EFFECT_COLUMNS), sa.literal_column("'open'"))
            .where(sa.true())
            .order_by(source.c.ord),
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(effects.c.key)
    )


def _in_rows(t: Tongue, column: sa.Column[Any]) -> Any:
    source = t.rows([sa.Column("id", column.type)])
    return column.in_(sa.select(source.c.id))


_TABLES: dict[type, tuple[Query, Any]] = {
    Contact: (_upsert(contacts), rows.contact_row),
    Conversation: (_upsert(conversations), rows.conversation_row),
    Thread: (_upsert(threads), rows.plain),
    Message: (_upsert(messages), rows.message_row),
    PostRef: (_upsert(post_refs), rows.plain),
    Subscription: (_upsert(subscriptions), rows.plain),
    Consent: (_upsert(consent), rows.consent_row),
    ThreadNote: (_upsert(notes), rows.note_row),
    Template: (_upsert(templates), rows.plain),
    TemplateUse: (_upsert(template_uses), rows.plain),
    Colleague: (_upsert(colleagues), rows.plain),
    Watcher: (_upsert(watchers), rows.watcher_row),
    Keyword: (_upsert(keywords), rows.written),
    NamedList: (_upsert(lists), rows.plain),
    Form: (_upsert(forms), rows.written),
    Filling: (_upsert(fillings), rows.written),
    Poll: (_upsert(polls), rows.written),
    Vote: (_upsert(votes), rows.written),
    Unclear: (_upsert(unclear), rows.plain),
    Campaign: (_upsert(campaigns), rows.written),
    Recipient: (_upsert(recipients), rows.plain),
    Bulletin: (_upsert(bulletins), rows.note_row),
}
_CATALOGUED = (
    Colleague,
    Watcher,
    Keyword,
    NamedList,
    Form,
    Poll,
    Campaign,
)  # every daemon keeps these in mind
_INSERT_EFFECTS = Query(_insert_effects)
_CANCEL_TEXTS = Query(
    lambda t: (
        sa.update(effects)
        .values(state="cancelled", settled_at=sa.bindparam("now", type_=sa.Float))
        .where(
            effects.c.type == "send_sms",
            effects.c.state == "open",
            _in_rows(t, effects.c.message_id),
        )
    )
)


def _set_cards(t: Tongue) -> Any:
    source = t.rows([threads.c.id, threads.c.card])
    return sa.update(threads).values(card=source.c.card).where(threads.c.id == source.c.id)


def _set_notes(t: Tongue) -> Any:
    source = t.rows([notes.c.ref, notes.c.post])
    return sa.update(notes).values(post=source.c.post).where(notes.c.ref == source.c.ref)


_SET_CARDS = Query(_set_cards)
_SET_NOTES = Query(_set_notes)
_SET_SETTINGS = Query(
    lambda t: (
        lambda insert: insert.on_conflict_do_update(
            index_elements=["scope", "name"],
            set_={n: insert.excluded[n] for n in ("value", "by", "at")},
        )
    )(t.insert(settings).values(**{c.name: sa.bindparam(c.name) for c in settings.columns}))
)
_CHANGED = Query(
    lambda _: sa.insert(changes).values(
        {c: sa.bindparam(c, type_=changes.c[c].type) for c in ("at", "by", "scope", "name")}
        | {"before": sa.bindparam("was", type_=sa.Text), "after": sa.bindparam("set_to", type_=sa.Text)}
    )
)
BUMP = Query(
    lambda t: (
        lambda insert: insert.on_conflict_do_update(
            index_elements=["name"], set_={"value": counters.c.value + 1}
        )
    )(t.insert(counters).values(name=sa.bindparam("name"), value=1))
)
NOTICE = Query(
    lambda _: sa.insert(operator_notices).values(
        at=sa.bindparam("at", type_=sa.Float), text=sa.bindparam("text", type_=sa.Text)
    )
)


def apply(decisions: Sequence[Decision], now: float) -> Work[bool]:
    """Write what decisions say; tell whether anything must go out.

    Rows of one table travel together, in the order of their keys: two daemons never wait for each
    other in a ring.
    """
    for noun, (query, write) in _TABLES.items():
        found = {key_of(one): one for d in decisions for one in d.save if type(one) is noun}
        if found:
            yield query(rows=[write(found[key]) for key in sorted(found)])
    cancelled = [message_id for d in decisions for message_id in d.cancel_texts]
    if cancelled:
        yield _CANCEL_TEXTS(rows=ids(cancelled), now=now)
    for change in (one for d in decisions for one in d.settings):
        made = {"scope": change.scope, "name": change.name, "by": change.by, "at": now}
        yield _SET_SETTINGS(value=change.value, **made)
        yield _CHANGED(was=change.before, set_to=change.value, **made)
        yield BUMP(name="catalogue")
    if any(isinstance(one, _CATALOGUED) for d in decisions for one in d.save):
        yield BUMP(name="catalogue")
    for text in (one for d in decisions for one in d.notices):
        yield NOTICE(at=now, text=text)
    timers = [event_row(timer, timer.at, now) for d in decisions for timer in d.timers]
    if timers:
        yield INSERT_EVENTS(rows=timers)
    return (yield from _effects(decisions, now))


def _effects(decisions: Sequence[Decision], now: float) -> Work[bool]:
    todo = [effect for d in decisions for effect in d.effects]
    drawn = [effect for d in decisions for effect in d.drawn]
    cards = {
        e.body.thread_id: codec.write_card(e.body.card)
        for e in (*todo, *drawn)
        if isinstance(e.body, OpenThread | UpdateCard | RemoveThread)
    }
    if cards:
        yield _SET_CARDS(rows=[{"id": k, "card": cards[k]} for k in sorted(cards)])
    edits = {
        e.body.ref: codec.write_post(e.body.post) for e in (*todo, *drawn) if isinstance(e.body, EditPost)
    }
    if edits:
        yield _SET_NOTES(rows=[{"ref": k, "post": edits[k]} for k in sorted(edits)])
    if not todo:
        return False
    written = [rows.effect_row(effect, now) for effect in todo]
    new = {row["key"] for row in (yield _INSERT_EFFECTS(rows=written))}
    fresh = [row for row in written if row["key"] in new]
    if fresh:
        yield RAISE_LANES(rows=lane_rows(fresh))
    return bool(fresh)
