"""Forms: questions asked one after another, each answer kept on the contact at once.

A person is in the middle of one form at a time; a newer one takes the place of an older. A natural question
in between goes to people, and the form waits.
"""

import re
from dataclasses import replace
from typing import Any, Final

from bridge.decide import auto, threads
from bridge.decide.deciding import Deciding
from bridge.model.decision import Line
from bridge.model.events import FormExpires
from bridge.model.nouns import Contact, Conversation, Message
from bridge.model.outreach import Filling, Form, FormField
from bridge.model.panel import opens
from bridge.model.text import shorten
from bridge.model.verdict import Kind, Verdict
from bridge.render import words_forms as words
from bridge.render.card import button

DAY: Final = 86400.0
MOST_WRONG: Final = 2  # answers in a row that cannot be read, then staff see to it
_ATTEMPT: Final = 4  # words of an attempt at an answer; a longer text is a sentence
_ASKS: Final = re.compile(
    r"\?|\b(who|what|when|where|why|how|which|can|could|do|does|is|are|will|help|please|sorry|no|not|later)\b",
    re.IGNORECASE,
)
_LOOKS_LIKE: Final = {
    "email": re.compile(r"@|\.\w{2,4}\b"),
    "zip": re.compile(r"\d"),
    "birthday": re.compile(r"\d"),
    "date": re.compile(r"\d"),
    "number": re.compile(r"\d"),
    "choice": re.compile(r"\w"),
}


def is_attempt(text: str, kind: str) -> bool:
    """Say whether a text that gives no answer was meant as one: short, no question, and of its look.

    In doubt it was not: then a person reads it.
    """
    short = 0 < len(text.split()) <= _ATTEMPT and len(text) <= 60
    look = _LOOKS_LIKE.get(kind)
    return short and look is not None and bool(look.search(text)) and not _ASKS.search(text)


def current(d: Deciding, conversation: Conversation | None) -> tuple[Filling, Form, FormField] | None:
    """Give the form that waits for an answer here, and the question."""
    waiting = (conversation.awaiting if conversation else None) or {}
    if waiting.get("type") != "data":
        return None
    filling = next((one for one in d.fillings() if one.id == waiting.get("filling")), None)
    form = d.world.forms.get(filling.form) if filling else None
    if filling is None or form is None or filling.state != "open" or filling.place >= len(form.fields):
        return None
    return filling, form, form.fields[filling.place]


def judged(d: Deciding, conversation: Conversation | None, verdict: Verdict, text: str) -> Verdict:
    """Take a text for people that was a first try at an answer for what it is; a second goes to people."""
    found = current(d, conversation)
    if found is None or verdict.kind != Kind.NATURAL or verdict.suspicion:
        return verdict
    filling, _, field = found
    if filling.wrong + 1 >= MOST_WRONG or not is_attempt(text, field.kind):
        return verdict
    reason = words.NOT_AN_ANSWER.format(question=shorten(field.question, 80), field=field.name)
    return Verdict(Kind.DATA, reason, rule=verdict.rule)


def start(d: Deciding, conversation: Conversation, line: Line, name: str) -> bool:
    """Begin a form with somebody, or go on with it where they stopped. Tells whether anything was asked."""
    form = d.world.forms.get(name)
    if form is None or d.contact is None:
        return False
    mine = next((one for one in d.fillings() if one.form == name and one.state in ("open", "handed")), None)
    for other in d.fillings():
        if other.state in ("open", "handed") and other is not mine:
            d.save(replace(other, state="cancelled", ended_at=d.now))
    filling = mine or Filling(d.ids(), name, d.contact.id, conversation.id, started_at=d.now)
    return _go_on(d, conversation, line, form, replace(filling, state="open", wrong=0))


def answered(d: Deciding, conversation: Conversation, line: Line, message: Message) -> None:
    """Keep an answer and ask on; of one that cannot be read say so."""
    found = current(d, conversation)
    if found is None:
        return
    filling, form, field = found
    d.save(replace(message, campaign=f"form:{filling.id}:{field.name}"))
    if message.value is None:
        d.save(replace(filling, wrong=filling.wrong + 1))
        said = field.error or words.ERRORS[field.kind].format(options=", ".join(field.options))
        auto.send(d, conversation, line, said, kind="data", limit=_limit(form))
        return
    value = in_words(field, message.value)
    keep(d, field, value)
    answers = {**filling.answers, field.name: value}
    _go_on(d, conversation, line, form, replace(filling, answers=answers, place=filling.place + 1, wrong=0))


def in_words(field: FormField, value: object) -> str:
    """Write an answer as it is kept."""
    if field.kind == "choice" and isinstance(value, int) and 0 <= value < len(field.options):
        return field.options[value]
    return f"{value:g}" if isinstance(value, float) else str(value)


def known(contact: Contact, field: FormField) -> str | None:
    """Give what the profile has already of what a field asks for."""
    if field.name in ("first_name", "full_name"):
        name = contact.name or ""
        return name if name and (field.name == "first_name" or " " in name) else None
    return contact.fields.get(field.name)


def keep(d: Deciding, field: FormField, value: str) -> None:
    """Write an answer into the profile."""
    assert d.contact is not None
    if field.name in ("first_name", "full_name"):
        d.save(replace(d.contact, name=value))
    else:
        d.save(replace(d.contact, fields={**d.contact.fields, field.name: value}))


def _go_on(d: Deciding, conversation: Conversation, line: Line, form: Form, filling: Filling) -> bool:
    """Ask the next thing that is not known; at the end say so."""
    assert d.contact is not None
    place = filling.place
    while place < len(form.fields) and known(d.contact, form.fields[place]) is not None:
        place += 1
    now = d.conversation(conversation.id) or conversation
    if place == len(form.fields):
        d.save(replace(filling, place=place, state="done", ended_at=d.now))
        d.save(replace(now, awaiting=None))
        return bool(form.done) and auto.send(d, now, line, form.done, kind="data", limit=_limit(form))
    field = form.fields[place]
    if not auto.send(d, now, line, field.question, kind="data", limit=_limit(form)):
        d.save(replace(filling, place=place, asked_at=d.now))
        return False
    filling = replace(filling, place=place, asked_at=d.now)
    d.save(filling)
    d.save(replace(now, awaiting=awaiting(filling, field, d.now)))
    expires = d.now + form.expire_days * DAY
    d.timer(FormExpires(filling.id, d.contact.address, filling.asked_at, expires))
    return True


def awaiting(filling: Filling, field: FormField, now: float) -> dict[str, Any]:
    """Describe the question that waits, as the classifier reads it."""
    return {
        "type": "data",
        "field": field.kind,
        "question": field.question,
        "options": list(field.options),
        "asked_at": now,
        "filling": filling.id,
    }


def _limit(form: Form) -> int:
    """Allow as many automatic texts as the form has questions, and some that could not be read."""
    return auto.LIMIT + 2 * len(form.fields)


def interrupted(d: Deciding, conversation: Conversation, message: Message) -> None:
    """A text for people came while a form waits: the form waits on, or staff take it over."""
    found = current(d, conversation)
    if found is None:
        return
    filling, form, field = found
    if filling.wrong + 1 < MOST_WRONG or not is_attempt(message.text, field.kind):
        return
    handed = replace(filling, state="handed", wrong=0)
    d.save(handed)
    now = d.conversation(conversation.id) or conversation
    d.save(replace(now, awaiting={"type": "handed", "filling": filling.id}))
    buttons = (
        opens("filling", words.FILL_IN, filling.id),
        button("filling_resume", words.ASK_AGAIN, filling.id),
    )
    said = f"{words.HANDED.format(name=form.name)}\n{shown(form, filling, d.contact)}"
    threads.announce(d, conversation.id, said, f"handed:{filling.id}", buttons)


def shown(form: Form, filling: Filling, contact: Contact | None) -> str:
    """Write a half-filled form out."""
    lines = []
    for field in form.fields:
        value = filling.answers.get(field.name) or (known(contact, field) if contact else None)
        said = words.FILLED if value else words.OPEN_FIELD
        lines.append(said.format(name=field.name, value=value))
    return "\n".join(lines)


def expired(d: Deciding, event: FormExpires) -> None:
    """Nobody answered for days: the form ends; what was said stays."""
    filling = next((one for one in d.fillings() if one.id == event.filling_id), None)
    if filling is None or filling.state != "open" or filling.asked_at != event.asked_at:
        return
    d.save(replace(filling, state="expired", ended_at=d.now))
    for conversation in d.conversations():
        if (conversation.awaiting or {}).get("filling") == filling.id:
            d.save(replace(conversation, awaiting=None))


def take_back(d: Deciding, message: Message) -> str:
    """An answer was none: it is taken off the profile, and its question waits again. Gives a sentence."""
    _, filling_id, name = [*(message.campaign or "").split(":"), "", ""][:3]
    filling = next((one for one in d.fillings() if one.id == filling_id), None)
    value = filling.answers.get(name) if filling else None
    contact = d.contact
    if filling is None or value is None or contact is None:
        return ""
    if name in ("first_name", "full_name"):
        d.save(replace(contact, name=None if contact.name == value else contact.name))
    elif contact.fields.get(name) == value:
        d.save(replace(contact, fields={key: one for key, one in contact.fields.items() if key != name}))
    answers = {key: one for key, one in filling.answers.items() if key != name}
    form = d.world.forms.get(filling.form)
    place = next((i for i, field in enumerate(form.fields) if field.name == name), 0) if form else 0
    state = "open" if filling.state == "done" and form else filling.state
    back = replace(filling, answers=answers, place=min(place, filling.place), state=state)
    d.save(back)
    conversation = d.conversation(filling.conversation_id)
    if form is not None and conversation is not None and back.state == "open":
        d.save(replace(conversation, awaiting=awaiting(back, form.fields[back.place], d.now)))
    return words.TAKEN_BACK.format(value=shorten(value, 60), field=name)
