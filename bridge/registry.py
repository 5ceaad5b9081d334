"""Finds connectors by name, and the rules: the only place besides run that does.

`connectors.sms.<provider>` exports Config (pydantic) and Provider; `connectors.chat.<platform>` exports
Config, DeskConfig and Platform. A new connector is a new file; nothing is registered.
"""

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from pydantic import BaseModel

from bridge.config import (
    INBOX_KEYS,
    LINE_KEYS,
    WEB,
    Config,
    ConfigError,
    LineConfig,
    Mistake,
    Source,
    nearest,
    problems,
    read,
)
from bridge.engine.notify import Mailer
from bridge.model import decision
from bridge.model.address import show
from bridge.model.ids import Ids
from bridge.model.traits import Rate
from bridge.model.verdict import Facts, Verdict
from bridge.ports import Carrier, ChatPlatform, House, LineContext, Request, Response, SmsProvider

_SMS = "connectors.sms"
_CHAT = "connectors.chat"
_TABLES = ("server", "store", "organisation", "inbox", "email", "lines")

Classifier = Callable[[Facts], Verdict]
Take = Callable[[str, Request], Awaitable[Response]]


class SimulatedNetwork(Carrier, Protocol):
    """A carrier inside the process: it also carries what we send, and ends with the daemon."""

    async def __call__(self, request: Request) -> Response:
        """Carry a request of a simulated line's provider."""

    async def close(self) -> None:
        """Switch the network off."""


def known_providers() -> list[str]:
    """List the providers of text messages that there is a connector for."""
    return _known(_SMS)


def known_platforms() -> list[str]:
    """List the chat platforms that there is a connector for."""
    return _known(_CHAT)


def load(path: Path) -> Config:
    """Read a configuration and check all of it, the keys of connectors included.

    Raises ConfigError with every mistake at once.
    """
    reading = read(path)
    return reading.finish(check(reading.draft))


def check(config: Config) -> list[Mistake]:
    """Check what belongs to connectors: are they known, and do their keys fit them?

    The configuration may be a draft with holes: what is not there is not judged.
    """
    return [*_check_lines(config), *_check_chats(config), *_check_email(config)]


def sms_provider(line: LineConfig, region: str) -> SmsProvider:
    """Make the provider of a line. Raises ConfigError when it is unknown or its keys do not fit."""
    where = ("lines", line.name)
    module = _module(_SMS, line.provider)
    if module is None:
        raise ConfigError([Source("configuration").say(_unknown_provider(line))])
    filled, wrong = problems(_model(module, "Config"), line.extra, where, LINE_KEYS)
    if filled is None:
        raise ConfigError([Source("configuration").say(mistake) for mistake in wrong])
    provider: SmsProvider = module.Provider(filled, LineContext(line.name, line.number, region))
    return provider


def chat_platform(name: str, config: Config, house: House) -> ChatPlatform:
    """Make a chat platform with its desks. Raises ConfigError when it is unknown or its keys do not fit."""
    chat = config.chats[name]
    module = _module(_CHAT, name)
    wrong = list(_check_chat(config, name))
    if module is None or wrong:
        raise ConfigError([config.source.say(mistake) for mistake in wrong])
    desk_model = _model(module, "DeskConfig")
    desks = {full: desk_model.model_validate(desk.keys) for full, desk in chat.desks.items()}
    keys = _model(module, "Config").model_validate(chat.keys)
    platform: ChatPlatform = module.Platform(keys, desks, house)
    return platform


def carrier(
    config: Config, providers: Mapping[str, SmsProvider], take: Take, now: Callable[[], float], ids: Ids
) -> tuple[SimulatedNetwork, frozenset[str]] | None:
    """Make the network of simulated lines, and say which lines are on it; None where there is none.

    take: what POST /hooks/{line} does.
    """
    makers = {
        name: getattr(_module(_SMS, line.provider), "carrier", None) for name, line in config.lines.items()
    }
    simulated = {name: providers[name] for name, maker in makers.items() if maker is not None}
    if not simulated:
        return None
    maker = next(maker for maker in makers.values() if maker is not None)
    return maker(simulated, take, now, ids), frozenset(simulated)


def lines(config: Config, providers: Mapping[str, SmsProvider]) -> Mapping[str, decision.Line]:
    """Give the lines as decisions see them: the provider's traits, with what the operator says otherwise.

    providers: by the line's name. Where a provider sends no media, long texts go as segments.
    """
    region = config.organisation.region
    several = len(config.lines) > 1
    made = {}
    for name, line in config.lines.items():
        traits = providers[name].traits
        if line.rate:
            traits = replace(traits, rate=Rate(line.rate, max(line.rate, 1.0)))
        answered = traits.answers if line.provider_answers is None else line.provider_answers
        made[name] = decision.Line(
            name=name,
            number=line.number,
            desks=line.desks,
            traits=traits,
            long_messages=line.long_messages if traits.sends_media else "segments",
            provider_answers=frozenset(answered),
            channel=f"{name} · {show(line.number, region)}" if several else "",
        )
    return made


def desks(config: Config, platforms: Mapping[str, ChatPlatform]) -> Mapping[str, decision.Desk]:
    """Give the desks as decisions see them, with their configured settings. platforms: by name."""
    return {
        name: decision.Desk(
            name=name,
            traits=platforms[desk.platform].traits,
            label=platforms[desk.platform].label,
            **desk.settings.model_dump() | {"admins": frozenset(desk.settings.admins)},
        )
        for name, desk in config.desks.items()
    }


def organisation(config: Config) -> decision.Organisation:
    """Give the organisation as decisions see it."""
    return decision.Organisation(**config.organisation.model_dump())


def world(config: Config) -> decision.World:
    """Give the world as a command sees it: the lines, and no desk."""
    region = config.organisation.region
    providers = {name: sms_provider(line, region) for name, line in config.lines.items()}
    return decision.World(organisation(config), lines(config, providers), {})


def slack_manifest(config: Config) -> dict[str, Any]:
    """Give the manifest of a Slack app that fits this configuration. It may be a draft: the tokens come
    from the app that this manifest makes."""
    slack = config.chats.get("slack")
    socket_mode = slack is None or "app_token" in slack.keys or "signing_secret" not in slack.keys
    module = importlib.import_module(f"{_CHAT}.slack.manifest")
    made: dict[str, Any] = module.manifest(config.server.public_url, socket_mode)
    return made


def config_models(kind: str, name: str) -> tuple[type[BaseModel], type[BaseModel] | None]:
    """Give what a connector asks of the operator: its Config, and a chat's DeskConfig.

    kind: "sms" or "chat". Raises LookupError for an unknown name.
    """
    module = _module(_SMS if kind == "sms" else _CHAT, name)
    if module is None:
        raise LookupError(name)
    return _model(module, "Config"), _model(module, "DeskConfig") if kind == "chat" else None


def classifier(folder: Path | None = None) -> Classifier:
    """Give the rules: facts in, verdict out. No I/O.

    folder: another `rules` folder, to compare with, whatever its name. Raises ImportError or
    AttributeError where it holds no rules.
    """
    rules = importlib.import_module("rules") if folder is None else _rules_in(folder)
    classify: Classifier = rules.classify
    return classify


def _rules_in(folder: Path) -> ModuleType:
    """Load the rules of a folder beside the installed ones: they call each other "rules" too."""
    installed = {name: sys.modules.pop(name) for name in list(sys.modules) if _is_rules(name)}
    try:
        spec = importlib.util.spec_from_file_location(
            "rules", folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None or not (folder / "__init__.py").is_file():
            raise ImportError("there is no __init__.py")
        rules = sys.modules["rules"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(rules)
        return rules
    finally:
        for name in [name for name in sys.modules if _is_rules(name)]:
            del sys.modules[name]
        sys.modules.update(installed)


def _is_rules(module: str) -> bool:
    return module == "rules" or module.startswith("rules.")


def explanation(facts: Facts) -> list[tuple[str, str, str]]:
    """Give each rule that was tried, in order: its name, what it asks, what it said."""
    rules = importlib.import_module("rules")
    return [(name, rules.QUESTIONS[name], said) for name, said in rules.explain(facts)]


def case_facts(case: dict[str, Any]) -> Facts:
    """Read a worked case. Raises ValueError with a sentence that names what is missing or unknown."""
    facts: Facts = importlib.import_module("rules.cases").facts_from_case(case)
    return facts


def prediction(case_id: Any, verdict: Verdict) -> dict[str, Any]:
    """Give a verdict in the form of a prediction, ready for JSON."""
    made: dict[str, Any] = importlib.import_module("rules.cases").prediction(case_id, verdict)
    return made


def _check_lines(config: Config) -> Iterator[Mistake]:
    for name, line in config.lines.items():
        if not isinstance(getattr(line, "provider", None), str):
            continue
        module = _module(_SMS, line.provider)
        if module is None:
            yield _unknown_provider(line)
            continue
        yield from problems(_model(module, "Config"), line.extra, ("lines", name), LINE_KEYS)[1]


def _check_email(config: Config) -> Iterator[Mistake]:
    if config.email is not None:
        yield from problems(_model(_email(), "Config"), config.email, ("email",), ())[1]


def _email() -> ModuleType:
    return importlib.import_module("connectors.notify.email")


def mailer(config: Config) -> Mailer | None:
    """Make what sends mail; None where no mail server is configured."""
    if config.email is None:
        return None
    module = _email()
    made: Mailer = module.Mail(_model(module, "Config").model_validate(config.email))
    return made


def _check_chats(config: Config) -> Iterator[Mistake]:
    for name in config.chats:
        yield from _check_chat(config, name)


def _check_chat(config: Config, name: str) -> Iterator[Mistake]:
    module = _module(_CHAT, name)
    if module is None:
        guess = nearest(name, [*_TABLES, *known_platforms()])
        mend = f"did you mean [{guess}]?" if guess else f"known are {', '.join(known_platforms())}"
        yield Mistake((name,), "is neither a table of ours nor a chat that threadline knows", mend)
        return
    chat = config.chats[name]
    yield from problems(_model(module, "Config"), chat.keys, (name,), INBOX_KEYS if name == WEB else ())[1]
    if not chat.desks:
        yield Mistake((name, "desks"), "there is no desk", f"add a table [{name}.desks.support]")
    for full, desk in chat.desks.items():
        where = (name,) if name == WEB else (name, "desks", full.removeprefix(f"{name}."))
        yield from problems(_model(module, "DeskConfig"), desk.keys, where, INBOX_KEYS)[1]


def _unknown_provider(line: LineConfig) -> Mistake:
    known = known_providers()
    guess = nearest(line.provider, known)
    mend = f'did you mean "{guess}"?' if guess else f"known are {', '.join(known)}"
    return Mistake(("lines", line.name, "provider"), f'there is no provider "{line.provider}"', mend)


def _known(package: str) -> list[str]:
    """List the connectors of a package: its modules, but for those whose name starts with _."""
    found = pkgutil.iter_modules(importlib.import_module(package).__path__)
    return sorted(module.name for module in found if not module.name.startswith("_"))


def _module(package: str, name: str) -> ModuleType | None:
    """Import a connector by its name; None where there is none of that name."""
    return importlib.import_module(f"{package}.{name}") if name in _known(package) else None


def _model(module: ModuleType, name: str) -> type[BaseModel]:
    model: type[BaseModel] = getattr(module, name)
    return model
