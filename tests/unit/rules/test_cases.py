"""Every worked case: the right kind, the right value, a reason in words."""

from typing import Any

import pytest

from rules import classify
from rules.cases import facts_from_case, prediction
from tests.unit.rules.table import all_cases, asked, same_value

CASES = all_cases()


def test_there_are_many_cases_and_no_two_share_an_id() -> None:
    assert len(CASES) >= 400
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    verdict = classify(facts_from_case(asked(case)))
    given = prediction(case["id"], verdict)

    assert (given["kind"], case["text"]) == (case["label"], case["text"]), verdict.reason
    assert same_value(case, given["value"]), f"{given['value']!r}, not {case['value']!r}: {verdict.reason}"
    assert verdict.reason.endswith(".")
    assert verdict.rule
