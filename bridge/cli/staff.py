"""staff: who may sign in to the web inbox, and as what."""

import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urlsplit

import typer

from bridge.cli.common import ConfigPath, Format, FormatOption, Output, Refused, await_, load_store, opened

if TYPE_CHECKING:
    from bridge.config import Config
    from bridge.store.staff import Staff

T = TypeVar("T")

app = typer.Typer(help="Who may sign in to the web inbox, and as what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="As colleagues call them.", show_default=False)]


class Role(StrEnum):
    """What somebody may do: an admin changes settings too."""

    AGENT = "agent"
    ADMIN = "admin"


@app.command()
def add(
    name: Name,
    config: ConfigPath,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
    again: Annotated[bool, typer.Option("--again", help="A new link for somebody who is there.")] = False,
) -> None:
    """Let somebody in. Prints a link that signs them in once, within a day."""
    checked = load_store(config)
    who = name.strip()
    if not who:
        raise Refused("the name is empty", 2)
    token = _do(checked, lambda staff: staff.link(who) if again else staff.add(who, role.value))
    print(f"{_address(checked)}/signin?token={token}")


@app.command("list")
def list_staff(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List who may sign in."""
    from bridge.cli.output import write
    from bridge.store.books import rfc3339

    def shown(at: float | None) -> str | None:
        return None if at is None else rfc3339(at)

    rows = [
        row | {"link_until": shown(row["link_until"]), "created_at": shown(row["created_at"])}
        for row in _do(load_store(config), lambda staff: staff.all())
    ]
    write(rows, ("name", "role", "sessions", "link_until", "created_at"), form, output)


@app.command()
def remove(name: Name, config: ConfigPath) -> None:
    """Let somebody in no more; their sessions end at once."""
    _do(load_store(config), lambda staff: staff.remove(name.strip()))
    print(f"{name.strip()} may not sign in any more.")


@app.command("role")
def set_role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="What they may do from now on.", show_default=False)],
    config: ConfigPath,
) -> None:
    """Change what somebody may do."""
    _do(load_store(config), lambda staff: staff.set_role(name.strip(), role.value))
    print(f"{name.strip()} is {role.value} now.")


def _address(config: "Config") -> str:
    if config.server.public_url:
        return config.server.public_url
    host, port = config.server.address
    host = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    return urlsplit(f"http://{f'[{host}]' if ':' in host else host}:{port}").geturl()


def _do(config: "Config", work: "Callable[[Staff], Awaitable[T]]") -> T:
    from bridge.store.staff import NameTaken, NoSuchMember, Staff

    async def done() -> T:
        async with opened(config) as engine:
            return await work(Staff(engine, time.time))

    try:
        return await_(done())
    except (NameTaken, NoSuchMember) as error:
        raise Refused(str(error)) from error
