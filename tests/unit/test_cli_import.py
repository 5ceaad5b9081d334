"""contacts import: what people have in their spreadsheets, and what becomes of it."""

import csv
import io
import json

import pytest
from openpyxl import Workbook

from tests.unit.cli import shell

sh = pytest.fixture(name="sh")(shell)

HEAD = "Name,Cell Phone,E-Mail,Shirt size\n"
ROWS = (
    "Ana,(555) 010-0142,ana@example.org,M\n"
    "Ben,+15550100143,,L\n"
    "Cleo,not a number,,S\n"
    "Dora,,,S\n"
    "Ana again,555-010-0142,,\n"
)


def _contacts(sh):
    return {row["contact"]: row for row in json.loads(sh("contacts", "export", "--format", "json").out)}


def _take(sh, name, data, *more):
    path = sh.folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return sh("contacts", "import", str(path), *more)


def test_a_dry_run_says_what_each_row_would_do_and_changes_nothing(sh):
    report = sh.folder / "report.csv"
    found = _take(sh, "people.csv", HEAD + ROWS, "--dry-run", "--list", "Members", "--report", str(report))
    assert found.code == 0
    assert "2 new contacts" in found.out and "3 not taken in" in found.out
    assert "2 subscriptions (nothing is changed yet)" in found.out
    rows = list(csv.DictReader(report.open()))
    assert sorted((int(row["line"]), row["what"]) for row in rows) == [
        (2, "create"),
        (3, "create"),
        (4, "refused"),
        (5, "refused"),
        (6, "refused"),
    ]
    assert _contacts(sh) == {}


def test_rows_are_taken_in_once_however_often(sh):
    how = ("--yes", "--list", "Members", "--source", "signed the sheet on 3 May", "--keep-columns")
    errors = sh.folder / "errors.csv"
    first = _take(sh, "people.csv", HEAD + ROWS, *how, "--errors", str(errors))
    assert first.code == 0
    assert "2 new contacts" in first.out and "2 subscriptions" in first.out
    again = _take(sh, "people.csv", HEAD + ROWS, *how)
    assert "0 new contacts" in again.out and "0 subscriptions" in again.out
    people = _contacts(sh)
    assert sorted(people) == ["+15550100142", "+15550100143"]
    assert people["+15550100142"]["name"] == "Ana"
    assert people["+15550100142"]["lists"] == ["Members"]
    ledger = json.loads(sh("consent", "export", "--format", "json").out)
    assert [(one["event"], one["source"], one["words"]) for one in ledger] == [
        ("opt_in", "import", "signed the sheet on 3 May")
    ] * 2
    refused = list(csv.DictReader(errors.open()))
    assert {row["Name"]: row["reason"] for row in refused}[
        "Cleo"
    ] == "“not a number” is not a number that can be texted"
    assert {row["Name"]: row["reason"] for row in refused}["Dora"] == "there is no number in it"


def test_what_is_known_stays_unless_the_file_is_to_win(sh):
    _take(sh, "one.csv", "phone,name,zip\n+15550100142,Ana,10115\n", "--yes")
    _take(sh, "two.csv", "phone,name,zip,email\n+15550100142,Anna,99999,a@example.org\n", "--yes")
    assert _contacts(sh)["+15550100142"]["name"] == "Ana"
    _take(sh, "two.csv", "phone,name\n+15550100142,Anna\n", "--yes", "--update")
    assert _contacts(sh)["+15550100142"]["name"] == "Anna"


def _xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A4:B4")
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


def test_a_spreadsheet_with_floats_formulas_and_merged_cells(sh):
    errors = sh.folder / "errors.csv"
    data = _xlsx(
        ["Mobile", "First name", "Last name"],
        [5550100142.0, "Ana", "Perez"],
        [15550100143, "Ben", None],
        ["a heading over both", None, None],
        ["=1+1", "Formula", None],
        ["1.5550100144E+10", "Cleo", None],
        ["1.5550E+10", "Rounded", None],
    )
    found = _take(sh, "people.xlsx", data, "--yes", "--errors", str(errors))
    assert (found.code, "3 new contacts" in found.out) == (0, True)
    assert sorted(_contacts(sh)) == ["+15550100142", "+15550100143", "+15550100144"]
    assert _contacts(sh)["+15550100142"]["name"] == "Ana Perez"
    reasons = [row["reason"] for row in csv.DictReader(errors.open())]
    assert any("was rounded by the spreadsheet" in one for one in reasons)
    assert "there is no number in it" in reasons


@pytest.mark.parametrize(
    ("data", "names"),
    [
        ("Número;Nombre\n+15550100142;José\n".encode("cp1252"), "José"),
        ("﻿phone,name\n+15550100142,José\n".encode(), "José"),
        ("phone\tname\n+15550100142\tJosé\n".encode("utf-16"), "José"),
    ],
)
def test_encodings_and_delimiters(sh, data, names):
    found = _take(sh, "people.csv", data, "--yes", *(("--map", "Número=number") if b"N\xfa" in data else ()))
    assert found.code == 0, found.err
    assert _contacts(sh)["+15550100142"]["name"] == names


@pytest.mark.parametrize(
    ("name", "data", "more", "code", "says"),
    [
        ("a.csv", "", (), 1, "there is nothing in it"),
        ("a.csv", "name,colour\nAna,red\n", (), 1, "no column looks like a phone number (name, colour)"),
        ("a.csv", "phone\n+15550100142\n", ("--map", "Handy=number"), 1, "there is no column"),
        ("a.csv", "phone\n+15550100142\n", ("--map", "number"), 2, "is no --map"),
        ("a.csv", "phone\n+15550100142\n", ("--list", "Members"), 2, "--source"),
        ("a.csv", ",".join(f"c{n}" for n in range(10_000)), (), 1, "it has 10000 columns"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600, (), 1, "old Excel file"),
        (
            "a.csv",
            b"phone,name\n" + b"+15550100142,Ana\n" * 20_000 + b"+15550100143,Jos\xe9\n",
            (),
            1,
            "cannot be read as utf-8",
        ),
        ("a.bin", bytes(range(256)) * 40, (), 1, ""),
    ],
)
def test_a_file_that_cannot_be_taken_in_says_why_in_one_line(sh, name, data, more, code, says):
    found = _take(sh, name, data, "--yes", *more)
    assert (found.code, found.err.count("\n")) == (code, 1), found.err
    assert says in found.err


def test_nobody_who_opted_out_is_put_on_a_list(sh):
    import asyncio

    import sqlalchemy as sa

    from bridge.store import database
    from bridge.store.tables import contacts

    _take(sh, "a.csv", "phone\n+15550100142\n", "--yes")

    async def stop():
        engine = database.async_engine(sh.url)
        async with engine.begin() as connection:
            await connection.execute(sa.update(contacts).values(opted_out_at=1.0))
        await engine.dispose()

    asyncio.run(stop())
    report = sh.folder / "report.csv"
    how = ("--yes", "--list", "Members", "--source", "form", "--report", str(report))
    found = _take(sh, "a.csv", "phone\n+15550100142\n", *how)
    assert "0 subscriptions" in found.out
    assert [row["reason"] for row in csv.DictReader(report.open())] == [
        "they opted out: nothing puts them on a list but their own START"
    ]
