"""The network between the simulated lines and the phones that pages hold. Nothing outlives the process."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import orjson

from bridge.errors import BadSignature, Unreachable
from bridge.model.ids import Ids
from bridge.model.shapes import File
from bridge.ports import LineContext, Request, Response
from bridge.render.segments import measure

SIGNATURE = "X-Threadline-Simulator"
JSON = {"Content-Type": "application/json"}
Mood = Literal["well", "refuse", "slow", "off"]


class SimulatedLine(Protocol):
    """What the network must know of a line: its number, and the secret that both sides hold."""

    line: LineContext

    def sign(self, body: bytes) -> str:
        """Sign a body."""

    def verify(self, request: Request) -> None:
        """Raise BadSignature unless the request is signed."""


@dataclass(frozen=True, slots=True)
class _Carried:
    """A text of ours on its way to a phone."""

    sid: str
    message_id: str
    line: str
    to: str
    segments: int


def _carried(sid: str, line: str, said: Mapping[str, Any]) -> _Carried:
    segments = 1 if said["mms"] else measure(said["text"]).parts
    return _Carried(sid, said["id"], line, said["to"], segments)


Intake = Callable[[str, Request], Awaitable[Response]]
Sleep = Callable[[float], Awaitable[None]]


class SimulatedCarrier:
    """It is a Transport for "simulator:" addresses, and the Carrier of the web inbox.

    intake is what POST /hooks/{line} calls. A phone that is switched on again gets what waited for it.
    """

    KEPT_MEDIA = 100  # pictures that wait to be fetched
    PATIENCE = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between tries to report

    def __init__(
        self,
        lines: Mapping[str, SimulatedLine],
        intake: Intake,
        now: Callable[[], float],
        ids: Ids,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._lines = lines
        self._intake = intake
        self._now = now
        self._ids = ids
        self._sleep = sleep
        self._moods: dict[tuple[str, str], Mood] = {}
        self._carried: OrderedDict[str, _Carried] = OrderedDict()
        self._waiting: dict[tuple[str, str], list[_Carried]] = {}
        self._untaken: dict[str, deque[dict[str, Any]]] = {name: deque(maxlen=100) for name in lines}
        self._media: OrderedDict[str, File] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- the Carrier of a page ----

    def lines(self) -> Sequence[tuple[str, str]]:
        """Give the name and number of every simulated line."""
        return tuple((name, provider.line.number) for name, provider in self._lines.items())

    async def text(self, line: str, sender: str, text: str, files: Sequence[File]) -> None:
        """Text one of our numbers from that phone. Returns once the text is committed."""
        said = {
            "type": "text",
            "id": self._ids(),
            "from": sender,
            "text": text,
            "at": self._now(),
            "segments": measure(text).parts,
            "media": [self._keep(file) for file in files],
        }
        response = await self._tell(line, said)
        if response.status >= 500:
            self._untaken[line].append(said)
        if response.status >= 300:
            raise Unreachable(f"threadline did not take the text (it answered {response.status})")

    def behave(self, line: str, phone: str, mood: Mood) -> None:
        """Make that phone take what is sent to it, refuse it, take it slowly, or be switched off."""
        self._moods[line, phone] = mood
        if mood != "off":
            for carried in self._waiting.pop((line, phone), ()):
                self._begin(self._arrive(carried))

    def mood(self, line: str, phone: str) -> Mood:
        """Say how that phone behaves now."""
        return self._moods.get((line, phone), "well")

    async def close(self) -> None:
        """Let go of what is on its way."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # ---- the Transport of the providers ----

    async def __call__(self, request: Request) -> Response:
        """Answer a request of a simulated provider."""
        what, _, which = request.url.removeprefix("simulator:").partition("/")
        if what == "messages":
            return self._take(request) if request.method == "POST" else self._show(which)
        if what == "missed" and which in self._untaken:
            return Response(200, {"content-type": "application/json"}, orjson.dumps([*self._untaken[which]]))
        if what == "media" and (file := self._media.pop(which, None)):
            return Response(200, {"content-type": file.content_type}, file.data)
        return Response(404)

    def _take(self, request: Request) -> Response:
        said = orjson.loads(request.body)
        line = next((name for name, p in self._lines.items() if p.line.number == said["from"]), None)
        if line is None:
            reason = "That number is not one of the simulated lines"
            return Response(400, body=orjson.dumps({"code": "unknown_line", "reason": reason}))
        try:
            self._lines[line].verify(request)
        except BadSignature:
            return Response(400, body=orjson.dumps({"code": "unsigned", "reason": "The secret does not fit"}))
        if said["id"] not in self._carried:
            carried = self._carried[said["id"]] = _carried(f"sim-{self._ids()}", line, said)
            while len(self._carried) > 10_000:
                self._carried.popitem(last=False)
            self._begin(self._carry(carried))
        return self._show(said["id"], 201)

    def _show(self, message_id: str, status: int = 200) -> Response:
        carried = self._carried.get(message_id)
        if carried is None:
            return Response(404)
        return Response(status, body=orjson.dumps({"sid": carried.sid, "segments": carried.segments}))

    async def _carry(self, carried: _Carried) -> None:
        await self._sleep(0.4)
        if self.mood(carried.line, carried.to) == "refuse":
            await self._report(carried, "failed", "refused", "The phone refused the message")
            return
        await self._report(carried, "sent")
        await self._arrive(carried)

    async def _arrive(self, carried: _Carried) -> None:
        await self._sleep(8.0 if self.mood(carried.line, carried.to) == "slow" else 0.8)
        if self.mood(carried.line, carried.to) == "off":
            self._waiting.setdefault((carried.line, carried.to), []).append(carried)
        else:
            await self._report(carried, "delivered")

    async def _report(self, carried: _Carried, state: str, code: str = "", reason: str = "") -> None:
        said = {
            "type": "report",
            "id": carried.sid,
            "message_id": carried.message_id,
            "to": carried.to,
            "state": state,
            "at": self._now(),
            "code": code or None,
            "reason": reason or None,
        }
        for pause in (*self.PATIENCE, None):
            if (await self._tell(carried.line, said)).status < 500 or pause is None:
                return
            await self._sleep(pause)

    async def _tell(self, line: str, said: Mapping[str, Any]) -> Response:
        body = orjson.dumps(said)
        headers = {**JSON, SIGNATURE: self._lines[line].sign(body)}
        return await self._intake(line, Request("POST", f"simulator:hooks/{line}", headers, body))

    def _keep(self, file: File) -> dict[str, object]:
        name = self._ids()
        self._media[name] = file
        while len(self._media) > self.KEPT_MEDIA:
            self._media.popitem(last=False)
        return {
            "url": f"simulator:media/{name}",
            "type": file.content_type,
            "name": file.name,
            "size": len(file.data),
        }

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
