"""What became of a text of ours: the provider's answer at once, its reports later, in any order."""

from dataclasses import replace

from bridge.decide import consent, threads
from bridge.decide.deciding import Deciding
from bridge.decide.texts import quote
from bridge.model.effects import Outcome, SendSms
from bridge.model.events import DeliveryReported
from bridge.model.nouns import Message, MessageState
from bridge.model.shapes import Button, Mark
from bridge.render import words
from bridge.render.card import button

RANK = {"held": 0, "cancelled": 0, "unsure": 5, "queued": 10, "sent": 30}
"""How far along a state is; whatever is not here is final. Reports never lead back."""
FINAL = 90
FAILURES = ("undelivered", "failed", "cancelled")


def rank(state: str) -> int:
    """Say how far along a state is."""
    return RANK.get(state, FINAL)


def sent(d: Deciding, outcome: Outcome, body: SendSms) -> None:
    """Note what came of sending a text."""
    message = d.message(body.message_id)
    if message is None or d.contact is None:
        return
    if outcome.state == "done":
        _taken(d, message, outcome.refs[0] if outcome.refs else None, outcome.segments)
    elif rank(message.state) > RANK["queued"] or message.state == "cancelled":
        return  # a report came first and knows better; or it was cancelled before it was tried
    elif outcome.state == "failed":
        retry = outcome.retry_helps and d.contact.opted_out_at is None
        _failed(d, message, "failed", outcome.reason, outcome.code, retry, outcome.opted_out)
    else:
        _unsure(d, message, outcome.reason)


def _taken(d: Deciding, message: Message, provider_id: str | None, segments: int | None) -> None:
    """The provider has it."""
    was = message.state
    message = replace(
        message, provider_id=provider_id or message.provider_id, segments=segments or message.segments
    )
    if rank(was) < RANK["sent"]:
        message = replace(message, state="sent", error=None, error_code=None)
        d.mark(message, Mark.SENT)
    d.save(message)
    if was == "cancelled" and message.kind == "reply":
        _say(d, message, words.LEFT_BEFORE_CANCEL, "left")


def _unsure(d: Deciding, message: Message, reason: str) -> None:
    """It may or may not have gone: staff decide, since another try may make two of it."""
    why = reason or words.NO_REASON
    d.save(replace(message, state="unsure", error=why))
    if message.campaign is not None:
        return
    if message.kind != "reply":
        d.notice(words.OP_AUTO_UNSURE.format(line=message.line, reason=why))
        return
    buttons = (
        button("retry", words.SEND_AGAIN, message.id),
        button("leave", words.LEAVE_IT, message.id),
    )
    said = words.UNSURE.format(words=quote(message.text), reason=why)
    what = f"unsure:{message.id}:{message.attempts}"
    threads.announce(d, message.conversation_id, said, what, buttons)


def _failed(
    d: Deciding,
    message: Message,
    state: MessageState,
    reason: str | None,
    code: str | None,
    retry_helps: bool,
    opted_out: bool,
) -> None:
    """It did not arrive: say why in words, with a button where another try can help."""
    why = reason or words.NO_REASON
    message = replace(message, state=state, error=why, error_code=code)
    d.save(message)
    d.mark(message, Mark.FAILED)
    if message.kind == "reply":
        buttons = (button("retry", words.TRY_AGAIN, message.id),) if retry_helps and not opted_out else ()
        said = words.FAILED_TEXT.format(words=quote(message.text), reason=why)
        what = f"failed:{message.id}:{message.attempts}"
        threads.announce(d, message.conversation_id, said, what, buttons)
    elif not opted_out and message.campaign is None:  # a campaign counts its failures itself
        d.notice(words.OP_AUTO_FAILED.format(line=message.line, reason=why))
    if opted_out:
        consent.provider_block(d, message, why)


def reported(d: Deciding, report: DeliveryReported) -> None:
    """Note a delivery report. Of two final ones the later counts; nothing goes back.

    A report for a text that we believe queued or do not know about proves that it left: no second
    attempt may follow.
    """
    message = d.snapshot.subject
    if message is None or d.contact is None or message.direction != "out":
        return
    if _of_an_earlier_attempt(message, report) and report.state != "delivered":
        return
    if report.state == message.state:
        return
    if message.state in ("queued", "unsure", "cancelled"):
        message = _proved(d, message, report)
    if report.segments:
        message = replace(message, segments=report.segments)
    if report.state == "delivered":
        message = replace(message, state="delivered", error=None, error_code=None)
        d.mark(message, Mark.DELIVERED)
    d.save(message)
    if report.state in FAILURES:
        retry = report.retry_helps and not report.opted_out
        _failed(d, message, report.state, report.error, report.error_code, retry, report.opted_out)


def _of_an_earlier_attempt(message: Message, report: DeliveryReported) -> bool:
    """Say whether a report is about a try that staff have since repeated."""
    if message.attempts == 1 or message.provider_id is None:
        return False
    same = report.provider_id == message.provider_id
    return same if message.state in ("queued", "unsure") else not same


def _proved(d: Deciding, message: Message, report: DeliveryReported) -> Message:
    was = message.state
    message = replace(message, state="sent", provider_id=report.provider_id, error=None)
    d.stop_text(message.id)
    if report.state in ("queued", "sent"):
        d.mark(message, Mark.SENT)
    if was == "unsure" and message.kind == "reply" and report.state not in FAILURES:
        _say(d, message, words.WENT_OUT_AFTER_ALL, "went")
    return message


def _say(d: Deciding, message: Message, said: str, what: str, buttons: tuple[Button, ...] = ()) -> None:
    text = said.format(words=quote(message.text))
    threads.announce(d, message.conversation_id, text, f"{what}:{message.id}", buttons)
