"""What the connector says by itself, once what it heard is committed: a courtesy, tried once."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from telegram import LinkPreviewOptions, ReplyParameters

from bridge.errors import ConnectorError, Throttled
from bridge.model.panel import Panel
from bridge.ports import Log, Panels
from bridge.render import words as said
from connectors.chat.telegram import words
from connectors.chat.telegram.api import Api
from connectors.chat.telegram.panels import Draw, Tokens, shown
from connectors.chat.telegram.refusals import Unchanged
from connectors.chat.telegram.updates import Answer, Close, Local, Question, Say


class Manners:
    """Answers presses, commands and slips in the background."""

    def __init__(
        self, api: Api, log: Log, panels: Panels, tokens: Tokens, link: Callable[[str, str], str]
    ) -> None:
        """link: a desk's topic as an address."""
        self._panels = panels
        self._tokens = tokens
        self._link = link
        self._api = api
        self._log = log
        self._tasks: set[asyncio.Task[None]] = set()

    def mind(self, locals_: Sequence[Local]) -> None:
        """Do all that, soon."""
        for local in locals_:
            task = asyncio.get_running_loop().create_task(self._try(local))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Leave what is not done."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _try(self, local: Local) -> None:
        try:
            if isinstance(local, Answer):
                await self._api.do(self._api.bot.answer_callback_query(local.query, text=local.text or None))
            elif isinstance(local, Draw):
                await self._draw(local)
            elif isinstance(local, Close):
                await self._api.do(self._api.bot.delete_message(local.chat, local.message))
                await self._api.do(self._api.bot.answer_callback_query(local.query))
            elif isinstance(local, Question):
                await self._ask(local)
            else:
                await self._say(local)
        except ConnectorError as error:
            self._log.warning("telegram_courtesy_failed", what=type(local).__name__, reason=error.reason)

    async def _say(self, say: Say) -> None:
        await self._api.do(
            self._api.bot.send_message(
                say.chat,
                say.text,
                message_thread_id=int(say.thread) if say.thread else None,
                reply_parameters=ReplyParameters(say.to, allow_sending_without_reply=True),
                disable_notification=True,
            )
        )

    async def _draw(self, draw: Draw) -> None:
        """Show a panel. What is shown stands in the group: it holds no more than the desk itself."""
        if draw.query:
            await self._api.do(self._api.bot.answer_callback_query(draw.query))
        try:
            panel = await self._panels.open(draw.asker, draw.name, draw.value)
        except ConnectorError as error:
            self._log.warning("telegram_panel_unread", panel=draw.name, reason=error.reason)
            panel = Panel(draw.name, said.NOTHING_HERE, said.CANNOT_READ)
        text, keyboard = shown(panel, self._tokens, lambda ref: self._link(draw.asker.desk, ref))
        preview = LinkPreviewOptions(is_disabled=True)
        if draw.message is not None:
            with contextlib.suppress(Unchanged):
                await self._api.do(
                    self._api.bot.edit_message_text(
                        text.text,
                        draw.chat,
                        draw.message,
                        entities=text.entities or None,
                        link_preview_options=preview,
                        reply_markup=keyboard,
                    )
                )
            return
        reply = ReplyParameters(draw.to, allow_sending_without_reply=True) if draw.to else None
        await self._api.do(
            self._api.bot.send_message(
                draw.chat,
                text.text,
                message_thread_id=int(draw.thread) if draw.thread else None,
                entities=text.entities or None,
                link_preview_options=preview,
                reply_markup=keyboard,
                reply_parameters=reply,
                disable_notification=True,
            )
        )

    async def _ask(self, question: Question) -> None:
        """Telegram asks nothing by itself: the question is two more buttons on the message."""
        asks = question.pressed != words.LEAVE
        markup = words.asking(question.markup, question.pressed) if asks else words.left(question.markup)
        said = "Sure? Press Yes under the message." if asks else None
        try:
            await self._api.do(
                self._api.bot.edit_message_reply_markup(question.chat, question.message, reply_markup=markup)
            )
        except Throttled as error:
            said = f"Telegram is slow just now: press again in {error.after:.0f} s."
        except ConnectorError as error:
            self._log.warning("telegram_question_failed", reason=error.reason)
            said = "That did not work: please use the command instead."
        await self._api.do(self._api.bot.answer_callback_query(question.query, text=said))
