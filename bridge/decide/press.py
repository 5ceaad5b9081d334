"""A press with what it is about, and the two ways to answer it: alone, or for all to see."""

from dataclasses import dataclass

from bridge.decide import effects, threads
from bridge.decide.deciding import Deciding
from bridge.model.decision import Desk
from bridge.model.events import StaffPressed
from bridge.model.nouns import Conversation, Message, Thread
from bridge.model.shapes import Button
from bridge.render.post import notice


@dataclass(frozen=True, slots=True)
class Press:
    """What was pressed, where, and the thread and conversation it concerns, as far as they are known."""

    event: StaffPressed
    desk: Desk
    thread: Thread | None
    conversation: Conversation | None

    @property
    def name(self) -> str:
        """Give the name of who pressed."""
        return self.event.author.name


def read(d: Deciding, event: StaffPressed, desk: Desk) -> Press:
    """Find what a press is about: by our id on the button, by the thread it was used in, by its message."""
    thread = d.thread(event.value.partition(":")[0]) or d.thread_at(event.desk, event.thread)
    subject = d.snapshot.subject
    conversation = d.conversation(thread.conversation_id) if thread else None
    if conversation is None and subject is not None:
        conversation = d.conversation(subject.conversation_id)
    if thread is None and conversation is not None:
        thread = threads.live_on(d, conversation, desk)
    return Press(event, desk, thread, conversation)


def whisper(d: Deciding, press: Press, said: str, buttons: tuple[Button, ...] = ()) -> None:
    """Answer who pressed, alone."""
    ref = press.thread.ref if press.thread and press.thread.desk == press.desk.name else None
    thread = press.event.thread or ref
    event = press.event
    d.tell(press.desk.name, thread, event.author.id, said, event.action, event.ref, buttons)


def settle(d: Deciding, press: Press, said: str, message: Message | None) -> None:
    """Say in all live threads what was decided; where a notice was pressed, it says so itself from now on.

    message: the one that the press is about; a press on the staff member's own message is no notice.
    """
    event, thread, conversation = press.event, press.thread, press.conversation
    if conversation is None:
        return
    pressed_notice = event.ref is not None and (message is None or event.ref != message.ref)
    if pressed_notice and event.ref is not None and thread is not None and thread.desk == press.desk.name:
        edit = effects.edit_post(d.ids(), thread, press.desk, event.ref, notice(said), d.cause)
        d.effect(edit)
        threads.announce(d, conversation.id, said, event.action, skip=press.desk.name)
    else:
        threads.announce(d, conversation.id, said, event.action)
