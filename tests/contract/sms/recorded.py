"""What was recorded of every provider: tests/fixtures/sms/<provider>/.

    _line.json     {"config", "line": {name, number, region}, "signed": ["url", "body"], "signature_header"}
    _answers.json  [{"why", "response": {status, headers, body}, and what `send` makes of it:
                   "sent": {provider_id, segments} or "raises", "code", "after", "says"}]
    <case>.json    {"why", "request": {method, url, headers, body}, "events": [...] or "unreadable": true}

A new provider is found by its file, and fails here until its requests are recorded.
"""

import importlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel, SecretStr

from bridge.ports import LineContext, OutboundSms, Request, Response, SmsProvider
from bridge.registry import known_providers

FIXTURES = Path(__file__).parents[2] / "fixtures/sms"
PROVIDERS = known_providers()
NOW = 1000.0
SMS = OutboundSms(
    id="01jb0000000000000000000001",
    sender="+15550100001",
    to="+15550000002",
    text="See you at 2pm, “promised” 👍",
    media_urls=("https://sms.example.org/media/one", "https://sms.example.org/media/two"),
    as_mms=True,
    status_url="https://sms.example.org/hooks/main/status?id=01jb0000000000000000000001",
    first_tried_at=NOW,
)


@cache
def read(provider: str, name: str) -> Any:
    file = FIXTURES / provider / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def cases() -> Iterator[tuple[str, str]]:
    """Every recorded request, as (provider, name of its file)."""
    for provider in PROVIDERS:
        for file in sorted((FIXTURES / provider).glob("[!_]*.json")):
            yield provider, file.stem


def answers() -> Iterator[tuple[str, int]]:
    for provider in PROVIDERS:
        yield from ((provider, number) for number in range(len(read(provider, "_answers") or ())))


def module_of(provider: str) -> ModuleType:
    return importlib.import_module(f"connectors.sms.{provider}")


def config_of(provider: str) -> BaseModel:
    config: BaseModel = module_of(provider).Config.model_validate(read(provider, "_line")["config"])
    return config


def make(provider: str) -> SmsProvider:
    line = LineContext(**read(provider, "_line")["line"])
    made: SmsProvider = module_of(provider).Provider(config_of(provider), line)
    return made


def request_of(provider: str, case: str) -> Request:
    recorded = read(provider, case)["request"]
    return Request(recorded["method"], recorded["url"], recorded["headers"], recorded["body"].encode())


def response_of(recorded: dict[str, Any]) -> Response:
    return Response(recorded["status"], recorded["headers"], recorded["body"].encode())


def secrets_of(config: BaseModel) -> Sequence[str]:
    found = (value for _, value in config if isinstance(value, SecretStr))
    return [value.get_secret_value() for value in found]
