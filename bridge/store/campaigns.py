"""Campaigns in the database: who gets one is planned in pages, fed in small portions, and counted.

The hot verbs are Work for the writer; what panels read goes through the async engine.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.events import CampaignDue
from bridge.model.nouns import Contact
from bridge.model.outreach import Audience, Campaign, CampaignState, Result
from bridge.store import rows
from bridge.store.accept import INSERT_EVENTS, event_row
from bridge.store.apply import BUMP
from bridge.store.query import Query, Tongue, Work, ids
from bridge.store.tables import (
    campaigns,
    contacts,
    effects,
    lanes,
    messages,
    recipients,
    subscriptions,
)

PAGE: Final = 5_000  # people planned in one transaction
When = Callable[[str, str | None], float]  # a contact's address and known zone to when their part is due


def _reason(excluded: Any) -> Any:
    """Say why a contact gets none, as bridge.decide.campaigns.excluded does."""
    return sa.case(
        (contacts.c.address_kind != "e164", "no_number"),
        (contacts.c.opted_out_at.is_not(None), "opted_out"),
        (contacts.c.blocked_at.is_not(None), "blocked"),
        (contacts.c.unsubscribed_at.is_not(None), "unsubscribed"),
        (contacts.c.doubted_at.is_not(None), "doubted"),
        (excluded, "other_list"),
        else_="",
    )


def _on(contact_id: Any, lists: Any) -> Any:
    return sa.exists().where(
        subscriptions.c.contact_id == contact_id,
        subscriptions.c.list_name.in_(lists),
        subscriptions.c.ended_at.is_(None),
    )


def _page(t: Tongue) -> Any:
    to = t.rows([sa.Column("id", sa.Text)], "lists")
    but = t.rows([sa.Column("id", sa.Text)], "exclude")
    excluded = _on(contacts.c.id, sa.select(but.c.id))
    return (
        sa.select(contacts.c.id, contacts.c.address, contacts.c.timezone, _reason(excluded).label("reason"))
        .where(contacts.c.id > sa.bindparam("after", type_=sa.Text), _on(contacts.c.id, sa.select(to.c.id)))
        .order_by(contacts.c.id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def _plan(t: Tongue) -> Any:
    names = ("campaign_id", "contact_id", "state", "reason", "due", "attempt")
    source = t.rows([recipients.c[name] for name in names])
    made = sa.select(*(source.c[name] for name in names)).where(sa.true()).order_by(source.c.ord)
    return t.insert(recipients).from_select(list(names), made).on_conflict_do_nothing()


def _next(_: Tongue) -> Any:
    return (
        sa.select(recipients, contacts.c.address)
        .join(contacts, contacts.c.id == recipients.c.contact_id)
        .where(
            recipients.c.campaign_id == sa.bindparam("campaign", type_=sa.Text),
            recipients.c.state == "waiting",
            recipients.c.due <= sa.bindparam("now", type_=sa.Float),
        )
        .order_by(recipients.c.due, recipients.c.contact_id)
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def _feed(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return (
        sa.update(recipients)
        .values(state="fed")
        .where(
            recipients.c.campaign_id == sa.bindparam("campaign", type_=sa.Text),
            recipients.c.contact_id.in_(sa.select(source.c.id)),
        )
    )


def _under_way(_: Tongue) -> Any:
    meter = sa.bindparam("meter", type_=sa.Text)
    waiting = sa.select(sa.func.count()).select_from(lanes).where(lanes.c.meter == meter).scalar_subquery()
    fed = sa.select(sa.func.count()).select_from(recipients).where(
        recipients.c.campaign_id == sa.bindparam("campaign", type_=sa.Text), recipients.c.state == "fed"
    )  # fmt: skip
    return sa.select(waiting.label("waiting"), fed.scalar_subquery().label("fed"))


def _left(_: Tongue) -> Any:
    of = recipients.c.campaign_id == sa.bindparam("campaign", type_=sa.Text)
    left = sa.exists().where(of, sa.or_(recipients.c.state == "waiting", recipients.c.state == "fed"))
    queued = sa.exists().where(
        messages.c.campaign == sa.bindparam("campaign", type_=sa.Text), messages.c.state == "queued"
    )
    return sa.select(sa.case((sa.or_(left, queued), 1), else_=0).label("some"))


def _stop_texts(_: Tongue) -> Any:
    of = sa.select(messages.c.id).where(
        messages.c.campaign == sa.bindparam("campaign", type_=sa.Text), messages.c.state == "queued"
    )
    return (
        sa.update(effects)
        .values(state="cancelled", settled_at=sa.bindparam("now", type_=sa.Float))
        .where(effects.c.type == "send_sms", effects.c.state == "open", effects.c.message_id.in_(of))
        .returning(effects.c.message_id)
    )


def _stopped(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return (
        sa.update(messages)
        .values(state="cancelled", error=sa.bindparam("why", type_=sa.Text))
        .where(messages.c.id.in_(sa.select(source.c.id)))
    )


_PAGE = Query(_page)
_PLAN = Query(_plan)
_NEXT = Query(_next)
_FEED = Query(_feed)
_UNDER_WAY = Query(_under_way)
_LEFT = Query(_left)
_STOP_TEXTS = Query(_stop_texts)
_STOPPED = Query(_stopped)
_PLANNED = Query(
    lambda _: (
        sa.update(campaigns)
        .values(planned=sa.bindparam("planned", type_=sa.Text))
        .where(campaigns.c.id == sa.bindparam("campaign", type_=sa.Text))
    )
)


def _move(_: Tongue) -> Any:
    at = sa.bindparam("at", type_=sa.Float)
    to = sa.bindparam("to", type_=sa.Text)
    return (
        sa.update(campaigns)
        .values(
            state=to,
            why=sa.bindparam("why", type_=sa.Text),
            started_at=sa.case((to == "running", at), else_=campaigns.c.started_at),
            ended_at=sa.case((to == "done", at), else_=campaigns.c.ended_at),
        )
        .where(
            campaigns.c.id == sa.bindparam("campaign", type_=sa.Text),
            campaigns.c.state == sa.bindparam("was", type_=sa.Text),
        )
        .returning(campaigns.c.id)
    )


_MOVE = Query(_move)
_DROP = Query(
    lambda _: (
        sa.update(recipients)
        .values(state="excluded", reason="cancelled")
        .where(
            recipients.c.campaign_id == sa.bindparam("campaign", type_=sa.Text),
            recipients.c.state == "waiting",
        )
    )
)


def plan(campaign: Campaign, when: When, page: int = PAGE) -> Work[Campaign]:
    """Decide who is in the next page of people, and when; gives the campaign as far as it is planned then."""
    found = yield _PAGE(
        lists=ids(campaign.lists), exclude=ids(campaign.exclude), after=campaign.planned or "", limit=page
    )
    planned = [
        {
            "campaign_id": campaign.id,
            "contact_id": row["id"],
            "state": "excluded" if row["reason"] else "waiting",
            "reason": row["reason"],
            "due": when(row["address"], row["timezone"]),
            "attempt": 0,
        }
        for row in found
    ]
    if planned:
        yield _PLAN(rows=planned)
    campaign = replace(campaign, planned=found[-1]["id"] if len(found) == page else None)
    yield _PLANNED(planned=campaign.planned, campaign=campaign.id)
    yield BUMP(name="catalogue")
    return campaign


def move(campaign: Campaign, to: CampaignState, why: str, now: float) -> Work[bool]:
    """Bring a campaign into another state, unless staff did meanwhile; tells which."""
    moved = yield _MOVE(campaign=campaign.id, was=campaign.state, to=to, why=why, at=now)
    yield BUMP(name="catalogue")
    return bool(moved)


def feed(campaign: Campaign, meter: str, most: int, now: float) -> Work[int]:
    """Put the next people's parts into the journal, unless `most` are under way; gives how many it put.

    Whoever is fed has their event in the same transaction: nobody is forgotten, and the event's key is
    theirs alone: nobody gets two.
    """
    under_way = (yield _UNDER_WAY(meter=meter, campaign=campaign.id))[0]
    room = most - under_way["waiting"] - under_way["fed"]
    if room <= 0:
        return 0
    found = yield _NEXT(campaign=campaign.id, now=now, limit=room)
    if not found:
        return 0
    due = [
        CampaignDue(campaign.id, row["contact_id"], row["address"], row["due"], now, row["attempt"])
        for row in found
    ]
    yield INSERT_EVENTS(rows=[event_row(event, now, now) for event in due])
    yield _FEED(rows=ids([event.contact_id for event in due]), campaign=campaign.id)
    return len(due)


def is_over(campaign: Campaign) -> Work[bool]:
    """Say whether everybody's part is decided and has left."""
    return campaign.planned is None and not (yield _LEFT(campaign=campaign.id))[0]["some"]


def stop(campaign: Campaign, why: str, now: float) -> Work[None]:
    """Keep what has not left from leaving."""
    yield _DROP(campaign=campaign.id)
    stopped = [row["message_id"] for row in (yield _STOP_TEXTS(campaign=campaign.id, now=now))]
    if stopped:
        yield _STOPPED(rows=ids(stopped), why=why)


# ---- what panels read ------------------------------------------------------------------------------------


async def audience(engine: AsyncEngine, lists: Sequence[str], exclude: Sequence[str]) -> Audience:
    """Count who would get a campaign."""
    reason = _reason(_on(contacts.c.id, list(exclude))).label("reason")
    asked = (
        sa.select(reason, sa.func.count()).where(_on(contacts.c.id, list(lists))).group_by(sa.text("reason"))
    )
    async with engine.connect() as connection:
        found: dict[str, int] = {row[0]: row[1] for row in await connection.execute(asked)}
    return Audience(found.pop("", 0), found)


async def some(engine: AsyncEngine, lists: Sequence[str], limit: int) -> list[Contact]:
    """Give a few of the people who would get it, for the preview."""
    asked = (
        sa.select(contacts)
        .where(_on(contacts.c.id, list(lists)), _reason(sa.false()) == "")
        .order_by(contacts.c.id)
        .limit(limit)
    )
    async with engine.connect() as connection:
        return [rows.contact(dict(row)) for row in (await connection.execute(asked)).mappings()]


async def result(engine: AsyncEngine, campaign_id: str) -> Result:
    """Count what became of it, from the stored messages."""
    of = recipients.c.campaign_id == campaign_id
    parts = (
        sa.select(recipients.c.state, recipients.c.reason, sa.func.count())
        .where(of)
        .group_by(recipients.c.state, recipients.c.reason)
    )
    ours = sa.and_(
        messages.c.campaign == campaign_id, messages.c.direction == "out", messages.c.author == "machine"
    )
    texts = (
        sa.select(
            messages.c.state,
            messages.c.error,
            sa.func.count(),
            sa.func.sum(messages.c.credits),
        )
        .where(ours)
        .group_by(messages.c.state, messages.c.error)
    )
    answers = (
        sa.select(messages.c.kind, sa.func.count())
        .where(messages.c.campaign == campaign_id, messages.c.direction == "in")
        .group_by(messages.c.kind)
    )
    states: dict[str, int] = {}
    excluded: dict[str, int] = {}
    failed: dict[str, int] = {}
    credits_ = 0
    async with engine.connect() as connection:
        for state, reason, count in await connection.execute(parts):
            if state == "excluded":
                excluded[reason] = count
            elif state != "out":
                states[state] = states.get(state, 0) + count
        for state, error, count, paid in await connection.execute(texts):
            states[state] = states.get(state, 0) + count
            credits_ += int(paid or 0) if state in ("sent", "delivered", "undelivered", "unsure") else 0
            if state in ("failed", "undelivered"):
                failed[error or ""] = failed.get(error or "", 0) + count
        kinds: dict[str, int] = {row[0]: row[1] for row in await connection.execute(answers)}
    optouts = kinds.pop("opt_out", 0)
    replies = kinds.get("natural", 0)
    return Result(states, excluded, failed, replies, optouts, credits_)


async def latest(engine: AsyncEngine, limit: int) -> list[Campaign]:
    """Give the newest campaigns, whatever their state."""
    asked = sa.select(campaigns).order_by(campaigns.c.created_at.desc(), campaigns.c.id).limit(limit)
    async with engine.connect() as connection:
        return [rows.campaign(dict(row)) for row in (await connection.execute(asked)).mappings()]


async def one(engine: AsyncEngine, named: str) -> Campaign | None:
    """Give a campaign by its id, or the newest of that name."""
    asked = (
        sa.select(campaigns)
        .where(sa.or_(campaigns.c.id == named, campaigns.c.name == named))
        .order_by(campaigns.c.created_at.desc())
        .limit(1)
    )
    async with engine.connect() as connection:
        row = (await connection.execute(asked)).mappings().first()
    return rows.campaign(dict(row)) if row else None
