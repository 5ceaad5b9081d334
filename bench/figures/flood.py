"""A flood into one Slack channel at one post a second: is all of it visible, in order, in how many posts?

The clock is simulated, since it would take half an hour. The engine is the real one; Slack is a
page that writes down what it is told to show.
"""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.databases import fresh
from bench.figure import Options, Row, judged, spread
from bench.house import House, house
from bench.webhooks import person, text
from bridge.model.events import TextReceived

PEOPLE, TEXTS = 500, 10_000
_ARRIVE = 10.0  # seconds in which they come
_STEP = 0.25  # of the clock: how often the engine looks for itself
_LONG = "I wrote down everything that was said on the phone, so that you can see it all. " * 12
_NUMBER = re.compile(r"#(\d+)\.(\d+)#")


@dataclass
class _Clock:
    at: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.at


def measure(options: Options) -> Iterator[Row]:
    """Each round draws other people; there is no noise, for nothing is timed."""
    texts, people = options.count(TEXTS), options.count(PEOPLE)
    ratios, posts, fewest, seconds = [], [], [], []
    for seed in range(options.rounds):
        with fresh("sqlite") as url:
            found = asyncio.run(_flood(url, _drawn(seed, texts, people)))
        posts.append(float(found[0]))
        fewest.append(float(found[1]))
        seconds.append(found[2])
        ratios.append(found[0] / found[1])
    yield judged(
        f"{texts:,} texts of {people} people into one Slack channel: times the fewest posts",
        ratios,
        most=1.2,
        digits=3,
        beside=f"{spread(posts, 0)} posts and cards, fewest {spread(fewest, 0)}; all visible, each once, in "
        f"order, after {spread(seconds, 0)} s of a simulated clock",
    )


def _drawn(seed: int, texts: int, people: int) -> list[tuple[int, str]]:
    """Draw who writes what: some write a lot, every twentieth text is long."""
    drawn = random.Random(seed)
    eager = [drawn.paretovariate(1.5) for _ in range(people)]
    writers = [*range(people), *drawn.choices(range(people), eager, k=texts - people)]
    drawn.shuffle(writers)
    count: Counter[int] = Counter()
    written = []
    for number, who in enumerate(writers):
        count[who] += 1
        words = f"{text(number)} {_LONG if number % 20 == 7 else ''}".strip()
        written.append((who, f"{words} #{who}.{count[who]}#"))
    return written


async def _flood(url: str, written: Sequence[tuple[int, str]]) -> tuple[int, int, float]:
    """Give posts and cards, the fewest, and when the last text was visible."""
    clock = _Clock()
    started, sent = clock.at, 0
    async with house(url, "slack.support", quick=False, now=clock) as ours:
        page = ours.pages["slack"]
        fewest = _fewest(written, page.traits.max_chars)
        while len(_NUMBER.findall("".join(post.body for _, post in page.posts))) < len(written):
            clock.at += _STEP
            assert clock.at - started < 3 * fewest + 60, "it takes more than three times as long as it must"
            due = min(int((clock.at - started) / _ARRIVE * len(written)), len(written))
            await _arrive(ours, written, sent, due)
            sent = due
            while await ours.deliver():
                pass
        _is_in_order(ours, written)
        return len(page.posts) + len(page.cards), fewest, clock.at - started


async def _arrive(ours: House, written: Sequence[tuple[int, str]], sent: int, due: int) -> None:
    now = ours.now()
    events = [
        TextReceived("main", f"SM{n:032x}", person(written[n][0]), "e164", written[n][1], now)
        for n in range(sent, due)
    ]
    if events:
        await ours.intake.put_new(events)
    await ours.decide()


def _is_in_order(ours: House, written: Sequence[tuple[int, str]]) -> None:
    """Read each thread as staff would; end everything if a text is missing, doubled or out of place."""
    page = ours.pages["slack"]
    threads: dict[str, list[tuple[int, int]]] = {}
    for thread, post in page.posts:
        found = [(int(who), int(count)) for who, count in _NUMBER.findall(post.body)]
        threads.setdefault(thread, []).extend(found)
    texts = Counter(who for who, _ in written)
    for seen in threads.values():
        who = seen[0][0]
        assert seen == [(who, count) for count in range(1, texts[who] + 1)], f"thread of {who}: {seen[:20]}"
    assert len(threads) == len(texts)


def _fewest(written: Sequence[tuple[int, str]], most_chars: int) -> int:
    """Count what would do: a card a person, and their texts in as few posts as hold them, in order."""
    rooms: dict[int, int] = {}
    posts = 0
    for who, words in written:
        room = rooms.get(who, -1) - len(words) - 2
        if room < 0:
            posts += 1
            room = most_chars - len(words)
        rooms[who] = room
    return posts + len(rooms)
