"""Which group a desk is, and which message heads a topic: kept as cursors, since Telegram lists neither.

telegram:chat:DESK          "CONFIGURED CURRENT"  where the group became a supergroup and changed its id
telegram:card:DESK:TOPIC    "MESSAGE TITLE"       the card, and the name that the topic has
telegram:overview:DESK      "GROUP MESSAGE PIN"   who waits, in General; whether it is pinned, or why not yet
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bridge.errors import Unusable
from bridge.ports import Cursor, Log, Sink
from connectors.chat.telegram.config import DeskConfig


@dataclass(frozen=True, slots=True)
class Head:
    """The card of a topic. message None: there is none (any more)."""

    message: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The overview of a group. pin: "pinned"; "told": it may not be, and the operator knows; "" not yet."""

    chat: int
    message: int
    pin: str = ""


class Places:
    """The desks' groups and their topics' cards."""

    def __init__(self, desks: Mapping[str, DeskConfig], sink: Sink, log: Log) -> None:
        self._configured = {desk: config.chat for desk, config in desks.items()}
        self._chats = dict(self._configured)
        self._overviews = frozenset(desk for desk, config in desks.items() if config.overview)
        self._sink = sink
        self._log = log
        self._strangers: set[int] = set()

    async def load(self) -> None:
        """Read where groups moved to. A group that the operator changed since is the operator's word."""
        for desk, configured in self._configured.items():
            kept = (await self._sink.cursor(f"telegram:chat:{desk}") or "").split()
            if len(kept) == 2 and kept[0] == str(configured):
                self._chats[desk] = int(kept[1])
        if len(set(self._chats.values())) < len(self._chats):
            raise Unusable("two desks have the same `chat`: give each its own group")

    def desks(self) -> Iterable[str]:
        """Name all desks."""
        return self._configured

    def overviews(self) -> Collection[str]:
        """Name the desks that show in General who waits."""
        return self._overviews

    def chat(self, desk: str) -> int:
        """Give the group of a desk."""
        if desk not in self._chats:
            raise Unusable(f"there is no desk {desk} in the configuration any more")
        return self._chats[desk]

    def desk(self, chat: int) -> str | None:
        """Give the desk of a group; None where it is none of ours."""
        found = next((desk for desk, one in self._chats.items() if one == chat), None)
        if found is None and chat not in self._strangers:
            self._strangers.add(chat)
            self._log.info("telegram_chat_is_no_desk", chat=chat)
        return found

    async def move(self, desk: str, chat: int) -> None:
        """Remember that the group has another id from now on."""
        if self._chats[desk] == chat:
            return
        mend = f"put chat = {chat} into the configuration of {desk}"
        self._log.warning("telegram_group_moved", desk=desk, chat=chat, mend=mend)
        await self._sink.put([], Cursor(f"telegram:chat:{desk}", f"{self._configured[desk]} {chat}"))
        self._chats[desk] = chat

    async def head(self, desk: str, topic: str) -> Head:
        """Give the card of a topic."""
        message, _, title = (await self._sink.cursor(f"telegram:card:{desk}:{topic}") or "").partition(" ")
        return Head(int(message) if message.isdigit() else None, title)

    async def keep_head(self, desk: str, topic: str, head: Head) -> None:
        """Remember the card of a topic."""
        value = f"{head.message or '-'} {head.title}"
        await self._sink.put([], Cursor(f"telegram:card:{desk}:{topic}", value))

    async def overview(self, desk: str) -> Pinned | None:
        """Give the overview of a desk's group; None where it has none yet."""
        kept = (await self._sink.cursor(f"telegram:overview:{desk}") or "").split()
        if len(kept) < 2 or kept[0] != str(self.chat(desk)):
            return None
        return Pinned(int(kept[0]), int(kept[1]), "".join(kept[2:]))

    async def keep_overview(self, desk: str, pinned: Pinned) -> None:
        """Remember the overview of a desk's group."""
        value = f"{pinned.chat} {pinned.message} {pinned.pin}".rstrip()
        await self._sink.put([], Cursor(f"telegram:overview:{desk}", value))
