"""What keeps daemons running, as systemd does: who dies is started again, and every death is noted."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.house import until
from tests.e2e.tools import ROOT, ask


@contextlib.contextmanager
def a_zygote(folder: Path) -> Iterator[Path]:
    """Start a zygote; give the socket that it listens on."""
    door = folder / "zygote"
    without = {name.upper() for name in ("http_proxy", "https_proxy", "NOTIFY_SOCKET", "WATCHDOG_USEC")}
    environment = {name: value for name, value in os.environ.items() if name.upper() not in without}
    command = [sys.executable, "-m", "tests.crash.zygote", str(door)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield door
    finally:
        process.communicate(timeout=30)


@dataclass(eq=False)
class Daemon:
    """One that is to run, under whatever process id."""

    config: Path
    port: int
    log: Path
    pid: int = 0  # 0: it is dead
    doomed: bool = False  # it was sent SIGKILL, and nobody has seen it die yet

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def is_ready(self) -> bool:
        """Say whether every part of it is."""
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            async with asyncio.timeout(5):
                return (await ask(f"{self.url}/readyz")).status == 200
        return False

    def said(self) -> str:
        """Give the end of its log."""
        return self.log.read_text()[-4000:] if self.log.exists() else ""


@dataclass(eq=False)
class Supervisor:
    """Runs daemons and starts them again."""

    options: Mapping[str, Any]
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter
    daemons: list[Daemon] = field(default_factory=list)
    kills: int = 0  # daemons that died of SIGKILL
    faults: list[str] = field(default_factory=list)  # daemons that ended in another way
    pause: float = 0.0  # seconds before who died is started again
    _unborn: list[Daemon] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, daemon: Daemon) -> None:
        """Start one, and keep it running."""
        self.daemons.append(daemon)
        self._order(daemon)
        await until(daemon.is_ready, 30)

    def _order(self, daemon: Daemon) -> None:
        order = {"config": str(daemon.config), "log": str(daemon.log), "options": dict(self.options)}
        self._unborn.append(daemon)
        self._writer.write(json.dumps(order).encode() + b"\n")

    async def listen(self) -> None:
        """Hear of births and deaths, until cancelled."""
        while heard := await self._reader.readline():
            told = json.loads(heard)
            if "born" in told:
                daemon = self._unborn.pop(0)
                daemon.pid, daemon.doomed = told["born"], False
            else:
                self._died(told["died"], told["status"])

    def _died(self, pid: int, status: int) -> None:
        daemon = next(one for one in self.daemons if one.pid == pid)
        daemon.pid = 0
        if status == -signal.SIGKILL:
            self.kills += 1
        else:
            self.faults.append(f"a daemon ended with {status}: {daemon.said()}")
        task = asyncio.create_task(self._again(daemon))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _again(self, daemon: Daemon) -> None:
        await asyncio.sleep(self.pause)
        self._order(daemon)

    def kill(self, daemon: Daemon) -> bool:
        """Send SIGKILL; tell whether there was anybody to kill."""
        if not daemon.pid or daemon.doomed:
            return False
        daemon.doomed = True
        os.kill(daemon.pid, signal.SIGKILL)
        return True

    async def ready(self) -> None:
        """Wait until all of them are."""

        async def so() -> bool:
            return all([daemon.pid and await daemon.is_ready() for daemon in self.daemons])

        await until(so, 30)


@contextlib.asynccontextmanager
async def supervised(zygote: Path, options: Mapping[str, Any]) -> AsyncIterator[Supervisor]:
    """Give a supervisor; at the end its daemons are gone."""
    reader, writer = await asyncio.open_unix_connection(str(zygote))
    supervisor = Supervisor(options, reader, writer)
    listening = asyncio.create_task(supervisor.listen())
    try:
        yield supervisor
    finally:
        listening.cancel()
        for task in supervisor._tasks:
            task.cancel()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
