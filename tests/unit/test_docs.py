"""The documents speak of things that are there: commands, options, keys, files, messages, links."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticUndefined

from bridge import registry
from bridge.cli import app
from bridge.config import INBOX_KEYS, LINE_KEYS, Inbox, LineConfig, Organisation, Server, Store
from connectors.notify.email import Config as EmailConfig

ROOT = Path(__file__).parents[2]
TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
PAGES = sorted([*(ROOT / name for name in TOP), *(ROOT / "docs").rglob("*.md")])
OPERATORS = ROOT / "docs/operators"
DECISIONS = ROOT / "docs/decisions"
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FILE = re.compile(r"(?:bridge|connectors|rules|tests|systemd|docs|\.ci)/[\w./-]*")


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def fences(page: Path, language: str) -> list[str]:
    """The blocks of code in that language, without their indentation."""
    found = _FENCE.finditer(text_of(page))
    return [re.sub(rf"^{m[1]}", "", m[3], flags=re.MULTILINE) for m in found if m[2] == language]


def prose(page: Path) -> str:
    return _FENCE.sub("", text_of(page))


def code(page: Path) -> Iterator[str]:
    """Everything that is set as code, a line at a time."""
    for match in _FENCE.finditer(text_of(page)):
        yield from match[3].replace("\\\n", " ").splitlines()
    yield from _INLINE.findall(prose(page))


# ---- links -------------------------------------------------------------------------------------------


def slug(heading: str) -> str:
    """Name a heading as the places where people read Markdown do."""
    plain = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    return frozenset(slug(line.lstrip("#")) for line in prose(page).splitlines() if line.startswith("#"))


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_file(), target
        assert there.is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(there), target


def test_every_page_can_be_reached() -> None:
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached:
            continue
        reached.add(page)
        links = (link.partition("#")[0] for link in _LINK.findall(prose(page)) if ":" not in link)
        todo += [(page.parent / link).resolve() for link in links if link.endswith(".md")]
    missing = {p for p in PAGES if p not in reached and p.parent != DECISIONS}
    assert not missing


# ---- commands ----------------------------------------------------------------------------------------


def commands() -> dict[tuple[str, ...], set[str]]:
    """Every command with its options."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: Any, path: tuple[str, ...]) -> None:
        found[path] = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


COMMANDS = commands()
ALONE = {("classify",)}  # has verbs, and does something without any


def named_commands(page: Path) -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
    """Commands that a page names: as written, their path, the words behind it."""
    for line in code(page):
        match = re.search(r"(?:^|[\s/|(])threadline ([a-z].*)", line)
        if match is None or line.lstrip().startswith("url"):
            continue
        words = shlex.split(re.split(r"\s[|#)]", match[1])[0])
        path: tuple[str, ...] = ()
        while words and (*path, words[0]) in COMMANDS:
            path = (*path, words.pop(0))
        yield line, path, words


@every_page
def test_commands_exist(page: Path) -> None:
    for line, path, rest in named_commands(page):
        assert path, line
        options = [word.partition("=")[0] for word in rest if word.startswith("-")]
        assert set(options) <= COMMANDS[path], line
        group = any(known[: len(path)] == path and known != path for known in COMMANDS) and path not in ALONE
        assert not (group and rest), f"{line}: no such verb"


def test_every_command_is_named_somewhere() -> None:
    named = {path for page in PAGES for _, path, _ in named_commands(page)}
    verbs = {path for path in COMMANDS if not any(k[: len(path)] == path and k != path for k in COMMANDS)}
    listed = set(re.findall(r"`([a-z -]+)`", text_of(ROOT / "CHANGELOG.md")))
    unnamed = {path for path in verbs - named if not {" ".join(path), path[0]} & listed}
    assert not unnamed


@every_page
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    for line in code(page):
        for target in re.findall(r"(?:^|\s)make ([a-z]+)", line):
            assert target in targets, line


@every_page
def test_files_exist(page: Path) -> None:
    for line in _INLINE.findall(prose(page)):
        if _FILE.fullmatch(line) and not re.search(r"[A-Z]{3,}", line):
            assert (ROOT / line).exists(), line


# ---- the configuration -------------------------------------------------------------------------------


def shape(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Give (table, key) of everything in a configuration, lines and desks without their names."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from shape(value, f"{above}.{key}".lstrip("."))
        else:
            yield re.sub(r"^(lines|\w+\.desks)\.\w+", r"\1", above), key


def known_keys() -> set[tuple[str, str]]:
    core = {"server": Server, "store": Store, "organisation": Organisation, "inbox": Inbox}
    known = {(table, key) for table, model in core.items() for key in model.model_fields}
    known |= {("lines", key) for key in LINE_KEYS}
    for provider in registry.known_providers():
        known |= {("lines", key) for key in registry.config_models("sms", provider)[0].model_fields}
    for platform in registry.known_platforms():
        config, desk = registry.config_models("chat", platform)
        assert desk is not None
        known |= {(platform, key) for key in config.model_fields}
        known |= {(f"{platform}.desks", key) for key in {*desk.model_fields, *INBOX_KEYS}}
    return known | {("web", key) for key in INBOX_KEYS}


@every_page
def test_keys_in_examples_exist(page: Path) -> None:
    for block in fences(page, "toml"):
        unknown = set(shape(tomllib.loads(block))) - known_keys()
        assert not unknown, block


def test_keys_named_with_their_table_exist() -> None:
    tables = {table for table, _ in known_keys()}
    for page in PAGES:
        for table, key in re.findall(r"`(\w+)\.(\w+)`", prose(page)):
            if table in tables:
                assert (table, key) in known_keys(), f"{page.name}: {table}.{key}"


def settings() -> dict[tuple[str, str], str]:
    """Give the default that settings.md names for each key, by heading and key."""
    found: dict[tuple[str, str], str] = {}
    heading = ""
    for line in prose(OPERATORS / "settings.md").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif match := re.match(r"\| `(\w+)` \| (.+?) \| (.+) \|$", line):
            found[heading, match[1]] = match[2]
    return found


DOCUMENTED: dict[str, tuple[type[BaseModel], frozenset[str]]] = {
    "[server]": (Server, frozenset(Server.model_fields)),
    "[store]": (Store, frozenset(Store.model_fields)),
    "[organisation]": (Organisation, frozenset(Organisation.model_fields)),
    "[inbox]": (Inbox, INBOX_KEYS),
    "[lines.NAME]": (LineConfig, LINE_KEYS),
    "[email]": (EmailConfig, frozenset(EmailConfig.model_fields)),
}
for _name in registry.known_providers():
    _model = registry.config_models("sms", _name)[0]
    DOCUMENTED[f'[lines.NAME] with provider = "{_name}"'] = (_model, frozenset(_model.model_fields))
for _name in registry.known_platforms():
    _model, _desk = registry.config_models("chat", _name)
    DOCUMENTED[f"[{_name}]"] = (_model, frozenset(_model.model_fields))
    if _desk and _desk.model_fields:
        DOCUMENTED[f"[{_name}.desks.NAME]"] = (_desk, frozenset(_desk.model_fields))


@pytest.mark.parametrize("heading", DOCUMENTED)
def test_every_key_is_documented_with_its_default(heading: str) -> None:
    model, keys = DOCUMENTED[heading]
    shown = {key: default for (under, key), default in settings().items() if under == heading}
    assert set(shown) == set(keys)
    for key, said in shown.items():
        field = model.model_fields[key]
        if field.is_required() or field.default is PydanticUndefined:
            assert said == "required", key
        elif isinstance(field.default, str | bool | int | float) and field.default != "":
            assert tomllib.loads(f"x = {said.strip('`')}")["x"] == field.default, key
        else:  # nothing by itself, or something that follows from elsewhere: said in words
            assert isinstance(field.default, SecretStr) or field.default in (None, "", ()), key
            assert "`" not in said, key
            assert said != "required", key


def test_nothing_is_documented_that_is_not_there() -> None:
    assert {heading for heading, _ in settings()} == set(DOCUMENTED)


# ---- what the program says ---------------------------------------------------------------------------


@cache
def sentences() -> str:
    """Every text in the program, placeholders cut out."""
    parts: list[str] = []
    for folder in ("bridge", "connectors"):
        for file in (ROOT / folder).rglob("*.py"):
            tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            texts = [n.value for n in tree if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            parts += [part for text in texts for part in re.split(r"\{[^{}]*\}", text)]
    parts.append((ROOT / "connectors/sms/data/twilio_errors.tsv").read_text(encoding="utf-8"))
    return "\n".join(" ".join(part.split()) for part in parts)


def quoted(page: Path) -> Iterator[str]:
    """What a page quotes: in block quotes, and in “…” within tables."""
    for block in re.findall(r"(?:^ *> .*\n)+", prose(page), re.MULTILINE):
        yield " ".join(re.sub(r"^ *> ", "", block, flags=re.MULTILINE).split())
    for row in re.findall(r"^\| .*", prose(page), re.MULTILINE):
        yield from re.findall(r"“([^”]+)”", row)


@pytest.mark.parametrize("name", ["troubleshooting.md", "upgrade.md"])
def test_messages_are_what_the_program_prints(name: str) -> None:
    for message in quoted(OPERATORS / name):
        for part in re.split(r"…|[“”]", message):
            words = part.strip(" .;:")
            assert len(words) < 4 or words in sentences(), message


# ---- decisions ---------------------------------------------------------------------------------------


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(page.name for page in DECISIONS.iterdir())
    assert [name[:5] for name in names] == [f"{number:04}-" for number in range(1, len(names) + 1)]


@pytest.mark.parametrize("page", sorted(DECISIONS.iterdir()), ids=lambda page: page.name)
def test_a_decision_says_why_and_what_follows(page: Path) -> None:
    headings = re.findall(r"^#+ (.*)", text_of(page), re.MULTILINE)
    assert headings[0].startswith(f"{int(page.name[:4])}. ")
    assert headings[1:] == ["Context", "Decision", "Consequence"]
