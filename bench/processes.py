"""Processes that listen on this machine, for as long as a measurement needs them."""

import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

HOST = "127.0.0.1"
_START = 60.0  # seconds


def free_port(following: int = 0) -> int:
    """Give a port that nobody listens on, nor on so many that follow it.

    Below those that the system hands out to connections, else one of the load's might take it first.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for one in range(port, port + following + 1):
                stack.enter_context(socket.socket()).bind((HOST, one))
            return port


@contextlib.contextmanager
def running(
    command: Sequence[str],
    ready: Callable[[], bool],
    *,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
    stdin: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process until it is not needed any more. ready: asked until it says yes. log: where it writes."""
    with contextlib.ExitStack() as stack:
        said = log or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))) / "log"
        file = stack.enter_context(said.open("wb"))
        env = {**_without_proxies(), **(env or {})}
        process = subprocess.Popen(command, stdin=stdin, stdout=file, stderr=file, env=env)
        try:
            try:
                until(ready, _START, lambda: process.poll() is not None, " ".join(command[:4]))
            except SystemExit as error:
                last = said.read_text(errors="replace").strip().splitlines()[-3:]
                raise SystemExit(f"{error}: {' / '.join(last)}") from None
            yield process
        finally:
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def module(*arguments: str) -> list[str]:
    """Give the command that runs a module of ours."""
    return [sys.executable, "-m", *arguments]


def until(
    condition: Callable[[], bool],
    seconds: float,
    broken: Callable[[], bool] = lambda: False,
    what: str = "it",
    pause: float = 0.01,
) -> None:
    """Wait for a condition; end everything when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        if broken() or time.monotonic() > end:
            raise SystemExit(f"{what} did not come to be ready")
        time.sleep(pause)


def listens(port: int) -> bool:
    """Say whether something listens on a port."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 0.2):
        return True
    return False


def answers(url: str) -> bool:
    """Say whether an address answers 200."""
    with contextlib.suppress(OSError, urllib.error.HTTPError), _open(url) as answer:
        return bool(answer.status == 200)
    return False


def fetch(url: str) -> bytes:
    """Get what an address says."""
    with _open(url) as answer:
        return bytes(answer.read())


def resident(pid: int) -> float:
    """Give the memory that a process holds now, in MB of a million bytes."""
    return _memory(pid, "VmRSS:")


def peak(pid: int) -> float:
    """Give the most memory that a process ever held, in MB."""
    return _memory(pid, "VmHWM:")


def _memory(pid: int, what: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(what)


def _open(url: str):  # type: ignore[no-untyped-def]
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5)


def _without_proxies() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
