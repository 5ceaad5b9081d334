"""A load of signed webhooks, prepared beforehand and played over raw sockets by a process of its own.

Closed: each connection waits for its answer before it asks again. Open (`--rate`): requests are due at times
that were drawn beforehand, whatever became of those before, and a latency counts from when its request was
due. So an answer that stalls makes all that were due meanwhile late, as it would in life.

Prints one JSON line.
"""

import argparse
import asyncio
import json
import random
import selectors
import socket
import subprocess
import time
from collections import Counter, deque
from typing import Any

from bench.figure import percentile
from bench.processes import module
from bench.webhooks import TOKEN, person, request

_PATIENCE = 30.0  # seconds without any answer
_OPEN_CONNECTIONS = 128  # for requests that are due while others still wait


class _Connection(asyncio.Protocol):
    """One request at a time; `answered` is told of each answer."""

    def __init__(self, player: "_Player") -> None:
        self._player = player
        self._seen = b""
        self.due = 0.0
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        link = transport.get_extra_info("socket")
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, what: bytes, due: float) -> None:
        self.due = due
        self.transport.write(what)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, found, body = self._seen.partition(b"\r\n\r\n")
        if not found:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) < int(length or 0):
            return
        self._seen = b""
        self._player.answered(self, head[9:12].decode())

    def connection_lost(self, exc: Exception | None) -> None:
        self._player.lost()


class _Player:
    """Plays requests on connections, as soon as one is free and, where times are given, not before them."""

    def __init__(self, requests: list[bytes], times: list[float] | None) -> None:
        self._requests = requests
        self._times = times
        self._next = 0
        self._free: deque[_Connection] = deque()
        self._waiting: deque[tuple[bytes, float]] = deque()  # due, and no connection was free
        self._over = asyncio.Event()
        self.latencies: list[float] = []
        self.late: list[float] = []  # by how much requests were sent after they were due
        self.seen: Counter[str] = Counter()
        self.gone = 0

    async def connect(self, port: int, connections: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, made = await loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)
            self._free.append(made)

    async def play(self) -> float:
        """Play everything; give how many seconds it took."""
        self._start = time.perf_counter()
        if self._times is None:
            for connection in list(self._free):
                self._go_on(connection)
        else:
            self._tick()
        last = -1
        while not self._over.is_set():
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._over.wait()
            except TimeoutError:
                if len(self.latencies) == last:
                    break
                last = len(self.latencies)
        return time.perf_counter() - self._start

    def answered(self, connection: _Connection, status: str) -> None:
        now = time.perf_counter()
        self.latencies.append(now - connection.due)
        self.seen[status] += 1
        if len(self.latencies) == len(self._requests):
            self._over.set()
        elif self._times is None:
            self._go_on(connection)
        elif self._waiting:
            self._send(connection, *self._waiting.popleft())
        else:
            self._free.append(connection)

    def lost(self) -> None:
        self.gone += 1
        self._over.set()

    def _go_on(self, connection: _Connection) -> None:
        if self._next < len(self._requests):
            self._next += 1
            connection.ask(self._requests[self._next - 1], time.perf_counter())

    def _tick(self) -> None:
        """Send what is due."""
        assert self._times is not None
        now = time.perf_counter() - self._start
        while self._next < len(self._times) and self._times[self._next] <= now:
            what, due = self._requests[self._next], self._start + self._times[self._next]
            self._next += 1
            if self._free:
                self._send(self._free.popleft(), what, due)
            else:
                self._waiting.append((what, due))
        if self._next < len(self._times):
            asyncio.get_running_loop().call_later(self._times[self._next] - now, self._tick)

    def _send(self, connection: _Connection, what: bytes, due: float) -> None:
        self.late.append(time.perf_counter() - due)
        connection.ask(what, due)


def arrivals(count: int, rate: float) -> list[float]:
    """Draw when requests are due, in seconds from the start; the same whenever it is asked."""
    drawn, at, times = random.Random(1), 0.0, []
    for _ in range(count):
        at += drawn.expovariate(rate)
        times.append(at)
    return times


async def play_on(
    port: int, connections: int, warm: list[bytes], requests: list[bytes], rate: float
) -> dict[str, Any]:
    """Warm up, play, and say what was seen. rate: of arrivals; 0: closed."""
    if warm:
        before = _Player(warm, None)
        await before.connect(port, 16)
        await before.play()
    player = _Player(requests, arrivals(len(requests), rate) if rate else None)
    await player.connect(port, _OPEN_CONNECTIONS if rate else connections)
    seconds = await player.play()
    found = player.latencies + [_PATIENCE] * (len(requests) - len(player.latencies))
    return {
        "seconds": seconds,
        "rate": len(player.latencies) / seconds,
        "answers": player.seen,
        "unanswered": len(requests) - len(player.latencies),
        "p50": percentile(found, 0.5) * 1000,
        "p99": percentile(found, 0.99) * 1000,
        "worst": max(found) * 1000,
        "late_p99": percentile(player.late, 0.99) * 1000 if player.late else 0.0,
    }


def play(
    port: int,
    count: int,
    first: int,
    *,
    connections: int = 64,
    rate: float = 0.0,
    people: int = 500,
    path: str = "/hooks/main",
    token: str = TOKEN,
    strict: bool = True,
) -> dict[str, Any]:
    """Play webhooks at a port from a process of its own; strict: nothing but 200 will do."""
    warm = min(count // 10, 500)
    numbers = {"port": port, "count": count, "first": first, "connections": connections}
    given = numbers | {"rate": rate, "people": people, "path": path, "token": token, "warm": warm}
    flags = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(module("bench.load", *flags), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    if strict and (found["unanswered"] or set(found["answers"]) != {"200"}):
        raise SystemExit(f"not every answer was 200: {found['answers']}, none: {found['unanswered']}")
    return found


def main() -> None:
    """Prepare, play, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    for name in ("port", "count", "first", "connections", "people", "warm"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--path", required=True)
    parser.add_argument("--token", required=True)
    given = parser.parse_args()
    made = [
        request(given.path, number, person(number % given.people), given.token)
        for number in range(given.first, given.first + given.warm + given.count)
    ]
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())  # epoll rounds times up to a millisecond
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        played = play_on(given.port, given.connections, made[: given.warm], made[given.warm :], given.rate)
        print(json.dumps(runner.run(played)))


if __name__ == "__main__":
    main()
