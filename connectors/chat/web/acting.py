"""What staff do on the page: write, change, cancel, press, start. Each becomes one event in the journal."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bridge.model.address import read_number, show
from bridge.model.events import StaffDeleted, StaffEdited, StaffPressed, StaffWrote
from bridge.model.nouns import Media
from bridge.model.text import clean
from bridge.ports import Asker, House, Member
from connectors.chat.web.guard import Guard, Refused, answer, read_json, word
from connectors.chat.web.panels import author
from connectors.chat.web.whispers import Whispers

DESK = "web"
MAX_TEXT = 20_000
MAX_MEDIA = 10
OPENS_WITHIN = 5.0
HINT_SECONDS = 1.0

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_ACTION = re.compile(r"[a-z_]{1,40}\Z")
_MENTION = re.compile(r"\s*@\w")


class Acting:
    """The routes that change something."""

    def __init__(self, house: House, guard: Guard, whispers: Whispers) -> None:
        self._house = house
        self._guard = guard
        self._whispers = whispers

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the routes."""
        staff = self._guard.staff
        message = "/api/threads/{thread}/messages/{ref}"
        return [
            web.post("/api/threads", staff(self.start)),
            web.post("/api/threads/{thread}/messages", staff(self.write)),
            web.patch(message, staff(self.edit)),
            web.delete(message, staff(self.withdraw)),
            web.post("/api/press", staff(self.press)),
            web.post("/api/read", staff(self.read)),
        ]

    async def start(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Start a conversation with a number, and say which thread it has, if it is there in time."""
        said = await read_json(request)
        address = read_number(word(said, "number"), self._house.region)
        if address is None:
            raise Refused(400, "That is not a phone number. Try (555) 010-0199 or +1 555 010 0199.")
        lines = [name for name, _ in self._house.panels.lines(DESK)]
        line = word(said, "line") or next(iter(lines), "")
        if line not in lines:
            raise Refused(400, f"There is no line “{line}”")
        form = {
            "number": address,
            "line": line,
            "text": clean(word(said, "text", MAX_TEXT)).strip(),
            "name": clean(word(said, "name")).strip(),
        }
        heard = self._whispers.count
        await self._put_press(member, said, "new", address, None, None, form)
        opening = asyncio.ensure_future(self._opened(address, line))
        refusing = asyncio.ensure_future(self._whispers.wait(member.id, heard))
        try:
            await asyncio.wait({opening, refusing}, timeout=OPENS_WITHIN, return_when=asyncio.FIRST_COMPLETED)
            if refusing.done():  # or a hint, and the thread is there in a moment
                await asyncio.wait({opening}, timeout=HINT_SECONDS)
            if opening.done():
                return answer({"thread": opening.result()}, 201)
            if refusing.done():
                raise Refused(409, self._whispers.after(member.id, heard)[0].post.body)
            return answer({"thread": None}, 202)
        finally:
            opening.cancel()
            refusing.cancel()

    async def write(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Take what somebody wrote. The same client_id twice is one message."""
        said = await read_json(request)
        text = self._text(said)
        media = await self._attached(said)
        if not text.strip() and not media:
            raise Refused(400, "Write something, or attach a file")
        client_id = word(said, "client_id")
        if not _CLIENT_ID.match(client_id):
            raise Refused(400, "“client_id” must be 8 to 64 letters, digits, - or _")
        now = self._house.now()
        wrote = StaffWrote(
            desk=DESK,
            thread=request.match_info["thread"],
            ref=f"w{client_id}",
            author=author(member),
            text=text,
            at=now,
            order=f"{now:020.6f}",
            media=media,
            starts_with_mention=bool(_MENTION.match(text)),
        )
        await self._house.sink.put([wrote])
        return answer({"ref": wrote.ref}, 201)

    async def edit(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Change the words of a message that is held."""
        ref = request.match_info["ref"]
        text = self._text(await read_json(request))
        if not text.strip():
            raise Refused(400, "Nothing is left of the message. Cancel it instead.")
        if await self._known(ref) != text:
            edited = StaffEdited(
                desk=DESK,
                thread=request.match_info["thread"],
                ref=ref,
                author=author(member),
                text=text,
                at=self._house.now(),
                version=self._house.ids(),
                starts_with_mention=bool(_MENTION.match(text)),
            )
            await self._house.sink.put([edited])
        return answer({"ref": ref})

    async def withdraw(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Cancel a message that is held."""
        ref = request.match_info["ref"]
        await self._known(ref)
        await self._house.sink.put([StaffDeleted(desk=DESK, ref=ref, at=self._house.now())])
        return answer({"ref": ref})

    async def press(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Take the press of a button or menu."""
        said = await read_json(request)
        action = word(said, "action")
        if not _ACTION.match(action):
            raise Refused(400, "“action” must be a word")
        form = said.get("form") or {}
        if not isinstance(form, dict) or len(form) > 30:
            raise Refused(400, "“form” must be an object of texts")
        texts = {clean(str(name))[:100]: clean(word(form, name, MAX_TEXT)) for name in form}
        thread, ref = word(said, "thread") or None, word(said, "ref") or None
        wrong = await self._house.panels.problems(Asker(DESK, author(member), thread, ref), action, texts)
        if wrong:
            return answer({"error": next(iter(wrong.values())), "problems": dict(wrong)}, 422)
        await self._put_press(member, said, action, clean(word(said, "value", 2_000)), thread, ref, texts)
        return answer({}, 201)

    async def read(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Somebody looked at a thread."""
        said = await read_json(request)
        thread = word(said, "thread")
        if not thread:
            raise Refused(400, "“thread” is missing")
        await self._put_press(member, said, "read", "", thread, None, {})
        return answer({}, 201)

    async def _put_press(
        self,
        member: Member,
        said: dict[str, Any],
        action: str,
        value: str,
        thread: str | None,
        ref: str | None,
        form: dict[str, str],
    ) -> None:
        client_id = word(said, "client_id")
        pressed = StaffPressed(
            desk=DESK,
            action=action,
            author=author(member),
            at=self._house.now(),
            delivery=f"{member.id}:{client_id}" if _CLIENT_ID.match(client_id) else self._house.ids(),
            value=value,
            thread=thread,
            ref=ref,
            form=form,
        )
        await self._house.sink.put([pressed])

    async def _opened(self, address: str, line: str) -> str:
        counter = await self._house.inbox.changes(DESK, 0, 0.0)
        names = (address, show(address, self._house.region))
        while True:
            rows = await self._house.inbox.rows(DESK, address, None, 10)
            for found in rows:
                if found.line == line and found.number in names:
                    return found.thread
            counter = await self._house.inbox.changes(DESK, counter, 1.0)

    async def _attached(self, said: dict[str, Any]) -> tuple[Media, ...]:
        ids = said.get("media") or []
        if not isinstance(ids, list) or len(ids) > MAX_MEDIA or not all(isinstance(i, str) for i in ids):
            raise Refused(400, f"“media” must be a list of at most {MAX_MEDIA} ids")
        media = []
        for media_id in ids:
            file = await self._house.inbox.file(media_id)
            if file is None:
                raise Refused(400, "An attached file is not here any more. Please attach it again.")
            media.append(Media(media_id, file.content_type, file.name, len(file.data), f"desk:{DESK}"))
        return tuple(media)

    async def _known(self, ref: str) -> str:
        text = await self._house.sink.last_text(DESK, ref)
        if text is None:
            raise Refused(404, "That message was not written here")
        return text

    def _text(self, said: dict[str, Any]) -> str:
        return clean(word(said, "text", MAX_TEXT))
