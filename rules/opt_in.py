"""Does the person want our texts: a keyword of the organisation, or START and its like?"""

import itertools
from collections import defaultdict
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bridge.model.verdict import Awaiting, Facts, Kind, Verdict
from rules.lexicon import ASKING, FIRST_ASKING, NOISE, bag, phrases, telling
from rules.normalise import fold, tokens
from rules.phrases import Span
from rules.slips import slips_of_all
from rules.text import Text, strip_noise

_AROUND: Final = bag("opt_in", "around_keyword") | NOISE
_WISHING: Final = bag("opt_in", "wishing")
_ENROLLING: Final = bag("opt_in", "enrolling")
_ABOUT: Final = bag("opt_in", "asks_about")
_START: Final = bag("opt_in", "whole")
_PHRASES: Final = phrases("opt_in", "phrases")
_ECHO: Final = phrases("opt_in", "echo")
_HARMLESS: Final = phrases("opt_in", "harmless")
_NOT_SLIPS: Final = bag("opt_in", "not_slips")
_CLAUSES: Final = frozenset(
    ("start", "unstop", "subscribe", "resubscribe", "sign me up", "opt in", "opt me in", "add me back")
)
_CLAUSE_WORDS: Final = telling(_CLAUSES)
_SLIPS: Final = slips_of_all(("subscribe", "resubscribe", "unstop", "start"))
_LEADS: Final = phrases("data", "name_leads")
_LONG_KEYWORD: Final = 5
_MOST_AROUND: Final = 14
_INTRODUCTION: Final = 6


class _Keywords(NamedTuple):
    """The organisation's keywords, prepared for looking up."""

    names: dict[str, str]  # folded and without blanks: as it is written in capitals
    beginnings: frozenset[str]  # of each name all its beginnings: it may be typed in two words
    long: dict[str, tuple[str, ...]]  # the names in which a slip is forgiven, by first letter


@lru_cache(maxsize=256)
def _prepared(keywords: tuple[str, ...]) -> _Keywords:
    names = {"".join(tokens(fold(k))): k.upper() for k in reversed(keywords)}
    names.pop("", None)
    long: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if len(name) >= _LONG_KEYWORD:
            long[name[0]].append(name)
    return _Keywords(
        names,
        frozenset(name[:end] for name in names for end in range(1, len(name) + 1)),
        {letter: tuple(found) for letter, found in long.items()},
    )


def keyword(text: Text, facts: Facts) -> Verdict | None:
    """A configured keyword with nothing around it but politeness, a greeting, a name or the instruction."""
    if not facts.keywords or not text.words:
        return None
    prepared = _prepared(facts.keywords)
    known = prepared.names
    bare = text.bare
    if named := not prepared.beginnings.isdisjoint(text.known):
        found = known.get("".join(bare)) or known.get("".join(text.words))
        if found:
            return _opt_in(f"The whole message is the keyword {found}.", found)
    if len(bare) == 1 and (found := _slip(bare[0], prepared)):
        return _opt_in(f"The whole message is “{bare[0]}”, a typing slip for the keyword {found}.", found)
    if not named:
        return None
    return _among_words(text, known) or (None if facts.subscribed else _in_front(text, known))


def _among_words(text: Text, known: dict[str, str]) -> Verdict | None:
    """A keyword among words that only lead to it: "The flyer said to text PIZZA"."""
    words = text.words
    if known.keys().isdisjoint(words) and not any(a + b in known for a, b in itertools.pairwise(words)):
        return None
    words = _without_names(text)
    words = words[1:] if len(words) > 1 and words[0] in ("yes", "si", "oui") else words
    named = [w for w in words if w in known] or [
        a + b for a, b in itertools.pairwise(words) if a + b in known
    ]
    if len(set(named)) != 1 or len(words) > _MOST_AROUND or text.asks or words[0] in _ABOUT:
        return None
    rest = [w for w in words if w not in named and w not in named[0] and not (w.isdecimal() and len(w) > 3)]
    if not _AROUND.issuperset(rest) or (not _WISHING.isdisjoint(rest) and _ENROLLING.isdisjoint(rest)):
        return None
    return _opt_in(
        f"It names the keyword {known[named[0]]}, and the other words only lead to it.", known[named[0]]
    )


def _in_front(text: Text, known: dict[str, str]) -> Verdict | None:
    """A newcomer's keyword, a pause, and a remark: "Harvest - my neighbor Jen told me about it"."""
    clauses = text.clauses
    if len(clauses) < 2 or text.asks or len(text.words) > _MOST_AROUND:
        return None
    found = known.get("".join(strip_noise(clauses[0].words)))
    if not found or any(c.words[0] in ASKING for c in clauses[1:]):
        return None
    return _opt_in(f"It begins with the keyword {found}, and a remark follows.", found)


def _without_names(text: Text) -> tuple[str, ...]:
    """The words without a clause in which the person says who they are."""
    kept = [
        c.words
        for c in text.clauses
        if not (len(c.words) <= _INTRODUCTION and _introduces(strip_noise(c.words)))
    ]
    return tuple(w for words in kept for w in words) or text.words


def _introduces(words: tuple[str, ...]) -> bool:
    return bool(_LEADS.find(words, frozenset(words)))


def _slip(word: str, prepared: _Keywords) -> str | None:
    if len(word) < _LONG_KEYWORD - 1 or word in _NOT_SLIPS:
        return None
    near = prepared.long.get(word[0], ())
    match = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=1)
    return None if match is None else prepared.names[match[0]]


def start(text: Text, facts: Facts) -> Verdict | None:
    """START, UNSTOP, SUBSCRIBE, JOIN and their like, or a plain wish to be on the list."""
    bare = text.bare
    if not bare:
        return None
    said = " ".join(bare)
    if said in _SLIPS:
        return _opt_in(f"The whole message is “{said}”, a typing slip for {_SLIPS[said].upper()}.", None)
    if said in _START or " ".join(text.words) in _START or _ECHO.whole(bare):
        return (
            None if _answers_yes(said, facts.awaiting) else _opt_in(f"The whole message is “{said}”.", None)
        )
    if (
        said in ("yes", "si", "oui")
        and len(text.words) == 1
        and not facts.subscribed
        and facts.awaiting is None
    ):
        return _opt_in("It says YES, nothing else was asked, and this person is not subscribed.", None)
    return None if _answers_yes(said, facts.awaiting) else _one_clause(text) or _plain_words(text)


def _one_clause(text: Text) -> Verdict | None:
    """A clause of its own that says START, in a message that asks nothing."""
    if _CLAUSE_WORDS.isdisjoint(text.known) or text.asks or len(text.clauses) < 2:
        return None
    said = next((s for c in text.clauses if (s := " ".join(strip_noise(c.words))) in _CLAUSES), None)
    return _opt_in(f"One part of the message says just “{said}”.", None) if said else None


def _answers_yes(said: str, awaiting: Awaiting | None) -> bool:
    """Whether "sign me up" rather answers the question that is waiting."""
    return (
        awaiting is not None and awaiting.type == "poll" and said in ("sign me up", "add me", "register me")
    )


def _plain_words(text: Text) -> Verdict | None:
    found = _PHRASES.find(text.tokens, text.known)
    if not found:
        return None
    words = text.words
    if text.asks and (
        words[0] in ASKING
        or (words[0] in FIRST_ASKING and words[0] not in ("can", "could", "would", "will", "may"))
    ):
        return None
    harmless = _HARMLESS.find(text.tokens, text.known)
    span = next((s for s in found if not any(h.meets(s) for h in harmless)), None)
    return _opt_in(f"It asks for our texts: “{_quote(text, span)}”.", None) if span else None


def _quote(text: Text, span: Span) -> str:
    return " ".join(strip_noise(text.tokens[span.start : span.end], frozenset((".", ",", "?"))))


def _opt_in(reason: str, value: str | None) -> Verdict:
    return Verdict(Kind.OPT_IN, reason, value)
