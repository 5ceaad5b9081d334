"""threadline as it is in service: `serve` in a process of its own, and the yardstick beside it."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Options
from bench.load import play
from bench.processes import HOST, answers, free_port, listens, module, running
from bench.webhooks import ACCOUNT, NUMBER, PUBLIC_URL, TOKEN

_CONFIG = """\
[server]
listen = "127.0.0.1:{port}"
public_url = "{public_url}"
[store]
url = "{store}"
[organisation]
name = "Example Tenants Union"
contact = "help@example.org"
[lines.main]
number = "{number}"
provider = "twilio"
account_sid = "{account}"
auth_token = "{token}"
api_url = "http://127.0.0.1:{outside}"
provider_answers = []
desks = [{desks}]
{line}
"""
_SLACK = """\
[slack]
bot_token = "xoxb-bench"
signing_secret = "bench"
api_url = "http://127.0.0.1:{outside}/api/"
[slack.desks.support]
channel = "C0SUPPORT"
"""
_TELEGRAM = """\
[telegram]
bot_token = "7100000001:AAE-bench-bench-bench-bench-bench-be"
api_url = "http://127.0.0.1:{outside}/bot"
[telegram.desks.support]
chat = -1001234567890
overview = false
"""
_WEB = "[web]\nenabled = true\n"


@dataclass(frozen=True)
class Daemon:
    """One that runs."""

    port: int
    pid: int


def configuration(
    file: Path, store: str, *, port: int = 1, outside: int = 9, desks: str = "web", line: str = ""
) -> Path:
    """Write a configuration. outside: the port at which Slack and Twilio are. line: more about the line."""
    named = [name.strip() for name in desks.split(",")]
    parts = [_CONFIG]
    parts += [_SLACK] if "slack.support" in named else []
    parts += [_TELEGRAM] if "telegram.support" in named else []
    parts += [_WEB] if "web" in named else []
    file.write_text(
        "".join(parts).format(
            port=port,
            public_url=PUBLIC_URL,
            store=store,
            number=NUMBER,
            account=ACCOUNT,
            token=TOKEN,
            outside=outside,
            desks=", ".join(f'"{name}"' for name in named),
            line=line,
        )
    )
    return file


@contextlib.contextmanager
def daemon(
    store: str,
    outside: int = 9,
    *,
    desks: str = "web",
    line: str = "",
    env: Mapping[str, str] | None = None,
) -> Iterator[Daemon]:
    """Run `serve` until it is not needed any more; it is ready."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = configuration(
            Path(folder) / "bench.toml", store, port=port, outside=outside, desks=desks, line=line
        )
        command = module("bridge", "serve", "--config", str(file))
        with running(command, lambda: answers(f"http://{HOST}:{port}/readyz"), env=env) as process:
            yield Daemon(port, process.pid)


class Yardstick:
    """The bare handler, running."""

    def __init__(self, port: int) -> None:
        self.port = port

    def rate(self, options: Options, connections: int = 64) -> float:
        """Give answers a second."""
        return float(play(self.port, 3_000 if options.small else 10_000, 0, connections=connections)["rate"])


@contextlib.contextmanager
def bare() -> Iterator[Yardstick]:
    """Run the yardstick."""
    port = free_port()
    with running(module("bench.bare", str(port)), lambda: listens(port)):
        yield Yardstick(port)
