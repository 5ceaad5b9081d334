"""The order of judgement: each rule asks one question, and the first that answers decides."""

from collections.abc import Callable
from typing import Final

from bridge.model.verdict import Facts, Verdict
from rules.auto_reply import auto_reply
from rules.data import data
from rules.help import help_wanted
from rules.natural import natural
from rules.opt_in import keyword, start
from rules.opt_out import opt_out
from rules.poll import option_named, poll
from rules.reaction import reaction
from rules.text import Text

Rule = Callable[[Text, Facts], Verdict | None]

RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("reaction", reaction),
    ("auto_reply", auto_reply),
    ("option_named", option_named),  # "Stop sign" is a vote where it is an option
    ("opt_out", opt_out),
    ("help", help_wanted),
    ("keyword", keyword),
    ("start", start),
    ("poll", poll),
    ("data", data),
    ("natural", natural),
)


QUESTIONS: Final[dict[str, str]] = {
    "reaction": "Is the whole text a tapback that a phone wrote out?",
    "auto_reply": "Did a phone, a car, an office or a carrier write it?",
    "option_named": "Is it word for word an option of the question that waits?",
    "opt_out": "Do they want no more texts from us?",
    "help": "Is it HELP or its like?",
    "keyword": "Is it a keyword of the organisation?",
    "start": "Do they want our texts?",
    "poll": "Does it tick a box of the poll that waits?",
    "data": "Does it give what the form asked for?",
    "natural": "Then a person reads it.",
}


def classify(facts: Facts) -> Verdict:
    """What kind of text this is, its value, and why."""
    text = Text(facts.text)
    for name, rule in RULES:
        verdict = rule(text, facts)
        if verdict is not None:
            return verdict if verdict.rule else _named(verdict, name)
    raise AssertionError("the last rule always answers")


def _named(verdict: Verdict, rule: str) -> Verdict:
    """The verdict with the name of the rule that gave it."""
    return Verdict(verdict.kind, verdict.reason, verdict.value, verdict.suspicion, verdict.tapback, rule)


def explain(facts: Facts) -> list[tuple[str, str]]:
    """Each rule tried, in order, and what it said, up to the one that decided."""
    text = Text(facts.text)
    said: list[tuple[str, str]] = []
    for name, rule in RULES:
        verdict = rule(text, facts)
        said.append((name, verdict.reason if verdict else "No."))
        if verdict:
            break
    return said
