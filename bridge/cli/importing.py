"""contacts import: a CSV or XLSX file, looked at first, then taken in."""

import csv
from collections import Counter
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridge.cli.common import ConfigPath, Refused, await_, load_store, opened, warn

if TYPE_CHECKING:
    from bridge.engine.importing import Asked, Told

SAID = {
    "create": "new contacts",
    "update": "known contacts, something is added",
    "same": "known contacts, nothing is new",
    "refused": "not taken in",
}


def import_contacts(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file; its first line names the columns.")],
    config: ConfigPath,
    lists: Annotated[
        list[str] | None, typer.Option("--list", help="Put everybody in the file on this list.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="How you know that they agreed; kept with every subscription.")
    ] = "",
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="What a column is: 'Cell phone=number', 'Shirt=shirt'.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep-columns", help="Other columns become fields, too.")] = False,
    update: Annotated[bool, typer.Option("--update", help="The file wins over what is known.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write what becomes of each row to this file.")] = None,
    errors: Annotated[
        Path | None, typer.Option(help="Write the rows that are not taken in to this file, with the reason.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Take contacts in from a spreadsheet.

    Gaps are filled; what is known stays, unless --update. Nobody who opted out or left a list is put on one.
    Doing it twice does it once.
    """
    from bridge.engine.importing import Asked
    from bridge.render import words_contacts as words

    if not file.is_file():
        raise Refused(f"{file}: there is no such file", 2)
    checked = load_store(config)
    asked = Asked(
        region=checked.organisation.region,
        lists=tuple(lists or ()),
        columns=_columns(columns or []),
        keep=keep,
        source=source.strip(),
        update=update,
        dry=dry_run,
        ours=frozenset(line.number for line in checked.lines.values()),
    )
    if not dry_run and not source.strip() and lists:
        raise Refused(words.NEEDS_SOURCE, 2)
    if not dry_run and not yes and typer.confirm(f"Take {file.name} in?", default=False) is False:
        raise Refused("nothing was changed; look at it with --dry-run")
    totals, joins = _take(checked, file, asked, report, errors)
    for what, label in SAID.items():
        print(f"{totals[what]:>9,} {label}")
    print(f"{joins:>9,} subscriptions" + (" (nothing is changed yet)" if dry_run else ""))
    if totals["refused"] and errors is None and report is None:
        warn("say --errors FILE to have the rows that are not taken in, with the reason for each")


def _columns(typed: list[str]) -> dict[str, str]:
    from bridge.render import words_contacts as words

    found = {}
    for one in typed:
        column, equals, field = one.rpartition("=")
        if not equals or not column.strip() or not field.strip():
            raise Refused(words.WRONG_MAP.format(typed=one), 2)
        found[column.strip()] = field.strip()
    return found


def _take(
    config: Any, file: Path, asked: "Asked", report: Path | None, errors: Path | None
) -> tuple[Counter[str], int]:
    import time

    from bridge.engine import importing, sheets
    from bridge.engine.ids import time_ids

    totals: Counter[str] = Counter()
    joins = 0

    async def work() -> None:
        nonlocal joins
        with ExitStack() as stack:
            told_of = [_Written(stack, report, everything=True), _Written(stack, errors, everything=False)]
            advance = stack.enter_context(_progress(file))
            async with opened(config) as engine:
                async for told in importing.take(engine, file, asked, time_ids(time.time)):
                    totals[told.what] += 1
                    joins += told.joins
                    advance(told.line)
                    for written in told_of:
                        written.take(told)

    try:
        await_(work())
    except sheets.Unreadable as wrong:
        raise Refused(str(wrong), 1) from wrong
    return totals, joins


class _Written:
    """A file with what became of rows: of all, or of those that were not taken in, ready to be mended."""

    def __init__(self, stack: ExitStack, path: Path | None, everything: bool) -> None:
        self._everything = everything
        self._writer: Any = None
        if path is not None:
            self._writer = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))

    def take(self, told: "Told") -> None:
        from bridge.cli.output import cell

        if self._writer is None:
            return
        if told.what == "head":
            first = ["line", "what", "reason"] if self._everything else ["reason"]
            self._writer.writerow([*first, *told.cells])
        elif self._everything or told.what == "refused":
            before = [told.line, told.what, told.reason] if self._everything else [told.reason]
            self._writer.writerow([cell(one) for one in (*before, *told.cells)])


def _progress(file: Path) -> AbstractContextManager[Any]:
    """Give something to tell the line to: a bar on a terminal, nothing elsewhere."""
    import sys

    if not sys.stderr.isatty():
        return nullcontext(lambda _: None)
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bridge.engine import sheets

    @contextmanager
    def shown() -> Any:
        bar = Progress(
            TextColumn(file.name),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        total = sum(1 for _ in sheets.lines(file))
        with bar:
            task = bar.add_task("rows", total=total)
            yield lambda line: bar.update(task, completed=line)

    return shown()
