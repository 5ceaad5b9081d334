"""What an operator says about Telegram."""

import hashlib
import hmac
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")  # Bot API, setWebhook: secret_token


class DeskConfig(BaseModel):
    """One forum group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chat: int
    overview: bool = True  # who waits, kept and pinned in General


class Config(BaseModel):
    """The bot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bot_token: SecretStr
    mode: Literal["polling", "webhook"] = "polling"
    api_url: str = "https://api.telegram.org"
    webhook_secret: SecretStr | None = None

    @field_validator("bot_token")
    @classmethod
    def _token_can_be_one(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9:_-]+", token.get_secret_value()):
            raise ValueError("must be the token that @BotFather gave, like 123456:ABC-DEF")
        return token

    @field_validator("api_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return url.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _secret_can_be_one(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.match(secret.get_secret_value()):
            raise ValueError("must be 1 to 256 characters of A-Z a-z 0-9 _ -")
        return secret

    def secret(self) -> str:
        """Give the webhook's secret: the configured one, or one that follows from the token."""
        if self.webhook_secret is not None:
            return self.webhook_secret.get_secret_value()
        token = self.bot_token.get_secret_value().encode()
        return hmac.new(token, b"threadline telegram webhook", hashlib.sha256).hexdigest()
