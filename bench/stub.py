"""A light stand-in for Slack and Twilio, in a process of its own: it answers what was asked, after a while.

It is no judge of what it is asked (tests/emulators are); here it must cost as little as it can.

python -m bench.stub PORT [--delay SECONDS] [--stall] [--hold]
--stall: what posts to Slack never gets an answer. --hold: texts to Twilio get theirs only after GET /go.
GET /seen says what was asked.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from bench.processes import free_port, listens, module, running

_WHO = {
    "user_id": "U1",
    "user": "threadline",
    "bot_id": "B1",
    "team_id": "T1",
    "team": "T",
    "url": "http://x/",
}
_LISTS = {"messages": [], "members": [], "channels": [], "has_more": False, "response_metadata": {}}


class _World:
    """What was asked so far."""

    def __init__(self, delay: float, stall: bool, hold: bool) -> None:
        self.delay = delay
        self.stall = stall
        self.go = asyncio.Event()
        if not hold:
            self.go.set()
        self.asked: Counter[str] = Counter()
        self.recipients: Counter[str] = Counter()
        self.times: list[float] = []  # when texts were answered
        self._numbers = itertools.count(1)

    async def answer(self, method: str, target: str, kind: str, body: bytes) -> tuple[int, Any] | None:
        """Give status and JSON; None: never."""
        path = target.partition("?")[0]
        name = path.rpartition("/")[2]
        if path == "/go":
            self.go.set()
            return 200, {}
        if path == "/seen":
            most = max(self.recipients.values(), default=0)
            return 200, {"asked": self.asked, "times": self.times, "most_to_one": most}
        self.asked[name] += 1
        if path.startswith("/2010-04-01/"):
            return await self._twilio(method, body)
        if name == "auth.test":
            return 200, {"ok": True, **_WHO}
        if not name.startswith(("chat.", "reactions.", "conversations.open")):
            return 200, {"ok": True, **_LISTS}
        if self.stall:
            return None
        await asyncio.sleep(self.delay)
        ts = f"1700000000.{next(self._numbers):06d}"
        if kind.startswith("application/json"):
            thread = json.loads(body).get("thread_ts")
        else:
            thread = parse_qs(body.decode()).get("thread_ts", [None])[0]
        message = {"ts": ts, "thread_ts": thread} if thread else {"ts": ts}
        return 200, {"ok": True, "ts": ts, "channel": "C0SUPPORT", "message": message}

    async def _twilio(self, method: str, body: bytes) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"messages": [], "next_page_uri": None}
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.recipients[form["To"]] += 1
        await self.go.wait()
        await asyncio.sleep(self.delay)
        self.times.append(time.monotonic())
        sid = f"SM{next(self._numbers):032x}"
        return 201, {"sid": sid, "status": "queued", "num_segments": "1", "to": form["To"]}


class _Server(asyncio.Protocol):
    """One connection; requests come one after another."""

    def __init__(self, world: _World) -> None:
        self._world = world
        self._seen = b""
        self._transport: Any = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, rest = self._seen.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self._seen = rest[length:]
        method, target, _ = lines[0].split(" ", 2)
        task = asyncio.ensure_future(
            self._answer(method, target, headers.get("content-type", ""), rest[:length])
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, method: str, target: str, kind: str, body: bytes) -> None:
        answered = await self._world.answer(method, target, kind, body)
        if answered is None or self._transport.is_closing():
            return
        status, said = answered
        text = json.dumps(said).encode()
        head = (
            f"HTTP/1.1 {status} OK\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"x-oauth-scopes: chat:write\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        self._transport.write(head.encode() + text)


@contextlib.contextmanager
def stub(delay: float = 0.0, stall: bool = False, hold: bool = False) -> Iterator[int]:
    """Run one; give its port."""
    port = free_port()
    flags = [flag for flag, on in (("--stall", stall), ("--hold", hold)) if on]
    command = module("bench.stub", str(port), "--delay", str(delay), *flags)
    with running(command, lambda: listens(port)):
        yield port


async def _serve(port: int, world: _World) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(world), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


def main() -> None:
    """Listen on 127.0.0.1."""
    parser = argparse.ArgumentParser(prog="python -m bench.stub", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--stall", action="store_true")
    parser.add_argument("--hold", action="store_true")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, _World(given.delay, given.stall, given.hold)))


if __name__ == "__main__":
    main()
