"""What Twilio tells: an inbound text or a delivery report, as a form (or a query, where GET is set).

Fields: Twilio's pages on webhook requests and on status callbacks (twilio.com/docs/messaging/guides).
Unknown fields are ignored, since Twilio adds some without notice; of a repeated field the first value
counts; bytes that are not UTF-8 become U+FFFD.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from bridge.errors import Unreadable
from bridge.model.address import read_sender
from bridge.model.events import DeliveryReported, TextReceived
from bridge.model.nouns import Media
from bridge.model.text import clean
from bridge.ports import InboundEvent, LineContext, Request
from connectors.sms._twilio_errors import fault
from connectors.sms._twilio_signature import FORM, content_type, pairs, query_of

State = Literal["queued", "sent", "delivered", "undelivered", "failed", "cancelled"]
_STATES: Mapping[str, State] = {
    "queued": "queued",
    "accepted": "queued",
    "scheduled": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "cancelled",
}
_INBOUND = ("received", "receiving")
_OPT_OUT_TYPES = ("stop", "start", "help")
_MEDIA_URL = re.compile(r"MediaUrl(\d{1,3})")
_MOST_SEGMENTS = 1000


def read(request: Request, line: LineContext, now: float) -> tuple[InboundEvent, ...]:
    """Give the text or the report that a request tells; nothing for a state that means nothing to us."""
    form = _form(request)
    sid = form.get("MessageSid") or form.get("SmsSid") or form.get("SmsMessageSid")
    if not sid:
        raise Unreadable("Twilio's request names no message")
    status = (form.get("MessageStatus") or form.get("SmsStatus") or "received").lower()
    if status in _INBOUND:
        return (_text(form, sid, line, now),)
    if status not in _STATES:
        return ()
    return (_report(form, sid, _STATES[status], _our_id(request.url), line, now),)


def media_of(line: str, sid: str, number: int, kind: str, url: str) -> Media:
    """Name a part of an MMS: the same, whether a webhook or the list of messages tells of it."""
    return Media(
        id=hashlib.sha256(f"{sid}:{number}".encode()).hexdigest()[:26],
        content_type=kind or "application/octet-stream",
        origin=f"line:{line}",
        url=url,
    )


def count(given: object, least: int = 1) -> int:
    """Read a number that Twilio gives as a string; the least one where it is none."""
    try:
        return min(max(int(str(given)), least), _MOST_SEGMENTS)
    except ValueError:
        return least


def _form(request: Request) -> dict[str, str]:
    if request.method == "GET":
        return _decoded(query_of(request.url))
    kind = content_type(request)
    if kind not in (FORM, ""):
        raise Unreadable(f"not a form, but {clean(kind)[:80]}")
    return _decoded(request.body)


def _decoded(form: bytes) -> dict[str, str]:
    """Decode a form so that any database can hold it; the first of repeated fields counts."""
    known: dict[str, str] = {}
    for name, value in pairs(form):
        known.setdefault(name.decode(errors="replace"), clean(value.decode(errors="replace")))
    return known


def _our_id(url: str) -> str | None:
    return _decoded(query_of(url)).get("id") or None


def _text(form: Mapping[str, str], sid: str, line: LineContext, now: float) -> TextReceived:
    if "From" not in form:
        raise Unreadable("Twilio's request does not say who wrote")
    sender = read_sender(form["From"], line.region)
    opt_out = form.get("OptOutType", "").lower()
    return TextReceived(
        line=line.name,
        provider_id=sid,
        sender=sender.value,
        sender_kind=sender.kind,
        text=form.get("Body", ""),
        at=now,
        media=tuple(_media(form, sid, line.name)),
        segments=count(form.get("NumSegments")),
        answered_by_provider=opt_out if opt_out in _OPT_OUT_TYPES else None,
    )


def _media(form: Mapping[str, str], sid: str, line: str) -> Iterator[Media]:
    numbers = sorted(int(match[1]) for name in form if (match := _MEDIA_URL.fullmatch(name)))
    for number in numbers:
        if url := form.get(f"MediaUrl{number}"):
            yield media_of(line, sid, number, form.get(f"MediaContentType{number}", ""), url)


def _report(
    form: Mapping[str, str], sid: str, state: State, our_id: str | None, line: LineContext, now: float
) -> DeliveryReported:
    failed = state in ("undelivered", "failed")
    why = fault(form.get("ErrorCode", "")) if failed else None
    to = form.get("To", "")
    return DeliveryReported(
        line=line.name,
        provider_id=sid,
        state=state,
        at=now,
        message_id=our_id,
        recipient=read_sender(to, line.region).value if to else "",
        error_code=(why.code or None) if why else None,
        error=why.words if why else None,
        opted_out=why.opted_out if why else False,
        retry_helps=why.retry_helps if why else True,
    )
