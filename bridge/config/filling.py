"""From the tables of a file to the models, table by table, so that one mistake hides no other."""

from collections.abc import Mapping, Set
from typing import TypeVar

from pydantic import BaseModel

from bridge.config.models import (
    INBOX_KEYS,
    LINE_KEYS,
    WEB,
    ChatConfig,
    Config,
    DeskConfig,
    Inbox,
    LineConfig,
    Organisation,
    Server,
    Store,
    as_words,
    split,
)
from bridge.config.source import Mistake, Source, Table, Where
from bridge.config.words import problems, unknown

M = TypeVar("M", bound=BaseModel)

CORE = ("server", "store", "organisation", "inbox", "email", "lines")


class Web(Inbox):
    """The built-in desk: the settings of a desk, and whether it is there at all."""

    enabled: bool = True


def fill_config(table: Table, source: Source, missing: Set[Where]) -> tuple[Config, list[Mistake]]:
    """Fill the models from a whole file.

    missing: places whose value is known to be unavailable; nothing more is said of them.
    Gives the Config and all mistakes; with mistakes it is a draft, holding what was right.
    """
    filling = _Filling(missing)
    return filling.config(table, source), filling.mistakes


class _Filling:
    def __init__(self, missing: Set[Where]) -> None:
        self.missing = missing
        self.mistakes: list[Mistake] = []

    def config(self, whole: Table, source: Source) -> Config:
        """Fill everything. What is none of our own tables is taken for a chat platform."""
        inbox = self.fill(Inbox, self.table(whole, "inbox"), ("inbox",))
        lines_table = self.table(whole, "lines")
        lines = {name: self.line(name, self.table(lines_table, name, ("lines",))) for name in lines_table}

        tables = {name: self.table(whole, name) for name in whole if name not in CORE}
        if WEB not in tables and (not tables or any(WEB in line.desks for line in lines.values())):
            tables[WEB] = {}
        chats = [self.web(keys, inbox) if name == WEB else self.chat(name, keys, inbox)
                 for name, keys in tables.items()]  # fmt: skip
        config = Config.model_construct(
            server=self.fill(Server, self.table(whole, "server"), ("server",)),
            store=self.fill(Store, self.table(whole, "store"), ("store",)),
            organisation=self.fill(Organisation, self.table(whole, "organisation"), ("organisation",)),
            inbox=inbox,
            email=dict(self.table(whole, "email")) if "email" in whole else None,
            lines=lines,
            chats={chat.name: chat for chat in chats if chat},
            source=source,
        )
        return _with_the_only_desk(config)

    def line(self, name: str, table: Table) -> LineConfig:
        """Fill a line; the keys that are not ours are its provider's."""
        ours, extra = split(table, LINE_KEYS)
        line = self.fill(LineConfig, {**ours, "name": name}, ("lines", name))
        return line.model_copy(update={"extra": extra, "desks": tuple(as_words(line.desks))})

    def web(self, table: Table, inbox: Inbox) -> ChatConfig | None:
        """Fill the built-in desk, if it is on."""
        ours, keys = split(table, frozenset(Web.model_fields))
        web = self.fill(Web, ours, (WEB,))
        desk = DeskConfig(name=WEB, platform=WEB, settings=_settings(inbox, web))
        return ChatConfig(name=WEB, keys=keys, desks={WEB: desk}) if web.enabled is not False else None

    def chat(self, platform: str, table: Table, inbox: Inbox) -> ChatConfig:
        """Fill a chat platform with its desks; the keys that are not ours are the connector's."""
        _, keys = split(table, frozenset({"desks"}))
        desks_table = self.table(table, "desks", (platform,))
        desks = {}
        for short in desks_table:
            where = (platform, "desks", short)
            ours, theirs = split(self.table(desks_table, short, where[:2]), INBOX_KEYS)
            settings = _settings(inbox, self.fill(Inbox, ours, where))
            name = f"{platform}.{short}"
            desks[name] = DeskConfig.model_construct(
                name=name, platform=platform, settings=settings, keys=theirs
            )
        return ChatConfig(name=platform, keys=keys, desks=desks)

    def table(self, parent: Table, name: str, above: Where = ()) -> Table:
        """Give a table of its parent; {} where it is not there, and a mistake where it is no table."""
        found = parent.get(name, {})
        if isinstance(found, Mapping):
            return found
        where = (*above, name)
        if above or name in CORE or name == WEB:
            mistake = Mistake(where, "is a single value", f"write a table: [{'.'.join(where)}]")
        else:
            mistake = Mistake(where, *unknown(name, CORE))
        self.mistakes.append(mistake)
        return {}

    def fill(self, model: type[M], values: Table, where: Where) -> M:
        """Fill a model; where that fails, a draft of it that holds what was right."""
        filled, mistakes = problems(model, values, where)
        self.mistakes += [mistake for mistake in mistakes if mistake.where not in self.missing]
        if filled is not None:
            return filled
        wrong = {mistake.where[len(where)] for mistake in mistakes if len(mistake.where) > len(where)}
        right = {key: values[key] for key in values if key in model.model_fields and key not in wrong}
        return model.model_construct(**right)  # type: ignore[arg-type]


def _settings(inbox: Inbox, own: Inbox) -> Inbox:
    """Give a desk's settings: its own, and those of [inbox] where it says nothing."""
    return inbox.model_copy(update={key: getattr(own, key) for key in own.model_fields_set & INBOX_KEYS})


def _with_the_only_desk(config: Config) -> Config:
    """Give lines that name no desk the only one there is."""
    desks = tuple(config.desks)
    if len(desks) != 1:
        return config
    lines = {
        name: line if line.desks else line.model_copy(update={"desks": desks})
        for name, line in config.lines.items()
    }
    return config.model_copy(update={"lines": lines})
