"""Pictures and files: those that staff attach, and those that people sent. Never a foreign address."""

from collections.abc import Sequence
from time import monotonic
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bridge.model.shapes import File
from bridge.model.text import clean
from bridge.ports import House, Member
from connectors.chat.web import shown
from connectors.chat.web.guard import Guard, Refused, answer

DESK = "web"
MAX_FILE = 20_000_000
PATIENCE = 5.0  # seconds
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_HELD_DOWN = "default-src 'none'; sandbox"  # a file that is opened by itself can do nothing


class Files:
    """The routes of files."""

    def __init__(self, house: House, guard: Guard) -> None:
        self._house = house
        self._guard = guard

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the routes."""
        return [
            web.post("/api/files", self._guard.staff(self.keep)),
            web.get("/files/{media_id}", self._guard.staff(self.show)),
        ]

    async def keep(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Store what somebody attached to a message that they are writing."""
        _, files = await read_form(request)
        if not files:
            raise Refused(400, "There is no file in the request")
        kept = [await self._house.inbox.keep_file(file) for file in files]
        return answer({"media": [shown.media(media) for media in kept]}, 201)

    async def show(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Give a file: pictures to look at, everything else to save."""
        file = await self._arrived(request.match_info["media_id"])
        if file is None:
            raise Refused(404, "That file is not here any more")
        picture = file.content_type in PICTURES
        name = f"filename*=UTF-8''{quote(file.name or 'file', safe='')}"
        return web.Response(
            body=file.data,
            headers={
                "Content-Type": file.content_type if picture else "application/octet-stream",
                "Content-Disposition": f"{'inline' if picture else 'attachment'}; {name}",
                "Content-Security-Policy": _HELD_DOWN,
                "Cache-Control": "private, max-age=86400, immutable",
            },
        )

    async def _arrived(self, media_id: str) -> File | None:
        """Give a file. A text is shown before its pictures are fetched: those are waited for a little."""
        inbox, counter, until = self._house.inbox, 0, monotonic() + PATIENCE
        while (file := await inbox.file(media_id)) is None and monotonic() < until:
            counter = await inbox.changes(DESK, counter, 1.0)
        return file


async def read_form(request: web.Request) -> tuple[dict[str, str], list[File]]:
    """Read a multipart form part by part: texts by name, and files, together not too large."""
    if request.content_type != "multipart/form-data":
        raise Refused(415, "Files come as multipart/form-data")
    texts: dict[str, str] = {}
    files: list[File] = []
    left = MAX_FILE
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Refused(400, "The form holds a form")
            data = bytearray()
            while chunk := await part.read_chunk(65_536):
                data += chunk
                left -= len(chunk)
                if left < 0:
                    raise Refused(413, f"That is too large: at most {MAX_FILE // 1_000_000} MB go at once")
            if part.filename is None:
                texts[part.name or ""] = data.decode("utf-8", "replace")
            else:
                kind = (
                    part.headers.get("Content-Type", "application/octet-stream").split(";")[0].strip().lower()
                )
                files.append(File(clean(part.filename)[-120:], kind, bytes(data)))
    except (ValueError, AssertionError):
        raise Refused(400, "The form cannot be read") from None
    return texts, files
