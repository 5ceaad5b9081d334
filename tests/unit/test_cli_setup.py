"""check, init, slack-manifest, migrate, and what every command says when it cannot."""

import json
import subprocess
import sys
import tomllib

import pytest
import yaml

from bridge.cli import live
from bridge.config import Config, LineConfig
from bridge.errors import Unreachable
from bridge.ports import Finding
from tests.unit.cli import CONFIG, shell

COMMANDS = (
    "serve", "demo", "check", "init", "slack-manifest", "migrate", "classify", "messages", "contacts",
    "consent", "lists", "keywords", "failed", "replay", "staff", "stats",
)  # fmt: skip

sh = pytest.fixture(name="sh")(shell)


def test_help_is_quick_and_names_every_command(sh):
    result = sh("--help", config=False)
    assert result.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in result.out
    heavy = "import sys, bridge.cli; print({'sqlalchemy', 'pydantic', 'slack_bolt'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], "No such command 'bogus'; see: threadline --help"),
        (["stats"], "Missing option '--config' / '-c'; see: threadline stats --help"),
        (["stats", "--wrong"], "No such option"),
        (["demo", "--port", "70000"], "Invalid value for '--port'"),
        (["keywords", "add"], "Missing argument 'word'"),
    ],
)
def test_bad_usage_is_one_line_and_2(sh, arguments, words):
    result = sh(*arguments, config=False)
    assert (result.code, result.out) == (2, "")
    assert words in result.err
    assert result.err.startswith("threadline: ")
    assert result.err.count("\n") == 1


def test_check(sh):
    result = sh("check")
    assert (result.code, result.err) == (0, "")
    assert "no mistakes. Lines: main. Desks: web." in result.out


def test_check_with_warnings_is_0(sh):
    sh.write('[server]\npublic_url = "http://sms.example.org"\n' + CONFIG)
    result = sh("check")
    assert result.code == 0
    assert result.err.startswith(f"warning: {sh.config}: line 2: [server] public_url: ")


def test_check_reports_every_mistake_a_line_each(sh):
    sh.write(CONFIG.replace("America/New_York", "Nowhere") + 'sercet = "x"\nrate = -1\n')
    result = sh("check")
    assert (result.code, result.out) == (2, "")
    assert [line.split(": ")[:3] for line in result.err.splitlines()] == [
        [str(sh.config), "line 7", "[organisation] timezone"],
        [str(sh.config), "line 11", "[lines.main] sercet"],
        [str(sh.config), "line 12", "[lines.main] rate"],
    ]


def test_check_live(sh, monkeypatch):
    result = sh("check", "--live")
    assert result.code == 0
    assert "ok      line main: is simulated" in result.out

    async def missing(*_: object) -> list[Finding]:
        return [Finding("slack", False, "files:write is not granted", "add the scope and install again")]

    monkeypatch.setattr(live, "_chat", missing)
    result = sh("check", "--live")
    assert result.code == 1
    assert "MISSING slack: files:write is not granted; add the scope and install again" in result.out


async def test_check_live_drives_the_provider_and_survives_its_silence(monkeypatch):
    class Provider:
        def check(self, public_url: str):
            response = yield f"asked for {public_url}"
            return [Finding("line main", True, response)]

    monkeypatch.setattr(live.registry, "sms_provider", lambda *_: Provider())
    line = LineConfig(name="main", number="+15550100001", provider="other")
    config = Config.model_validate(
        {
            "server": {"public_url": "https://x.example"},
            "store": {},
            "organisation": {"name": "X", "contact": "y"},
            "inbox": {},
            "lines": {"main": line},
            "chats": {},
        }
    )

    async def echo(request):
        return request

    async def silent(request):
        raise Unreachable("no connection to api.example")

    assert await live.look(config, echo) == [Finding("line main", True, "asked for https://x.example")]
    assert await live.look(config, silent) == [Finding("line main", False, "no connection to api.example")]


def test_init_writes_what_check_accepts(sh):
    sh.config.unlink()
    answers = 'My "Org"\nhelp@x.org\nXX\nus\nNowhere\nAmerica/Chicago\nsimulator\n(555) 010-0199\nn\nn\n'
    result = sh("init", "--output", str(sh.config), stdin=answers, config=False)
    assert result.code == 0
    written = tomllib.loads(sh.config.read_text())
    assert written["organisation"] == {
        "name": 'My "Org"', "contact": "help@x.org", "region": "US", "timezone": "America/Chicago",
    }  # fmt: skip
    assert written["lines"]["main"]["number"] == "+15550100199"
    assert sh("check").code == 0


def test_init_refers_to_secrets(sh, monkeypatch):
    sh.config.unlink()
    answers = "Org\nhelp\nUS\nUTC\nsimulator\n+15550100199\ny\nC0123456789\ny\n-1001234567890\nn\n"
    result = sh("init", "--output", str(sh.config), stdin=answers, config=False)
    assert "SLACK_BOT_TOKEN, SLACK_APP_TOKEN, TELEGRAM_BOT_TOKEN" in result.out
    written = tomllib.loads(sh.config.read_text())
    assert written["slack"]["bot_token"] == "env:SLACK_BOT_TOKEN"
    assert written["telegram"]["desks"]["support"] == {"chat": -1001234567890}
    assert written["lines"]["main"]["desks"] == ["slack.support", "telegram.support"]
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.setenv(name, "123456:abc")
    assert sh("check").code == 0


def test_init_overwrites_nothing_silently(sh):
    before = sh.config.read_text()
    result = sh("init", "--output", str(sh.config), stdin="", config=False)
    assert (result.code, sh.config.read_text()) == (1, before)
    assert "is there already" in result.err


def test_slack_manifest_works_before_there_are_tokens(sh):
    slack = '[slack]\nbot_token = "env:NOT_YET"\napp_token = "env:NOT_YET"\n[slack.desks.a]\nchannel = "C1"\n'
    sh.write(CONFIG + slack)
    result = sh("slack-manifest")
    assert (result.code, result.err) == (0, "")
    manifest = json.loads(result.out)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert yaml.safe_load(sh("slack-manifest", "--format", "yaml").out) == manifest


def test_migrate(sh):
    assert "was: empty" in sh("migrate").out
    assert "already" in sh("migrate").out


def test_work_on_the_database_needs_no_tokens(sh):
    sh.write(CONFIG + 'secret = "env:NOT_IN_THIS_SHELL"\n')
    assert sh("check").code == 2
    assert sh("stats").code == 0


def test_a_database_that_may_not_be_migrated(sh):
    sh.write(CONFIG.replace("[organisation]", "auto_migrate = false\n[organisation]"))
    result = sh("stats")
    assert result.code == 1
    assert "run: threadline migrate" in result.err


def test_a_database_that_is_no_database(sh):
    (sh.folder / "threadline.db").write_text("this is not a database, however long one looks at it" * 100)
    result = sh("stats")
    assert (result.code, result.err) == (1, "threadline: the database: file is not a database\n")


def test_a_database_that_is_away(sh):
    sh.write(CONFIG.replace("sqlite:///{folder}/threadline.db", "postgresql://u:hidden@127.0.0.1:9/none"))
    result = sh("stats")
    assert result.code == 1
    assert result.err.splitlines()[-1].startswith("threadline: the database")
    assert "hidden" not in result.err
