"""Staff make keywords, lists and forms, put people on lists, and help with forms."""

from dataclasses import replace

from bridge.decide import checking, checking_subscribers, forms, threads
from bridge.decide.deciding import Deciding, ledger
from bridge.decide.press import Press, whisper
from bridge.model.nouns import Keyword, NamedList, Subscription
from bridge.model.outreach import Filling, Form
from bridge.render import words_forms as words


def _wrong(d: Deciding, press: Press) -> bool:
    """Say to who sent it what is wrong with a form."""
    found = checking.problems(d.world, press.desk.name, press.event.action, press.event.form)
    for said in list(found.values())[:1]:
        whisper(d, press, said)
    return bool(found)


def keyword_save(d: Deciding, press: Press) -> None:
    """Make a keyword or change one, and its list where there is none."""
    if _wrong(d, press):
        return
    form = press.event.form
    word, was = checking_subscribers.word_of(form), form.get("was", "")
    list_name = form["list"].strip()
    if list_name not in d.world.lists:
        d.save(NamedList(list_name, d.now))
    again = form.get("again", "").strip() or None
    starts = checking_subscribers.form_of(form) or None
    double = form.get("double") == "double"
    d.save(Keyword(word, list_name, form.get("reply", "").strip(), again, starts, double))
    known = d.world.keywords.get(was)
    if known is not None and was != word:
        d.save(replace(known, removed_at=d.now))
    said = words.KEYWORD_SAVED.format(word=word, list=list_name)
    whisper(d, press, f"{said} {checking_subscribers.clash(d.world, word)}".strip())


def keyword_remove(d: Deciding, press: Press) -> None:
    """Take a keyword away; who is on its list stays there."""
    named = press.event.form.get("name", "") or press.event.value
    known = d.world.keywords.get(named.strip().upper())
    if known is None:
        whisper(d, press, words.NO_SUCH_KEYWORD.format(name=named[:40]))
        return
    d.save(replace(known, removed_at=d.now))
    whisper(d, press, words.KEYWORD_REMOVED.format(word=known.word))


def list_add(d: Deciding, press: Press) -> None:
    """Make a list."""
    if not _wrong(d, press):
        name = press.event.form["name"].strip()
        d.save(NamedList(name, d.now))
        whisper(d, press, words.LIST_SAVED.format(name=name))


def list_join(d: Deciding, press: Press) -> None:
    """Put somebody on a list, with how we know that they agreed. An opt-out is not lifted by that."""
    if _wrong(d, press) or d.contact is None:
        return
    if d.contact.opted_out_at is not None:
        whisper(d, press, words.LIST_OPTED_OUT)
        return
    name, why = press.event.form["list"].strip(), press.event.form["why"].strip()
    known = next((one for one in d.subscriptions() if one.list_name == name), None)
    if known is None or known.ended_at is not None:
        d.save(Subscription(d.contact.id, name, since=d.now))
        ledger(d, d.contact, "opt_in", scope=name, source="staff", matched_by=why, actor=press.name)
    threads.announce_everywhere(d, words.LIST_JOINED.format(name=press.name, list=name, why=why), "joined")


def list_leave(d: Deciding, press: Press) -> None:
    """Take somebody off a list."""
    name = press.event.form.get("list", "") or press.event.value.partition(":")[2]
    known = next((one for one in d.subscriptions() if one.list_name == name and one.ended_at is None), None)
    if known is None or d.contact is None:
        whisper(d, press, words.NEEDS_LIST_NAME)
        return
    said = words.LIST_LEFT.format(name=press.name, list=name)
    d.save(replace(known, ended_at=d.now))
    ledger(d, d.contact, "left", scope=name, source="staff", matched_by=said, actor=press.name)
    threads.announce_everywhere(d, said, "left")


def form_save(d: Deciding, press: Press) -> None:
    """Make a form or change one; whoever is in the middle of it goes on with it as it is now."""
    if _wrong(d, press):
        return
    entered = press.event.form
    name, was = entered["name"].strip(), entered.get("was", "")
    days = float(entered.get("days", "").strip() or "3")
    fields = checking_subscribers.questions(entered["questions"])
    d.save(Form(name, fields, entered.get("done", "").strip(), days, press.name, d.now))
    known = d.world.forms.get(was)
    if known is not None and was != name:
        d.save(replace(known, removed_at=d.now))
    whisper(d, press, words.SAVED.format(name=name))


def form_remove(d: Deciding, press: Press) -> None:
    """Take a form away."""
    named = press.event.form.get("name", "") or press.event.value
    known = d.world.forms.get(named)
    if known is None:
        whisper(d, press, words.NO_SUCH_FORM.format(name=named[:40]))
        return
    d.save(replace(known, removed_at=d.now))
    whisper(d, press, words.REMOVED.format(name=named))


def form_start(d: Deciding, press: Press) -> None:
    """Ask somebody with a form, from their thread."""
    name = press.event.form.get("form", "")
    conversation = press.conversation
    line = d.line_of(conversation) if conversation else None
    if name not in d.world.forms or conversation is None or line is None:
        whisper(d, press, words.NO_SUCH_FORM.format(name=name[:40]))
    elif not forms.start(d, conversation, line, name):
        whisper(d, press, words.STALE)
    else:
        said = words.FILLING_STARTED.format(name=press.name, form=name)
        threads.announce(d, conversation.id, said, "form_start")


def filling_save(d: Deciding, press: Press) -> None:
    """Staff fill in what is missing: the form is finished."""
    filling, form = _filling(d, press)
    if filling is None or form is None or d.contact is None:
        return
    answers = dict(filling.answers)
    for field in form.fields:
        value = press.event.form.get(field.name, "").strip()
        if value:
            answers[field.name] = value
            forms.keep(d, field, value)
    d.save(replace(filling, answers=answers, state="done", ended_at=d.now))
    _await_nothing(d, filling)
    said = words.FILLING_SAVED.format(name=press.name, form=form.name)
    threads.announce(d, filling.conversation_id, said, "filled")


def filling_cancel(d: Deciding, press: Press) -> None:
    """End a form for one person."""
    filling, form = _filling(d, press)
    if filling is None or form is None:
        return
    d.save(replace(filling, state="cancelled", ended_at=d.now))
    _await_nothing(d, filling)
    said = words.FILLING_ENDED.format(name=press.name, form=form.name)
    threads.announce(d, filling.conversation_id, said, "form_ended")


def filling_resume(d: Deciding, press: Press) -> None:
    """Ask the question that waits once more."""
    filling, form = _filling(d, press)
    conversation = d.conversation(filling.conversation_id) if filling else None
    line = d.line_of(conversation) if conversation else None
    if filling is None or form is None or conversation is None or line is None:
        return
    said = words.FILLING_RESUMED.format(name=press.name, form=form.name)
    threads.announce(d, conversation.id, said, "form_resumed")
    forms.start(d, conversation, line, form.name)


def _filling(d: Deciding, press: Press) -> tuple[Filling | None, Form | None]:
    named = press.event.form.get("filling", "") or press.event.value
    filling = next((one for one in d.fillings() if one.id == named), None)
    form = d.world.forms.get(filling.form) if filling else None
    if filling is None or form is None or filling.state not in ("open", "handed"):
        whisper(d, press, words.STALE)
        return None, None
    return filling, form


def _await_nothing(d: Deciding, filling: Filling) -> None:
    for conversation in d.conversations():
        if (conversation.awaiting or {}).get("filling") == filling.id:
            d.save(replace(conversation, awaiting=None))
