"""The phone beside the inbox: where a line is simulated, anybody can be the person who texts it."""

from collections.abc import Sequence
from typing import Literal, cast, get_args

from aiohttp import web

from bridge.errors import ConnectorError
from bridge.model.address import read_number, show
from bridge.model.shapes import File
from bridge.model.text import clean
from bridge.ports import Carrier, House, Member
from connectors.chat.web import shown
from connectors.chat.web.files import read_form
from connectors.chat.web.guard import Guard, Refused, answer, read_json, word

Mood = Literal["well", "refuse", "slow", "off"]
SHOWN = 100
MAX_TEXT = 5_000


class Phone:
    """The routes of the simulated phone."""

    def __init__(self, carrier: Carrier, house: House, guard: Guard) -> None:
        self._carrier = carrier
        self._house = house
        self._guard = guard

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the routes."""
        staff = self._guard.staff
        return [
            web.get("/api/phone/{line}/{number}", staff(self.look)),
            web.post("/api/phone/{line}/{number}/text", staff(self.text)),
            web.post("/api/phone/{line}/{number}/mood", staff(self.behave)),
        ]

    async def look(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Give what that phone shows."""
        line, phone = self._held(request)
        entries = await self._house.inbox.phone(line, phone, SHOWN)
        return answer(
            {
                "number": phone,
                "shown": show(phone, self._house.region),
                "mood": self._carrier.mood(line, phone),
                "entries": [shown.entry(entry) for entry in entries],
            }
        )

    async def text(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Text our number from that phone."""
        line, phone = self._held(request)
        files: list[File] = []
        if request.content_type == "multipart/form-data":
            texts, files = await read_form(request)
        else:
            texts = {"text": word(await read_json(request), "text", MAX_TEXT)}
        text = clean(texts.get("text", ""))
        if len(text) > MAX_TEXT:
            raise Refused(400, f"A phone sends at most {MAX_TEXT} characters at once")
        if not text.strip() and not files:
            raise Refused(400, "Write something, or attach a picture")
        try:
            await self._carrier.text(line, phone, text, files)
        except ConnectorError as wrong:
            raise Refused(503, f"The text did not arrive: {wrong.reason}.") from None
        return answer({}, 201)

    async def behave(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Make that phone work, refuse, be slow or be off."""
        line, phone = self._held(request)
        mood = word(await read_json(request), "mood")
        if mood not in get_args(Mood):
            raise Refused(400, f"A phone can be: {', '.join(get_args(Mood))}")
        self._carrier.behave(line, phone, cast("Mood", mood))
        return answer({"mood": mood})

    def _held(self, request: web.Request) -> tuple[str, str]:
        line = request.match_info["line"]
        if line not in dict(self._carrier.lines()):
            raise Refused(404, "That line is not simulated")
        phone = read_number(request.match_info["number"], self._house.region)
        if phone is None:
            raise Refused(400, "That is not a phone number. Try +1 555 010 0199.")
        return line, phone
