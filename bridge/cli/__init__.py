"""The command line: `threadline COMMAND`. One file a group of verbs; each loads what it needs when called,
so that --help is quick."""

import sys
from collections.abc import Sequence

import typer

from bridge.cli import classify, data, failed, forms, outreach, serving, setup, staff, subscribers, templates
from bridge.cli.common import Refused

app = typer.Typer(
    name="threadline",
    help="Answer text messages from Slack, Telegram or a web inbox.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (serving, setup, classify, data):
    app.registered_commands += group.app.registered_commands
    app.registered_groups += group.app.registered_groups
app.add_typer(subscribers.keywords, name="keywords")
app.add_typer(subscribers.lists, name="lists")
app.add_typer(templates.templates, name="templates")
app.add_typer(forms.forms, name="forms")
app.add_typer(outreach.polls, name="polls")
app.add_typer(outreach.campaigns, name="campaigns")
app.add_typer(failed.app, name="failed")
app.add_typer(staff.app, name="staff")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command that the arguments name (None: those of the process), and exit."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command; give its exit code: 0 done, 1 it failed, 2 bad usage or bad configuration."""
    try:
        code = app(
            list(arguments) if arguments is not None else None, prog_name="threadline", standalone_mode=False
        )
    except typer.TyperException as error:
        return _bad_usage(error)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.code
    except (typer.Abort, KeyboardInterrupt, EOFError):
        return _say("stopped before it was done", 1)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has seen enough
        return 0
    except OSError as error:
        return _say(f"{error.filename or 'the system'}: {error.strerror or error}", 1)
    return code if isinstance(code, int) else 0


def _bad_usage(error: typer.TyperException) -> int:
    text: str = getattr(error, "format_message", error.__str__)()
    if text.lstrip().startswith("Usage:"):  # a group without a verb: its help
        print(text)
        return 2
    command = getattr(getattr(error, "ctx", None), "command_path", "threadline")
    words = " ".join(text.split()).removesuffix(".").replace("Value error, ", "")
    return _say(f"{words}; see: {command} --help", 2)


def _say(what: str, code: int) -> int:
    print(f"threadline: {what}", file=sys.stderr)
    return code
