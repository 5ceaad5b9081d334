"""What is managed at run time: keywords and settings. Read again when its counter has moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bridge.model.nouns import Keyword
from bridge.store import rows
from bridge.store.query import Query, Work
from bridge.store.tables import counters, keywords, settings


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Keywords by their word, and settings by scope and name, as of one state of the counter."""

    version: int
    keywords: Mapping[str, Keyword]
    settings: Mapping[tuple[str, str], str]


_VERSION = Query(lambda _: sa.select(counters.c.value).where(counters.c.name == "catalogue"))
_KEYWORDS = Query(lambda _: sa.select(keywords).order_by(keywords.c.word))
_SETTINGS = Query(lambda _: sa.select(settings.c.scope, settings.c.name, settings.c.value))


def catalogue(known: Catalogue | None) -> Work[Catalogue]:
    """Give the catalogue; the one that is known already when nothing changed."""
    found: list[Any] = yield _VERSION()
    version = int(found[0]["value"]) if found else 0
    if known is not None and known.version == version:
        return known
    words = {row["word"]: rows.keyword(row) for row in (yield _KEYWORDS())}
    made = {(row["scope"], row["name"]): str(row["value"]) for row in (yield _SETTINGS())}
    return Catalogue(version, words, made)
