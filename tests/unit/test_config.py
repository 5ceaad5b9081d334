"""The configuration: everything that is wrong with it is said at once, and where."""

import re
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from bridge import registry
from bridge.config import (
    INBOX_KEYS,
    LINE_KEYS,
    ConfigError,
    Inbox,
    Organisation,
    Server,
    Store,
    load,
    mistakes_of,
    read,
)
from connectors.notify.email import Config as EmailConfig

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
[server]
public_url = "https://sms.example.org/"
[organisation]
name = "Example"
contact = "help@example.org"
[inbox]
hold_seconds = 7
[lines.main]
number = "+15550100001"
provider = "carrier"
desks = ["slack.support", "web"]
auth_token = "env:CARRIER_TOKEN"
[lines.second]
number = "+15550100002"
provider = "simulator"
desks = ["web"]
provider_answers = []
rate = 2
[slack]
bot_token = "file:{secret}"
[slack.desks.support]
channel = "C1"
reply_mode = "explicit"
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write a configuration; the things that it refers to are there."""
    monkeypatch.setenv("CARRIER_TOKEN", "top secret")
    secret = tmp_path / "bot"
    secret.write_text("xoxb-hidden\n")

    def write(text: str = GOOD) -> Path:
        path = tmp_path / "threadline.toml"
        path.write_text(text.replace("{secret}", str(secret)))
        return path

    return write


def test_a_good_one(write):
    config = load(write())
    assert config.server.public_url == "https://sms.example.org"
    assert config.server.address == ("127.0.0.1", 8080)
    assert config.lines["main"].extra == {"auth_token": "top secret"}
    assert config.lines["main"].provider_answers is None
    assert config.lines["second"].provider_answers == ()
    assert list(config.desks) == ["slack.support", "web"]
    support = config.desks["slack.support"]
    assert support.keys == {"channel": "C1"}
    assert (support.settings.reply_mode, support.settings.hold_seconds) == ("explicit", 7)
    assert config.chats["slack"].keys == {"bot_token": "xoxb-hidden"}
    assert config.warnings == ()


def test_no_secret_in_any_repr(write):
    config = load(write())
    shown = repr(config) + repr(config.lines) + repr(config.chats) + repr(config.source)
    assert "top secret" not in shown
    assert "hidden" not in shown


def test_a_password_in_the_address_of_the_database_is_not_shown(write):
    config = load(write('[store]\nurl = "postgresql://u:pass-word@host/name"\n' + GOOD))
    assert "pass-word" not in repr(config)
    assert any("[store] url" in warning for warning in config.warnings)


TEN_MISTAKES = """
[server]
listen = "8080"
[store]
url = "sqlite://threadline.db"
auto_migrat = true
[organisation]
name = "Example"
region = "USA"
timezone = "Mars/Olympus"
[inbox]
display = "some"
hold_seconds = "soon"
[lines.main]
number = "555 0100"
provider = "carrier"
auth_token = "env:THERE_IS_NO_SUCH_VARIABLE"
desks = ["slack.suport"]
[lines.second]
number = "+15550100002"
provider = "simulator"
desks = []
rate = 0
[lines.third]
number = "+15550100002"
provider = "simulator"
desks = ["web"]
[slack]
bot_token = "file:/no/such/file"
[slack.desks.support]
reply_mode = "shout"
"""

EXPECTED = {
    2: "[server] public_url: is missing",
    3: '[server] listen: "8080" is not an address and port; write',
    5: "[store] url: the slashes are wrong; write sqlite:///relative.db",
    6: '[store] auto_migrat: is not a key that threadline knows; did you mean "auto_migrate"?',
    7: "[organisation] contact: is missing; add it",
    9: '[organisation] region: no country has the code "USA"',
    10: '[organisation] timezone: there is no time zone "Mars/Olympus"',
    12: '[inbox] display: must be "natural" or "all", not "some"',
    13: '[inbox] hold_seconds: must be a number, not "soon"',
    15: '[lines.main] number: "555 0100" is not written internationally',
    17: "[lines.main] auth_token: the environment has no variable THERE_IS_NO_SUCH_VARIABLE; set it",
    18: '[lines.main] desks: there is no desk "slack.suport"; did you mean "slack.support"?',
    22: "[lines.second] desks: names no desk",
    23: "[lines.second] rate: must be more than 0",
    25: "[lines.third] number: +15550100002 is the number of [lines.second] too",
    29: "[slack] bot_token: the file /no/such/file cannot be read: No such file or directory",
    31: '[slack.desks.support] reply_mode: must be "direct" or "explicit", not "shout"',
}


def test_every_mistake_is_reported_at_once_with_its_line(write):
    path = write(TEN_MISTAKES)
    found = mistakes_of(path)
    expected = [f"{path}: line {line}: {words}" for line, words in EXPECTED.items()]
    assert len(found) == len(expected)
    for said, wanted in zip(found, expected, strict=True):
        assert said.startswith(wanted)
        assert "\n" not in said


def test_plain_secrets_work_with_a_warning(write):
    path = write(GOOD.replace("env:CARRIER_TOKEN", "in the open"))
    config = load(path)
    assert config.lines["main"].extra["auth_token"] == "in the open"
    assert config.warnings == (
        f"{path}: line 13: [lines.main] auth_token: a secret stands in the file in plain; "
        'write "env:NAME" or "file:/path", and keep the secret there',
    )


def test_a_reference_fills_values_of_any_type(write, monkeypatch):
    monkeypatch.setenv("HOLD", "9")
    monkeypatch.setenv("DESKS", "web, slack.support")
    text = GOOD.replace("hold_seconds = 7", 'hold_seconds = "env:HOLD"')
    config = load(write(text.replace('desks = ["slack.support", "web"]', 'desks = "env:DESKS"')))
    assert config.inbox.hold_seconds == 9
    assert config.lines["main"].desks == ("web", "slack.support")


def test_no_file_and_no_toml(tmp_path):
    missing = tmp_path / "none.toml"
    assert mistakes_of(missing) == [
        f"{missing}: cannot be read: No such file or directory; "
        "give the right one with --config, or make one with: threadline init"
    ]
    broken = tmp_path / "broken.toml"
    broken.write_text("[server]\nlisten = \n")
    assert mistakes_of(broken) == [f"{broken}: line 2: is not TOML: Invalid value; mend that line first"]


MINIMAL = """
[organisation]
name = "Example"
contact = "help@example.org"
[lines.main]
number = "+15550100001"
provider = "simulator"
"""


def test_the_web_inbox_is_there_when_nothing_else_is(write):
    config = load(write(MINIMAL))
    assert list(config.desks) == ["web"]
    assert config.lines["main"].desks == ("web",)


def test_the_web_inbox_can_be_switched_off_where_another_desk_is(write):
    text = GOOD.replace('desks = ["slack.support", "web"]', "").replace('desks = ["web"]', "")
    config = load(write(text + "[web]\nenabled = false\n"))
    assert list(config.desks) == ["slack.support"]
    assert config.lines["second"].desks == ("slack.support",)
    assert "write enabled = true in [web]" in mistakes_of(write(GOOD + "[web]\nenabled = false\n"))[0]


def test_the_web_inbox_has_settings_of_its_own(write):
    config = load(write(GOOD + '[web]\ndisplay = "all"\n'))
    assert config.desks["web"].settings.display == "all"
    assert config.desks["web"].settings.hold_seconds == 7


@pytest.mark.parametrize(
    ("url", "works"),
    [
        ("sqlite:///relative.db", True),
        ("sqlite:////absolute/path.db", True),
        ("postgresql://user@host/name", True),
        ("postgresql:///name?host=/run/postgresql", True),
        ("sqlite://two.db", False),
        ("sqlite:/one.db", False),
        ("sqlite://", False),
        ("sqlite:///:memory:", False),
        ("sqlite://///five.db", False),
        ("postgresql://host", False),
        ("postgres://user@host/name", False),
        ("mysql://host/name", False),
        ("threadline.db", False),
    ],
)
def test_addresses_of_databases(write, url, works):
    assert (mistakes_of(write(f'[store]\nurl = "{url}"\n' + GOOD)) == []) is works


def test_three_slashes_where_four_are_meant(write):
    config = load(write('[store]\nurl = "sqlite:///var/lib/threadline.db"\n' + GOOD))
    assert "write four slashes: sqlite:////var/lib/threadline.db" in config.warnings[0]


@pytest.mark.parametrize(
    ("listen", "address"),
    [("0.0.0.0:80", ("0.0.0.0", 80)), ("[::1]:8080", ("::1", 8080)), (":0", ("", 0))],
)
def test_listen(listen, address):
    assert Server(listen=listen).address == address


@pytest.mark.parametrize("listen", ["localhost", "::1:8080", "host:99999", "host:", "host:http"])
def test_bad_listen(listen):
    with pytest.raises(ValueError, match="is not an address and port"):
        Server(listen=listen)


@pytest.mark.parametrize(
    ("url", "mistakes", "warnings"),
    [
        ("https://sms.example.org/base", 0, 0),
        ("http://127.0.0.1:8080", 0, 0),
        ("http://localhost:8080", 0, 0),
        ("http://sms.example.org", 0, 1),
        ("sms.example.org", 1, 0),
        ("https://sms.example.org/?a=b", 1, 0),
    ],
)
def test_public_url(write, url, mistakes, warnings):
    reading = read(write(GOOD.replace("https://sms.example.org/", url)))
    assert (len(reading.mistakes), len(reading.warnings)) == (mistakes, warnings)


def test_public_url_is_needed_only_for_real_numbers(write):
    assert mistakes_of(write(MINIMAL)) == []
    assert "[server] public_url" in mistakes_of(write(MINIMAL.replace("simulator", "carrier")))[0]


def test_a_configuration_error_says_everything(write):
    with pytest.raises(ConfigError) as raised:
        load(write(TEN_MISTAKES))
    assert len(raised.value.mistakes) == len(EXPECTED)
    assert str(raised.value).count("\n") == len(EXPECTED) - 1


def example(*, uncommented: bool) -> dict[str, Any]:
    """The example; with what stands there as a comment, if wanted."""
    text = (ROOT / "config.example.toml").read_text()
    return tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE) if uncommented else text)


def test_the_example_shows_every_key_of_ours():
    shown = example(uncommented=True)
    assert set(shown["server"]) == set(Server.model_fields)
    assert set(shown["store"]) == set(Store.model_fields)
    assert set(shown["organisation"]) == set(Organisation.model_fields)
    assert set(shown["inbox"]) == INBOX_KEYS
    assert set(shown["lines"]["main"]) >= LINE_KEYS
    assert set(shown["web"]) == {"enabled"}
    assert set(shown["email"]) == set(EmailConfig.model_fields)


def test_the_example_shows_defaults():
    shown = example(uncommented=False)
    for table, model in (("server", Server), ("store", Store), ("inbox", Inbox)):
        defaults = {key: field.default for key, field in model.model_fields.items() if key in shown[table]}
        assert shown[table] == defaults | ({"public_url": ANY} if table == "server" else {})


@pytest.mark.parametrize(
    ("table", "kind", "connector"),
    [
        ("lines.main", "sms", "twilio"),
        ("lines.trial", "sms", "simulator"),
        ("slack", "chat", "slack"),
        ("telegram", "chat", "telegram"),
    ],
)
def test_the_example_shows_every_key_of_connectors(table, kind, connector):
    shown: Any = example(uncommented=True)
    for part in table.split("."):
        shown = shown[part]
    config, desk = registry.config_models(kind, connector)
    ours = LINE_KEYS if kind == "sms" else {"desks"}
    assert set(shown) - ours == set(config.model_fields)
    if desk:
        assert set(shown["desks"]["support"]) == set(desk.model_fields)


def test_the_example_says_a_sentence_about_every_key():
    lines = (ROOT / "config.example.toml").read_text().splitlines()
    trial = lines.index("[lines.trial]")
    for number, line in enumerate(lines):
        if re.match(r"(# )?\w+ = ", line) and not trial < number <= trial + 3:
            assert lines[number - 1].startswith("# "), line
            assert lines[number - 1].endswith("."), line


def test_the_example_loads(monkeypatch):
    for name in ("TWILIO_AUTH_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.setenv(name, "123456:secret")
    config = registry.load(ROOT / "config.example.toml")
    assert list(config.desks) == ["slack.support", "telegram.support", "web"]
    assert config.warnings == ()
