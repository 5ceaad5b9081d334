"""Whether Twilio takes a message, in the order in which it looks at the parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from multidict import MultiMapping

from .errors import Refusal
from .spec import parameters
from .store import Number, Record, new_sid

_E164 = re.compile(r"\+[1-9]\d{6,14}")
BODY_LIMIT = 1600
MEDIA_LIMIT = 10


@dataclass
class Rules:
    """The account's world, as far as it decides about a message."""

    numbers: dict[str, Number]
    blocked: Callable[[], set[tuple[str, str]]]
    now: Callable[[], datetime]
    refused: dict[str, int] = field(default_factory=dict)


def accept(form: MultiMapping[str], rules: Rules) -> Record:
    """The message as it was accepted, or the refusal raised."""
    unknown = sorted(set(form) - parameters("post"))
    if unknown:
        raise Refusal(20001, ", ".join(unknown), violation=True)
    to = _recipient(form)
    number, service = _sender(form, rules)
    if number and number.phone_number == to:
        raise Refusal(21266)
    body, media = form.get("Body", ""), form.getall("MediaUrl", [])
    _check_content(form, body, media)
    _check_options(form, service)
    if to in rules.refused:
        raise Refusal(rules.refused[to], to)
    sender = number.phone_number if number else ""
    if (sender, to) in rules.blocked():
        raise Refusal(21610)
    scheduled = form.get("ScheduleType") == "fixed"
    return Record(
        new_sid("MM" if media else "SM"),
        "outbound-api",
        sender,
        to,
        body,
        "scheduled" if scheduled else "accepted" if service else "queued",
        rules.now(),
        media_urls=list(media),
        status_callback=form.get("StatusCallback"),
        service_sid=service,
        params={name: form.getall(name) for name in form},
    )


def _recipient(form: Mapping[str, str]) -> str:
    to = form.get("To", "")
    if not to:
        raise Refusal(21604)
    if not _E164.fullmatch(to):
        raise Refusal(21211, to)
    return to


def _sender(form: Mapping[str, str], rules: Rules) -> tuple[Number | None, str | None]:
    service, sender = form.get("MessagingServiceSid"), form.get("From")
    if service:
        pool = [number for number in rules.numbers.values() if number.service_sid == service]
        if not pool:
            raise Refusal(21703 if service.startswith("MG") else 21701, service)
        chosen = [number for number in pool if number.phone_number == sender] or pool
        return chosen[0], service
    if not sender:
        raise Refusal(21603)
    if not re.fullmatch(r"\+?\w[\w ]*", sender):
        raise Refusal(21212, sender)
    if sender not in rules.numbers:
        raise Refusal(21606, sender)
    return rules.numbers[sender], None


def _check_content(form: Mapping[str, str], body: str, media: list[str]) -> None:
    if not body and not media and not form.get("ContentSid"):
        raise Refusal(21602)
    if len(body) > BODY_LIMIT:
        raise Refusal(21617)
    if len(media) > MEDIA_LIMIT:
        raise Refusal(21623)
    for url in media:
        if not _is_web_address(url):
            raise Refusal(21620, url)


def _check_options(form: Mapping[str, str], service: str | None) -> None:
    callback = form.get("StatusCallback")
    if callback and not _is_web_address(callback):
        raise Refusal(21609, callback)
    validity = form.get("ValidityPeriod", "36000")
    if not validity.isdigit() or not 1 <= int(validity) <= 36000:
        raise Refusal(21624, validity)
    if form.get("ScheduleType") and not (service and form.get("SendAt")):
        raise Refusal(35114)


def _is_web_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")
