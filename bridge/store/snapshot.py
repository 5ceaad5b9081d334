"""Snapshot: everything that decisions about a batch of happenings may look at, read as sets.

Each happening (an event or an outcome) concerns at most one contact. The contact's row is locked, so
that two daemons never decide about one person at once; where `wait` is false and somebody else is
deciding about them, the happening is left for the next round (nobody waits while holding a lane).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bridge.model import events as ev
from bridge.model.decision import Recent, Snapshot, World
from bridge.model.nouns import Conversation, Message, PostRef, Subscription, Thread
from bridge.model.outreach import Filling
from bridge.store import codec, rows
from bridge.store.query import Query, Row, Tongue, Work, ids
from bridge.store.subjects import Happening, Subject, subject_of
from bridge.store.suppression import among
from bridge.store.tables import (
    MESSAGES_HIDDEN,
    MESSAGES_WAITING,
    THREADS_LIVE,
    contacts,
    conversations,
    fillings,
    messages,
    post_refs,
    subscriptions,
    threads,
)

_ABOUT_FILLINGS = ("filling_save", "filling_cancel", "filling_resume", "form_start", "was_natural")
_RECENT = 40  # messages: automatic ones for the loop guard, or what a lost thread had unanswered
_RECENT_SECONDS = 900.0  # the loop guard looks back no further


def _by(table: sa.Table, column: str, **extra: Any) -> Query:
    def build(t: Tongue) -> Any:
        source = t.rows([sa.Column("id", table.c[column].type)])
        statement = sa.select(table).where(table.c[column].in_(sa.select(source.c.id)))
        return extra["more"](statement, table) if extra else statement

    return Query(build)


def _by_ref(table: sa.Table) -> Query:
    def build(t: Tongue) -> Any:
        source = t.rows([table.c.desk, table.c.ref])
        return sa.select(table).join(
            source, sa.and_(table.c.desk == source.c.desk, table.c.ref == source.c.ref)
        )

    return Query(build)


def _recent(t: Tongue, *only: Any) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    newest = (
        sa.select(messages.c.id)
        .where(messages.c.contact_id == source.c.id, messages.c.at > sa.bindparam("since", type_=sa.Float))
        .where(*only)
        .order_by(messages.c.at.desc(), messages.c.id.desc())
        .limit(_RECENT)
        .correlate(source)
    )
    names = ("id", "contact_id", "conversation_id", "direction", "kind", "text", "at", "media")
    return (
        sa.select(*(messages.c[n] for n in names))
        .select_from(source.join(messages, messages.c.id.in_(newest)))
        .order_by(messages.c.at.desc(), messages.c.id.desc())
    )


def _lock(**how: Any) -> Any:
    return lambda statement, table: statement.order_by(table.c.id).with_for_update(**how)


_MESSAGES = _by(messages, "id")
_MESSAGES_BY_REF = _by_ref(messages)
_MESSAGES_BY_PROVIDER = _by(messages, "provider_id")
_POSTS_BY_REF = _by_ref(post_refs)
_THREADS = _by(threads, "id")
_THREADS_BY_REF = _by_ref(threads)
_CONVERSATIONS = _by(conversations, "id")
_CONTACTS_WAITING = _by(contacts, "id", more=_lock())
_CONTACTS_FREE = _by(contacts, "id", more=_lock(skip_locked=True))
_CONTACT_IDS = Query(
    lambda t: (
        lambda source: sa.select(contacts.c.id, contacts.c.address).where(
            contacts.c.address.in_(sa.select(source.c.id))
        )
    )(t.rows([sa.Column("id", sa.Text)]))
)
_ALL_CONVERSATIONS = _by(conversations, "contact_id")
_LIVE_THREADS = _by(threads, "conversation_id", more=lambda s, t: s.where(THREADS_LIVE))
_SUBSCRIPTIONS = _by(subscriptions, "contact_id")
_WAITING = _by(
    messages,
    "contact_id",
    more=lambda s, t: s.where(MESSAGES_WAITING).order_by(t.c.id),
)
_FILLINGS = _by(
    fillings,
    "contact_id",
    more=lambda s, t: s.where(sa.or_(t.c.state == "open", t.c.state == "handed", t.c.state == "done")),
)
_RECENT_MESSAGES = Query(_recent)
_RECENT_AUTOMATIC = Query(lambda t: _recent(t, messages.c.direction == "out", messages.c.kind != "reply"))
_REFS = _by(post_refs, "message_id")
_MOST_HIDDEN = 200  # shown on request


def _hidden(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return (
        sa.select(messages.c.conversation_id, sa.func.count().label("hidden"))
        .where(messages.c.conversation_id.in_(sa.select(source.c.id)), MESSAGES_HIDDEN)
        .group_by(messages.c.conversation_id)
    )


_HIDDEN = Query(_hidden)
_HIDDEN_MESSAGES = _by(
    messages,
    "conversation_id",
    more=lambda s, t: s.where(MESSAGES_HIDDEN).order_by(t.c.at, t.c.id).limit(_MOST_HIDDEN),
)


def snapshots(
    happenings: Sequence[Happening], world: World, now: float, wait: bool
) -> Work[dict[int, Snapshot]]:
    """Read snapshots, by the place of their happening.

    Left out are happenings whose contact somebody else decides about (unless wait), and all but the
    first of those that concern one contact: what is decided first changes what the next one sees.
    """
    subjects = [subject_of(one, world.organisation.region) for one in happenings]
    yield from _find_messages(subjects)
    yield from _find_threads(subjects)
    wanted = yield from _contact_ids(subjects)
    lock = _CONTACTS_WAITING if wait else _CONTACTS_FREE
    found = {
        row["id"]: rows.contact(row)
        for row in ((yield lock(rows=ids(sorted(set(wanted.values()))))) if wanted else [])
    }
    chosen: dict[int, Subject] = {}
    seen: set[str] = set()
    for place, subject in enumerate(subjects):
        contact_id = wanted.get(place)
        who = contact_id or subject.address or f"nobody:{place}"
        if who in seen or (contact_id is not None and contact_id not in found):
            continue
        seen.add(who)
        subject.contact = found.get(contact_id) if contact_id else None
        chosen[place] = subject
    unknown = [s.address for s in chosen.values() if s.contact is None and s.address]
    gone = yield from among(world.suppression_key, unknown)
    around = yield from _around(sorted(found), list(chosen.values()), now - _RECENT_SECONDS)
    return {
        place: around.snapshot(subject, world, subject.address in gone) for place, subject in chosen.items()
    }


def _find_messages(subjects: list[Subject]) -> Work[None]:
    by_id = {s.message_id for s in subjects if s.message_id}
    by_ref = {(s.desk, s.message_ref) for s in subjects if s.desk and s.message_ref}
    found: dict[Any, Message] = {}
    if by_id:
        found |= {row["id"]: rows.message(row) for row in (yield _MESSAGES(rows=ids(sorted(by_id))))}
    if by_ref:
        refs = [{"desk": desk, "ref": ref} for desk, ref in sorted(by_ref)]
        found |= {(r["desk"], r["ref"]): rows.message(r) for r in (yield _MESSAGES_BY_REF(rows=refs))}
        shown = {(r["desk"], r["ref"]): r["message_id"] for r in (yield _POSTS_BY_REF(rows=refs))}
        if shown:
            posted = {r["id"]: rows.message(r) for r in (yield _MESSAGES(rows=ids(sorted(shown.values()))))}
            found |= {key: posted[i] for key, i in shown.items() if i in posted and key not in found}
    by_provider = {s.provider_id for s in subjects if s.provider_id and s.message_id not in found}
    if by_provider:
        query = _MESSAGES_BY_PROVIDER(rows=ids(sorted(by_provider)))
        found |= {(row["line"], row["provider_id"]): rows.message(row) for row in (yield query)}
    for s in subjects:
        names = (s.message_id, (s.desk, s.message_ref), (s.line, s.provider_id))
        s.message = next((found[name] for name in names if name in found), None)
        if s.message is not None:
            s.conversation_id = s.message.conversation_id


def _find_threads(subjects: list[Subject]) -> Work[None]:
    by_id = {s.thread_id for s in subjects if s.thread_id and s.message is None}
    by_ref = {(s.desk, s.thread_ref) for s in subjects if s.desk and s.thread_ref}
    found: dict[Any, Thread] = {}
    if by_id:
        found |= {row["id"]: rows.thread(row) for row in (yield _THREADS(rows=ids(sorted(by_id))))}
    if by_ref:
        refs = [{"desk": desk, "ref": ref} for desk, ref in sorted(by_ref)]
        found |= {(r["desk"], r["ref"]): rows.thread(r) for r in (yield _THREADS_BY_REF(rows=refs))}
    for s in subjects:
        s.thread = found.get(s.thread_id) or found.get((s.desk, s.thread_ref))
        if s.thread is not None and s.conversation_id is None:
            s.conversation_id = s.thread.conversation_id


def _contact_ids(subjects: list[Subject]) -> Work[dict[int, str]]:
    """Give the contact's id by the place of each happening that has one."""
    wanted = {place: s.message.contact_id for place, s in enumerate(subjects) if s.message is not None}
    talks = {s.conversation_id for s in subjects if s.conversation_id and s.message is None}
    if talks:
        owners = {r["id"]: r["contact_id"] for r in (yield _CONVERSATIONS(rows=ids(sorted(talks))))}
        wanted |= {
            place: owners[s.conversation_id]
            for place, s in enumerate(subjects)
            if place not in wanted and s.conversation_id in owners
        }
    addresses = {s.address for place, s in enumerate(subjects) if s.address and place not in wanted}
    if addresses:
        known = {r["address"]: r["id"] for r in (yield _CONTACT_IDS(rows=ids(sorted(addresses))))}
        wanted |= {
            place: known[s.address]
            for place, s in enumerate(subjects)
            if place not in wanted and s.address in known
        }
    return wanted


@dataclass(slots=True)
class _Around:
    """What belongs to the contacts of a batch."""

    conversations: dict[str, list[Conversation]]
    threads: dict[str, list[Thread]]
    subscriptions: dict[str, list[Subscription]]
    waiting: dict[str, list[Message]]
    recent: dict[str, list[Recent]]
    refs: dict[str, list[PostRef]]
    hidden: dict[str, int]
    hidden_messages: dict[str, list[Message]]
    fillings: dict[str, list[Filling]]

    def snapshot(self, subject: Subject, world: World, suppressed: bool) -> Snapshot:
        contact = subject.contact
        if contact is None:
            return Snapshot(world=world, address=subject.address, suppressed=suppressed)
        talks = tuple(self.conversations.get(contact.id, ()))
        threads_ = tuple(t for c in talks for t in self.threads.get(c.id, ()))
        if subject.thread is not None and subject.thread.id not in {t.id for t in threads_}:
            threads_ += (subject.thread,)
        waiting = self.waiting.get(contact.id, [])
        message = subject.message
        return Snapshot(
            world=world,
            contact=contact,
            conversations=talks,
            threads=threads_,
            subscriptions=tuple(self.subscriptions.get(contact.id, ())),
            held=tuple(m for m in waiting if m.state == "held"),
            open_texts=tuple(m for m in waiting if m.state != "held"),
            recent=tuple(self.recent.get(contact.id, ())),
            subject=message,
            subject_refs=tuple(self.refs.get(message.id, ())) if message else (),
            hidden=self.hidden.get(subject.conversation_id or "", 0),
            hidden_messages=tuple(self.hidden_messages.get(subject.conversation_id or "", ())),
            fillings=tuple(self.fillings.get(contact.id, ())),
            address=subject.address,
        )


def _around(contact_ids: list[str], subjects: list[Subject], since: float) -> Work[_Around]:
    around = _Around({}, {}, {}, {}, {}, {}, {}, {}, {})
    if not contact_ids:
        return around
    wanted = ids(contact_ids)
    for row in (yield _ALL_CONVERSATIONS(rows=wanted)):
        around.conversations.setdefault(row["contact_id"], []).append(rows.conversation(row))
    talks = ids([c.id for found in around.conversations.values() for c in found])
    for row in (yield _LIVE_THREADS(rows=talks)) if talks else ():
        around.threads.setdefault(row["conversation_id"], []).append(rows.thread(row))
    for row in (yield _SUBSCRIPTIONS(rows=wanted)):
        around.subscriptions.setdefault(row["contact_id"], []).append(rows.subscription(row))
    for row in (yield _WAITING(rows=wanted)):
        around.waiting.setdefault(row["contact_id"], []).append(rows.message(row))
    looking = {s.contact.id: s.happening for s in subjects if s.contact and _looks_back(s.happening)}
    texted = {one for one, happening in looking.items() if isinstance(happening, ev.TextReceived)}
    for query, who, after in (
        (_RECENT_AUTOMATIC, texted, since),
        (_RECENT_MESSAGES, looking.keys() - texted, 0.0),
    ):
        for row in (yield query(rows=ids(sorted(who)), since=after)) if who else ():
            around.recent.setdefault(row["contact_id"], []).append(_recent_of(row))
    asked = {c.contact_id for found in around.conversations.values() for c in found if _is_asked(c)}
    asked |= {s.contact.id for s in subjects if s.contact and _presses(s, *_ABOUT_FILLINGS)}
    for row in (yield _FILLINGS(rows=ids(sorted(asked)))) if asked else ():
        around.fillings.setdefault(row["contact_id"], []).append(rows.filling(row))
    about = {s.message.id for s in subjects if s.message is not None}
    for row in (yield _REFS(rows=ids(sorted(about)))) if about else ():
        around.refs.setdefault(row["message_id"], []).append(rows.post_ref(row))
    counts = {s.conversation_id for s in subjects if s.conversation_id and _presses(s, "display", "show_all")}
    for row in (yield _HIDDEN(rows=ids(sorted(counts)))) if counts else ():
        around.hidden[row["conversation_id"]] = row["hidden"]
    shown = {s.conversation_id for s in subjects if s.conversation_id and _presses(s, "show_hidden")}
    for row in (yield _HIDDEN_MESSAGES(rows=ids(sorted(shown)))) if shown else ():
        around.hidden_messages.setdefault(row["conversation_id"], []).append(rows.message(row))
    return around


def _looks_back(happening: Happening) -> bool:
    """Say whether the last messages matter: to the loop guard, or to show again what nobody answered."""
    if isinstance(happening, ev.StaffPressed):
        return happening.action == "was_natural"  # was it the last opt-out?
    return isinstance(happening, ev.TextReceived | ev.ThreadLost) or getattr(happening, "gone", False)


def _is_asked(conversation: Conversation) -> bool:
    """Say whether a form waits for an answer here, at once or after another question."""
    return bool(conversation.awaiting and conversation.awaiting.get("filling"))


def _presses(subject: Subject, *actions: str) -> bool:
    return isinstance(subject.happening, ev.StaffPressed) and subject.happening.action in actions


def _recent_of(row: Row) -> Recent:
    return Recent(
        id=row["id"],
        conversation_id=row["conversation_id"],
        direction=row["direction"],
        kind=row["kind"],
        text=row["text"],
        at=row["at"],
        media=codec.read_media(row["media"]),
    )
