"""A house for the web inbox to live in, in memory: conversations that answer, without engine or store.

tests.browser.serve shows it in a browser.
"""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bridge.model.events import Event, StaffDeleted, StaffEdited, StaffPressed, StaffWrote
from bridge.model.nouns import Media, ThreadNote
from bridge.model.shapes import Button, Card, File, Post
from bridge.ports import Cursor, Entry, House, Member, Opened, Row
from tests.fake_panels import FakePanels

DESK = "web"
ME = Member("m1", "Dana Whitfield", "admin")
SESSION = "a-session"
LINE = "main"
OUR_NUMBER = "+15550100001"


@dataclass
class Talk:
    """One conversation of the fake."""

    thread: str
    name: str
    number: str
    entries: list[Entry] = field(default_factory=list)
    notes: list[ThreadNote] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    unread: int = 0
    state: str = "open"
    waiting_since: float | None = None
    opted_out: bool = False
    assigned_to: str | None = None
    display: str = "natural"
    line: str = LINE
    quiet_at: float = 0.0  # of a conversation without messages

    @property
    def last_at(self) -> float:
        return self.entries[-1].at if self.entries else self.quiet_at

    def row(self) -> Row:
        last = next((e.text for e in reversed(self.entries) if not e.hidden), "")
        return Row(
            conversation_id=f"c-{self.thread}",
            line=self.line,
            name=self.name or self.number,
            number=self.number,
            last_text=last,
            last_at=self.last_at,
            unread=self.unread,
            state=self.state,
            waiting_since=self.waiting_since,
            opted_out=self.opted_out,
            assigned_to=self.assigned_to,
            thread=self.thread,
        )

    def card(self) -> Card:
        buttons = (
            Button("reopen", "Reopen", self.thread)
            if self.state == "resolved"
            else Button("resolve", "Resolve", self.thread),
            Button("assign", "I’m on it", self.thread),
        )
        who = self.name or self.number
        unsubscribe = f"{who} will receive no further campaigns or polls. Replies stay possible."
        remove = "It leaves the inbox. The contact and the history stay; the next text opens a fresh thread."
        label = "Show every message" if self.display == "natural" else "Show natural messages only"
        other = "all" if self.display == "natural" else "natural"
        return Card(
            title=who,
            facts=tuple(self.facts),
            notice="Opted out: nothing can be sent until they text START" if self.opted_out else "",
            buttons=buttons,
            menu=(
                Button("unsubscribe", "Unsubscribe contact", self.thread, True, unsubscribe),
                Button("remove", "Remove conversation", self.thread, True, remove),
                Button("display", label, other),
            ),
        )


class FakeHouse:
    """Sink, Inbox, Accounts and Carrier in one, with the memory that they share."""

    def __init__(self, *, hold: float = 5.0, pace: float = 0.6) -> None:
        self.talks: dict[str, Talk] = {}
        self.files: dict[str, File] = {}
        self.events: list[Event] = []
        self.moods: dict[tuple[str, str], str] = {}
        self.tokens = {"a-token"}
        self.sessions = {SESSION: ME}
        self.broken: Exception | None = None
        self.panels = FakePanels()
        self.hold = hold
        self.pace = pace
        self.counter = 1
        self._count = itertools.count(1)
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def ids(self) -> str:
        return f"id{next(self._count):06d}"

    def house(self, *, phone: bool = True, public_url: str = "", **more: Any) -> House:
        """Give the house, with a phone or without."""
        return House(
            sink=self,
            inbox=self,
            accounts=self,
            panels=self.panels,
            carrier=self if phone else None,
            organisation="Riverside Tenants Union",
            region="US",
            public_url=public_url,
            lines={LINE: OUR_NUMBER, **more.pop("lines", {})},
            now=time.time,
            ids=self.ids,
            log=Silence(),
        )

    # ---- Accounts ----

    async def redeem(self, token: str) -> str | None:
        if token not in self.tokens:
            return None
        self.tokens.discard(token)
        self.sessions[f"session-of-{token}"] = ME
        return f"session-of-{token}"

    async def who(self, session: str) -> Member | None:
        return self.sessions.get(session)

    async def sign_out(self, session: str) -> None:
        self.sessions.pop(session, None)

    # ---- Inbox ----

    async def rows(self, desk: str, query: str, before: float | None, limit: int) -> Sequence[Row]:
        rows = (t.row() for t in self.talks.values() if t.state != "removed")
        q = query.lower()
        found = [r for r in rows if q in f"{r.name} {r.number} {r.last_text}".lower()]
        found.sort(key=lambda r: -r.last_at)
        return [r for r in found if before is None or r.last_at < before][:limit]

    async def open(self, desk: str, thread: str, before: float | None, limit: int) -> Opened | None:
        talk = self.talks.get(thread)
        if talk is None or talk.state == "removed":
            return None
        older = [e for e in talk.entries if before is None or e.at < before]
        shown = [replace(e, hidden=e.hidden and talk.display == "natural") for e in older[-limit:]]
        hidden = sum(e.hidden for e in talk.entries) if talk.display == "natural" else 0
        more = len(older) > limit
        notes = tuple(talk.notes)
        return Opened(talk.row(), talk.card(), tuple(shown), notes, hidden, "mms", 1600, more)

    async def file(self, media_id: str) -> File | None:
        return self.files.get(media_id)

    async def keep_file(self, file: File) -> Media:
        media = Media(self.ids(), file.content_type, file.name, len(file.data), f"desk:{DESK}")
        self.files[media.id] = file
        return media

    async def unread(self, desk: str) -> int:
        return sum(t.unread for t in self.talks.values() if t.state != "removed")

    async def changes(self, desk: str, after: int, seconds: float) -> int:
        async with self._changed:
            try:
                async with asyncio.timeout(seconds or 0.001):
                    await self._changed.wait_for(lambda: self.counter != after)
            except TimeoutError:
                pass
        return self.counter

    async def phone(self, line: str, address: str, limit: int) -> Sequence[Entry]:
        talk = next((t for t in self.talks.values() if t.number == address), None)
        reached = ("received", "delivered")
        return [e for e in talk.entries if e.state in reached][-limit:] if talk else []

    # ---- Carrier ----

    def lines(self) -> Sequence[tuple[str, str]]:
        return [(LINE, OUR_NUMBER)]

    def behave(self, line: str, phone: str, mood: str) -> None:
        self.moods[line, phone] = mood

    def mood(self, line: str, phone: str) -> str:
        return self.moods.get((line, phone), "well")

    async def text(self, line: str, sender: str, text: str, files: Sequence[File]) -> None:
        media = [await self.keep_file(file) for file in files]
        talk = next((t for t in self.talks.values() if t.number == sender), None) or self.begin(sender)
        reason = "No other rule claimed it"
        talk.entries.append(entry(self.ids(), "in", text, time.time(), media=tuple(media), reason=reason))
        talk.state = "open"
        talk.unread += 1
        talk.waiting_since = talk.waiting_since or time.time()
        await self.change()

    # ---- Sink ----

    async def put(self, events: Sequence[Event], cursor: Cursor | None = None) -> None:
        if self.broken:
            raise self.broken
        for event in events:
            if event.key in {e.key for e in self.events}:
                continue
            self.events.append(event)
            self._decide(event)
        await self.change()

    async def cursor(self, name: str) -> str | None:
        return None

    async def threads(self, desk: str, active_since: float) -> Sequence[str]:
        return list(self.talks)

    async def last_text(self, desk: str, ref: str) -> str | None:
        return next((e.text for t in self.talks.values() for e in t.entries if e.ref == ref), None)

    # ---- the small engine ----

    def begin(self, number: str, name: str = "") -> Talk:
        thread = f"wt{len(self.talks):04d}"
        self.talks[thread] = Talk(
            thread, name, number, facts=[("Number", number), ("Line", LINE)], quiet_at=time.time()
        )
        return self.talks[thread]

    def _decide(self, event: Event) -> None:
        match event:
            case StaffWrote():
                self._write(event)
            case StaffEdited():
                self._change_entry(event.ref, text=event.text)
            case StaffDeleted():
                self._change_entry(event.ref, state="cancelled", hold_until=None)
            case StaffPressed(action="new"):
                talk = self.begin(event.value)
                if event.form.get("text"):
                    ref, text = f"wn{event.delivery}", event.form["text"]
                    self._write(StaffWrote(DESK, talk.thread, ref, event.author, text, event.at, ""))
            case StaffPressed():
                if event.thread:  # else it is about the whole desk
                    self._press(event, self.talks[event.thread])

    def _press(self, event: StaffPressed, talk: Talk) -> None:
        match event.action:
            case "read":
                talk.unread = 0
            case "resolve":
                talk.state, talk.waiting_since = "resolved", None
            case "reopen":
                talk.state = "open"
            case "assign":
                talk.assigned_to = event.author.name
            case "remove":
                talk.state = "removed"
            case "display":
                talk.display = event.value
            case "retry":
                ref = next(e.ref for e in talk.entries if e.id == event.value)
                self._begin(self._carry(talk, ref or ""))
            case _:
                talk.notes = [n for n in talk.notes if n.ref != event.ref]

    def _write(self, wrote: StaffWrote) -> None:
        talk = self.talks[wrote.thread or ""]
        note = wrote.text.startswith("//") or wrote.starts_with_mention
        text = wrote.text.removeprefix("//").strip() if note else wrote.text
        made = entry(
            self.ids(),
            "internal" if note else "out",
            text,
            wrote.at,
            "note" if note else "reply",
            author=wrote.author.name,
            state="internal" if note else "held",
            media=wrote.media,
            price=0 if note else 3 if wrote.media or len(text) > 160 else 1,
        )
        hold_until = None if note else wrote.at + self.hold
        talk.entries.append(replace(made, desk=DESK, ref=wrote.ref, hold_until=hold_until))
        if not note:
            talk.waiting_since, talk.unread = None, 0
            self._begin(self._carry(talk, wrote.ref))

    async def _carry(self, talk: Talk, ref: str) -> None:
        await asyncio.sleep(self.hold)
        mood = self.mood(talk.line, talk.number)
        ends = {"refuse": ["failed"], "off": ["sent"]}.get(mood, ["sent", "delivered"])
        for state in ("queued", *ends):
            if next(e.state for e in talk.entries if e.ref == ref) == "cancelled":
                return
            error = "The phone refused the message" if state == "failed" else None
            self._change_entry(ref, state=state, hold_until=None, error=error)
            await self.change()
            await asyncio.sleep(self.pace)

    def _change_entry(self, ref: str, **changes: Any) -> None:
        for talk in self.talks.values():
            talk.entries = [replace(e, **changes) if e.ref == ref else e for e in talk.entries]

    async def change(self) -> None:
        async with self._changed:
            self.counter += 1
            self._changed.notify_all()

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()


class Silence:
    """A log that nobody reads."""

    def info(self, event: str, **fields: object) -> None: ...

    def warning(self, event: str, **fields: object) -> None: ...

    def error(self, event: str, **fields: object) -> None: ...


def entry(
    id_: str,
    direction: Any,
    text: str,
    at: float,
    kind: str = "natural",
    *,
    author: str = "",
    state: str = "",
    error: str | None = None,
    media: tuple[Media, ...] = (),
    price: int = 1,
    reason: str = "",
    hidden: bool = False,
) -> Entry:
    """Make an entry with what matters; the rest follows from its direction."""
    state = state or ("received" if direction == "in" else "delivered")
    return Entry(
        id_, direction, kind, text, at, author, state, error, media, 1, 0 if direction == "in" else price,
        reason, None, hidden, DESK if direction != "in" else None, f"w-{id_}" if direction != "in" else None,
    )  # fmt: skip


def notice(ref: str, at: float, head: str, body: str, *buttons: Button) -> ThreadNote:
    """Make a notice with its buttons."""
    return ThreadNote(ref, "", Post(head, body, "notice", buttons), at)
