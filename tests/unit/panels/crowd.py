"""An organisation as large as one may get, with every word in it as long as it may be."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bridge.model.decision import Desk, Line, Organisation, World
from bridge.model.ids import make_id
from bridge.model.nouns import Author
from bridge.model.traits import ChatTraits, Rate, SmsTraits
from bridge.store.store import Store
from bridge.store.tables import (
    changes,
    colleagues,
    contacts,
    conversations,
    counters,
    messages,
    post_refs,
    subscriptions,
    templates,
    threads,
    watchers,
)

NOW = 1_700_000_000.0
DESK = "slack.support"
NAME = "\U0001f9d1\u200d\U0001f680" * 20  # 60 characters as Python counts, 100 as Telegram does
TEXT = ("\U0001f3e0 <!channel> @anna /remove {full_name} " * 60)[:1600]
ADMIN = Author("U0000000000000000000BOSS", NAME)
AGENT = Author("U000000000000000000AGENT", NAME)
PEOPLE, COLLEAGUES, TEMPLATES, LINES, FIELDS, LISTS = 30, 100, 90, 20, 40, 40
KINDS = ("natural", "opt_out", "auto_reply", "reply", "note")


def id_(number: int) -> str:
    """Make an id as long as a real one."""
    return make_id(NOW, number)


def world() -> World:
    """Twenty lines with budgets, and a desk with one admin."""
    traits = SmsTraits(Rate(1), 1600)
    lines = {
        name: Line(name, f"+1555010{n:04d}", (DESK,), traits, budget=1_000_000)
        for n in range(LINES)
        for name in [f"{n:02d}-{'line' * 9}"]
    }
    desk = Desk(DESK, ChatTraits(Rate(1, 4), Rate(1, 4), 4000), "Slack", admins=frozenset({ADMIN.id}))
    ours = Organisation("Union " * 20, "help@example.org", timezone="America/Argentina/ComodRivadavia")
    return World(ours, lines, {DESK: desk}, sends_mail=True)


def template_name(number: int) -> str:
    """Name a template in sixty characters."""
    return f"{number:03d}{NAME}"[:60]


async def fill(store: Store) -> None:
    """Put everybody and everything into the store."""
    line = next(iter(world().lines))
    async with store.engine.begin() as connection:
        for table, rows in _rows(line):
            await connection.execute(sa.insert(table), rows)
        await connection.execute(sa.update(counters).values(value=counters.c.value + 1))


def _rows(line: str) -> list[tuple[Any, list[dict[str, Any]]]]:
    known = {f"{n:02d}{'field' * 8}"[:40]: TEXT[:200] for n in range(FIELDS)}
    people = [
        {
            "id": id_(n), "address": f"+1555{n:07d}", "address_kind": "e164", "created_at": NOW,
            "name": f"{n:02d}{NAME}"[:60], "fields": json.dumps(known),
        }
        for n in range(PEOPLE)
    ]  # fmt: skip
    talks = [
        {
            "id": id_(n), "contact_id": id_(n), "line": line, "state": "open", "last_at": NOW, "unread": 999,
            "created_at": NOW, "waiting_since": NOW, "assigned_to": NAME,
        }
        for n in range(PEOPLE)
    ]  # fmt: skip
    places = [
        {
            "id": id_(n), "conversation_id": id_(n), "desk": DESK, "ref": f"1700000000.{n:06d}",
            "state": "live", "last_post_at": NOW, "created_at": NOW, "card": "{}",
        }
        for n in range(PEOPLE)
    ]  # fmt: skip
    said = [_message(n, id_(n), "natural", line) for n in range(PEOPLE)]
    said += [_message(100 + n, id_(0), kind, line) for n, kind in enumerate(KINDS)]
    shown = [
        {"thread_id": id_(0), "desk": DESK, "ref": f"1800000000.{n:06d}", "message_id": id_(100 + n)}
        for n in range(len(KINDS))
    ]
    on = [{"contact_id": id_(0), "list_name": f"{n:02d}{'list' * 12}", "since": NOW} for n in range(LISTS)]
    staff = [
        {"desk": DESK, "id": f"{n:03d}{AGENT.id}", "name": f"{n:03d}{NAME}", "role": "admin" if n % 2 else ""}
        for n in range(COLLEAGUES)
    ]
    told = [
        {
            "desk": DESK, "person": who.id, "channel": "email", "name": NAME, "on": 1, "every": 86_400.0,
            "address": "a" * 64 + "@" + "b" * 180 + ".example.org", "quiet": "22:00-07:00", "lines": "[]",
        }
        for who in (ADMIN, AGENT)
    ]  # fmt: skip
    kept = [{"name": template_name(n), "text": TEXT, "by": NAME, "at": NOW} for n in range(TEMPLATES)]
    made = [
        {"at": NOW, "by": NAME, "scope": f"line:{line}", "name": "working_hours", "before": TEXT[:200],
         "after": TEXT[:200]}
        for _ in range(60)
    ]  # fmt: skip
    return [
        (contacts, people), (conversations, talks), (threads, places), (messages, said),
        (post_refs, shown), (subscriptions, on), (colleagues, staff), (watchers, told), (templates, kept),
        (changes, made),
    ]  # fmt: skip


def _message(number: int, talk: str, kind: str, line: str) -> Mapping[str, Any]:
    direction = {"reply": "out", "note": "internal"}.get(kind, "in")
    return {
        "id": id_(number), "conversation_id": talk, "contact_id": talk, "line": line, "direction": direction,
        "text": TEXT, "kind": kind, "state": "undelivered" if direction == "out" else "received",
        "at": NOW + number, "reason": TEXT[:400], "author": NAME, "author_id": AGENT.id, "order": "",
        "segments": 10, "credits": 10, "late": 0, "error": TEXT[:400], "attempts": 3,
    }  # fmt: skip
