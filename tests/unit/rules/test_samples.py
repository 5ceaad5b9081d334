"""Samples that were collected elsewhere, where they are at hand: cases, opt-out words and tapbacks."""

import csv
import json
from pathlib import Path

import pytest

from bridge.model.verdict import Facts, Kind
from rules import classify
from rules.cases import facts_from_case, prediction
from tests.unit.rules.table import SHARED, asked, read, same_value

DEV = SHARED / "data" / "classify" / "dev.jsonl"
SMS = SHARED / "data" / "sms"
FLOOR = 0.97


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.skipif(not DEV.exists(), reason="the cases are not here")
def test_the_development_cases_stay_above_the_floor() -> None:
    cases = read(DEV)
    given = [prediction(case["id"], classify(facts_from_case(asked(case)))) for case in cases]
    pairs = list(zip(cases, given, strict=True))
    right = [c for c, g in pairs if g["kind"] == c["label"] and same_value(c, g["value"])]
    missed = [c["text"] for c, g in pairs if c["label"] == "opt_out" != g["kind"]]
    cut_off = [c["text"] for c, g in pairs if g["kind"] == "opt_out" != c["label"]]

    assert missed == []
    assert cut_off == []
    assert len(right) / len(cases) >= FLOOR


@pytest.mark.parametrize("row", rows(SMS / "optout_samples.tsv"), ids=lambda row: row["text_json"])
def test_opt_out_sample(row: dict[str, str]) -> None:
    verdict = classify(Facts(json.loads(row["text_json"])))
    wanted = {
        "optout": {Kind.OPT_OUT},
        "unclear": {Kind.NATURAL},
        "wrong_number": {Kind.NATURAL},
        "none": {Kind.NATURAL, Kind.REACTION},
        "help": {Kind.HELP},
        "optin": {Kind.OPT_IN},
        "optin_if_opted_out": {Kind.OPT_IN},
    }[row["expected"]]

    assert verdict.kind in wanted
    assert bool(verdict.suspicion) == (row["expected"] in ("unclear", "wrong_number"))


@pytest.mark.parametrize("row", rows(SMS / "tapback_samples.tsv"), ids=lambda row: row["text_json"])
def test_tapback_sample(row: dict[str, str]) -> None:
    verdict = classify(Facts(json.loads(row["text_json"])))
    if row["expected_kind"] == "none":
        assert verdict.kind is Kind.NATURAL
        assert verdict.tapback is None
        return

    assert verdict.kind is Kind.REACTION
    assert verdict.tapback is not None
    assert verdict.tapback.emoji == row["emoji"]
    assert verdict.tapback.target == json.loads(row["target_json"])
    assert verdict.tapback.removed == (row["expected_kind"] == "remove")
