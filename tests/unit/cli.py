"""Running commands in tests as a shell would: what came out, what was complained, the exit code."""

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bridge.cli import run

CONFIG = """
[store]
url = "sqlite:///{folder}/threadline.db"
[organisation]
name = "Example"
contact = "help@example.org"
timezone = "America/New_York"
[lines.main]
number = "+15550100001"
provider = "simulator"
"""


@dataclass
class Result:
    code: int
    out: str
    err: str


@dataclass
class Shell:
    """Runs commands with the configuration of a fresh folder."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def config(self) -> Path:
        return self.folder / "threadline.toml"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/threadline.db"

    def write(self, text: str = CONFIG) -> None:
        self.config.write_text(text.replace("{folder}", str(self.folder)))

    def __call__(self, *arguments: str, stdin: str | None = None, config: bool = True) -> Result:
        """Run a command; --config is added unless `config` is False."""
        if stdin is not None:
            self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        given = [*arguments, "--config", str(self.config)] if config else list(arguments)
        code = run(given)
        out, err = self.capsys.readouterr()
        return Result(code, out, err)


def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Make a shell with a good configuration."""
    made = Shell(tmp_path, capsys, monkeypatch)
    made.write()
    return made
