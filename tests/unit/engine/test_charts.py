"""A poll as a picture: bars as long as their shares, whatever the words are."""

import io

import pytest
from PIL import Image

from bridge.engine.charts import chart
from bridge.model.outreach import Poll, Tally


def drawn(poll: Poll, tally: Tally) -> Image.Image:
    file = chart(poll, tally)
    assert file.content_type == "image/png"
    return Image.open(io.BytesIO(file.data)).convert("RGB")


def blue(picture: Image.Image) -> list[int]:
    """How long the bar of each option is, from the top."""
    bars, inside = [], False
    for y in range(picture.height):
        row = sum(picture.getpixel((x, y)) == (0x24, 0x56, 0xD6) for x in range(0, picture.width, 2)) * 2
        if row > 8 and not inside:
            bars.append(0)
        inside = row > 8
        if inside:
            bars[-1] = max(bars[-1], row)
    return bars


def test_bars_are_as_long_as_their_shares() -> None:
    poll = Poll("p", "Monday?", "Do we meet on Monday?", ("Yes", "No", "Maybe later"))
    yes, no = blue(drawn(poll, Tally((6, 3, 0), 9, 12, 1)))
    assert yes == pytest.approx(2 * no, rel=0.05)


@pytest.mark.parametrize("words", ["x" * 1600, "Ça va? 你好 👩‍👩‍👧 " * 60, "a\u202eb\n\n\tc", ""])
def test_any_words_can_be_drawn(words: str) -> None:
    options = tuple(f"{place}{words[:79]}" for place in range(10))
    picture = drawn(Poll("p", words, words, options, True), Tally((0,) * 10, 0, 0, 0))
    assert picture.width == 1000
    assert blue(picture) == []
