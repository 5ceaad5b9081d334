"""keywords and lists. A running daemon knows of every change at once."""

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bridge.cli.common import ConfigPath, Format, FormatOption, Output, Refused, await_, load_store, opened

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")

keywords = typer.Typer(help="Words that put whoever texts them on a list.", no_args_is_help=True)
lists = typer.Typer(help="Lists of subscribers.", no_args_is_help=True)

Word = Annotated[str, typer.Argument(help="The word, in any capitals.", show_default=False)]
ListName = Annotated[str, typer.Argument(help="The list's name.", show_default=False)]


@keywords.command("add")
def add_keyword(
    word: Word,
    config: ConfigPath,
    list_name: Annotated[str, typer.Option("--list", help="The list; made if it is not there.")],
    reply: Annotated[str, typer.Option(help="What whoever texts the word is answered.")],
    reply_again: Annotated[
        str | None, typer.Option(help="What somebody is answered who is on the list already.")
    ] = None,
    form: Annotated[str | None, typer.Option(help="A form that it starts.")] = None,
    double: Annotated[bool, typer.Option("--double", help="On the list only after they reply YES.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Change a keyword that is there.")] = False,
) -> None:
    """Make a keyword."""
    from bridge.model.nouns import Keyword
    from bridge.store import subscribers

    answers = (_text(reply, "--reply"), reply_again)
    keyword = Keyword(_word(word), _text(list_name, "--list"), *answers, form, double)
    _refuse_reserved(keyword.word)
    if form is not None and form not in _do(config, subscribers.form_names):
        raise Refused(f'there is no form "{form}"; see: threadline forms list', 2)
    new_list = _do(
        config, lambda engine: subscribers.add_keyword(engine, keyword, time.time(), replace=replace)
    )
    print(f'{keyword.word} subscribes to "{keyword.list_name}"' + (", a new list." if new_list else "."))


@keywords.command("list")
def list_keywords(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the keywords."""
    from bridge.cli.output import write
    from bridge.store import subscribers
    from bridge.store.books import rfc3339

    rows = _do(config, subscribers.all_keywords)
    shown = [row | {"created_at": rfc3339(row["created_at"]), "double": bool(row["double"])} for row in rows]
    columns = ("word", "list", "reply", "reply_again", "form", "double", "created_at")
    write(shown, columns, form, output)


@keywords.command("remove")
def remove_keyword(word: Word, config: ConfigPath) -> None:
    """Take a keyword away. Who is on its list stays there."""
    from bridge.store import subscribers

    _do(config, lambda engine: subscribers.remove_keyword(engine, _word(word)))
    print(f"{_word(word)} is no keyword any more.")


@lists.command("add")
def add_list(name: ListName, config: ConfigPath) -> None:
    """Make a list."""
    from bridge.store import subscribers

    _do(config, lambda engine: subscribers.add_list(engine, _text(name, "NAME"), time.time()))
    print(f'There is a list "{name.strip()}" now.')


@lists.command("list")
def list_lists(config: ConfigPath, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the lists, with how many are on each."""
    from bridge.cli.output import write
    from bridge.store import subscribers
    from bridge.store.books import rfc3339

    rows = _do(config, subscribers.all_lists)
    shown = [row | {"created_at": rfc3339(row["created_at"])} for row in rows]
    write(shown, ("name", "subscribers", "keywords", "created_at"), form, output)


@lists.command("remove")
def remove_list(
    name: ListName,
    config: ConfigPath,
    yes: Annotated[bool, typer.Option("--yes", help="Even though people are on it.")] = False,
) -> None:
    """Take a list away, and end its subscriptions."""
    from bridge.store import subscribers

    ended = _do(
        config,
        lambda engine: subscribers.remove_list(engine, name.strip(), time.time(), with_subscribers=yes),
    )
    print(f'The list "{name.strip()}" is gone; {ended} subscriptions ended.')


def _do(path: "Path", work: "Callable[[AsyncEngine], Awaitable[T]]") -> T:
    """Do something with the database; what it refuses becomes one line."""
    from bridge.store import subscribers

    async def done() -> T:
        async with opened(load_store(path)) as engine:
            return await work(engine)

    try:
        return await_(done())
    except (subscribers.Exists, subscribers.Missing, subscribers.InUse) as error:
        raise Refused(str(error)) from error


def _word(text: str) -> str:
    word = text.strip().upper()
    if not word or any(char.isspace() for char in word):
        raise Refused(f'"{text}" is not one word', 2)
    if len(word) > 20 or not word.isalnum():
        raise Refused(f'"{text}" cannot be a keyword: it has 1 to 20 letters or digits', 2)
    return word


def _text(text: str, option: str) -> str:
    if not text.strip():
        raise Refused(f"{option} is empty", 2)
    return text.strip()


def _refuse_reserved(word: str) -> None:
    """Refuse a word that means something by itself: STOP, HELP, START and their like."""
    from bridge import registry
    from bridge.model.verdict import Facts, Kind

    kind = registry.classifier()(Facts(word)).kind
    if kind in (Kind.OPT_OUT, Kind.HELP, Kind.OPT_IN):
        raise Refused(
            f"{word} cannot be a keyword: by itself it is understood as {kind.replace('_', '-')}", 2
        )
