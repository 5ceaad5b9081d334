"""Panels of polls: all of them, one to write, how one stands, the answers to assign."""

from bridge.engine.panels.reading import Reading
from bridge.model.address import show
from bridge.model.outreach import Poll
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from bridge.model.text import shorten
from bridge.ports import Asker
from bridge.render import ballots, outreach, words, words_polls
from bridge.render.times import typed
from bridge.store import polls

SHOWN = 20


async def all_(r: Reading, asker: Asker, value: str) -> Panel:
    """List the polls, newest first."""
    found = await polls.latest(r.engine, SHOWN)
    home = r.world.organisation.timezone
    rows = tuple(
        Row(one.name, outreach.standing(one, home), (opens("poll", words.LOOK, one.id),)) for one in found
    )
    admin = r.is_admin(asker)
    return Panel(
        "polls",
        words_polls.TITLE,
        words_polls.ALL if found else words_polls.NONE,
        rows,
        buttons=(opens("edit_poll", words_polls.NEW),) if admin else (),
        usage=("polls new QUESTION | OPTION; OPTION",) if admin else (),
    )


async def one(r: Reading, asker: Asker, value: str) -> Panel:
    """Show how a poll stands, and what can be done with it."""
    poll = await polls.one(r.engine, value)
    if poll is None:
        return Panel("poll", words_polls.TITLE, words_polls.GONE)
    tally = await polls.tally(r.engine, poll)
    buttons: list[Button] = []
    if tally.unclear:
        buttons.append(opens("unclear", words_polls.UNCLEAR_TITLE, poll.id))
    if r.is_admin(asker):
        if poll.state != "closed":
            buttons.append(opens("edit_campaign", words_polls.SEND, f"poll:{poll.id}"))
            buttons.append(opens("edit_poll", words.CHANGE, poll.id))
        if poll.state == "open":
            confirm = words_polls.CLOSE_CONFIRM
            buttons.append(Button("poll_close", words_polls.CLOSE_NOW, poll.id, True, confirm))
        if poll.state == "closed":
            buttons.append(Button("poll_reopen", words_polls.REOPEN, poll.id))
    said = outreach.poll(poll, tally, r.world.organisation.timezone)
    buttons.append(opens("polls", words.BACK))
    return Panel("poll", poll.name, said, buttons=tuple(buttons))


async def edit(r: Reading, asker: Asker, value: str) -> Panel:
    """Write a poll. value: the id of the one to change; "": a new one."""
    poll = await polls.one(r.engine, value) if value else Poll("", "", "", ())
    if poll is None:
        return Panel("edit_poll", words_polls.TITLE, words_polls.GONE)
    closes = ""
    if poll.closes_at is not None:
        closes = typed(poll.closes_at, r.world.organisation.timezone)
    several = (("one", words_polls.ONE), ("several", words_polls.SEVERAL))
    fields = (
        Field("question", words_polls.FIELD_QUESTION, "text", poll.question, max_length=1600),
        Field("options", words_polls.FIELD_OPTIONS, "text", "\n".join(poll.options), max_length=1000),
        Field("several", words_polls.FIELD_SEVERAL, "choice", "several" if poll.multiple else "one", several),
        Field("thanks", words_polls.FIELD_THANKS, value=poll.thanks, optional=True, max_length=1600),
        Field("invalid", words_polls.FIELD_INVALID, value=poll.invalid, optional=True, max_length=1600),
        Field("closed", words_polls.FIELD_CLOSED, value=poll.closed, optional=True, max_length=1600),
        Field("closes", words_polls.FIELD_CLOSES, value=closes, optional=True),
        Field("target", words_polls.FIELD_TARGET, value=str(poll.target), optional=True),
    )
    return Panel(
        "edit_poll",
        words_polls.EDIT_TITLE,
        words_polls.EDIT_TEXT,
        fields=fields,
        submit=Button("poll_save", words.SAVE, ""),
        kept=(("id", poll.id), ("name", poll.name)) if value else (),
        usage=("polls new QUESTION | OPTION; OPTION",),
    )


async def unclear(r: Reading, asker: Asker, value: str) -> Panel:
    """List the answers to a poll that staff have yet to assign. value: the poll's id."""
    poll = await polls.one(r.engine, value)
    if poll is None:
        return Panel("unclear", words_polls.UNCLEAR_TITLE, words_polls.GONE)
    region = r.world.organisation.region
    rows = tuple(
        Row(
            shorten(found.text, 200),
            f"{found.name} {show(found.address, region)}" if found.name else show(found.address, region),
            (opens("assign", words_polls.COUNT_AS, found.message_id),),
        )
        for found in await polls.unclear_answers(r.engine, poll.id, SHOWN)
    )
    said = poll.question if rows else words_polls.UNCLEAR_NONE
    return Panel(
        "unclear", words_polls.UNCLEAR_TITLE, said, rows, buttons=(opens("poll", words.BACK, poll.id),)
    )


async def assign(r: Reading, asker: Asker, value: str) -> Panel:
    """Ask which option an answer means. value: our id of the text."""
    found = await polls.poll_of_unclear(r.engine, value)
    if found is None:
        return Panel("assign", words_polls.ASSIGN_TITLE, words_polls.STALE_VOTE)
    poll, text = found
    buttons = [
        Button("vote_assign", f"{ballots.letter(place)}) {shorten(option, 60)}", f"{value}:{poll.id}:{place}")
        for place, option in enumerate(poll.options)
    ]
    buttons.append(Button("vote_leave", words_polls.NOT_A_VOTE, f"{value}:{poll.id}"))
    said = words_polls.ASSIGN_TEXT.format(words=shorten(text, 300), question=shorten(poll.question, 300))
    return Panel("assign", words_polls.ASSIGN_TITLE, said, buttons=tuple(buttons))
