"""check --live: sign in everywhere, and say what is missing."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast

from bridge import log, registry
from bridge.config import SIMULATOR, Config
from bridge.engine.http import Http, drive
from bridge.errors import ConnectorError
from bridge.model.ids import counting
from bridge.ports import Finding, House, Transport

Look = Callable[[], Awaitable[Sequence[Finding]]]


async def look(config: Config, transport: Transport | None = None) -> list[Finding]:
    """Look at every line and chat. transport: carries providers' requests; None: the real network."""
    http = None
    if transport is None:
        http = Http()
        await http.open()
        transport = http
    try:
        findings = [found for name in config.lines for found in await _line(config, name, transport)]
        for name in config.chats:
            findings += await _chat(config, name)
        return findings
    finally:
        if http is not None:
            await http.close()


async def _line(config: Config, name: str, transport: Transport) -> Sequence[Finding]:
    line = config.lines[name]
    where = f"line {name}"
    if line.provider == SIMULATOR:
        return [Finding(where, True, "is simulated")]
    provider = registry.sms_provider(line, config.organisation.region)

    async def signed_in() -> Sequence[Finding]:
        return await drive(provider.check(config.server.public_url), transport)

    return await _found(where, signed_in)


async def _chat(config: Config, name: str) -> Sequence[Finding]:
    platform = registry.chat_platform(name, config, _empty_house(config))
    try:
        return await _found(name, platform.check)
    finally:
        await platform.stop()


async def _found(where: str, signed_in: Look) -> Sequence[Finding]:
    try:
        return await signed_in()
    except ConnectorError as error:
        return [Finding(where, False, error.reason, "")]


class _Nobody:
    """Stands where a part of the house would be: a check hears, reads and keeps nothing."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def nothing(*_: object, **__: object) -> Any:
            return None

        return nothing


def _empty_house(config: Config) -> House:
    nobody = cast("Any", _Nobody())
    lines: Mapping[str, str] = {name: line.number for name, line in config.lines.items()}
    return House(
        sink=nobody,
        inbox=nobody,
        accounts=nobody,
        panels=nobody,
        carrier=None,
        organisation=config.organisation.name,
        region=config.organisation.region,
        public_url=config.server.public_url,
        lines=lines,
        now=time.time,
        ids=counting(),
        log=log.logger(),
    )
