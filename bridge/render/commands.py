"""What staff can type, the same on every desk: behind /sms in Slack, behind a slash in Telegram."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bridge.model.panel import Do, Say, Show, Typed
from bridge.model.settings import SETTINGS
from bridge.render import words


@dataclass(frozen=True, slots=True)
class Command:
    """where: inside a conversation's thread, outside any, or in both places."""

    word: str
    usage: str
    meaning: str
    where: Literal["thread", "outside", "anywhere"] = "anywhere"


COMMANDS: Final = (
    Command("new", "new [LINE] NUMBER OR NAME [TEXT]", "start a conversation", "outside"),
    Command("inbox", "inbox", "who waits, unread, yours, resolved", "outside"),
    Command("find", "find NAME OR NUMBER", "look for a person", "outside"),
    Command("template", "template [NAME]", "answer with a template", "thread"),
    Command("templates", "templates [add NAME: TEXT | remove NAME]", "see, add, change and remove templates"),
    Command("keywords", "keywords [add WORD LIST: REPLY | remove WORD]", "words that put people on a list"),
    Command("lists", "lists [add NAME]", "who gets campaigns and polls"),
    Command("forms", "forms", "questions that are asked one after another"),
    Command("form", "form NAME", "ask them with a form", "thread"),
    Command("polls", "polls [new QUESTION | OPTION; OPTION]", "polls, and how they stand", "outside"),
    Command(
        "campaigns",
        "campaigns [new NAME | LIST, LIST: TEXT]",
        "texts to everybody on a list, and how they go",
        "outside",
    ),
    Command("contact", "contact [NAME]", "who this is; with a name: call them so", "thread"),
    Command("what", "what", "as an answer to a message: what became of it; correct it", "thread"),
    Command("block", "block", "show nothing of this number any more", "thread"),
    Command("unblock", "unblock", "show their texts again", "thread"),
    Command("settings", "settings [NAME VALUE]", "how this desk works, and who changed it", "anywhere"),
    Command("notify", "notify [email ADDRESS | sms NUMBER | off]", "be told of new texts by e-mail or text"),
    Command("roles", "roles [NAME admin|agent]", "who may change settings and templates"),
    Command("usage", "usage", "texts and credits of each line this month"),
    Command("help", "help", "this list"),
)
BY_WORD: Final = {command.word: command for command in COMMANDS}
_ADD = re.compile(r"add\s+(?P<name>[^:\n]{1,200}?)\s*[:\n]\s*(?P<text>.+)\Z", re.IGNORECASE | re.DOTALL)
_NEW_KEYWORD = re.compile(
    r"add\s+(?P<word>\S+)\s+(?P<list>[^:\n]+):(?P<reply>.+)\Z", re.IGNORECASE | re.DOTALL
)
_NEW_POLL = re.compile(r"new\s+(?P<question>[^|]+)\|(?P<options>.+)\Z", re.IGNORECASE | re.DOTALL)
_NEW_CAMPAIGN = re.compile(
    r"new\s+(?P<name>[^|\n]+)\|(?P<lists>[^:\n]+):(?P<text>.+)\Z", re.IGNORECASE | re.DOTALL
)
_REMOVE = re.compile(r"(?:remove|delete)\s+(?P<name>.+)\Z", re.IGNORECASE | re.DOTALL)


def understand(word: str, rest: str, in_thread: bool) -> Typed:
    """Say what a command means. rest: what follows the word."""
    rest = rest.strip()
    command = BY_WORD.get(word)
    if command is None:
        return Say(words.NO_SUCH_COMMAND.format(word=word[:20]))
    if command.where == "thread" and not in_thread:
        return Say(words.BELONGS_INTO_A_THREAD.format(usage=command.usage))
    if word in _READERS:
        return _READERS[word](rest)
    match word:
        case "contact" if rest:
            return Do("name", form={"name": rest})
        case "block" | "unblock":
            return Do(word)
        case "what":
            return Show("message")
        case "template":
            return Show("use" if rest else "pick", rest)
    return Show(word, rest)


def line_first(rest: str, lines: Iterable[str]) -> tuple[str, str]:
    """Part the name of a line, where one stands first, from what follows; "" where none does."""
    word, *follows = rest.split(None, 1) or [""]
    found = next((line for line in lines if line.casefold() == word.casefold()), "")
    return (found, "".join(follows).strip()) if found else ("", rest.strip())


def _templates(rest: str) -> Typed:
    if added := _ADD.match(rest):
        return Do("template_save", form={"name": added["name"].strip(), "text": added["text"].strip()})
    if removed := _REMOVE.match(rest):
        return Do("template_remove", form={"name": removed["name"].strip()})
    return Show("templates") if not rest else Say(words.SO.format(usage=BY_WORD["templates"].usage))


def _keywords(rest: str) -> Typed:
    if found := _NEW_KEYWORD.match(rest):
        return Do("keyword_save", form={name: found[name].strip() for name in ("word", "list", "reply")})
    if removed := _REMOVE.match(rest):
        return Do("keyword_remove", form={"name": removed["name"].strip()})
    return Show("keywords") if not rest else Say(words.SO.format(usage=BY_WORD["keywords"].usage))


def _lists(rest: str) -> Typed:
    verb, _, name = rest.partition(" ")
    if verb.lower() == "add" and name.strip():
        return Do("list_add", form={"name": name.strip()})
    return Show("lists") if not rest else Say(words.SO.format(usage=BY_WORD["lists"].usage))


def _form(rest: str) -> Typed:
    return Do("form_start", form={"form": rest}) if rest else Show("send_form")


def _polls(rest: str) -> Typed:
    if found := _NEW_POLL.match(rest):
        return Do("poll_save", form={"question": found["question"].strip(), "options": found["options"]})
    return Show("polls") if not rest else Say(words.SO.format(usage=BY_WORD["polls"].usage))


def _campaigns(rest: str) -> Typed:
    if found := _NEW_CAMPAIGN.match(rest):
        return Do("campaign_save", form={name: found[name].strip() for name in ("name", "lists", "text")})
    return Show("campaigns") if not rest else Say(words.SO.format(usage=BY_WORD["campaigns"].usage))


def _settings(rest: str) -> Typed:
    if not rest:
        return Show("settings")
    name, _, value = rest.partition(" ")
    if name == "changes":
        return Show("changes")
    setting = SETTINGS.get(name)
    if setting is None:
        return Say(words.UNKNOWN_SETTING.format(name=name[:40], known=", ".join(SETTINGS)))
    if not value.strip():
        return Show("setting", name)
    form = {"name": name, "value": value.strip()}
    if setting.holds == "line":
        line, _, value = value.strip().partition(" ")
        form = {"name": name, "line": line, "value": value.strip()}
    return Do("set", form=form)


def _notify(rest: str) -> Typed:
    how, _, address = rest.partition(" ")
    if not rest:
        return Show("notify")
    if how == "off":
        return Do("watch", form={"channel": address.strip() or "email", "address": ""})
    if how == "test":
        return Do("watch_test")
    if how in ("email", "sms") and address.strip():
        return Do("watch", form={"channel": how, "address": address.strip()})
    return Say(words.SO.format(usage=BY_WORD["notify"].usage))


def _roles(rest: str) -> Typed:
    name, _, role = rest.rpartition(" ")
    if not rest:
        return Show("roles")
    if role in ("admin", "agent") and name.strip():
        return Do("role", form={"person": name.strip().lstrip("@"), "role": role})
    return Say(words.SO.format(usage=BY_WORD["roles"].usage))


_READERS: Final[Mapping[str, Callable[[str], Typed]]] = {
    "templates": _templates,
    "keywords": _keywords,
    "lists": _lists,
    "form": _form,
    "polls": _polls,
    "campaigns": _campaigns,
    "settings": _settings,
    "notify": _notify,
    "roles": _roles,
}
