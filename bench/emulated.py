"""The strict emulators of Slack, Telegram and Twilio in one process, and a daemon beside them."""

import contextlib
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.processes import HOST, free_port, listens, module, running
from bench.webhooks import NUMBER, PUBLIC_URL

TOKEN = "0" * 32  # what the emulated Twilio signs with


@contextlib.contextmanager
def emulators() -> Iterator[str]:
    """Run them; give the configuration that they print."""
    first = free_port(following=2)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        said = Path(folder) / "said"
        command = module("tests.emulators", "--port", str(first), "--listen", f"{HOST}:1")
        ready = "\nsms NUMBER TEXT"

        def is_ready() -> bool:
            return ready in said.read_text() and listens(first)

        with running(command, is_ready, log=said, stdin=subprocess.PIPE):
            yield said.read_text().partition(ready)[0]


def configuration(file: Path, emulated: str, store: str, port: int) -> Path:
    """Write a configuration with Slack, Telegram and the web inbox, as most would have it."""
    changes = {"listen": f"{HOST}:{port}", "public_url": PUBLIC_URL, "url": store, "number": NUMBER}
    for name, value in changes.items():
        emulated, found = re.subn(rf'(?m)^{name} = ".*"$', f'{name} = "{value}"', emulated)
        assert found == 1, name
    file.write_text(emulated)
    return file


def serve(file: Path) -> list[str]:
    """Give the command that starts a daemon."""
    return module("bridge", "serve", "--config", str(file))
