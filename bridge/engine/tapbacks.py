"""Tapbacks: find the message on a desk that shows the text which a contact reacted to."""

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.errors import Unreachable
from bridge.model.effects import ShowReaction
from bridge.render.tapbacks import Meant, meant
from bridge.store.tables import messages, post_refs, threads

_LOOKED_AT = 200  # of our texts, the newest: phones react to what is on their screen


class Tapbacks:
    """Finds what is reacted to."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, body: ShowReaction) -> str | None:
        """Give the desk's ref of what shows the text; None where nothing does. Raises Unreachable."""
        try:
            return await self._find(body)
        except (SQLAlchemyError, OSError) as error:
            raise Unreachable("the store does not answer just now") from error

    async def _find(self, body: ShowReaction) -> str | None:
        talk = sa.select(threads.c.conversation_id).where(threads.c.id == body.thread_id).scalar_subquery()
        ours = (
            sa.select(messages.c.id, messages.c.text, messages.c.media, messages.c.desk, messages.c.ref)
            .where(messages.c.conversation_id == talk, messages.c.direction == "out")
            .order_by(messages.c.at.desc(), messages.c.id.desc())
            .limit(_LOOKED_AT)
        )
        async with self._engine.connect() as connection:
            found = {row.id: row for row in await connection.execute(ours)}
            texts = (Meant(row.id, row.text, bool(row.media)) for row in found.values())
            chosen = meant(body.tapback.target, texts)
            if chosen is None:
                return None
            if found[chosen].desk == body.desk and found[chosen].ref is not None:
                return str(found[chosen].ref)
            shown = sa.select(sa.func.min(post_refs.c.ref)).where(
                post_refs.c.thread_id == body.thread_id, post_refs.c.message_id == chosen
            )
            ref: str | None = await connection.scalar(shown)
            return ref
