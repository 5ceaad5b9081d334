"""polls and campaigns: made, started and watched from the server. The daemon does the work."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bridge.cli.common import ConfigPath, Format, FormatOption, Output, Refused, await_, load, opened

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bridge.model.outreach import Campaign, Poll

T = TypeVar("T")

polls = typer.Typer(help="Questions with options, sent to lists.", no_args_is_help=True)
campaigns = typer.Typer(help="Texts to everybody on a list.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Its name or id.", show_default=False)]
Lists = Annotated[list[str] | None, typer.Option("--list", help="Whom it goes to; may be given often.")]


@polls.command("add")
def add_poll(
    question: Annotated[str, typer.Argument(help="What is asked.", show_default=False)],
    config: ConfigPath,
    option: Annotated[list[str] | None, typer.Option(help="An answer; 2 to 10 of them.")] = None,
    several: Annotated[bool, typer.Option("--several", help="Several answers each.")] = False,
    thanks: Annotated[str, typer.Option(help="Sent to whoever answers.")] = "",
    invalid: Annotated[str, typer.Option(help="Said once to whoever's answer is unclear.")] = "",
    closed: Annotated[str, typer.Option(help="Said to whoever answers too late.")] = "",
    closes: Annotated[str, typer.Option(help="When it closes, like 2026-12-01 18:00.")] = "",
    target: Annotated[int, typer.Option(help="Votes at which it closes; 0: never.", min=0)] = 0,
) -> None:
    """Make a poll; `polls send` sends it."""
    form = {"question": question, "options": "\n".join(option or ()), "thanks": thanks, "invalid": invalid}
    form |= {"closed": closed, "closes": closes, "target": str(target), "several": "several" * several}
    _press(config, "poll_save", form=form)


@polls.command("send")
def send_poll(named: Named, config: ConfigPath, to: Lists = None) -> None:
    """Send a poll to lists, at once."""
    poll = _poll(config, named)
    form = {"name": poll.name, "lists": "\n".join(to or ()), "poll": poll.id}
    _press(config, "campaign_save", form=form)
    _press(config, "campaign_start", value=_campaign(config, poll.name).id)


@polls.command("list")
def list_polls(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the polls with their counts."""
    from bridge.cli.output import write
    from bridge.store import polls as store

    async def read(engine: "AsyncEngine") -> list[dict[str, Any]]:
        found = []
        for poll in await store.latest(engine, 1000):
            tally = await store.tally(engine, poll)
            row = {"id": poll.id, "name": poll.name, "state": poll.state, "asked": tally.asked}
            found.append(row | {"voters": tally.voters, "unclear": tally.unclear})
        return found

    write(_do(config, read), ("id", "name", "state", "asked", "voters", "unclear"), form, output)


@polls.command("results")
def poll_results(
    named: Named,
    config: ConfigPath,
    votes: Annotated[bool, typer.Option("--votes", help="Each vote, not the count alone.")] = False,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Give the count of a poll, or each vote."""
    from bridge.cli.output import write
    from bridge.store import polls as store
    from bridge.store.books import rfc3339

    poll = _poll(config, named)

    async def count(engine: "AsyncEngine") -> list[dict[str, Any]]:
        tally = await store.tally(engine, poll)
        return [{"option": option, "votes": tally.counts[place]} for place, option in enumerate(poll.options)]

    async def each(engine: "AsyncEngine") -> list[dict[str, Any]]:
        return [row | {"at": rfc3339(row["at"])} async for row in store.every_vote(engine, poll)]

    if votes:
        columns: tuple[str, ...] = ("contact", "name", "choices", "at", "message", "assigned_by")
        write(_do(config, each), columns, form, output)
    else:
        write(_do(config, count), ("option", "votes"), form, output)


@polls.command("picture")
def poll_picture(
    named: Named,
    config: ConfigPath,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write, a PNG.")],
) -> None:
    """Draw the count of a poll as a picture."""
    from bridge.engine.charts import chart
    from bridge.store import polls as store

    poll = _poll(config, named)
    output.write_bytes(chart(poll, _do(config, lambda engine: store.tally(engine, poll))).data)


@polls.command("close")
def close_poll(named: Named, config: ConfigPath) -> None:
    """Count no further answers."""
    _press(config, "poll_close", value=_poll(config, named).id)


@polls.command("open")
def open_poll(named: Named, config: ConfigPath) -> None:
    """Count answers again."""
    _press(config, "poll_reopen", value=_poll(config, named).id)


@campaigns.command("add")
def add_campaign(
    name: Annotated[str, typer.Argument(help="What you call it.", show_default=False)],
    config: ConfigPath,
    text: Annotated[str, typer.Option(help="The text; {first_name|there} is filled in for each contact.")],
    to: Lists = None,
    exclude: Annotated[list[str] | None, typer.Option(help="But to nobody on this list.")] = None,
    line: Annotated[str, typer.Option(help="The line that it leaves from; else the first.")] = "",
    at: Annotated[str, typer.Option(help="When, like 2026-12-01 09:00; else when it is started.")] = "",
    local: Annotated[bool, typer.Option("--local", help="At that time where each contact lives.")] = False,
) -> None:
    """Make a campaign; nothing is sent until `campaigns start`."""
    form = {"name": name, "text": text, "lists": "\n".join(to or ()), "exclude": "\n".join(exclude or ())}
    _press(
        config, "campaign_save", form=form | {"line": line, "at": at, "when": "local" if local else "home"}
    )


@campaigns.command("list")
def list_campaigns(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the campaigns, newest first."""
    from bridge.cli.output import write
    from bridge.store import campaigns as store
    from bridge.store.books import rfc3339

    rows = [
        {
            "id": one.id,
            "name": one.name,
            "state": one.state,
            "lists": ", ".join(one.lists),
            "line": one.line,
            "at": one.local or (rfc3339(one.at) if one.at else None),
            "why": one.why,
        }
        for one in _do(config, lambda engine: store.latest(engine, 1000))
    ]
    write(rows, ("id", "name", "state", "lists", "line", "at", "why"), form, output)


@campaigns.command("show")
def show_campaign(named: Named, config: ConfigPath, form: FormatOption = Format.TABLE) -> None:
    """Say who gets a campaign, or what became of it: states, reasons, replies."""
    from bridge.cli.output import write
    from bridge.render import outreach
    from bridge.store import campaigns as store

    campaign = _campaign(config, named)

    async def read(engine: "AsyncEngine") -> list[dict[str, Any]]:
        if campaign.started_at is None:
            audience = await store.audience(engine, campaign.lists, campaign.exclude)
            left = [
                {"what": "left out", "why": outreach.reason(k), "count": n}
                for k, n in audience.left_out.items()
            ]
            return [{"what": "gets it", "why": "", "count": audience.count}, *left]
        result = await store.result(engine, campaign.id)
        found = [{"what": state, "why": "", "count": count} for state, count in result.states.items()]
        found += [{"what": "why failed", "why": why, "count": n} for why, n in result.failed.items()]
        found += [
            {"what": "left out", "why": outreach.reason(key), "count": n}
            for key, n in result.excluded.items()
        ]
        more = {"replies": result.replies, "opted out": result.optouts, "credits": result.credits}
        return [*found, *({"what": what, "why": "", "count": count} for what, count in more.items())]

    write(_do(config, read), ("what", "why", "count"), form, None)


def _verb(action: str, help_: str) -> None:
    def do(named: Named, config: ConfigPath) -> None:
        _press(config, f"campaign_{action}", value=_campaign(config, named).id)

    do.__doc__ = help_
    campaigns.command(action)(do)


_verb("start", "Have a campaign begin: now, or at its time.")
_verb("pause", "Let nothing further leave for now.")
_verb("resume", "Go on where it stopped.")
_verb("cancel", "Nobody else gets it.")
_verb("remove", "Take away a campaign that has not begun.")


@campaigns.command("test")
def test_campaign(named: Named, number: Annotated[str, typer.Argument()], config: ConfigPath) -> None:
    """Send a campaign to one number, as everybody would get it."""
    _press(config, "campaign_test", form={"id": _campaign(config, named).id, "number": number})


def _poll(path: "Path", named: str) -> "Poll":
    from bridge.store import polls as store

    found = _do(path, lambda engine: store.one(engine, named))
    if found is None:
        raise Refused(f'there is no poll "{named}"; see: threadline polls list')
    return found


def _campaign(path: "Path", named: str) -> "Campaign":
    from bridge.store import campaigns as store

    found = _do(path, lambda engine: store.one(engine, named))
    if found is None:
        raise Refused(f'there is no campaign "{named}"; see: threadline campaigns list')
    return found


def _do(path: "Path", work: "Callable[[AsyncEngine], Awaitable[T]]") -> T:
    async def done() -> T:
        async with opened(load(path)) as engine:
            return await work(engine)

    return await_(done())


def _press(path: "Path", action: str, value: str = "", form: dict[str, str] | None = None) -> None:
    """Do what a press on a desk does, and say what staff would be told."""
    from bridge.cli.common import press

    print(press(path, action, value, form or {}))
