"""Panels within Slack's limits, whatever stands in them, and literally."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from connectors.chat.slack import panels
from tests.emulators.slack.views import check_view

LONG = "<!channel> *x* " * 700
WHERE = panels.Where("slack.support", "1700000000.000100", "1700000000.000200", "p", "v")


def row(number: int, text: str) -> Row:
    """A row with no, one or two buttons, or one that leads to a thread."""
    buttons = tuple(Button("role", text or "x", text[:300], True, text) for _ in range(number % 3))
    return Row(text, text, buttons, thread="1.2" if number % 2 else None)


def full(text: str) -> Panel:
    """A panel with everything, all of it as long as it may come."""
    option = tuple((f"{n}{text}", text or "x") for n in range(150))
    return Panel(
        "full",
        text,
        text,
        rows=tuple(row(n, text) for n in range(120)),
        fields=(
            Field("a", text or "x", "line", text, hint=text, max_length=9000),
            Field("b", text or "x", "text", text, hint=text, max_length=9000),
            Field("c", text or "x", "choice", f"3{text}", option),
            Field("d", text or "x", "person", text, ((text, text),), hint=text),
        ),
        submit=Button("set", text or "x", text[:500]),
        buttons=tuple(opens("inbox", text or "x", text[:300]) for _ in range(12)),
        kept=(("name", text[:200]),),
    )


def links(ref: str) -> str:
    return f"https://team.slack.test/archives/C1/p{ref}"


@pytest.mark.parametrize("text", ["", "x", LONG, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 900])
def test_the_longest_panel_is_accepted(text: str) -> None:
    check_view(panels.modal(full(text), WHERE, links), "modal")
    more = tuple(opens("new", text or "x") for _ in range(25))
    check_view(panels.home(full(text), WHERE, links, more), "home")


@given(st.text(max_size=400))
@settings(max_examples=40, deadline=None)
def test_any_text_is_accepted_and_nothing_is_markup(text: str) -> None:
    view = panels.modal(full(text), WHERE, links)
    check_view(view, "modal")
    assert "mrkdwn" not in json.dumps(view)


def test_what_a_form_does_comes_back_with_it() -> None:
    panel = Panel("setting", "Settings", submit=Button("set", "Save", "v1"), kept=(("name", "display"),))
    view: dict[str, Any] = panels.modal(panel, WHERE, links)
    read = panels.read(view)
    assert read is not None
    assert (read.action, read.carries, read.kept, read.thread) == (
        "set",
        "v1",
        {"name": "display"},
        WHERE.thread,
    )
    assert panels.read({"private_metadata": "["}) is None
    assert panels.read({"private_metadata": '{"desk": "x", "else": 1}'}) is None
