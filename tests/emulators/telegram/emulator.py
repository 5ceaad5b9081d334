"""Telegram's Bot API on 127.0.0.1: HTTP in front of the emulated world, strict about every call."""

from __future__ import annotations

import re
import secrets
from typing import Any

from aiohttp import web

from ..misbehave import Kind, MisbehavingServer, Misbehaviour
from .call import Call, Method, read_call
from .chats import Chats
from .editing import Editing, Press
from .errors import Refusal, too_many, wrong
from .people import People
from .sending import Sending
from .spec import specification
from .state import Chat, Message, Person
from .transcript import transcript
from .updates import Update, UpdateQueue
from .world import World


class TelegramEmulator(People, MisbehavingServer):
    """`async with TelegramEmulator() as tg:` then give `tg.api_url` and `tg.bot_token` to the bot.

    There is a forum group `tg.group` from the start, with the bot as administrator. Everything wrong with
    the bot's calls, against the published interface, is collected in `tg.violations`: end tests with
    `assert not tg.violations`.
    """

    def __init__(
        self, port: int = 0, *, bot_username: str = "threadline_bot", bot_token: str | None = None
    ) -> None:
        MisbehavingServer.__init__(self, port)
        People.__init__(self)
        bot_id = int(bot_token.partition(":")[0]) if bot_token else 7_100_000_001
        self.bot = Person(bot_id, "threadline", username=bot_username, is_bot=True)
        self.bot_token = bot_token or f"{bot_id}:AAE{secrets.token_urlsafe(24)}"
        self.updates = UpdateQueue(lambda: self.client, self._actual, self._spawn)
        self.world = World(self.bot, self.updates)
        self.calls: list[Call] = []
        self._violations: list[str] = []
        self._editing = Editing(self.world)
        self._chats = Chats(self.world)
        sending = Sending(self.world, lambda: self.client)
        self._methods: dict[str, Method] = sending.methods() | self._editing.methods() | self._chats.methods()
        self.group: Chat = self.add_group("Support")

    # -- what tests look at ----------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        return self.url

    @property
    def violations(self) -> list[str]:
        """Calls that no correct client makes."""
        return self._violations + self.updates.violations

    @property
    def commands(self) -> dict[str, list[dict[str, Any]]]:
        """Commands set by the bot, by scope."""
        return self._chats.commands

    @property
    def presses(self) -> list[Press]:
        return list(self._editing.presses.values())

    def calls_to(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def messages(
        self, chat: Chat | int | None = None, topic: Any = None, *, everywhere: bool = False
    ) -> list[Message]:
        """Messages people can see, without service messages: of General, of one topic, or everywhere."""
        place = self.chat(chat) if chat is not None else self.group
        found = list(place.messages.values()) if everywhere else place.in_topic(self.topic(place, topic))
        return [message for message in found if not message.service]

    def transcript(self, chat: Chat | int | None = None, *, ids: bool = False) -> str:
        place = self.chat(chat) if chat is not None else self.group
        return transcript(place, self.world.people, ids=ids)

    def _describe(self) -> str:
        shown = [transcript(chat, self.world.people, ids=True) for chat in self.world.chats.values()]
        return "\n\n".join([*shown, *self.violations])

    # -- how Telegram is to behave ---------------------------------------------------------------------

    @property
    def enforce_budget(self) -> bool:
        return self.world.budget.enforced

    @enforce_budget.setter
    def enforce_budget(self, enforced: bool) -> None:
        self.world.budget.enforced = enforced

    def set_budget(self, limit: int, seconds: float) -> None:
        """Another budget than 20 in 60 s, so that tests need not wait a minute."""
        self.world.budget.limit, self.world.budget.seconds = limit, seconds
        self.world.budget.enforced = True

    def repeat_updates(self, last: int = 1) -> list[Update]:
        """Deliver the last updates once more with their old ids, even when they were confirmed."""
        return self.updates.repeat(last)

    def hold_updates(self) -> None:
        self.updates.hold()

    def release_updates(self, *, backwards: bool = False) -> None:
        self.updates.release(backwards=backwards)

    # -- HTTP ------------------------------------------------------------------------------------------

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/file/bot{token}/{path:.+}", self._download),
            web.route("*", "/bot{token}/{method}", self._answer),
        ]

    def _call_name(self, request: web.Request) -> str:
        return self._method_name(request.match_info.get("method", "file"))

    @staticmethod
    def _method_name(given: str) -> str:
        """Method names are not case-sensitive."""
        known = {name.lower(): name for name in specification().methods}
        return known.get(given.lower(), given)

    def _fault_response(self, fault: Misbehaviour) -> web.Response:
        if fault.kind is Kind.RATE_LIMIT:
            return too_many(fault.seconds).response()
        return Refusal(fault.status, "Internal Server Error").response()

    async def _on_up(self) -> None:
        self.updates.pump()

    async def _on_down(self) -> None:
        self.updates.pause()

    async def _answer(self, request: web.Request) -> web.Response:
        call = Call(self._method_name(request.match_info["method"]), {})
        try:
            self._check_token(request)
            self._known(call.method)
            call = await read_call(call.method, request)
            result = await self._carry_out(call)
        except Refusal as refusal:
            call.answer = refusal.description
            if refusal.violation:
                self._violations.append(f"{call.method}: {refusal.description}")
            return refusal.response()
        call.answer = "ok"
        return web.json_response({"ok": True, "result": result})

    async def _carry_out(self, call: Call) -> Any:
        self.calls.append(call)
        if call.problems:
            raise wrong("; ".join(call.problems))
        try:
            return await self._methods[call.method](call)
        except KeyError as missing:
            raise wrong(f"parameter {missing} is needed here") from missing

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not re.fullmatch(r"\d+:[\w-]{20,}", token):
            raise Refusal(404, "Not Found")
        if token != self.bot_token:
            raise Refusal(401, "Unauthorized")

    def _known(self, method: str) -> None:
        if method in self._methods:
            return
        if method in specification().methods:
            raise wrong(f"this emulator does not have {method} yet")
        raise Refusal(404, "Not Found", violation=True)

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.bot_token:
            return Refusal(401, "Unauthorized").response()
        path = request.match_info["path"]
        stored = next((one for one in self.world.files.values() if one.path == path), None)
        if stored is None:
            return Refusal(404, "Not Found").response()
        # Telegram serves every file as an unnamed stream of bytes.
        return web.Response(body=stored.content, content_type="application/octet-stream")
