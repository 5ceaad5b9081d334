"""PURE. Commands: they work inside topics, unlike Slack's. None ever reaches the person on the phone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from bridge.model.address import read_number
from bridge.render.commands import line_first

# As Telegram finds them (td, MessageEntity.cpp), and at the beginning only. It also matches where
# punctuation follows ("/remove."), so that a slip of the finger stays inside.
_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]{1,64})(?:@(?P<bot>\w+))?(?![\w/@])\s*(?P<rest>.*)\Z", re.DOTALL
)
_NUMBER_PART = re.compile(r"[+(]?[\d().\-]+\Z")

SEND_REACTION = "🕊"
"""What staff put on a message to send it: Telegram's list of reactions has no 📤."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as typed. bot: whom it was addressed to, where somebody was."""

    name: str
    rest: str
    bot: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """It does something to the conversation."""

    action: str
    value: str = ""
    form: dict[str, str] = field(default_factory=dict)
    on_reply: bool = False  # about the message that it answers


@dataclass(frozen=True, slots=True)
class Note:
    """It is a word among colleagues."""

    text: str


@dataclass(frozen=True, slots=True)
class Explain:
    """It does nothing; say why."""

    text: str


Meaning = Act | Note | Explain

_USAGE: dict[str, tuple[Literal["topic", "general", "anywhere"], str, str]] = {
    "note": ("topic", "/note TEXT", "a word among colleagues: stays inside"),
    "send": ("topic", "/send", "as an answer to a message: send that one as a text"),
    "assign": ("topic", "/assign [NAME]", "put yourself, or a colleague, on it"),
    "resolve": ("topic", "/resolve", "done; the next text opens it again"),
    "reopen": ("topic", "/reopen", "not done after all"),
    "unsubscribe": ("topic", "/unsubscribe", "no more campaigns and polls; replies stay possible"),
    "resubscribe": ("topic", "/resubscribe", "campaigns and polls again"),
    "display": ("anywhere", "/display all|natural", "what this topic shows; in General: all topics"),
    "remove": ("topic", "/remove", "delete this topic; contact and history stay"),
    "new": ("general", "/new [LINE] NUMBER [TEXT]", "start a conversation"),
    "help": ("anywhere", "/help", "this page"),
}

MENU = tuple((name, meaning) for name, (_, _, meaning) in _USAGE.items())
"""What Telegram offers when somebody types a slash."""


def help_text(offered: Sequence[tuple[str, str, str]] = ()) -> str:
    """Explain the desk to those who work on it. offered: the commands that every desk has."""
    lines = [f"{usage}: {meaning}" for _, usage, meaning in _USAGE.values()]
    lines += [f"/{usage}: {meaning}" for word, usage, meaning in offered if word not in _USAGE]
    return "\n".join(
        (
            "What you write in a topic goes to that person as a text message.",
            "Inside stays what begins with // or note:, and what begins by naming a colleague.",
            "",
            *lines,
            "",
            "Marks: 👀 about to go · 👌 sent · 👍 delivered · 👎 failed · 🙈 cancelled · ✍ stays inside.",
            "To take a message back while 👀 stands on it, edit it so that it begins with //.",
            f"React with {SEND_REACTION} to send a message that stayed inside.",
        )
    )


def is_own(command: Command) -> bool:
    """Say whether it is one that only Telegram has: elsewhere buttons do that."""
    return command.name in _USAGE


def read(text: str) -> Command | None:
    """Read a command, if that is what the words begin with."""
    found = _COMMAND.match(text)
    if found is None:
        return None
    return Command(found["name"].lower(), found["rest"].strip(), (found["bot"] or "").lower())


def understand(
    command: Command, *, in_topic: bool, is_reply: bool, region: str, lines: Sequence[str] = ()
) -> Meaning:
    """Say what a command means where it was typed. lines: the names of the desk's lines."""
    known = _USAGE.get(command.name)
    if known is None:
        return Explain(f"“/{command.name}” is no command here, so nothing was sent. /help lists them all.")
    where, usage, _ = known
    if where == "topic" and not in_topic:
        return Explain(f"{usage} belongs into the topic of a conversation.")
    if where == "general" and in_topic:
        return Explain(f"{usage} belongs into General, so nothing was sent.")
    if command.name == "new":
        return _new(command.rest, usage, region, lines)
    if command.name in _WITH_WORDS:
        return _WITH_WORDS[command.name](command.rest, usage)
    if command.name == "send":
        return Act("send", on_reply=True) if is_reply else Explain("Answer the message that is meant.")
    if command.name == "help":
        return Explain(help_text())
    return Act(command.name, command.rest)


def _note(rest: str, _usage: str) -> Meaning:
    return Note(f"// {rest}")


def _display(rest: str, usage: str) -> Meaning:
    value = rest.lower().rstrip(".")
    return Act("display", value) if value in ("all", "natural") else Explain(f"So: {usage}")


def _assign(rest: str, _usage: str) -> Meaning:
    return Act("assign", form={"to": rest.lstrip("@")} if rest else {})


def _new(rest: str, usage: str, region: str, lines: Sequence[str]) -> Meaning:
    line, rest = line_first(rest, lines)
    number, text = split_number(rest, region)
    if not number:
        return Explain(f"So: {usage}")
    form = {"number": number, "text": text}
    return Act("new", number, form=form | ({"line": line} if line else {}))


_WITH_WORDS = {"note": _note, "assign": _assign, "display": _display}


def split_number(rest: str, region: str) -> tuple[str, str]:
    """Part "(555) 010-0199 Hello" into the number as typed and the text.

    A first word that is a whole number is it; else the longest run of number-like words that can be one,
    within the first line. What is no number at all is given as typed, for the core to say so.
    """
    line, _, below = rest.partition("\n")
    typed = line.split()
    last = 0
    while last < len(typed) and _NUMBER_PART.match(typed[last]):
        last += 1
    for end in (1, *range(last, 1, -1)):
        number = " ".join(typed[:end])
        if end <= last and read_number(number, region):
            return number, _rest(line, typed[:end], below)
    return (typed[0], _rest(line, typed[:1], below)) if typed else ("", below.strip())


def _rest(line: str, used: list[str], below: str) -> str:
    for word in used:
        line = line.lstrip().removeprefix(word)
    return f"{line}\n{below}".strip()
