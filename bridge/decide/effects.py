"""The one place where effects are made: their keys, lanes, meters and priorities.

A lane orders, a meter paces. A key is unique for ever and follows from what caused the effect, so that
deciding twice makes one effect. Every function takes the new effect's id first.
"""

from bridge.model.decision import Desk, Line
from bridge.model.effects import (
    EditPost,
    Effect,
    Erase,
    FetchMedia,
    MarkMessage,
    Notify,
    OpenThread,
    PostToThread,
    Priority,
    RemoveThread,
    SendSms,
    ShowBulletin,
    ShowReaction,
    TellPrivately,
    UpdateCard,
)
from bridge.model.nouns import Message, Thread
from bridge.model.shapes import Card, Mark, Post
from bridge.model.verdict import Tapback


def _post_meter(desk: Desk) -> str:
    return f"post:{desk.name}"


def _edit_meter(desk: Desk) -> str:
    return f"post:{desk.name}" if desk.traits.edits_count_as_posts else f"mark:{desk.name}"


def send_sms(
    id_: str, message: Message, line: Line, to: str, as_mms: bool, answers_stop: bool = False
) -> Effect:
    """Send a message; each further attempt that staff ask for has a key of its own."""
    again = f":{message.attempts}" if message.attempts > 1 else ""
    return Effect(
        id=id_,
        key=f"sms:{message.id}{again}",
        lane=f"sms:{to}",
        meter=f"number:{line.number}",
        body=SendSms(message.id, line.name, to, message.text, message.media, as_mms, answers_stop),
        priority=Priority.BULK if message.campaign else Priority.TALK,
        weight=float(message.segments),
    )


def open_thread(id_: str, thread: Thread, desk: Desk, card: Card) -> Effect:
    """Open a thread."""
    return Effect(
        id=id_,
        key=f"open:{thread.id}",
        lane=f"thread:{thread.id}",
        meter=_post_meter(desk),
        body=OpenThread(thread.id, desk.name, card),
        priority=Priority.OPEN,
        weight=desk.traits.open_weight,
    )


def post_to_thread(
    id_: str, key: str, thread: Thread, desk: Desk, post: Post, message_ids: tuple[str, ...] = ()
) -> Effect:
    """Post into a thread, behind whatever waits to be posted there."""
    return Effect(
        id=id_,
        key=key,
        lane=f"thread:{thread.id}",
        meter=_post_meter(desk),
        body=PostToThread(thread.id, desk.name, post, message_ids),
    )


def remove_thread(id_: str, thread: Thread, desk: Desk, card: Card) -> Effect:
    """Take a thread off its desk, behind whatever waits to be posted there."""
    return Effect(
        id=id_,
        key=f"remove:{thread.id}",
        lane=f"thread:{thread.id}",
        meter=_post_meter(desk),
        body=RemoveThread(thread.id, desk.name, card),
    )


def update_card(id_: str, thread: Thread, desk: Desk, card: Card, cause: str) -> Effect:
    """Draw a card anew."""
    return Effect(
        id=id_,
        key=f"card:{thread.id}:{cause}",
        lane=f"card:{thread.id}",
        meter=_edit_meter(desk),
        body=UpdateCard(thread.id, desk.name, card),
        priority=Priority.TIDY,
    )


def mark_message(id_: str, desk: Desk, thread: str | None, ref: str, mark: Mark, cause: str) -> Effect:
    """Show on a staff message what became of it."""
    return Effect(
        id=id_,
        key=f"mark:{desk.name}:{ref}:{mark}:{cause}",
        lane=f"mark:{desk.name}:{ref}",
        meter=f"mark:{desk.name}",
        body=MarkMessage(desk.name, thread, ref, mark),
        priority=Priority.MARK,
    )


def show_reaction(id_: str, thread: Thread, desk: Desk, message_id: str, tapback: Tapback) -> Effect:
    """Show a contact's tapback; those of one thread in their order."""
    return Effect(
        id=id_,
        key=f"react:{thread.id}:{message_id}",
        lane=f"react:{thread.id}",
        meter=f"mark:{desk.name}",
        body=ShowReaction(desk.name, thread.id, message_id, tapback),
        priority=Priority.MARK,
    )


def show_bulletin(id_: str, desk: Desk, bulletin_id: str, post: Post, cause: str) -> Effect:
    """Show a bulletin as it is now."""
    return Effect(
        id=id_,
        key=f"bulletin:{bulletin_id}:{cause}",
        lane=f"bulletin:{bulletin_id}",
        meter=_post_meter(desk),
        body=ShowBulletin(bulletin_id, desk.name, post),
        priority=Priority.TIDY,
    )


def edit_post(id_: str, thread: Thread, desk: Desk, ref: str, post: Post, cause: str) -> Effect:
    """Replace a post of ours."""
    return Effect(
        id=id_,
        key=f"edit:{desk.name}:{ref}:{cause}",
        lane=f"edit:{desk.name}:{ref}",
        meter=_edit_meter(desk),
        body=EditPost(thread.id, desk.name, ref, post),
        priority=Priority.MARK,
    )


def fetch_media(id_: str, message: Message) -> Effect:
    """Fetch and keep the files of a text."""
    return Effect(
        id=id_,
        key=f"fetch:{message.id}",
        lane=f"fetch:{message.id}",
        meter="fetch",
        body=FetchMedia(message.id, message.media),
        priority=Priority.TIDY,
    )


def erase(id_: str, contact_id: str, by: str) -> Effect:
    """Erase a person. Nothing of the effect itself names them."""
    key = f"erase:{contact_id}"
    body = Erase(contact_id, by)
    return Effect(id=id_, key=key, lane=key, meter="fetch", body=body, priority=Priority.TIDY)


def notify(id_: str, key: str, body: Notify, due: float) -> Effect:
    """Tell a colleague outside the desk; what waits for the same one goes as one message."""
    return Effect(
        id=id_,
        key=key,
        lane=f"notify:{body.desk}:{body.person}:{body.channel}",
        meter=f"notify:{body.channel}",
        body=body,
        priority=Priority.TIDY,
        due=due,
    )


def tell_privately(
    id_: str, desk: Desk, thread: str | None, person: str, post: Post, ref: str | None, what: str
) -> Effect:
    """Say something to one person; `what` names the word and its cause."""
    meter = f"mark:{desk.name}" if desk.traits.tells_privately else _post_meter(desk)
    return Effect(
        id=id_,
        key=f"tell:{desk.name}:{person}:{what}",
        lane=f"tell:{desk.name}:{person}",
        meter=meter,
        body=TellPrivately(desk.name, thread, person, post, ref),
    )
