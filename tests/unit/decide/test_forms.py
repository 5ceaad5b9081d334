"""Forms: asked in turn, interrupted, handed over, taken back; and nobody is texted after STOP."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.decide.checking_subscribers import Unreadable, questions, written
from bridge.decide.forms import is_attempt
from bridge.model.nouns import Keyword
from bridge.model.outreach import Form
from bridge.model.verdict import Kind, Verdict
from tests.unit.decide.world import STOP, World, natural
from tests.unit.decide.world import settings as world_settings

FIELDS = questions(
    "first_name: What is your first name?\n"
    "zip: What is your ZIP code? | Five digits, please.\n"
    "shirt (S, M, L): Which size?"
)
FORM = Form("Welcome", FIELDS, "Thank you, all done.")
JOIN = Verdict(Kind.OPT_IN, "the keyword JOINUS", value="JOINUS")


def asked_world(**more: Any) -> World:
    keyword = Keyword("JOINUS", "members", "Welcome!", "Welcome back.", form="Welcome", **more)
    world = World(world_settings(forms={"Welcome": FORM}))
    world.settings = replace(world.settings, keywords={"JOINUS": keyword})
    return world


def data(value: object) -> Verdict:
    return Verdict(Kind.DATA, "an answer", value=value)  # type: ignore[arg-type]


def begin(**more: Any) -> World:
    world = asked_world(**more)
    world.text("joinus", JOIN)
    world.settle()
    return world


def test_a_keyword_replies_welcomes_and_asks_last() -> None:
    world = begin()
    assert world.sent()[0] == "Welcome!"
    assert "STOP" in world.sent()[1]
    assert world.sent()[2] == "What is your first name?"


def test_the_fields_are_asked_in_turn_and_kept_on_the_contact() -> None:
    world = begin()
    for value in ("Maria", "10115", 1):
        world.text(str(value), data(value))
        world.settle()
    assert world.sent()[-3:] == ["What is your ZIP code?", "Which size?", "Thank you, all done."]
    assert world.contact.name == "Maria"
    assert dict(world.contact.fields) == {"zip": "10115", "shirt": "M"}
    assert [one.state for one in world.fillings.values()] == ["done"]
    assert world.conversation.awaiting is None


def test_what_the_profile_has_is_skipped() -> None:
    world = begin()
    world.contacts[world.contact.id] = replace(world.contact, fields={"zip": "10115"})
    world.text("Maria", data("Maria"))
    world.settle()
    assert world.sent()[-1] == "Which size?"


def test_an_answer_that_cannot_be_read_is_asked_again_once_and_then_handed_to_staff() -> None:
    world = begin()
    world.text("Maria", data("Maria"))
    world.text("12", natural())
    world.settle()
    assert world.sent()[-1] == "Five digits, please."
    assert world.live("chat") is None
    world.text("123", natural())
    world.settle()
    said = " ".join(world.posts("chat"))
    assert "two answers in a row could not be read" in said
    assert "first_name: Maria" in said and "zip: not answered yet" in said
    assert world.conversation.awaiting["type"] == "handed"


def test_a_question_in_between_goes_to_people_and_the_form_waits() -> None:
    world = begin()
    world.text("Maria", data("Maria"))
    world.settle()
    before = len(world.sent())
    world.text("Why do you need that? My landlord reads this", natural())
    world.settle()
    assert len(world.sent()) == before
    assert "My landlord reads this" in " ".join(world.posts("chat"))
    world.write("It never leaves us.")
    world.settle()
    world.text("10115", data("10115"))
    world.settle()
    assert world.sent()[-1] == "Which size?"


def test_it_ends_after_days_without_an_answer() -> None:
    world = begin()
    world.pass_time(2 * 86400.0)
    assert [one.state for one in world.fillings.values()] == ["open"]
    world.pass_time(2 * 86400.0)
    assert [one.state for one in world.fillings.values()] == ["expired"]
    assert world.conversation.awaiting is None


def test_the_keyword_again_goes_on_where_it_stopped() -> None:
    world = begin()
    world.text("Maria", data("Maria"))
    world.text("joinus", JOIN)
    world.settle()
    assert world.sent()[-2:] == ["Welcome back.", "What is your ZIP code?"]
    assert len(world.fillings) == 1


def test_staff_fill_in_what_is_missing() -> None:
    world = begin()
    world.text("Maria", data("Maria"))
    world.text("Can you help me?", natural())
    world.settle()
    half = next(iter(world.fillings.values()))
    world.press("filling_save", form={"filling": half.id, "zip": "10115", "shirt": ""})
    assert world.contact.fields["zip"] == "10115"
    assert world.fillings[half.id].state == "done"
    assert "Ana filled in the form “Welcome”." in " ".join(world.posts("chat"))


def test_an_answer_that_was_none_is_taken_back_and_its_question_waits_again() -> None:
    world = begin()
    world.settings = replace(
        world.settings, desks={n: replace(d, display="all") for n, d in world.settings.desks.items()}
    )
    world.text("Maria", data("Maria"))
    world.text("I was born in 10115", data("10115"))
    wrong = next(m for m in world.messages.values() if m.value == "10115")
    world.settle()
    world.press("was_natural", wrong.id)
    assert "zip" not in world.contact.fields
    assert world.conversation.awaiting is not None
    assert world.conversation.awaiting["field"] == "zip"
    assert world.messages[wrong.id].kind == "natural"


def test_nobody_is_on_the_list_before_they_say_yes() -> None:
    world = begin(double=True)
    assert len(world.sent()) == 1
    assert "Reply YES" in world.sent()[0]
    assert world.subscriptions == {}
    assert [one.event for one in world.ledger] == ["asked"]
    world.text("yes please", Verdict(Kind.POLL, "yes", value=(0,)))
    world.settle()
    assert [one.ended_at for one in world.subscriptions.values()] == [None]
    assert world.sent()[-2:] == ["Welcome!", "What is your first name?"]
    assert world.ledger[-1].event == "opt_in"
    assert "yes please" in world.ledger[-1].matched_by


def test_a_no_puts_nobody_on_the_list() -> None:
    world = begin(double=True)
    world.text("no", Verdict(Kind.POLL, "no", value=(1,)))
    world.settle()
    assert world.subscriptions == {}
    assert len(world.sent()) == 1


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("asdf@", "email", True),
        ("maria.example.org", "email", True),
        ("12", "zip", True),
        ("What for?", "zip", False),
        ("I do not want to say", "zip", False),
        ("later", "choice", False),
        ("XXL", "choice", True),
        ("13/45/1990", "birthday", True),
        ("my landlord came in at 5 and took the door off", "zip", False),
        ("call me at 5", "text", False),
        ("help", "choice", False),
    ],
)
def test_what_is_meant_as_an_answer(text: str, kind: str, expected: bool) -> None:
    assert is_attempt(text, kind) is expected


def test_questions_are_read_as_they_are_written() -> None:
    assert questions(written(FORM)) == FIELDS
    assert FIELDS[2].options == ("S", "M", "L")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "at least one question"),
        ("zip What is it?", "Line 1 is no question"),
        ("shirt: Which?", "no kind of answer"),
        ("zip: One?\nzip: Two?", "asked twice"),
        ("shirt (colour): Which?", "no kind of answer"),
    ],
)
def test_what_cannot_be_asked_is_said(typed: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        questions(typed)


STEPS = st.sampled_from(["answer", "wrong", "question", "stop", "keyword", "reply", "days", "resume"])


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_whatever_happens_no_answer_is_lost_and_nothing_goes_out_after_stop(steps: list[str]) -> None:
    """The world itself asserts that nobody is texted after STOP; here: what was answered stays known."""
    world = begin()
    for step in steps:
        filling = next((f for f in world.fillings.values() if f.state == "open"), None)
        waiting = world.conversation.awaiting
        match step:
            case "answer" if waiting and filling:
                field = next(f for f in FIELDS if f.question == waiting["question"])
                world.text("x", data(1 if field.kind == "choice" else "10115"))
                known = (
                    world.contact.name if field.name == "first_name" else world.contact.fields.get(field.name)
                )
                assert known
            case "wrong":
                world.text("7", natural())
            case "question":
                world.text("Who are you really and why should I tell you?", natural())
            case "stop":
                world.text("STOP", STOP)
            case "keyword":
                world.text("joinus", JOIN)
            case "reply" if world.live("chat"):
                world.write("We are the union.")
            case "days":
                world.pass_time(4 * 86400.0)
            case "resume" if world.live("chat") and world.fillings:
                world.press("filling_resume", list(world.fillings)[-1])
        world.settle()
        running = [f for f in world.fillings.values() if f.state in ("open", "handed")]
        assert len(running) <= 1
