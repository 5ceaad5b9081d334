"""Making a request for a desk, with the repairs that belong to every one of them."""

import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message

from bridge.errors import Throttled
from connectors.chat.telegram.api import Api
from connectors.chat.telegram.places import Places
from connectors.chat.telegram.refusals import Moved, NoTextThere, TopicClosed, Unchanged
from connectors.chat.telegram.words import CAPTION_UNITS, Styled, cut

T = TypeVar("T")
Place = dict[str, Any]  # chat_id and message_thread_id, as every send method takes them

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Reach:
    """Finds the group of a desk, wherever it moved, and the topic, though somebody closed it."""

    def __init__(self, api: Api, places: Places) -> None:
        self.bot = api.bot
        self._api = api
        self._places = places
        self._slow: dict[str, float] = {}  # desk -> when Telegram takes something again

    def slow(self, desk: str) -> float:
        """Give for how many seconds Telegram asked to leave a group alone, whoever it was that it asked."""
        return max(self._slow.get(desk, 0.0) - time.monotonic(), 0.0)

    async def group(self, desk: str, call: Callable[[int], Awaitable[T]]) -> T:
        """Make a call for a desk's group; where the group has another id now, remember it and go on."""
        try:
            return await self._api.do(call(self._places.chat(desk)))
        except Moved as moved:
            await self._places.move(desk, moved.chat)
            return await self._api.do(call(moved.chat))
        except Throttled as throttled:
            self._slow[desk] = time.monotonic() + throttled.after
            raise

    async def topic(self, desk: str, thread: str | None, send: Callable[[Place], Awaitable[T]]) -> T:
        """Send into a topic, opened again where somebody closed it. General is sent to without an id:
        message_thread_id 1 is refused with "message thread not found" (tdlib/telegram-bot-api)."""

        def to(chat: int) -> Awaitable[T]:
            return send({"chat_id": chat} | ({"message_thread_id": int(thread)} if thread else {}))

        try:
            return await self.group(desk, to)
        except TopicClosed:
            with contextlib.suppress(Unchanged):
                await self.group(desk, lambda chat: self.bot.reopen_forum_topic(chat, int(thread or 0)))
            return await self.group(desk, to)

    async def text(self, place: Place, text: Styled, keyboard: InlineKeyboardMarkup | None) -> Message:
        """Ask for a text to be sent: without parse_mode, so that nothing in it is markup."""
        return await self.bot.send_message(
            text=text.text,
            entities=text.entities or None,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
            **place,
        )

    async def edit(self, desk: str, number: int, text: Styled, keyboard: InlineKeyboardMarkup | None) -> None:
        """Edit a message of ours, which may be a picture with a caption. To be so already is as good."""
        with contextlib.suppress(Unchanged):
            try:
                await self.group(desk, lambda chat: self._edit_text(chat, number, text, keyboard))
            except NoTextThere:
                await self.group(desk, lambda chat: self._edit_caption(chat, number, text, keyboard))

    async def _edit_text(
        self, chat: int, number: int, text: Styled, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        await self.bot.edit_message_text(
            text.text,
            chat,
            number,
            entities=text.entities or None,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
        )

    async def _edit_caption(
        self, chat: int, number: int, text: Styled, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        caption = cut(text.text, CAPTION_UNITS)
        entities = text.entities if caption == text.text else ()
        await self.bot.edit_message_caption(
            chat, number, caption=caption, caption_entities=entities or None, reply_markup=keyboard
        )
