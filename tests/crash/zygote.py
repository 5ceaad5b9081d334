"""A process that has imported everything and forks daemons: real ones, which start in a fraction of a second.

It has one thread and no event loop, so that what it forks is as if it had been started afresh. It listens on
a Unix socket, a JSON object a line: `{"config": …, "log": …, "options": {…}}` is answered by `{"born": pid}`,
and a death is told as `{"died": pid, "status": …}`, with a signal as a negative number. When whoever asked
hangs up, what was born for them is killed.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import Any

_HEAVY = (
    "bridge.cli",
    "bridge.run",
    "alembic.command",
    "aiosqlite",
    "asyncpg",
    "slack_bolt.adapter.socket_mode.aiohttp",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "connectors.chat.slack.platform",
    "connectors.chat.telegram.platform",
    "connectors.chat.web.platform",
    "connectors.sms.twilio",
    "tests.crash.daemon",
)


def _preload() -> None:
    for name in _HEAVY:
        importlib.import_module(name)
    from bridge import registry
    from bridge.store.query import Query

    registry.classifier()  # reads the rules
    for query in [one for one in gc.get_objects() if isinstance(one, Query)]:
        for tongue in ("sqlite", "postgresql"):
            query.sql(tongue)
    gc.collect()
    gc.freeze()


class Zygote:
    """Forks for one client at a time, and tells them of births and deaths."""

    def __init__(self, path: Path) -> None:
        self._selector = selectors.DefaultSelector()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(path))
        self._door.listen()
        self._wakes, self._woken = socket.socketpair()
        for end in (self._wakes, self._woken):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._woken.fileno())
        self._client: socket.socket | None = None
        self._heard = b""
        self._children: set[int] = set()

    def run(self) -> None:
        """Serve until standard input ends."""
        for readable in (self._door, self._wakes, sys.stdin):
            self._selector.register(readable, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is sys.stdin:
                    self._forget_client()
                    return
                if key.fileobj is self._wakes:
                    with contextlib.suppress(BlockingIOError):
                        self._wakes.recv(4096)
                elif key.fileobj is self._door:
                    self._forget_client()
                    self._client, _ = self._door.accept()
                    self._selector.register(self._client, selectors.EVENT_READ)
                elif key.fileobj is self._client:
                    self._listen()
            self._bury()

    def _listen(self) -> None:
        assert self._client is not None
        with contextlib.suppress(ConnectionError):
            if heard := self._client.recv(65536):
                *orders, self._heard = (self._heard + heard).split(b"\n")
                for order in orders:
                    self._fork(json.loads(order))
                return
        self._forget_client()

    def _fork(self, order: dict[str, Any]) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_daemon(order)
        self._children.add(pid)
        self._tell({"born": pid})

    def _become_daemon(self, order: dict[str, Any]) -> None:
        code = 70
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for held in (self._door, self._wakes, self._woken, self._client):
                assert held is not None
                held.close()
            self._selector.close()
            _redirect(order["log"])
            from tests.crash.daemon import live

            code = live(order["config"], order["options"])
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)

    def _bury(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            self._tell({"died": pid, "status": os.waitstatus_to_exitcode(status)})

    def _tell(self, what: dict[str, Any]) -> None:
        if self._client is not None:
            with contextlib.suppress(OSError):
                self._client.sendall(json.dumps(what).encode() + b"\n")

    def _forget_client(self) -> None:
        """Whoever hung up takes what was born for them along."""
        if self._client is not None:
            self._selector.unregister(self._client)
            self._client.close()
        self._client, self._heard = None, b""
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)
        self._children.clear()


def _redirect(log: str) -> None:
    nowhere, file = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for target, source in ((0, nowhere), (1, file), (2, file)):
        os.dup2(source, target)


if __name__ == "__main__":
    zygote = Zygote(Path(sys.argv[1]))
    _preload()
    print("ready", flush=True)
    zygote.run()
