"""Panels of templates: all of them, one to change, and the one to answer with."""

import re

from rapidfuzz import fuzz, process

from bridge.decide.texts import in_words
from bridge.engine.panels.reading import Reading, outside
from bridge.model.nouns import Template
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from bridge.model.text import shorten
from bridge.ports import Asker
from bridge.render import words
from bridge.render.cost import cost
from bridge.render.fill import FIELD, fill, values
from bridge.store import desk

_SAME_WORD = 80.0  # of 100: "open" and "opens", "apointment" and "appointment"
_LIKE_CASE = 60.0  # of 100: two texts that ask for the same
_SAYS_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an and are at be but by can could did do does for from had has have hello hey hi how i if in is "
        "it me my not of on or our please so thank thanks that the there they this to us was we what when "
        "where which who will with would you your",
    )
)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _SAYS_LITTLE}


def ranked(templates: list[Template], text: str, uses: list[tuple[str, str]]) -> list[Template]:
    """Sort templates for a text: words in common with it, and having answered ones like it.

    A word that few templates share says more than one that stands in all. uses: which template answered
    which text.
    """
    scores = dict.fromkeys((one.name for one in templates), 0.0)
    held = {one.name: _words(f"{one.name} {FIELD.sub('', one.text)}") for one in templates}
    for word in _words(text):
        hits = [
            name
            for name, theirs in held.items()
            if process.extractOne(word, theirs, scorer=fuzz.ratio, score_cutoff=_SAME_WORD)
        ]
        for name in hits:
            scores[name] += 1 / len(hits)
    for name, was in uses:
        likeness = fuzz.token_sort_ratio(text.lower(), was.lower())
        if name in scores and likeness >= _LIKE_CASE:
            scores[name] = max(scores[name], likeness / 20)
    return sorted(templates, key=lambda one: (-scores[one.name], one.name))


async def all_(r: Reading, asker: Asker, value: str) -> Panel:
    """List the templates; admins change them."""
    templates = await desk.all_templates(r.engine)
    admin = r.is_admin(asker)
    rows = tuple(
        Row(
            one.name,
            shorten(one.text, 200),
            (opens("edit_template", words.CHANGE, one.name),) if admin else (),
        )
        for one in templates
    )
    said = words.TEMPLATES_NONE if not templates else words.TEMPLATES_ALL
    buttons = (opens("edit_template", words.TEMPLATE_NEW),) if admin else ()
    usage = ("templates add NAME: TEXT", "templates remove NAME") if admin else ()
    return Panel("templates", words.TEMPLATES_TITLE, said, rows, buttons=buttons, usage=usage)


async def edit(r: Reading, asker: Asker, value: str) -> Panel:
    """Let an admin write a template. value: the name of the one to change; "": a new one."""
    known = next((one for one in await desk.all_templates(r.engine) if one.name == value), None)
    if value and known is None:
        return Panel("edit_template", words.TEMPLATES_TITLE, words.UNKNOWN_TEMPLATE.format(name=value))
    remove = Button(
        "template_remove",
        words.TEMPLATE_REMOVE,
        known.name if known else "",
        danger=True,
        confirm=words.TEMPLATE_REMOVE_CONFIRM,
    )
    return Panel(
        "edit_template",
        words.TEMPLATE_CHANGE if known else words.TEMPLATE_NEW,
        words.TEMPLATE_FIELDS,
        fields=(
            Field("name", words.FIELD_NAME, value=known.name if known else "", max_length=60),
            Field("text", words.FIELD_TEXT, "text", known.text if known else "", max_length=1600),
        ),
        submit=Button("template_save", words.SAVE, ""),
        kept=(("was", known.name),) if known else (),
        buttons=(remove,) if known else (),
        usage=("templates add NAME: TEXT",),
    )


async def pick(r: Reading, asker: Asker, value: str) -> Panel:
    """List the templates for the conversation at hand, the likeliest first."""
    talk = await r.talk(asker)
    if talk is None:
        return outside("pick")
    last = talk.last_in[1] if talk.last_in else ""
    templates = ranked(await desk.all_templates(r.engine), last, await desk.uses_of_templates(r.engine))
    known = values(talk.contact, r.world.organisation.name)
    rows = tuple(
        Row(one.name, shorten(fill(one.text, known).text, 200), (opens("use", words.USE, one.name),))
        for one in templates
    )
    said = words.TEMPLATES_PICK if templates else words.TEMPLATES_NONE
    return Panel("pick", words.TEMPLATES_TITLE, said, rows, usage=("template NAME",))


async def use(r: Reading, asker: Asker, value: str) -> Panel:
    """Show a template filled in for the contact, with its cost, to be changed and sent."""
    talk = await r.talk(asker)
    if talk is None:
        return outside("use")
    wanted = value.strip().lower()
    templates = await desk.all_templates(r.engine)
    known = next((one for one in templates if one.name.lower() == wanted), None)
    if known is None:
        return Panel("use", words.TEMPLATES_TITLE, words.UNKNOWN_TEMPLATE.format(name=value[:60]))
    filled = fill(known.text, values(talk.contact, r.world.organisation.name))
    line = r.world.lines.get(talk.conversation.line)
    room = max(1600, len(filled.text))  # filled in it may be longer than it was written
    price = cost(filled.text, 0, line.long_messages if line else "segments")
    said = [words.USE_COST.format(price=in_words(price))]
    if filled.missing:
        said.append(words.USE_MISSING.format(fields=", ".join(f"{{{name}}}" for name in filled.missing)))
    return Panel(
        "use",
        known.name,
        "\n".join(said),
        fields=(Field("text", words.FIELD_TEXT, "text", filled.text, max_length=room),),
        submit=Button("reply", words.SEND, talk.thread_id),
        kept=(("template", known.name), ("answered", talk.last_in[0] if talk.last_in else "")),
    )
