"""Claim: lanes whose turn it is are leased, and their heads marked as on their way.

A lane orders, a meter paces. What is claimed is committed as claimed before anything is attempted, so
that a crash leaves it recognisable: claimed and never settled is `doubtful`. The lease is fenced: its
number is checked when the outcome is settled.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from bridge.model.effects import Effect, PostToThread, SendSms
from bridge.model.traits import Rate
from bridge.store import rows
from bridge.store.query import Query, Row, Tongue, Work, ids
from bridge.store.tables import EFFECTS_WAITING, contacts, effects, lanes, messages, meters, threads

_DEPTH = 60  # effects read ahead in one lane, for merging
_STANDING = ("opted_out_at", "unsubscribed_at", "doubted_at", "blocked_at")
_MERGE_AFTER = 2.0  # seconds that a post has waited before it may be merged with the next


@dataclass(frozen=True, slots=True)
class Claimed:
    """A lane on lease: its head, what goes with it, and what is needed to do it."""

    lane: str
    fence: int
    effect: Effect
    merged: tuple[Effect, ...] = ()  # further effects of the lane, done by the same request
    superseded: tuple[Effect, ...] = ()  # older ones that the newest makes needless
    doubtful: bool = False  # tried before, outcome unknown
    attempts: int = 0  # before this one
    looks: int = 0
    claimed_at: float = math.inf  # the lease counts from then
    first_tried_at: float = 0.0
    thread_ref: str | None = None
    thread_lost: bool = False  # it never opened, and another one took its place
    refused: str = ""  # why a text must not go any more: what its recipient said or staff decided meanwhile


def _ready_meters(t: Tongue) -> Any:
    source = t.rows([meters.c.meter])
    return (
        sa.select(meters)
        .where(meters.c.meter.in_(sa.select(source.c.meter)))
        .order_by(meters.c.meter)
        .with_for_update()
    )


def _due_lanes(_: Tongue) -> Any:
    now = sa.bindparam("now", type_=sa.Float)
    return (
        sa.select(lanes.c.lane, lanes.c.meter)
        .where(
            lanes.c.meter == sa.bindparam("meter", type_=sa.Text),
            lanes.c.due <= now,
            lanes.c.leased_until <= now,
        )
        .order_by(lanes.c.priority, lanes.c.due)
        .limit(sa.bindparam("limit", type_=sa.Integer))
        .with_for_update(skip_locked=True)
    )


def _waiting(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    first = (
        sa.select(effects.c.id)
        .where(effects.c.lane == source.c.id, EFFECTS_WAITING)
        .order_by(effects.c.id)
        .limit(_DEPTH)
        .correlate(source)
    )
    return (
        sa.select(
            effects,
            threads.c.ref.label("thread_ref"),
            threads.c.state.label("thread_state"),
            *(contacts.c[name] for name in _STANDING),
            messages.c.kind.label("message_kind"),
        )
        .select_from(source.join(effects, effects.c.id.in_(first)))
        .outerjoin(threads, threads.c.id == effects.c.thread_id)
        .outerjoin(messages, sa.and_(effects.c.type == "send_sms", messages.c.id == effects.c.message_id))
        .outerjoin(contacts, contacts.c.id == messages.c.contact_id)
        .order_by(effects.c.lane, effects.c.id)
    )


def _take(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.BigInteger)])
    now = sa.bindparam("now", type_=sa.Float)
    return (
        sa.update(effects)
        .values(
            state=sa.case((effects.c.state == "open", "claimed"), else_="doubtful"),
            attempts=effects.c.attempts + 1,
            first_tried_at=sa.func.coalesce(effects.c.first_tried_at, now),
        )
        .where(effects.c.id.in_(sa.select(source.c.id)))
    )


def _lease(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return (
        sa.update(lanes)
        .values(
            owner=sa.bindparam("owner", type_=sa.Text),
            leased_until=sa.bindparam("until", type_=sa.Float),
            fence=sa.bindparam("fence", type_=sa.BigInteger),
        )
        .where(lanes.c.lane.in_(sa.select(source.c.id)))
    )


def _save_meters(t: Tongue) -> Any:
    source = t.rows([meters.c.meter, meters.c.level, meters.c.at])
    insert = t.insert(meters).from_select(
        ["meter", "level", "at"],
        sa.select(source.c.meter, source.c.level, source.c.at).where(sa.true()).order_by(source.c.meter),
    )
    return insert.on_conflict_do_update(
        index_elements=["meter"], set_={"level": insert.excluded.level, "at": insert.excluded.at}
    )


def _drop_empty(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    waits = sa.exists().where(effects.c.lane == lanes.c.lane, EFFECTS_WAITING)
    return sa.delete(lanes).where(lanes.c.lane.in_(sa.select(source.c.id)), sa.not_(waits))


DROP_EMPTY = Query(_drop_empty)
_METERS = Query(_ready_meters)
_DUE_LANES = Query(_due_lanes)
_EFFECTS = Query(_waiting)
_TAKE = Query(_take)
_LEASE = Query(_lease)
_SAVE_METERS = Query(_save_meters)


def claim(
    rates: Mapping[str, Rate],
    now: float,
    rooms: Mapping[str, int],
    owner: str,
    lease: float,
    merge_chars: Mapping[str, int],
) -> Work[list[Claimed]]:
    """Take lanes on lease, of each meter at most as many as there is room for.

    rates: of every meter that this daemon serves. lease: seconds. merge_chars: by meter, how long a
    merged post may get (meters of posts only).
    """
    levels = yield from _levels({meter: rates[meter] for meter in rates if rooms.get(meter)}, now)
    fence = int(now * 1_000_000)
    found: list[Row] = []
    for meter, level in levels.items():
        most = min(rooms.get(meter, 0), math.ceil(level))
        if most > 0:
            found += yield _DUE_LANES(meter=meter, now=now, limit=most)
    if not found:
        return []
    by_lane: dict[str, list[Row]] = {}
    for row in (yield _EFFECTS(rows=ids([row["lane"] for row in found]))):
        by_lane.setdefault(row["lane"], []).append(row)
    claims: list[Claimed] = []
    for row in found:
        if waiting := by_lane.get(row["lane"]):
            one = _claim(waiting, fence, now, merge_chars.get(row["meter"], 0))
            claims.append(one)
            levels[row["meter"]] -= one.effect.weight
    empty = [row["lane"] for row in found if row["lane"] not in by_lane]
    if empty:  # what waited there was cancelled: it must not stand in the way of others
        yield DROP_EMPTY(rows=ids(empty))
    yield _TAKE(rows=ids([int(e.id) for one in claims for e in (one.effect, *one.merged)]), now=now)
    yield _LEASE(rows=ids([c.lane for c in claims]), owner=owner, until=now + lease, fence=fence)
    used = {c.effect.meter for c in claims}
    yield _SAVE_METERS(rows=[{"meter": m, "level": levels[m], "at": now} for m in sorted(used)])
    return claims


def _levels(rates: Mapping[str, Rate], now: float) -> Work[dict[str, float]]:
    """Give what each open meter lets through now, in the order of their names."""
    stored = {
        row["meter"]: row for row in (yield _METERS(rows=[{"meter": meter} for meter in sorted(rates)]))
    }
    levels: dict[str, float] = {}
    for meter in sorted(rates):
        rate, row = rates[meter], stored.get(meter)
        if row is None:
            levels[meter] = rate.burst
        elif row["closed_until"] <= now:
            filled = row["level"] + max(now - row["at"], 0.0) * rate.per_second
            levels[meter] = min(filled, rate.burst)
    return levels


def _claim(waiting: list[Row], fence: int, now: float, merge_chars: int) -> Claimed:
    """Give the claim of one lane from what waits in it."""
    head = waiting[0]
    effect = rows.effect(head)
    doubtful = head["state"] != "open"
    claimed = Claimed(
        lane=head["lane"],
        fence=fence,
        claimed_at=now,
        effect=effect,
        doubtful=doubtful,
        attempts=head["attempts"],
        looks=head["looks"],
        first_tried_at=head["first_tried_at"] or now,
        thread_ref=head["thread_ref"],
        thread_lost=head["thread_ref"] is None and head["thread_state"] == "removed",
        refused=_refusal(effect, head),
    )
    if doubtful:  # only a head and what was merged with it are ever taken: those behind it went along
        along = itertools.takewhile(lambda row: row["state"] != "open", waiting[1:])
        return replace(claimed, merged=tuple(rows.effect(row) for row in along))
    if head["type"] in ("update_card", "mark_message", "show_bulletin"):
        same = [row for row in waiting if row["type"] == head["type"]]
        newest = rows.effect(same[-1])
        older = tuple(rows.effect(row) for row in same[:-1])
        return replace(claimed, effect=newest, superseded=older)
    if head["type"] == "notify":
        return replace(
            claimed, merged=tuple(rows.effect(row) for row in waiting[1:] if row["state"] == "open")
        )
    if head["type"] == "post_to_thread" and merge_chars and head["due"] < now - _MERGE_AFTER:
        return replace(claimed, merged=_mergeable(effect, waiting[1:], merge_chars))
    return claimed


def _refusal(effect: Effect, row: Row) -> str:
    """Say why a text must not go, after what its recipient said since it was decided; "": it may."""
    if not isinstance(effect.body, SendSms) or effect.body.answers_stop:
        return ""
    if row["opted_out_at"] is not None:
        return "They opted out before this was sent."
    if row["message_kind"] == "reply":
        return ""
    if row["blocked_at"] is not None:
        return "Staff blocked the number before this was sent."
    if row["doubted_at"] is not None:
        return "They may have opted out before this was sent: staff must decide."
    if row["unsubscribed_at"] is not None and row["message_kind"] in ("campaign", "poll"):
        return "Staff unsubscribed them before this was sent."
    return ""


def _mergeable(head: Effect, following: list[Row], most_chars: int) -> tuple[Effect, ...]:
    """Give the posts that may go out in one message with the head: plain ones, as many as fit."""
    if not _is_plain(head):
        return ()
    assert isinstance(head.body, PostToThread)
    room = most_chars - _length(head.body)
    taken: list[Effect] = []
    for row in following:
        if row["type"] != "post_to_thread" or row["state"] != "open":
            break
        effect = rows.effect(row)
        assert isinstance(effect.body, PostToThread)
        room -= _length(effect.body) + 2
        if room < 0 or not _is_plain(effect):
            break
        taken.append(effect)
    return tuple(taken)


def _is_plain(effect: Effect) -> bool:
    body = effect.body
    again = effect.key.startswith("maybe:")  # what broke once must not take others along
    return isinstance(body, PostToThread) and not body.post.buttons and not body.post.media and not again


def _length(body: PostToThread) -> int:
    return len(body.post.head) + len(body.post.body) + len(body.post.foot) + 8
