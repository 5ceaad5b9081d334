"""Polls in words: the question as it goes out, the count as staff read it."""

from collections.abc import Sequence

from bridge.model.outreach import Poll
from bridge.model.text import shorten
from bridge.render import words_polls as words

_BAR = 12  # blocks of a full bar


def question(poll: Poll) -> str:
    """Write the text that goes out: the question, an option a line, how to answer."""
    lines = [poll.question, *(f"{letter(i)}) {option}" for i, option in enumerate(poll.options))]
    return "\n".join([*lines, words.HOW_SEVERAL if poll.multiple else words.HOW_ONE])


def letter(place: int) -> str:
    """Name an option by its place: A, B, C …"""
    return chr(ord("A") + place)


def tally(poll: Poll, counts: Sequence[int], voters: int) -> str:
    """Write the count, an option a line: a bar, the number, the share of those who voted."""
    lines = []
    for place, option in enumerate(poll.options):
        share = counts[place] / voters if voters else 0.0
        bar = "█" * round(share * _BAR) + "░" * (_BAR - round(share * _BAR))
        said = words.COUNTED.format(
            letter=letter(place), option=shorten(option, 80), count=counts[place], share=f"{share:.0%}"
        )
        lines.append(f"{bar} {said}")
    return "\n".join(lines)
