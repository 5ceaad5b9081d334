"""The options of a pending question, prepared once for all the texts that may answer it."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rules import words
from rules.lexicon import ASKING, NOISE, SAME, YES_NO_QUESTION, bag, folded
from rules.normalise import BREAKS, fold, tokens
from rules.words import word_set

SHORTEST_TO_BEND: Final = 3  # of a shorter word no slip is guessed
_YES: Final = bag("yes_no", "yes")
_NO: Final = bag("yes_no", "no")
_UNSURE: Final = bag("yes_no", "unsure")
_MAYBE: Final = bag("yes_no", "maybe")
_STAY: Final = bag("yes_no", "stay")
_YES_LABELS: Final = frozenset(folded(w) for w in words.COMMON["yes_labels"].split())
_NO_LABELS: Final = frozenset(folded(w) for w in words.COMMON["no_labels"].split())
_SMALL: Final = bag("answers", "small")
_WORDS: Final = word_set("common") | word_set("short_words")
_HOUR: Final = re.compile(r"(\d{1,2})(?:00|30)?(?:am|pm|h)")
_DONE: Final = word_set("done")
_OTHER: Final = word_set("other_options")
_INVITING: Final = word_set("inviting")
_NEGATIONS: Final = word_set("negations")


_PAIR_STARTS: Final = frozenset(word.split()[0] for word in SAME if " " in word)


def same(word: str) -> str:
    """The word that stands for all words of its meaning."""
    return SAME.get(word, word)


def meanings(row: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a row by their meaning; two words that are one thing ("x large") become one."""
    if SAME.keys().isdisjoint(row) and _PAIR_STARTS.isdisjoint(row):
        return row
    found: list[str] = []
    skip = False
    for at, word in enumerate(row):
        if skip:
            skip = False
            continue
        pair = SAME.get(f"{word} {row[at + 1]}") if at + 1 < len(row) else None
        skip = pair is not None
        found.append(pair or SAME.get(word, word))
    return tuple(found)


@dataclass(frozen=True)
class Ballot:
    """Options in the forms in which a text may name them."""

    size: int
    multiple: bool
    names: dict[str, int]  # the whole text of an option, as typed and by meaning
    beginnings: frozenset[str]  # of each name all its beginnings
    words: dict[str, frozenset[int]]  # each word of meaning: which options hold it
    by_letter: dict[str, tuple[str, ...]]  # the longer ones of these words by their first letter
    contents: tuple[frozenset[str], ...]
    negated: frozenset[int]
    question: tuple[str, ...]
    about: frozenset[str]  # the words of the question: they may stand around an answer
    letters: frozenset[str]  # single letters of the question that are no options' letters (Measure C)
    noise: frozenset[str]  # politeness, without what is a word of an option (OK, Great)
    yes: int | None
    no: int | None
    maybe: int | None
    unsure: int | None  # Undecided, Not sure; or Maybe where there is no such option
    stay: int | None
    other: int | None  # Someone else, None of these

    @property
    def yes_or_no(self) -> bool:
        """Whether a plain yes or no ticks a box."""
        return self.yes is not None

    @property
    def asks_address(self) -> bool:
        """Whether "I moved" answers it with a no."""
        return not self.about.isdisjoint(("live", "living", "address", "reside"))

    @property
    def asks_whether_done(self) -> bool:
        """Whether "not yet" answers it with a no."""
        return not self.about.isdisjoint(_DONE)

    @property
    def invites(self) -> bool:
        """Whether "out of town" answers it with a no."""
        return not self.about.isdisjoint(_INVITING)


@lru_cache(maxsize=512)
def ballot(options: tuple[str, ...], question: str, multiple: bool) -> Ballot:
    """The prepared options."""
    rows = [tuple(t for t in tokens(fold(o)) if t not in BREAKS) for o in options]
    names: dict[str, int] = {}
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for i, row in reversed(list(enumerate(rows))):
        for name in (" ".join(meanings(row)), "".join(row), " ".join(row)):
            names[name or fold(options[i]).strip()] = i  # an option may be an emoji
        for left, right in itertools.pairwise(row):
            holders[left + right].add(i)
        for word in row:
            if (word not in _SMALL and word not in _NEGATIONS) or len(row) == 1:
                holders[same(word)].add(i)
                holders[word].add(i)
    names.pop("", None)
    for alias, i in _hours(rows).items():
        names.setdefault(alias, i)
    for initials, i in _initials(rows).items():
        names.setdefault(initials, i)
    yes, no = _poles(rows, fold(question))
    asked = tuple(t for t in tokens(fold(question)) if t not in BREAKS)
    return Ballot(
        size=len(options),
        multiple=multiple,
        names=names,
        beginnings=frozenset(name[:end] for name in names for end in range(1, len(name) + 1)),
        words={word: frozenset(found) for word, found in holders.items()},
        by_letter=_by_letter(holders),
        contents=tuple(frozenset(same(w) for w in row if w not in _SMALL or len(row) == 1) for row in rows),
        negated=frozenset(i for i, row in enumerate(rows) if not _NEGATIONS.isdisjoint(row)),
        question=asked,
        about=frozenset(t for t in asked if len(t) > 2 and t not in ASKING),
        letters=frozenset(t for t in asked if len(t) == 1) if not {"a", "b"} <= set(asked) else frozenset(),
        noise=frozenset(w for w in NOISE if w not in holders and same(w) not in holders and w not in _YES),
        yes=yes,
        no=no,
        maybe=_first(rows, _MAYBE),
        unsure=_first(rows, _UNSURE) if _first(rows, _UNSURE) is not None else _first(rows, _MAYBE),
        stay=_first(rows, _STAY),
        other=next((i for i, row in enumerate(rows) if not _OTHER.isdisjoint(row)), None),
    )


def _hours(rows: list[tuple[str, ...]]) -> dict[str, int]:
    """9 and nine for "9am", where all options are hours."""
    found = [_HOUR.fullmatch("".join(row)) for row in rows]
    hours = [match[1] for match in found if match]
    if len(hours) != len(rows) or len(set(hours)) != len(hours):
        return {}
    return {name: i for i, hour in enumerate(hours) for name in (hour, same(hour))}


def _initials(rows: list[tuple[str, ...]]) -> dict[str, int]:
    """H&C for "Ham & cheese", where no two options share them."""
    made = [("".join(word[0] for word in row), i) for i, row in enumerate(rows) if 1 < len(row) < 5]
    times = Counter(letters for letters, _ in made)
    return {letters: i for letters, i in made if times[letters] == 1 and letters not in _WORDS}


def _by_letter(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) >= SHORTEST_TO_BEND:
            found[word[0]].append(word)
    return {letter: tuple(of) for letter, of in found.items()}


def _first(rows: list[tuple[str, ...]], of: frozenset[str]) -> int | None:
    return next((i for i, row in enumerate(rows) if " ".join(row) in of), None)


def _poles(rows: list[tuple[str, ...]], question: str) -> tuple[int | None, int | None]:
    """Which option a plain yes ticks, and which a plain no."""
    yes = [
        i
        for i, row in enumerate(rows)
        if row and (row[0] in ("yes", "si", "oui", "yep", "yeah") or " ".join(row) in _YES)
    ]
    no = [
        i for i, row in enumerate(rows) if row and (row[0] in ("no", "non", "nope") or " ".join(row) in _NO)
    ]
    no = [i for i in no if i not in yes]
    if not yes and not no and (loose := _loose_poles(rows)):
        return loose
    if not yes and no:
        yes = [i for i, row in enumerate(rows) if row and row[0] in _YES_LABELS and i not in no]
    if yes and not no:
        no = [i for i, row in enumerate(rows) if row and row[0] in _NO_LABELS and i not in yes]
    asked = question.split(" ", 1)[0] in YES_NO_QUESTION or "confirm" in question or "?" in question
    sure = len(yes) == 1 and (len(no) <= 1) and (bool(no) or asked)
    return (yes[0], no[0] if no else None) if sure else (None, None)


def _loose_poles(rows: list[tuple[str, ...]]) -> tuple[int, int] | None:
    """Two options, one beginning with assent and one with its opposite: Attending, Not attending."""
    yes = [i for i, row in enumerate(rows) if row and row[0] in _YES_LABELS]
    no = [i for i, row in enumerate(rows) if row and row[0] in _NO_LABELS]
    return (yes[0], no[0]) if len(yes) == 1 and len(no) == 1 else None
