"""How long a verdict takes: python -m tests.unit.rules.measure (nothing here is asserted).

Every case of this folder, with 200 keywords and a question pending; then long texts.
"""

import time

from bridge.model.verdict import Awaiting, Facts
from rules import classify
from tests.unit.rules.table import all_cases

ROUNDS = 5
KEYWORDS = (*(f"KEYWORD{i}" for i in range(196)), "PIZZA", "GARDEN", "VOTE", "CHOIR")
POLL = Awaiting(
    "poll", "Which night? A) Tuesday B) Wednesday C) Saturday", 12, ("Tuesday", "Wednesday", "Saturday")
)
SENTENCE = (
    "The rent went up again and my landlord says I must pay by Friday, can you tell me what to do please? "
)
LONG = {
    "1,600 characters": (SENTENCE * 16)[:1_600],
    "1,600 characters about texts": ("please don't stop texting me, the list is fine " * 40)[:1_600],
    "10,000 letters": "a" * 10_000,
    "10,000 letters before an @": "a" * 10_000 + " @",
    "10,000 quotation marks": "“" * 5_000 + "”" * 5_000,
}


def microseconds(text: str) -> float:
    """One verdict."""
    facts = Facts(text, True, KEYWORDS, POLL)
    started = time.perf_counter()
    classify(facts)
    return (time.perf_counter() - started) * 1e6


def main() -> None:
    """Prints the percentiles and the long texts."""
    texts = [case["text"] for case in all_cases()]
    for text in texts:
        microseconds(text)
    taken = sorted(microseconds(text) for _ in range(ROUNDS) for text in texts)
    for share in (0.5, 0.9, 0.99, 0.999):
        print(f"p{share * 100:g}: {taken[int(len(taken) * share)]:.0f} µs")
    for name, text in LONG.items():
        print(f"{name}: {min(microseconds(text) for _ in range(ROUNDS)) / 1e3:.2f} ms")


if __name__ == "__main__":
    main()
