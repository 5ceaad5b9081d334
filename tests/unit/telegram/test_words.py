"""What goes out to Telegram: inert, and never longer than it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bridge.model.shapes import Button, Card, Post
from connectors.chat.telegram import words
from tests.emulators.telegram.markup import FormattedText, automatic_entities

_ACTING = {"mention", "bot_command"}


def _acts(text: str) -> list[str]:
    return [e["type"] for e in automatic_entities(FormattedText(text)) if e["type"] in _ACTING]


@pytest.mark.parametrize(
    "text",
    [
        "@anna",
        "hey @everyone!",
        "(@anna)",
        "/remove",
        "please /unsubscribe@threadline_bot now",
        "a.zz/@anna",
        "https://a.zz:/@anna",
        "-/resolve",
        "é@anna and\n/remove",
        "@/remove/@anna",
        "<b>@anna</b> *@anna* `/remove`",
    ],
)
def test_names_and_commands_do_nothing(text: str) -> None:
    shown = words.inert(text)

    assert _acts(shown) == []
    assert shown.replace("\u2060", "") == text


@pytest.mark.parametrize(
    "text",
    [
        "mail ana@example.org or a.b+c@example.org",
        "see https://www.tiktok.com/@ana/video/1 and https://example.org/-/blob",
        "5/6, and/or, 24/7, 12 / 2, a @ b",
        "at 5 pm @",
    ],
)
def test_what_cannot_act_is_left_alone(text: str) -> None:
    assert words.inert(text) == text


@given(st.text(alphabet=st.sampled_from("@/ab_1 .:-\n<h"), max_size=40))
def test_nothing_acts_and_nothing_visible_changes(text: str) -> None:
    shown = words.inert(text)

    assert _acts(shown) == []
    assert shown.replace("\u2060", "") == text


@given(st.text(max_size=300), st.integers(10, 60))
def test_splitting_keeps_every_word_within_the_limit(text: str, limit: int) -> None:
    parts = words.split(text, limit)

    assert all(words.units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("body", ["x" * 3500, "😀" * 3500, "@a " * 1200, "word\n" * 1500])
def test_a_long_post_fits_in_utf16_units(body: str) -> None:
    parts = words.post(Post("Bob", body, foot="why"))

    assert all(words.units(part.text) <= words.TEXT_UNITS for part in parts)
    assert parts[0].text.startswith("Bob\n") and parts[-1].text.endswith("\nwhy")
    shown = "".join(part.text for part in parts).replace("\u2060", "")
    assert len("".join(shown.split())) == len("".join(f"Bob{body}why".split()))


def test_entities_are_counted_in_utf16_units() -> None:
    [part] = words.post(Post("😀 Bob", "Hi", foot="natural"))

    bold, italic = part.entities
    assert (bold.offset, bold.length) == (0, 6)
    raw = part.text.encode("utf-16-le")
    assert raw[italic.offset * 2 : (italic.offset + italic.length) * 2].decode("utf-16-le") == "natural"


def test_a_card_says_who_this_is_and_is_inert() -> None:
    card = Card(
        "@bob", (("Number", "(555) 010-0199"), ("Waiting", "")), notice="Opted out: /nothing goes out"
    )

    drawn = words.card(card)

    assert drawn.text.replace("\u2060", "").split("\n") == [
        "@bob",
        "Number: (555) 010-0199",
        "⚠️ Opted out: /nothing goes out",
    ]
    assert _acts(drawn.text) == []


def test_an_endless_card_fits() -> None:
    card = Card("😀" * 999, tuple((str(n), "😀" * 999) for n in range(30)), notice="😀" * 999)

    assert words.units(words.card(card).text) <= words.TEXT_UNITS


@pytest.mark.parametrize(
    ("title", "name"),
    [("Bob\nMiller", "Bob Miller"), ("", "…"), ("x" * 200, "x" * 127 + "…"), ("😀" * 90, None)],
)
def test_a_topic_has_a_name_of_one_line(title: str, name: str | None) -> None:
    shown = words.topic_name(Card(title, ()))

    assert 1 <= words.units(shown) <= 128
    assert name is None or shown == name


# -- buttons -------------------------------------------------------------------------------------------------

_ID = "01jd3k5x8y9z0a1b2c3d4e5f6g"


def test_buttons_stand_in_pairs_and_carry_at_most_64_bytes() -> None:
    buttons = (
        Button("resolve", "Resolve", _ID),
        Button("assign", "I take it", _ID),
        Button("unsubscribe", "Unsubscribe contact from all", _ID, danger=True, confirm="Sure?"),
        Button("correct", "Too much", "x" * 64),
        Button("leave", " ", _ID),
    )

    markup = words.keyboard(buttons)

    assert markup is not None
    rows = [[button.callback_data for button in row] for row in markup.inline_keyboard]
    assert rows == [[f"resolve:{_ID}", f"assign:{_ID}"], [f"?unsubscribe:{_ID}"]]
    assert all(len(str(data).encode()) <= 64 for row in rows for data in row)
    assert [words.fits(button) for button in buttons] == [True, True, True, False, False]


def test_a_closed_card_has_no_buttons() -> None:
    assert words.card_keyboard(Card("Bob", (), buttons=(Button("a", "A", ""),), closed=True)) is None
    assert words.keyboard(()) is None


def test_the_question_stands_under_the_buttons_and_leaves_without_a_trace() -> None:
    plain = words.keyboard((Button("remove", "Remove", _ID, confirm="Sure?"), Button("resolve", "Done", _ID)))

    asked = words.asking(plain, f"?remove:{_ID}")
    twice = words.asking(asked, f"?remove:{_ID}")

    assert asked == twice
    question = asked.inline_keyboard[-1]
    assert [(b.text, b.callback_data) for b in question] == [
        ("Yes: Remove", f"remove:{_ID}"),
        ("No", words.LEAVE),
    ]
    assert words.left(asked) == plain


def test_a_message_that_telegram_does_not_show_us_can_still_ask() -> None:
    asked = words.asking(None, "?remove:1")

    assert asked == InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Yes", callback_data="remove:1", style="danger"),
                InlineKeyboardButton("No", callback_data=words.LEAVE),
            ]
        ]
    )
    assert words.left(asked) is None
