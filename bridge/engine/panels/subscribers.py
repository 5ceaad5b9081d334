"""Panels of keywords and lists."""

from bridge.engine.panels.reading import Reading, outside
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from bridge.ports import Asker
from bridge.render import words
from bridge.render import words_forms as said
from bridge.store import subscribers


async def keywords(r: Reading, asker: Asker, value: str) -> Panel:
    """List the keywords."""
    admin = r.is_admin(asker)
    rows = []
    for one in r.world.keywords.values():
        more = said.KEYWORD_FORM.format(form=one.form) if one.form else ""
        more += said.KEYWORD_DOUBLE if one.double else ""
        buttons = (opens("edit_keyword", words.CHANGE, one.word),) if admin else ()
        rows.append(Row(one.word, said.KEYWORD_ROW.format(list=one.list_name, more=more), buttons))
    return Panel(
        "keywords",
        said.KEYWORDS_TITLE,
        said.KEYWORDS_ALL if rows else said.KEYWORDS_NONE,
        tuple(rows[:90]),
        buttons=(opens("edit_keyword", said.KEYWORD_NEW),) if admin else (),
        usage=("keywords add WORD LIST: REPLY", "keywords remove WORD") if admin else (),
    )


async def edit_keyword(r: Reading, asker: Asker, value: str) -> Panel:
    """Write a keyword. value: the word to change; "": a new one."""
    known = r.world.keywords.get(value)
    if value and known is None:
        return Panel("edit_keyword", said.KEYWORDS_TITLE, said.NO_SUCH_KEYWORD.format(name=value[:40]))
    forms = (("", said.NO_FORM), *((name, name) for name in r.world.forms))
    double = (("single", said.SINGLE), ("double", said.DOUBLE))
    remove = Button("keyword_remove", said.KEYWORD_REMOVE, value, danger=True)
    fields = [
        Field("word", said.FIELD_WORD, value=value, max_length=20),
        Field("list", said.FIELD_LIST, value=known.list_name if known else "", max_length=60),
        Field("reply", said.FIELD_REPLY, "text", known.reply if known else "", max_length=1600),
        Field(
            "again",
            said.FIELD_AGAIN,
            value=(known.reply_again or "") if known else "",
            optional=True,
            max_length=1600,
        ),
        Field(
            "double",
            said.FIELD_DOUBLE,
            "choice",
            "double" if known and known.double else "single",
            double,
        ),
    ]
    if len(forms) > 1:
        chosen = (known.form or "") if known else ""
        options = tuple((name or "-", label) for name, label in forms)
        fields.append(Field("form", said.FIELD_FORM, "choice", chosen or "-", options))
    return Panel(
        "edit_keyword",
        said.KEYWORD_TITLE,
        said.KEYWORDS_ALL,
        fields=tuple(fields),
        submit=Button("keyword_save", words.SAVE, ""),
        kept=(("was", value),) if known else (),
        buttons=(remove,) if known else (),
        usage=("keywords add WORD LIST: REPLY",),
    )


async def lists(r: Reading, asker: Asker, value: str) -> Panel:
    """List the lists, with how many are on each."""
    admin = r.is_admin(asker)
    rows = tuple(
        Row(one["name"], " · ".join([said.LIST_ROW.format(count=one["subscribers"]), *one["keywords"]]))
        for one in await subscribers.all_lists(r.engine)
    )
    buttons = [opens("keywords", said.KEYWORDS_TITLE), opens("forms", said.TITLE)]
    buttons += [opens("campaigns", words.CAMPAIGNS), opens("polls", words.POLLS)]
    if admin:
        buttons.insert(0, opens("edit_list", said.LIST_NEW))
    text = said.LISTS_ALL if rows else said.LISTS_NONE
    usage = ("lists add NAME",) if admin else ()
    return Panel("lists", said.LISTS_TITLE, text, rows[:90], buttons=tuple(buttons), usage=usage)


async def edit_list(r: Reading, asker: Asker, value: str) -> Panel:
    """Make a list."""
    return Panel(
        "edit_list",
        said.LIST_NEW,
        said.LISTS_ALL,
        fields=(Field("name", words.FIELD_NAME, max_length=60),),
        submit=Button("list_add", words.SAVE, ""),
        usage=("lists add NAME",),
    )


async def join(r: Reading, asker: Asker, value: str) -> Panel:
    """Put the person at hand on a list, with how we know that they agreed."""
    talk = await r.talk(asker)
    if talk is None:
        return outside("join")
    on = {one.list_name for one in talk.subscriptions if one.ended_at is None}
    options = tuple((name, name) for name in r.world.lists if name not in on)
    if not options:
        return Panel("join", said.LIST_JOIN, said.LISTS_NONE)
    return Panel(
        "join",
        said.LIST_JOIN,
        fields=(
            Field("list", said.FIELD_LIST, "choice", options[0][0], options),
            Field("why", said.LIST_FIELD_WHY, max_length=300),
        ),
        submit=Button("list_join", words.SAVE, talk.thread_id),
    )
