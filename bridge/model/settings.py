"""What can be set at run time: its name, where it holds, and which values it takes.

The configuration says what holds at first; what staff set from a desk wins and is kept in the database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bridge.model.hours import quiet, working

ALL: Final = ""  # the scope of what holds everywhere


@dataclass(frozen=True, slots=True)
class Setting:
    """Something to set. read: what people type to the value in force; raises ValueError with a sentence."""

    name: str
    holds: Literal["desk", "line", "all"]
    label: str
    read: Callable[[str], Any]
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()  # value, label; none: typed freely
    unit: str = ""
    nothing: str = "none"  # how 0 or an empty value is called

    def show(self, value: str) -> str:
        """Say a value as people read it: "5 seconds", "never", the label of a choice."""
        if self.options:
            return dict(self.options).get(value, value)
        if value in ("", "0"):
            return self.nothing
        return f"{value} {self.unit}".strip()


def line_scope(line: str) -> str:
    """Name the scope of a line's settings."""
    return f"line:{line}"


def _one_of(*values: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if typed not in values:
            raise ValueError(f"write one of: {', '.join(values)}")
        return typed

    return read


def _number(least: float, most: float, kind: type[int] | type[float] = float) -> Callable[[str], Any]:
    def read(typed: str) -> float:
        try:
            value = kind(typed)
        except ValueError:
            raise ValueError(f"write a number from {least:g} to {most:g}") from None
        if not least <= value <= most:  # also nan
            raise ValueError(f"write a number from {least:g} to {most:g}")
        return value

    return read


def _maybe_credits(typed: str) -> int | None:
    value: int = _number(0, 100, int)(typed or "0")
    return value or None


_DISPLAY = (("natural", "Only messages from person to person"), ("all", "Every message"))
_MODE = (("direct", "Everything written in a thread is sent"), ("explicit", "Only what is marked to be sent"))
_LONG = (("mms", "As one MMS, 3 credits"), ("segments", "As several segments, 1 credit each"))

SETTINGS: Final[Mapping[str, Setting]] = {
    setting.name: setting
    for setting in (
        Setting("display", "desk", "Message display", _one_of("natural", "all"), options=_DISPLAY),
        Setting("reply_mode", "desk", "Replies", _one_of("direct", "explicit"), options=_MODE),
        Setting(
            "hold_seconds",
            "desk",
            "Hold before sending",
            _number(0, 600),
            "0 to 600 seconds",
            unit="seconds",
            nothing="none",
        ),
        Setting(
            "confirm_above",
            "desk",
            "Ask before texts dearer than",
            _maybe_credits,
            "credits; 0: never ask",
            unit="credits",
            nothing="never",
        ),
        Setting(
            "resurface_hours",
            "desk",
            "Bring old threads back after",
            _number(0, 8760),
            "hours of silence",
            unit="hours of silence",
            nothing="at once",
        ),
        Setting(
            "remind_after",
            "desk",
            "Remind of who waits longer than",
            _number(0, 10_080),
            "working minutes; 0: never",
            unit="working minutes",
            nothing="never",
        ),
        Setting(
            "working_hours",
            "desk",
            "Working hours",
            working,
            "Mon-Fri 09:00-17:00; always: around the clock",
            nothing="around the clock",
        ),
        Setting("long_messages", "line", "Long messages go", _one_of("mms", "segments"), options=_LONG),
        Setting(
            "budget",
            "line",
            "Budget a month",
            _number(0, 10_000_000, int),
            "credits; 0: none",
            unit="credits",
        ),
        Setting("quiet_hours", "all", "Quiet hours", quiet, "21:00-08:00; none: no quiet hours"),
    )
}
