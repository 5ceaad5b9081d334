"""Panels: what a desk shows to one person who asked for it: a form, a list, an answer.

A Slack modal, a Telegram message with buttons, a dialog of the web inbox: the same panel. Texts are plain;
what people wrote stands in them as it is, so a connector shows everything literally.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from bridge.model.shapes import Button

OPEN: Final = "panel"
"""The action of a button that only opens another panel (value "name:argument"): nothing is journaled."""

FieldKind = Literal["line", "text", "choice", "choices", "person"]


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in."""

    name: str
    label: str
    # choices: several, a line each; person: a name or number, with suggestions as one types (Panels.people)
    kind: FieldKind = "line"
    value: str = ""  # what stands there already
    options: tuple[tuple[str, str], ...] = ()  # value, label: of a choice
    hint: str = ""
    optional: bool = False
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list. thread: the ref of a thread on this desk that a platform can jump to."""

    text: str
    detail: str = ""
    buttons: tuple[Button, ...] = ()
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What is shown.

    submit: what sending the form does; its action goes to the journal with the fields as its form.
    usage: how to do the same by typing, for desks that have no forms; without the slash.
    """

    name: str
    title: str
    text: str = ""
    rows: tuple[Row, ...] = ()
    fields: tuple[Field, ...] = ()
    submit: Button | None = None
    kept: tuple[tuple[str, str], ...] = ()  # goes along with the fields, unseen
    buttons: tuple[Button, ...] = ()
    usage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Show:
    """What was typed asks for a panel."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """What was typed does something: a StaffPressed."""

    action: str
    value: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """What was typed does nothing; this says why, or what to write."""

    text: str


Typed = Show | Do | Say


def opens(name: str, label: str, value: str = "") -> Button:
    """Give a button that opens a panel."""
    return Button(OPEN, label, f"{name}:{value}")


def target(value: str) -> tuple[str, str]:
    """Read what a button of that kind opens: the panel's name and its argument."""
    name, _, argument = value.partition(":")
    return name, argument
