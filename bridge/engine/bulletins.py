"""Bulletins: find where one stands on its desk, and keep it up to date there."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.engine.files import Files
from bridge.errors import Gone, Unreachable
from bridge.model.effects import ShowBulletin
from bridge.ports import PostingPlatform
from bridge.store.claim import Claimed
from bridge.store.tables import bulletins


class Bulletins:
    """Shows them."""

    def __init__(self, engine: AsyncEngine, files: Files) -> None:
        self._engine = engine
        self._files = files

    async def show(self, claim: Claimed, body: ShowBulletin, platform: PostingPlatform) -> None:
        """Post it, or change the post that shows it. One that was deleted by hand stays deleted."""
        ref = await self._ref(body.bulletin_id)
        if ref is None and claim.doubtful and platform.traits.can_find:
            since = claim.first_tried_at - 60
            ref = await platform.find(body.desk, None, claim.effect.key, since)
        if ref is not None:
            await self._change(body, ref, platform)
        else:
            ref = await self._post(claim, body, platform)
        await self._keep(body.bulletin_id, ref)

    async def _change(self, body: ShowBulletin, ref: str, platform: PostingPlatform) -> None:
        try:
            await platform.edit_post(body.desk, "", ref, replace(body.post, media=()))
        except Gone:
            return

    async def _post(self, claim: Claimed, body: ShowBulletin, platform: PostingPlatform) -> str:
        found = [await self._files.stored(one) for one in body.post.media]
        files = [file for file in found if file is not None]
        return (await platform.post(body.desk, None, body.post, files, claim.effect.key))[0]

    async def _ref(self, bulletin_id: str) -> str | None:
        asked = sa.select(bulletins.c.ref).where(bulletins.c.id == bulletin_id)
        try:
            async with self._engine.connect() as connection:
                ref: str | None = await connection.scalar(asked)
                return ref
        except (SQLAlchemyError, OSError) as error:
            raise Unreachable("the store does not answer just now") from error

    async def _keep(self, bulletin_id: str, ref: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.update(bulletins).where(bulletins.c.id == bulletin_id).values(ref=ref)
            )
