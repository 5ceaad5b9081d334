"""Panels about people: start with somebody, who waits, look for somebody, who is this, what became of it."""

from typing import cast

from bridge.engine.panels.reading import Reading, outside
from bridge.model.address import read_number, show
from bridge.model.nouns import Message
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from bridge.model.text import shorten
from bridge.model.verdict import Kind
from bridge.model.zones import zones
from bridge.ports import Asker
from bridge.render import complaint, words, words_consent, words_forms
from bridge.render.card import subscription_state
from bridge.render.times import moment
from bridge.store import desk, people
from bridge.store.desk import InThread, Sort

PAGE = 10
_SORTS = {
    "waiting": words.SORT_WAITING,
    "unread": words.SORT_UNREAD,
    "mine": words.SORT_MINE,
    "resolved": words.SORT_RESOLVED,
}


async def new(r: Reading, asker: Asker, value: str) -> Panel:
    """Ask whom to text. value: the number or name that was typed already, the text below it."""
    region = r.world.organisation.region
    value, _, text = value.partition("\n")
    lines = [line for line in r.world.lines.values() if asker.desk in line.desks]
    fields = [
        person_field(value, region),
        Field("text", words.FIELD_TEXT, "text", text[:1600], optional=True, max_length=1600),
    ]
    if len(lines) > 1:
        options = tuple((line.name, f"{line.name} · {show(line.number, region)}") for line in lines)
        fields.append(Field("line", words.FACT_LINE, "choice", lines[0].name, options))
    return Panel(
        "new",
        words.NEW_TITLE,
        words.NEW_TEXT if lines else words.NO_LINE_HERE,
        fields=tuple(fields) if lines else (),
        submit=Button("new", words.NEW_START, "") if lines else None,
        usage=("new NUMBER TEXT",),
    )


def person_field(typed: str, region: str) -> Field:
    """Ask for a person; a number that was typed already stands there as people write it."""
    number = read_number(typed, region)
    known = ((number, show(number, region)),) if number else ()
    return Field(
        "number", words.FIELD_PERSON, "person", number or "", known, "(555) 010-0199", max_length=100
    )


async def inbox(r: Reading, asker: Asker, value: str) -> Panel:
    """Show who waits, longest first; value: "sort:page"."""
    asked, _, page_ = (value or "waiting").partition(":")
    sort = cast("Sort", asked if asked in _SORTS else "waiting")
    page = int(page_) if page_.isdecimal() and len(page_) < 7 else 0
    me = asker.person.name
    found, count = await desk.waiting(r.engine, asker.desk, sort, me, page * PAGE, PAGE)
    pages = max((count + PAGE - 1) // PAGE, 1)
    if page >= pages:  # some were answered meanwhile
        page = pages - 1
        found, count = await desk.waiting(r.engine, asker.desk, sort, me, page * PAGE, PAGE)
    zone, region = r.world.organisation.timezone, r.world.organisation.region
    rows = []
    for one in found:
        who = f"{one.name} {show(one.address, region)}" if one.name else show(one.address, region)
        details = (
            [words.ROW_WAITING.format(when=moment(one.waiting_since, zone))] if one.waiting_since else []
        )
        if one.unread:
            details.append(words.ROW_UNREAD.format(count=one.unread))
        if one.assigned_to:
            details.append(words.ROW_ASSIGNED.format(name=one.assigned_to))
        quoted = f"\n{shorten(one.last_text, 120)}" if one.last_text else ""
        rows.append(Row(f"{who}{quoted}", " · ".join(details), thread=one.thread))
    buttons = [opens("inbox", label, key) for key, label in _SORTS.items() if key != sort]
    if page > 0:
        buttons.append(opens("inbox", words.PAGE_BACK, f"{sort}:{page - 1}"))
    if page + 1 < pages:
        buttons.append(opens("inbox", words.PAGE_NEXT, f"{sort}:{page + 1}"))
    said = words.INBOX_NONE[sort] if not count else words.INBOX_COUNT[sort].format(count=count)
    if pages > 1:
        said += f" {words.PAGE_OF.format(page=page + 1, pages=pages)}"
    return Panel("inbox", words.INBOX_TITLE, said, tuple(rows), buttons=tuple(buttons))


async def find(r: Reading, asker: Asker, value: str) -> Panel:
    """Look for people by a part of their name or number."""
    region = r.world.organisation.region
    found = await desk.people(r.engine, value, region, PAGE) if value.strip() else []
    rows = [
        Row(
            f"{name} {show(address, region)}" if name else show(address, region),
            buttons=(opens("new", words.TEXT_THEM, address),),
        )
        for address, name in found
    ]
    number = read_number(value, region)
    if number and not found:
        rows.append(Row(show(number, region), words.NEVER_TEXTED, (opens("new", words.TEXT_THEM, number),)))
    said = "" if rows else (words.FOUND_NOBODY.format(query=value[:40]) if value.strip() else words.FIND_WHAT)
    return Panel("find", words.FIND_TITLE, said, tuple(rows), usage=("find NAME OR NUMBER",))


async def contact(r: Reading, asker: Asker, value: str) -> Panel:
    """Show who this is, and let staff write their name."""
    talk = await r.talk(asker)
    if talk is None:
        return outside("contact")
    person, ours = talk.contact, r.world.organisation
    guessed = zones(person.address, None, ours.timezone)[0]
    facts = [
        f"{words.FACT_NUMBER}: {show(person.address, ours.region)}",
        f"{words.FACT_SUBSCRIPTION}: {subscription_state(person, talk.subscriptions, ours.timezone)}",
        f"{words.FACT_SINCE}: {moment(person.created_at, ours.timezone)}",
        *(f"{name}: {known}" for name, known in sorted(person.fields.items())),
    ]
    blocked = person.blocked_at is not None
    block = Button(
        "unblock" if blocked else "block",
        words.UNBLOCK if blocked else words.BLOCK,
        talk.thread_id,
        danger=not blocked,
        confirm="" if blocked else words.BLOCK_CONFIRM,
    )
    return Panel(
        "contact",
        words.CONTACT_TITLE,
        "\n".join(facts),
        fields=(
            Field("name", words.FIELD_NAME, value=person.name or "", optional=True, max_length=60),
            Field("tags", words.FIELD_TAGS, value=", ".join(person.tags), optional=True, max_length=300),
            Field(
                "timezone",
                words.FIELD_ZONE.format(guess=guessed),
                value=person.timezone or "",
                optional=True,
                max_length=60,
            ),
        ),
        submit=Button("name", words.SAVE, talk.thread_id),
        buttons=(
            opens("join", words_forms.LIST_JOIN),
            *_leaves(talk),
            opens("send_form", words_forms.SEND_TITLE),
            opens("consent", words_consent.PAGE_LEDGER),
            *((block, _erase(talk)) if r.is_admin(asker) else ()),
        ),
        usage=("contact NAME", "form NAME"),
    )


async def consent(r: Reading, asker: Asker, value: str) -> Panel:
    """Show how we know what this person agreed to: every line of the ledger, and what was sent."""
    talk = await r.talk(asker)
    found = await people.agreed(r.engine, talk.contact.address) if talk else None
    if talk is None or found is None:
        return outside("consent")
    person, lists, lines = found
    ours = r.world.organisation
    state = subscription_state(person, tuple(lists), ours.timezone)
    sent = await people.sent_to(r.engine, person.id)
    title, *rest = complaint.page(ours, person.address, state, lines, sent, r.now)
    rows = tuple(Row(one) for one in rest[1:][-35:])
    return Panel("consent", words_consent.PAGE_LEDGER, f"{title}\n{rest[0]}", rows)


def _erase(talk: InThread) -> Button:
    confirm = words_consent.ERASE_CONFIRM
    return Button("erase", words_consent.ERASE, talk.thread_id, danger=True, confirm=confirm)


def _leaves(talk: InThread) -> tuple[Button, ...]:
    """Offer to take them off each list that they are on."""
    on = [one.list_name for one in talk.subscriptions if one.ended_at is None]
    return tuple(
        Button("list_leave", words_forms.LIST_LEAVE.format(list=name), f"{talk.thread_id}:{name}")
        for name in on[:10]
    )


async def message(r: Reading, asker: Asker, value: str) -> Panel:
    """Say what became of a message. value: our id of it, where no message on the desk stands for it."""
    if value:
        found = await desk.message(r.engine, value)
    else:
        found = await desk.shown_by(r.engine, asker.desk, asker.ref) if asker.ref else None
    if found is None:
        said = words.MESSAGE_UNKNOWN if value or asker.ref else words.MESSAGE_WHICH
        return Panel("message", words.MESSAGE_TITLE, said)
    return Panel("message", words.MESSAGE_TITLE, "\n".join(_story(r, found)), buttons=_corrections(found))


def _corrections(message: Message) -> tuple[Button, ...]:
    """Offer to say what a text really was."""
    if message.direction != "in" or message.corrected:
        return ()
    if message.kind != Kind.NATURAL:
        return (Button("was_natural", words.WAS_NATURAL_SO, message.id),)
    confirm = words.WAS_OPT_OUT_CONFIRM
    return (Button("opt_out", words.WAS_OPT_OUT_SO, message.id, danger=True, confirm=confirm),)


def _story(r: Reading, message: Message) -> list[str]:
    zone = r.world.organisation.timezone
    when = moment(message.at, zone)
    if message.direction == "in":
        said = [words.STORY_RECEIVED.format(when=when)]
        kind = words.KINDS.get(message.kind, message.kind)
        said.append(words.STORY_KIND.format(kind=kind, reason=message.reason))
        if message.corrected_by:
            said.append(words.STORY_CORRECTED.format(name=message.corrected_by))
        return said
    if message.direction == "internal":
        return [words.STORY_INTERNAL.format(when=when, name=message.author)]
    said = [words.STORY_WRITTEN.format(when=when, name=message.author), words.STATES[message.state]]
    if message.state in ("sent", "delivered", "undelivered", "unsure"):
        said.append(words.STORY_COST.format(segments=message.segments, credits=message.credits))
    if message.error:
        said.append(message.error)
    if message.attempts > 1:
        said.append(words.STORY_ATTEMPTS.format(count=message.attempts))
    return said
