"""Which text a tapback means."""

from bridge.render.tapbacks import Meant, meant

OURS = [Meant("new", "See you at 5"), Meant("pic", "Look", True), Meant("old", "See you\nat 5")]


def test_the_newest_of_equal_ones_is_meant() -> None:
    assert meant("See you at 5", OURS) == "new"
    assert meant("See you at 5", OURS[1:]) == "old"


def test_phones_cut_long_texts_short_and_make_quotes_typographic() -> None:
    long = [Meant("a", "It's open from nine to noon, and the gate is behind the church")]
    assert meant("It’s open from nine to noon, and…", long) == "a"
    assert meant("It’s open from nine to noon, and", long) is None
    assert meant("…", long) is None


def test_a_picture_is_meant_by_its_kind() -> None:
    assert meant("<image>", OURS) == "pic"
    assert meant("<image>", OURS[:1]) is None


def test_what_we_never_wrote_is_not_found() -> None:
    assert meant("Something else", OURS) is None
    assert meant("", OURS) is None
