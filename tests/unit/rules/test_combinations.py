"""Tens of thousands of sentences made of parts (combinations.toml): wishes, near misses, votes and remarks.

Single ones may be odd or open to doubt; together they show whether a rule holds beyond the cases.
"""

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bridge.model.verdict import Awaiting, Facts, Kind
from rules import classify

PARTS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("combinations.toml").read_text(encoding="utf-8")
)
NIGHTS = Awaiting(
    "poll", "Which night? A) Tuesday B) Wednesday C) Saturday", 5, ("Tuesday", "Wednesday", "Saturday")
)
LUNCH = Awaiting("poll", "Box lunch choice?", 5, ("Turkey", "Veggie wrap", "Ham & cheese", "Gluten free"))
PARK = Awaiting("poll", "Where?", 5, ("Riverside Park", "City Hall lawn", "Church parking lot"))
VOTES = (
    *((NIGHTS, 0, name) for name in ("tuesday", "tues", "1")),
    *((NIGHTS, 2, name) for name in ("saturday", "c", "the last one")),
    *((LUNCH, 1, name) for name in ("veggie wrap", "veggie", "2")),
    *((PARK, 0, name) for name in ("riverside park", "riverside")),
)


def sentences(name: str) -> Iterator[str]:
    """Every sentence of these parts."""
    for parts in PARTS[name]:
        for sentence in itertools.product(parts["lead"], parts["core"], parts["tail"]):
            yield "".join(sentence)


def test_nearly_every_wish_is_honoured_and_nearly_all_others_raise_a_suspicion() -> None:
    verdicts = [classify(Facts(text, subscribed=True)) for text in sentences("wishes")]
    missed = [v for v in verdicts if v.kind is not Kind.OPT_OUT]
    unseen = [v for v in missed if not v.suspicion]

    assert len(missed) < 0.01 * len(verdicts)
    assert len(unseen) < 0.006 * len(verdicts)


def test_no_near_miss_cuts_anybody_off() -> None:
    judged = [(text, classify(Facts(text, subscribed=True))) for text in sentences("near_misses")]

    assert [text for text, verdict in judged if verdict.kind is Kind.OPT_OUT] == []
    assert sum(verdict.suspicion is not None for _, verdict in judged) < 0.02 * len(judged)


def test_votes_are_read_and_none_is_read_wrongly() -> None:
    read, wrong = 0, []
    together = list(itertools.product(PARTS["votes"]["lead"], PARTS["votes"]["tail"], VOTES))
    for lead, tail, (asked, index, name) in together:
        verdict = classify(Facts(lead + name + tail, awaiting=asked))
        read += verdict.kind is Kind.POLL
        if verdict.kind is Kind.POLL and verdict.value != (index,):
            wrong.append(lead + name + tail)

    assert wrong == []
    assert read > 0.95 * len(together)


def test_remarks_about_an_option_tick_nothing() -> None:
    texts = [
        (around.format(name), asked)
        for around in PARTS["remarks"]["around"]
        for asked, _, name in VOTES
        if len(name) > 3
    ]
    ticked = [text for text, asked in texts if classify(Facts(text, awaiting=asked)).kind is Kind.POLL]

    assert len(ticked) < 0.02 * len(texts), ticked
