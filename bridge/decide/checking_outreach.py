"""What is wrong with a poll or a campaign as it was entered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bridge.model.address import read_number
from bridge.model.decision import World
from bridge.model.text import plain as folded
from bridge.render import words as common
from bridge.render import words_campaigns, words_polls
from bridge.render.fill import unknown_fields

Problems = dict[str, str]
MOST_OPTIONS: Final = 10
OPTION_LENGTH: Final = 80
TEXT_LENGTH: Final = 1600
NAME_LENGTH: Final = 60
COMMANDS: Final = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"),
        *("alto", "parar", "arret", "help", "info", "ayuda", "aide"),
    }
)
"""Words that must go on meaning what they mean while a poll waits."""


def options_of(form: Mapping[str, str]) -> tuple[str, ...]:
    """Read options, one a line, or between semicolons as they are typed into a command."""
    typed = form.get("options", "")
    parts = typed.split(";") if "\n" not in typed.strip() and ";" in typed else typed.splitlines()
    return tuple(part.strip() for part in parts if part.strip())


def lines_of(form: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Read names, a line each, or between commas as they are typed into a command."""
    typed = form.get(name, "")
    parts = typed.splitlines() if "\n" in typed else typed.split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def read_time(typed: str, timezone: str) -> float | None:
    """Read "2026-12-01 18:00" in a zone; None: it is no time. Unix seconds."""
    try:
        read = datetime.fromisoformat(typed.strip())
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(timezone))).timestamp()


def poll(world: World, form: Mapping[str, str]) -> Problems:
    """Say what is wrong with a poll."""
    found: Problems = {}
    if not form.get("question", "").strip():
        found["question"] = words_polls.NEEDS_QUESTION
    elif len(form["question"]) > TEXT_LENGTH:
        found["question"] = common.TOO_LONG.format(limit=TEXT_LENGTH)
    if wrong := _options(options_of(form)):
        found["options"] = wrong
    closes = form.get("closes", "").strip()
    if closes and read_time(closes, world.organisation.timezone) is None:
        found["closes"] = words_polls.WRONG_TIME.format(typed=closes[:40])
    target = form.get("target", "").strip() or "0"
    if not target.isdecimal() or len(target) > 7:
        found["target"] = words_polls.WRONG_TARGET
    for name in ("thanks", "invalid", "closed"):
        if len(form.get(name, "")) > TEXT_LENGTH:
            found[name] = common.TOO_LONG.format(limit=TEXT_LENGTH)
    return found


def _options(options: tuple[str, ...]) -> str:
    if not 2 <= len(options) <= MOST_OPTIONS:
        return words_polls.NEEDS_OPTIONS.format(count=len(options))
    seen: dict[str, str] = {}
    for option in options:
        plain = folded(option)
        if len(option) > OPTION_LENGTH:
            return words_polls.OPTION_TOO_LONG.format(option=option[:30], limit=OPTION_LENGTH)
        if plain in COMMANDS:
            return words_polls.OPTION_IS_A_COMMAND.format(option=option)
        if plain in seen:
            return words_polls.SAME_OPTIONS.format(first=seen[plain], second=option)
        seen[plain] = option
    return ""


def clash(world: World, options: tuple[str, ...]) -> str:
    """Warn of an option that is a keyword, too; "": none is."""
    taken = next((option for option in options if option.upper() in world.keywords), None)
    return words_polls.OPTION_IS_A_KEYWORD.format(option=taken) if taken else ""


def campaign(world: World, desk: str, form: Mapping[str, str]) -> Problems:
    """Say what is wrong with a campaign."""
    found: Problems = {}
    name, text = form.get("name", "").strip(), form.get("text", "").strip()
    if not name or len(name) > NAME_LENGTH:
        found["name"] = common.TOO_LONG.format(limit=NAME_LENGTH) if name else words_campaigns.NEEDS_NAME
    if not text and not form.get("poll"):
        found["text"] = words_campaigns.NEEDS_TEXT
    elif len(text) > TEXT_LENGTH:
        found["text"] = common.TOO_LONG.format(limit=TEXT_LENGTH)
    elif unknown := unknown_fields(text):
        found["text"] = common.UNKNOWN_FIELD.format(field=unknown[0])
    lists = lines_of(form, "lists")
    if not lists:
        found["lists"] = words_campaigns.NEEDS_LIST
    for field in ("lists", "exclude"):
        strange = next((one for one in lines_of(form, field) if one not in world.lists), None)
        if strange:
            found[field] = words_campaigns.NO_SUCH_LIST.format(name=strange[:60])
    line = form.get("line", "").strip()
    if line and line not in world.lines:
        found["line"] = words_campaigns.NO_SUCH_LINE.format(name=line[:40])
    at = form.get("at", "").strip()
    if at and read_time(at, world.organisation.timezone) is None:
        found["at"] = words_campaigns.WRONG_TIME.format(typed=at[:40])
    return found


def test(world: World, form: Mapping[str, str]) -> Problems:
    """Say what is wrong with the number that a test goes to."""
    raw = form.get("number", "").strip()
    if read_number(raw, world.organisation.region) is None:
        return {"number": common.NOT_A_NUMBER.format(raw=raw[:40])}
    return {}
