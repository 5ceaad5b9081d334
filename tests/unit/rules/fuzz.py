"""Texts nobody would write, by the million: python -m tests.unit.rules.fuzz [HOW MANY] [SEED].

Each is judged with facts that are as odd. What must hold: no exception, a verdict that can be stored, an
index that is an option, and no text that takes long. The tests run a few thousand.
"""

import json
import random
import sys
import time
from collections.abc import Iterator

from bridge.model.verdict import Awaiting, Facts, Kind, Verdict
from rules import classify
from rules.cases import prediction
from rules.words import BY_LANGUAGE, COMMON
from tests.unit.rules.table import all_cases

FIELDS = ("first_name", "full_name", "email", "zip", "birthday", "date", "number", "choice", "text")
ODD = (
    *"\0\n\t\r\u00a0\u200a\u200b\u200d\u202e\ufe0f\u20e3\ud83d\udc4d“”‘’«»\"'´¿¡…—–-_.,;:!?@#$%&*()[]<>/\\|+=",
    *"👍👎❤️😂🛑✋🅱️２️⃣①ＳＴＯＰЅТОРéñçßİıﬁÆ😀🏽🇺🇸आ漢あ한ا",
    *("2/30", "31/12/1999", "00/00/00", "1e9", "1,000.50", "$1.2k", "-3", "12:30", "99999999999999999999"),
    *(
        "555-0142",
        "(312) 555-0142",
        "+15550100101",
        "a@b.co",
        "x at y dot com",
        "http://x.y",
        "K1A 0B1",
        "00501-0001",
    ),
    *(
        "Liked “",
        "Removed a like from “",
        "> ",
        "On Tue, Jan 3 Ann wrote:",
        "Sent from my iPhone",
        " - Ana",
        "\n-",
    ),
)
OPTIONS = (
    "Yes",
    "No",
    "Maybe",
    "Stop",
    "stop sign",
    "1",
    "2",
    "A",
    "",
    " ",
    "👍",
    "9am",
    "Not good",
    "é",
    "a b c d",
    "\ud83d",
)


def words() -> list[str]:
    """Every word of the word lists."""
    found = set(json.dumps([BY_LANGUAGE, COMMON], ensure_ascii=False).replace("_", " ").split())
    return sorted(w for entry in found for w in entry.strip('",[]{}:^$').split("|") if w)


def facts(seed: int, how_many: int) -> Iterator[Facts]:
    """As many odd facts as wanted, the same for the same seed."""
    dice = random.Random(seed)
    texts = [case["text"] for case in all_cases()]
    known = words()
    for _ in range(how_many):
        yield Facts(_text(dice, texts, known), dice.random() < 0.5, _keywords(dice), _awaiting(dice))


def _text(dice: random.Random, texts: list[str], known: list[str]) -> str:
    parts: list[str] = []
    for _ in range(dice.choice((1, 1, 2, 3, 5, 8, 30))):
        chance = dice.random()
        if chance < 0.25:
            parts.append(dice.choice(texts))
        elif chance < 0.7:
            parts.append(dice.choice(known))
        elif chance < 0.9:
            parts.append(dice.choice(ODD))
        else:
            parts.append("".join(chr(dice.randrange(0x11_0000)) for _ in range(dice.randrange(6))))
    text = dice.choice((" ", "", "\n", ", ", ". ")).join(parts)
    for _ in range(dice.randrange(3)):
        at = dice.randrange(len(text) + 1)
        text = (
            text[:at] + dice.choice(("", dice.choice(ODD), text[:at][-3:])) + text[at + dice.randrange(3) :]
        )
    return text


def _keywords(dice: random.Random) -> tuple[str, ...]:
    return tuple(
        dice.choice(("PIZZA", "A1", "", " ", "Año", "STRIKE24", "VOTE", "x" * 40, "👍", "STOP"))
        for _ in range(dice.randrange(4))
    )


def _awaiting(dice: random.Random) -> Awaiting | None:
    kind = dice.choice((None, "poll", "data"))
    age = dice.choice((0.0, 3.0, 1e5, -1.0, float("inf"), float("nan")))
    question = dice.choice(("", "Can you come?", "Which? A) x B) y", "¿Cuál?", "How old are you?", "\ud83d"))
    options = tuple(dice.choice(OPTIONS) for _ in range(dice.randrange(1, 7)))
    if kind == "poll":
        return Awaiting("poll", question, age, options, multiple=dice.random() < 0.5)
    if kind == "data":
        return Awaiting("data", question, age, options, field=dice.choice(FIELDS))  # type: ignore[arg-type]
    return None


def check(given: Facts, verdict: Verdict) -> None:
    """Raises AssertionError where the verdict is not one that can be stored and shown."""
    assert verdict.reason
    assert verdict.rule
    json.dumps(prediction("x", verdict))
    options = given.awaiting.options if given.awaiting else ()
    if verdict.kind is Kind.POLL:
        assert isinstance(verdict.value, tuple)
        assert verdict.value
        assert set(verdict.value) <= set(range(len(options)))
    if verdict.kind is Kind.DATA:
        assert verdict.value is not None
    assert verdict.suspicion is None or verdict.kind is Kind.NATURAL


def _again(given: Facts) -> float:
    """How long it takes when nothing else happens."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        classify(given)
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    """Judges them all; says how many of each kind, and the slowest."""
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    kinds: dict[str, int] = {}
    slowest, slowest_text = 0.0, ""
    for given in facts(seed, how_many):
        started = time.perf_counter()
        try:
            verdict = classify(given)
            taken = time.perf_counter() - started
            check(given, verdict)
        except Exception:
            print(f"{given!r}", file=sys.stderr)
            raise
        kinds[verdict.kind.value] = kinds.get(verdict.kind.value, 0) + 1
        if taken > slowest and (taken := min(taken, _again(given))) > slowest:
            slowest, slowest_text = taken, given.text
    print(f"{how_many} texts, no exception: {kinds}")
    print(f"slowest: {slowest * 1e3:.2f} ms for {slowest_text!r}")


if __name__ == "__main__":
    main()
