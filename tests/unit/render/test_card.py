"""Cards, moments and the catalogue of words."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.model.decision import Desk, Line, Organisation, World
from bridge.model.nouns import Contact, Conversation, Subscription, Thread
from bridge.model.traits import ChatTraits, Rate, SmsTraits
from bridge.render import words
from bridge.render.card import LABEL, button, card, looks, removed
from bridge.render.segments import measure
from bridge.render.times import moment

DESK = Desk("chat", ChatTraits(Rate(1), Rate(1), 3000), "Slack")
SMS = SmsTraits(Rate(1), 1600)
ONE = {"main": Line("main", "+15550100001", ("chat",), SMS)}
TWO = {**ONE, "spanish": Line("spanish", "+15550100002", ("chat",), SMS)}


def drawn(
    lines: dict[str, Line] = ONE, desk: Desk = DESK, lists: tuple[str, ...] = (), **contact: Any
) -> Any:
    world = World(Organisation("Union", "", "US", "America/New_York"), lines, {"chat": desk})
    subscriptions = [Subscription("c", name, 1.0) for name in lists]
    who = Contact("c", **{"address": "+15550100777", **contact})
    conversation = Conversation("k", "c", "main", waiting_since=1_700_000_000.0)
    return card(world, desk, Thread("t", "k", "chat"), who, conversation, subscriptions)


def test_a_card_says_who_where_and_how() -> None:
    shown = drawn(name="Maria", lists=("soup", "pizza"))
    assert shown.title == "Maria"
    assert dict(shown.facts) == {
        "Number": "(555) 010-0777",
        "Line": "(555) 010-0001",
        "Subscription": "Subscribed to pizza, soup",
        "On it": "nobody yet",
        "Waiting since": "Tue 14 Nov, 17:13",
        "Mode": "Everything you write here is sent as a text",
    }
    assert [b.action for b in (*shown.buttons, *shown.menu)] == [
        "resolve",
        "assign",
        "panel",
        "panel",
        "unsubscribe",
        "remove",
        "show_all",
    ]
    assert {b.value for b in (*shown.buttons, *shown.menu)} == {"t", "pick:", "contact:"}
    assert dict(drawn(TWO).facts)["Line"] == "(555) 010-0001 (main)"
    assert dict(drawn(address="+447700900123").facts)["Number"] == "+44 7700 900123"


@pytest.mark.parametrize(
    ("contact", "notice", "state"),
    [
        ({}, "", words.STATE_NO_LIST),
        (
            {"opted_out_at": 0.0, "unsubscribed_at": 1.0},
            words.CARD_OPTED_OUT,
            "Opted out since Wed 31 Dec, 19:00",
        ),
        ({"unsubscribed_at": 1.0}, "", words.STATE_UNSUBSCRIBED),
        ({"doubted_at": 1.0}, words.CARD_DOUBTED, words.STATE_DOUBTED),
        ({"address": "PARCELS", "address_kind": "name"}, words.CARD_NAME, words.STATE_NO_LIST),
        ({"blocked_at": 1.0}, words.CARD_BLOCKED, words.STATE_NO_LIST),
    ],
)
def test_the_state_of_a_subscription(contact: dict[str, Any], notice: str, state: str) -> None:
    shown = drawn(**contact)
    assert shown.notice == notice
    assert dict(shown.facts)["Subscription"] == state


def test_a_removed_conversation_keeps_no_number() -> None:
    shown = removed("Ana")
    assert shown.title == "Conversation removed by Ana"
    assert shown.closed
    assert not shown.facts


def test_labels_fit() -> None:
    assert len(button("a", "x" * 200, "v").label) == LABEL


def test_moments_in_any_zone() -> None:
    assert moment(0.0, "Asia/Kolkata") == "Thu 1 Jan, 05:30"
    assert moment(0.0, "No/Where") == "Thu 1 Jan, 00:00"
    assert moment(0.0, "") == "Thu 1 Jan, 00:00"


CATALOGUE = {name: value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_sentence_can_be_filled_in(name: str) -> None:
    fields = {field for _, field, _, _ in string.Formatter().parse(CATALOGUE[name]) if field}
    assert CATALOGUE[name].format(**dict.fromkeys(fields, "{x}"))


@pytest.mark.parametrize(
    "name", ["CONFIRM_STOP", "CONFIRM_START", "COMPLIANCE", "HELP", "HELP_WITHOUT_CONTACT"]
)
def test_what_contacts_get_is_one_plain_text(name: str) -> None:
    said = CATALOGUE[name].format(organisation="Example Tenants Union", contact="help@example.org")
    assert (measure(said).encoding, measure(said).parts) == ("gsm7", 1)


NAMES = st.sampled_from([None, "Ana", "Ben"])
TIMES = st.sampled_from([None, 1.0, 100_000.0])
CONTACTS = st.builds(
    Contact,
    id=st.just("c"),
    address=st.sampled_from(["+15550100777", "PARCELS"]),
    address_kind=st.just("e164"),
    name=NAMES,
    opted_out_at=TIMES,
    unsubscribed_at=TIMES,
    doubted_at=TIMES,
    welcomed_at=TIMES,
    blocked_at=TIMES,
)
TALKS = st.builds(
    Conversation,
    id=st.just("k"),
    contact_id=st.just("c"),
    line=st.just("main"),
    state=st.sampled_from(["open", "resolved"]),
    assigned_to=NAMES,
    waiting_since=TIMES,
    unread=st.integers(0, 2),
)
ROWS = st.tuples(
    st.builds(
        Thread,
        id=st.just("t"),
        conversation_id=st.just("k"),
        desk=st.just("chat"),
        display=st.sampled_from([None, "all"]),
    ),
    CONTACTS,
    TALKS,
    st.lists(st.builds(Subscription, st.just("c"), st.sampled_from("xy"), st.just(1.0), TIMES), max_size=2),
)


@given(ROWS, ROWS)
def test_equal_looks_are_equal_cards(one: Any, other: Any) -> None:
    world = World(Organisation("Union", "", "US", "UTC"), ONE, {"chat": DESK})
    if looks(*one) == looks(*other):
        assert card(world, DESK, *one) == card(world, DESK, *other)
