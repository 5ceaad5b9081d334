"""SQLite's write-ahead log: how it is written, and when it is moved into the database.

`synchronous=FULL`: what is acknowledged survives a power cut, and with grouped commits it costs nothing
measurable. Automatic checkpoints would make the slowest commits. So a thread beside moves the log into the
database (PASSIVE: it stops nobody), and when writers never let it come to the log's end, the writer begins
the log anew (RESTART) right after, when little is left to move. The file keeps its size: writing it over is
quicker than making it longer.
"""

import contextlib
import sqlite3
import threading
from pathlib import Path

_LOOK = 0.5  # seconds between two checkpoints
_PASSIVE_AT = 1_000  # pages
_RESTART_AT = 8_000


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection that writes as the writer does."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=256
    )
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


class Checkpoints:
    """Keeps the log short, from a thread of its own."""

    def __init__(self, path: Path) -> None:
        """path: the database file."""
        self._path = path
        self._stopped = threading.Event()
        self._written = False  # something was committed since the last look
        self._too_long = False
        self._thread = threading.Thread(target=self._run, name="sqlite-checkpoint", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the checkpoint that is under way."""
        self._stopped.set()

    def committed(self, writer: sqlite3.Connection) -> None:
        """Hear from the writer after each of its commits, on its thread."""
        self._written = True
        if self._too_long:
            self._too_long = False
            with contextlib.suppress(sqlite3.Error):
                writer.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()

    def _run(self) -> None:
        connection = connect(self._path)
        while not self._stopped.wait(_LOOK):
            if self._written and self._size() > _PASSIVE_AT:
                self._written = False
                with contextlib.suppress(sqlite3.Error):
                    _, pages, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                    self._too_long = pages > _RESTART_AT
        connection.close()

    def _size(self) -> int:
        """Give how many pages the log has room for."""
        try:
            return Path(f"{self._path}-wal").stat().st_size // (4096 + 24)
        except OSError:
            return 0
