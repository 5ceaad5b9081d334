"""How long a verdict takes: python -m tests.unit.rules.measure (nothing here is asserted).

Of each text the quickest of some rounds counts, so that other work of the machine does not.
"""

import time
from collections.abc import Iterable
from typing import get_args

from bridge.model.verdict import Awaiting, Facts, Field
from rules import classify
from tests.unit.rules.table import all_cases

ROUNDS = 9
KEYWORDS = (*(f"KEYWORD{i}" for i in range(196)), "PIZZA", "GARDEN", "VOTE", "CHOIR")
POLL = Awaiting(
    "poll", "Which night? A) Tuesday B) Wednesday C) Saturday", 12, ("Tuesday", "Wednesday", "Saturday")
)
ASKED = (
    None,
    POLL,
    Awaiting("poll", "Which nights?", 3, POLL.options, multiple=True),
    *(Awaiting("data", "What is it?", 3, ("Morning", "Evening"), field=field) for field in get_args(Field)),
)
SENTENCE = (
    "The rent went up again and my landlord says I must pay by Friday, can you tell me what to do please? "
)
LONG = {
    "plain words": SENTENCE * 16,
    "about texts": "please don't stop texting me, the list is fine " * 40,
    "stop after stop": "don't stop " * 200,
    "letters": "a" * 1_600,
    "letters before an @": "a" * 1_598 + " @",
    "addresses": "a@b.co " * 230,
    "quotation marks": "“" * 800 + "”" * 800,
    "figures": "1/2 " * 400,
    "single figures": "1 2 " * 400,
    "thousands": "1,234," * 270,
    "months": "may 5 " * 270,
    "number signs": "# " * 800,
    "apostrophes": "'a" * 800,
    "single letters": "s t o p " * 200,
    "capitals and stops": "A. " * 540,
    "lines": "\n> no" * 320,
    "accents": "é" * 1_600,
    "emoji": "👍" * 1_600,
}


def microseconds(facts: Facts) -> float:
    """One verdict, at its quickest."""
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        classify(facts)
        taken.append(time.perf_counter() - started)
    return min(taken) * 1e6


def spread(name: str, facts: Iterable[Facts]) -> None:
    """Prints the percentiles of some texts."""
    taken = sorted(map(microseconds, facts))
    shares = "  ".join(f"p{p * 100:g} {taken[int(len(taken) * p)]:.0f} µs" for p in (0.5, 0.9, 0.99, 0.999))
    print(f"{name}: {shares}")


def main() -> None:
    """Prints the percentiles of the cases and the costs of long texts."""
    cases = all_cases()
    naturals = [case["text"] for case in cases if case["label"] == "natural"]
    spread("natural texts, nothing asked, 4 keywords", (Facts(t, True, KEYWORDS[-4:]) for t in naturals))
    spread("all texts, a poll, 200 keywords", (Facts(c["text"], True, KEYWORDS, POLL) for c in cases))
    for name, text in LONG.items():
        worst = max(microseconds(Facts(text[:1_600], True, KEYWORDS, asked)) for asked in ASKED)
        print(f"1,600 characters, {name}, the worst question: {worst / 1e3:.2f} ms")


if __name__ == "__main__":
    main()
