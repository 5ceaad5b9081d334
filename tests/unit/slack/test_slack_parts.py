"""The small parts: errors, commands, configuration, manifest, order."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from slack_sdk.errors import SlackApiError

from bridge.errors import (
    ConnectorError,
    Gone,
    OptedOut,
    Rejected,
    Throttled,
    Unreachable,
    Unsure,
    Unusable,
)
from connectors.chat.slack import Config, DeskConfig, manifest
from connectors.chat.slack.commands import number_and_text
from connectors.chat.slack.errors import translate
from connectors.chat.slack.manifest import SCOPES
from connectors.chat.slack.reading import order_of
from connectors.chat.slack.voice import digest

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "slack"
TOKEN = {"bot_token": "xoxb-secret"}


# -- errors --------------------------------------------------------------------------------------------------


def answered(status: int, data: Any = None, **headers: str) -> SlackApiError:
    response = SimpleNamespace(status_code=status, data=data or {}, headers=headers)
    return SlackApiError("The request to the Slack API failed.", response)


def said(code: str, **more: str) -> SlackApiError:
    return answered(200, {"ok": False, "error": code, **more})


KEY = SimpleNamespace(host="slack.com", port=443, ssl=True, is_ssl=True)
CASES: list[tuple[Exception, type[ConnectorError]]] = [
    (answered(429), Throttled),
    (said("ratelimited"), Throttled),
    (answered(500), Unsure),
    (answered(503, {"ok": False, "error": "service_unavailable"}), Unsure),
    (answered(200), Unsure),
    (answered(403), Unreachable),
    (SlackApiError("broken JSON", SimpleNamespace(status=200)), Unsure),
    (SlackApiError("broken JSON", SimpleNamespace(status=502)), Unsure),
    (said("fatal_error"), Unsure),
    (said("channel_not_found"), Unusable),
    (said("account_inactive"), Unusable),
    (said("restricted_action_read_only_channel"), Unusable),
    (said("restricted_action_thread_locked"), Rejected),
    (said("team_added_to_org"), Unreachable),
    (said("thread_not_found"), Gone),
    (said("cannot_reply_to_message"), Gone),
    (said("invalid_blocks"), Rejected),
    (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), Unreachable),  # type: ignore[arg-type]
    (aiohttp.ConnectionTimeoutError(), Unreachable),
    (aiohttp.InvalidURL("x"), Unreachable),
    (TimeoutError(), Unsure),
    (aiohttp.ServerDisconnectedError(), Unsure),
    (aiohttp.ClientOSError(104, "reset"), Unsure),
    (aiohttp.ClientPayloadError("half"), Unsure),
    (AttributeError("'str' object has no attribute 'get'"), Unsure),
    (OptedOut("x"), OptedOut),
]


@pytest.mark.parametrize(("failure", "kind"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_what_failures_mean(failure: Exception, kind: type[ConnectorError]) -> None:
    assert type(translate(failure)) is kind


def test_how_long_to_wait() -> None:
    waits = [translate(answered(429, None, **{"Retry-After": after})) for after in ("12", "0", "soon")]
    assert [error.after for error in waits if isinstance(error, Throttled)] == [12, 0, 30]


def test_a_scope_is_named_and_nothing_else_of_the_answer() -> None:
    error = translate(said("missing_scope", needed="files:write", provided="chat:write", token="xoxb-1"))
    assert "files:write" in error.reason and "xoxb" not in f"{error!r}{error.reason}"
    assert error.code == "missing_scope"


def test_every_documented_refusal_of_posting_has_a_meaning() -> None:
    if not (SHARED / "slack_methods.json").exists():
        pytest.skip("the method list is not here")
    methods = json.loads((SHARED / "slack_methods.json").read_text())["methods"]
    for method in ("chat.postMessage", "chat.update", "reactions.add", "files.completeUploadExternal"):
        for code in methods[method]["errors"]:
            assert translate(said(code)).reason


# -- commands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number", "text"),
    [
        ("+15550100199 Hello there", "+15550100199", "Hello there"),
        ("(555) 010-0199 Hello", "+15550100199", "Hello"),
        ("555 010 0199", "+15550100199", ""),
        ("+1 555 010 0199 24 rooms", "+15550100199", "24 rooms"),
        ("5550100199 2 rooms left", "+15550100199", "2 rooms left"),
        ("555-010-0199\tHello\nBob", "+15550100199", "Hello\nBob"),
        ("72645 JOIN", "72645", "JOIN"),
        ("+44 20 7946 0958 tea?", "+442079460958", "tea?"),
        ("Bob hello", None, "Bob hello"),
        ("", None, ""),
    ],
)
def test_numbers_as_people_write_them(typed: str, number: str | None, text: str) -> None:
    assert number_and_text(typed, "US") == (number, text)


# -- configuration -------------------------------------------------------------------------------------------


def test_what_a_configuration_needs() -> None:
    assert Config(**TOKEN, app_token="xapp-1").api_url == "https://slack.com/api/"
    Config(**TOKEN, signing_secret="s")
    with pytest.raises(ValidationError, match="app_token"):
        Config(**TOKEN)
    with pytest.raises(ValidationError, match="extra"):
        Config(**TOKEN, app_token="x", colour="red")
    with pytest.raises(ValidationError, match="channel"):
        DeskConfig(channel="#support")
    assert "hush" not in repr(Config(bot_token="xoxb-hush", app_token="xapp-hush", signing_secret="hush"))


# -- manifest ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("socket_mode", [True, False])
def test_the_manifest_is_valid(socket_mode: bool) -> None:
    schema = SHARED / "slack_app_manifest.schema.json"
    if not schema.exists():
        pytest.skip("the schema is not here")
    jsonschema.validate(manifest("https://sms.example.org/", socket_mode), json.loads(schema.read_text()))


def test_the_manifest_fits_the_way_slack_reaches_us() -> None:
    socket, http = (manifest("https://sms.example.org/", mode) for mode in (True, False))
    assert "slack/events" not in json.dumps(socket)
    assert json.dumps(http).count("https://sms.example.org/slack/events") == 3
    assert socket["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)


# -- order and keys ------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 10**10), st.integers(0, 999_999))))
def test_order_sorts_as_time_does(moments: list[tuple[int, int]]) -> None:
    stamps = {moment: f"{moment[0]}.{moment[1]:06d}" for moment in moments}
    assert sorted(moments) == sorted(moments, key=lambda moment: order_of(stamps[moment]))


def test_a_digest_tells_nothing() -> None:
    assert digest("post:+15550100199") != digest("post:+15550100198")
    assert "555" not in digest("post:+15550100199") and len(digest("x")) == 24
