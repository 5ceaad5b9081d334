"""Settings, roles, templates, names, blocking: who may, what holds then, what is said when it cannot be."""

from dataclasses import replace

import pytest

from bridge.model.effects import PostToThread
from bridge.model.nouns import Colleague
from bridge.render import words
from tests.unit.decide.world import ANA, BEN, World, settings, talking, told


def named_admin() -> World:
    """Ana is admin of the desk; Ben has been here."""
    world = talking()
    known = {
        ("chat", "U1"): Colleague("chat", "U1", "Ana", "admin"),
        ("chat", "U2"): Colleague("chat", "U2", "Ben"),
    }
    world.settings = replace(world.settings, colleagues=known)
    return world


def test_a_setting_is_kept_with_who_made_it() -> None:
    world = talking()
    world.press("set", thread=None, form={"name": "hold_seconds", "value": "30"})
    (change,) = world.changes
    assert (change.scope, change.name, change.value, change.by) == ("chat", "hold_seconds", "30", "Ana")
    assert told(world) == ["Hold before sending: 30 seconds. It holds from now on."]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "hold_seconds", "value": "forever"}, "write a number from 0 to 600"),
        ({"name": "hold_seconds", "value": "nan"}, "write a number from 0 to 600"),
        ({"name": "display", "value": "some"}, "write one of: natural, all"),
        ({"name": "working_hours", "value": "Mon-Fri 25:00-26:00"}, "write the hours like 09:00-17:00"),
        ({"name": "colour", "value": "red"}, "There is no setting “colour”"),
        ({"name": "budget", "line": "other", "value": "100"}, "There is no line “other”"),
    ],
)
def test_a_wrong_value_changes_nothing(form: dict[str, str], said: str) -> None:
    world = talking()
    world.press("set", thread=None, form=form)
    assert world.changes == []
    assert said in told(world)[0]


def test_a_line_has_settings_of_its_own() -> None:
    world = talking()
    world.press("set", thread=None, form={"name": "budget", "line": "main", "value": "500"})
    assert [(c.scope, c.value) for c in world.changes] == [("line:main", "500")]


@pytest.mark.parametrize("action", ["set", "template_save", "role", "block"])
def test_agents_change_nothing_where_there_is_an_admin(action: str) -> None:
    world = named_admin()
    form = {"name": "hold_seconds", "value": "30", "text": "x", "person": "U2", "role": "admin"}
    world.press(action, author=BEN, form=form)
    assert told(world) == [words.NOT_AN_ADMIN.format(admins="Ana")]
    assert world.changes == []
    assert world.templates == {}
    assert world.contact.blocked_at is None


def test_where_nobody_is_named_everybody_is_admin_until_somebody_is() -> None:
    world = talking()
    world.press("resolve", author=BEN)
    world.press("role", thread=None, form={"person": "Ben", "role": "admin"})
    roles = {id_: one.role for (_, id_), one in world.settings.colleagues.items()}
    assert roles == {"U1": "admin", "U2": "admin"}, "who names the first admin goes on being one"
    world.press("role", thread=None, form={"person": "U2", "role": "agent"})
    world.press("role", thread=None, form={"person": "U1", "role": "agent"})
    assert told(world)[-1] == words.LAST_ADMIN


def test_the_configuration_names_admins() -> None:
    world = World(settings(desk={"admins": frozenset({"U2"})}))
    world.text("Hello")
    world.settle()
    world.press("set", thread=None, form={"name": "hold_seconds", "value": "30"})
    assert world.changes == []
    world.press("set", thread=None, author=BEN, form={"name": "hold_seconds", "value": "30"})
    assert len(world.changes) == 1


def test_templates_are_kept_renamed_and_removed() -> None:
    world = talking()
    world.press("template_save", thread=None, form={"name": "Hours", "text": "Open {first_name|there}"})
    world.press("template_save", thread=None, form={"name": "Open", "text": "Open 9 to 5", "was": "Hours"})
    assert world.templates["Hours"].removed_at
    assert world.templates["Open"].text == "Open 9 to 5"
    world.press("template_remove", thread=None, form={"name": "Open"})
    assert world.templates["Open"].removed_at


def test_a_template_with_a_field_that_is_none_is_not_kept() -> None:
    world = talking()
    world.press("template_save", thread=None, form={"name": "A", "text": "Hi {first name}"})
    assert world.templates == {}
    assert "“{first name}” is no field" in told(world)[0]


def test_a_filled_template_goes_like_any_reply_and_is_remembered() -> None:
    world = talking()
    world.press("reply", form={"text": "Hi Maria", "template": "Hi", "answered": "t1"})
    world.settle()
    assert world.sent() == ["Hi Maria"]
    assert [(use.template, use.answered) for use in world.template_uses] == [("Hi", "t1")]


def test_a_field_without_a_value_never_leaves() -> None:
    world = talking()
    world.press("reply", form={"text": "Hi {first_name}", "template": "Hi"})
    world.settle()
    assert world.sent() == []
    assert "{first_name}" in told(world)[0]


def test_a_form_in_a_removed_conversation_sends_nothing() -> None:
    world = talking()
    thread = world.live("chat")
    assert thread is not None
    world.press("remove")
    world.press("reply", thread.id, form={"text": "Hi"})
    world.settle()
    assert world.sent() == []
    assert told(world) == [words.REFUSED_REMOVED]


def test_a_note_in_a_form_stays_inside() -> None:
    world = talking()
    world.press("reply", form={"text": "// call the landlord first"})
    world.settle()
    assert world.sent() == []


def test_the_blocked_are_not_shown_until_unblocked() -> None:
    world = talking()
    world.press("block")
    before = len(world.bodies(PostToThread))
    world.text("Are you there?")
    world.settle()
    assert world.bodies(PostToThread)[before:] == []
    world.press("block")
    assert told(world) == [words.STALE_BLOCKED]
    world.press("unblock")
    world.text("Hello again")
    world.settle()
    assert "Hello again" in [body.post.body for body in world.bodies(PostToThread)]


def test_a_name_is_kept_and_shown() -> None:
    world = talking()
    world.press("name", form={"name": "Maria Lopez"})
    assert world.contact.name == "Maria Lopez"
    world.press("name", form={"name": "x" * 61})
    assert world.contact.name == "Maria Lopez"


def test_who_is_told_of_new_texts() -> None:
    world = talking()
    form = {"channel": "sms", "address": "(555) 010-0142", "every": "15", "quiet": "22:00-07:00"}
    world.press("watch", thread=None, form=form)
    (watcher,) = world.settings.watchers
    assert (watcher.person, watcher.address, watcher.every) == (ANA.id, "+15550100142", 900.0)
    world.press("watch", thread=None, form={"channel": "email", "address": "ana@example.org"})
    assert told(world)[-1] == words.NO_MAIL_SERVER


def test_what_staff_write_about_somebody_is_kept() -> None:
    world = talking()
    world.press(
        "name", form={"name": "Maria", "tags": "2nd floor, heating,, heating", "timezone": "America/Denver"}
    )
    assert (world.contact.name, world.contact.tags) == ("Maria", ("2nd floor", "heating"))
    assert world.contact.timezone == "America/Denver"
    world.press("name", form={"name": "Maria", "timezone": "Denver"})
    assert "is no time zone" in told(world)[-1]
    world.press("name", form={"name": "Mary"})
    assert (world.contact.name, world.contact.timezone) == ("Mary", "America/Denver")
