"""Automatic texts: who gets them, and the guard against two machines that answer each other."""

from bridge.decide import threads
from bridge.decide.deciding import Deciding
from bridge.decide.texts import AUTOMATIC_KINDS, MACHINE, dispatch
from bridge.model.address import mask
from bridge.model.decision import Line, Recent
from bridge.model.nouns import Conversation, Message
from bridge.render import words

LIMIT = 5  # automatic texts to one address …
HELP_LIMIT = 10  # … before HELP and START are not answered either: people repeat them, machines for ever
WINDOW = 600.0  # … within so many seconds


def send(
    d: Deciding,
    conversation: Conversation,
    line: Line,
    text: str,
    kind: str = "auto",
    answers_stop: bool = False,
    limit: int | None = LIMIT,
) -> bool:
    """Answer by machine, unless this person must not or cannot be. Says whether it was done.

    Only full numbers are answered: a name cannot be, and behind a short code is another machine.
    answers_stop: the confirmation of STOP, or HELP: goes to people who opted out, are doubted or
    blocked, too. limit: of the loop guard; None: not even that withholds it (the confirmation of STOP).
    """
    contact = d.contact
    assert contact is not None
    if contact.address_kind != "e164" or is_ours(d, contact.address):
        return False
    silent = (contact.opted_out_at, contact.doubted_at, contact.blocked_at)
    if not answers_stop and any(since is not None for since in silent):
        return False
    if limit is not None and looping(d, limit):
        return False
    message = Message(
        id=d.ids(),
        conversation_id=conversation.id,
        contact_id=contact.id,
        line=line.name,
        direction="out",
        text=text,
        kind=kind,
        state="queued",
        at=d.now,
        author=MACHINE,
    )
    message = dispatch(d, message, line, answers_stop)
    for thread, desk in d.live(conversation.id):
        if threads.shows_all(thread, desk):
            threads.show_outbound(d, message, thread, desk, words.AUTOMATIC)
    return True


def is_ours(d: Deciding, address: str) -> bool:
    """Say whether this is one of our own numbers: to answer it would be to answer ourselves."""
    return any(line.number == address for line in d.world.lines.values())


def looping(d: Deciding, limit: int) -> bool:
    """Say whether this address had as many automatic texts of late as a person can want."""
    texts: list[Recent | Message] = [*d.snapshot.recent, *d.messages()]
    sent = {
        text.id
        for text in texts
        if text.direction == "out" and text.kind in AUTOMATIC_KINDS and text.at > d.now - WINDOW
    }
    return len(sent) >= limit


def report_loop(d: Deciding, line: Line, limit: int) -> None:
    """Tell the operator that somebody is not answered any more."""
    assert d.contact is not None
    d.notice(
        words.OP_LOOP.format(
            number=mask(d.contact.address), line=line.name, count=limit, minutes=int(WINDOW // 60)
        )
    )
