"""Which template comes first for a text."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.engine.panels.templates import ranked
from bridge.model.nouns import Template
from bridge.render.fill import fill, unknown_fields, values
from bridge.render.suggested import SUGGESTED

TEMPLATES = [Template(name, text, "Ana", 0.0) for name, text in SUGGESTED.items()]


def first(text: str, uses: list[tuple[str, str]] | None = None) -> str:
    return ranked(TEMPLATES, text, uses or [])[0].name


def test_words_in_common_count_and_slips_are_forgiven() -> None:
    assert first("When do you open on Saturday?") == "Opening hours"
    assert first("I need an apointment") == "Appointment"
    assert first("please call me back") == "Call you back"


def test_what_answered_a_text_like_it_comes_first() -> None:
    uses = [("All settled", "my form never arrived by post")]
    assert first("my forms never arrived in the post", uses) == "All settled"
    assert first("When do you open?", uses) == "Opening hours"


def test_every_suggested_template_is_right() -> None:
    for text in SUGGESTED.values():
        assert unknown_fields(text) == []
        assert fill(text, values(None, "Us")).missing == ()
        assert len(fill(text, values(None, "Example Tenants Union")).text) <= 160


@given(st.text(max_size=300))
def test_all_templates_are_kept_whatever_was_texted(text: str) -> None:
    assert sorted(one.name for one in ranked(TEMPLATES, text, [("Gone", text)])) == sorted(SUGGESTED)


@given(st.text(max_size=200), st.text(max_size=50))
def test_what_is_filled_in_is_not_read_again(text: str, name: str) -> None:
    filled = fill("{first_name} " + text, {"first_name": name})
    assert filled.text.startswith(name)


def test_fields() -> None:
    known = {"first_name": "Maria"}
    assert fill("Hi {first_name}, {zip|your area}, {city}", known).text == "Hi Maria, your area, {city}"
    assert fill("{city} {City|} {city}", known).missing == ("city",)
    assert unknown_fields("Hi {first name} and {x") == ["{first name}", "{x"]
