"""What must hold for every text there is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.model.verdict import Awaiting, Facts, Kind
from rules import classify, explain
from rules.cases import prediction

ODD = st.characters(codec=None)  # any code point, halves of surrogate pairs among them
PIECES = (
    *(
        "stop",
        "STOP",
        "please",
        "don't",
        "not",
        "text",
        "me",
        "texts",
        "the",
        "list",
        "remove",
        "take",
        "off",
    ),
    *(
        "yes",
        "no",
        "maybe",
        "a",
        "b",
        "1",
        "2",
        "3/14",
        "1990",
        "march",
        "my",
        "name",
        "is",
        "Thursday",
        "12207",
    ),
    *("maria@x.org", "“", "”", '"', "'", ".", ",", "?", "!", "\n", ">", "-", "👍", "Liked", "to", "PIZZA"),
)
WORDY = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)
TEXTS = st.one_of(st.text(ODD, max_size=300), WORDY)
POLLS = st.builds(
    Awaiting,
    type=st.just("poll"),
    question=st.text(max_size=60),
    asked_minutes_ago=st.floats(min_value=0, max_value=1e6),
    options=st.lists(st.text(max_size=12), min_size=1, max_size=6).map(tuple),
    multiple=st.booleans(),
)
FIELDS = st.sampled_from(
    ["first_name", "full_name", "email", "zip", "birthday", "date", "number", "choice", "text"]
)
FORMS = st.builds(
    Awaiting,
    type=st.just("data"),
    question=st.text(max_size=60),
    asked_minutes_ago=st.floats(min_value=0, max_value=1e6),
    options=st.just(("Morning", "Afternoon")),
    field=FIELDS,
)
FACTS = st.builds(
    Facts,
    text=TEXTS,
    subscribed=st.booleans(),
    keywords=st.lists(st.text(min_size=1, max_size=8), max_size=4).map(tuple),
    awaiting=st.one_of(st.none(), POLLS, FORMS),
)


@given(FACTS)
@settings(max_examples=400, deadline=None)
def test_any_text_gets_a_verdict_that_can_be_stored(facts: Facts) -> None:
    verdict = classify(facts)

    assert verdict.reason
    assert verdict.rule
    assert json.loads(json.dumps(prediction("x", verdict)))
    if verdict.kind is Kind.POLL:
        assert facts.awaiting is not None
        assert isinstance(verdict.value, tuple)
        assert verdict.value
        assert all(0 <= i < len(facts.awaiting.options) for i in verdict.value)
        assert facts.awaiting.multiple or len(verdict.value) == 1
    elif verdict.kind is Kind.DATA:
        assert verdict.value is not None
        str(verdict.value).encode()
    elif verdict.kind is not Kind.OPT_IN:
        assert verdict.value is None
    assert verdict.suspicion is None or verdict.kind is Kind.NATURAL
    assert explain(facts)[-1] == (verdict.rule, verdict.reason)


@pytest.mark.parametrize(
    "word", ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "arrêt", "alto"]
)
@given(
    before=st.text(" \t\n\u00a0\u200b.!*\"'", max_size=6),
    after=st.text(" \t\n\u00a0\u200b.!*\"'", max_size=6),
    upper=st.lists(st.booleans(), min_size=11, max_size=11),
)
@settings(max_examples=40, deadline=None)
def test_a_stop_word_is_one_whatever_its_capitals_and_what_surrounds_it(
    word: str, before: str, after: str, upper: list[bool]
) -> None:
    cased = "".join(c.upper() if up else c for c, up in zip(word, upper, strict=False))

    assert classify(Facts(before + cased + after)).kind is Kind.OPT_OUT


@pytest.mark.parametrize("word", ["STOP", "end", "cancel", "ALTO", "arrêt", "unsubscribe"])
@pytest.mark.parametrize("between", [" ", "\n", ". ", ", ", "!"])
@pytest.mark.parametrize("times", [2, 4, 30, 400])
def test_a_stop_word_stays_one_however_often_it_is_said(word: str, between: str, times: int) -> None:
    assert classify(Facts((word + between) * times)).kind is Kind.OPT_OUT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "\0stop\0",
        "\ud83d",
        "\udc4d\ud83d",
        "\u202estop",
        "مرحبا كيف حالك",
        "a" * 10_000,
        "a b " * 2_500,
        "stop " * 2_000,
        "don't stop texting me the list " * 330,
        "“" * 5_000 + "”" * 5_000,
        "a" * 9_990 + " @",
        "\n>" * 5_000,
        "1/" * 5_000,
        "a@" * 5_000,
        "-" * 10_000,
        "e\u0301" * 5_000,
        "👍" * 10_000,
        "Liked “" + "x" * 9_000,
    ],
)
@pytest.mark.parametrize("field", [None, "full_name", "email", "zip", "birthday", "number", "text"])
def test_odd_and_long_texts(text: str, field: str | None) -> None:
    awaiting = Awaiting("data", "What is it?", 3, field=field) if field else None  # type: ignore[arg-type]

    assert classify(Facts(text, awaiting=awaiting)).reason
