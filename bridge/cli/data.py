"""messages, contacts, consent and stats: what is stored, on its way out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bridge.cli.common import (
    ConfigPath,
    ExportFormat,
    ExportOption,
    Output,
    Since,
    Until,
    address,
    await_,
    load_store,
    moment,
    opened,
)
from bridge.cli.importing import import_contacts

app = typer.Typer()
contacts = typer.Typer(help="The people who text.", no_args_is_help=True)
consent = typer.Typer(help="The ledger: how do we know that they agreed?", no_args_is_help=True)
app.add_typer(contacts, name="contacts")
contacts.command("import")(import_contacts)
app.add_typer(consent, name="consent")

Contact = Annotated[str | None, typer.Option(help="One contact's number alone.")]


class StatsFormat(StrEnum):
    """How counts are written."""

    TABLE = "table"
    JSON = "json"


@app.command()
def messages(
    config: ConfigPath,
    form: ExportOption = ExportFormat.JSONL,
    line: Annotated[str | None, typer.Option(help="One line alone, by its name.")] = None,
    contact: Contact = None,
    since: Since = None,
    until: Until = None,
    output: Output = None,
) -> None:
    """Export messages, in and out, oldest first.

    Internal notes stay inside.
    """
    await_(_messages(config, form, line, contact, since, until, output))


async def _messages(
    path: Path,
    form: str,
    line: str | None,
    contact: str | None,
    since: str | None,
    until: str | None,
    output: Path | None,
) -> None:
    from bridge.cli.output import write_stream
    from bridge.store import books

    config = load_store(path)
    zone = config.organisation.timezone
    number = address(contact, config.organisation.region)
    wanted = books.Wanted(line, number, moment(since, zone), moment(until, zone))
    async with opened(config) as engine:
        await write_stream(books.export(engine, wanted), books.COLUMNS, form, output)


@contacts.command("export")
def export_contacts(config: ConfigPath, form: ExportOption = ExportFormat.CSV, output: Output = None) -> None:
    """Export every contact with state and lists."""

    async def work() -> None:
        from bridge.cli.output import write_stream
        from bridge.store import people

        async with opened(load_store(config)) as engine:
            await write_stream(people.export_contacts(engine), people.CONTACT_COLUMNS, form, output)

    await_(work())


@consent.command("export")
def export_consent(
    config: ConfigPath,
    form: ExportOption = ExportFormat.CSV,
    contact: Contact = None,
    output: Output = None,
) -> None:
    """Export the consent ledger: what, when, which words, from which message, by whom."""

    async def work() -> None:
        from bridge.cli.output import write_stream
        from bridge.store import people

        checked = load_store(config)
        number = address(contact, checked.organisation.region)
        async with opened(checked) as engine:
            await write_stream(people.export_consent(engine, number), people.CONSENT_COLUMNS, form, output)

    await_(work())


@app.command()
def stats(
    config: ConfigPath,
    since: Since = None,
    form: Annotated[StatsFormat, typer.Option("--format", help="table is for people.")] = StatsFormat.TABLE,
) -> None:
    """Count what came in and went out, and say if it adds up.

    Every figure is recomputed from the stored rows.
    """
    import orjson

    counts = await_(_stats(config, since))
    if form is StatsFormat.JSON:
        print(orjson.dumps(counts, option=orjson.OPT_INDENT_2).decode())
        return
    from bridge.cli.output import write

    write(_as_rows(counts), ("what", "count"), form)


async def _stats(path: Path, since: str | None) -> dict[str, Any]:
    from bridge.store import books

    config = load_store(path)
    async with opened(config) as engine:
        return await books.stats(engine, moment(since, config.organisation.timezone))


def _as_rows(counts: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for name, value in counts.items():
        if name == "by_kind":
            rows += [{"what": f"  of them {kind}", "count": count} for kind, count in value.items()]
        elif name == "balanced":
            answer = "yes" if value is True else "NO: " + "; ".join(value)
            rows.append({"what": "does it add up?", "count": answer})
        else:
            rows.append({"what": name, "count": value})
    return rows


@consent.command("show")
def show_consent(
    number: Annotated[str, typer.Argument(help="Whose.", show_default=False)],
    config: ConfigPath,
    html: Annotated[bool, typer.Option("--html", help="As a page that can be printed.")] = False,
    output: Output = None,
) -> None:
    """Say on one page how we know what somebody agreed to: for them, a carrier or a court."""
    pages = await_(_agreed(config, number))
    text = _as_html(pages) if html else "\n\n".join(pages) + "\n"
    if output is None:
        print(text, end="")
    else:
        output.write_text(text, encoding="utf-8")


async def _agreed(path: Path, number: str) -> list[str]:
    import time

    from bridge import registry
    from bridge.cli.common import Refused
    from bridge.render import complaint, words_consent
    from bridge.render.card import subscription_state
    from bridge.store import people

    config = load_store(path)
    read = address(number, config.organisation.region) or ""
    async with opened(config) as engine:
        found = await people.agreed(engine, read)
        if found is None:
            raise Refused(words_consent.PAGE_NOBODY)
        person, lists, lines = found
        ours = registry.organisation(config)
        state = subscription_state(person, tuple(lists), ours.timezone)
        sent = await people.sent_to(engine, person.id)
    return complaint.page(ours, person.address, state, lines, sent, time.time())


def _as_html(pages: list[str]) -> str:
    from html import escape

    title, *rest = (escape(one).replace("\n", "<br>") for one in pages)
    body = "".join(f"<p>{one}</p>" for one in rest)
    style = "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    return f"<!doctype html><html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>\n"


@contacts.command("erase")
def erase_contact(
    number: Annotated[str, typer.Argument(help="Whose.", show_default=False)],
    config: ConfigPath,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Erase a person for good: name, texts, pictures, lists.

    What stays: how many texts there were, and, as a keyed hash, that they must not be texted.
    """
    import time

    from bridge.cli.common import Refused
    from bridge.engine.ids import time_ids
    from bridge.store import erasing

    checked = load_store(config)
    read = address(number, checked.organisation.region) or ""
    if not yes and not typer.confirm(f"Erase {read} for good?", default=False):
        raise Refused("nothing was changed")

    async def work() -> int:
        async with opened(checked) as engine:
            return await erasing.erase(engine, read, "operator", time.time(), time_ids(time.time))

    try:
        count = await_(work())
    except erasing.Unknown as unknown:
        raise Refused(f"nobody with the number {read} is known") from unknown
    print(f"Erased. {count} messages have no words any more.")
