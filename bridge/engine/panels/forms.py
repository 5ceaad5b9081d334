"""Panels of forms: all of them, one to write, the answers, a half-filled one."""

from bridge.decide import checking_subscribers
from bridge.engine.panels.reading import Reading, outside
from bridge.model.address import show
from bridge.model.outreach import Form
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from bridge.model.text import shorten
from bridge.ports import Asker
from bridge.render import words
from bridge.render import words_forms as said
from bridge.store import forms

PAGE = 10


async def all_(r: Reading, asker: Asker, value: str) -> Panel:
    """List the forms."""
    admin = r.is_admin(asker)
    rows = []
    for form in r.world.forms.values():
        buttons = [opens("results", said.RESULTS, f"0:{form.name}")]
        if admin:
            buttons.append(opens("edit_form", words.CHANGE, form.name))
        asked = ", ".join(field.name for field in form.fields)
        rows.append(Row(form.name, shorten(asked, 200), tuple(buttons)))
    return Panel(
        "forms",
        said.TITLE,
        said.ALL if rows else said.NONE,
        tuple(rows),
        buttons=(opens("edit_form", said.NEW),) if admin else (),
    )


async def edit(r: Reading, asker: Asker, value: str) -> Panel:
    """Write a form. value: the name of the one to change; "": a new one."""
    form = r.world.forms.get(value) or Form("", ())
    if value and not form.name:
        return Panel("edit_form", said.TITLE, said.NO_SUCH_FORM.format(name=value[:40]))
    remove = Button("form_remove", said.REMOVE, form.name, danger=True, confirm=said.REMOVE_CONFIRM)
    questions = checking_subscribers.written(form)
    fields = (
        Field("name", words.FIELD_NAME, value=form.name, max_length=60),
        Field("questions", said.FIELD_QUESTIONS, "text", questions, max_length=3000),
        Field("done", said.FIELD_DONE, value=form.done, optional=True, max_length=1600),
        Field("days", said.FIELD_DAYS, value=f"{form.expire_days:g}", optional=True),
    )
    return Panel(
        "edit_form",
        said.EDIT_TITLE,
        said.EDIT_TEXT,
        fields=fields,
        submit=Button("form_save", words.SAVE, ""),
        kept=(("was", form.name),) if form.name else (),
        buttons=(remove,) if form.name else (),
    )


async def send(r: Reading, asker: Asker, value: str) -> Panel:
    """Choose the form to ask somebody with."""
    talk = await r.talk(asker)
    if talk is None:
        return outside("send_form")
    options = tuple((name, name) for name in r.world.forms)
    if not options:
        return Panel("send_form", said.SEND_TITLE, said.NONE)
    return Panel(
        "send_form",
        said.SEND_TITLE,
        said.ALL,
        fields=(Field("form", said.EDIT_TITLE, "choice", options[0][0], options),),
        submit=Button("form_start", words.SEND, talk.thread_id),
        usage=("form NAME",),
    )


async def results(r: Reading, asker: Asker, value: str) -> Panel:
    """Show the answers, the newest first. value: "page:form"."""
    page_, _, name = value.partition(":")
    page = int(page_) if page_.isdecimal() and len(page_) < 6 else 0
    if name not in r.world.forms:
        return Panel("results", said.TITLE, said.NO_SUCH_FORM.format(name=name[:40]))
    counts = await forms.counts(r.engine, name)
    region = r.world.organisation.region
    rows = []
    for filling, address, called in await forms.results(r.engine, name, page * PAGE, PAGE + 1):
        number = show(address, region)
        head = said.RESULT_ROW.format(
            who=f"{called} {number}" if called else number, state=said.STATES[filling.state]
        )
        answers = (said.FILLED.format(name=key, value=given) for key, given in filling.answers.items())
        fill = filling.state in ("open", "handed")
        buttons = (opens("filling", said.FILL_IN, filling.id),) if fill else ()
        rows.append(Row(head, shorten(" · ".join(answers), 500), buttons))
    more = len(rows) > PAGE
    buttons_ = [opens("forms", words.BACK)]
    if page:
        buttons_.append(opens("results", words.PAGE_BACK, f"{page - 1}:{name}"))
    if more:
        buttons_.append(opens("results", words.PAGE_NEXT, f"{page + 1}:{name}"))
    ended = counts["expired"] + counts["cancelled"]
    text = said.RESULTS_TEXT.format(done=counts["done"], open=counts["open"] + counts["handed"], rest=ended)
    return Panel("results", name, text, tuple(rows[:PAGE]), buttons=tuple(buttons_))


async def filling(r: Reading, asker: Asker, value: str) -> Panel:
    """Let staff fill in what is missing. value: our id of the half-filled form."""
    found = await forms.one_filling(r.engine, value)
    form = r.world.forms.get(found[0].form) if found else None
    if found is None or form is None or found[0].state not in ("open", "handed"):
        return Panel("filling", said.FILLING_TITLE, said.STALE)
    half, person = found
    fields = []
    for one in form.fields:
        given = half.answers.get(one.name) or (person.name if one.name == "full_name" else None)
        given = given or person.fields.get(one.name, "")
        fields.append(Field(one.name, one.question, value=given, optional=True, max_length=300))
    end = Button("filling_cancel", said.STOP_FORM, half.id, danger=True)
    again = Button("filling_resume", said.ASK_AGAIN, half.id)
    return Panel(
        "filling",
        said.FILLING_TITLE,
        said.HEAD.format(name=form.name),
        fields=tuple(fields),
        submit=Button("filling_save", words.SAVE, ""),
        kept=(("filling", half.id),),
        buttons=(again, end),
    )
