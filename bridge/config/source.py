"""A TOML file with its places: which line says what, and the values that stand elsewhere.

Reads nothing but the file and what its `env:NAME` and `file:/path` values name.
"""

import os
import re
import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path

Where = tuple[str, ...]
"""A place in the file: ("lines", "main", "auth_token")."""

Table = Mapping[str, object]

_HEADER = re.compile(r"\s*\[+\s*(?P<keys>[^\]#]+?)\s*\]+")
_KEY = re.compile(r"""\s*(?P<keys>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_SECRET = re.compile(r"(?:\A|_)(?:token|secret|password|passphrase|api_key|private_key|signing_key)\Z")
_PASSWORD_IN_URL = re.compile(r"\A\w[\w+.-]*://[^/@:]*:[^/@]+@")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong at a place, and how to mend it. Neither text ever holds a secret."""

    where: Where
    wrong: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a configuration file, for saying where something stands in it."""

    name: str
    places: Mapping[Where, int] = field(default_factory=dict, repr=False)
    tables: Set[Where] = field(default_factory=frozenset, repr=False)

    def line(self, where: Where) -> int | None:
        """Give the line of the nearest thing the file says about that place; None: it says nothing."""
        for end in range(len(where), 0, -1):
            if where[:end] in self.places:
                return self.places[where[:end]]
        return None

    def say(self, mistake: Mistake) -> str:
        """Give "FILE: line N: [lines.main] auth_token: what is wrong; how to mend it"."""
        number = self.line(mistake.where)
        *table, key = mistake.where or ("",)
        if mistake.where in self.tables:
            table, key = list(mistake.where), ""
        parts = [
            self.name + ":",
            f"line {number}:" if number else "",
            f"[{'.'.join(table)}]" if table else "",
            f"{key}:" if key else "",
            mistake.wrong + (f"; {mistake.mend}" if mistake.mend else ""),
        ]
        return " ".join(part for part in parts if part)


def read_source(path: Path) -> tuple[Source, Table, list[Mistake]]:
    """Read a file; an unreadable one gives no table and one mistake that says why."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        mend = "give the right one with --config, or make one with: threadline init"
        return Source(name), {}, [Mistake((), f"cannot be read: {reason}", mend)]
    try:
        return _places(name, text), tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at line ")
        number = place.partition(",")[0]
        source = Source(name, {("",): int(number)} if number.isdigit() else {})
        return source, {}, [Mistake(("",), f"is not TOML: {what}", "mend that line first")]


def _places(name: str, text: str) -> Source:
    """Find tables and keys by their looks. Best effort: text inside long strings may look like a key."""
    places: dict[Where, int] = {}
    tables: set[Where] = set()
    table: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header["keys"])
            tables.update(table[:end] for end in range(1, len(table) + 1))
            places[table] = number
        elif key := _KEY.match(line):
            places.setdefault(table + _parts(key["keys"]), number)
    for place in list(places):
        for end in range(1, len(place)):
            places.setdefault(place[:end], places[place])
    return Source(name, places, tables)


def _parts(keys: str) -> Where:
    return tuple(part.strip("\"'") for part in _PART.findall(keys))


def is_secret(key: str) -> bool:
    """Tell whether a key's value must never be shown."""
    return _SECRET.search(key) is not None


@dataclass(slots=True)
class Resolved:
    """A table with its references followed. `missing`: places whose value could not be had; a word stands
    there instead, so that nobody takes them for left out."""

    table: dict[str, object]
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    @property
    def missing(self) -> set[Where]:
        return {mistake.where for mistake in self.mistakes}


def resolve(table: Table) -> Resolved:
    """Follow every `env:NAME` and `file:/path`, and say which cannot be followed."""
    resolved = Resolved({})
    value = _follow(table, (), resolved)
    resolved.table = value if isinstance(value, dict) else {}
    return resolved


_UNKNOWN = "unknown"


def _follow(value: object, where: Where, out: Resolved) -> object:
    if isinstance(value, Mapping):
        return {str(key): _follow(inner, (*where, str(key)), out) for key, inner in value.items()}
    if isinstance(value, list):
        return [_follow(inner, where, out) for inner in value]
    if not isinstance(value, str):
        return value
    try:
        if value.startswith("env:"):
            return _from_environment(value[4:])
        if value.startswith("file:"):
            return Path(value[5:]).read_text(encoding="utf-8").rstrip("\r\n")
    except LookupError:
        name = value[4:] or "NAME"
        out.mistakes.append(Mistake(where, f"the environment has no variable {name}", "set it"))
        return _UNKNOWN
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        out.mistakes.append(
            Mistake(where, f"the file {value[5:]} cannot be read: {reason}", "correct the path or its rights")
        )
        return _UNKNOWN
    if value and where and (is_secret(where[-1]) or _PASSWORD_IN_URL.match(value)):
        mend = 'write "env:NAME" or "file:/path", and keep the secret there'
        out.warnings.append(Mistake(where, "a secret stands in the file in plain", mend))
    return value


def _from_environment(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise LookupError(name)
    return value
