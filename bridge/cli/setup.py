"""check, init, slack-manifest and migrate: from nothing to a daemon that can start."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.common import ConfigPath, Output, Refused, await_, bad_config, load, load_store

app = typer.Typer()


class ManifestFormat(StrEnum):
    """How the manifest is written."""

    JSON = "json"
    YAML = "yaml"


@app.command()
def check(
    config: ConfigPath,
    live: Annotated[bool, typer.Option("--live", help="Also sign in to every provider and chat.")] = False,
) -> int:
    """Report every mistake of a configuration at once.

    With --live, also say what providers and chats lack: scopes, rights, webhooks.
    """
    checked = load(config)
    print(f"{config}: no mistakes. Lines: {', '.join(checked.lines)}. Desks: {', '.join(checked.desks)}.")
    if not live:
        return 0
    from bridge.cli.live import look

    findings = await_(look(checked))
    for one in findings:
        print(
            f"{'ok     ' if one.ok else 'MISSING'} {one.where}: {one.what}"
            + (f"; {one.mend}" if one.mend else "")
        )
    return 0 if all(one.ok for one in findings) else 1


@app.command()
def init(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path(
        "threadline.toml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Ask for what is needed, and write a configuration.

    Secrets stay in the environment.
    """
    from bridge.cli.init import ask

    if output.exists() and not force:
        raise Refused(f"{output} is there already; choose another with --output, or say --force")
    text, variables = ask()
    output.write_text(text, encoding="utf-8")
    print(f"Wrote {output}.")
    if variables:
        print("Set these in the environment of the daemon: " + ", ".join(variables))
    print(f"Then: threadline check --live --config {output}")


@app.command()
def slack_manifest(
    config: ConfigPath,
    form: Annotated[ManifestFormat, typer.Option("--format", help="How to write it.")] = ManifestFormat.JSON,
    output: Output = None,
) -> None:
    """Print the Slack app manifest that fits a configuration.

    It works before there are any tokens: those come from the app that the manifest makes.
    """
    import orjson

    from bridge import registry
    from bridge.config import ConfigError, read

    reading = read(config)
    reading.mistakes = [m for m in reading.mistakes if m.where[:1] in ((), ("",), ("server",))]
    try:
        manifest = registry.slack_manifest(reading.finish())
    except ConfigError as error:
        raise bad_config(error.mistakes) from error
    if form is ManifestFormat.JSON:
        text = orjson.dumps(manifest, option=orjson.OPT_INDENT_2).decode() + "\n"
    else:
        import yaml

        text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


@app.command()
def migrate(config: ConfigPath) -> None:
    """Bring the database to this version."""
    from bridge.store import database

    before, after = await_(database.migrate(load_store(config).store.url))
    print(
        f"The database is of version {after}"
        + (" already." if before == after else f" (was: {before or 'empty'}).")
    )
