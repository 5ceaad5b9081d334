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
