"""What tests of the whole house work with: raw webhooks, the command line, the web inbox, tables."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import aiohttp
import orjson
import sqlalchemy as sa

from bridge.store import books
from bridge.store.database import async_engine
from bridge.store.tables import consent, contacts, journal, operator_notices
from tests.e2e.house import BOB, NUMBER, PUBLIC, World, until

ROOT = Path(__file__).resolve().parents[2]
HOOK = "/hooks/main"
FORM = "application/x-www-form-urlencoded"


# ---- webhooks, byte for byte ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        """Read the body."""
        return orjson.loads(self.body)


async def ask(
    url: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Make one request on a connection of its own."""
    async with (
        aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.request(method, url, data=body, headers=headers) as answer,
    ):
        return Answer(answer.status, await answer.read(), dict(answer.headers))


def signature(world: World, path: str, form: bytes) -> str:
    """Sign a form (or, b"", an address alone) as Twilio would, by hand: bytes in, bytes signed."""
    named = parse_qsl(form.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    pairs = sorted({(k.encode("latin-1"), v.encode("latin-1")) for k, v in named})
    signed = (PUBLIC + path).encode() + b"".join(k + v for k, v in pairs)
    digest = hmac.new(world.twilio.auth_token.encode(), signed, "sha1").digest()
    return base64.b64encode(digest).decode()


def form(body: str | bytes, sender: str = BOB, sid: str = "", **more: str) -> bytes:
    """Write the form of an inbound text. body as bytes: they stand in it as they are."""
    raw = body if isinstance(body, bytes) else body.encode()
    sid = sid or "SM" + hashlib.sha256(os.urandom(8)).hexdigest()[:32]
    fields: dict[str, Any] = {"MessageSid": sid, "From": sender, "To": NUMBER, "SmsStatus": "received"}
    return urlencode({**fields, "NumMedia": "0", "Body": raw, **more}).encode()


async def hook(
    world: World,
    body: bytes,
    path: str = HOOK,
    sign: str | None = None,
    content_type: str = FORM,
) -> Answer:
    """Post to a hook. sign: the signature (None: the right one for a form, "": none at all)."""
    assert world.port
    given = signature(world, path, body) if sign is None else sign
    headers = {"Content-Type": content_type} | ({"X-Twilio-Signature": given} if given else {})
    return await ask(f"http://127.0.0.1:{world.port}{path}", "POST", body, headers)


def body_signed(body: bytes) -> str:
    """Give the path that covers a body which is no form."""
    return f"{HOOK}?bodySHA256={hashlib.sha256(body).hexdigest()}"


# ---- tables ---------------------------------------------------------------------------------------


async def read(world: World, chosen: sa.Select[Any]) -> list[Mapping[str, Any]]:
    """Read rows of the world's database."""
    engine = async_engine(world.database)
    try:
        async with engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(chosen)).mappings()]
    finally:
        await engine.dispose()


async def journaled(world: World, kind: str | None = None) -> list[Mapping[str, Any]]:
    """Give what is in the journal, of one type or all that a webhook brought."""
    kinds = [kind] if kind else ["text_received", "unreadable", "delivery_reported"]
    return await read(world, sa.select(journal).where(journal.c.type.in_(kinds)).order_by(journal.c.seq))


async def notices(world: World) -> list[str]:
    """Give what the operator was told."""
    rows = await read(world, sa.select(operator_notices.c.text).order_by(operator_notices.c.seq))
    return [row["text"] for row in rows]


async def ledger(world: World, number: str = BOB) -> list[Mapping[str, Any]]:
    """Give the consent ledger of somebody, oldest first."""
    chosen = sa.select(consent).where(consent.c.address == number).order_by(consent.c.id)
    return await read(world, chosen)


async def contact(world: World, number: str = BOB) -> Mapping[str, Any]:
    """Give what is stored about somebody."""
    rows = await read(world, sa.select(contacts).where(contacts.c.address == number))
    assert rows, f"nothing is stored about {number}"
    return rows[0]


async def decided(world: World) -> bool:
    """Say whether everything that came in is decided."""
    waiting = sa.select(journal.c.seq).where(journal.c.state == "open")
    return not await read(world, waiting)


async def settled(world: World, count: int = 1, seconds: float = 10.0) -> None:
    """Wait until so many texts and reports came in and nothing waits to be decided."""

    async def so() -> bool:
        return len(await journaled(world)) >= count and await decided(world)

    await until(so, seconds)


# ---- the command line -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: bytes
    err: str

    def json(self) -> Any:
        """Read the output."""
        return orjson.loads(self.out)

    def rows(self) -> list[dict[str, Any]]:
        """Read the output, a JSON object a line."""
        return [orjson.loads(line) for line in self.out.splitlines()]


async def threadline(*words: str, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end."""
    process = await asyncio.create_subprocess_exec(
        *_command(words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(env),
        cwd=ROOT,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return Ran(process.returncode, out, err.decode())


async def command(world: World, *words: str) -> Ran:
    """Run a command on the world's configuration, beside the running daemon; it must succeed."""
    ran = await threadline(*words, "--config", str(world.config_file()))
    assert ran.code == 0, ran.err
    return ran


async def messages(world: World, *words: str) -> list[dict[str, Any]]:
    """Export the messages."""
    return (await command(world, "messages", "--format", "jsonl", *words)).rows()


async def stats(world: World) -> dict[str, Any]:
    """Count."""
    found: dict[str, Any] = (await command(world, "stats", "--format", "json")).json()
    return found


async def calm(world: World) -> bool:
    """Say whether everything that came in is decided, and what went out has come to its end."""
    engine = async_engine(world.database)
    try:
        found = await books.stats(engine)
    finally:
        await engine.dispose()
    return not any((found["queued"], found["held"], found["sent"], found["by_kind"].get("undecided")))


async def exported(world: World, contact: str | None = None) -> list[dict[str, Any]]:
    """Give what `threadline messages` would export, without the second that starting it takes."""
    engine = async_engine(world.database)
    try:
        return [row async for row in books.export(engine, books.Wanted(contact=contact))]
    finally:
        await engine.dispose()


def _command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "bridge", *words]


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    proxies = {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NOTIFY_SOCKET", "WATCHDOG_USEC"}
    return {name: value for name, value in os.environ.items() if name not in proxies} | dict(more or {})


# ---- the daemon as the operator starts it ---------------------------------------------------------


class Served:
    """A `threadline serve` of its own."""

    def __init__(self, world: World, process: asyncio.subprocess.Process, log: Path) -> None:
        self.world = world
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        """What it logged."""
        return self._log.read_text()

    async def ready(self) -> None:
        """Wait until every part is."""

        async def so() -> bool:
            assert self.process.returncode is None, self.log[-3000:]
            with contextlib.suppress(aiohttp.ClientError):
                return (await ask(f"http://127.0.0.1:{self.world.port}/readyz")).status == 200
            return False

        await until(so, 30)

    async def terminate(self) -> float:
        """Send SIGTERM; give the seconds until it ended."""
        began = time.monotonic()
        self.process.terminate()
        await asyncio.wait_for(self.process.wait(), 35)
        return time.monotonic() - began

    async def kill(self) -> None:
        """Send SIGKILL."""
        self.process.kill()
        await self.process.wait()


@contextlib.asynccontextmanager
async def served(world: World, env: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """Start a daemon as a process; at the end it is gone, whatever happened."""
    config = world.open_door()
    number = len(list(world.folder.glob("serve-*.log")))
    log = world.folder / f"serve-{number}.log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *_command(["serve", "--config", str(config)]),
            stdout=file,
            stderr=file,
            env=_environment(env),
            cwd=ROOT,
        )
    try:
        yield Served(world, process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


# ---- somebody at the web inbox --------------------------------------------------------------------


class AtWeb:
    """A member of staff with the web inbox open."""

    def __init__(self, world: World, cookie: str) -> None:
        self._base = f"http://127.0.0.1:{world.port}"
        self._headers = {"Cookie": cookie, "X-Threadline": "1", "Content-Type": "application/json"}

    @classmethod
    async def sign_in(cls, world: World, name: str = "Eve") -> "AtWeb":
        """Sign in by a one-time link."""
        assert world.daemon is not None
        token = await world.daemon.staff.add(name, "agent")
        session = await world.daemon.staff.redeem(token)
        return cls(world, f"__Host-threadline={session}")

    async def get(self, path: str) -> Any:
        """Read."""
        answer = await ask(self._base + path, headers=self._headers)
        assert answer.status == 200, answer
        return answer.json()

    async def post(self, path: str, **what: Any) -> Answer:
        """Do."""
        return await ask(self._base + path, "POST", orjson.dumps(what), self._headers)

    async def threads(self) -> list[dict[str, Any]]:
        """List the conversations."""
        rows: list[dict[str, Any]] = (await self.get("/api/threads"))["rows"]
        return rows

    async def texts(self) -> list[str]:
        """Give the texts of the only conversation, oldest first."""
        return [entry["text"] for entry in await self.entries()]

    async def entries(self) -> list[dict[str, Any]]:
        """Give the messages of the only conversation, oldest first."""
        threads = await self.threads()
        if not threads:
            return []
        found: list[dict[str, Any]] = (await self.get(f"/api/threads/{threads[0]['thread']}"))["entries"]
        return found

    async def reply(self, text: str) -> Answer:
        """Write into the only conversation."""
        thread = (await self.threads())[0]["thread"]
        return await self.post(f"/api/threads/{thread}/messages", text=text, client_id=os.urandom(8).hex())

    async def whispers(self) -> list[str]:
        """Give what was said to this person alone."""
        heard = await self.get("/api/changes?after=-1&heard=0")
        return [one["body"] for one in heard["whispers"]]
