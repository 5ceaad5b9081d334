"""Finds many phrases at once in a row of tokens: a finite automaton over words, made while it is used.

In: positions joined by words (rules.phrases builds them from the notation). Out: where phrases end. A walk
from one place reads each token once, whatever the number of phrases; what it learns is kept for the next one.
"""

from dataclasses import dataclass, field
from typing import Final

_MOST_STATES: Final = 4_000  # what was learned is forgotten then: odd texts must not fill the memory


@dataclass(slots=True)
class Position:
    """One place in one phrase, and the places that can be reached from it."""

    word: dict[str, tuple[int, ...]] = field(default_factory=dict)  # by this word
    words: tuple[tuple[frozenset[str], int], ...] = ()  # by one of these
    anything: int | None = None  # by any word
    skip: tuple[int, ...] = ()  # by none
    ends: bool = False
    ends_clause: bool = False  # it ends here if the clause does
    ends_unless: frozenset[str] = frozenset()  # it ends here if none of these words follows


class State:
    """All the positions that a walk can be at, and what was learned about where it goes from there.

    words: those that any of the positions knows; all others lead to the same place.
    """

    __slots__ = ("at", "ends", "ends_clause", "ends_unless", "following", "otherwise", "words")

    def __init__(self, at: frozenset[int], here: list[Position]) -> None:
        self.at = at
        self.ends = any(p.ends for p in here)
        self.ends_clause = any(p.ends_clause for p in here)
        unless = [p.ends_unless for p in here if p.ends_unless]
        self.ends_unless = frozenset.intersection(*unless) if unless else None
        self.words = frozenset().union(
            *[p.word for p in here], *[words for p in here for words, _ in p.words]
        )
        self.following: dict[str, State] = {}
        self.otherwise: State = UNKNOWN


DEAD: Final = object.__new__(State)  # no phrase goes on
UNKNOWN: Final = object.__new__(State)  # it was not tried yet


class Automaton:
    """The phrases of one list."""

    def __init__(self, positions: list[Position], anywhere: list[int], at_clause_start: list[int]) -> None:
        self._positions = positions
        self._states: dict[frozenset[int], State] = {}
        self._inside = self._state(frozenset(anywhere))
        self._at_start = self._state(frozenset(anywhere + at_clause_start))

    def enter(self, clause_start: bool) -> State:
        """The state before the first word."""
        return self._at_start if clause_start else self._inside

    def next_state(self, state: State, word: str) -> State:
        """The state after one more word, or DEAD."""
        if word in state.words:
            if word not in state.following:
                state.following[word] = self._after(state, word)
            return state.following[word]
        if state.otherwise is UNKNOWN:
            state.otherwise = self._after(state, None)
        return state.otherwise

    def seconds(self, first: str) -> frozenset[str] | None:
        """The words that may follow the first one of a clause; None where any word may."""
        state = self.next_state(self._at_start, first)
        if state is DEAD:
            return frozenset()
        may_end = state.ends or state.ends_clause or state.ends_unless is not None
        return None if may_end or self.next_state(state, "") is not DEAD else state.words

    def _after(self, state: State, word: str | None) -> State:
        reached: set[int] = set()
        for at in state.at:
            position = self._positions[at]
            if word is not None:
                reached.update(position.word.get(word, ()))
                reached.update([to for words, to in position.words if word in words])
            if position.anything is not None:
                reached.add(position.anything)
        return self._state(frozenset(reached)) if reached else DEAD

    def _state(self, reached: frozenset[int]) -> State:
        known = self._states.get(reached)
        if known is not None:
            return known
        if len(self._states) >= _MOST_STATES:
            self._forget()
        at, rest = set(reached), list(reached)
        while rest:
            for to in self._positions[rest.pop()].skip:
                if to not in at:
                    at.add(to)
                    rest.append(to)
        made = State(frozenset(at), [self._positions[p] for p in at])
        self._states[reached] = made
        return made

    def _forget(self) -> None:
        self._states = {}
        for state in (self._inside, self._at_start):
            state.following = {}
            state.otherwise = UNKNOWN
