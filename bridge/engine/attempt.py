"""Attempt: one claimed effect is tried once, and what came of it is put into the words of Settled.

The only place that catches connectors' errors on the way out.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, cast

from bridge.engine import settling
from bridge.engine.bulletins import Bulletins
from bridge.engine.files import Files
from bridge.engine.http import drive
from bridge.engine.lines import LineOut
from bridge.engine.notify import Notifier
from bridge.engine.outages import Outages
from bridge.engine.settling import Result
from bridge.engine.tapbacks import Tapbacks
from bridge.errors import ConnectorError, Gone, Rejected, Throttled, Unreachable, Unsure, Unusable
from bridge.model import effects as fx
from bridge.model.shapes import File, Post
from bridge.ports import ChatPlatform, OutboundSms, PostingPlatform, ReactingPlatform, Sent
from bridge.render import words
from bridge.render.merge import merged
from bridge.store.claim import Claimed
from bridge.store.settle import Settled

LEASE = 120.0  # seconds; a claim must be settled within
_TIMEOUT = 100.0
_FILE_TRIES = 5
_FAULT_TRIES = 8


class _Fault(Unsure):
    """The connector itself is broken, at least for this effect."""


class _NotYet(Unreachable):
    """Something of ours is missing still. Says nothing about the desk or line that it is for."""


class Attempts:
    """Tries claimed effects."""

    def __init__(
        self,
        lines: Mapping[str, LineOut],
        platforms: Mapping[str, ChatPlatform],
        files: Files,
        public_url: str,
        now: Callable[[], float],
        notifier: Notifier,
        tapbacks: Tapbacks,
        bulletins: Bulletins,
    ) -> None:
        """platforms: by name; a desk belongs to the platform that its name begins with."""
        self._lines = lines
        self._platforms = platforms
        self._files = files
        self._public_url = public_url.rstrip("/")
        self._now = now
        self._notifier = notifier
        self._tapbacks = tapbacks
        self._bulletins = bulletins
        self._outages = Outages(now)

    async def __call__(self, claim: Claimed) -> Settled:
        """Try it, or look whether an earlier try went through. Never raises."""
        error: ConnectorError
        try:
            async with asyncio.timeout(_TIMEOUT):
                return self._outages.after(await self._try(claim), None)
        except ConnectorError as raised:
            error = raised
        except TimeoutError:
            error = Unsure("it took too long")
        except Exception as fault:
            error = _Fault(f"a fault in the connector ({type(fault).__name__})")
        settled = self._failed(claim, error)
        return self._outages.after(settled, None if isinstance(error, _NotYet | _Fault) else error)

    async def _try(self, claim: Claimed) -> Settled:
        if self._now() - claim.claimed_at > LEASE:  # this machine slept meanwhile: others may be at it
            raise _NotYet("its lease ran out before it was tried")
        if claim.refused and not claim.doubtful:
            return settling.refused(claim, self._now())
        if claim.doubtful and (claim.refused or not self._may_repeat(claim)):
            looked = await self._look(claim)
            return (
                settling.refused(claim, self._now()) if claim.refused and looked.state == "open" else looked
            )
        return settling.done(claim, await self._perform(claim), self._now())

    def _failed(self, claim: Claimed, error: ConnectorError) -> Settled:
        body = claim.effect.body
        if isinstance(error, _Fault) and claim.attempts >= _FAULT_TRIES:  # its lane must go on one day
            state: Literal["failed", "unsure"] = (
                "failed" if isinstance(body, settling.REPEATABLE) else "unsure"
            )
            return settling.final(claim, state, self._now(), f"{error.reason}, again and again")
        if isinstance(error, Unsure):
            if self._can_look(body):
                return settling.to_be_looked_for(claim, error, self._now())
            if self._may_repeat(claim):
                return settling.to_be_repeated(claim, error, self._now())
        return settling.failed(claim, error, self._now())

    # ---- doing it ----------------------------------------------------------------------------------

    async def _perform(self, claim: Claimed) -> Result:
        match claim.effect.body:
            case fx.SendSms() as body:
                line = self._line(body.line)
                sent = await drive(line.provider.send(await self._sms(claim, body, line)), line.transport)
                return Result((sent.provider_id,), sent.segments)
            case fx.OpenThread() as body:
                ref = await self._posting(body.desk).open_thread(body.desk, body.card, claim.effect.key)
                return Result((ref,))
            case fx.PostToThread() as body:
                post, files = await self._with_files(claim, body)
                platform, thread = self._posting(body.desk), self._thread(claim)
                return Result(await platform.post(body.desk, thread, post, files, claim.effect.key))
            case fx.EditPost() as body:
                await self._posting(body.desk).edit_post(body.desk, self._thread(claim), body.ref, body.post)
            case fx.UpdateCard() as body:
                await self._posting(body.desk).update_card(body.desk, self._thread(claim), body.card)
            case fx.MarkMessage() as body:
                await self._posting(body.desk).mark(body.desk, body.thread, body.ref, body.mark)
            case fx.ShowReaction() as body:
                await self._react(body)
            case fx.ShowBulletin() as body:
                await self._bulletins.show(claim, body, self._posting(body.desk))
            case fx.TellPrivately() as body:
                teller = self._platform(body.desk)
                await teller.tell(body.desk, body.thread, body.person, body.post, body.ref)
            case fx.RemoveThread() as body:
                if claim.thread_ref is not None:
                    await self._posting(body.desk).remove_thread(body.desk, claim.thread_ref, body.card)
            case body:
                await self._beside(claim, body)
        return Result()

    async def _react(self, body: fx.ShowReaction) -> None:
        """Find what the tapback means, and show it there; a text that no message shows gets none."""
        with _nothing_left_yet():
            ref = await self._tapbacks.find(body)
        if ref is not None:
            tapback = body.tapback
            platform = cast("ReactingPlatform", self._posting(body.desk))
            await platform.react(body.desk, ref, tapback.emoji, tapback.removed)

    async def _beside(self, claim: Claimed, body: fx.Body) -> None:
        """Do what concerns no desk."""
        match body:
            case fx.Notify():
                bodies = [e.body for e in (claim.effect, *claim.merged) if isinstance(e.body, fx.Notify)]
                await self._notifier.send(bodies, claim.effect.key, self._line(body.line))
            case fx.Erase():
                await self._files.erase(body.contact_id, body.by)
            case fx.FetchMedia():
                for one in body.media:
                    await self._files.ensure(one)

    async def _sms(self, claim: Claimed, body: fx.SendSms, line: LineOut) -> OutboundSms:
        urls = []
        with _nothing_left_yet():
            ids = await self._files.fitted(body.media, line.provider.traits) if body.media else []
            urls += [await self._files.link(id_, self._public_url) for id_ in ids]
        status = (
            f"{self._public_url}/hooks/{body.line}/status?id={body.message_id}" if self._public_url else ""
        )
        return OutboundSms(
            id=body.message_id,
            sender=line.number,
            to=body.to,
            text=body.text,
            media_urls=tuple(urls),
            as_mms=body.as_mms,
            status_url=status,
            first_tried_at=claim.first_tried_at,
        )

    async def _with_files(self, claim: Claimed, body: fx.PostToThread) -> tuple[Post, Sequence[File]]:
        """Give the post (merged where several go together) with its files; one that may stand there already
        says so.

        A file that cannot be fetched is waited for, then the words go without it and say so.
        """
        posts = [e.body.post for e in (claim.effect, *claim.merged) if isinstance(e.body, fx.PostToThread)]
        post = merged(posts)
        if claim.doubtful:  # nobody could say whether it stands there
            post = replace(post, foot=_join(words.MAY_BE_MISSING_TEXT, post.foot))
        if not body.post.media:
            return post, ()
        with _nothing_left_yet():
            known = await self._files.of_messages(body.message_ids)
        files: list[File] = []
        for media in (known[media_id] for media_id in body.post.media if media_id in known):
            try:
                with _nothing_left_yet():
                    files.append(await self._files.ensure(media))
            except (Rejected, Unreachable) as error:
                if isinstance(error, Unreachable) and claim.attempts < _FILE_TRIES:
                    raise
                missing = f"A picture could not be fetched: {error.reason}."
                post = replace(post, foot=_join(post.foot, missing))
        return post, files

    # ---- finding out ---------------------------------------------------------------------------------

    def _may_repeat(self, claim: Claimed) -> bool:
        """Say whether doing it again can do no harm, or whether a second one is the lesser evil."""
        body = claim.effect.body
        if isinstance(body, fx.SendSms):
            return self._line(body.line).provider.traits.resend_is_safe
        if isinstance(body, settling.REPEATABLE):
            return True
        traits = self._platform(body.desk).traits
        # an empty second topic, or words that say that they may be there twice, harm less than unread texts
        return not traits.can_find

    async def _look(self, claim: Claimed) -> Settled:
        """Find out whether it went out. After the last look, what is not there surely did not."""
        try:
            return await self._find(claim)
        except (Rejected, Unsure) as error:  # of the search, not of what is searched for
            raise Unreachable(f"looking for it failed: {error.reason}") from error

    async def _find(self, claim: Claimed) -> Settled:
        body, key, since = claim.effect.body, claim.effect.key, claim.first_tried_at - 60
        found: Result | None = None
        if isinstance(body, fx.SendSms):
            line = self._line(body.line)
            if not line.provider.traits.can_find:
                return settling.final(
                    claim, "unsure", self._now(), "The provider cannot tell whether it went out."
                )
            search = line.provider.find(await self._sms(claim, replace(body, media=()), line))
            sent: Sent | None = await drive(search, line.transport)
            found = Result((sent.provider_id,), sent.segments) if sent else None
        elif isinstance(body, fx.OpenThread | fx.PostToThread):
            platform = self._posting(body.desk)
            thread = self._thread(claim) if isinstance(body, fx.PostToThread) else None
            ref = await platform.find(body.desk, thread, key, since)
            found = Result((ref,)) if ref else None
        if found is not None:
            return settling.done(claim, found, self._now())
        return settling.not_found(claim, self._now())

    def _can_look(self, body: fx.Body) -> bool:
        if isinstance(body, fx.SendSms):
            return self._line(body.line).provider.traits.can_find
        if isinstance(body, fx.OpenThread | fx.PostToThread):
            return self._platform(body.desk).traits.can_find
        return False

    # ---- who does it -------------------------------------------------------------------------------------

    def _line(self, name: str) -> LineOut:
        if name not in self._lines:
            raise Unusable(f"the line {name} is no longer in the configuration")
        return self._lines[name]

    def _platform(self, desk: str) -> ChatPlatform:
        platform = self._platforms.get(desk.partition(".")[0])
        if platform is None:
            raise Unusable(f"the desk {desk} is no longer in the configuration")
        return platform

    def _posting(self, desk: str) -> PostingPlatform:
        platform = self._platform(desk)
        if platform.traits.draws_itself:
            raise Rejected(f"nothing can be posted to the desk {desk}: it draws itself")
        return cast("PostingPlatform", platform)

    def _thread(self, claim: Claimed) -> str:
        if claim.thread_lost:
            raise Gone("its thread could not be opened")
        if claim.thread_ref is None:
            raise _NotYet("its thread is not open yet")
        return claim.thread_ref


@contextlib.contextmanager
def _nothing_left_yet() -> Iterator[None]:
    """Fetch what is to go along: whatever fails here, nothing was sent or posted.

    It also says nothing about the line or desk that is to take it: no meter closes for a file.
    """
    try:
        yield
    except Unusable as error:
        raise Rejected(error.reason, error.code) from error
    except (Throttled, Unsure, Unreachable) as error:
        raise _NotYet(error.reason, error.code) from error
    except ConnectorError:
        raise
    except Exception as error:
        raise _NotYet(f"a fault while fetching a file ({type(error).__name__})") from error


def _join(before: str, more: str) -> str:
    return f"{before} {more}".strip()
