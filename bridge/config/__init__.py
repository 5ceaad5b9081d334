"""The configuration: a TOML file read into frozen values, with every mistake reported at once."""

from bridge.config.loading import ConfigError, Reading, load, mistakes_of, read
from bridge.config.models import (
    INBOX_KEYS,
    LINE_KEYS,
    SIMULATOR,
    WEB,
    ChatConfig,
    Config,
    DeskConfig,
    Inbox,
    LineConfig,
    Organisation,
    Server,
    Store,
)
from bridge.config.source import Mistake, Source
from bridge.config.words import nearest, problems

__all__ = [
    "INBOX_KEYS",
    "LINE_KEYS",
    "SIMULATOR",
    "WEB",
    "ChatConfig",
    "Config",
    "ConfigError",
    "DeskConfig",
    "Inbox",
    "LineConfig",
    "Mistake",
    "Organisation",
    "Reading",
    "Server",
    "Source",
    "Store",
    "load",
    "mistakes_of",
    "nearest",
    "problems",
    "read",
]
