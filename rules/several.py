"""Reads several ticks at once: "1 3", "a and c", "2+4", "all but 3", "June thru August"."""

import re
from typing import Final

from rules.ballot import Ballot, same
from rules.by_words import PAST
from rules.clause_pick import is_remark
from rules.labels import read_label
from rules.lexicon import NOISE, bag, ranked
from rules.normalise import BREAKS
from rules.text import Text, strip_noise
from rules.words import word_set

_ALL: Final = bag("answers", "all")
_BOTH: Final = bag("answers", "both")
_EXCEPT: Final = bag("answers", "except")
_FRAME: Final = bag("answers", "frame") | bag("answers", "lead") | NOISE
_NUMBERS: Final = ranked("answers", "numbers")
_RANGE: Final = re.compile(r"(?<!\w)([\w]{1,12}) ?(?:-|–| to | thru | through | a | à )\s?([\w]{1,12})(?!\w)")
_MOST_WORDS: Final = 60
_AROUND_ALL: Final = word_set("around_all")
_EACH: Final = word_set("between_labels")


def pick_several(text: Text, ballot: Ballot) -> tuple[int, ...] | None:
    """The options ticked, or None where the text is more than a list of them."""
    if len(text.words) > _MOST_WORDS:
        return None
    row = strip_noise(text.tokens, NOISE | BREAKS)
    words = tuple(t for t in row if t not in BREAKS)
    if not words or is_remark(text.words, ballot):
        return None
    words = next((words[:at] for at, w in enumerate(words) if at and w in ("not", "pas")), words)
    return (
        _everything(words, ballot)
        or _range(text, words, ballot)
        or _run(words, ballot)
        or _list(words, ballot)
    )


def _everything(words: tuple[str, ...], ballot: Ballot) -> tuple[int, ...] | None:
    """All of them, both of them, all but one, the first two."""
    everyone = tuple(range(ballot.size))
    core = tuple(w for w in words if w not in _AROUND_ALL and (w not in ballot.about or w in _ALL))
    said = " ".join(core)
    if (
        said in _ALL
        or said in {"all " + n for n, v in _NUMBERS.items() if v == ballot.size}
        or said == f"all {ballot.size}"
    ):
        return everyone
    if said in _BOTH and ballot.size == 2:
        return everyone
    if (
        len(core) == 2
        and core[0] in ("first", "last")
        and (count := _NUMBERS.get(core[1], 0) or _digit(core[1]))
    ):
        return everyone[:count] if core[0] == "first" else everyone[-count:]
    if len(core) == 3 and core[0] == "the":
        return _everything(core[1:], ballot)
    for at in range(1, min(len(core), 4)):
        if (
            core[0] in ("all", "everything", "todos", "tous", "any")
            and core[at] in _EXCEPT
            and at + 1 < len(core)
        ):
            left_out = _list(core[at + 1 :], ballot)
            return tuple(i for i in everyone if i not in left_out) if left_out else None
    return None


def _digit(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 3 else 0


def _range(text: Text, words: tuple[str, ...], ballot: Ballot) -> tuple[int, ...] | None:
    """1-3, june through august."""
    if len(words) > 4 or not (found := _RANGE.search(text.folded)):
        return None
    ends = [_one(found[1], ballot), _one(found[2], ballot)]
    if ends[0] is None or ends[1] is None or ends[0] >= ends[1]:
        return None
    return tuple(range(ends[0], ends[1] + 1))


def _run(words: tuple[str, ...], ballot: Ballot) -> tuple[int, ...] | None:
    """Letters or digits written together: ac, 134."""
    if len(words) != 1 or not 2 <= len(words[0]) <= ballot.size or ballot.size > 9:
        return None
    indexes = [_one(c, ballot) for c in words[0]]
    found = [i for i in indexes if i is not None]
    rising = len(found) == len(indexes) and found == sorted(set(found))
    return tuple(found) if rising and same(words[0]) not in ballot.words else None


def _list(words: tuple[str, ...], ballot: Ballot) -> tuple[int, ...] | None:
    """Letters and numbers one after another, with nothing else but what may stand around them."""
    found: set[int] = set()
    for word, after in zip(words, (*words[1:], ""), strict=True):
        if word == "a" and len(after) > 1 and same(after) in ballot.words:
            continue  # "food and a ride"
        index = None if found and word == "one" else _one(word, ballot)  # the bus one
        if index is not None:
            found.add(index)
        elif (word not in _EACH and word not in _FRAME) or (found and word in PAST):
            return None
    return tuple(sorted(found)) if found else None


def _one(word: str, ballot: Ballot) -> int | None:
    named = ballot.names.get(word)
    if named is None and len(ballot.words.get(same(word), ())) == 1:
        (named,) = ballot.words[same(word)]
    return named if named is not None else read_label((word,), ballot)
