"""Splitting posts."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.model.shapes import Button, Post
from bridge.render.clusters import clusters, cut, units
from bridge.render.post import notice, split

PIECES = st.sampled_from(
    [
        "a",
        " ",
        "\n",
        "\r\n",
        "é",
        "e\u0301",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "👍🏽",
        "1️⃣",
        "한",
        "각",
        "word",
        "ж",
        "\u200d",
        "☠️",
    ]
)


def test_a_short_post_stays_whole() -> None:
    post = Post("Ana", "Hello", foot="small")
    assert split(post, 100) == (post,)
    assert notice("Hm").style == "notice"


def test_a_long_post_is_cut_between_words_and_ends_with_what_belongs_at_the_end() -> None:
    post = Post("Ana", "word " * 60, buttons=(Button("a", "b", "c"),), media=("m",), foot="f", resurface=True)
    parts = split(post, 100)
    assert "".join(part.body for part in parts) == post.body
    assert all(part.body.endswith("word ") for part in parts)
    assert [part.head for part in parts] == [f"Ana ({i + 1}/{len(parts)})" for i in range(len(parts))]
    assert [bool(part.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]
    assert (parts[-1].media, parts[-1].foot, parts[0].foot) == (("m",), "f", "")
    assert [part.resurface for part in parts] == [True] + [False] * (len(parts) - 1)


def test_what_is_seen_as_one_stays_one() -> None:
    seen = ["👨‍👩‍👧‍👦", "🇩🇪", "🇫🇷", "👍🏽", "e\u0301", "1️⃣", "\r\n", "각", "a"]
    assert list(clusters("".join(seen))) == seen


@given(st.lists(PIECES, max_size=80).map("".join), st.integers(12, 60))
def test_pieces_join_to_the_whole_and_fit(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join(pieces) == text
    assert all(units(piece) <= limit for piece in pieces)
    assert all(pieces) or pieces == [""]


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_seam_inside_a_character(text: str) -> None:
    whole = list(clusters(text))
    if all(units(c) <= 20 for c in whole):
        assert [c for piece in cut(text, 20) for c in clusters(piece)] == whole


@given(st.text(max_size=3000), st.integers(200, 400))
def test_parts_fit_their_desk(text: str, limit: int) -> None:
    parts = split(Post("Somebody", text, foot="a reason"), limit)
    assert "".join(part.body for part in parts) == text
    assert all(units(p.head) + units(p.body) + units(p.foot) <= limit for p in parts)
