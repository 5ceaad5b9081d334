"""Rows on their way out: a table for people, JSON and CSV for machines, XLSX for offices.

Nothing that somebody texted becomes a formula in a spreadsheet.
"""

import csv
import io
import re
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any, Protocol

import orjson

from bridge.cli.common import Refused

Row = Mapping[str, Any]

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]")
_PLAIN_NUMBER = re.compile(r"\+\d{3,15}\Z|-?\d+(?:\.\d+)?\Z")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_XLSX_CELL = 32_767


class Sink(Protocol):
    """Somewhere rows go, one by one."""

    def row(self, row: Row) -> None:
        """Write a row."""

    def close(self) -> None:
        """Write what only can be written at the end."""


def write(rows: Iterable[Row], columns: Sequence[str], form: str, output: Path | None = None) -> None:
    """Write rows in a form (table, json, jsonl, csv, xlsx) to a file or standard output."""
    with _opened(output, form) as file:
        sink = _SINKS[form](file, columns)
        for row in rows:
            sink.row(row)
        sink.close()


async def write_stream(
    rows: AsyncIterator[Row], columns: Sequence[str], form: str, output: Path | None = None
) -> None:
    """Write rows as they come: an export may be larger than memory."""
    with _opened(output, form) as file:
        sink = _SINKS[form](file, columns)
        async for row in rows:
            sink.row(row)
        sink.close()


def cell(value: object) -> str | int | float | None:
    """Give a value as a spreadsheet may hold it: a text that would be a formula gets a ' before it."""
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    elif isinstance(value, (list, tuple, dict)):
        value = orjson.dumps(value).decode() if value else ""
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.match(text) else text


def _opened(output: Path | None, form: str) -> AbstractContextManager[IO[bytes]]:
    if output is not None:
        return output.open("wb")
    if form == "xlsx" and sys.stdout.isatty():
        raise Refused("a terminal cannot show XLSX; say --output FILE", 2)
    return nullcontext(sys.stdout.buffer)


def _as_json(row: Row, columns: Sequence[str]) -> bytes:
    return orjson.dumps({name: row.get(name) for name in columns})


class _Json:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        self._file = file
        self._columns = columns
        self._before = b"["

    def row(self, row: Row) -> None:
        self._file.write(self._before + b"\n  " + _as_json(row, self._columns))
        self._before = b","

    def close(self) -> None:
        self._file.write(b"[]\n" if self._before == b"[" else b"\n]\n")
        self._file.flush()


class _JsonLines:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        self._file = file
        self._columns = columns

    def row(self, row: Row) -> None:
        self._file.write(_as_json(row, self._columns) + b"\n")

    def close(self) -> None:
        self._file.flush()


class _Csv:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\n")
        self._columns = columns
        self._writer.writerow(columns)

    def row(self, row: Row) -> None:
        self._writer.writerow([cell(row.get(name)) for name in self._columns])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _Xlsx:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        from openpyxl import Workbook

        self._file = file
        self._columns = columns
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("threadline")
        self._sheet.append(list(columns))

    def row(self, row: Row) -> None:
        self._sheet.append([self._cell(row.get(name)) for name in self._columns])

    def _cell(self, value: object) -> Any:
        safe = cell(value)
        return _UNPRINTABLE.sub("\ufffd", safe)[:_XLSX_CELL] if isinstance(safe, str) else safe

    def close(self) -> None:
        whole = io.BytesIO()  # a ZIP is written back and forth; standard output may be a pipe
        self._book.save(whole)
        self._file.write(whole.getvalue())
        self._file.flush()


class _Table:
    def __init__(self, file: IO[bytes], columns: Sequence[str]) -> None:
        from rich.table import Table

        self._file = file
        self._columns = columns
        self._table = Table(box=None, pad_edge=False, header_style="bold")
        for name in columns:
            self._table.add_column(name.replace("_", " "), overflow="fold")

    def row(self, row: Row) -> None:
        self._table.add_row(*(self._shown(row.get(name)) for name in self._columns))

    @staticmethod
    def _shown(value: object) -> Any:
        from rich.text import Text

        if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
            value = ", ".join(value)
        return Text(_UNPRINTABLE.sub("\ufffd", "" if value is None else str(value)))

    def close(self) -> None:
        from rich.console import Console

        text = io.TextIOWrapper(self._file, encoding="utf-8", write_through=True)
        terminal = self._file is sys.stdout.buffer and sys.stdout.isatty()
        console = Console(file=text, force_terminal=terminal, width=None if terminal else 200)
        console.print(self._table if self._table.row_count else "Nothing.")
        text.flush()
        text.detach()


_SINKS: dict[str, Any] = {"table": _Table, "json": _Json, "jsonl": _JsonLines, "csv": _Csv, "xlsx": _Xlsx}
