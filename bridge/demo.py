"""The demo: the whole product with a simulated carrier and the web inbox, and nothing to configure."""

import asyncio
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from bridge import log, registry, run
from bridge.model.nouns import Keyword
from bridge.store import subscribers
from bridge.store.tables import contacts

LINE = "main"
NUMBER = "+15550100001"
STAFF = "You"

_CONFIG = """\
# Written by `threadline demo`. `threadline serve --config THIS_FILE` runs the same house.
[server]
listen = "127.0.0.1:{port}"

[store]
url = "sqlite:///{database}"

[organisation]
name = "Example Tenants Union"
contact = "help@example.org"
region = "US"
timezone = "America/New_York"

[lines.{line}]
number = "{number}"
provider = "simulator"
desks = ["web"]

[web]
enabled = true
"""
_SAMPLES = (
    ("+15550100142", "Hi, is the meeting still on for tonight? I work until 7"),
    ("+15550100177", "Our heat has been out since Tuesday and the landlord will not answer. What can I do?"),
    ("+15550100163", "REPAIRS"),
    ("+15550100163", "The ceiling in my bathroom came down 😟 I have pictures"),
    ("+15550100118", "Thank you for last week, it really helped my mother"),
)
_KEYWORDS = (
    Keyword(
        "REPAIRS",
        "Repairs",
        "Thanks for joining the repairs campaign. Tell us what is broken and since when.",
        "You are on the repairs list already. Tell us what is broken and since when.",
    ),
    Keyword("MEETING", "Meetings", "You are on the list: we text you before each members' meeting."),
)


def demo(port: int, data: Path | None, empty: bool) -> None:
    """Run it until it is interrupted. data: where to keep the database; None: nowhere."""
    log.configure(level="WARNING")
    with tempfile.TemporaryDirectory(prefix="threadline-") as scratch:
        folder = data or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(_demo(port, folder.resolve(), empty))


async def _demo(port: int, folder: Path, empty: bool) -> None:
    file = folder / "demo.toml"
    file.write_text(
        _CONFIG.format(port=port, database=folder / "threadline.db", line=LINE, number=NUMBER),
        encoding="utf-8",
    )
    async with run.running(registry.load(file)) as daemon:
        token = await _sign_in_token(daemon)
        if not empty:
            await _sample(daemon)
        console = Console(highlight=False)
        console.print("\n[bold]threadline is running.[/bold] Open this address (it works once):\n")
        console.print(f"    {daemon.url}/signin?token={token}\n", soft_wrap=True)
        console.print("The phone on the left texts the number; the inbox answers. Ctrl+C ends it.")
        await run.until_signal()


async def _sign_in_token(daemon: run.Daemon) -> str:
    known = {member["name"] for member in await daemon.staff.all()}
    if STAFF in known:
        return await daemon.staff.link(STAFF)
    return await daemon.staff.add(STAFF, "admin")


async def _sample(daemon: run.Daemon) -> None:
    """Let a few people text, the way anybody does; only into an empty house."""
    async with daemon.store.engine.connect() as connection:
        if await connection.scalar(sa.select(sa.func.count()).select_from(contacts)):
            return
    for keyword in _KEYWORDS:
        await subscribers.add_list(daemon.store.engine, keyword.list_name, time.time())
        await subscribers.add_keyword(daemon.store.engine, keyword, time.time(), replace=False)
    assert daemon.carrier is not None
    for sender, text in _SAMPLES:
        await daemon.carrier.text(LINE, sender, text, ())
