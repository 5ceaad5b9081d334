"""The Bot API through python-telegram-bot, with patience for sends and with our errors."""

import logging
import ssl
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from connectors.chat.telegram.config import Config
from connectors.chat.telegram.refusals import translated

T = TypeVar("T")

ALLOWED = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "chat_member")
"""Named, since Telegram leaves out chat_member and message_reaction unless asked (Bot API, getUpdates)."""

# httpx writes the whole URL, with the token in it, at INFO; the library its parameters at DEBUG.
for _name in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_name).setLevel(logging.WARNING)
# It also writes out answers that it cannot read: they may hold what people said.
logging.getLogger("telegram.request").setLevel(logging.CRITICAL)


class _Bot(Bot):
    """A bot that also gives updates as they came, so that one it cannot read does not hide the others."""

    async def raw_updates(self, offset: int, patience: int) -> list[dict[str, Any]]:
        """Wait for updates from that offset on. Calling it confirms all before the offset."""
        asked = {"offset": offset, "timeout": patience, "allowed_updates": list(ALLOWED)}
        found: list[dict[str, Any]] = await self._post("getUpdates", asked, read_timeout=patience + 10)
        return found


class Api:
    """One bot. Never shown: a Bot's own repr has the token in it."""

    def __init__(self, config: Config) -> None:
        # Near its limits Telegram delivers at once and answers late; giving up early makes doubles
        # (python-telegram-bot#1045), and the library's own 5 s are early.
        trust: dict[str, Any] = {"verify": ssl.create_default_context()}  # one for both: each is a megabyte
        patient = HTTPXRequest(
            connection_pool_size=16,
            read_timeout=30,
            write_timeout=30,
            connect_timeout=10,
            pool_timeout=10,
            media_write_timeout=60,
            httpx_kwargs=trust,
        )
        polling = HTTPXRequest(
            connection_pool_size=2, read_timeout=60, connect_timeout=10, pool_timeout=10, httpx_kwargs=trust
        )
        self.bot = _Bot(
            config.bot_token.get_secret_value(),
            base_url=f"{config.api_url}/bot",
            base_file_url=f"{config.api_url}/file/bot",
            request=patient,
            get_updates_request=polling,
        )

    async def open(self) -> None:
        """Sign in."""
        await self.ask(self.bot.initialize())

    async def close(self) -> None:
        """Close the connections."""
        await self.bot.shutdown()

    async def do(self, call: Awaitable[T]) -> T:
        """Make a call that must not be made twice."""
        try:
            return await call
        except TelegramError as error:
            raise translated(error) from None  # the library puts the token into some of its messages

    async def ask(self, call: Awaitable[T]) -> T:
        """Make a call that may be repeated: nothing of it is unsure."""
        try:
            return await call
        except TelegramError as error:
            raise translated(error, repeatable=True) from None

    async def updates(self, offset: int, patience: int) -> Sequence[dict[str, Any]]:
        """Fetch updates from that offset on."""
        return await self.ask(self.bot.raw_updates(offset, patience))
