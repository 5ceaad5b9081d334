"""What is managed at run time: keywords and settings. Read again when its counter has moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bridge.model.nouns import Colleague, Keyword, Watcher
from bridge.model.outreach import UNFINISHED, Campaign, Form, Poll
from bridge.store import rows
from bridge.store.query import Query, Work
from bridge.store.suppression import KEY
from bridge.store.tables import (
    campaigns,
    colleagues,
    counters,
    forms,
    keywords,
    lists,
    polls,
    settings,
    watchers,
)

_MOST_POLLS = 200  # the newest


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Keywords by their word, forms by name, polls and campaigns by id, settings by scope and name, who works
    here and who is told, as of one state of the counter."""

    version: int
    keywords: Mapping[str, Keyword]
    settings: Mapping[tuple[str, str], str]
    colleagues: Mapping[tuple[str, str], Colleague]
    watchers: tuple[Watcher, ...]
    forms: Mapping[str, Form]
    polls: Mapping[str, Poll]
    campaigns: Mapping[str, Campaign]
    lists: tuple[str, ...]
    suppression_key: str = field(default="", repr=False)


_VERSION = Query(lambda _: sa.select(counters.c.value).where(counters.c.name == "catalogue"))
_KEYWORDS = Query(
    lambda _: sa.select(keywords).where(keywords.c.removed_at.is_(None)).order_by(keywords.c.word)
)
_SETTINGS = Query(lambda _: sa.select(settings.c.scope, settings.c.name, settings.c.value))
_COLLEAGUES = Query(lambda _: sa.select(colleagues).order_by(colleagues.c.desk, colleagues.c.id))
_WATCHERS = Query(
    lambda _: sa.select(watchers).where(watchers.c.on == 1).order_by(watchers.c.desk, watchers.c.person)
)

_LISTS = Query(lambda _: sa.select(lists.c.name).order_by(lists.c.name))
_FORMS = Query(lambda _: sa.select(forms).where(forms.c.removed_at.is_(None)).order_by(forms.c.name))
_POLLS = Query(  # whoever answers late is told so
    lambda _: sa.select(polls).order_by(polls.c.at.desc()).limit(_MOST_POLLS)
)
_CAMPAIGNS = Query(
    lambda _: (
        sa.select(campaigns)
        .where(sa.or_(*(campaigns.c.state == state for state in UNFINISHED)))
        .order_by(campaigns.c.id)
    )
)


def catalogue(known: Catalogue | None) -> Work[Catalogue]:
    """Give the catalogue; the one that is known already when nothing changed."""
    found: list[Any] = yield _VERSION()
    version = int(found[0]["value"]) if found else 0
    if known is not None and known.version == version:
        return known
    words = {row["word"]: rows.keyword(row) for row in (yield _KEYWORDS())}
    made = {(row["scope"], row["name"]): str(row["value"]) for row in (yield _SETTINGS())}
    people = {(row["desk"], row["id"]): rows.colleague(row) for row in (yield _COLLEAGUES())}
    told = tuple([rows.watcher(row) for row in (yield _WATCHERS())])
    asked = {row["name"]: rows.form(row) for row in (yield _FORMS())}
    votes = {row["id"]: rows.poll(row) for row in (yield _POLLS())}
    sends = {row["id"]: rows.campaign(row) for row in (yield _CAMPAIGNS())}
    names = tuple([row["name"] for row in (yield _LISTS())])
    key = next((str(row["value"]) for row in (yield KEY())), "")
    return Catalogue(version, words, made, people, told, asked, votes, sends, names, key)
