"""What is to happen: one pure function from what is known and what came in to what is to be done.

    decide(snapshot, event or outcome, verdict, now, ids) -> Decision

No I/O, no clock, no chance: the same arguments give the same decision. One file a subject: `inbound` (a
text came in), `staff` (they wrote, edited, deleted), `pressed` (buttons and commands), `timers`,
`reports` and `outcomes` (what became of what went out). They share `deciding` (what is decided so far),
`effects` (the one place where effects are made), `drawn`, `threads`, `texts`, `replies`, `auto`, `consent`.
"""

from bridge.decide import (
    campaigns,
    drawn,
    forms,
    inbound,
    outcomes,
    pressed,
    reminding,
    reports,
    staff,
    threads,
    timers,
)
from bridge.decide.deciding import Deciding
from bridge.decide.facts import facts
from bridge.model.decision import Decision, Snapshot
from bridge.model.effects import Outcome
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
    Unreadable,
)
from bridge.model.ids import Ids
from bridge.model.verdict import Verdict
from bridge.render import words

__all__ = ["decide", "facts"]


def decide(
    snapshot: Snapshot, event: Event | Outcome, verdict: Verdict | None, now: float, ids: Ids
) -> Decision:
    """Decide what follows from an event. verdict: the classifier's, for a TextReceived."""
    d = Deciding(snapshot, _cause(event), now, ids)
    _dispatch(d, event, verdict)
    reminding.begin(d)
    threads.refresh_cards(d)
    drawn.stand(d)
    return d.decision()


def _dispatch(d: Deciding, event: Event | Outcome, verdict: Verdict | None) -> None:
    match event:
        case TextReceived():
            inbound.received(d, event, verdict)
        case Outcome():
            outcomes.came_of(d, event)
        case DeliveryReported():
            reports.reported(d, event)
        case HoldOver() | ReminderDue() | CampaignDue() | FormExpires():
            _its_time(d, event)
        case Unreadable():
            d.notice(words.OP_UNREADABLE.format(line=event.line, digest=event.digest[:12]))
        case _:
            _staff_did(d, event)


def _its_time(d: Deciding, event: HoldOver | ReminderDue | CampaignDue | FormExpires) -> None:
    match event:
        case HoldOver():
            timers.hold_over(d, event)
        case ReminderDue():
            reminding.due(d, event)
        case CampaignDue():
            campaigns.due(d, event)
        case FormExpires():
            forms.expired(d, event)


def _staff_did(
    d: Deciding, event: StaffWrote | StaffEdited | StaffDeleted | StaffPressed | ThreadLost
) -> None:
    match event:
        case StaffWrote():
            staff.wrote(d, event)
        case StaffEdited():
            staff.edited(d, event)
        case StaffDeleted():
            staff.deleted(d, event)
        case StaffPressed():
            pressed.pressed(d, event)
        case ThreadLost():
            outcomes.lost(d, event)


def _cause(event: Event | Outcome) -> str:
    """Name what is decided about. An effect may fail twice, when an operator had it tried again."""
    if isinstance(event, Outcome):
        return f"{event.effect.key}:{event.state}:{event.at:.3f}"
    return event.key
