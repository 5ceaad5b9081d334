"""What an operator may say of Telegram."""

import re

import pytest
from pydantic import ValidationError

from connectors.chat.telegram import Config, DeskConfig

TOKEN = "123456:ABC-DEF_secret"


def test_defaults() -> None:
    config = Config.model_validate({"bot_token": TOKEN})

    assert (config.mode, config.api_url) == ("polling", "https://api.telegram.org")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", config.secret())
    assert TOKEN not in repr(config) and config.secret() not in repr(config)


def test_the_webhook_secret_is_the_given_one_or_follows_from_the_token() -> None:
    secrets = [Config.model_validate({"bot_token": token}).secret() for token in (TOKEN, TOKEN, "9:other")]

    assert secrets[0] == secrets[1] != secrets[2]
    assert Config.model_validate({"bot_token": TOKEN, "webhook_secret": "my-own_1"}).secret() == "my-own_1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"bot_token": ""},
        {"bot_token": "12 34"},
        {"bot_token": "1:2/../x"},
        {"api_url": "api.telegram.org"},
        {"mode": "push"},
        {"webhook_secret": "with space"},
        {"webhook_secret": "x" * 257},
        {"colour": "blue"},
    ],
)
def test_mistakes(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"bot_token": TOKEN} | wrong)


def test_a_desk_is_a_chat_and_nothing_else() -> None:
    assert DeskConfig.model_validate({"chat": -1001234567890}).chat == -1001234567890
    with pytest.raises(ValidationError):
        DeskConfig.model_validate({"chat": -1, "display": "all"})
