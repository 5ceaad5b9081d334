"""Alphabets, parts and costs."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.render.cost import Cost, cheaper, cost
from bridge.render.segments import BASE, EXTENSION, measure, straighten

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "sms"


def read(name: str) -> list[dict[str, str]]:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_sample_is_measured_as_networks_do() -> None:
    for row in read("segment_samples.tsv"):
        text = json.loads(row["text_json"])
        assert isinstance(text, str)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16")
        found = measure(text)
        expected = (row["encoding"], int(row["units"]), int(row["segments"]))
        assert (found.encoding, found.units, found.parts) == expected, row["case"]


def test_the_alphabet_is_the_standards() -> None:
    rows = [row for row in read("gsm7.tsv") if row["unicode"].startswith("U+")]
    chars = {
        table: {chr(int(r["unicode"][2:], 16)) for r in rows if r["table"] == table}
        for table in ("base", "extension")
    }
    assert chars == {"base": set(BASE), "extension": set(EXTENSION)}


@pytest.mark.parametrize(
    ("text", "guilty"),
    [("plain", None), ("it’s “so”", "’"), ("a\tb", "\t"), ("{€}", None), ("hi 😀", "😀"), ("ç", "ç")],
)
def test_the_guilty_character_is_named(text: str, guilty: str | None) -> None:
    assert measure(text).guilty == guilty


@pytest.mark.parametrize(
    ("text", "media", "mode", "expected"),
    [
        ("", 0, "mms", Cost(1, 1, False)),
        ("a" * 160, 0, "mms", Cost(1, 1, False)),
        ("a" * 161, 0, "mms", Cost(1, 3, True)),
        ("a" * 161, 0, "segments", Cost(2, 2, False)),
        ("ж" * 70, 0, "mms", Cost(1, 1, False)),
        ("ж" * 71, 0, "mms", Cost(1, 3, True)),
        ("ж" * 135, 0, "segments", Cost(3, 3, False)),
        ("hi", 1, "mms", Cost(1, 3, True)),
        ("hi", 2, "segments", Cost(1, 3, True)),
    ],
)
def test_what_it_costs(text: str, media: int, mode: str, expected: Cost) -> None:
    assert cost(text, media, mode) == expected


def test_straightening() -> None:
    assert straighten("“It’s” – well… 1 ½ • x") == '"It\'s" - well... 1 1/2 - x'
    assert straighten("Jürgen 😀 ж") == "Jürgen 😀 ж"
    assert cheaper("It’s " + "x" * 100, 0, "mms") == "It's " + "x" * 100
    assert cheaper("😀 It’s " + "x" * 100, 0, "mms") is None
    assert cheaper("It’s", 0, "mms") is None


@given(st.text(max_size=400))
def test_more_text_never_takes_fewer_parts(text: str) -> None:
    assert measure(text).parts <= measure(text + "a").parts
    assert straighten(straighten(text)) == straighten(text)
