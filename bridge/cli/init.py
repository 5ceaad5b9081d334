"""init: the questions, and the configuration that follows from the answers."""

from collections.abc import Callable, Iterator
from typing import Any, get_args
from zoneinfo import available_timezones

import phonenumbers
import typer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bridge import registry
from bridge.config import SIMULATOR, WEB
from bridge.config.source import is_secret
from bridge.model.address import read_number

Answers = dict[str, str]


def ask() -> tuple[str, list[str]]:
    """Ask on the terminal; give the configuration and the environment variables that it names."""
    variables: list[str] = []
    name = typer.prompt("Name of the organisation")
    contact = typer.prompt("Where people get help (e-mail, phone or web address)")
    region = _until(
        "Country (two letters)", "US", str.upper, lambda code: code in phonenumbers.SUPPORTED_REGIONS
    )
    timezone = _until("Time zone", "America/New_York", str, lambda zone: zone in available_timezones())
    provider = _choice("Provider of text messages", registry.known_providers(), SIMULATOR)
    number = _until("Phone number", "+15550100001" if provider == SIMULATOR else None,
                    lambda text: read_number(text, region) or "", bool)  # fmt: skip
    url = (
        ""
        if provider == SIMULATOR
        else typer.prompt("Web address of threadline", default="https://sms.example.org")
    )
    line = _connector_keys("sms", provider, provider, variables)
    tables = [
        _table("server", {"listen": "127.0.0.1:8080", **({"public_url": url} if url else {})}),
        _table("store", {"url": "sqlite:///threadline.db"}),
        _table("organisation", {"name": name, "contact": contact, "region": region, "timezone": timezone}),
    ]
    chats, desks = _chats(variables)
    tables.append(_table("lines.main", {"number": number, "provider": provider, "desks": desks, **line}))
    return "\n".join([*tables, *chats]), variables


def _chats(variables: list[str]) -> tuple[list[str], list[str]]:
    tables, desks = [], []
    for platform in registry.known_platforms():
        if platform == WEB or not typer.confirm(f"Should staff work in {platform.title()}?", default=False):
            continue
        tables.append(_table(platform, _connector_keys("chat", platform, platform, variables)))
        desk = _connector_keys("desk", platform, platform, variables)
        tables.append(_table(f"{platform}.desks.support", desk))
        desks.append(f"{platform}.support")
    if not desks or typer.confirm("Should they have the web inbox too?", default=True):
        tables.append(_table(WEB, {"enabled": True}))
        desks.append(WEB)
    return tables, desks


def _connector_keys(kind: str, name: str, prefix: str, variables: list[str]) -> dict[str, Any]:
    """Ask what a connector needs: secrets become references, the rest is asked."""
    config, desk = registry.config_models("sms" if kind == "sms" else "chat", name)
    model = desk if kind == "desk" and desk else config
    keys: dict[str, Any] = {}
    for key, field, secret in _asked(model):
        if secret:
            variable = f"{prefix}_{key}".upper()
            variables.append(variable)
            keys[key] = f"env:{variable}"
        else:
            hint = f" ({field.description})" if field.description else ""
            answer = typer.prompt(f"{prefix.title()}: {key}{hint}")
            keys[key] = int(answer) if field.annotation is int and answer.lstrip("-").isdigit() else answer
    return keys


def _asked(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo, bool]]:
    """Give what must be said: required keys, and optional secrets that decide how a chat is heard."""
    for key, field in model.model_fields.items():
        secret = is_secret(key) or field.annotation is SecretStr or SecretStr in get_args(field.annotation)
        if field.is_required() or (secret and key == "app_token"):
            yield key, field, secret


def _choice(question: str, known: list[str], default: str) -> str:
    return _until(f"{question} ({', '.join(known)})", default, str.lower, lambda name: name in known)


def _until(
    question: str, default: str | None, read: Callable[[str], str], fits: Callable[[str], bool]
) -> str:
    while True:
        answer = read(typer.prompt(question, default=default).strip())
        if fits(answer):
            return answer
        typer.echo("That cannot be read; please try again.")


def _table(name: str, keys: dict[str, Any]) -> str:
    lines = [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in keys.items()), ""]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else " " for char in text) + '"'
