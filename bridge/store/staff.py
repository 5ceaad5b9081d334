"""Who may sign in to the web inbox. Links and sessions are kept as hashes: a copied database opens
nothing."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.model.ids import make_id
from bridge.ports import Member
from bridge.store.tables import sessions, staff
from bridge.store.transactions import writing

Role = Literal["agent", "admin"]

LINK_SECONDS = 24 * 3600.0
SESSION_SECONDS = 30 * 24 * 3600.0


class NoSuchMember(LookupError):
    """Nobody of that name may sign in."""


class NameTaken(ValueError):
    """Somebody of that name may sign in already."""


class Staff:
    """The accounts of the web inbox (bridge.ports.Accounts), and what the operator does with them."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], float]) -> None:
        """now: Unix seconds."""
        self._engine = engine
        self._now = now

    async def add(self, name: str, role: Role) -> str:
        """Let somebody in; give the token of their one-time link, good for a day. Raises NameTaken."""
        token, now = secrets.token_urlsafe(32), self._now()
        row = {
            "id": make_id(now, secrets.randbits(80)),
            "name": name,
            "role": role,
            "link_hash": _hash(token),
            "link_until": now + LINK_SECONDS,
            "created_at": now,
        }
        try:
            async with writing(self._engine) as connection:
                await connection.execute(sa.insert(staff).values(row))
        except IntegrityError as error:
            raise NameTaken(f'"{name}" may sign in already; say --again for a new link') from error
        return token

    async def link(self, name: str) -> str:
        """Give a new one-time link to somebody who is there; an older one is void. Raises NoSuchMember."""
        token = secrets.token_urlsafe(32)
        await self._set(name, link_hash=_hash(token), link_until=self._now() + LINK_SECONDS)
        return token

    async def all(self) -> list[dict[str, Any]]:
        """Give name, role, sessions (open now), link_until (None: used or void) and created_at."""
        now = self._now()
        signed_in = (
            sa.select(sa.func.count())
            .where(sessions.c.staff_id == staff.c.id, sessions.c.until > now)
            .scalar_subquery()
        )
        chosen = sa.select(
            staff.c.name,
            staff.c.role,
            signed_in.label("sessions"),
            sa.case((staff.c.link_until > now, staff.c.link_until)).label("link_until"),
            staff.c.created_at,
        ).order_by(staff.c.name)
        async with self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(chosen)).mappings()]

    async def remove(self, name: str) -> None:
        """Let somebody in no more; their sessions end at once. Raises NoSuchMember."""
        async with writing(self._engine) as connection:
            theirs = sa.select(staff.c.id).where(staff.c.name == name).scalar_subquery()
            await connection.execute(sa.delete(sessions).where(sessions.c.staff_id == theirs))
            gone = await connection.execute(sa.delete(staff).where(staff.c.name == name))
            if not gone.rowcount:
                raise NoSuchMember(f'nobody called "{name}" may sign in')

    async def set_role(self, name: str, role: Role) -> None:
        """Change what somebody may do, in their open sessions too. Raises NoSuchMember."""
        await self._set(name, role=role)

    async def _set(self, name: str, **values: Any) -> None:
        async with writing(self._engine) as connection:
            done = await connection.execute(sa.update(staff).where(staff.c.name == name).values(values))
            if not done.rowcount:
                raise NoSuchMember(f'nobody called "{name}" may sign in')

    async def redeem(self, token: str) -> str | None:
        """Trade a one-time token for a session's secret; None where it is used, old or unknown."""
        now, secret = self._now(), secrets.token_urlsafe(32)
        async with writing(self._engine) as connection:
            taken = await connection.execute(
                sa.update(staff)
                .where(staff.c.link_hash == _hash(token), staff.c.link_until > now)
                .values(link_hash=None, link_until=None)
                .returning(staff.c.id)
            )
            member = taken.scalar()
            if member is None:
                return None
            await connection.execute(sa.delete(sessions).where(sessions.c.until <= now))
            await connection.execute(
                sa.insert(sessions).values(
                    secret_hash=_hash(secret),
                    staff_id=member,
                    until=now + SESSION_SECONDS,
                    created_at=now,
                )
            )
        return secret

    async def who(self, session: str) -> Member | None:
        """Give whose session this is; None when it ended."""
        chosen = (
            sa.select(staff.c.id, staff.c.name, staff.c.role)
            .join(sessions, sessions.c.staff_id == staff.c.id)
            .where(sessions.c.secret_hash == _hash(session), sessions.c.until > self._now())
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(chosen)).one_or_none()
        return Member(row.id, row.name, row.role) if row else None

    async def sign_out(self, session: str) -> None:
        """End a session."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.delete(sessions).where(sessions.c.secret_hash == _hash(session)))


def _hash(secret: str) -> str:
    """Hash a random secret. It has 256 bits of its own: no salt and no slow hash are needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
