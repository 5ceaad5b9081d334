"""Topics and their cards."""

import contextlib

from bridge.errors import ConnectorError, Gone, Rejected
from bridge.model.shapes import Card
from bridge.ports import Log
from connectors.chat.telegram import words
from connectors.chat.telegram.places import Head, Places
from connectors.chat.telegram.reaching import Reach
from connectors.chat.telegram.refusals import Unchanged

_BLUE = 7322096  # one of the six colours that createForumTopic takes; it cannot be changed later


class Topics:
    """Opens, heads and removes topics."""

    def __init__(self, reach: Reach, places: Places, log: Log) -> None:
        self._reach = reach
        self._bot = reach.bot
        self._places = places
        self._log = log
        self._due: dict[tuple[str, str], Card] = {}

    async def open(self, desk: str, card: Card) -> str:
        """Make the topic, then its card. Once the topic is there it counts: a card can be drawn later."""
        name = words.topic_name(card)
        made = await self._reach.group(
            desk, lambda chat: self._bot.create_forum_topic(chat, name, icon_color=_BLUE)
        )
        thread = str(made.message_thread_id)
        self._due[desk, thread] = card
        await self.draw_what_is_due(desk, thread)
        return thread

    async def draw_what_is_due(self, desk: str, thread: str | None) -> None:
        """Draw the card that could not be drawn when its topic was made."""
        card = self._due.pop((desk, thread), None) if thread else None
        if card is None or thread is None:
            return
        try:
            await self._new_card(desk, thread, card)
        except ConnectorError as error:
            self._log.warning("telegram_card_put_off", desk=desk, thread=thread, reason=error.reason)
            if error.certain and not isinstance(error, Rejected):
                self._due[desk, thread] = card

    async def update_card(self, desk: str, thread: str, card: Card) -> None:
        """Draw the card anew, or a new one where there is none; the topic gets the title for its name."""
        self._due.pop((desk, thread), None)
        head, name = await self._places.head(desk, thread), words.topic_name(card)
        number = head.message
        if number is None or not await self._redrawn(desk, number, card):
            number = await self._new_card(desk, thread, card)
        if name != head.title and not card.closed:
            with contextlib.suppress(Unchanged):
                await self._reach.group(
                    desk, lambda chat: self._bot.edit_forum_topic(chat, int(thread), name=name)
                )
            await self._places.keep_head(desk, thread, Head(number, name))

    async def _new_card(self, desk: str, thread: str, card: Card) -> int:
        drawn, keyboard = words.card(card), words.card_keyboard(card)
        sent = await self._reach.topic(desk, thread, lambda place: self._reach.text(place, drawn, keyboard))
        try:
            await self._places.keep_head(desk, thread, Head(sent.message_id, words.topic_name(card)))
        except ConnectorError as error:  # the next update draws another card
            self._log.warning("telegram_card_not_kept", desk=desk, thread=thread, reason=error.reason)
        return sent.message_id

    async def _redrawn(self, desk: str, number: int, card: Card) -> bool:
        """Edit the card. False where somebody deleted it."""
        try:
            await self._reach.edit(desk, number, words.card(card), words.card_keyboard(card))
        except Gone:
            return False
        return True

    async def remove(self, desk: str, thread: str, card: Card) -> None:
        """Delete the topic with all that is in it; where that is not allowed, close it under a bare card."""
        self._due.pop((desk, thread), None)
        try:
            await self._reach.group(desk, lambda chat: self._bot.delete_forum_topic(chat, int(thread)))
        except Gone:
            return
        except Rejected:
            await self._close(desk, thread, card)
        except ConnectorError as error:
            if error.code != "RIGHTS":
                raise
            await self._close(desk, thread, card)

    async def _close(self, desk: str, thread: str, card: Card) -> None:
        head = await self._places.head(desk, thread)
        with contextlib.suppress(Gone, Unchanged):
            if head.message is not None:
                await self._redrawn(desk, head.message, card)
            await self._reach.group(desk, lambda chat: self._bot.close_forum_topic(chat, int(thread)))
