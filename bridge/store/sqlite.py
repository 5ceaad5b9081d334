"""SQLite: one writer thread, group commit.

Whatever urgent work (intake: somebody waits for an answer) queued while the last commit ran is done in
the next transaction, each in a savepoint of its own, so that one failure undoes one work. Other work
takes turns with it, one at a time, and lets it go before where it pauses (bridge.store.query.Pause).
"""

import asyncio
import contextlib
import fcntl
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

from bridge.store.query import Ask, Row, Work
from bridge.store.wal import Checkpoints, connect

T = TypeVar("T")
_MOST_IN_ONE_COMMIT = 64
_SLICE = 0.001  # seconds that other work goes on before urgent work may break it
_WINDOW = 0.006  # seconds that are then for urgent work alone, while requests keep coming
_BUSY = 0.005  # seconds since the last urgent work in which more is expected


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


_Done = tuple[Job, Any, BaseException | None]


class _Overtaken(Exception):
    """Another connection wrote while a work paused: what it had read may no longer hold."""


class SqliteWriter:
    """The only connection that writes, on a thread of its own."""

    away = (
        OSError,
        sqlite3.OperationalError,
    )  # not there, full or in dispute: no fault of what was to be done

    def __init__(self, path: Path) -> None:
        """path: the database file, already migrated."""
        self._path = path
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock: TextIO | None = None
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._checkpoints = Checkpoints(path)
        # the writer thread's own:
        self._connection: sqlite3.Connection
        self._patient: deque[Job] = deque()
        self._ends = False
        self._urgent_at = 0.0  # when urgent work was last done
        self._slice_at = 0.0  # since when other work goes on without a break

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
        self._checkpoints.start()

    async def run(self, work: Callable[[], Work[T]], urgent: bool = False) -> T:
        """Do work in a transaction; its result is given once that is committed.

        Work that is not urgent may be begun again where it pauses.
        """
        job = Job(work, urgent)
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._checkpoints.stop()
        if self._lock is not None:
            self._lock.close()

    # ---- on the writer thread -------------------------------------------------------------------

    def _run(self) -> None:
        self._connection = connect(self._path)
        while not self._ends or self._patient:
            if self._patient:
                window = self._window()
                self._after_urgent(self._collect(window), window)
                self._alone(self._patient.popleft())
            elif urgent := self._collect(0.0 if self._ends else None):
                self._together(urgent)
        self._connection.close()

    def _window(self) -> float:
        """Give how long other work waits for urgent work now, in seconds.

        While requests keep coming, other work goes on for a slice and then waits for a window: the thread
        that answers them shares the interpreter with this one, and gets it for itself meanwhile.
        """
        now = time.monotonic()
        if now - self._slice_at < _SLICE or now - self._urgent_at > _BUSY:
            return 0.0
        return _WINDOW

    def _after_urgent(self, urgent: list[Job], window: float) -> None:
        """Do urgent work, and what comes until the window is over."""
        end = time.monotonic() + window
        while urgent:
            self._together(urgent)
            left = end - time.monotonic()
            urgent = self._collect(left) if left > 0 else []
        self._slice_at = time.monotonic()

    def _collect(self, wait: float | None) -> list[Job]:
        """Give the urgent work that is queued, as much as one commit may hold; put other work aside.

        wait: seconds for something to come; None for as long as it takes.
        """
        urgent: list[Job] = []
        while len(urgent) < _MOST_IN_ONE_COMMIT:
            try:
                job = self._jobs.get(wait != 0.0, wait)
            except queue.Empty:
                break
            if job is None:
                self._ends = True
                break
            if job.urgent:
                urgent.append(job)
                wait = 0.0
            else:
                self._patient.append(job)
                wait = 0.0 if wait is None else wait
        return urgent

    def _together(self, jobs: list[Job]) -> None:
        """Do urgent work in one transaction."""
        done: list[_Done] = []
        try:
            if len(jobs) == 1:
                done.append((jobs[0], self._in_transaction(jobs[0]), None))
            else:
                self._connection.execute("BEGIN IMMEDIATE")
                done.extend(self._in_savepoint(job) for job in jobs)
                self._connection.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            done = [(job, None, error) for job in jobs]
        _tell(done)
        self._checkpoints.committed(self._connection)
        self._urgent_at = time.monotonic()

    def _in_transaction(self, job: Job, pause: Callable[[], None] | None = None) -> Any:
        """Do one work. A statement that is all of it is a transaction (bridge.store.query.Ask)."""
        work = job.work()
        try:
            asked = next(work)
        except StopIteration as stop:
            return stop.value
        if isinstance(asked, Ask) and asked.last:
            return self._drive(work, None, _ask(self._connection, asked))
        self._connection.execute("BEGIN IMMEDIATE")
        rows = _ask(self._connection, asked) if isinstance(asked, Ask) else None
        result = self._drive(work, pause, rows)
        self._connection.execute("COMMIT")
        return result

    def _in_savepoint(self, job: Job) -> _Done:
        self._connection.execute("SAVEPOINT work")
        try:
            result = self._drive(job.work(), None)
        except Exception as error:
            self._connection.execute("ROLLBACK TO work")
            self._connection.execute("RELEASE work")
            return job, None, error
        self._connection.execute("RELEASE work")
        return job, result, None

    def _alone(self, job: Job) -> None:
        """Do other work in a transaction of its own, with breaks for urgent work as long as nobody else
        writes meanwhile."""
        done: _Done
        for pause in (self._let_urgent_go, self._let_urgent_go, None):
            try:
                done = (job, self._in_transaction(job, pause), None)
            except _Overtaken:
                self._roll_back()
                continue
            except BaseException as error:
                self._roll_back()
                done = (job, None, error)
            break
        _tell([done])
        self._checkpoints.committed(self._connection)

    def _let_urgent_go(self) -> None:
        """At a pause: after a slice of time, do what is urgent first."""
        if time.monotonic() - self._slice_at < _SLICE:
            return
        window = self._window()
        if urgent := self._collect(window):
            before = self._version()
            self._connection.execute("COMMIT")
            self._after_urgent(urgent, window)
            self._connection.execute("BEGIN IMMEDIATE")
            if self._version() != before:
                raise _Overtaken
        self._slice_at = time.monotonic()

    def _version(self) -> int:
        """Give a number that changes when another connection has written (sqlite.org/pragma.html)."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _roll_back(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")

    def _drive(self, work: Work[T], pause: Callable[[], None] | None, rows: list[Row] | None = None) -> T:
        """Do work, or go on with it: rows answer what it asked last."""
        try:
            while True:
                asked = work.send(rows)  # type: ignore[arg-type]  # the first send is None
                if isinstance(asked, Ask):
                    rows = _ask(self._connection, asked)
                elif pause is not None:
                    rows = None
                    pause()
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


def _tell(done: list[_Done]) -> None:
    """Hand all results of a commit over in one call to each loop."""

    def deliver(part: list[_Done]) -> None:
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
