"""One call of a method: its parameters with their real types and its uploads, already checked."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from .spec import specification


@dataclass(frozen=True)
class Upload:
    name: str | None
    mime_type: str
    content: bytes


@dataclass
class Call:
    method: str
    params: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    answer: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)


Method = Callable[[Call], Awaitable[Any]]


async def read_call(method: str, request: web.Request) -> Call:
    """Telegram takes query strings, forms, multipart and JSON; python-telegram-bot uses the middle two."""
    given: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.content_type == "multipart/form-data":
        await _read_multipart(request, given, uploads)
    else:
        given |= dict(await request.post())
    params, problems = specification().read(method, given, set(uploads))
    return Call(method, params, uploads, problems + _unused(params, uploads))


async def _read_multipart(request: web.Request, given: dict[str, Any], uploads: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name = part.name or ""
        if part.filename is None:
            given[name] = await part.text()
            continue
        guessed = mimetypes.guess_type(part.filename)[0]
        mime_type = part.headers.get("Content-Type") or guessed or "application/octet-stream"
        uploads[name] = Upload(part.filename, mime_type, bytes(await part.read()))


def _unused(params: dict[str, Any], uploads: dict[str, Upload]) -> list[str]:
    """An uploaded part that is neither a parameter nor named by attach:// would be lost in silence."""
    mentioned = str(params)
    known = ("photo", "document", "video", "audio", "voice", "animation", "thumbnail", "certificate", "media")
    return [
        f"upload {name} is not used"
        for name in uploads
        if name not in known and f"attach://{name}" not in mentioned
    ]
