"""Every query compiles in both tongues, and both databases understand it."""

import importlib
import pkgutil

import pytest

import bridge.store
from bridge.store.query import Query


def _queries() -> dict[str, Query]:
    found = {}
    for module in pkgutil.iter_modules(bridge.store.__path__):
        if module.ispkg:
            continue
        loaded = importlib.import_module(f"bridge.store.{module.name}")
        for name, value in vars(loaded).items():
            if isinstance(value, Query):
                found[f"{module.name}.{name}"] = value
    return found


@pytest.mark.parametrize("name", sorted(_queries()))
@pytest.mark.parametrize("tongue", ["sqlite", "postgresql"])
def test_compiles(name: str, tongue: str) -> None:
    text, names, own = _queries()[name].sql(tongue)

    assert text
    assert set(names) == set(own)


async def test_all_are_understood(store) -> None:
    """Each query is run with empty rows: syntax, names and types are the database's to judge."""
    missing = []
    for name, query in _queries().items():
        _, names, own = query.sql(store.tongue)
        params = {}
        for parameter in names:
            if own[parameter] is None:
                params[parameter] = _sample(parameter)

        def work(query=query, params=params):
            return (yield query(**params))

        try:
            await store.run(work)
        except Exception as error:
            missing.append(f"{name}: {error}")

    assert missing == []


def _sample(parameter: str):
    if parameter in ("rows", "lists", "exclude"):
        return []
    if parameter in ("limit", "fence"):
        return 1
    if parameter in ("now", "before", "until", "at", "level", "closed_until", "since"):
        return 1.0
    return "x"
