"""What a verdict costs: with 200 keywords and a question pending, and for 1,600 characters of anything."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from bench.bare import checked
from bench.figure import Options, Row, judged, noise, percentile, spread
from bench.webhooks import request
from bridge.model.verdict import Facts
from rules import classify
from tests.unit.rules.measure import KEYWORDS, LONG, POLL
from tests.unit.rules.table import all_cases

LENGTH = 1_600
_ALPHABETS = {
    "letters and spaces": "abcdefghij     ",
    "marks": ".,;:!?()[]{}<>“”‘’\"'/\\|@#$%&*+-=~^_` ",
    "figures": "0123456789 .,-/:",
    "addresses": "abc.:/@-_%?=&",
    "emoji": "👍❤️😂👨‍👩‍👧🇺🇸✅1️⃣ ",
    "accents": "áéíóúñçüßøłđžàèùâêîôû ",
    "other writing": "привет 你好 مرحبا שלום नमस्ते ",
    "what nobody sees": "\u200b\u200d\u00ad\ufeff\u202e\u0301 \n\t",
}
_EACH = 15  # texts of a kind


def measure(options: Options) -> Iterator[Row]:
    """In processor time of this thread, which other work of the machine does not lengthen.

    The yardstick is the check of one webhook's signature.
    """
    texts = [case["text"] for case in all_cases() if len(case["text"]) <= LENGTH]
    drawn = random.Random(1)
    kinds = _kinds([word for text in texts for word in text.split()])
    first = percentile([_verdict(text) for text in texts], 0.99)
    usual, slowest, yard, quickest = [], [], [], [float("inf")] * len(texts)
    for _ in range(max(options.rounds, 5)):
        yard.append(percentile([_signature(number) for number in range(2_000)], 0.99))
        each = [_verdict(text) for text in texts]
        quickest = [min(pair) for pair in zip(quickest, each, strict=True)]
        usual.append(percentile(each, 0.99))
        taken = {
            name: statistics.median(_verdict(kind(drawn)) for _ in range(_EACH))
            for name, kind in kinds.items()
        }
        slowest.append(max((micros / 1000, name) for name, micros in taken.items()))
    ratios = [one / statistics.median(yard) for one in usual]
    yield judged(
        f"p99 of a verdict, {len(KEYWORDS)} keywords and a question pending, {len(texts):,} texts",
        usual,
        most=150.0,
        yard=yard,
        unit=" µs",
        digits=0,
        beside=f"{spread(ratios, 1)} times the check of a signature, {noise(yard, 'µs')}; "
        f"seen for the first time {first:,.0f} µs, each at its quickest {percentile(quickest, 0.99):,.0f} µs",
    )
    yield judged(
        f"the slowest kind of {len(kinds)} of texts of {LENGTH:,} characters",
        [taken for taken, _ in slowest],
        most=1.0,
        unit=" ms",
        beside=f"it is: {', '.join(sorted({name for _, name in slowest}))}",
    )


def _kinds(words: list[str]) -> Mapping[str, Callable[[random.Random], str]]:
    """Give makers of texts; none makes the same text twice, so that nothing is remembered."""
    kinds: dict[str, Callable[[random.Random], str]] = {"words of the cases": partial(_words, words)}
    kinds |= {name: partial(_letters, alphabet) for name, alphabet in _ALPHABETS.items()}
    kinds |= {f"like “{name}”": partial(_numbered, text) for name, text in LONG.items()}
    return kinds


def _words(words: list[str], drawn: random.Random) -> str:
    return " ".join(drawn.choices(words, k=LENGTH // 2))[:LENGTH]


def _letters(alphabet: str, drawn: random.Random) -> str:
    return "".join(drawn.choices(alphabet, k=LENGTH))


def _numbered(text: str, drawn: random.Random) -> str:
    return f"{drawn.randrange(10**6)} {text}"[:LENGTH]


def _verdict(text: str) -> float:
    facts = Facts(text, True, KEYWORDS, POLL)
    started = time.thread_time()
    classify(facts)
    return (time.thread_time() - started) * 1e6


def _signature(number: int) -> float:
    head, _, body = request("/hooks/main", number, "+15550000000").partition(b"\r\n\r\n")
    header = head.decode().partition("X-Twilio-Signature: ")[2].partition("\r\n")[0]
    started = time.thread_time()
    assert checked("/hooks/main", body, header)
    return (time.thread_time() - started) * 1e6
