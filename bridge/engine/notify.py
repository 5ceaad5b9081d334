"""Notify: a colleague is told by e-mail or text of everything that waits for them in one lane."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bridge.engine.http import drive
from bridge.engine.lines import LineOut
from bridge.errors import Rejected, Unreachable
from bridge.model.effects import Notify
from bridge.model.text import shorten
from bridge.ports import ChatPlatform, OutboundSms
from bridge.render import words
from bridge.store.tables import contacts, conversations, threads


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, to: str, subject: str, text: str, key: str) -> None:
        """Send one. Raises Rejected, Unusable or Unreachable."""


class Notifier:
    """Sends notifications."""

    def __init__(
        self,
        engine: AsyncEngine,
        mailer: Mailer | None,
        platforms: Mapping[str, ChatPlatform],
        organisation: str,
    ) -> None:
        """platforms: by name, for links to threads."""
        self._engine = engine
        self._mailer = mailer
        self._platforms = platforms
        self._organisation = organisation

    async def send(self, bodies: Sequence[Notify], key: str, line: LineOut) -> None:
        """Tell of all that still waits for an answer; of nothing where somebody answered all of it.

        Raises the errors of bridge.errors.
        """
        try:
            waiting, refs, gone = await self._look(bodies)
        except (SQLAlchemyError, OSError) as error:
            raise Unreachable("the store does not answer just now") from error
        still = [one for one in bodies if not one.conversation_id or one.conversation_id in waiting]
        if not still or (bodies[0].channel == "sms" and gone):
            return
        first = bodies[0]
        if first.channel == "sms":
            text = self._short(still, refs)
            ours = f"n{hashlib.sha256(key.encode()).hexdigest()[:24]}"
            sms = OutboundSms(ours, line.number, first.to, text)
            await drive(line.provider.send(sms), line.transport)
            return
        if self._mailer is None:
            raise Rejected("no mail server is configured")
        people = len({one.conversation_id for one in still})
        subject = (
            words.MAIL_SUBJECT.format(who=still[0].who)
            if people == 1
            else words.MAIL_SUBJECT_MANY.format(count=people)
        )
        await self._mailer.send(first.to, f"{self._organisation}: {subject}", self._long(still, refs), key)

    async def _look(self, bodies: Sequence[Notify]) -> tuple[set[str], dict[str, str], bool]:
        """Give who still waits, what the desk calls the threads, and whether the phone opted out."""
        talks = [one.conversation_id for one in bodies]
        named = [one.thread_id for one in bodies]
        async with self._engine.connect() as connection:
            waits = await connection.scalars(
                sa.select(conversations.c.id).where(
                    conversations.c.id.in_(talks), conversations.c.waiting_since.is_not(None)
                )
            )
            waiting = set(waits.all())
            found = await connection.execute(
                sa.select(threads.c.id, threads.c.ref).where(
                    threads.c.id.in_(named), threads.c.ref.is_not(None)
                )
            )
            refs = {row.id: row.ref for row in found}
            gone = await connection.scalar(
                sa.select(contacts.c.opted_out_at).where(contacts.c.address == bodies[0].to)
            )
        return waiting, refs, gone is not None

    def _link(self, one: Notify, refs: Mapping[str, str]) -> str:
        platform = self._platforms.get(one.desk.partition(".")[0])
        ref = refs.get(one.thread_id)
        return platform.link(one.desk, ref) if platform is not None and ref else ""

    def _long(self, bodies: Sequence[Notify], refs: Mapping[str, str]) -> str:
        parts = [f"{one.who}:\n{one.text}\n{self._link(one, refs)}".rstrip() for one in bodies]
        return "\n\n".join((*parts, words.MAIL_FOOT))

    def _short(self, bodies: Sequence[Notify], refs: Mapping[str, str]) -> str:
        """One text that costs one credit, as far as words and link go: names and numbers, no secrets."""
        people = list(dict.fromkeys(one.who for one in bodies))
        if len(people) > 1:
            return words.SMS_MANY.format(count=len(people), organisation=self._organisation)
        text = words.SMS_ONE.format(who=people[0], organisation=self._organisation)
        link = self._link(bodies[0], refs)
        return f"{shorten(text, 150 - len(link))} {link}".strip()
