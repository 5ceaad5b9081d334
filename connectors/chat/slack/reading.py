"""Message and reaction events, as what staff did (docs.slack.dev/reference/events/message)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bridge.model.events import Event, StaffDeleted, StaffEdited, StaffPressed, StaffWrote, ThreadLost
from bridge.model.nouns import Author
from bridge.ports import House
from connectors.chat.slack.files import media_of
from connectors.chat.slack.people import People
from connectors.chat.slack.text_in import Words, named_in, read

Message = Mapping[str, Any]
SEND: Final = "outbox_tray"  # 📤
_WRITTEN = (None, "file_share", "thread_broadcast", "me_message")


def order_of(ts: str) -> str:
    """Give a ts as text that sorts; a ts is a name and never a float, which cannot hold it."""
    seconds, _, fraction = ts.partition(".")
    return f"{seconds.zfill(12)}.{fraction.ljust(6, '0')}"


class Reader:
    """Reads events of the channels that are desks. `user` and `bot` are our own ids, set at sign-in."""

    def __init__(self, channels: Mapping[str, str], people: People, house: House) -> None:
        """channels: channel id -> desk."""
        self.channels = channels
        self._people = people
        self._house = house
        self.user = ""
        self.bot = ""
        self.behind: Callable[[], None] = lambda: None  # told when an event overtook what it is about

    async def events(self, event: Message) -> Sequence[Event]:
        """Give what an event of the Events API means; nothing for most."""
        match event.get("type"):
            case "message":
                desk = self.channels.get(str(event.get("channel")))
                return await self._message(desk, event) if desk else ()
            case "reaction_added":
                return await self._reaction(event)
            case "user_change":
                self._people.changed(event.get("user") or {})
        return ()

    async def _message(self, desk: str, event: Message) -> Sequence[Event]:
        match event.get("subtype"):
            case "message_changed":
                return await self._changed(desk, event)
            case "message_deleted":
                return self._deleted(desk, event)
        return await self.written(desk, event)

    def ours(self, message: Message) -> bool:
        """Say whether we posted a message."""
        return message.get("user") == self.user or (bool(self.bot) and message.get("bot_id") == self.bot)

    async def written(self, desk: str, message: Message, caught_up: bool = False) -> Sequence[StaffWrote]:
        """Read a message, of an event or of the history; nothing where no person wrote it."""
        if not self._by_a_person(message):
            return ()
        await self._people.learn({("user", str(message["user"])), *named_in(message)})
        words = await self._words(message)
        ts = str(message["ts"])
        wrote = StaffWrote(
            desk=desk,
            thread=thread_of(message),
            ref=ts,
            author=await self._author(message, str(message["user"])),
            text=words.text,
            at=float(ts),
            order=order_of(ts),
            media=media_of(message.get("files") or (), desk, self._house.ids),
            starts_with_mention=words.starts_with_mention,
            caught_up=caught_up,
            in_ours=bool(self.user) and message.get("parent_user_id") == self.user,
        )
        return (wrote,)

    def _by_a_person(self, message: Message) -> bool:
        bot = message.get("bot_id") or self.ours(message) or message.get("user") in (None, "USLACKBOT")
        return not bot and message.get("subtype") in _WRITTEN and bool(message.get("ts"))

    async def _author(self, message: Message, user: str) -> Author:
        return await self._people.author(user, (message.get("user_team"), message.get("team")))

    async def _words(self, message: Message) -> Words:
        await self._people.learn(named_in(message))
        return read(message, self._people.name)

    async def _changed(self, desk: str, event: Message) -> Sequence[Event]:
        message = event.get("message") or {}
        if message.get("subtype") == "tombstone":  # a root that has replies was deleted
            return (ThreadLost(desk, str(message["ts"]), float(event["ts"])),)
        if "edited" not in message:  # a link was unfurled, a reply counted
            return ()
        return await self.edited(desk, message, event.get("previous_message"))

    async def edited(self, desk: str, message: Message, before: Message | None = None) -> Sequence[Event]:
        """Read an edited message; nothing where no words changed, of what we heard and of what stood there.

        What we never heard may be late, lost, or not worked through yet: then the new words are told as
        the writing, which counts only if it is the first to tell of the message, and as an edit.
        """
        if thread_of(message) is None or not self._by_a_person(message):
            return ()
        words = await self._words(message)
        heard = await self._house.sink.last_text(desk, str(message["ts"]))
        if heard is None:
            return (
                *await self.written(desk, message, caught_up=True),
                await self._edit(desk, message, words),
            )
        stood = (await self._words(before)).text if before else words.text
        return () if heard == stood == words.text else (await self._edit(desk, message, words),)

    async def _edit(self, desk: str, message: Message, words: Words) -> StaffEdited:
        edit = message["edited"]
        return StaffEdited(
            desk=desk,
            thread=thread_of(message),
            ref=str(message["ts"]),
            author=await self._author(message, str(edit.get("user") or message["user"])),
            text=words.text,
            at=float(edit["ts"]),
            version=str(edit["ts"]),
            starts_with_mention=words.starts_with_mention,
        )

    def _deleted(self, desk: str, event: Message) -> Sequence[Event]:
        before = event.get("previous_message") or {}
        ts, at = str(event.get("deleted_ts")), float(event["ts"])
        if self.ours(before):  # our root without replies; or one post of ours, which nobody needs to hear of
            return (ThreadLost(desk, ts, at),) if thread_of(before) is None else ()
        return (StaffDeleted(desk, ts, at),) if self._by_a_person(before) else ()

    async def _reaction(self, event: Message) -> Sequence[Event]:
        item = event.get("item") or {}
        desk = self.channels.get(str(item.get("channel")))
        if not desk or str(event.get("reaction")).split("::")[0] != SEND or not item.get("ts"):
            return ()
        if await self._house.sink.last_text(desk, str(item["ts"])) is None:
            self.behind()  # the message is still on its way: the sweep reads both, in their order
            return ()
        at = float(event.get("event_ts") or self._house.now())
        return await self.sent_by_reaction(desk, str(item["ts"]), None, str(event["user"]), at)

    async def sent_by_reaction(
        self, desk: str, ref: str, thread: str | None, user: str, at: float
    ) -> Sequence[StaffPressed]:
        """Read a 📤: one person can say it once about one message, however often they put it there."""
        if user == self.user:
            return ()
        author = await self._people.author(user)
        return (
            StaffPressed(desk, "send", author, at, delivery=f"{SEND}:{ref}:{user}", thread=thread, ref=ref),
        )


def thread_of(message: Message) -> str | None:
    """Give the root that a message answers; None for roots and what stands beside threads."""
    thread = message.get("thread_ts")
    return str(thread) if thread and thread != message.get("ts") else None
