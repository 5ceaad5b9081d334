"""The automaton finds what a slow and simple search finds, for any phrases and any row."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules import automaton
from rules.phrases import Phrases, Span

WORDS = "abcd"
ITEM = st.sampled_from(["a", "b", "c", "(a|b)", "(b|c_d)", "(a_b|c)", "(a|d)?", "(b_c)?", ".."])
PHRASE = st.tuples(
    st.booleans(), st.lists(ITEM, min_size=1, max_size=5), st.sampled_from(["", "$", "!(a)", "!(b|c)"])
).map(lambda p: " ".join([*(["^"] if p[0] else []), *p[1], *([p[2]] if p[2] else [])]))
ROW = st.text(WORDS + ",.?", max_size=14).filter(lambda row: not re.search(r"[,.?]{2}|^[,.?]|,$", row))


def slowly(phrase: str, row: str, at: int) -> int:
    """The longest end of the phrase from this place, by trying all ends; 0 for none."""
    parts = phrase.split()
    unless = parts.pop()[2:-1].split("|") if parts[-1].startswith("!(") else []
    at_start, at_end = parts[0] == "^", parts[-1] == "$"
    if at_start and at and row[at - 1] not in ",.?":
        return 0
    body = "".join(map(as_pattern, parts[at_start : len(parts) - at_end]))
    for end in range(len(row), at, -1):
        after = row[end : end + 1]
        if (at_end and after and after not in ",.?") or (after and after in unless):
            continue
        if row[end - 1] != "," and re.fullmatch(body, "," + row[at:end]):
            return end
    return 0


def as_pattern(item: str) -> str:
    """An item as a regular expression over letters; a comma may stand before each."""
    if item == "..":
        return r"(?:,?[a-d]){0,4}"
    inner = item.rstrip("?").strip("()")
    either = "|".join("".join(f",?{word}" for word in run.split("_")) for run in inner.split("|"))
    return f"(?:{either}){'?' if item.endswith('?') else ''}"


def needs_a_word(phrase: str) -> bool:
    """A phrase that may be empty is none, and one that begins with a gap has no first word."""
    items = [p for p in phrase.split() if p not in ("^", "$") and not p.startswith("!")]
    return items[0] != ".." and any(item != ".." and not item.endswith("?") for item in items)


@given(st.lists(PHRASE, min_size=1, max_size=4), st.lists(ROW, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_it_finds_what_a_slow_search_finds(phrases: list[str], rows: list[str]) -> None:
    for phrase in phrases:
        assume(needs_a_word(phrase))
        items = [p for p in phrase.split() if p not in ("^", "$")]
        first_sure = next(i for i, item in enumerate(items) if not item.endswith("?"))
        assume(items[first_sure] != "..")
    made = Phrases(phrases, {})
    for text in rows:
        row = tuple(text)
        ends = {at: max(slowly(p, text, at) for p in phrases) for at in range(len(text)) if text[at] in WORDS}
        assert made.find(row, frozenset(row)) == [Span(at, end) for at, end in sorted(ends.items()) if end]


def test_it_finds_the_same_when_it_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "_MOST_STATES", 3)
    made = Phrases(["stop .. texts", "(take|get) me off !(the)", "^ go away $"], {})
    for _ in range(3):
        for text, found in (
            ("please stop sending me texts", [Span(1, 5)]),
            ("take me off", [Span(0, 3)]),
            ("take me off the roof", []),
            ("go away", [Span(0, 2)]),
        ):
            row = tuple(text.split())
            assert made.find(row, frozenset(row)) == found
