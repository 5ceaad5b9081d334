"""What panels read: people to start with, templates, what waits, what was used, who changed what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.address import read_number
from bridge.model.nouns import Contact, Conversation, Message, Subscription, Template, Watcher
from bridge.store import rows
from bridge.store.tables import (
    MESSAGES_NATURAL,
    THREADS_LIVE,
    changes,
    contacts,
    conversations,
    messages,
    post_refs,
    subscriptions,
    template_uses,
    templates,
    threads,
    watchers,
)
from bridge.store.transactions import insert, writing

_USES = 300  # of templates, the newest, that teach which one fits
_DIGITS = 3  # of a number, before it is searched for
_WHOLE = 10  # digits of a number that can be nobody else's end
Sort = Literal["waiting", "unread", "mine", "open", "resolved"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the overview."""

    thread: str  # the desk's ref
    name: str | None
    address: str
    line: str
    waiting_since: float | None
    unread: int
    assigned_to: str | None
    last_text: str


@dataclass(frozen=True, slots=True)
class InThread:
    """What a panel about one conversation reads."""

    thread_id: str
    contact: Contact
    conversation: Conversation
    subscriptions: tuple[Subscription, ...]
    last_in: tuple[str, str] | None  # id and text of the last thing that they wrote


def _like(part: str) -> str:
    for sign in "\\%_":
        part = part.replace(sign, f"\\{sign}")
    return f"%{part}%"


async def people(engine: AsyncEngine, query: str, region: str, limit: int) -> list[tuple[str, str | None]]:
    """Find contacts that can be texted by part of a name, number or e-mail address: address and name, the
    latest first."""
    query = query.strip()[:80]
    found = sa.select(contacts.c.address, contacts.c.name).where(contacts.c.address_kind != "name")
    digits = "".join(c for c in query if c.isdigit())
    number = read_number(query, region)
    if number:  # or the end of one: "555-0142" is how people remember it
        part = contacts.c.address.like(f"%{digits}")
        found = found.where(
            sa.or_(contacts.c.address == number, part if len(digits) < _WHOLE else sa.false())
        )
    elif query:
        by_name: sa.ColumnElement[bool] = contacts.c.name.ilike(_like(query), escape="\\")
        if "@" in query:  # an address, or the beginning of one
            by_name = sa.or_(by_name, contacts.c.fields.ilike(_like(query), escape="\\"))
        if len(digits) >= _DIGITS and not any(c.isalpha() for c in query):
            by_name = sa.or_(by_name, contacts.c.address.like(_like(digits.lstrip("0")), escape="\\"))
        found = found.where(by_name)
    async with engine.connect() as connection:
        result = await connection.execute(found.order_by(contacts.c.id.desc()).limit(limit))
        return [(row.address, row.name) for row in result]


async def in_thread(engine: AsyncEngine, desk: str, ref: str) -> InThread | None:
    """Give whose thread this is on the desk; None for none that is live."""
    where = (threads.c.desk == desk, threads.c.ref == ref, THREADS_LIVE)
    async with engine.connect() as connection:
        of = sa.select(threads.c.id, threads.c.conversation_id).where(*where)
        thread = (await connection.execute(of)).first()
        if thread is None:
            return None
        talk = (
            await connection.execute(
                sa.select(conversations).where(conversations.c.id == thread.conversation_id)
            )
        ).mappings()
        conversation = rows.conversation(dict(talk.one()))
        person = await connection.execute(sa.select(contacts).where(contacts.c.id == conversation.contact_id))
        contact = rows.contact(dict(person.mappings().one()))
        on = await connection.execute(
            sa.select(subscriptions).where(subscriptions.c.contact_id == contact.id)
        )
        lists = tuple([rows.subscription(dict(row)) for row in on.mappings()])
        last = await connection.execute(
            sa.select(messages.c.id, messages.c.text)
            .where(
                messages.c.conversation_id == conversation.id,
                messages.c.direction == "in",
                MESSAGES_NATURAL,
            )
            .order_by(messages.c.at.desc())
            .limit(1)
        )
        text = last.first()
    return InThread(thread.id, contact, conversation, lists, (text.id, text.text) if text else None)


async def waiting(
    engine: AsyncEngine, desk: str, sort: Sort, me: str, offset: int, limit: int
) -> tuple[list[Waiting], int]:
    """List a desk's conversations for the overview, and count all of that sort. me: the name of who asks."""
    last = (
        sa.select(messages.c.text)
        .where(messages.c.conversation_id == conversations.c.id, MESSAGES_NATURAL)
        .order_by(messages.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    where: dict[Sort, tuple[Any, Any]] = {
        "waiting": (conversations.c.waiting_since.is_not(None), conversations.c.waiting_since),
        "unread": (conversations.c.unread > 0, conversations.c.last_at.desc()),
        "mine": (
            sa.and_(conversations.c.assigned_to == me, conversations.c.state == "open"),
            conversations.c.last_at.desc(),
        ),
        "open": (conversations.c.state == "open", conversations.c.last_at.desc()),
        "resolved": (conversations.c.state == "resolved", conversations.c.last_at.desc()),
    }
    which, order = where[sort]
    joined = conversations.join(threads, threads.c.conversation_id == conversations.c.id).join(
        contacts, contacts.c.id == conversations.c.contact_id
    )
    on = (threads.c.desk == desk, THREADS_LIVE, threads.c.ref.is_not(None), which)
    async with engine.connect() as connection:
        count = await connection.scalar(sa.select(sa.func.count()).select_from(joined).where(*on))
        found = await connection.execute(
            sa.select(
                threads.c.ref,
                contacts.c.name,
                contacts.c.address,
                conversations.c.line,
                conversations.c.waiting_since,
                conversations.c.unread,
                conversations.c.assigned_to,
                last.label("last_text"),
            )
            .select_from(joined)
            .where(*on)
            .order_by(order, conversations.c.id)
            .offset(offset)
            .limit(limit)
        )
        made = [
            Waiting(
                r.ref, r.name, r.address, r.line, r.waiting_since, r.unread, r.assigned_to, r.last_text or ""
            )
            for r in found
        ]
    return made, int(count or 0)


async def all_templates(engine: AsyncEngine) -> list[Template]:
    """Give the templates that are in use, by name."""
    query = sa.select(templates).where(templates.c.removed_at.is_(None)).order_by(templates.c.name)
    async with engine.connect() as connection:
        return [rows.template(dict(row)) for row in (await connection.execute(query)).mappings()]


async def uses_of_templates(engine: AsyncEngine) -> list[tuple[str, str]]:
    """Give which template answered which text, the newest first."""
    query = (
        sa.select(template_uses.c.template, messages.c.text)
        .join(messages, messages.c.id == template_uses.c.answered)
        .order_by(template_uses.c.at.desc())
        .limit(_USES)
    )
    async with engine.connect() as connection:
        return [(row.template, row.text) for row in await connection.execute(query)]


async def suggest_templates(engine: AsyncEngine, suggested: Mapping[str, str], now: float) -> None:
    """Keep the templates that come with the product, where there never was one of that name."""
    known = sa.select(templates.c.name).where(templates.c.name.in_(list(suggested)))
    async with engine.connect() as connection:
        missing = set(suggested) - set((await connection.scalars(known)).all())
    if not missing:
        return
    async with writing(engine) as connection:
        for name in sorted(missing):
            row = rows.plain(Template(name, suggested[name], "threadline", now))
            await connection.execute(insert(connection, templates).values(**row).on_conflict_do_nothing())


async def put_template(engine: AsyncEngine, template: Template, *, anew: bool) -> bool:
    """Keep a template; anew: also over one that is in use. Tells whether it did."""
    values = {"text": template.text, "by": template.by, "at": template.at, "removed_at": None}
    async with writing(engine) as connection:
        statement = insert(connection, templates).values(**rows.plain(template))
        free = None if anew else templates.c.removed_at.is_not(None)
        statement = statement.on_conflict_do_update(index_elements=["name"], set_=values, where=free)
        return bool((await connection.execute(statement)).rowcount)


async def remove_template(engine: AsyncEngine, name: str, now: float) -> bool:
    """Take a template out of the list; tell whether there was one."""
    there = (templates.c.name == name, templates.c.removed_at.is_(None))
    async with writing(engine) as connection:
        gone = await connection.execute(sa.update(templates).where(*there).values(removed_at=now))
        return bool(gone.rowcount)


async def watching(engine: AsyncEngine, desk: str, person: str) -> list[Watcher]:
    """Give how somebody is told of new texts."""
    query = sa.select(watchers).where(watchers.c.desk == desk, watchers.c.person == person)
    async with engine.connect() as connection:
        return [rows.watcher(dict(row)) for row in (await connection.execute(query)).mappings()]


async def used(engine: AsyncEngine, since: float, until: float) -> dict[str, tuple[int, int, int]]:
    """Count, by line, texts received, texts sent and credits between two moments."""
    went_out = sa.and_(
        messages.c.direction == "out", messages.c.state.in_(("sent", "delivered", "undelivered", "unsure"))
    )
    query = (
        sa.select(
            messages.c.line,
            sa.func.sum(sa.case((messages.c.direction == "in", 1), else_=0)),
            sa.func.sum(sa.case((went_out, 1), else_=0)),
            sa.func.sum(sa.case((went_out, messages.c.credits), else_=0)),
        )
        .where(messages.c.at >= since, messages.c.at < until)
        .group_by(messages.c.line)
    )
    async with engine.connect() as connection:
        found = (await connection.execute(query)).tuples().all()
    return {line: (int(came), int(went), int(credits_)) for line, came, went, credits_ in found}


async def last_changes(engine: AsyncEngine, limit: int) -> Sequence[Any]:
    """Give the last changes of settings: at, by, scope, name, before, after."""
    async with engine.connect() as connection:
        query = sa.select(changes).order_by(changes.c.seq.desc()).limit(limit)
        return (await connection.execute(query)).all()


async def message(engine: AsyncEngine, id_: str) -> Message | None:
    """Give a message by our id."""
    async with engine.connect() as connection:
        row = (await connection.execute(sa.select(messages).where(messages.c.id == id_))).mappings().first()
        return rows.message(dict(row)) if row is not None else None


async def shown_by(engine: AsyncEngine, desk: str, ref: str) -> Message | None:
    """Give the message that a message on a desk is, or shows."""
    own = sa.select(messages).where(messages.c.desk == desk, messages.c.ref == ref)
    posted = (
        sa.select(messages)
        .join(post_refs, post_refs.c.message_id == messages.c.id)
        .where(post_refs.c.desk == desk, post_refs.c.ref == ref)
        .order_by(messages.c.id.desc())
        .limit(1)
    )
    async with engine.connect() as connection:
        for query in (own, posted):
            row = (await connection.execute(query)).mappings().first()
            if row is not None:
                return rows.message(dict(row))
    return None
