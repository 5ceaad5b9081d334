"""Connectors are found by name, and what belongs to them is checked with the rest."""

from pathlib import Path

import pytest

from bridge import registry
from bridge.config import ConfigError
from bridge.model.traits import Rate
from bridge.model.verdict import Facts, Kind

CONFIG = """
[server]
public_url = "https://sms.example.org"
[organisation]
name = "Example"
contact = "help@example.org"
[lines.main]
number = "+15550100001"
provider = "simulator"
desks = ["web"]
rate = 3
provider_answers = ["stop"]
[lines.other]
number = "+15550100002"
provider = "simulator"
desks = ["web", "slack.support"]
[web]
display = "all"
[slack]
bot_token = "env:BOT"
app_token = "env:APP"
[slack.desks.support]
channel = "C0123456789"
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BOT", "xoxb-secret")
    monkeypatch.setenv("APP", "xapp-secret")

    def write(text: str = CONFIG) -> Path:
        path = tmp_path / "threadline.toml"
        path.write_text(text)
        return path

    return write


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        registry.load(path)
    return [line.removeprefix(f"{path}: ") for line in raised.value.mistakes]


def test_what_is_there_is_found():
    assert "simulator" in registry.known_providers()
    assert {"slack", "telegram", "web"} <= set(registry.known_platforms())
    assert not [name for name in registry.known_providers() if name.startswith("_")]


def test_the_keys_of_connectors_are_checked_with_ours(write):
    text = CONFIG.replace("rate = 3", 'rate = 0\nsecert = "x"').replace('"C0123456789"', '"#support"')
    text = text.replace("bot_token", "bot_tokn").replace("[web]\n", "[web]\nhold_second = 3\n")
    assert mistakes(write(text)) == [
        "line 11: [lines.main] rate: must be more than 0, not 0",
        'line 12: [lines.main] secert: is not a key that threadline knows; did you mean "secret"?',
        'line 19: [web] hold_second: is not a key that threadline knows; did you mean "hold_seconds"?',
        "line 21: [slack] bot_token: is missing; add it: xoxb-…, from OAuth & Permissions of the Slack app",
        'line 22: [slack] bot_tokn: is not a key that threadline knows; did you mean "bot_token"?',
        "line 25: [slack.desks.support] channel: does not look right; the channel's id, C0123456789",
    ]


def test_a_secret_that_is_not_there_is_said_once(write, monkeypatch):
    monkeypatch.delenv("APP")
    assert mistakes(write()) == ["line 21: [slack] app_token: the environment has no variable APP; set it"]


def test_slips_in_names(write):
    assert mistakes(write(CONFIG.replace('"simulator"', '"simulater"', 1))) == [
        'line 9: [lines.main] provider: there is no provider "simulater"; did you mean "simulator"?'
    ]
    assert mistakes(write(CONFIG.replace("[slack", "[slak").replace("slack.", "slak."))) == [
        "line 19: [slak] is neither a table of ours nor a chat that threadline knows; did you mean [slack]?"
    ]
    assert mistakes(write(CONFIG.replace("[organisation]", "[organization]"))) == [
        "[organisation] name: is missing; add it",
        "[organisation] contact: is missing; add it",
        "line 4: [organization] is neither a table of ours nor a chat that threadline knows; "
        "did you mean [organisation]?",
    ]


def test_a_chat_without_desks(write):
    text = CONFIG.replace("[slack.desks.support]\nchannel", "# channel").replace(', "slack.support"', "")
    assert mistakes(write(text)) == [
        "line 19: [slack] desks: there is no desk; add a table [slack.desks.support]"
    ]


def test_lines_as_decisions_see_them(write):
    config = registry.load(write())
    region = config.organisation.region
    providers = {name: registry.sms_provider(line, region) for name, line in config.lines.items()}
    lines = registry.lines(config, providers)
    assert lines["main"].traits.rate == Rate(3, 3)
    assert lines["other"].traits.rate == providers["other"].traits.rate
    assert lines["main"].provider_answers == frozenset({"stop"})
    assert lines["other"].provider_answers == frozenset(providers["other"].traits.answers)
    assert lines["other"].desks == ("web", "slack.support")
    assert lines["main"].channel == "main · (555) 010-0001"


def test_no_secret_in_the_repr_of_a_connector(write):
    config = registry.load(write())
    provider = registry.sms_provider(config.lines["main"], "US")
    assert "secret" not in repr(provider) + repr(config)


def test_the_slack_manifest_fits_the_configuration(write, monkeypatch):
    manifest = registry.slack_manifest(registry.load(write()))
    assert manifest["settings"]["socket_mode_enabled"] is True
    over_http = CONFIG.replace("app_token", "signing_secret")
    manifest = registry.slack_manifest(registry.load(write(over_http)))
    assert manifest["settings"]["socket_mode_enabled"] is False
    address = manifest["settings"]["event_subscriptions"]["request_url"]
    assert address == "https://sms.example.org/slack/events"


def test_the_classifier():
    assert registry.classifier()(Facts("STOP")).kind is Kind.OPT_OUT
