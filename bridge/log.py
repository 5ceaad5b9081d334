"""The log: one event a line, JSON for machines, colours on a terminal. No secret and no whole number.

What libraries say through `logging` comes out the same way, masked the same way.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import orjson
import structlog

from bridge.model.address import mask

_SECRET_KEY = re.compile(r"token|secret|password|passphrase|authorization|cookie|api_key|private_key|session")
_WORDS_KEY = frozenset({"text", "body", "words"})  # what people wrote
_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+"  # Slack
    r"|\d{6,12}:[\w-]{30,}"  # Telegram
    r"|(?<=[Bb]earer )\S+|(?<=[Bb]asic )\S+"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # a password in an address
)
_NUMBER = re.compile(
    r"\+\d[\d .()-]{5,18}\d"  # international
    r"|(?<![\w.-])\d{10,15}(?![\w.])"  # the same without its plus
    r"|(?<![\w.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)"  # as North America writes it
)

Event = MutableMapping[str, Any]


def configure(*, console: bool | None = None, level: str = "INFO") -> None:
    """Set the log up, to standard error.

    console: for people (True) or as JSON lines (False); None: as standard error is a terminal or not.
    """
    people = sys.stderr.isatty() if console is None else console
    number = logging.getLevelNamesMapping()[level.upper()]
    processors: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    if people:
        processors.append(structlog.dev.ConsoleRenderer(timestamp_key="at"))
    else:
        processors.append(structlog.processors.JSONRenderer(serializer=orjson.dumps))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if people
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.INFO), handlers=[_Forward()], force=True)
    for talkative in (
        "httpx",
        "httpcore",
        "aiohttp.access",
        "slack_bolt",
        "slack_sdk",
        "alembic",
        "telegram",
    ):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def logger(**fields: object) -> structlog.typing.FilteringBoundLogger:
    """Give a logger whose lines all carry these fields. It fits bridge.ports.Log."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(**fields))


def without_secrets(_logger: object, _method: str, event: Event) -> Event:
    """Mask numbers, cut secrets out, drop people's words. The last processor before rendering."""
    return {
        key: _clean(value)
        for key, value in event.items()
        if key == "event" or (key not in _WORDS_KEY and not _SECRET_KEY.search(key))
    }


def _clean(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return without_secrets(None, "", {str(key): inner for key, inner in value.items()})
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_clean(inner) for inner in value]
    text = value if isinstance(value, str) else str(value)
    return _NUMBER.sub(lambda found: mask(found[0]), _SECRET.sub("[secret]", text))


class _Forward(logging.Handler):
    """Hands what libraries log to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            fields: dict[str, Any] = {"logger": record.name}
            if record.exc_info:
                fields["exc_info"] = record.exc_info
            structlog.get_logger().log(record.levelno, record.getMessage(), **fields)
        except Exception:
            self.handleError(record)
