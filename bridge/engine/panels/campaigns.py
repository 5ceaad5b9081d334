"""Panels of campaigns: all of them, one to write, who gets one and what it costs, how one goes."""

from bridge.engine.panels.reading import Reading
from bridge.model.address import show
from bridge.model.outreach import Campaign
from bridge.model.panel import Field, Panel, Row, opens
from bridge.model.shapes import Button
from bridge.ports import Asker
from bridge.render import ballots, outreach, words, words_campaigns
from bridge.render.cost import cost
from bridge.render.fill import fill, values
from bridge.render.times import month_begins, typed
from bridge.store import campaigns, desk, polls

SHOWN = 20
_SAMPLES = 3


async def all_(r: Reading, asker: Asker, value: str) -> Panel:
    """List the campaigns, newest first."""
    found = await campaigns.latest(r.engine, SHOWN)
    home = r.world.organisation.timezone
    rows = tuple(
        Row(one.name, outreach.state(one, home), (opens("campaign", words.LOOK, one.id),)) for one in found
    )
    admin = r.is_admin(asker)
    return Panel(
        "campaigns",
        words_campaigns.TITLE,
        words_campaigns.ALL if found else words_campaigns.NONE,
        rows,
        buttons=(opens("edit_campaign", words_campaigns.NEW),) if admin else (),
        usage=("campaigns new NAME | LIST, LIST: TEXT",) if admin else (),
    )


async def one(r: Reading, asker: Asker, value: str) -> Panel:
    """Before it starts: who gets it, as they get it, and for how much. After that: how it goes."""
    campaign = await campaigns.one(r.engine, value)
    if campaign is None:
        return Panel("campaign", words_campaigns.TITLE, words_campaigns.GONE)
    begun = campaign.started_at is not None or campaign.state in ("done", "cancelled")
    admin = r.is_admin(asker)
    if begun:
        result = await campaigns.result(r.engine, campaign.id)
        said = outreach.campaign(campaign, result, r.world.organisation.timezone)
        rows: tuple[Row, ...] = (Row(campaign.text),)
        buttons = _running(campaign)
    else:
        said, rows, count = await _plan(r, campaign)
        buttons = _draft(campaign, count)
    back = opens("campaigns", words.BACK)
    return Panel("campaign", campaign.name, said, rows, buttons=(*(buttons if admin else ()), back))


def _draft(campaign: Campaign, count: int) -> tuple[Button, ...]:
    confirm = words_campaigns.START_CONFIRM.format(count=count)
    start = Button("campaign_start", words_campaigns.START, campaign.id, True, confirm)
    test = opens("test_campaign", words_campaigns.TEST, campaign.id)
    if campaign.state == "scheduled":
        return (_cancel(campaign), test)
    change = opens("edit_campaign", words.CHANGE, campaign.id)
    remove = Button("campaign_remove", words_campaigns.REMOVE, campaign.id, danger=True)
    return (start, test, change, remove) if count else (test, change, remove)


def _running(campaign: Campaign) -> tuple[Button, ...]:
    if campaign.state == "running":
        return (Button("campaign_pause", words_campaigns.PAUSE, campaign.id), _cancel(campaign))
    if campaign.state == "paused":
        return (Button("campaign_resume", words_campaigns.RESUME, campaign.id), _cancel(campaign))
    return ()


def _cancel(campaign: Campaign) -> Button:
    confirm = words_campaigns.CANCEL_CONFIRM
    return Button("campaign_cancel", words_campaigns.CANCEL, campaign.id, True, confirm)


async def _plan(r: Reading, campaign: Campaign) -> tuple[str, tuple[Row, ...], int]:
    """Say who gets it and what it costs, with a few texts as they will be; give the count, too."""
    ours, line = r.world.organisation, r.world.lines.get(campaign.line)
    audience = await campaigns.audience(r.engine, campaign.lists, campaign.exclude)
    some = await campaigns.some(r.engine, campaign.lists, _SAMPLES)
    texts = [(one, fill(campaign.text, values(one, ours.name))) for one in some]
    how = line.long_messages if line and line.traits.sends_media else "segments"
    prices = [cost(filled.text, 0, how).credits for _, filled in texts] or [
        cost(campaign.text, 0, how).credits
    ]
    lines = [outreach.state(campaign, ours.timezone), _gets(audience.count)]
    lines += [
        words_campaigns.LEFT_OUT.format(count=count, reason=outreach.reason(key))
        for key, count in sorted(audience.left_out.items())
    ]
    lines.append(words_campaigns.COSTS.format(credits=audience.count * max(prices)))
    if line is not None and line.budget:
        since = month_begins(r.now, ours.timezone)
        used = (await desk.used(r.engine, since, r.now + 1)).get(line.name, (0, 0, 0))[2]
        left = max(line.budget - used, 0)
        lines.append(words_campaigns.BUDGET_LEFT.format(left=left, budget=line.budget))
    rows = []
    for person, filled in texts:
        number = show(person.address, ours.region)
        missing = ", ".join(f"{{{name}}}" for name in filled.missing)
        detail = words_campaigns.NO_VALUE.format(field=missing) if missing else ""
        rows.append(Row(filled.text, " · ".join(filter(None, (person.name, number, detail)))))
    return "\n".join(lines), tuple(rows), audience.count


def _gets(count: int) -> str:
    if count == 1:
        return words_campaigns.GETS_ONE
    return words_campaigns.GETS.format(count=count) if count else words_campaigns.GETS_NOBODY


async def edit(r: Reading, asker: Asker, value: str) -> Panel:
    """Write a campaign. value: the id of the one to change, "poll:ID" to send a poll, "": a new one."""
    poll = await polls.one(r.engine, value.removeprefix("poll:")) if value.startswith("poll:") else None
    known = await campaigns.one(r.engine, value) if value and poll is None else None
    if value and poll is None and known is None:
        return Panel("edit_campaign", words_campaigns.TITLE, words_campaigns.GONE)
    if not r.world.lists:
        return Panel("edit_campaign", words_campaigns.TITLE, words_campaigns.NEEDS_LIST)
    lists = tuple((name, name) for name in r.world.lists)
    lines = [line for line in r.world.lines.values() if asker.desk in line.desks]
    at, when = "", (("home", words_campaigns.NOW), ("local", words_campaigns.LOCAL))
    if known is not None and known.at is not None:
        at = known.local.replace("T", " ") or typed(known.at, r.world.organisation.timezone)
    name = known.name if known else poll.name if poll else ""
    fields = [Field("name", words_campaigns.FIELD_NAME, value=name, max_length=60)]
    if poll is None and not (known and known.poll_id):
        text = known.text if known else ""
        fields.append(Field("text", words_campaigns.FIELD_TEXT, "text", text, max_length=1600))
    to, but = "\n".join(known.lists if known else ()), "\n".join(known.exclude if known else ())
    fields.append(Field("lists", words_campaigns.FIELD_LISTS, "choices", to, lists))
    fields.append(Field("exclude", words_campaigns.FIELD_EXCLUDE, "choices", but, lists, optional=True))
    if len(lines) > 1:
        options = tuple((line.name, f"{line.name} · {line.number}") for line in lines)
        chosen = known.line if known else lines[0].name
        fields.append(Field("line", words_campaigns.FIELD_LINE, "choice", chosen, options))
    fields.append(Field("at", words_campaigns.FIELD_AT, value=at, optional=True))
    chosen = "local" if known and known.local else "home"
    fields.append(Field("when", words_campaigns.FIELD_WHEN, "choice", chosen, when))
    said = [words_campaigns.EDIT_TEXT, *([ballots.question(poll)] if poll else [words.TEMPLATE_FIELDS])]
    poll_id = poll.id if poll else known.poll_id if known else None
    kept = (("id", known.id),) if known else ()
    return Panel(
        "edit_campaign",
        words_campaigns.EDIT_TITLE,
        "\n".join(said),
        fields=tuple(fields),
        submit=Button("campaign_save", words.SAVE, ""),
        kept=(*kept, ("poll", poll_id)) if poll_id else kept,
        usage=("campaigns new NAME | LIST, LIST: TEXT",),
    )


async def test(r: Reading, asker: Asker, value: str) -> Panel:
    """Ask where to send a test. value: the campaign's id."""
    if value not in r.world.campaigns:
        return Panel("test_campaign", words_campaigns.TEST, words_campaigns.GONE)
    return Panel(
        "test_campaign",
        words_campaigns.TEST,
        words_campaigns.TEST_TEXT,
        fields=(Field("number", words_campaigns.FIELD_TO, max_length=40),),
        submit=Button("campaign_test", words.SEND, ""),
        kept=(("id", value),),
        usage=("campaigns test NUMBER",),
    )
