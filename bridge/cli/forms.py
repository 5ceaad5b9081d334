"""forms: questions asked one after another."""

from typing import Annotated, Any

import typer

from bridge.cli.common import (
    ConfigPath,
    Format,
    FormatOption,
    Output,
    Refused,
    await_,
    load_store,
    opened,
    press,
)

forms = typer.Typer(help="Questions that are asked one after another.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The form's name.", show_default=False)]


@forms.command("add")
def add_form(
    name: Name,
    config: ConfigPath,
    field: Annotated[
        list[str] | None,
        typer.Option(
            help="A question, in their order: 'zip: Your ZIP code?', 'shirt (S, M, L): Which size? | One of "
            "them, please.', 'about (text): Anything else?'."
        ),
    ] = None,
    done: Annotated[str, typer.Option(help="Said at the end.")] = "",
    days: Annotated[int, typer.Option(help="Days until it ends without an answer.", min=1, max=60)] = 3,
    replace: Annotated[bool, typer.Option("--replace", help="Change a form that is there.")] = False,
) -> None:
    """Make a form; `keywords add --form` has a keyword start it."""
    from bridge.store import subscribers

    async def taken() -> bool:
        async with opened(load_store(config)) as engine:
            return name.strip() in await subscribers.form_names(engine)

    if not replace and await_(taken()):
        raise Refused(f'there is a form "{name.strip()}" already; --replace changes it')
    entered = {"name": name, "questions": "\n".join(field or ()), "done": done, "days": str(days)}
    print(press(config, "form_save", "", entered))


@forms.command("list")
def list_forms(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the forms with their questions, and how many finished them."""
    from bridge.cli.output import write
    from bridge.store import forms as store

    async def read() -> list[dict[str, Any]]:
        found = []
        async with opened(load_store(config)) as engine:
            for one in await store.all_(engine):
                counts = await store.counts(engine, one.name)
                asked = ", ".join(field.name for field in one.fields)
                row = {"name": one.name, "fields": asked, "done": counts["done"]}
                found.append(row | {"open": counts["open"] + counts["handed"]})
        return found

    write(await_(read()), ("name", "fields", "done", "open"), form, output)


@forms.command("results")
def form_results(
    name: Name, config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None
) -> None:
    """Give everybody's answers, the newest first."""
    from bridge.cli.output import write
    from bridge.store import forms as store
    from bridge.store.books import rfc3339

    async def read() -> tuple[list[str], list[dict[str, Any]]]:
        async with opened(load_store(config)) as engine:
            known = next((one for one in await store.all_(engine) if one.name == name), None)
            if known is None:
                raise Refused(f'there is no form "{name}"; see: threadline forms list')
            fields = [field.name for field in known.fields]
            rows = []
            for filling, address, called in await store.results(engine, name, 0, 1_000_000):
                row = {"contact": address, "name": called, "state": filling.state}
                row |= {field: filling.answers.get(field) for field in fields}
                rows.append(row | {"started_at": rfc3339(filling.started_at)})
            return fields, rows

    fields, rows = await_(read())
    write(rows, ("contact", "name", "state", *fields, "started_at"), form, output)


@forms.command("remove")
def remove_form(name: Name, config: ConfigPath) -> None:
    """Take a form away. Answers that were given stay."""
    print(press(config, "form_remove", name, {}))
