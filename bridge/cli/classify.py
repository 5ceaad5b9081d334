"""classify, rules explain and replay: what the rules say of texts, given or stored. Nothing is changed."""

import json
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bridge.cli.common import (
    ConfigPath,
    ExportFormat,
    ExportOption,
    Output,
    Refused,
    Since,
    await_,
    load_store,
    moment,
    opened,
    warn,
)

app = typer.Typer()
classify_app = typer.Typer()
app.add_typer(classify_app, name="classify")
rules_app = typer.Typer(help="The rules that say what a text is.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")


@classify_app.callback(invoke_without_command=True)
def classify(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Cases that name no keywords get the stored ones.")
    ] = None,
) -> int:
    """Read cases as JSON lines, write predictions as JSON lines.

    From standard input to standard output. A line that cannot be read is reported on standard error;
    the others are answered all the same.
    """
    from bridge import registry

    if context.invoked_subcommand is not None:
        return 0
    keywords = await_(_stored_keywords(config)) if config else ()
    judge = registry.classifier()
    bad = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            case = _case(_json(line), keywords)
            said = registry.prediction(case["id"], judge(registry.case_facts(case)))
        except ValueError as error:
            bad += 1
            warn(f"threadline: standard input: line {number}: {error}")
        else:
            sys.stdout.buffer.write(_line(said))
    sys.stdout.buffer.flush()
    return 1 if bad else 0


@classify_app.command()
def export_corrections(config: ConfigPath, since: Since = None) -> None:
    """Write what staff decided about texts that the rules doubted, as cases with labels.

    JSON lines for classify, each with the label that staff gave it, the stored keywords, and what the rules
    had said. They hold what people wrote: keep them like the database.
    """
    await_(_export_corrections(config, since))


async def _export_corrections(path: Path, since: str | None) -> None:
    from bridge.store import people, subscribers

    config = load_store(path)
    async with opened(config) as engine:
        keywords = list(await subscribers.words_of(engine))
        after = moment(since, config.organisation.timezone)
        async for row in people.inbound_texts(engine, after, corrected=True):
            context = {"subscribed": bool(row["subscribed"]), "keywords": keywords, "awaiting": None}
            case = {"id": row["id"], "text": row["text"], "context": context, "label": row["corrected"]}
            sys.stdout.buffer.write(_line(case | {"value": None, "was": row["kind"]}))
        sys.stdout.buffer.flush()


@rules_app.command()
def explain(
    text: Annotated[
        str | None, typer.Argument(help="The text. Without it: a case from standard input, as for classify.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Take the stored keywords too.")
    ] = None,
    keyword: Annotated[list[str] | None, typer.Option(help="A keyword; may be repeated.")] = None,
    subscribed: Annotated[
        bool, typer.Option("--subscribed/--new", help="Whether they get our texts already.")
    ] = True,
) -> None:
    """Say what each rule makes of one text, in order, down to the one that decides."""
    from bridge import registry

    keywords = [*(keyword or ()), *(await_(_stored_keywords(config)) if config else ())]
    try:
        if text is None:
            case = _case({"id": None} | _object(_json(sys.stdin.buffer.read())), keywords)
        else:
            case = {"text": text, "context": {"subscribed": subscribed, "keywords": keywords}}
        tried = registry.explanation(registry.case_facts(case))
    except ValueError as error:
        raise Refused(f"standard input: {error}") from error
    width = max(len(name) for name, _, _ in tried)
    for name, question, said in tried:
        print(f"{name:{width}}  {question} {said}")


def _json(line: bytes) -> Any:
    """Read JSON; half an emoji in it, as some phones send, is no mistake."""
    import orjson

    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(line, parse_constant=lambda name: json.loads(f"no {name}"))
        except (ValueError, RecursionError):
            raise ValueError(f"it is not JSON: {error}") from error


def _line(prediction: dict[str, Any]) -> bytes:
    import orjson

    try:
        return orjson.dumps(prediction) + b"\n"
    except TypeError:  # half an emoji, in an id or an option
        return json.dumps(prediction).encode() + b"\n"


def _object(read: Any) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise ValueError('A case must be an object: {"id": …, "text": …, "context": …}.')
    case: dict[str, Any] = read
    return case


def _case(read: Any, keywords: Sequence[str]) -> dict[str, Any]:
    """Give the case with the stored keywords where it names none. Raises ValueError."""
    case = _object(read)
    if "id" not in case:
        raise ValueError("The case has no id.")
    context = case.get("context") or {}
    if keywords and isinstance(context, dict) and "keywords" not in context:
        return case | {"context": context | {"keywords": list(keywords)}}
    return case


async def _stored_keywords(path: Path) -> Sequence[str]:
    from bridge.store import subscribers

    async with opened(load_store(path)) as engine:
        return await subscribers.words_of(engine)


COLUMNS = ("id", "at", "line", "contact", "text", "was", "would_be", "reason")


@app.command()
def replay(
    config: ConfigPath,
    since: Since = None,
    rules: Annotated[
        Path | None,
        typer.Option(help="A folder of other rules to compare with.", exists=True, file_okay=False),
    ] = None,
    form: ExportOption = ExportFormat.TABLE,
    output: Output = None,
) -> None:
    """Classify stored texts again, and print what would change.

    Nothing is changed. Questions that were open then are not known any more: answers to polls and forms
    are left out.
    """
    await_(_replay(config, since, rules, form, output))


async def _replay(
    path: Path, since: str | None, rules: Path | None, form: ExportFormat, output: Path | None
) -> None:
    from bridge import registry
    from bridge.cli.output import write_stream
    from bridge.model.verdict import Facts
    from bridge.store import people, subscribers
    from bridge.store.books import rfc3339

    config = load_store(path)
    try:
        judge = registry.classifier(rules)
    except (ImportError, AttributeError) as error:
        raise Refused(f"{rules}: these are no rules: {error}", 2) from error
    async with opened(config) as engine:
        keywords = tuple(await subscribers.words_of(engine))

        async def changed() -> AsyncIterator[dict[str, Any]]:
            async for row in people.inbound_texts(engine, moment(since, config.organisation.timezone)):
                if row["kind"] in ("poll", "data"):
                    continue
                verdict = judge(Facts(row["text"], bool(row["subscribed"]), keywords))
                was, would_be = _said(row["kind"], row["value"]), _said(verdict.kind, verdict.value)
                if was != would_be:
                    yield {
                        **row, "at": rfc3339(row["at"]), "was": was, "would_be": would_be,
                        "reason": verdict.reason,
                    }  # fmt: skip

        await write_stream(
            ({name: row[name] for name in COLUMNS} async for row in changed()), COLUMNS, form, output
        )


def _said(kind: str, value: object) -> str:
    return f"{kind} {value}" if value not in (None, "") and kind == "opt_in" else str(kind)
