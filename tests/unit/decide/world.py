"""A world in memory: it makes snapshots, applies decisions and carries effects out, so stories can be played.

After every decision it checks what must hold always: one live thread a conversation and desk, one effect
a key, nothing to people who opted out; and all that is to be shown is drawn for Slack and for Telegram.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.decide import decide
from bridge.model.decision import Decision, Desk, Line, Organisation, Recent, SettingChange, Snapshot
from bridge.model.decision import World as Settings
from bridge.model.effects import (
    Body,
    Effect,
    MarkMessage,
    OpenThread,
    Outcome,
    PostToThread,
    SendSms,
    TellPrivately,
)
from bridge.model.events import (
    CampaignDue,
    DeliveryReported,
    Event,
    FormExpires,
    HoldOver,
    ReminderDue,
    StaffDeleted,
    StaffEdited,
    StaffPressed,
    StaffWrote,
    TextReceived,
    ThreadLost,
)
from bridge.model.ids import counting
from bridge.model.nouns import (
    Author,
    Colleague,
    Consent,
    Contact,
    Conversation,
    Keyword,
    Message,
    PostRef,
    Subscription,
    Template,
    TemplateUse,
    Thread,
    Watcher,
)
from bridge.model.outreach import (
    Campaign,
    Filling,
    Form,
    Poll,
    Recipient,
    Unclear,
    Vote,
)
from bridge.model.shapes import Mark
from bridge.model.traits import ChatTraits, Rate, SmsTraits
from bridge.model.verdict import Kind, Verdict
from tests import limits

PHONE = "+15550100777"
ANA = Author("U1", "Ana")
BEN = Author("U2", "Ben")
STRANGER = Author("U9", "Eve", "stranger")

CHAT = ChatTraits(Rate(1), Rate(1), max_chars=3000, tells_privately=True, resurfaces=True)
TOPICS = ChatTraits(Rate(0.3), Rate(0.3), max_chars=4096, edits_count_as_posts=True)
SMS = SmsTraits(
    Rate(1),
    max_chars=1600,
    answers={"stop": frozenset({"STOP"}), "start": frozenset({"START"}), "help": frozenset({"HELP"})},
)


def settings(**more: Any) -> Settings:
    """Two desks, one line, two keywords."""
    desk: dict[str, Any] = more.pop("desk", {})
    line: dict[str, Any] = more.pop("line", {})
    return Settings(
        organisation=Organisation("Example Tenants Union", "help@example.org", "US", "America/New_York"),
        lines={"main": replace(Line("main", "+15550100001", ("chat", "topics"), SMS), **line)},
        desks={
            "chat": replace(Desk("chat", CHAT, "Slack"), **desk),
            "topics": Desk("topics", TOPICS, "Telegram"),
        },
        keywords={
            "PIZZA": Keyword("PIZZA", "pizza", "Welcome to pizza", "You are on it already"),
            "SOUP": Keyword("SOUP", "soup", "Soup it is"),
        },
        **more,
    )


def natural(reason: str = "a person wrote it", suspicion: str | None = None) -> Verdict:
    return Verdict(Kind.NATURAL, reason, suspicion=suspicion)


STOP = Verdict(Kind.OPT_OUT, "the word STOP")
START = Verdict(Kind.OPT_IN, "the word START")
HELP = Verdict(Kind.HELP, "the word HELP")
PIZZA = Verdict(Kind.OPT_IN, "the keyword PIZZA", value="PIZZA")


class World:
    """Everything that is stored, and a clock."""

    def __init__(self, settings_: Settings | None = None) -> None:
        self.settings = settings_ or settings()
        self.now = 1_700_000_000.0
        self.ids = counting()
        self.contacts: dict[str, Contact] = {}
        self.conversations: dict[str, Conversation] = {}
        self.threads: dict[str, Thread] = {}
        self.messages: dict[str, Message] = {}
        self.subscriptions: dict[tuple[str, str], Subscription] = {}
        self.ledger: list[Consent] = []
        self.refs: list[PostRef] = []
        self.templates: dict[str, Template] = {}
        self.template_uses: list[TemplateUse] = []
        self.fillings: dict[str, Filling] = {}
        self.votes: dict[tuple[str, str], Vote] = {}
        self.unclear: dict[str, Unclear] = {}
        self.recipients: dict[tuple[str, str], Recipient] = {}
        self.changes: list[SettingChange] = []
        self.effects: dict[str, Effect] = {}
        self.waiting: list[Effect] = []
        self.done: list[Effect] = []
        self.timers: list[Any] = []
        self.seen: set[str] = set()
        self.notices: list[str] = []
        self.last = Decision()
        self.count = 0

    # What happens

    def text(
        self, text: str, verdict: Verdict | None = None, sender: str = PHONE, line: str = "main", **more: Any
    ) -> Decision:
        self.count += 1
        kind = more.pop("sender_kind", "e164")
        event = TextReceived(line, f"SM{self.count}", sender, kind, text, self.now, **more)
        return self.play(event, verdict or natural())

    def write(self, text: str, desk: str = "chat", author: Author = ANA, **more: Any) -> str:
        """Staff write in the person's thread; gives the ref of what they wrote."""
        self.count += 1
        ref = f"m{self.count:04}"
        thread = more.pop("thread", self.thread_ref(desk))
        order = more.pop("order", ref)
        at = more.pop("at", self.now)
        self.play(StaffWrote(desk, thread, ref, author, text, at, order, **more))
        return ref

    def edit(self, ref: str, text: str, desk: str = "chat", **more: Any) -> Decision:
        self.count += 1
        thread = self.thread_ref(desk)
        return self.play(StaffEdited(desk, thread, ref, ANA, text, self.now, str(self.count), **more))

    def delete(self, ref: str, desk: str = "chat") -> Decision:
        return self.play(StaffDeleted(desk, ref, self.now))

    def press(
        self,
        action: str,
        value: str = "",
        desk: str = "chat",
        author: Author = ANA,
        form: Mapping[str, str] | None = None,
        ref: str | None = None,
        **more: Any,
    ) -> Decision:
        self.count += 1
        thread = more.pop("thread", self.thread_ref(desk))
        event = StaffPressed(
            desk, action, author, self.now, str(self.count), value, thread, ref, dict(form or {})
        )
        return self.play(event)

    def report(self, message_id: str, state: Any, provider_id: str | None = None, **more: Any) -> Decision:
        provider = provider_id or self.messages[message_id].provider_id or f"P{message_id}"
        event = DeliveryReported("main", provider, state, self.now, message_id, PHONE, **more)
        return self.play(event)

    def lose(self, desk: str) -> Decision:
        ref = self.thread_ref(desk)
        assert ref is not None
        return self.play(ThreadLost(desk, ref, self.now))

    def pass_time(self, seconds: float) -> None:
        """Let time pass: what is due is called in its order, effects are carried out."""
        end = self.now + seconds
        while True:
            due = [t for t in self.timers if t.at <= end]
            if not due:
                break
            timer = min(due, key=lambda t: t.at)
            self.timers.remove(timer)
            self.now = max(self.now, timer.at)
            self.play(timer)
            self.carry_out()
        self.now = end

    def settle(self, seconds: float = 10.0) -> None:
        self.carry_out()
        self.pass_time(seconds)
        self.carry_out()

    # Carrying out

    def carry_out(self, **how: Any) -> None:
        """Do all that waits, successfully unless told otherwise; what follows from it too."""
        while self.waiting:
            self.carry_one(self.waiting[0], **how)

    def carry_one(self, effect: Effect, **how: Any) -> None:
        self.waiting.remove(effect)
        body = effect.body
        self.done.append(effect)
        if isinstance(body, SendSms):
            contact = next(c for c in self.contacts.values() if c.address == body.to)
            assert body.answers_stop or contact.opted_out_at is None, "texted after STOP"
        if isinstance(body, SendSms | OpenThread | PostToThread):
            more: dict[str, Any] = {"state": "done", "refs": (f"r-{effect.key}",), **how}
            self.play(Outcome(effect, at=self.now, **more))

    # Looking

    @property
    def contact(self) -> Contact:
        return next(iter(self.contacts.values()))

    @property
    def conversation(self) -> Conversation:
        return next(iter(self.conversations.values()))

    def live(self, desk: str) -> Thread | None:
        return next((t for t in self.threads.values() if t.desk == desk and t.state == "live"), None)

    def thread_ref(self, desk: str) -> str | None:
        thread = self.live(desk)
        return thread.ref if thread else None

    def by_ref(self, ref: str, desk: str = "chat") -> Message:
        return next(m for m in self.messages.values() if m.ref == ref and m.desk == desk)

    def out(self, kind: str | None = None) -> list[Message]:
        return [m for m in self.messages.values() if m.direction == "out" and kind in (None, m.kind)]

    def sent(self) -> list[str]:
        """Give the texts that left, in order."""
        return [e.body.text for e in self.done if isinstance(e.body, SendSms)]

    def posts(self, desk: str | None = None) -> list[str]:
        """Give what was posted, in order."""
        return [
            e.body.post.body
            for e in [*self.done, *self.waiting]
            if isinstance(e.body, PostToThread) and desk in (None, e.body.desk)
        ]

    def bodies(self, kind: type[Body]) -> list[Any]:
        return [e.body for e in self.effects.values() if isinstance(e.body, kind)]

    def marks(self, ref: str) -> list[Mark]:
        """Give the marks that a staff message was given, in order."""
        return [body.mark for body in self.bodies(MarkMessage) if body.ref == ref]

    # How it works

    def play(self, event: Event | Outcome, verdict: Verdict | None = None) -> Decision:
        if not isinstance(event, Outcome):
            if event.key in self.seen:
                return Decision()
            self.seen.add(event.key)
        snapshot = self.snapshot(event)
        self.last = decide(snapshot, event, verdict, self.now, self.ids)
        self.apply(self.last)
        return self.last

    def snapshot(self, event: Event | Outcome) -> Snapshot:
        contact, subject, named = self._about(event)
        address = event.form.get("number") if isinstance(event, StaffPressed) else None
        if contact is None:
            return Snapshot(self.settings, address=address if address and address.startswith("+") else None)
        mine = [m for m in self.messages.values() if m.contact_id == contact.id]
        conversations = tuple(c for c in self.conversations.values() if c.contact_id == contact.id)
        ids = {c.id for c in conversations}
        threads = [t for t in self.threads.values() if t.conversation_id in ids]
        recent = sorted(mine, key=lambda m: m.at)[-30:][::-1]
        return Snapshot(
            self.settings,
            contact,
            conversations,
            tuple(t for t in threads if t.state == "live" or t.id == named),
            tuple(s for s in self.subscriptions.values() if s.contact_id == contact.id),
            held=tuple(m for m in mine if m.state == "held"),
            open_texts=tuple(m for m in mine if m.state == "queued"),
            recent=tuple(
                Recent(m.id, m.conversation_id, m.direction, m.kind, m.text, m.at, m.media) for m in recent
            ),
            fillings=tuple(f for f in self.fillings.values() if f.contact_id == contact.id),
            subject=subject,
            subject_refs=tuple(ref for ref in self.refs if subject and ref.message_id == subject.id),
            hidden=sum(m.kind not in ("natural", "reply", "note", "correction") for m in mine),
        )

    def _about(self, event: Event | Outcome) -> tuple[Contact | None, Message | None, str | None]:
        thread: Thread | None = None
        message: Message | None = None
        address: str | None = None
        match event:
            case TextReceived():
                address = event.sender
            case CampaignDue() | FormExpires() | ReminderDue():
                address = event.address
            case HoldOver() | DeliveryReported():
                message = self.messages.get(event.message_id or "")
            case StaffWrote() | ThreadLost():
                thread = self._thread_at(event.desk, event.thread)
            case StaffEdited() | StaffDeleted():
                message = self._message_at(event.desk, event.ref)
            case StaffPressed():
                address = event.form.get("number")
                message = self.messages.get(event.value.partition(":")[0]) or self._message_at(
                    event.desk, event.ref
                )
                thread = self.threads.get(event.value) or self._thread_at(event.desk, event.thread)
            case Outcome():
                message = self.messages.get(getattr(event.effect.body, "message_id", ""))
                thread = self.threads.get(getattr(event.effect.body, "thread_id", ""))
        contact_id = message.contact_id if message else None
        if contact_id is None and thread is not None:
            contact_id = self.conversations[thread.conversation_id].contact_id
        found = self.contacts.get(contact_id or "")
        if found is None and address:
            found = next((c for c in self.contacts.values() if c.address == address), None)
        return found, message, thread.id if thread else None

    def _thread_at(self, desk: str, ref: str | None) -> Thread | None:
        return next((t for t in self.threads.values() if ref and t.desk == desk and t.ref == ref), None)

    def _message_at(self, desk: str, ref: str | None) -> Message | None:
        return next((m for m in self.messages.values() if ref and m.desk == desk and m.ref == ref), None)

    def _keep(self, row: Any) -> None:
        """Store what staff keep."""
        match row:
            case PostRef():
                self.refs.append(row)
            case Template():
                self.templates[row.name] = row
            case TemplateUse():
                self.template_uses.append(row)
            case Colleague():
                known = {**self.settings.colleagues, (row.desk, row.id): row}
                self.settings = replace(self.settings, colleagues=known)
            case Watcher():
                self.settings = replace(self.settings, watchers=(*self.settings.watchers, row))
            case _:
                self._keep_outreach(row)

    def _keep_outreach(self, row: Any) -> None:
        """Store what goes out to many."""
        match row:
            case Filling():
                self.fillings[row.id] = row
            case Vote():
                self.votes[row.poll_id, row.contact_id] = row
            case Unclear():
                self.unclear[row.message_id] = row
            case Recipient():
                self.recipients[row.campaign_id, row.contact_id] = row
            case Form():
                self.settings = replace(self.settings, forms={**self.settings.forms, row.name: row})
            case Poll():
                self.settings = replace(self.settings, polls={**self.settings.polls, row.id: row})
            case Campaign():
                self.settings = replace(self.settings, campaigns={**self.settings.campaigns, row.id: row})
            case Keyword():
                self.settings = replace(self.settings, keywords={**self.settings.keywords, row.word: row})

    def apply(self, decision: Decision) -> None:
        for row in decision.save:
            match row:
                case Contact():
                    self.contacts[row.id] = row
                case Conversation():
                    assert row.contact_id in self.contacts
                    self.conversations[row.id] = row
                case Thread():
                    assert row.conversation_id in self.conversations
                    self.threads[row.id] = row
                case Message():
                    assert row.conversation_id in self.conversations
                    self.messages[row.id] = row
                case Subscription():
                    self.subscriptions[row.contact_id, row.list_name] = row
                case Consent():
                    self.ledger.append(row)
                case _:
                    self._keep(row)
        self.changes += decision.settings
        for effect in decision.effects:
            for shape in limits.shapes(effect.body):
                limits.check(shape)
            if effect.key not in self.effects:
                self.effects[effect.key] = effect
                self.waiting.append(effect)
        stopped = set(decision.cancel_texts)
        self.waiting = [
            e for e in self.waiting if not (isinstance(e.body, SendSms) and e.body.message_id in stopped)
        ]
        self.timers += decision.timers
        self.notices += decision.notices
        live = [(t.conversation_id, t.desk) for t in self.threads.values() if t.state == "live"]
        assert len(live) == len(set(live)), "two live threads"
        keys = [e.key for e in decision.effects]
        assert len(keys) == len(set(keys)), f"one key twice in one decision: {keys}"


def talking(**more: Any) -> World:
    """A world in which somebody said hello, and the threads are open."""
    world = World(settings(**more))
    world.text("Hello")
    world.settle()
    return world


def told(world: World) -> list[str]:
    """Give what was said to members of staff alone."""
    return [b.post.body for b in world.bodies(TellPrivately)]
