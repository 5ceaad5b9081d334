"""Threads: opening them where they are needed, posting to them, keeping their cards true."""

from dataclasses import replace

from bridge.decide import drawn, effects
from bridge.decide.deciding import Deciding
from bridge.model.decision import Desk
from bridge.model.effects import Effect, OpenThread
from bridge.model.nouns import Conversation, Message, Thread
from bridge.model.shapes import Button, Card, Post
from bridge.render import words
from bridge.render.card import card, looks, who
from bridge.render.post import notice, split

HOUR = 3600.0
REOPENED = ":reopened"  # ends the key of the first word in a thread that replaces a lost one


def live_on(d: Deciding, conversation: Conversation, desk: Desk) -> Thread | None:
    """Give the live thread of a conversation on a desk."""
    return next((t for t, on in d.live(conversation.id) if on.name == desk.name), None)


def ensure(d: Deciding, conversation: Conversation, desk: Desk) -> Thread:
    """Give the live thread of a conversation on a desk; open one where there is none."""
    thread = live_on(d, conversation, desk)
    if thread is not None:
        return thread
    id_ = d.ids()
    ref = drawn.thread_ref(desk, id_)
    thread = Thread(id_, conversation.id, desk.name, ref, last_post_at=d.now, created_at=d.now)
    d.save(thread)
    d.opened.add(thread.id)
    d.effect(effects.open_thread(d.ids(), thread, desk, draw(d, thread, desk)))
    return thread


def draw(d: Deciding, thread: Thread, desk: Desk) -> Card:
    """Draw the card of a thread, as things stand now."""
    conversation = d.conversation(thread.conversation_id)
    assert d.contact is not None and conversation is not None
    return card(d.world, desk, thread, d.contact, conversation, d.subscriptions())


def shows_all(thread: Thread | None, desk: Desk) -> bool:
    """Say whether a thread shows every message, or natural ones only."""
    return ((thread.display if thread else None) or desk.display) == "all"


def put(
    d: Deciding, thread: Thread, desk: Desk, post: Post, key: str, message_ids: tuple[str, ...] = ()
) -> None:
    """Post into a thread, in as many parts as its desk needs."""
    for i, part in enumerate(split(post, desk.traits.max_chars)):
        part_key = key if i == 0 else f"{key}:{i + 1}"
        d.effect(effects.post_to_thread(d.ids(), part_key, thread, desk, part, message_ids))


def show_inbound(
    d: Deciding,
    conversation: Conversation,
    message: Message,
    desk: Desk,
    foot: str,
    buttons: tuple[Button, ...] = (),
) -> None:
    """Show somebody's text on a desk, in view of the channel where the thread is old."""
    assert d.contact is not None
    thread = ensure(d, conversation, desk)
    old = d.now - thread.last_post_at > desk.resurface_hours * HOUR
    if old:
        d.save(replace(thread, last_post_at=d.now))
    post = Post(
        head=who(d.contact, d.world.organisation.region),
        body=message.text,
        media=tuple(m.id for m in message.media),
        resurface=old,
        foot=foot,
        buttons=buttons,
        message_id=message.id,
    )
    put(d, thread, desk, post, f"post:{thread.id}:{message.id}", (message.id,))


def show_outbound(d: Deciding, message: Message, thread: Thread, desk: Desk, head: str) -> None:
    """Show a text of ours in a thread."""
    post = Post(
        head=head,
        body=message.text,
        style="outbound",
        media=tuple(m.id for m in message.media),
        message_id=message.id,
    )
    put(d, thread, desk, post, f"post:{thread.id}:{message.id}", (message.id,))


def announce(
    d: Deciding,
    conversation_id: str,
    text: str,
    what: str,
    buttons: tuple[Button, ...] = (),
    only: str | None = None,
    skip: str | None = None,
) -> None:
    """Put a notice into the live threads of a conversation: of one desk, or of all (but one)."""
    for thread, desk in d.live(conversation_id):
        if (only is None or desk.name == only) and desk.name != skip:
            put(d, thread, desk, notice(text, buttons=buttons), f"notice:{thread.id}:{what}:{d.cause}")


def announce_everywhere(d: Deciding, text: str, what: str, buttons: tuple[Button, ...] = ()) -> None:
    """Put a notice into every live thread of this person, on whatever line."""
    for conversation in d.conversations():
        announce(d, conversation.id, text, what, buttons)


def lose(d: Deciding, thread: Thread) -> None:
    """Note that a thread is gone from its platform."""
    d.save(replace(thread, state="removed"))


def reopen(d: Deciding, conversation: Conversation, desk: Desk) -> Thread:
    """Give the live thread again after one was deleted by hand; a new one says so in a word."""
    thread = live_on(d, conversation, desk)
    if thread is None:
        thread = ensure(d, conversation, desk)
        put(d, thread, desk, notice(words.REOPENED_THREAD), f"notice:{thread.id}{REOPENED}")
    return thread


def refresh_cards(d: Deciding) -> None:
    """At the end: draw the cards that the changed rows make different, and new ones as they are now.

    A thread that is not open yet gets its changes when it is (outcomes.opened).
    """
    d.effects = [_redrawn(d, effect) for effect in d.effects]
    before = d.snapshot
    if d.contact is None or before.contact is None:
        return
    lists = d.subscriptions()
    for talk in before.conversations:
        now = d.conversation(talk.id) or talk
        for thread, desk in d.live(talk.id):
            was = d.before(thread)
            if not isinstance(was, Thread) or was.ref is None:
                continue
            seen = looks(was, before.contact, talk, before.subscriptions)
            if seen != looks(thread, d.contact, now, lists):
                d.effect(effects.update_card(d.ids(), thread, desk, draw(d, thread, desk), d.cause))


def _redrawn(d: Deciding, effect: Effect) -> Effect:
    if not isinstance(effect.body, OpenThread):
        return effect
    thread = d.thread(effect.body.thread_id)
    assert thread is not None
    fresh = draw(d, thread, d.world.desks[thread.desk])
    return replace(effect, body=replace(effect.body, card=fresh))
