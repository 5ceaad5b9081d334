"""templates. Staff see every change the next time they look."""

import time
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.common import ConfigPath, Format, FormatOption, Output, Refused, await_, load_store, opened

templates = typer.Typer(help="Texts that are written once and sent often.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The template's name, as staff see it.", show_default=False)]


@templates.command("add")
def add_template(
    name: Name,
    config: ConfigPath,
    text: Annotated[str, typer.Option(help="Its words; {first_name|there} is filled in for each contact.")],
    replace: Annotated[bool, typer.Option("--replace", help="Change a template that is there.")] = False,
) -> None:
    """Make a template."""
    from bridge.decide.checking import problems_of_template
    from bridge.model.nouns import Template
    from bridge.store import desk

    wrong = problems_of_template({"name": name, "text": text})
    if wrong:
        raise Refused(next(iter(wrong.values())), 2)
    template = Template(name.strip(), text.strip(), "operator", time.time())

    async def done(path: Path) -> bool:
        async with opened(load_store(path)) as engine:
            return await desk.put_template(engine, template, anew=replace)

    if not await_(done(config)):
        raise Refused(f'there is a template "{template.name}" already; --replace changes it')
    print(f'The template "{template.name}" is kept.')


@templates.command("list")
def list_templates(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the templates."""
    from bridge.cli.output import write
    from bridge.store import desk
    from bridge.store.books import rfc3339

    async def done(path: Path) -> list[dict[str, object]]:
        async with opened(load_store(path)) as engine:
            found = await desk.all_templates(engine)
        return [
            {"name": one.name, "text": one.text, "by": one.by, "changed_at": rfc3339(one.at)} for one in found
        ]

    write(await_(done(config)), ("name", "text", "by", "changed_at"), form, output)


@templates.command("remove")
def remove_template(name: Name, config: ConfigPath) -> None:
    """Take a template out of the list. Adding it again brings it back."""
    from bridge.store import desk

    async def done(path: Path) -> bool:
        async with opened(load_store(path)) as engine:
            return await desk.remove_template(engine, name.strip(), time.time())

    if not await_(done(config)):
        raise Refused(f'there is no template "{name.strip()}"')
    print(f'The template "{name.strip()}" is removed.')
