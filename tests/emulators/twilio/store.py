"""What the emulated Twilio keeps: numbers, services, messages with their media, and pages of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

API_VERSION = "2010-04-01"
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("^{}\\[~]|€\f")


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def segments(body: str) -> int:
    """How many SMS a body takes (an escape pair or surrogate pair at a border is not considered)."""
    if not body:
        return 1
    if all(c in _GSM or c in _GSM_EXTENSION for c in body):
        units, single, joined = sum(2 if c in _GSM_EXTENSION else 1 for c in body), 160, 153
    else:
        units, single, joined = len(body.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= single else -(-units // joined)


@dataclass(frozen=True)
class Media:
    sid: str
    content_type: str
    content: bytes
    created: datetime


@dataclass(eq=False)
class Record:
    """One message resource, in or out."""

    sid: str
    direction: str
    from_: str
    to: str
    body: str
    status: str
    created: datetime
    media: list[Media] = field(default_factory=list)
    media_urls: list[str] = field(default_factory=list)
    status_callback: str | None = None
    service_sid: str | None = None
    sent: datetime | None = None
    updated: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
    history: list[str] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def inbound(self) -> bool:
        return self.direction == "inbound"

    @property
    def num_media(self) -> int:
        return max(len(self.media), len(self.media_urls))

    def json(self, account_sid: str) -> dict[str, Any]:
        path = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": _date(self.created),
            "date_sent": _date(self.sent),
            "date_updated": _date(self.updated or self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": self.error_message,
            "from": self.from_ or None,
            "messaging_service_sid": self.service_sid,
            "num_media": str(self.num_media),
            "num_segments": "0" if self.status == "accepted" else str(segments(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": self.to,
            "uri": f"{path}.json",
        }


@dataclass(eq=False)
class Number:
    """A phone number of the account."""

    phone_number: str
    sms_url: str = ""
    sms_fallback_url: str = ""
    service_sid: str | None = None
    handles_opt_out: bool | None = None  # None: as the account does
    sid: str = field(default_factory=lambda: new_sid("PN"))

    def json(self, account_sid: str) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "friendly_name": self.phone_number,
            "phone_number": self.phone_number,
            "sms_url": self.sms_url,
            "sms_method": "POST",
            "sms_fallback_url": self.sms_fallback_url,
            "sms_fallback_method": "POST",
            "status_callback": "",
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{self.sid}.json",
        }


def matches(query: Mapping[str, str]) -> Callable[[Record], bool]:
    """The list filters; those on the date sent pass over what has none yet, as with Twilio."""

    def fits(record: Record) -> bool:
        if query.get("To", record.to) != record.to or query.get("From", record.from_) != record.from_:
            return False
        return all(_date_fits(record, name, query[name]) for name in _DATES if query.get(name))

    return fits


_DATES: dict[str, Callable[[str, str], bool]] = {
    "DateSent": lambda sent, asked: sent == asked,
    "DateSent<": lambda sent, asked: sent <= asked,
    "DateSent>": lambda sent, asked: sent >= asked,
}


def _date_fits(record: Record, name: str, asked: str) -> bool:
    if record.sent is None:
        return False
    sent = record.sent.astimezone(UTC).strftime("%Y-%m-%d" if len(asked) == 10 else "%Y-%m-%dT%H:%M:%SZ")
    return _DATES[name](sent, asked)


def page(
    path: str, name: str, items: list[Any], query: Mapping[str, str], key: Callable[[Any], str]
) -> dict[str, Any]:
    """One page in Twilio's envelope. A page token names the last item seen, so new items shift nothing."""
    size = min(max(int(query.get("PageSize", 50)), 1), 1000)
    number = int(query.get("Page", 0))
    start = number * size
    if token := query.get("PageToken", "").removeprefix("PA"):
        start = next((i + 1 for i, item in enumerate(items) if key(item) == token), start)
    shown = items[start : start + size]
    kept = {k: v for k, v in query.items() if k not in ("Page", "PageToken", "PageSize")}

    def uri(index: int, after: str = "") -> str:
        asked = (
            kept
            | {"PageSize": str(size), "Page": str(index)}
            | ({"PageToken": f"PA{after}"} if after else {})
        )
        return f"{path}?{urlencode(asked)}"

    more = start + size < len(items)
    return {
        name: shown,
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(shown) - 1, 0),
        "uri": uri(number, token),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1, key(shown[-1])) if more else None,
        "previous_page_uri": uri(number - 1) if number else None,
    }


def _date(when: datetime | None) -> str | None:
    return format_datetime(when.astimezone(UTC).replace(microsecond=0)) if when else None
