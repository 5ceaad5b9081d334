"""Panels as Telegram shows them: within its limits, literally, and their buttons after a restart."""

import pytest

from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from connectors.chat.telegram import panels
from connectors.chat.telegram.panels import KEPT, Kept, Tokens
from connectors.chat.telegram.words import units

LONG = "@anna /remove https://example.org " * 200


def data(markup: object) -> list[str]:
    return [b.callback_data for row in markup.inline_keyboard for b in row]  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["x", LONG, "\U0001f600" * 3000])
def test_the_longest_panel_fits(text: str) -> None:
    rows = tuple(Row(text, text, (opens("use", text, text),), thread="7") for _ in range(90))
    panel = Panel("full", text, text, rows, buttons=(opens("new", text),), usage=(text,))
    shown, markup = panels.shown(panel, Tokens(), lambda ref: f"https://t.me/c/1/{ref}")
    assert units(shown.text) <= 4096
    assert markup is not None
    assert all(1 <= len(one.encode()) <= 64 for one in data(markup))
    assert len(data(markup)) <= 100
    assert panels.is_panel(markup)
    assert "@anna" not in shown.text


def test_a_choice_is_buttons_and_the_one_in_force_is_marked() -> None:
    field = Field("value", "Display", "choice", "all", (("natural", "Natural"), ("all", "All")))
    panel = Panel(
        "setting", "Settings", fields=(field,), submit=Button("set", "Save", ""), kept=(("name", "display"),)
    )
    tokens = Tokens()
    _, markup = panels.shown(panel, tokens, str)
    assert markup is not None
    labels = [button.text for row in markup.inline_keyboard for button in row]
    assert labels == ["Natural", "✓ All", "Close"]
    first = tokens.get(data(markup)[0].removeprefix(f"{KEPT}:"))
    assert first == Kept("set", "", (("name", "display"), ("value", "natural")))
    assert Tokens().get(data(markup)[0].removeprefix(f"{KEPT}:")) is None, "after a restart"


def test_only_a_filled_template_can_be_sent_by_a_press() -> None:
    field = Field("text", "Message", "text", "Hello there")
    use = Panel(
        "use", "Hi", fields=(field,), submit=Button("reply", "Send", "t1"), kept=(("template", "Hi"),)
    )
    shown, markup = panels.shown(use, Tokens(), str)
    assert "Hello there" in shown.text
    assert [b.text for row in markup.inline_keyboard for b in row] == ["Send", "Close"]  # type: ignore[union-attr]
    new = Panel(
        "new",
        "New",
        fields=(Field("number", "Number", "person"),),
        submit=Button("new", "Start", ""),
        usage=("new NUMBER",),
    )
    shown, markup = panels.shown(new, Tokens(), str)
    assert "/new NUMBER" in shown.text.replace("\u200b", "")
    assert [b.text for row in markup.inline_keyboard for b in row] == ["Close"]  # type: ignore[union-attr]
