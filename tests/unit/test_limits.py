"""Every sentence and every card, with the longest that people can put into them, on Slack and Telegram."""

import itertools
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_args

import pytest

from bridge.model.effects import Body
from bridge.model.nouns import Contact, Conversation, Subscription, Thread
from bridge.model.shapes import Button, Card, Post
from bridge.render import words
from bridge.render.card import button, card, removed
from bridge.render.post import notice
from connectors.chat.slack import panels, views
from tests.emulators.slack.views import check_view
from tests.limits import check, check_whisper
from tests.unit.panels.crowd import DESK, LISTS, NAME, NOW, TEXT, id_, world

ON_A_PRESS = {"PANEL_IS_OLD"}  # what Telegram shows on the button itself


def sentences() -> Iterator[tuple[str, str]]:
    """Find everything that words can say, by its name."""
    for name, said in vars(words).items():
        if name.isupper() and isinstance(said, str):
            yield name, said
        elif name.isupper() and isinstance(said, dict):
            yield from ((f"{name}[{key}]", one) for key, one in said.items())


SENTENCES = dict(sentences())


class Filled(dict[str, str]):
    """Whatever is asked for is that long."""

    def __init__(self, long: str) -> None:
        self.long = long

    def __missing__(self, name: str) -> str:
        return self.long


def filled(said: str, long: str) -> str:
    """Fill every name in braces; a sentence that explains braces to people has none to fill."""
    return said if "{first_name|" in said and "{{" not in said else said.format_map(Filled(long))


def test_nothing_in_words_is_left_out() -> None:
    public = {name for name in vars(words) if name.isupper()}
    assert {name.partition("[")[0] for name in SENTENCES} == public
    assert len(SENTENCES) > 250


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_can_be_said_whatever_stands_in_it(name: str) -> None:
    said = SENTENCES[name]
    for long in ("", NAME, TEXT):
        text = filled(said, long)
        check(notice(text))
        check(Card(text, ((text, text),) * 8, text, (button("press", text or "x", id_(1)),)))
        check_view(views.sure(text or "x", text, {"value": id_(1)}), "modal")
    named = filled(said, NAME)
    check(Post(named, TEXT * 7, foot=named, buttons=(button("press", named or "x", id_(1)),)))
    check(Post("Ana", "Hello", foot=filled(said, TEXT)))
    if name.endswith("_CONFIRM"):
        check(Post("", "x", buttons=(Button("press", "Do it", id_(1), True, said),)))
    if name in ON_A_PRESS:
        check_whisper(said)


@pytest.mark.parametrize("name", sorted(name for name in SENTENCES if name.endswith("_TITLE")))
def test_a_title_is_read_whole(name: str) -> None:
    assert panels.plain(SENTENCES[name], 24)["text"] == SENTENCES[name]


# -- cards ---------------------------------------------------------------------------------------------------

MAYBE = (None, NOW)
ADDRESSES = (("+15550100142", "e164"), ("72645", "short_code"), ("W" * 40, "name"))


def cards() -> Iterator[Card]:
    """Draw every state that a conversation can be in."""
    ours = world()
    lists = [Subscription(id_(1), f"{n:02d}{'list' * 12}", NOW) for n in range(LISTS)]
    states = itertools.product(
        ADDRESSES,
        MAYBE,
        MAYBE,
        MAYBE,
        MAYBE,
        ("open", "resolved"),
        ("all", "natural"),
        ("direct", "explicit"),
    )
    for (address, kind), opted, unsubscribed, doubted, blocked, state, display, mode in states:
        contact = Contact(
            id_(1),
            address,
            kind,
            NAME,
            opted,
            unsubscribed,
            doubted,
            blocked_at=blocked,  # type: ignore[arg-type]
        )
        talk = Conversation(
            id_(2),
            id_(1),
            next(iter(ours.lines)),
            state,
            NAME,
            NOW,  # type: ignore[arg-type]
        )
        thread = Thread(id_(3), id_(2), DESK, "1", display=display)  # type: ignore[arg-type]
        desk = replace(ours.desks[DESK], reply_mode=mode)
        yield card(ours, desk, thread, contact, talk, lists)
    yield removed(NAME)


def test_every_state_of_a_card() -> None:
    drawn = list(cards())
    for one in drawn:
        check(one)
    assert {one.notice for one in drawn} >= {
        said for name, said in SENTENCES.items() if name.startswith("CARD_")
    }


def test_every_effect_that_shows_something_is_known_to_the_walk() -> None:
    """tests/unit/decide/world.py draws what these carry; an effect with another shape must be added there."""
    showing = {kind.__name__ for kind in get_args(Body) if any(_shows(one.type) for one in fields(kind))}
    assert showing == {
        "OpenThread",
        "PostToThread",
        "EditPost",
        "UpdateCard",
        "ShowBulletin",
        "TellPrivately",
        "RemoveThread",
    }


def _shows(kind: Any) -> bool:
    return kind in (Post, Card, "Post", "Card")
