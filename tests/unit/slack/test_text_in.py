"""What staff wrote, read as the person with the phone will read it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.slack import emoji
from connectors.chat.slack.blocks import escape
from connectors.chat.slack.text_in import Named, named_in, read, unescape

NAMES = {("user", "U1"): "Ben", ("channel", "C1"): "support", ("usergroup", "S1"): "desk"}


def name_of(named: Named) -> str:
    return NAMES.get(named, "colleague")


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def rich(*containers: dict[str, Any]) -> dict[str, Any]:
    return {"text": "not this", "blocks": [{"type": "rich_text", "elements": list(containers)}]}


BEN = {"type": "user", "user_id": "U1"}
LIST = {
    "type": "rich_text_list",
    "style": "ordered",
    "elements": [section(text("tea")), section(text("milk"))],
}

RICH = [
    ("plain", [text("a *b* <c> & :d:")], "a *b* <c> & :d:"),
    ("emoji", [{"type": "emoji", "name": "+1", "unicode": "1f44d"}], "👍"),
    ("skin tone", [{"type": "emoji", "name": "+1", "skin_tone": 4, "unicode": "1f44d-1f3fd"}], "👍🏽"),
    ("family", [{"type": "emoji", "name": "x", "unicode": "1f468-200d-1f469-200d-1f467"}], "👨‍👩‍👧"),
    ("emoji without code", [{"type": "emoji", "name": "tada"}], "🎉"),
    ("custom emoji", [{"type": "emoji", "name": "party_parrot"}], ":party_parrot:"),
    ("broken code", [{"type": "emoji", "name": "x", "unicode": "zz"}], ":x:"),
    ("user", [text("ask "), BEN], "ask @Ben"),
    ("user group", [{"type": "usergroup", "usergroup_id": "S1"}, text("!")], "@desk!"),
    ("channel", [text("see "), {"type": "channel", "channel_id": "C1"}], "see #support"),
    ("nobody", [text("ask "), {"type": "user", "user_id": "U9"}], "ask @colleague"),
    ("broadcast", [text("hey "), {"type": "broadcast", "range": "here"}], "hey @here"),
    ("link", [{"type": "link", "url": "https://example.org/a?b=1&c=2"}], "https://example.org/a?b=1&c=2"),
    ("typed host", [{"type": "link", "url": "http://example.org", "text": "example.org"}], "example.org"),
    ("label", [{"type": "link", "url": "https://e.org/x", "text": "here"}], "here (https://e.org/x)"),
    ("mail", [{"type": "link", "url": "mailto:a@e.org", "text": "a@e.org"}], "a@e.org"),
    ("phone", [{"type": "link", "url": "tel:+15550100199", "text": "+15550100199"}], "+15550100199"),
    ("bare mail", [{"type": "link", "url": "mailto:a@e.org"}], "a@e.org"),
    ("date", [{"type": "date", "timestamp": 1, "format": "{date}", "fallback": "1 May"}], "1 May"),
    ("colour", [{"type": "color", "value": "#ff0000"}], "#ff0000"),
    ("something new", [{"type": "hologram", "text": "hm"}], "hm"),
]


@pytest.mark.parametrize(("elements", "words"), [case[1:] for case in RICH], ids=[case[0] for case in RICH])
def test_rich_text(elements: list[dict[str, Any]], words: str) -> None:
    assert read(rich(section(*elements)), name_of).text == words


def test_lists_quotes_and_code_stand_on_lines_of_their_own() -> None:
    quote = {"type": "rich_text_quote", "elements": [text("you said\nthis")]}
    code = {"type": "rich_text_preformatted", "elements": [text("#42")]}
    bullets = {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [section(text("oat"))]}
    message = rich(section(text("Bring:\n")), LIST, bullets, quote, section(text("or")), code)

    assert read(message, name_of).text == "Bring:\n1. tea\n2. milk\n  • oat\n> you said\n> this\nor\n#42"


def test_a_list_goes_on_counting() -> None:
    assert read(rich({**LIST, "offset": 2}), name_of).text == "3. tea\n4. milk"


PLAIN = [
    ("R&amp;D: 1 &lt; 2 &gt; 0", "R&D: 1 < 2 > 0"),
    ("&amp;lt; stays", "&lt; stays"),
    (
        "<https://e.org|here> and <https://e.org/?a=1&amp;b=2>",
        "here (https://e.org) and https://e.org/?a=1&b=2",
    ),
    ("<mailto:a@e.org|a@e.org> <tel:+15550100199|(555) 010-0199>", "a@e.org (555) 010-0199 (+15550100199)"),
    (
        "<@U1> <@U1|ben> <#C1|old> <!subteam^S1|@x> <!here> <!channel|channel>",
        "@Ben @Ben #support @desk @here @channel",
    ),
    ("<!date^1700000000^{date}|14 Nov>", "14 Nov"),
    (":+1::skin-tone-3: :tada: :nope: at 10:30:45", "👍🏼 🎉 :nope: at 10:30:45"),
    (":+1: :flag-de: :us: :man-shrugging: :slightly_smiling_face:", "👍 🇩🇪 🇺🇸 🤷‍♂️ 🙂"),
]


@pytest.mark.parametrize(("raw", "words"), PLAIN)
def test_text_without_blocks(raw: str, words: str) -> None:
    assert read({"text": raw}, name_of).text == words
    assert read({"text": raw, "blocks": [{"type": "section"}]}, name_of).text == words


MENTIONS = [
    (rich(section(BEN, text(" can you?"))), True),
    (rich(section(text("  \n"), BEN)), True),
    (rich(section({"type": "usergroup", "usergroup_id": "S1"})), True),
    (rich(section({"type": "broadcast", "range": "here"}, text(" look"))), True),
    (rich(section(text("hey "), BEN)), False),
    (rich(section({"type": "channel", "channel_id": "C1"})), False),
    (rich(), False),
    ({"text": " <@U1> can you?"}, True),
    ({"text": "<!subteam^S1> hi"}, True),
    ({"text": "<!here> hi"}, True),
    ({"text": "<https://e.org> hi"}, False),
    ({"text": "hey <@U1>"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("message", "begins"), MENTIONS)
def test_what_begins_with_a_mention(message: dict[str, Any], begins: bool) -> None:
    assert read(message, name_of).starts_with_mention is begins


def test_whom_a_message_names() -> None:
    inner = {"type": "rich_text_list", "style": "bullet", "elements": [section(BEN)]}
    assert named_in(rich(inner, section({"type": "channel", "channel_id": "C1"}))) == {
        ("user", "U1"),
        ("channel", "C1"),
    }
    assert named_in({"text": "<@U1> <!subteam^S1> <!here>"}) == {("user", "U1"), ("usergroup", "S1")}


@given(st.text())
def test_escaping_is_undone(words: str) -> None:
    assert unescape(escape(words)) == words


@given(st.text())
def test_any_text_can_be_read(words: str) -> None:
    read({"text": words}, name_of)


@given(st.text().filter(lambda words: words.strip()))
def test_rich_text_is_literal(words: str) -> None:
    assert read(rich(section(text(words))), name_of).text == words.strip()


def test_emoji_by_name() -> None:
    assert emoji.by_name("thumbsup") == emoji.by_name("+1") == "👍"
    assert emoji.by_name("+1", 6) == "👍🏿"
    assert emoji.by_name("man-shrugging", 2) == "🤷🏻‍♂️"
    assert emoji.by_name("flag-zz-top") is None
    assert emoji.by_name("no_such_thing") is None
