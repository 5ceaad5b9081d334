"""What came of an effect on a desk: threads that opened, posts that stand, threads that are gone."""

from dataclasses import replace

from bridge.decide import effects, reports, threads
from bridge.decide.deciding import Deciding
from bridge.model.decision import Desk
from bridge.model.effects import Effect, OpenThread, Outcome, PostToThread, SendSms, UpdateCard
from bridge.model.events import ThreadLost
from bridge.model.nouns import Conversation, PostRef, Thread, ThreadNote
from bridge.model.shapes import Post
from bridge.render import words
from bridge.render.card import who

AGAIN = "~"  # marks in a key how often a post was moved to a new thread
MOST_MOVES = 3


def came_of(d: Deciding, outcome: Outcome) -> None:
    """Note what came of an effect, and mend what can be mended."""
    match outcome.effect.body:
        case SendSms() as body:
            reports.sent(d, outcome, body)
        case OpenThread() as body:
            _opened(d, outcome, body)
        case PostToThread():
            for effect in (outcome.effect, *outcome.merged):
                posted(d, outcome, effect)
        case UpdateCard() as body if outcome.gone:
            _gone(d, d.thread(body.thread_id))
        case _ if outcome.state == "failed" and not outcome.gone:
            _report(d, outcome)


def _report(d: Deciding, outcome: Outcome) -> None:
    """Tell the operator what a desk refused."""
    body = outcome.effect.body
    what = body.type.replace("_", " ")
    desk = getattr(body, "desk", "")
    d.notice(words.OP_EFFECT_FAILED.format(what=what, desk=desk, reason=outcome.reason or words.NO_REASON))


def _opened(d: Deciding, outcome: Outcome, body: OpenThread) -> None:
    """A thread is open: keep its ref, and bring its card up to date where things changed meanwhile.

    One that could not be opened, or may not have been, is given up: what waits to be posted there comes
    back as gone and is posted to a new one. A thread too many is better than a text too few.
    """
    thread = d.thread(body.thread_id)
    desk = d.world.desks.get(body.desk)
    conversation = d.conversation(thread.conversation_id) if thread else None
    if thread is None or desk is None or conversation is None or d.contact is None:
        return
    if outcome.state != "done" or not outcome.refs:
        if thread.ref is None:
            threads.lose(d, thread)
        if outcome.state == "failed":
            _report(d, outcome)
        return
    if thread.state == "removed" and conversation.state != "removed":
        taken = threads.live_on(d, conversation, desk) is not None
        thread = replace(thread, state="removed" if taken else "live")
    thread = replace(thread, ref=outcome.refs[0])
    d.save(thread)
    fresh = threads.draw(d, thread, desk)
    if thread.state == "live" and fresh != body.card:
        d.effect(effects.update_card(d.ids(), thread, desk, fresh, d.cause))


def posted(d: Deciding, outcome: Outcome, effect: Effect) -> None:
    """Something stands in its thread, may stand there, or does not: keep the refs, or mend it."""
    body = effect.body
    assert isinstance(body, PostToThread)
    thread = d.thread(body.thread_id)
    desk = d.world.desks.get(body.desk)
    if thread is None or desk is None or d.contact is None:
        return
    if outcome.gone:
        _move(d, effect, body, thread, desk)
    elif outcome.state == "done":
        d.save(replace(thread, last_post_at=max(outcome.at, thread.last_post_at)))
        for message_id in body.message_ids:
            for ref in outcome.refs:
                d.save(PostRef(thread.id, desk.name, ref, message_id))
        if not body.message_ids and effect is outcome.effect:
            d.save(ThreadNote(outcome.refs[0], thread.id, body.post, outcome.at))
    elif outcome.state == "unsure":
        _maybe_posted(d, effect, body, thread, desk, went_along=effect in outcome.merged)
    else:
        _report(d, outcome)


def _move(d: Deciding, effect: Effect, body: PostToThread, thread: Thread, desk: Desk) -> None:
    """The thread was deleted by hand: what was to stand there goes to a new one."""
    if thread.state == "live":
        threads.lose(d, thread)
    conversation = d.conversation(thread.conversation_id)
    if conversation is None or conversation.state == "removed" or effect.key.endswith(threads.REOPENED):
        return
    key, _, count = effect.key.partition(AGAIN)
    moves = int(count or 0) + 1
    if moves > MOST_MOVES:
        d.notice(words.OP_NOT_SHOWN.format(desk=desk.label))
        return
    first = threads.live_on(d, conversation, desk) is None
    new = threads.reopen(d, conversation, desk)
    if first:
        _repeat_waiting(d, conversation, new, desk, until=body.message_ids)
    moved = effects.post_to_thread(d.ids(), f"{key}{AGAIN}{moves}", new, desk, body.post, body.message_ids)
    d.effect(moved)


def _maybe_posted(
    d: Deciding, effect: Effect, body: PostToThread, thread: Thread, desk: Desk, went_along: bool
) -> None:
    """Nobody can tell whether it stands there: repeat it with a word about that, so that nothing is lost.

    Once; what only went along in the same request, perhaps with the one that cannot be posted, again.
    """
    key = f"maybe:{effect.key}"
    if effect.key.startswith("maybe:") and not went_along:
        d.notice(words.OP_MAY_NOT_BE_SHOWN.format(desk=desk.label))
        return
    post = replace(body.post, foot=f"{words.MAY_BE_MISSING_TEXT} {body.post.foot}".strip())
    d.effect(effects.post_to_thread(d.ids(), key, thread, desk, post, body.message_ids))


def lost(d: Deciding, event: ThreadLost) -> None:
    """A platform says that a thread is gone."""
    _gone(d, d.thread_at(event.desk, event.thread))


def _gone(d: Deciding, thread: Thread | None) -> None:
    """A thread is gone: where somebody waits for an answer a new one opens at once, else at the next text."""
    desk = d.world.desks.get(thread.desk) if thread else None
    if thread is None or desk is None or thread.state == "removed" or d.contact is None:
        return
    threads.lose(d, thread)
    conversation = d.conversation(thread.conversation_id)
    if conversation is None or conversation.state == "removed" or conversation.waiting_since is None:
        return
    new = threads.reopen(d, conversation, desk)
    _repeat_waiting(d, conversation, new, desk)


def _repeat_waiting(
    d: Deciding, conversation: Conversation, thread: Thread, desk: Desk, until: tuple[str, ...] = ()
) -> None:
    """Show again what nobody answered yet. until: messages that are moved to the new thread by themselves,
    and what came in after them, too."""
    assert d.contact is not None
    since = conversation.waiting_since
    if since is None:
        return
    head = who(d.contact, d.world.organisation.region)
    for text in reversed(d.snapshot.recent):
        if text.id in until:
            return
        waits = text.conversation_id == conversation.id and text.direction == "in" and text.kind == "natural"
        if waits and text.at >= since:
            post = Post(head, text.text, media=tuple(m.id for m in text.media), message_id=text.id)
            threads.put(d, thread, desk, post, f"post:{thread.id}:{text.id}", (text.id,))
