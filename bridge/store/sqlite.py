"""SQLite: one writer thread, group commit.

Whatever urgent work (intake: somebody waits for an answer) queued while the last commit ran is done in
the next transaction, each in a savepoint of its own, so that one failure undoes one work. Other work
takes turns with it, one at a time. `synchronous=FULL`: what is acknowledged survives a power
cut, and with grouped commits it costs nothing measurable.
"""

import asyncio
import contextlib
import fcntl
import os
import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

from bridge.store.query import Ask, Row, Work

T = TypeVar("T")
_MOST_IN_ONE_COMMIT = 64
_FRAMES = 4096 + 24  # bytes of one page in the write-ahead log
_PASSIVE_AT = 1_000 * _FRAMES
_RESTART_AT = 8_000 * _FRAMES


class Taken(Exception):
    """Another daemon works on this file."""


class Job:
    """Work that waits for the writer, and who waits for it."""

    __slots__ = ("future", "loop", "urgent", "work")

    def __init__(self, work: Callable[[], Work[Any]], urgent: bool) -> None:
        """work: makes the generator; called on the writer thread."""
        self.work = work
        self.urgent = urgent
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()


class SqliteWriter:
    """The only connection that writes, on a thread of its own."""

    def __init__(self, path: Path) -> None:
        """path: the database file, already migrated."""
        self._path = path
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock: TextIO | None = None
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._stopped = threading.Event()

    def open(self) -> None:
        """Take the file for this process and start; raises Taken when another daemon has it."""
        lock = Path(f"{self._path}.lock").open("w")  # noqa: SIM115 - held for the life of the process
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise Taken(
                f"{self._path}: another threadline daemon is working on this file. Stop it first, "
                "or use PostgreSQL, where several may work together."
            ) from None
        self._lock = lock
        self._thread.start()
        threading.Thread(target=self._checkpoint, name="sqlite-checkpoint", daemon=True).start()

    async def run(self, work: Callable[[], Work[T]], urgent: bool = False) -> T:
        """Do work in a transaction; its result is given once that is committed."""
        job = Job(work, urgent)
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._stopped.set()
        if self._lock is not None:
            self._lock.close()

    # ---- on the writer thread -------------------------------------------------------------------

    def _run(self) -> None:
        connection = _connect(self._path)
        patient: deque[Job] = deque()
        ends = False
        while not ends or patient:
            urgent: list[Job] = []
            ends = self._collect(urgent, patient, wait=not patient and not ends) or ends
            if urgent:
                self._commit(connection, urgent)
            if patient:
                self._commit(connection, [patient.popleft()])
        connection.close()

    def _collect(self, urgent: list[Job], patient: deque[Job], wait: bool) -> bool:
        """Take what is queued, as much as one commit may hold; tell whether the end is near."""
        while len(urgent) < _MOST_IN_ONE_COMMIT:
            try:
                job = self._jobs.get(block=wait)
            except queue.Empty:
                return False
            if job is None:
                return True
            wait = False
            (urgent if job.urgent else patient).append(job)
        return False

    def _commit(self, connection: sqlite3.Connection, jobs: list[Job]) -> None:
        done: list[tuple[Job, Any, BaseException | None]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            done.extend(_in_savepoint(connection, job) for job in jobs)
            connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            done = [(job, None, error) for job in jobs]
        _tell(done)
        if _size(self._path) > _RESTART_AT:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()

    def _checkpoint(self) -> None:
        """Move the log into the database in the background: automatic checkpoints make the slowest
        commits, and a background one alone lets the log grow without end under load."""
        connection = _connect(self._path)
        while not self._stopped.wait(0.5):
            if _size(self._path) > _PASSIVE_AT:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=256
    )
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _size(path: Path) -> int:
    try:
        return os.stat(f"{path}-wal").st_size  # noqa: PTH116 - the hot path
    except OSError:
        return 0


def _in_savepoint(connection: sqlite3.Connection, job: Job) -> tuple[Job, Any, BaseException | None]:
    connection.execute("SAVEPOINT work")
    try:
        result = _drive(connection, job.work())
    except Exception as error:
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return job, None, error
    connection.execute("RELEASE work")
    return job, result, None


def _drive(connection: sqlite3.Connection, work: Work[T]) -> T:
    rows: list[Row] | None = None
    try:
        while True:
            ask = work.send(rows)  # type: ignore[arg-type]  # the first send is None
            rows = _ask(connection, ask)
    except StopIteration as stop:
        result: T = stop.value
        return result


def _ask(connection: sqlite3.Connection, ask: Ask) -> list[Row]:
    text, _, values = ask.on("sqlite")
    cursor = connection.execute(text, values)
    if cursor.description is None:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _tell(done: list[tuple[Job, Any, BaseException | None]]) -> None:
    """Hand all results of a commit over in one call to each loop."""

    def deliver(part: list[tuple[Job, Any, BaseException | None]]) -> None:
        for job, result, error in part:
            if job.future.done():
                continue
            if error is not None:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)

    for loop in {job.loop for job, _, _ in done}:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(deliver, [one for one in done if one[0].loop is loop])
