"""The table of emulated Web API methods; each `api_*` module enters its own."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .core import Core
from .errors import SlackError
from .schema import Args

T = TypeVar("T")
Answer = dict[str, Any]
Handler = Callable[[Core, Args], Answer]
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Enter a handler for a Web API method; it returns the answer without `ok`."""

    def enter(handler: Handler) -> Handler:
        METHODS[name] = handler
        return handler

    return enter


def page(items: Sequence[T], args: Args, default: int, maximum: int) -> tuple[list[T], str]:
    """Cut a page out of a list by `cursor` and `limit`; return it and the next cursor, empty at the end."""
    limit = args.number("limit", default) or default
    if limit > maximum:
        raise SlackError("invalid_limit", violation=True)
    start = _offset(args.text("cursor"))
    end = start + limit
    cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), cursor


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, number = base64.b64decode(cursor, validate=True).decode().split(":")
        if word != "next":
            raise ValueError(cursor)
        return int(number)
    except ValueError:
        raise SlackError("invalid_cursor", violation=True) from None
