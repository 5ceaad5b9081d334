"""What a forked daemon does before it is `threadline serve`: it takes a switch, a clock and short waits.

All of that lives here and not in the product: the product is patched in this process, and nowhere else.
"""

import functools
import importlib
import mmap
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.crash.switch import Switch, install

_QUICK = ("connectors.chat.slack.platform", "connectors.chat.telegram.platform")


def live(config: str, options: Mapping[str, Any]) -> int:
    """Be a daemon until the end; give its exit code.

    options: switch (a folder), clock (a file with the seconds that the clock is wrong by), set (values by
    "module:name").
    """
    for place, value in options.get("set", {}).items():
        _set(place, tuple(value) if isinstance(value, list) else value)
    _hurry()
    install(Switch(Path(options["switch"])))
    if options.get("clock"):
        from bridge import run

        run.running = functools.partial(run.running, now=wrong_clock(Path(options["clock"])))
    from bridge.cli import run as command

    return command(["serve", "--config", config])


def _set(place: str, value: Any) -> None:
    module_name, _, name = place.partition(":")
    module = importlib.import_module(module_name)
    assert hasattr(module, name), f"{place} is not there any more"
    setattr(module, name, value)


def _hurry() -> None:
    """Let the desks write as fast as they can: the emulators hold nobody to the platforms' pace."""
    from bridge.model.traits import Rate

    quick = Rate(1000, 1000)
    for name in _QUICK:
        platform = importlib.import_module(name).Platform
        platform.traits = replace(platform.traits, post_rate=quick, mark_rate=quick)


def wrong_clock(file: Path) -> Callable[[], float]:
    """Give a clock that is wrong by what the file says at that moment."""
    with file.open("rb") as held:
        seconds = mmap.mmap(held.fileno(), 8, access=mmap.ACCESS_READ)
    return lambda: time.time() + float(struct.unpack("d", seconds[:8])[0])
