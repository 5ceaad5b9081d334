"""What the classifier is given to judge a text by."""

from typing import Any

from bridge.model.decision import Snapshot
from bridge.model.events import TextReceived
from bridge.model.verdict import Awaiting, Facts


def facts(snapshot: Snapshot, event: TextReceived, now: float) -> Facts:
    """Gather what a rule may look at.

    subscribed: on a list, and neither opted out nor unsubscribed. The question asked is kept on the
    conversation as {type, question, asked_at, options, multiple, field}.
    """
    contact = snapshot.contact
    out = contact is None or contact.opted_out_at is not None or contact.unsubscribed_at is not None
    conversation = snapshot.on_line(event.line)
    return Facts(
        text=event.text,
        subscribed=not out and any(s.ended_at is None for s in snapshot.subscriptions),
        keywords=tuple(snapshot.world.keywords),
        awaiting=_awaiting(conversation.awaiting if conversation else None, now),
    )


def _awaiting(asked: dict[str, Any] | None, now: float) -> Awaiting | None:
    if not asked or asked.get("type") not in ("poll", "data"):
        return None
    return Awaiting(
        type=asked["type"],
        question=str(asked.get("question", "")),
        asked_minutes_ago=max(0.0, (now - float(asked.get("asked_at", now))) / 60),
        options=tuple(str(option) for option in asked.get("options") or ()),
        multiple=bool(asked.get("multiple", False)),
        field=asked.get("field"),
    )
