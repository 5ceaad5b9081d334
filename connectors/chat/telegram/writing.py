"""Posts, marks and words to one person."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, ReplyParameters

from bridge.errors import ConnectorError, Gone, Rejected
from bridge.model.shapes import File, Mark, Post
from connectors.chat.telegram import posting, words
from connectors.chat.telegram.posting import Step
from connectors.chat.telegram.reaching import Place, Reach
from connectors.chat.telegram.words import Styled

MARKS = {
    Mark.HELD: "👀",
    Mark.SENT: "👌",
    Mark.DELIVERED: "👍",
    Mark.FAILED: "👎",
    Mark.CANCELLED: "🙈",
    Mark.NOTE: "✍",
}
"""From Telegram's list: ⏳ ✅ ❌ are not on it, and a bot sets at most one (Bot API, setMessageReaction)."""

_REMEMBERED = 50


class Writing:
    """Puts posts into topics and reactions on messages."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._bot = reach.bot
        self._under_way: OrderedDict[str, list[tuple[Step, tuple[str, ...]]]] = OrderedDict()

    async def post(
        self, desk: str, thread: str | None, post: Post, files: Sequence[File], key: str
    ) -> tuple[str, ...]:
        """Put a post into a topic, or into General.

        Where it takes several requests and one is refused for now, the same key goes on where it stopped.
        """
        steps = posting.plan(post, files)
        made = self._made_before(key, steps)
        try:
            while len(made) < len(steps):
                step = steps[len(made)]
                made.append((step, await self._step(desk, thread, step)))
        except ConnectorError as error:
            if error.certain and made:
                self._remember(key, made)
            raise
        return tuple(ref for _, refs in made for ref in refs)

    def _made_before(self, key: str, steps: Sequence[Step]) -> list[tuple[Step, tuple[str, ...]]]:
        """Give what an earlier try left in the topic, unless the post has other words by now (merged)."""
        made = self._under_way.pop(key, [])
        return made if [step for step, _ in made] == list(steps[: len(made)]) else []

    def _remember(self, key: str, made: list[tuple[Step, tuple[str, ...]]]) -> None:
        self._under_way[key] = made
        while len(self._under_way) > _REMEMBERED:
            self._under_way.popitem(last=False)

    async def _step(self, desk: str, thread: str | None, step: Step) -> tuple[str, ...]:
        """Make one request. A file that Telegram refuses must not cost the words: it is sent as a document,
        and where that is refused too, it is named."""
        try:
            return await self._reach.topic(desk, thread, lambda place: self._request(place, step))
        except Gone:
            raise
        except Rejected as refusal:
            if step.kind == "text":
                raise
            reason = refusal.reason
        if step.kind == "document" and len(step.files) == 1:
            return await self._step(desk, thread, posting.instead_of(step, reason))
        shown = [await self._step(desk, thread, one) for one in posting.as_documents(step)]
        return tuple(ref for refs in shown for ref in refs)

    async def _request(self, place: Place, step: Step) -> tuple[str, ...]:
        if step.kind == "text":
            return (str((await self._reach.text(place, step.text, step.keyboard)).message_id),)
        if len(step.files) > 1:
            return await self._album(place, step)
        file = step.files[0]
        given: dict[str, Any] = {
            step.kind: InputFile(file.data, filename=file.name or "file"),
            "caption": step.text.text or None,
            "caption_entities": step.text.entities or None,
            "reply_markup": step.keyboard,
        }
        send = self._bot.send_photo if step.kind == "photo" else self._bot.send_document
        return (str((await send(**given, **place)).message_id),)

    async def _album(self, place: Place, step: Step) -> tuple[str, ...]:
        shape = InputMediaPhoto if step.kind == "photo" else InputMediaDocument
        texts = [step.text, *[Styled("")] * (len(step.files) - 1)]
        media = [
            shape(
                file.data,
                caption=text.text or None,
                caption_entities=text.entities or None,
                filename=file.name or "file",
            )
            for file, text in zip(step.files, texts, strict=True)
        ]
        sent = await self._bot.send_media_group(media=media, **place)
        return tuple(str(message.message_id) for message in sent)

    async def edit_post(self, desk: str, ref: str, post: Post) -> None:
        """Replace a post of ours."""
        texts = words.post(post) or [Styled("…")]
        await self._reach.edit(desk, int(ref), texts[0], words.keyboard(post.buttons))

    async def tell(self, desk: str, thread: str | None, post: Post, ref: str | None) -> None:
        """Say it to everybody, under the message that it is about: Telegram has no word for one alone."""
        text, keyboard = (words.post(post) or [Styled("…")])[0], words.keyboard(post.buttons)
        reply = ReplyParameters(int(ref), allow_sending_without_reply=True) if ref else None
        await self._reach.topic(
            desk, thread, lambda place: self._reach.text({**place, "reply_parameters": reply}, text, keyboard)
        )

    async def mark(self, desk: str, ref: str, mark: Mark) -> None:
        """Set our one reaction."""
        await self._reach.group(
            desk, lambda chat: self._bot.set_message_reaction(chat, int(ref), MARKS[mark])
        )
