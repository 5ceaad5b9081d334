"""Exports, counts, replay and classify from the command line."""

import asyncio
import csv
import io
import json

import openpyxl
import pytest

from bridge.cli.output import cell
from bridge.store.database import async_engine, migrate
from tests.unit.cli import shell
from tests.unit.operator_rows import ANA, BEN, Rows

sh = pytest.fixture(name="sh")(shell)


@pytest.fixture
def filled(sh):
    """A shell whose database holds a few texts, one of them a trap for spreadsheets."""

    async def fill() -> None:
        await migrate(sh.url)
        engine = async_engine(sh.url)
        rows = Rows(engine)
        await rows.contact("c1", ANA, name="=cmd|' /C calc'!A0")
        await rows.contact("c2", BEN)
        await rows.message(
            "m1", "c1", "in", at=100.0, text='=HYPERLINK("http://evil.example")', kind="natural"
        )
        await rows.message("m2", "c1", "out", at=86_400.0, text="Hello\nthere", author="Zoë")
        await rows.message(
            "m3",
            "c2",
            "in",
            at=86_500.0,
            text="STOP",
            kind="natural",
            corrected="opt_out",
            corrected_by="Ana",
        )
        await rows.message("m4", "c2", "in", at=86_600.0, text="A", kind="poll", value="[0]")
        await rows.text_effect("sms:m2", "m2", ANA, "done")
        await rows.message("m5", "c2", "out", at=86_700.0, state="failed", error="No such number.")
        await rows.text_effect("sms:m5", "m5", BEN, "failed")
        await engine.dispose()

    asyncio.run(fill())
    return sh


def test_messages_as_json_lines(filled):
    lines = [json.loads(line) for line in filled("messages").out.splitlines()]
    assert [line["id"] for line in lines] == ["m1", "m2", "m3", "m4", "m5"]
    assert list(lines[0]) == [
        "id", "line", "contact", "direction", "text", "media", "kind", "reason", "state", "at", "author",
        "provider_id", "segments", "credits", "error",
    ]  # fmt: skip
    assert lines[0]["text"].startswith("=HYPERLINK")
    assert lines[1]["author"] == "Zoë"


def test_messages_as_csv_hold_no_formula(filled):
    rows = list(csv.DictReader(io.StringIO(filled("messages", "--format", "csv").out)))
    assert rows[0]["text"].startswith("'=HYPERLINK")
    assert rows[0]["contact"] == ANA
    assert rows[1]["text"] == "Hello\nthere"


def test_messages_as_xlsx_hold_no_formula(filled, tmp_path):
    output = tmp_path / "messages.xlsx"
    assert filled("messages", "--format", "xlsx", "--output", str(output)).out == ""
    sheet = openpyxl.load_workbook(output).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["m1", "m2", "m3", "m4", "m5"]
    assert sheet["E2"].value.startswith("'=HYPERLINK")


def test_messages_can_be_chosen(filled):
    def ids(*options: str) -> list[str]:
        return [json.loads(line)["id"] for line in filled("messages", *options).out.splitlines()]

    assert ids("--contact", "(555) 010-0102") == ["m3", "m4", "m5"]
    assert ids("--since", "1970-01-02T00:00Z", "--until", "1970-01-02T00:01:40Z") == ["m2"]
    assert ids("--until", "1970-01-01") == ["m1"]  # midnight in New York is five hours later
    assert ids("--since", "1970-01-01T19:00") == ["m2", "m3", "m4", "m5"]
    assert ids("--since", "7d") == []
    assert ids("--line", "other") == []
    result = filled("messages", "--contact", "nobody")
    assert (result.code, result.err) == (
        2,
        'threadline: "nobody" is no phone number; write it like +15550100199\n',
    )


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("+1+1", "'+1+1"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("+15550100101", "+15550100101"),
        ("-3", "-3"),
        ("hello", "hello"),
        (-3, -3),
        (None, None),
        (["=a", "b"], "'=a, b"),
        ([{"id": "x"}], '[{"id":"x"}]'),
        ([], ""),
    ],
)
def test_cells(value, safe):
    assert cell(value) == safe


def test_contacts_and_consent(filled):
    rows = list(csv.DictReader(io.StringIO(filled("contacts", "export").out)))
    assert [row["contact"] for row in rows] == [ANA, BEN]
    assert rows[0]["name"].startswith("'=cmd")
    assert json.loads(filled("consent", "export", "--format", "json").out) == []
    assert filled("consent", "export").out.startswith("id,contact,event,scope,at,source,words,")


def test_stats(filled):
    counts = json.loads(filled("stats", "--format", "json").out)
    assert counts["by_kind"] == {"natural": 2, "poll": 1}
    assert (counts["received"], counts["sent"], counts["failed"]) == (3, 1, 1)
    assert counts["balanced"] is True
    shown = filled("stats").out
    assert "received" in shown
    assert "does it add up?" in shown
    assert (
        json.loads(filled("stats", "--since", "1970-01-02T00:00Z", "--format", "json").out)["received"] == 2
    )


def test_replay_prints_what_would_change(filled, tmp_path):
    [row] = json.loads(filled("replay", "--format", "json").out)
    assert (row["id"], row["was"], row["would_be"]) == ("m3", "natural", "opt_out")
    other = tmp_path / "no_rules"
    other.mkdir()
    result = filled("replay", "--rules", str(other))
    assert result.code == 2
    assert "these are no rules" in result.err


def test_replay_with_other_rules(filled, tmp_path):
    other = tmp_path / "other_rules"
    other.mkdir()
    (other / "__init__.py").write_text(
        "from bridge.model.verdict import Kind, Verdict\n"
        "def classify(facts):\n    return Verdict(Kind.HELP, 'because')\n"
    )
    rows = json.loads(filled("replay", "--rules", str(other), "--format", "json").out)
    assert {row["would_be"] for row in rows} == {"help"}


def test_failed(filled):
    [row] = json.loads(filled("failed", "list", "--format", "json").out)
    assert (row["id"], row["to"], row["why"]) == ("e2", BEN, "No such number.")
    assert filled("failed", "retry").code == 2
    assert filled("failed", "retry", "e2", "--all").code == 2
    assert filled("failed", "retry", "e2").out == "Will be tried again: e2.\n"
    assert filled("failed", "list").out == "Nothing.\n"
    assert filled("failed", "discard", "--all").out == "Given up: nothing.\n"
    result = filled("failed", "discard", "e2")
    assert (result.code, result.err) == (
        1, "threadline: nothing that went wrong is called e2; see: threadline failed list\n"
    )  # fmt: skip


CASES = """
{"id": "a", "text": "STOP"}
not json
{"id": "b", "text": "Are you open today?", "context": {"subscribed": true, "keywords": [], "awaiting": null}}
{"text": "no id"}
{"id": "c", "text": "x", "context": {"awaiting": {"type": "data", "field": "shoe_size", "question": "?"}}}

{"id": 7, "text": "PIZZA", "context": {"keywords": ["PIZZA"]}}
"""


def test_classify_answers_whatever_can_be_read(sh):
    result = sh("classify", stdin=CASES, config=False)
    assert result.code == 1
    said = [json.loads(line) for line in result.out.splitlines()]
    assert [(one["id"], one["kind"], one["value"]) for one in said] == [
        ("a", "opt_out", None),
        ("b", "natural", None),
        (7, "opt_in", "PIZZA"),
    ]
    assert all(one["reason"] for one in said)
    first, second, third = result.err.splitlines()
    assert first.startswith("threadline: standard input: line 3: it is not JSON")
    assert second == "threadline: standard input: line 5: The case has no id."
    assert third.startswith("threadline: standard input: line 6: ")
    assert "shoe_size" in third


def test_classify_knows_the_stored_keywords(sh):
    assert sh("keywords", "add", "pizza", "--list", "Food", "--reply", "Yum").code == 0
    result = sh("classify", stdin='{"id": 1, "text": "pizza"}\n')
    assert (result.code, json.loads(result.out)["value"]) == (0, "PIZZA")
    result = sh("classify", stdin='{"id": 1, "text": "pizza", "context": {"keywords": []}}\n')
    assert json.loads(result.out)["kind"] == "natural"


def test_corrections_are_exported_as_cases_that_classify_reads(filled):
    assert filled("keywords", "add", "pizza", "--list", "Food", "--reply", "Yum").code == 0
    result = filled("classify", "export-corrections")
    [case] = [json.loads(line) for line in result.out.splitlines()]
    assert (case["id"], case["text"], case["label"], case["was"]) == ("m3", "STOP", "opt_out", "natural")
    assert case["context"] == {"subscribed": False, "keywords": ["PIZZA"], "awaiting": None}
    said = json.loads(filled("classify", stdin=result.out, config=False).out)
    assert (said["id"], said["kind"]) == ("m3", "opt_out")
    assert filled("classify", "export-corrections", "--since", "1d").out == ""
