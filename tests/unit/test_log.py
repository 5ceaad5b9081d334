"""The log never shows a whole number, a secret or what somebody wrote."""

import json
import logging
import sys

import pytest
import structlog

from bridge import log


@pytest.fixture(autouse=True)
def _as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("+15550100001", "••••••••••01"),
        ("a text of +1 555 010 0001 came", "a text of •••••••••••••01 came"),
        ("call (555) 010-0199", "call ••••••••••••99"),
        ("from:15550100001", "from:•••••••••01"),
        ("15550100001", "•••••••••01"),
        ("1732377600.123456", "1732377600.123456"),
        ("-1001234567890", "-1001234567890"),
        ("https://api.telegram.org/bot123456789:AAF0000000000000000000000000000000/getMe",
         "https://api.telegram.org/bot[secret]/getMe"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [secret]"),
        ("postgresql://user:word@host/name", "postgresql://[secret]@host/name"),
        ("xoxb-123-abc", "[secret]"),
    ],
)  # fmt: skip
def test_masking(said, shown):
    assert log.without_secrets(None, "", {"event": "x", "said": said})["said"] == shown


def test_secrets_and_words_are_dropped_at_any_depth():
    event = {"event": "x", "auth_token": "t", "text": "hi", "inner": {"password": "p", "n": ["+15550100001"]}}
    assert log.without_secrets(None, "", event) == {"event": "x", "inner": {"n": ["••••••••••01"]}}


class _Stream:
    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.buffer = self

    def write(self, data: bytes) -> None:
        self.lines.append(data)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


def test_lines_are_json_and_libraries_speak_through_them(monkeypatch):
    stream = _Stream()
    monkeypatch.setattr(sys, "stderr", stream)
    log.configure()
    log.logger(part="line.main").info("received", sender="+15550100001", cost=1.5)
    logging.getLogger("aiosqlite").warning("no answer for %s", "+15550100001")
    logging.getLogger("httpx").info("HTTP Request: POST https://example.org")
    logging.getLogger("anything").debug("too much")

    lines = [json.loads(line) for line in b"".join(stream.lines).splitlines()]
    assert [line["event"] for line in lines] == ["received", "no answer for ••••••••••01"]
    assert lines[0]["part"] == "line.main"
    assert (lines[0]["sender"], lines[0]["cost"]) == ("••••••••••01", 1.5)
    assert lines[1]["logger"] == "aiosqlite"
    assert lines[0]["at"].endswith("Z")
