"""What is being decided: the snapshot, and over it what has been decided so far.

Mutable, and alive only inside one call of `decide`. A row saved later replaces an earlier one, and
whoever reads a row reads the latest. What the rows make of the cards is worked out at the end.
"""

from bridge.decide import effects
from bridge.model.decision import Decision, Desk, Line, Noun, SettingChange, Snapshot, key_of
from bridge.model.effects import Effect
from bridge.model.events import Timer
from bridge.model.ids import Ids
from bridge.model.nouns import (
    Consent,
    Contact,
    Conversation,
    Message,
    Subscription,
    Thread,
)
from bridge.model.outreach import Filling
from bridge.model.shapes import Button, Mark, Post
from bridge.render.post import notice


def _key(row: Noun) -> tuple[str, ...]:
    """Name a row among all rows."""
    return (type(row).__name__, *key_of(row))


class Deciding:
    """Collects a Decision. cause: the key of what is decided about; it enters the effects' keys."""

    def __init__(self, snapshot: Snapshot, cause: str, now: float, ids: Ids) -> None:
        self.snapshot, self.world = snapshot, snapshot.world
        self.cause, self.now, self.ids = cause, now, ids
        self.contact: Contact | None = snapshot.contact
        self.effects: list[Effect] = []
        self.drawn: list[Effect] = []
        self.opened: set[str] = set()  # threads that this decision opens
        known: tuple[Noun | None, ...] = (
            snapshot.contact,
            *snapshot.conversations,
            *snapshot.threads,
            *snapshot.subscriptions,
            *snapshot.open_texts,
            *snapshot.held,
            *snapshot.fillings,
            snapshot.subject,
        )
        self._before: dict[tuple[str, ...], Noun] = {_key(row): row for row in known if row is not None}
        self._rows = dict(self._before)
        self._timers: list[Timer] = []
        self._cancelled: list[str] = []
        self._settings: list[SettingChange] = []
        self._notices: list[str] = []

    # Reading

    def conversations(self) -> list[Conversation]:
        """Give all conversations of this person."""
        return [row for row in self._rows.values() if isinstance(row, Conversation)]

    def conversation(self, conversation_id: str) -> Conversation | None:
        """Give one of them."""
        row = self._rows.get(("Conversation", conversation_id))
        return row if isinstance(row, Conversation) else None

    def messages(self) -> list[Message]:
        """Give the messages that are known here: held, open, the subject and new ones."""
        return [row for row in self._rows.values() if isinstance(row, Message)]

    def message(self, message_id: str) -> Message | None:
        """Give one of them."""
        row = self._rows.get(("Message", message_id))
        return row if isinstance(row, Message) else None

    def subscriptions(self) -> list[Subscription]:
        """Give this person's subscriptions, ended ones too."""
        return [row for row in self._rows.values() if isinstance(row, Subscription)]

    def fillings(self) -> list[Filling]:
        """Give the forms that this person is in the middle of, as far as they matter here."""
        return [row for row in self._rows.values() if isinstance(row, Filling)]

    def thread(self, thread_id: str) -> Thread | None:
        """Give a thread by our id."""
        row = self._rows.get(("Thread", thread_id))
        return row if isinstance(row, Thread) else None

    def thread_at(self, desk: str, ref: str | None) -> Thread | None:
        """Give a thread by what its desk calls it."""
        if ref is None:
            return None
        rows = self._rows.values()
        return next((t for t in rows if isinstance(t, Thread) and t.desk == desk and t.ref == ref), None)

    def live(self, conversation_id: str) -> list[tuple[Thread, Desk]]:
        """Give the live threads of a conversation with their desks, as far as those are configured."""
        return [
            (row, self.world.desks[row.desk])
            for row in self._rows.values()
            if isinstance(row, Thread)
            and row.conversation_id == conversation_id
            and row.state == "live"
            and row.desk in self.world.desks
        ]

    def before(self, row: Noun) -> Noun | None:
        """Give the row as it was."""
        return self._before.get(_key(row))

    def line_of(self, conversation: Conversation) -> Line | None:
        """Give the line of a conversation, unless it is no longer configured."""
        return self.world.lines.get(conversation.line)

    # Deciding

    def save(self, row: Noun) -> None:
        """Have a row stored."""
        self._rows[_key(row)] = row
        if isinstance(row, Contact):
            self.contact = row

    def effect(self, effect: Effect) -> None:
        """Have something done, after what was asked for before."""
        self.effects.append(effect)

    def timer(self, timer: Timer) -> None:
        """Be called again."""
        self._timers.append(timer)

    def stop_text(self, message_id: str) -> None:
        """Keep a text from going out, if it has not yet."""
        self._cancelled.append(message_id)

    def setting(self, change: SettingChange) -> None:
        """Change a setting for good."""
        self._settings.append(change)

    def notice(self, words: str) -> None:
        """Say something to the operator."""
        if words not in self._notices:
            self._notices.append(words)

    def mark(self, message: Message, mark: Mark) -> None:
        """Show on the staff message that a message came from what became of it; elsewhere nothing."""
        desk = self.world.desks.get(message.desk or "")
        if desk is None or message.ref is None:
            return
        thread = next((t for t, d in self.live(message.conversation_id) if d is desk), None)
        ref = thread.ref if thread else None
        self.effect(effects.mark_message(self.ids(), desk, ref, message.ref, mark, self.cause))

    def tell(
        self,
        desk_name: str | None,
        thread: str | None,
        person: str,
        text: str,
        what: str,
        ref: str | None = None,
        buttons: tuple[Button, ...] = (),
    ) -> None:
        """Say something to one person alone. thread, ref: as the desk calls them."""
        desk = self.world.desks.get(desk_name or "")
        if desk is None or not person:
            return
        post: Post = notice(text, buttons=buttons)
        self.effect(
            effects.tell_privately(self.ids(), desk, thread, person, post, ref, f"{what}:{self.cause}")
        )

    def decision(self) -> Decision:
        """Give what was decided: only rows that are new or changed."""
        return Decision(
            save=tuple(row for key, row in self._rows.items() if self._before.get(key) != row),
            effects=tuple(self.effects),
            drawn=tuple(self.drawn),
            timers=tuple(self._timers),
            cancel_texts=tuple(dict.fromkeys(self._cancelled)),
            settings=tuple(self._settings),
            notices=tuple(self._notices),
        )


def ledger(d: Deciding, contact: Contact, event: str, **more: object) -> None:
    """Write a line of the consent ledger."""
    fields: dict[str, object] = {"scope": "all", "source": "text", "words": "", "matched_by": "", **more}
    line = Consent(
        id=d.ids(),
        contact_id=contact.id,
        address=contact.address,
        event=event,  # type: ignore[arg-type]
        at=d.now,
        **fields,  # type: ignore[arg-type]
    )
    d.save(line)
