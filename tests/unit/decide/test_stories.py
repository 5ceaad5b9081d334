"""Whatever happens, in whatever order: what must hold always does."""

import itertools
from collections import Counter
from dataclasses import replace

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bridge.model.effects import OpenThread, PostToThread, SendSms
from bridge.model.events import HoldOver
from bridge.model.verdict import Kind, Verdict
from tests.unit.decide.world import ANA, BEN, HELP, PIZZA, START, STOP, World, natural, settings
from tests.unit.panels.crowd import NAME, TEXT, id_

VERDICTS = [
    natural(),
    natural(suspicion="“leave me be”"),
    STOP,
    START,
    HELP,
    PIZZA,
    Verdict(Kind.REACTION, "a tapback"),
]
DESKS = st.sampled_from(["chat", "topics"])
PRESSES = [
    "send", "confirm_send", "cancel_send", "send_now", "cancel_now", "retry", "leave", "correct",
    "straighten", "opt_out", "not_meant",
    "unsubscribe", "resubscribe", "remove", "assign", "resolve", "reopen", "read", "display", "show_hidden",
]  # fmt: skip


class Story(RuleBasedStateMachine):
    """One person, two desks, and everything that can happen. The world checks each decision by itself."""

    more = ""  # what people write besides

    def __init__(self) -> None:
        super().__init__()
        self.world = World(settings(desk={"confirm_above": 2}))
        self.written: list[str] = []

    @rule(verdict=st.sampled_from(VERDICTS))
    def text(self, verdict: Verdict) -> None:
        self.world.text(f"text {self.world.count}{self.more}", verdict)

    @rule(desk=DESKS, long=st.booleans(), seconds=st.sampled_from([0.0, 1.0]))
    def write(self, desk: str, long: bool, seconds: float) -> None:
        body = f"reply {self.world.count} " + "x" * (200 if long else 0) + self.more
        self.written.append(self.world.write(body, desk))
        self.world.now += seconds

    @rule(desk=DESKS)
    def write_note(self, desk: str) -> None:
        self.written.append(self.world.write(f"// inside {self.world.count}{self.more}", desk))

    @rule(data=st.data(), desk=DESKS, note=st.booleans())
    def edit(self, data: st.DataObject, desk: str, note: bool) -> None:
        if self.written:
            ref = data.draw(st.sampled_from(self.written))
            self.world.edit(ref, f"{'// ' if note else ''}edited {self.world.count}{self.more}", desk)

    @rule(data=st.data(), desk=DESKS)
    def delete(self, data: st.DataObject, desk: str) -> None:
        if self.written:
            self.world.delete(data.draw(st.sampled_from(self.written)), desk)

    @rule(data=st.data(), action=st.sampled_from(PRESSES), desk=DESKS, who=st.sampled_from([ANA, BEN]))
    def press(self, data: st.DataObject, action: str, desk: str, who: object) -> None:
        values = ["", *self.world.messages, *self.world.threads]
        self.world.press(action, data.draw(st.sampled_from(values)), desk, who)  # type: ignore[arg-type]

    @rule(desk=DESKS)
    def start(self, desk: str) -> None:
        form = {"number": "+15550100777", "text": f"started {self.world.count}{self.more}"}
        self.world.press("new", form=form, desk=desk, thread=None)

    @rule(data=st.data(), state=st.sampled_from(["sent", "delivered", "failed", "undelivered", "queued"]))
    def report(self, data: st.DataObject, state: str) -> None:
        out = [m.id for m in self.world.out() if m.state not in ("held", "queued", "cancelled")]
        if out:
            self.world.report(data.draw(st.sampled_from(out)), state)

    @rule(desk=DESKS)
    def lose(self, desk: str) -> None:
        if self.world.thread_ref(desk):
            self.world.lose(desk)

    @rule(how=st.sampled_from(["done", "done", "done", "failed", "unsure", "gone", "opted_out"]))
    def carry_one(self, how: str) -> None:
        if not self.world.waiting:
            return
        effect = self.world.waiting[0]
        sms = isinstance(effect.body, SendSms)
        if how == "done" or (how == "gone" and sms) or (how == "opted_out" and not sms):
            self.world.carry_one(effect)
        elif how in ("failed", "unsure"):
            self.world.carry_one(effect, state=how, refs=())
        else:
            self.world.carry_one(effect, state="failed", refs=(), **{how: True})

    @rule(seconds=st.sampled_from([1.0, 6.0, 700.0]))
    def wait(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    @invariant()
    def nothing_internal_leaves(self) -> None:
        for effect in self.world.effects.values():
            if isinstance(effect.body, SendSms):
                assert not effect.body.text.startswith(("//", "Correction: //"))

    @invariant()
    def every_attempt_is_asked_for(self) -> None:
        tries = Counter(e.body.message_id for e in self.world.effects.values() if isinstance(e.body, SendSms))
        for message_id, count in tries.items():
            assert count == self.world.messages[message_id].attempts

    @invariant()
    def nothing_machine_made_goes_to_the_opted_out(self) -> None:
        if self.world.contacts and self.world.contact.opted_out_at is not None:
            waits = [e.body for e in self.world.waiting if isinstance(e.body, SendSms)]
            assert all(body.answers_stop for body in waits)

    @invariant()
    def posts_follow_the_opening_of_their_thread(self) -> None:
        opened = set()
        for effect in self.world.effects.values():
            if isinstance(effect.body, OpenThread):
                opened.add(effect.body.thread_id)
            elif isinstance(effect.body, PostToThread):
                assert effect.body.thread_id in opened


TestStory = Story.TestCase
TestStory.settings = hypothesis_settings(max_examples=60, stateful_step_count=40, deadline=None)


class LongStory(Story):
    """The same with names, texts and ids as long as they may be: the world draws whatever is shown."""

    more = f" {TEXT}"[:1500]

    def __init__(self) -> None:
        super().__init__()
        count = itertools.count()
        self.world.ids = lambda: id_(next(count))

    @rule(name=st.sampled_from(["", NAME]))
    def call(self, name: str) -> None:
        self.world.press("name", form={"name": name}, author=replace(ANA, name=NAME))


TestLongStory = LongStory.TestCase
TestLongStory.settings = hypothesis_settings(max_examples=25, stateful_step_count=40, deadline=None)


def test_one_reply_leaves_exactly_once_however_often_it_is_told() -> None:
    world = World()
    world.text("Hello")
    world.settle()
    ref = world.write("Once")
    world.seen.clear()
    message = world.by_ref(ref)
    world.settle()
    for timer_again in range(3):
        world.play(HoldOver(message.id, "+15550100777", world.now, timer_again + 5))
    world.settle()
    assert world.sent() == ["Once"]
