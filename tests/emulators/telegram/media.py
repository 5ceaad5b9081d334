"""Files in messages: what may be sent, and how a message shows it."""

from __future__ import annotations

import io
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from PIL import Image

from .call import Call, Upload
from .errors import Refusal, bad
from .state import StoredFile
from .world import World

UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
URL_LIMIT = 20 * 1024 * 1024
_FOLDERS = {
    "photo": "photos", "document": "documents", "video": "videos", "audio": "music", "voice": "voice",
    "animation": "animations",
}  # fmt: skip


async def given_file(
    world: World, client: ClientSession, call: Call, kind: str, value: str | None
) -> StoredFile:
    """The file meant by a parameter: an upload, attach://name, a known file_id, or an address to fetch."""
    upload = _upload(call, kind, value)
    if upload is None and value is not None and value in world.files:
        return world.files[value]
    if upload is None and value is not None and value.startswith(("http://", "https://")):
        upload = await _fetched(client, value)
    if upload is None:
        raise bad("wrong file identifier/HTTP URL specified")
    return stored_file(world, kind, upload)


def _upload(call: Call, kind: str, value: str | None) -> Upload | None:
    if value is None:
        return call.uploads.get(kind)
    if value.startswith("attach://"):
        return call.uploads.get(value.removeprefix("attach://"))
    return None


async def _fetched(client: ClientSession, address: str) -> Upload:
    try:
        async with client.get(address, timeout=ClientTimeout(total=10)) as answer:
            content = await answer.read()
            if answer.status != 200 or len(content) > URL_LIMIT:
                raise bad("failed to get HTTP URL content")
            return Upload(address.rpartition("/")[2], answer.content_type, content)
    except (ClientError, TimeoutError, OSError) as error:
        raise bad("failed to get HTTP URL content") from error


def stored_file(world: World, kind: str, upload: Upload) -> StoredFile:
    """Take a file in, within the limits that Telegram keeps."""
    if not upload.content:
        raise bad("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo":
        if len(upload.content) > PHOTO_LIMIT:
            raise bad("file is too big for a photo")
        _image_size(upload.content)
    return world.keep_file(upload.content, _FOLDERS[kind], upload.name, upload.mime_type)


def _image_size(content: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
    except (OSError, ValueError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return width, height


def shown_file(kind: str, stored: StoredFile, details: dict[str, Any] | None = None) -> dict[str, Any]:
    """The part of a message that carries this file."""
    base: dict[str, Any] = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
    }
    if kind == "photo":
        width, height = _image_size(stored.content)
        small = {**base, "file_id": f"{stored.file_id}s", "file_unique_id": f"{stored.unique_id}s"}
        thumbnail = {**small, "file_size": 1000, "width": min(width, 90), "height": min(height, 90)}
        return {"photo": [thumbnail, {**base, "width": width, "height": height}]}
    base["mime_type"] = stored.mime_type
    if stored.name and kind != "voice":
        base["file_name"] = stored.name
    asked = details or {}
    if kind in ("video", "animation"):
        base |= {"width": asked.get("width", 320), "height": asked.get("height", 240)}
    if kind != "document":
        base["duration"] = asked.get("duration", 1)
    if kind == "animation":
        # Telegram shows an animation as a document too, for clients that know no animations.
        plain = {k: v for k, v in base.items() if k not in ("width", "height", "duration")}
        return {"animation": base, "document": plain}
    return {kind: base}
