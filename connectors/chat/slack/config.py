"""What [slack] and [slack.desks.NAME] of the configuration hold."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class Config(BaseModel):
    """One Slack app in one workspace."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bot_token: SecretStr = Field(description="xoxb-…, from OAuth & Permissions of the Slack app")
    app_token: SecretStr | None = Field(default=None, description="xapp-…; given: Socket Mode, absent: HTTP")
    signing_secret: SecretStr | None = Field(default=None, description="needed over HTTP")
    api_url: str = Field(default="https://slack.com/api/", description="for tests and proxies")

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if self.app_token is None and self.signing_secret is None:
            raise ValueError("give app_token (Socket Mode) or signing_secret (HTTP)")
        return self


class DeskConfig(BaseModel):
    """One channel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str = Field(pattern=r"^[CG][A-Z0-9]{2,}$", description="the channel's id, C0123456789")
