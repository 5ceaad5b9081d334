"""The Web API: slack_sdk's client without its retries, and its failures as our errors."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bridge.errors import Unusable
from bridge.ports import Log
from connectors.chat.slack.config import Config
from connectors.chat.slack.errors import translate

Answer = dict[str, Any]
TIMEOUT: Final = 30  # seconds; a post may take long and still happen
_TOKEN_TROUBLE = frozenset(
    {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"}
)
_SECRET = re.compile(r"wss?://\S+|xox[a-z]-\S+|xapp-\S+")


class Api:
    """One bot token. `refused` says why Slack does not take it, for as long as it does not."""

    def __init__(self, config: Config, log: Log) -> None:
        """Nothing is sent yet."""
        self.log = quiet_logger(log)
        self.refused = ""
        self.client = AsyncWebClient(
            token=config.bot_token.get_secret_value(),
            base_url=config.api_url,
            timeout=TIMEOUT,
            retry_handlers=[],  # slack_sdk's default one posts twice when a connection drops
            logger=self.log,
        )

    async def ask(self, call: Awaitable[AsyncSlackResponse]) -> Answer:
        """Wait for a call of `client` and give what Slack answered; raises the errors of bridge.errors."""
        with self._translated():
            data = (await call).data
        return data if isinstance(data, dict) else {}

    async def scopes(self) -> frozenset[str] | None:
        """Give the scopes of the bot token (header x-oauth-scopes of auth.test); None: Slack did not say."""
        with self._translated():
            response = await self.client.auth_test()
        granted = response.headers.get("x-oauth-scopes")
        return None if granted is None else frozenset(scope.strip() for scope in granted.split(","))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Exception as failure:
            error = translate(failure)
            if isinstance(error, Unusable) and error.code in _TOKEN_TROUBLE:
                self.refused = error.reason
            raise error from None
        self.refused = ""

    async def pages(
        self, method: Callable[..., Awaitable[AsyncSlackResponse]], **args: Any
    ) -> AsyncIterator[Answer]:
        """Give every message of a paged listing, over all its pages."""
        cursor = ""
        while True:
            page = await self.ask(method(**args, **({"cursor": cursor} if cursor else {})))
            for message in page.get("messages", ()):
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return


def quiet_logger(log: Log) -> logging.Logger:
    """Give a logger for slack_sdk and Bolt that passes warnings on without secrets or anybody's words.

    It is not registered, so that no logging set-up can make the libraries print whole payloads.
    """
    logger = logging.Logger("slack", logging.WARNING)
    logger.propagate = False
    logger.addHandler(_Forward(log))
    return logger


class _Forward(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        said = _SECRET.sub("…", record.getMessage()).splitlines() or [""]
        self._log.warning("slack_library", said=said[0][:200])
