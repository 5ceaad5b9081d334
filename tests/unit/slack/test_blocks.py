"""Cards and posts as Block Kit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.model.shapes import Button, Card, Post
from connectors.chat.slack import blocks, views


def kinds(drawn: list[dict[str, Any]]) -> list[str]:
    return [block["type"] for block in drawn]


def texts(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(texts(inner) for inner in value.values())
    return sum(map(texts, value)) if isinstance(value, list) else 0


def test_cards_hold_no_rich_text_and_posts_always_do() -> None:
    card = Card("Bob", (("Line", "main"),), notice="Opted out", buttons=(Button("resolve", "Resolve", "t1"),))
    assert kinds(blocks.card_blocks(card)) == ["header", "section", "section", "actions"]
    assert kinds(blocks.card_blocks(Card("Removed by Anna", (), closed=True))) == ["section"]
    assert kinds(blocks.post_blocks(Post("", "", foot="why")))[0] == "rich_text"


def test_nothing_is_markup() -> None:
    card = Card("*Bob*", (("_a_", "`b`"),), notice="~c~", menu=(Button("x", "<!here>", "1"),))
    drawn = str(blocks.card_blocks(card) + blocks.post_blocks(Post("*h*", "_b_", foot="`f`")))
    assert "mrkdwn" not in drawn
    assert blocks.post_text(Post("", "<!channel> & co")) == "&lt;!channel&gt; &amp; co"


def test_buttons_carry_their_action_and_value() -> None:
    button = Button("remove", "Remove", "t1", danger=True, confirm="Sure?")
    [row] = blocks.post_blocks(Post("h", "b", buttons=(button,)))[1:]
    [element] = row["elements"]
    assert (element["action_id"], element["value"], element["style"]) == ("tl:remove:0", "t1", "danger")
    assert element["confirm"]["text"]["text"] == "Sure?"
    assert blocks.pressed(element) == ("remove", "t1", False)


def test_rows_of_five() -> None:
    many = tuple(Button(f"a{n}", "A", str(n)) for n in range(7))
    rows = blocks.post_blocks(Post("h", "b", buttons=many))[1:]
    assert [len(row["elements"]) for row in rows] == [5, 2]


def test_menus_hold_five_and_the_rest_become_buttons() -> None:
    menu = tuple(Button(f"a{n}", f"Entry {n}", "t1", confirm="Sure?" if n == 1 else "") for n in range(6))
    [row] = blocks.card_blocks(Card("Bob", (), menu=menu))[1:]
    button, overflow = row["elements"]
    assert (button["action_id"], overflow["type"], len(overflow["options"])) == ("tl:a5:0", "overflow", 5)
    chosen = {"action_id": overflow["action_id"], "selected_option": overflow["options"][1]}
    assert blocks.pressed(chosen) == ("a1", "t1", True)
    assert blocks.pressed({**chosen, "selected_option": overflow["options"][2]}) == ("a2", "t1", False)


def test_a_menu_value_too_long_for_a_menu_becomes_a_button() -> None:
    [row] = blocks.card_blocks(Card("Bob", (), menu=(Button("say", "Say", "v" * 151),)))[1:]
    assert row["elements"][0]["value"] == "v" * 151


@pytest.mark.parametrize("action_id", ["", "other", "tl:x", "tl:a:b:c", "xx:resolve:0"])
def test_buttons_of_others_are_not_ours(action_id: str) -> None:
    assert blocks.pressed({"action_id": action_id, "value": "1"}) is None


def test_a_value_with_colons_survives_a_menu() -> None:
    [row] = blocks.card_blocks(Card("Bob", (), menu=(Button("say", "Say", "a:b:c"),)))[1:]
    [overflow] = row["elements"]
    pressed = {"action_id": overflow["action_id"], "selected_option": overflow["options"][0]}
    assert blocks.pressed(pressed) == ("say", "a:b:c", False)


@given(st.text(min_size=0, max_size=12_000), st.text(max_size=2000), st.integers(0, 12))
def test_messages_stay_below_the_limits(body: str, head: str, count: int) -> None:
    buttons = tuple(Button(f"a{n}", head * 2, "v", confirm=body) for n in range(count))
    drawn = blocks.post_blocks(Post(head, body, buttons=buttons, foot=head))
    assert texts(drawn) <= 12_000 and len(drawn) <= 50
    assert 1 <= len(blocks.post_text(Post(head, body))) <= 4000
    card = blocks.card_blocks(Card(head, ((head, body),) * count, notice=body, buttons=buttons, menu=buttons))
    assert texts(card) <= 12_000 and len(card) <= 50


@given(st.text(alphabet="ab🏳️‍🌈\u0301", max_size=blocks.MAX_BODY))
def test_a_body_is_split_and_not_changed(body: str) -> None:
    [rich] = blocks.post_blocks(Post("", body))
    shown = "".join(element["text"] for element in rich["elements"][0]["elements"])
    assert shown == (body or "📎")


def test_forms_bring_back_what_they_carried() -> None:
    view = views.sure("Remove", "Sure?", {"action": "remove", "value": "t1"})
    assert views.kept(view) == {"action": "remove", "value": "t1"}
    assert views.kept({"private_metadata": "["}) == views.kept({"private_metadata": "[]"}) == {}
    assert len(view["submit"]["text"]) <= 24
