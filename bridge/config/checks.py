"""What must hold between the tables of a configuration. Each check gives mistakes or warnings."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bridge.config.models import SIMULATOR, WEB, Config, LineConfig
from bridge.config.source import Mistake
from bridge.config.words import nearest

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_ROOTS = frozenset({"data", "etc", "home", "mnt", "opt", "root", "run", "srv", "tmp", "usr", "var"})


def mistakes_between(config: Config) -> Iterator[Mistake]:
    """Look at what no table can know by itself. The configuration may be a draft with holes."""
    if not config.lines:
        yield Mistake(("lines",), "there is no line", "add a table [lines.main]")
    yield from _names(config)
    numbers: dict[str, str] = {}
    for name, line in config.lines.items():
        yield from _desks(line, config)
        number = getattr(line, "number", "")
        first = numbers.setdefault(number, name)
        if number and first != name:
            where = ("lines", name, "number")
            yield Mistake(where, f"{number} is the number of [lines.{first}] too", "give each its own")
    real = [line.name for line in config.lines.values() if getattr(line, "provider", SIMULATOR) != SIMULATOR]
    if real and not config.server.public_url:
        wrong = f"is missing, and the provider of line {real[0]} calls it"
        yield Mistake(("server", "public_url"), wrong, "write our https address as the world calls it")


def warnings_between(config: Config) -> Iterator[Mistake]:
    """Look for what works and is probably not meant."""
    url = urlsplit(config.server.public_url)
    if url.scheme == "http" and not _is_loopback(url.hostname or ""):
        wrong = "people's texts and the provider's signatures would travel unencrypted"
        yield Mistake(("server", "public_url"), wrong, "use https")
    path = config.store.sqlite_path
    if path and len(path.parts) > 1 and path.parts[0] in _ROOTS:
        wrong = f"{path} is below the directory in which the daemon is started"
        yield Mistake(("store", "url"), wrong, f"if you mean /{path}, write four slashes: sqlite:////{path}")


def _names(config: Config) -> Iterator[Mistake]:
    for name in config.lines:
        if not _NAME.match(name):
            yield Mistake(("lines", name), f'"{name}" cannot name a line', "use letters, digits, - and _")
    for full, desk in config.desks.items():
        short = full.removeprefix(f"{desk.platform}.")
        if not _NAME.match(short):
            where = (desk.platform, "desks", short)
            yield Mistake(where, f'"{short}" cannot name a desk', "use letters, digits, - and _")


def _desks(line: LineConfig, config: Config) -> Iterator[Mistake]:
    where = ("lines", line.name, "desks")
    known = list(config.desks)
    if not line.desks:
        wrong = "names no desk, so nobody would read what comes in"
        yield Mistake(where, wrong, f"choose from: {', '.join(known)}" if known else 'write ["web"]')
    for desk in line.desks:
        if desk in known:
            continue
        guess = nearest(desk, known)
        if desk == WEB:
            mend = "write enabled = true in [web], or take it out"
        elif guess:
            mend = f'did you mean "{guess}"?'
        else:
            platform, _, short = desk.partition(".")
            mend = f"add a table [{platform}.desks.{short or 'support'}], or take it out"
        yield Mistake(where, f'there is no desk "{desk}"', mend)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
