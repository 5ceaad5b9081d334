"""Reminders: whoever waits too long is brought up again on the desks that want it."""

from bridge.decide import threads
from bridge.decide.deciding import Deciding
from bridge.model.events import ReminderDue
from bridge.model.hours import after_working
from bridge.model.nouns import Conversation
from bridge.render import words
from bridge.render.post import notice
from bridge.render.times import moment


def begin(d: Deciding) -> None:
    """Where somebody began to wait in this decision, set a timer for each desk that wants one."""
    for conversation in d.conversations():
        before = d.before(conversation)
        waited = before.waiting_since if isinstance(before, Conversation) else None
        since = conversation.waiting_since
        if since is None or since == waited or d.contact is None:
            continue
        zone = d.world.organisation.timezone
        for _, desk in d.live(conversation.id):
            if desk.remind_after > 0:
                due = after_working(max(since, d.now - 60), desk.remind_after * 60, desk.working_hours, zone)
                d.timer(ReminderDue(conversation.id, d.contact.address, desk.name, since, due))


def due(d: Deciding, event: ReminderDue) -> None:
    """Bring the thread up, unless somebody answered or resolved it meanwhile."""
    conversation, desk = d.conversation(event.conversation_id), d.world.desks.get(event.desk)
    if conversation is None or desk is None or conversation.waiting_since != event.since:
        return
    thread = threads.live_on(d, conversation, desk)
    if thread is None or conversation.state != "open" or desk.remind_after <= 0:
        return
    when = moment(event.since, d.world.organisation.timezone)
    assigned = conversation.assigned_to
    said = (
        words.REMINDER_TO.format(name=assigned, when=when) if assigned else words.REMINDER.format(when=when)
    )
    key = f"notice:{thread.id}:remind:{event.since:.3f}"
    threads.put(d, thread, desk, notice(said, resurface=True), key)
