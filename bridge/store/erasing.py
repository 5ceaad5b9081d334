"""Erasing a person: what they wrote and who they were goes; that they must not be texted stays, as a keyed
hash. Counts stay true: rows keep their places, without words.
"""

import secrets

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bridge.model.effects import RemoveThread
from bridge.model.ids import Ids
from bridge.model.nouns import Consent
from bridge.model.shapes import Card
from bridge.model.suppression import hashed
from bridge.render import words_consent as words
from bridge.store import codec, rows
from bridge.store.suppression import KEY_NAME
from bridge.store.tables import (
    consent,
    contacts,
    conversations,
    counters,
    cursors,
    effects,
    fillings,
    journal,
    lanes,
    media,
    messages,
    notes,
    post_refs,
    subscriptions,
    suppressed,
    threads,
    unclear,
    votes,
)
from bridge.store.transactions import insert, writing

GONE = "erased"


class Unknown(LookupError):
    """Nobody has that number."""


async def key_of(connection: AsyncConnection) -> str:
    """Give the key of this database; made when it is first needed."""
    asked = sa.select(cursors.c.value).where(cursors.c.name == KEY_NAME)
    found: str | None = await connection.scalar(asked)
    if found is None:
        made = insert(connection, cursors).values(name=KEY_NAME, value=secrets.token_hex(32))
        await connection.execute(made.on_conflict_do_nothing())
        found = str(await connection.scalar(asked))
    return found


async def erase(engine: AsyncEngine, who: str, by: str, now: float, make_id: Ids) -> int:
    """Erase a contact by our id or their number; gives how many messages lost their words. Raises Unknown.

    Whoever had opted out, or was unsubscribed or blocked by staff, is remembered as a keyed hash.
    """
    async with writing(engine) as connection:
        found = await connection.execute(
            sa.select(contacts).where(sa.or_(contacts.c.id == who, contacts.c.address == who))
        )
        row = found.mappings().first()
        if row is None:
            raise Unknown(who)
        person = rows.contact(dict(row))
        address = person.address
        key = await key_of(connection)
        name = f"{GONE}:{hashed(key, address)}"
        if person.opted_out_at or person.unsubscribed_at or person.blocked_at:
            kept = insert(connection, suppressed).values(hash=hashed(key, address), at=now)
            await connection.execute(kept.on_conflict_do_nothing())
            bump = insert(connection, counters).values(name="catalogue", value=1)
            await connection.execute(
                bump.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
            )
        count = await _texts(connection, person.id)
        await _talks(connection, person.id, now)
        await _traces(connection, person.id, address)
        await connection.execute(
            sa.update(consent).where(consent.c.contact_id == person.id).values(address=name, words="")
        )
        line = Consent(make_id(), person.id, name, "erased", "all", now, "staff", "", GONE, None, by)
        await connection.execute(sa.insert(consent).values(**rows.consent_row(line)))
        await connection.execute(
            sa.update(contacts)
            .where(contacts.c.id == person.id)
            .values(address=name, address_kind="name", name=None, fields=None, tags=None, timezone=None)
        )
    return count


async def _texts(connection: AsyncConnection, contact_id: str) -> int:
    """Take words and pictures off every message; what waits to go out must not."""
    mine = messages.c.contact_id == contact_id
    pictures = await connection.execute(
        sa.select(messages.c.media).where(mine, messages.c.media.is_not(None))
    )
    for (written,) in pictures.tuples().all():
        for one in codec.read_media(written):
            copies = sa.or_(media.c.id == one.id, media.c.id.like(f"{one.id}.%"))
            await connection.execute(sa.delete(media).where(copies))
    of = sa.select(messages.c.id).where(mine)
    waiting = effects.c.state.in_(("open", "claimed", "doubtful"))
    await connection.execute(
        sa.update(effects)
        .where(effects.c.message_id.in_(of), waiting, effects.c.type == "send_sms")
        .values(state="cancelled")
    )
    await connection.execute(sa.delete(effects).where(effects.c.message_id.in_(of), sa.not_(waiting)))
    await connection.execute(
        sa.update(messages)
        .where(mine, messages.c.state.in_(("held", "queued")))
        .values(state="cancelled", hold_until=None)
    )
    changed = await connection.execute(
        sa.update(messages).where(mine).values(text="", media=None, value=None, suspicion=None, tapback=None)
    )
    return int(changed.rowcount)


async def _talks(connection: AsyncConnection, contact_id: str, now: float) -> None:
    talks = sa.select(conversations.c.id).where(conversations.c.contact_id == contact_id)
    mine = sa.select(threads.c.id).where(threads.c.conversation_id.in_(talks))
    await connection.execute(sa.delete(notes).where(notes.c.thread_id.in_(mine)))
    await connection.execute(sa.delete(post_refs).where(post_refs.c.thread_id.in_(mine)))
    await connection.execute(sa.delete(effects).where(effects.c.thread_id.in_(mine)))
    await _off_the_desks(connection, talks, now)
    await connection.execute(
        sa.update(threads).where(threads.c.id.in_(mine)).values(state="removed", card=None)
    )
    await connection.execute(
        sa.update(conversations)
        .where(conversations.c.contact_id == contact_id)
        .values(state="removed", assigned_to=None, waiting_since=None, unread=0, awaiting=None)
    )


async def _off_the_desks(connection: AsyncConnection, talks: sa.Select[tuple[str]], now: float) -> None:
    """Have the threads taken off the chats that show them."""
    live = sa.select(threads.c.id, threads.c.desk).where(
        threads.c.conversation_id.in_(talks), threads.c.state == "live", threads.c.ref.is_not(None)
    )
    for thread_id, desk in (await connection.execute(live)).tuples().all():
        if desk.partition(".")[0] == "web":  # draws itself: it is gone from there already
            continue
        body = RemoveThread(thread_id, desk, Card(words.ERASED, (), closed=True))
        row = {
            "key": f"erase:{thread_id}",
            "lane": f"thread:{thread_id}",
            "meter": f"post:{desk}",
            "type": body.type,
            "body": codec.write_body(body),
            "priority": 1,
            "weight": 1.0,
            "state": "open",
            "due": now,
            "thread_id": thread_id,
            "created_at": now,
        }
        await connection.execute(insert(connection, effects).values(row).on_conflict_do_nothing())
        lane = {"lane": row["lane"], "meter": row["meter"], "priority": 1, "due": now}
        made = insert(connection, lanes).values(lane)
        await connection.execute(
            made.on_conflict_do_update(index_elements=["lane"], set_={"due": now, "meter": row["meter"]})
        )


async def _traces(connection: AsyncConnection, contact_id: str, address: str) -> None:
    """Whatever else names them: what came in, lists, forms, votes (the count of a poll stays)."""
    for lane in (f"from:{address}", f"sms:{address}"):
        await connection.execute(sa.delete(journal).where(journal.c.lane == lane))
        await connection.execute(sa.delete(effects).where(effects.c.lane == lane))
    await connection.execute(sa.delete(subscriptions).where(subscriptions.c.contact_id == contact_id))
    for table in (fillings, unclear):
        await connection.execute(sa.delete(table).where(table.c.contact_id == contact_id))
    await connection.execute(sa.update(votes).where(votes.c.contact_id == contact_id).values(by=""))
