"""Pictures and files: fetched once, stored, and handed out under addresses that expire."""

import asyncio
import contextlib
import mimetypes
import secrets
from collections.abc import Callable, Mapping, Sequence
from weakref import WeakValueDictionary

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.exc import IntegrityError

from bridge.errors import Rejected, Unreachable
from bridge.model.ids import Ids
from bridge.model.nouns import Media
from bridge.model.pictures import can_be_fitted
from bridge.model.shapes import File
from bridge.model.traits import SmsTraits
from bridge.ports import ChatPlatform, SmsProvider, Transport
from bridge.store import codec, erasing
from bridge.store.store import Store
from bridge.store.tables import links, media, messages

_LINK_SECONDS = 24 * 3600.0  # a provider may fetch late, and more than once


class Files:
    """All files of the house."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, SmsProvider],
        transports: Mapping[str, Transport],
        now: Callable[[], float],
        ids: Ids,
    ) -> None:
        """transports: by line, where one has its own."""
        self._store = store
        self._providers = providers
        self._transports = transports
        self.platforms: Mapping[str, ChatPlatform] = {}
        self._now = now
        self._ids = ids
        self._fetching: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of_messages(self, message_ids: Sequence[str]) -> dict[str, Media]:
        """Give the media of messages, by their ids."""
        statement = sa.select(messages.c.media).where(messages.c.id.in_(message_ids))
        async with self._store.engine.connect() as connection:
            found = (await connection.execute(statement)).scalars()
            return {one.id: one for text in found for one in codec.read_media(text)}

    async def stored(self, media_id: str) -> File | None:
        """Give a file that is stored here."""
        async with self._store.engine.connect() as connection:
            row = (await connection.execute(sa.select(media).where(media.c.id == media_id))).first()
        return None if row is None else File(row.name, row.content_type, row.data)

    async def ensure(self, one: Media) -> File:
        """Give a file, fetching it from where it is if it is not stored yet.

        Raises Unreachable, Unsure or Throttled when later may help, Rejected when not.
        """
        lock = self._fetching.setdefault(one.id, asyncio.Lock())  # several desks want it at once
        async with lock:
            return await self.stored(one.id) or await self._fetch(one)

    async def _fetch(self, one: Media) -> File:
        where, _, name = one.origin.partition(":")
        if where == "line":
            file = await self._from_provider(name, one)
        elif where == "desk" and (platform := self.platforms.get(name.partition(".")[0])):
            file = await platform.download(one)
        else:
            raise Rejected("this file is no longer anywhere that threadline can fetch it from")
        await self._keep(one.id, file)
        return file

    async def keep(self, file: File) -> Media:
        """Store a new file; give it as media of a message."""
        media_id = self._ids()
        await self._keep(media_id, file)
        return Media(media_id, file.content_type, file.name, len(file.data), origin="store:")

    async def fitted(self, parts: Sequence[Media], traits: SmsTraits) -> list[str]:
        """Give the ids under which the parts of a text are stored as its provider takes them.

        Pictures that are too large, or of a kind that phones do not have, are made smaller JPEGs, once.
        Raises what `ensure` does; Rejected where a picture cannot be read.
        """
        files = {one.id: await self.ensure(one) for one in parts}
        room = traits.max_media_bytes
        others = sum(len(files[one.id].data) for one in parts if not can_be_fitted(one))
        pictures = [one for one in parts if can_be_fitted(one)]
        share = max(room - others, 0) // max(len(pictures), 1)
        return [await self._fit(one, files[one.id], share, traits) for one in parts]

    async def _fit(self, one: Media, file: File, share: int, traits: SmsTraits) -> str:
        as_it_is = not can_be_fitted(one) or (traits.takes(file.content_type) and len(file.data) <= share)
        if as_it_is:
            return one.id
        fit_id = f"{one.id}.{share}"
        if await self.stored(fit_id) is None:
            from bridge.engine.pictures import fitted  # its libraries are large, and seldom needed

            await self._keep(fit_id, await asyncio.to_thread(fitted, file, share))
        return fit_id

    async def erase(self, contact_id: str, by: str) -> None:
        """Erase a person with their files; whoever is gone already is."""
        with contextlib.suppress(erasing.Unknown):
            await erasing.erase(self._store.engine, contact_id, by, self._now(), self._ids)

    async def link(self, media_id: str, public_url: str) -> str:
        """Make an address under which a provider can fetch a stored file for a day."""
        token = secrets.token_urlsafe(24)
        until = self._now() + _LINK_SECONDS
        async with self._store.engine.begin() as connection:
            await connection.execute(sa.insert(links).values(token=token, media_id=media_id, until=until))
        return f"{public_url.rstrip('/')}/media/{token}"

    async def serve(self, request: web.Request) -> web.Response:
        """Answer GET /media/{token}."""
        statement = (
            sa.select(media)
            .join(links, links.c.media_id == media.c.id)
            .where(links.c.token == request.match_info["token"], links.c.until > self._now())
        )
        async with asyncio.timeout(10), self._store.engine.connect() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            return web.Response(status=404)
        safe = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
        return web.Response(body=row.data, headers={"Content-Type": row.content_type, **safe})

    async def _from_provider(self, line: str, one: Media) -> File:
        provider = self._providers.get(line)
        if provider is None:
            raise Rejected(f"the line {line} is no longer configured")
        transport = self._transports[line]
        response = await transport(provider.fetch(one.url))
        if response.status in (404, 410):
            raise Rejected("the provider no longer has it", str(response.status))
        if response.status != 200:
            raise Unreachable(f"the provider answered {response.status} for a picture")
        kind = response.headers.get("content-type", one.content_type).partition(";")[0].strip()
        if kind == "text/html" != one.content_type:
            raise Unreachable("a web page came instead of the picture")
        kind = kind or one.content_type
        return File(one.name or _name(kind), kind, response.body)

    async def _keep(self, media_id: str, file: File) -> None:
        row = {
            "id": media_id,
            "content_type": file.content_type,
            "name": file.name,
            "data": file.data,
            "created_at": self._now(),
        }
        with contextlib.suppress(IntegrityError):  # another daemon has stored it meanwhile
            async with self._store.engine.begin() as connection:
                await connection.execute(sa.insert(media).values(row))


def _name(content_type: str) -> str:
    """Name a part of an MMS, which has no name: people and chats tell from the ending what it is."""
    what = "picture" if content_type.startswith("image/") else "file"
    return what + (mimetypes.guess_extension(content_type) or "")
