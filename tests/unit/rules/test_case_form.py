"""From a case to the facts: what is missing or unknown is named in a plain sentence."""

import json
from typing import Any

import pytest

from bridge.model.verdict import Awaiting, Facts, Kind, Verdict
from rules.cases import facts_from_case, prediction


def case(**awaiting: Any) -> dict[str, Any]:
    return {
        "text": "hi",
        "context": {"subscribed": True, "keywords": ["PIZZA"], "awaiting": awaiting or None},
    }


def test_a_whole_case() -> None:
    given = case(type="poll", question="Soup?", options=["Yes", "No"], multiple=True, asked_minutes_ago=12)

    assert facts_from_case(given) == Facts(
        "hi", True, ("PIZZA",), Awaiting("poll", "Soup?", 12.0, ("Yes", "No"), multiple=True)
    )


def test_a_case_without_context_is_a_text_out_of_the_blue() -> None:
    assert facts_from_case({"text": "hi"}) == Facts("hi")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "no text"),
        ({"text": 3}, "no text"),
        ([], "must be an object"),
        ({"text": "hi", "context": {"subscribed": True, "keyword": "X"}}, "'keyword'"),
        ({"text": "hi", "context": {"keywords": "PIZZA"}}, "list of words"),
        ({"text": "hi", "context": []}, "context of the case must be an object"),
        ({"text": "hi", "context": {"subscribed": 1}}, "true or false"),
        (case(type="poll", question=3, options=["Yes"]), "must be a text"),
        (case(question="?"), "has no type"),
        (case(type="quiz", question="?"), "unknown type 'quiz'"),
        (case(type="data", field="shoe_size", question="?"), "unknown field 'shoe_size'"),
        (case(type="data", question="?"), "has no field"),
        (case(type="poll", question="?"), "poll has no options"),
        (case(type="data", field="choice", question="?"), "choice has no options"),
        (case(type="poll", question="?", options="Yes"), "list of texts"),
        (case(type="poll", question="?", options=["Yes"], asked_minutes_ago="long"), "must be a number"),
        (case(type="poll", question="?", options=["Yes"], asked=3), "'asked'"),
    ],
)
def test_what_is_wrong_with_a_case_is_said(given: Any, says: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as error:
        facts_from_case(given)

    assert says in str(error.value)


def test_a_prediction_is_ready_for_json() -> None:
    given = prediction("x1", Verdict(Kind.POLL, "Because.", (0, 2)))

    assert given == {"id": "x1", "kind": "poll", "value": [0, 2], "reason": "Because."}
    assert json.loads(json.dumps(given)) == given
