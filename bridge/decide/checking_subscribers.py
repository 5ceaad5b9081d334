"""What is wrong with a keyword, a list or a form as it was entered."""

import re
from collections.abc import Mapping
from typing import Final, get_args

from bridge.model.decision import World
from bridge.model.outreach import Form, FormField
from bridge.model.text import plain
from bridge.model.verdict import Field
from bridge.render import words as common
from bridge.render import words_forms as words

Problems = dict[str, str]
NAME_LENGTH: Final = 60
TEXT_LENGTH: Final = 1600
MOST_QUESTIONS: Final = 20
RESERVED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "cancel", "end", "quit"), "opt-out"),
    **dict.fromkeys(("revoke", "optout", "alto", "parar", "arret", "remove"), "opt-out"),
    **dict.fromkeys(("help", "info", "ayuda", "aide"), "help"),
    **dict.fromkeys(("start", "unstop", "subscribe", "join", "yes"), "opt-in"),
}
"""What the field calls by itself; the command line asks the classifier, too."""
_WORD: Final = re.compile(r"[^\W_]{1,20}\Z")
_QUESTION: Final = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]{0,39})\s*(?:\((?P<kind>[^)]*)\))?\s*:(?P<rest>.+)\Z"
)
_KINDS: Final = frozenset(get_args(Field))


class Unreadable(ValueError):
    """A form's questions cannot be read; the message says where and why."""


def word_of(form: Mapping[str, str]) -> str:
    """Give a keyword as it is kept: in capitals."""
    return form.get("word", "").strip().upper()


def form_of(entered: Mapping[str, str]) -> str:
    """Give the form that a keyword is to start; "": none (a choice cannot be empty everywhere)."""
    named = entered.get("form", "").strip()
    return "" if named == "-" else named


def keyword(world: World, form: Mapping[str, str]) -> Problems:
    """Say what is wrong with a keyword."""
    found: Problems = {}
    word = word_of(form)
    if not _WORD.match(word):
        found["word"] = words.NEEDS_WORD
    elif kind := RESERVED.get(plain(word)):
        found["word"] = words.RESERVED.format(word=word, kind=kind)
    elif word in world.keywords and form.get("was", "") != word:
        found["word"] = words.WORD_TAKEN.format(word=word)
    list_name = form.get("list", "").strip()
    if not list_name or len(list_name) > NAME_LENGTH:
        found["list"] = words.NEEDS_LIST_NAME
    if not form.get("reply", "").strip() and not form_of(form):
        found["reply"] = common.NEEDS_WORDS
    for name in ("reply", "again"):
        if len(form.get(name, "")) > TEXT_LENGTH:
            found[name] = common.TOO_LONG.format(limit=TEXT_LENGTH)
    if form_of(form) and form_of(form) not in world.forms:
        found["form"] = words.NO_SUCH_FORM.format(name=form_of(form)[:40])
    return found


def clash(world: World, word: str) -> str:
    """Warn of a keyword that is an answer to an open poll, too; "": it is none."""
    for poll in world.polls.values():
        if poll.state == "open" and any(plain(option) == plain(word) for option in poll.options):
            return words.WORD_IN_POLL.format(word=word, poll=poll.name)
    return ""


def list_(world: World, form: Mapping[str, str]) -> Problems:
    """Say what is wrong with a new list."""
    name = form.get("name", "").strip()
    if not name or len(name) > NAME_LENGTH:
        return {"name": words.NEEDS_LIST_NAME}
    return {"name": words.LIST_TAKEN.format(name=name)} if name in world.lists else {}


def joining(world: World, form: Mapping[str, str]) -> Problems:
    """Say what is wrong with putting somebody on a list."""
    found: Problems = {}
    if form.get("list", "").strip() not in world.lists:
        found["list"] = words.NEEDS_LIST_NAME
    if not form.get("why", "").strip():
        found["why"] = words.NEEDS_WHY
    return found


def questions(typed: str) -> tuple[FormField, ...]:
    """Read a form's questions, one a line: "zip: Your ZIP code? | Five digits, please."

    Raises Unreadable.
    """
    found: list[FormField] = []
    for number, line in enumerate(filter(str.strip, typed.splitlines()), 1):
        read = _QUESTION.match(line.strip())
        asked, _, error = read["rest"].partition("|") if read else ("", "", "")
        if read is None or not asked.strip():
            raise Unreadable(words.WRONG_QUESTION.format(line=number))
        name = read["name"].lower()
        kind, options = _kind(name, (read["kind"] or "").strip(), number)
        if any(one.name == name for one in found):
            raise Unreadable(words.FIELD_TWICE.format(name=name))
        found.append(FormField(name, kind, asked.strip(), error.strip(), options))
    if not found:
        raise Unreadable(words.NEEDS_QUESTIONS)
    if len(found) > MOST_QUESTIONS:
        raise Unreadable(words.MANY_QUESTIONS.format(limit=MOST_QUESTIONS))
    return tuple(found)


def _kind(name: str, typed: str, line: int) -> tuple[Field, tuple[str, ...]]:
    options = tuple(part.strip() for part in typed.split(",") if part.strip())
    if len(options) > 1:
        return "choice", options
    kind = typed.lower() or (name if name in _KINDS else "")
    if kind not in _KINDS or kind == "choice":
        raise Unreadable(words.WRONG_KIND.format(line=line, kind=typed or name))
    return kind, ()  # type: ignore[return-value]


def written(form: Form) -> str:
    """Write a form's questions as people type them."""
    lines = []
    for one in form.fields:
        kind = ", ".join(one.options) if one.options else "" if one.kind == one.name else one.kind
        shown = f"{one.name} ({kind})" if kind else one.name
        lines.append(f"{shown}: {one.question}" + (f" | {one.error}" if one.error else ""))
    return "\n".join(lines)


def form_(form: Mapping[str, str]) -> Problems:
    """Say what is wrong with a form."""
    found: Problems = {}
    name = form.get("name", "").strip()
    if not name or len(name) > NAME_LENGTH:
        found["name"] = common.NEEDS_NAME
    try:
        questions(form.get("questions", ""))
    except Unreadable as wrong:
        found["questions"] = str(wrong)
    days = form.get("days", "").strip() or "3"
    if not days.isdecimal() or not 1 <= int(days) <= 60:
        found["days"] = words.WRONG_DAYS
    return found
