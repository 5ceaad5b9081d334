"""The switch: kills or stops its own process when it passes a named step.

Steps are named in words: "VERB, MOMENT: WHAT". Whoever wants a daemon to die puts an empty file
"wanted; STEP; kill; 1" into the switch's folder (2: at the second passing); of several daemons it takes the
first that comes by. That renames it to "done; STEP; kill; PID".
"""

import asyncio
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import asyncpg.transaction

BEFORE, AFTER = "before its commit", "after its commit"
_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Switch:
    """Knows which steps are waited for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._to_commit: dict[Any, list[str]] = {}  # what happened in a transaction, by who runs it

    def passes(self, step: str) -> None:
        """Die or stop here, if that is wanted."""
        for name in os.listdir(self._folder):  # noqa: PTH208 - quick, since often
            kind, wanted, how, number = name.split("; ")
            if kind != "wanted" or wanted != step:
                continue
            left = int(number) - 1
            after = f"wanted; {step}; {how}; {left}" if left else f"done; {step}; {how}; {os.getpid()}"
            try:
                (self._folder / name).rename(self._folder / after)
            except FileNotFoundError:  # another daemon was quicker
                continue
            if not left:
                os.kill(os.getpid(), _SIGNALS[how])

    def will_commit(self, verb: str, whats: Iterable[str]) -> None:
        """Take note that the transaction under way holds this."""
        self._to_commit.setdefault(_here(), []).extend(
            f"{verb}, {{}}: {what}" for what in dict.fromkeys(whats)
        )

    def commits(self) -> Callable[[], None]:
        """Pass the steps before a commit; the result passes those after it."""
        steps = self._to_commit.pop(_here(), [])
        for step in steps:
            self.passes(step.format(BEFORE))

        def after() -> None:
            for step in steps:
                self.passes(step.format(AFTER))

        return after

    def forget(self) -> None:
        """The transaction under way was rolled back."""
        self._to_commit.pop(_here(), None)


def _here() -> Any:
    """Name who runs a transaction: SQLite's writer is a thread, on PostgreSQL it is a task."""
    try:
        return asyncio.current_task() or threading.get_ident()
    except RuntimeError:
        return threading.get_ident()


def install(switch: Switch) -> None:
    """Put the steps into the product, in this process."""
    _watch_hooks(switch)
    _watch_accept(switch)
    _watch_verbs(switch)
    _watch_attempts(switch)
    _watch_sqlite(switch)
    _watch_postgres(switch)


def _watch_hooks(switch: Switch) -> None:
    from bridge.engine.receive import Receiver

    take = Receiver.take

    async def watched(self: Any, line: str, request: Any) -> Any:
        what = "delivery_reported" if b"MessageStatus" in request.body else "text_received"
        switch.passes(f"webhook, read: {what}")
        return await take(self, line, request)

    Receiver.take = watched  # type: ignore[method-assign]


def _watch_accept(switch: Switch) -> None:
    """Watch the verb from outside: what is not committed when its process dies was never there."""
    from bridge.store.store import Store

    accept = Store.accept

    async def accepting(self: Any, rows: Any, *rest: Any) -> Any:
        for what in dict.fromkeys(map(_event_row, rows)):
            switch.passes(f"accept, {BEFORE}: {what}")
        new = await accept(self, rows, *rest)
        for what in dict.fromkeys(_event_row(row) for row in rows if row["key"] in new):
            switch.passes(f"accept, {AFTER}: {what}")
        return new

    Store.accept = accepting  # type: ignore[method-assign, assignment]


def _watch_verbs(switch: Switch) -> None:
    """Watch what each transaction of the other hot verbs is about; its commit is watched in the driver."""
    from bridge.store import claim, settle, turn

    turn_, claim_, settle_ = turn.turn, claim.claim, settle.settle

    def turning(now: float, limit: int, world: Any, judge: Any) -> Any:
        decided: list[str] = []

        def judging(snapshot: Any, event: Any) -> Any:
            switch.passes(f"turn, deciding: {_event(event)}")
            decided.append(_event(event))
            return judge(snapshot, event)

        done = yield from turn_(now, limit, world, judging)
        switch.will_commit("turn", decided)
        return done

    def claiming(*args: Any) -> Any:
        claims = yield from claim_(*args)
        switch.will_commit("claim", (_effect(one) for one in claims))
        return claims

    def settling(settled: Any, *rest: Any) -> Any:
        result = yield from settle_(settled, *rest)
        switch.will_commit("settle", (_effect(one.claim) for one in settled))
        return result

    turn.turn = turning
    claim.claim = claiming  # type: ignore[assignment]
    settle.settle = settling  # type: ignore[assignment]


def _watch_attempts(switch: Switch) -> None:
    from bridge.engine.attempt import Attempts

    attempt = Attempts.__call__

    async def watched(self: Any, claim: Any) -> Any:
        switch.passes(f"attempt, before the network: {_effect(claim)}")
        settled = await attempt(self, claim)
        switch.passes(f"attempt, after the network: {_effect(claim)}")
        return settled

    Attempts.__call__ = watched  # type: ignore[method-assign]


def _event_row(row: Any) -> str:
    desk = row["lane"].removeprefix("desk:").partition(".")[0] if row["lane"].startswith("desk:") else ""
    return f"{row['type']} {desk}".strip()


def _event(event: Any) -> str:
    return _event_row({"type": event.type, "lane": event.lane})


def _effect(claim: Any) -> str:
    body = claim.effect.body
    return f"{body.type} {getattr(body, 'desk', '').partition('.')[0]}".strip()


def _watch_sqlite(switch: Switch) -> None:
    connect = sqlite3.connect

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            if sql == "ROLLBACK":
                switch.forget()
            if sql != "COMMIT":
                return super().execute(sql, *rest)
            after = switch.commits()
            cursor = super().execute(sql, *rest)
            after()
            return cursor

    def connecting(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **{"factory": Watched} | kwargs)
        return connection

    sqlite3.connect = connecting  # type: ignore[assignment]


def _watch_postgres(switch: Switch) -> None:
    leave = asyncpg.transaction.Transaction.__aexit__

    async def leaving(self: Any, kind: Any, error: Any, trace: Any) -> Any:
        if kind is not None:
            switch.forget()
            return await leave(self, kind, error, trace)
        after = switch.commits()
        result = await leave(self, kind, error, trace)
        after()
        return result

    asyncpg.transaction.Transaction.__aexit__ = leaving
