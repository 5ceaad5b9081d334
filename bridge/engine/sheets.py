"""Spreadsheets as rows of text, read as they come: CSV in whatever encoding, XLSX. Nothing is computed:
a formula gives what the spreadsheet program saved beside it, or nothing.
"""

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from charset_normalizer import from_bytes

from bridge.render import words_contacts as words

MOST_COLUMNS: Final = 200
_SAMPLE: Final = 256_000  # bytes that the encoding is judged by
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
Line = tuple[int, list[str]]  # its number in the file, its cells


class Unreadable(ValueError):
    """The file cannot be read; the message says why and what to do."""


def lines(path: Path) -> Iterator[Line]:
    """Give the lines of a file, the head first. Raises Unreadable, also in the middle."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if not start.strip():
        raise Unreadable(words.NO_ROWS.format(file=path.name))
    if start.startswith(_OLD_EXCEL):
        raise Unreadable(words.OLD_EXCEL.format(file=path.name))
    found = _xlsx(path) if zipfile.is_zipfile(path) else _csv(path, start)
    for number, cells in found:
        if len(cells) > MOST_COLUMNS:
            said = words.MANY_COLUMNS.format(file=path.name, count=len(cells), limit=MOST_COLUMNS)
            raise Unreadable(said)
        if any(cells):
            yield number, cells


def _csv(path: Path, start: bytes) -> Iterator[Line]:
    encoding = _encoding(path, start)
    sample = start.decode(encoding, errors="ignore")
    if "\x00" in sample:
        raise Unreadable(words.NOT_TEXT.format(file=path.name))
    try:
        dialect: Any = csv.Sniffer().sniff(sample[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(1 << 20)
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, dialect)
        try:
            for cells in reader:
                number = reader.line_num
                yield number, [cell.strip() for cell in cells]
        except UnicodeDecodeError as error:
            said = words.WRONG_ENCODING.format(file=path.name, line=number + 1, encoding=encoding)
            raise Unreadable(said) from error
        except csv.Error as error:
            raise Unreadable(f"{path.name}, line {number + 1}: {error}") from error


def _encoding(path: Path, start: bytes) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return name
    try:
        start.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(start) - 4:  # a sign was cut in two
            return "utf-8"
    else:
        return "utf-8"
    best = from_bytes(start).best()
    if best is None:
        raise Unreadable(words.NOT_TEXT.format(file=path.name))
    return best.encoding


def _xlsx(path: Path) -> Iterator[Line]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Unreadable(words.NOT_TEXT.format(file=path.name)) from error
    try:
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            shown = [_shown(cell) for cell in cells]
            while shown and not shown[-1]:
                shown.pop()
            yield number, shown
    finally:
        book.close()


def _shown(cell: object) -> str:
    """Write a cell as people see it; a number without a fraction has none."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
