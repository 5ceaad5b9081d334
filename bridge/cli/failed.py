"""failed: what could not be delivered, or is unsure, and why."""

import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bridge.cli.common import ConfigPath, Format, FormatOption, Output, Refused, await_, load_store, opened

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")

app = typer.Typer(help="What could not be delivered, or is unsure, and why.", no_args_is_help=True)

COLUMNS = ("id", "what", "state", "to", "why", "code", "at")


@app.command("list")
def list_failed(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List what went wrong, oldest first."""
    from bridge.cli.output import write
    from bridge.store import failed
    from bridge.store.books import rfc3339

    rows = _do(config, failed.listed)
    write([row | {"at": rfc3339(row["at"])} for row in rows], COLUMNS, form, output)


@app.command()
def retry(
    config: ConfigPath,
    ids: Annotated[
        list[str] | None, typer.Argument(help="From the list: e12, j7.", show_default=False)
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Whatever is listed, but for what is unsure.")
    ] = False,
) -> None:
    """Try again. What is unsure must be named: if it went out after all, it goes out twice."""
    from bridge.store import failed

    chosen = _chosen(ids, everything)
    done = _do(config, lambda engine: failed.retry(engine, chosen, time.time()))
    print(f"Will be tried again: {', '.join(done) or 'nothing'}.")


@app.command()
def discard(
    config: ConfigPath,
    ids: Annotated[
        list[str] | None, typer.Argument(help="From the list: e12, j7.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Whatever is listed.")] = False,
) -> None:
    """Give up: it is not listed any more."""
    from bridge.store import failed

    chosen = _chosen(ids, everything)
    done = _do(config, lambda engine: failed.discard(engine, chosen, time.time()))
    print(f"Given up: {', '.join(done) or 'nothing'}.")


def _chosen(ids: Sequence[str] | None, everything: bool) -> Sequence[str]:
    if bool(ids) == everything:
        raise Refused("name what you mean (e12, j7; see: threadline failed list), or say --all", 2)
    return ids or []


def _do(path: Path, work: "Callable[[AsyncEngine], Awaitable[T]]") -> T:
    from bridge.store.failed import NotThere

    async def done() -> T:
        async with opened(load_store(path)) as engine:
            return await work(engine)

    try:
        return await_(done())
    except NotThere as error:
        raise Refused(str(error)) from error
