"""A poll's result as a picture: bars with their numbers, for whoever shows it to a meeting."""

import io
from typing import Final

from bridge.model.outreach import Poll, Tally
from bridge.model.shapes import File
from bridge.model.text import shorten
from bridge.render import ballots, words_polls

_WIDE, _EDGE, _ROW, _BAR = 1000, 48, 92, 30  # pixels
_INK, _SOFT, _FILL, _EMPTY, _PAPER = "#1c2330", "#5a6475", "#2456d6", "#e6e9ef", "#ffffff"
_TITLE: Final = 50  # characters of the question on a line
_LINES: Final = 4


def chart(poll: Poll, tally: Tally) -> File:
    """Draw it. The words of a poll are untrusted: what the font does not have is drawn as a box."""
    from PIL import Image, ImageDraw, ImageFont  # large, and seldom needed

    title = _wrapped(poll.question)
    top = _EDGE + len(title) * 44 + 20
    high = top + len(poll.options) * _ROW + 60
    picture = Image.new("RGB", (_WIDE, high), _PAPER)
    draw = ImageDraw.Draw(picture)
    big, plain = ImageFont.load_default(34), ImageFont.load_default(24)
    for place, line in enumerate(title):
        draw.text((_EDGE, _EDGE + place * 44), line, fill=_INK, font=big)
    for place, option in enumerate(poll.options):
        share = tally.counts[place] / tally.voters if tally.voters else 0.0
        y = top + place * _ROW
        said = words_polls.COUNTED.format(
            letter=ballots.letter(place),
            option=shorten(option, 56),
            count=tally.counts[place],
            share=f"{share:.0%}",
        )
        draw.text((_EDGE, y), said, fill=_INK, font=plain)
        right = _WIDE - _EDGE
        draw.rounded_rectangle((_EDGE, y + 36, right, y + 36 + _BAR), 6, fill=_EMPTY)
        if share:
            long = _EDGE + max(round((right - _EDGE) * share), 12)
            draw.rounded_rectangle((_EDGE, y + 36, long, y + 36 + _BAR), 6, fill=_FILL)
    foot = words_polls.VOTERS.format(voters=tally.voters, asked=tally.asked)
    draw.text((_EDGE, high - 54), foot, fill=_SOFT, font=plain)
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return File(words_polls.CHART_NAME.format(name=shorten(poll.name, 60)), "image/png", written.getvalue())


def _wrapped(text: str) -> list[str]:
    """Break a question into lines, the last one cut where there are too many."""
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > _TITLE and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word[:_TITLE]}".strip()
    kept = lines[:_LINES]
    return kept if len(lines) <= _LINES else [*kept[:-1], f"{kept[-1][: _TITLE - 1]}…"]
