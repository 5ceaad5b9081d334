"""serve and demo: the daemon itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.common import ConfigPath, Refused, bad_config, first_line, load

app = typer.Typer()


@app.command()
def serve(config: ConfigPath) -> None:
    """Run the daemon, until SIGTERM.

    It then finishes what it is doing, for 30 seconds at most.
    """
    from bridge import log, run

    checked = load(config)
    log.configure()
    with _refusing():
        run.serve(checked)


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(help="Port on 127.0.0.1; 0: any that is free.", min=0, max=65535)
    ] = 8080,
    data: Annotated[
        Path | None, typer.Option(help="Keep the database in this folder; without it, a temporary one.")
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Leave out the sample data.")] = False,
) -> None:
    """Try everything: a simulated carrier, the web inbox, no set-up.

    Prints the address to open, with its one-time token.
    """
    from bridge import demo as showing

    with _refusing():
        showing.demo(port, data, empty)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what keeps a daemon from starting into one line."""
    from sqlalchemy.exc import SQLAlchemyError

    from bridge.config import ConfigError
    from bridge.store.database import WrongVersion
    from bridge.store.sqlite import Taken

    try:
        yield
    except ConfigError as error:
        raise bad_config(error.mistakes, error.warnings) from error
    except (Taken, WrongVersion) as error:
        raise Refused(str(error)) from error
    except SQLAlchemyError as error:
        raise Refused(f"the database: {first_line(getattr(error, 'orig', None) or error)}") from error
    except OSError as error:
        raise Refused(str(error.strerror or error)) from error
