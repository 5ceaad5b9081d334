"""What a configuration says, as frozen values. Each model holds the rules of one table."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from bridge.config.source import Source, Table
from bridge.model.hours import working
from bridge.model.nouns import Display, ReplyMode

SIMULATOR = "simulator"
WEB = "web"

_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")


def as_words(value: Any) -> Any:
    """Read "one, two" as a list: an environment variable holds text only."""
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(as_words)]


class Part(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Server(Part):
    """Where the daemon listens, and what the world calls it."""

    listen: str = "127.0.0.1:8080"
    public_url: str = ""  # without a slash at its end

    @property
    def address(self) -> tuple[str, int]:
        """The host and port of `listen`; host "" is every address of the machine."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        bare = ":" in host and not (host.startswith("[") and host.endswith("]"))
        if not colon or bare or not port.isdecimal() or int(port) > 65535:
            raise ValueError(f'"{value}" is not an address and port; write "127.0.0.1:8080" or "[::1]:8080"')
        return value

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        url = urlsplit(value)
        if value and (url.scheme not in ("http", "https") or not url.hostname):
            raise ValueError(f'"{value}" is not a web address; write "https://sms.example.org"')
        if url.query or url.fragment:
            raise ValueError("an address that others are built from has no ? and no #; take them away")
        return value.rstrip("/")


class Store(Part):
    """The database."""

    url: str = Field(default="sqlite:///threadline.db", repr=False)
    auto_migrate: bool = True
    journal_days: float = Field(default=30, ge=4)  # events told again later would count twice

    @field_validator("url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        scheme, colon, rest = value.partition(":")
        if scheme == "sqlite":
            if not rest.startswith("///") or rest.startswith("/////"):
                raise ValueError(
                    "the slashes are wrong; write sqlite:///relative.db or sqlite:////absolute/path.db"
                )
            if rest in ("///", "///:memory:"):
                raise ValueError(
                    "nothing would outlive the process; name a file: sqlite:////absolute/path.db"
                )
            return value
        if scheme != "postgresql" or not colon:
            raise ValueError(
                "the database is not known; write sqlite:////path.db or postgresql://user@host/name"
            )
        if not rest.startswith("//") or not urlsplit(value).path.strip("/"):
            raise ValueError("the database has no name; write postgresql://user@host/name")
        return value

    @property
    def sqlite_path(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite:") else None


class Organisation(Part):
    """Whose numbers these are."""

    name: str = Field(min_length=1)
    contact: str = Field(min_length=1)
    region: str = "US"
    timezone: str = "UTC"

    @field_validator("region")
    @classmethod
    def _is_region(cls, value: str) -> str:
        if value not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f'no country has the code "{value}"; write two capitals, such as "US"')
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'there is no time zone "{value}"; write one like "America/New_York"') from error
        return value


class Inbox(Part):
    """How desks behave; each desk may say otherwise."""

    display: Display = "natural"
    reply_mode: ReplyMode = "direct"
    hold_seconds: float = Field(default=5, ge=0, le=600)
    confirm_above: int | None = Field(default=None, ge=1)  # credits; None: never asks
    resurface_hours: float = Field(default=12, ge=0)
    catch_up_hours: float = Field(default=12, ge=0)
    remind_after: float = Field(default=0, ge=0, le=10_080)  # working minutes; 0: never
    working_hours: Annotated[str, AfterValidator(working)] = ""
    admins: Words = ()  # the platform's ids; none: as people are made admin on the desk


class LineConfig(Part):
    """One of our numbers. `extra` holds the keys that belong to its provider."""

    name: str
    number: str
    provider: str
    desks: Words = ()
    long_messages: Literal["mms", "segments"] = "mms"
    provider_answers: Annotated[
        tuple[Literal["stop", "start", "help"], ...] | None, BeforeValidator(as_words)
    ] = None  # None: what the provider does for that kind of number
    rate: float | None = Field(default=None, gt=0)  # segments a second; None: as the provider allows
    extra: Mapping[str, object] = Field(default_factory=dict, repr=False)

    @field_validator("number")
    @classmethod
    def _is_e164(cls, value: str) -> str:
        if not _E164.match(value):
            raise ValueError(f'"{value}" is not written internationally; write it like "+15550100001"')
        return value


class DeskConfig(Part):
    """A place where staff work. `keys` belong to its platform."""

    name: str  # "slack.support", "web"
    platform: str
    settings: Inbox
    keys: Mapping[str, object] = Field(default_factory=dict, repr=False)


class ChatConfig(Part):
    """A chat platform with its desks. `keys` belong to the platform."""

    name: str
    keys: Mapping[str, object] = Field(default_factory=dict, repr=False)
    desks: Mapping[str, DeskConfig] = Field(default_factory=dict)


class Config(Part):
    """Everything that a file says, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    server: Server
    store: Store
    organisation: Organisation
    inbox: Inbox
    email: Mapping[str, object] | None = Field(default=None, repr=False)  # keys of connectors.notify.email
    lines: Mapping[str, LineConfig]
    chats: Mapping[str, ChatConfig]  # those that are switched on
    warnings: tuple[str, ...] = ()
    source: Source = Field(default=Source("configuration"), repr=False)

    @property
    def desks(self) -> dict[str, DeskConfig]:
        """Every desk by its full name, in the order of the file."""
        return {name: desk for chat in self.chats.values() for name, desk in chat.desks.items()}


LINE_KEYS = frozenset(LineConfig.model_fields) - {"name", "extra"}
INBOX_KEYS = frozenset(Inbox.model_fields)


def split(table: Table, keys: frozenset[str]) -> tuple[dict[str, object], dict[str, object]]:
    """Part a table into what is ours (those keys) and what belongs to a connector."""
    ours = {key: value for key, value in table.items() if key in keys}
    return ours, {key: value for key, value in table.items() if key not in keys}
