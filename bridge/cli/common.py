"""What commands share: their options, their errors, the way to the database."""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bridge.config import Config

T = TypeVar("T")

ConfigPath = Annotated[
    Path, typer.Option("--config", "-c", help="The configuration (TOML).", show_default=False)
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file, not to standard output.")
]
Since = Annotated[
    str | None, typer.Option(help='From then on: 2025-01-31, 2025-01-31T09:30, or a span like "7d", "12h".')
]
Until = Annotated[str | None, typer.Option(help="Before then, written like --since.")]


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class ExportFormat(StrEnum):
    """How an export is written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


FormatOption = Annotated[Format, typer.Option("--format", help="table is for people.")]
ExportOption = Annotated[ExportFormat, typer.Option("--format", help="table is for people.")]


class Refused(Exception):
    """It cannot be done. `what` is one line: what is wrong, where, and the mend. code: 1 or 2.

    by: who says so, before the line; "" where it begins with a file's name.
    """

    def __init__(self, what: str, code: int = 1, by: str = "threadline: ") -> None:
        super().__init__(by + what)
        self.code = code


def warn(line: str) -> None:
    """Say something on standard error."""
    print(line, file=sys.stderr)


def await_(work: Coroutine[Any, Any, T]) -> T:
    """Do asynchronous work, and turn what the database says into one line."""
    from sqlalchemy.exc import SQLAlchemyError

    from bridge.store.database import WrongVersion

    try:
        return asyncio.run(work)
    except WrongVersion as error:
        raise Refused(str(error)) from error
    except SQLAlchemyError as error:
        raise Refused(f"the database: {first_line(getattr(error, 'orig', None) or error)}") from error
    except (ConnectionError, TimeoutError) as error:
        raise Refused(f"the database does not answer: {first_line(error)}") from error


def first_line(error: BaseException) -> str:
    """Give what an error says first, without the driver's class."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].split("'>: ", 1)[-1]


def load(path: Path) -> "Config":
    """Read and check a whole configuration; warnings go to standard error, mistakes end the command."""
    from bridge import registry
    from bridge.config import ConfigError

    try:
        config = registry.load(path)
    except ConfigError as error:
        raise bad_config(error.mistakes, error.warnings) from error
    for warning in config.warnings:
        warn(f"warning: {warning}")
    return config


def bad_config(mistakes: list[str], warnings: list[str] | None = None) -> Refused:
    """Give the refusal that says all mistakes, a line each."""
    for warning in warnings or []:
        warn(f"warning: {warning}")
    for mistake in mistakes[:-1]:
        warn(mistake)
    return Refused(mistakes[-1], 2, by="")


def load_store(path: Path) -> "Config":
    """Read a configuration for work on the database alone.

    Only mistakes in [store] and [organisation] count: an operator's shell need not hold the tokens that
    the daemon is given.
    """
    from bridge.config import ConfigError, read

    reading = read(path)
    reading.mistakes = [
        m for m in reading.mistakes if m.where[:1] in ((), ("",), ("store",), ("organisation",))
    ]
    try:
        return reading.finish()
    except ConfigError as error:
        raise bad_config(error.mistakes) from error


@asynccontextmanager
async def opened(config: "Config") -> AsyncIterator["AsyncEngine"]:
    """Open the database, brought to this version where the configuration allows it."""
    from bridge.store import database

    if await database.version(config.store.url) != database.newest_version():
        if not config.store.auto_migrate:
            raise Refused("the database is not of this version; run: threadline migrate")
        await database.migrate(config.store.url)
    engine = database.async_engine(config.store.url)
    try:
        yield engine
    finally:
        await engine.dispose()


_SPAN = re.compile(r"(\d+)\s*([mhdw])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str | None, timezone: str) -> float | None:
    """Read a time as the operator writes it, in the organisation's zone; give Unix seconds."""
    if text is None:
        return None
    zone = ZoneInfo(timezone)
    if span := _SPAN.match(text.strip()):
        return (datetime.now(zone) - timedelta(**{_UNITS[span[2]]: int(span[1])})).timestamp()
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            f'"{text}" is no time; write 2025-01-31, 2025-01-31T09:30 or a span like 7d', 2
        ) from None
    return (read if read.tzinfo else read.replace(tzinfo=zone)).timestamp()


def address(text: str | None, region: str) -> str | None:
    """Read a number as the operator writes it; give it as stored."""
    from bridge.model.address import read_number

    if text is None:
        return None
    number = read_number(text, region)
    if number is None:
        raise Refused(f'"{text}" is no phone number; write it like +15550100199', 2)
    return number


def press(path: Path, action: str, value: str, form: dict[str, str]) -> str:
    """Do what a press on a desk does, by the same decision; give what staff would be told."""
    from bridge import registry
    from bridge.engine.ids import time_ids
    from bridge.engine.operator import NotDone
    from bridge.engine.operator import press as pressed

    config = load(path)
    world, ids = registry.world(config), time_ids(time.time)

    async def done() -> str:
        async with opened(config) as engine:
            return await pressed(engine, world, ids, action, value, form)

    try:
        return await_(done())
    except NotDone as refusal:
        raise Refused(str(refusal), 2 if refusal.usage else 1) from refusal
