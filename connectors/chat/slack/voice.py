"""What threadline says in a channel: cards, posts, words to one person; and finding it again.

Slack knows no idempotency key. Each message carries a digest of ours in its metadata instead, and
`find` looks for that (docs.slack.dev/messaging/message-metadata).
"""

import contextlib
import hashlib
from collections.abc import Sequence
from typing import Any

from slack_sdk.models.metadata import Metadata

from bridge.errors import ConnectorError, Gone, Throttled
from bridge.model.shapes import Card, File, Post
from bridge.ports import Log
from connectors.chat.slack.api import Answer, Api
from connectors.chat.slack.blocks import card_blocks, card_text, post_blocks, post_text
from connectors.chat.slack.files import Files

_EVENT = "threadline"
_CLOCKS_APART = 3600.0  # seconds that ours may be wrong: a key is unique, so looking further back is safe


def digest(key: str) -> str:
    """Shorten a key: metadata can be read by everybody in the workspace, and holds nothing but this."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def stamp(key: str) -> Metadata:
    """Make the metadata by which a message is found again."""
    return Metadata(event_type=_EVENT, event_payload={"id": digest(key)})


class Voice:
    """Speaks in channels, which are given by their ids."""

    def __init__(self, api: Api, files: Files, log: Log) -> None:
        """Nothing is said yet."""
        self._api = api
        self._files = files
        self._log = log

    async def open(self, channel: str, card: Card, key: str) -> str:
        """Post a card; its ts names the thread."""
        answer = await self._say(channel, text=card_text(card), blocks=card_blocks(card), metadata=stamp(key))
        return str(answer["ts"])

    async def _say(self, channel: str, **args: Any) -> Answer:
        """Post a message whose links are not looked at and whose text is not markup."""
        call = self._api.client.chat_postMessage(
            channel=channel, unfurl_links=False, unfurl_media=False, mrkdwn=False, **args
        )
        return await self._api.ask(call)

    async def post(
        self, channel: str, thread: str | None, post: Post, files: Sequence[File], key: str
    ) -> tuple[str, ...]:
        """Post into a thread; files follow as a message of their own."""
        where = {"thread_ts": thread, "reply_broadcast": post.resurface} if thread else {}
        words = {"text": post_text(post), "blocks": post_blocks(post)}
        answer = await self._say(channel, metadata=stamp(key), **words, **where)
        ts = str(answer["ts"])
        if thread and (answer.get("message") or {}).get("thread_ts") != thread:
            await self._take_back(channel, ts)
            raise Gone("the thread is not there any more")
        return (ts, *await self._add_files(channel, thread, files))

    async def _take_back(self, channel: str, ts: str) -> None:
        """Delete a post that Slack put into the channel because the root of its thread is gone."""
        for _ in range(2):
            with contextlib.suppress(Throttled):
                try:
                    await self._api.ask(self._api.client.chat_delete(channel=channel, ts=ts))
                except Gone:
                    return
                except ConnectorError as failure:
                    self._log.warning("slack_stray_post", channel=channel, ts=ts, code=failure.code)
                    continue
                return

    async def _add_files(self, channel: str, thread: str | None, files: Sequence[File]) -> tuple[str, ...]:
        """Share files under a post that stands already: whatever fails now must not repeat the post.

        So a failure is told in the thread instead of raised; the files stay where threadline keeps them.
        """
        if not files:
            return ()
        whole = [file for file in files if file.data]  # Slack refuses an announced length of 0
        try:
            ts = await self._files.upload(channel, thread, whole) if whole else None
            missing = "" if len(whole) == len(files) else "An attached file is empty."
        except ConnectorError as failure:
            ts, sure = None, "could not be shown here" if failure.certain else "may not have arrived here"
            missing = f"The attached file {sure}: {failure.reason}."
        if missing:
            await self._word(channel, thread, missing)
        return (ts,) if ts else ()

    async def _word(self, channel: str, thread: str | None, words: str) -> None:
        post = Post("", words, style="notice")
        try:
            await self._say(channel, text=post_text(post), blocks=post_blocks(post), thread_ts=thread)
        except ConnectorError as failure:
            self._log.warning("slack_file_not_shown", channel=channel, code=failure.code)

    async def redraw(self, channel: str, ts: str, text: str, blocks: Sequence[Answer]) -> None:
        """Replace a message of ours; its metadata stay, and repeating it does no harm."""
        await self._api.ask(self._api.client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks))

    async def tell(self, channel: str, thread: str | None, person: str, post: Post) -> None:
        """Say something to one person; it is not kept, and cannot be changed."""
        say = self._api.client.chat_postEphemeral
        text, blocks = post_text(post), post_blocks(post)
        await self._api.ask(say(channel=channel, user=person, text=text, blocks=blocks, thread_ts=thread))

    # -- finding ---------------------------------------------------------------------------------------------

    async def find(self, channel: str, thread: str | None, key: str, since: float) -> str | None:
        """Look for a message by its key; of two the later one is deleted."""
        window: dict[str, Any] = {
            "oldest": f"{max(since - _CLOCKS_APART, 0):.6f}",
            "inclusive": True,
            "include_all_metadata": True,
        }
        window |= {"channel": channel, "limit": 200}
        client, found = self._api.client, []
        if thread:
            with contextlib.suppress(Gone):
                found = await self._with_key(client.conversations_replies, key, ts=thread, **window)
        if not found:
            found = await self._with_key(client.conversations_history, key, **window)
        right = sorted(m["ts"] for m in found if thread is None or m.get("thread_ts") == thread)
        for message in found:
            if message["ts"] not in right[:1]:
                await self._take_back(channel, str(message["ts"]))
        return str(right[0]) if right else None

    async def _with_key(self, method: Any, key: str, **args: Any) -> list[Answer]:
        wanted = digest(key)
        found: dict[str, Answer] = {}
        async for message in self._api.pages(method, **args):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == _EVENT and payload.get("id") == wanted:
                found[str(message["ts"])] = message
        return list(found.values())
