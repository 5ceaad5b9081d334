"""Desks that draw themselves: what is to be shown there is shown by being decided.

Nothing travels to such a desk, so nothing can be lost, doubled or late on the way: no effect waits, and
the rows that another platform's answer would bring are saved with the decision.
"""

import hashlib
from dataclasses import replace

from bridge.decide import effects
from bridge.decide.deciding import Deciding
from bridge.model.decision import Desk
from bridge.model.effects import (
    EditPost,
    Effect,
    MarkMessage,
    OpenThread,
    PostToThread,
    RemoveThread,
    UpdateCard,
)
from bridge.model.nouns import PostRef, ThreadNote

_SHOWN = EditPost | MarkMessage | OpenThread | PostToThread | RemoveThread | UpdateCard


def thread_ref(desk: Desk, thread_id: str) -> str | None:
    """Give what the desk calls a new thread; None where its platform has yet to say."""
    return thread_id if desk.traits.draws_itself else None


def stand(d: Deciding) -> None:
    """At the end: what was to be shown on desks that draw themselves stands there already."""
    waiting, d.effects = d.effects, []
    for effect in waiting:
        if isinstance(effect.body, _SHOWN) and _draws_itself(d, effect.body.desk):
            d.drawn.append(effect)
            if isinstance(effect.body, PostToThread):
                _posted(d, effect, effect.body)
        else:
            d.effect(effect)


def _draws_itself(d: Deciding, name: str) -> bool:
    desk = d.world.desks.get(name)
    return desk is not None and desk.traits.draws_itself


def _posted(d: Deciding, effect: Effect, body: PostToThread) -> None:
    thread = d.thread(body.thread_id)
    if thread is not None:
        d.save(replace(thread, last_post_at=d.now))
    for message_id in body.message_ids:
        d.save(PostRef(body.thread_id, body.desk, message_id, message_id))
        message = d.message(message_id)
        if message is not None and body.post.media:
            d.effect(effects.fetch_media(d.ids(), message))
    if not body.message_ids:
        ref = "w" + hashlib.sha256(effect.key.encode()).hexdigest()[:24]
        d.save(ThreadNote(ref, body.thread_id, body.post, d.now))
