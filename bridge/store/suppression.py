"""Suppression: which of some numbers belong to people who were erased after they had opted out."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bridge.model.suppression import hashed
from bridge.store.query import Query, Tongue, Work, ids
from bridge.store.tables import cursors, suppressed

KEY_NAME: Final = "suppression.key"


def _among(t: Tongue) -> Any:
    source = t.rows([sa.Column("id", sa.Text)])
    return sa.select(suppressed.c.hash).where(suppressed.c.hash.in_(sa.select(source.c.id)))


_AMONG = Query(_among)
KEY = Query(  # where nobody is suppressed, no key is needed
    lambda _: sa.select(cursors.c.value).where(
        cursors.c.name == KEY_NAME, sa.exists(sa.select(suppressed.c.hash))
    )
)


def among(key: str, addresses: Sequence[str]) -> Work[set[str]]:
    """Give those of these numbers that are suppressed. key: "" where nobody is."""
    if not key or not addresses:
        return set()
    by_hash = {hashed(key, one): one for one in addresses}
    return {by_hash[row["hash"]] for row in (yield _AMONG(rows=ids(sorted(by_hash))))}
