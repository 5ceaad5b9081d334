"""Twilio's list of messages: was a text taken after all, and which texts did no webhook bring?

The list is newest first; its date filter looks at the day a message was sent (GMT), so that it passes over
what still waits. Pages follow one another by `next_page_uri`. Source: twilio/twilio-oai,
Twilio's OpenAPI description.
"""

import unicodedata
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from bridge.errors import Unreachable
from bridge.model.address import read_sender
from bridge.model.events import TextReceived
from bridge.model.nouns import Media
from bridge.model.text import clean
from bridge.ports import LineContext, OutboundSms, Request, Response, Sent
from bridge.render.segments import straighten
from connectors.sms._twilio_errors import error_of, read_json
from connectors.sms._twilio_webhooks import count, media_of

PAGE_SIZE = 200
MOST_PAGES = 100  # of one search: 20,000 messages
_MOST_BYTES = 8 << 20  # of a page
_EARLIER = 120.0  # seconds that Twilio's clock may be behind ours
_DAY = 86400.0
_TRIAL = "Sent from your Twilio trial account - "  # Twilio puts it before every text of a trial account

Record = Mapping[str, Any]
Records = Generator[Request, Response, list[Record]]


@dataclass(frozen=True, slots=True)
class Account:
    """Whose lists are read, and as whom."""

    api_url: str
    sid: str
    auth: tuple[str, str] = field(repr=False)

    @property
    def path(self) -> str:
        """Where everything of the account is."""
        return f"/2010-04-01/Accounts/{self.sid}"

    def get(self, path: str, **query: str) -> Request:
        """Ask for a resource. `path` begins with a slash: the credentials go to api_url only."""
        asked = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return Request("GET", f"{self.api_url}{path}{asked}", auth=self.auth, max_bytes=_MOST_BYTES)

    def post(self, path: str, form: list[tuple[str, str]]) -> Request:
        """Send a form to a resource."""
        kind = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        return Request("POST", f"{self.api_url}{path}", kind, urlencode(form).encode(), self.auth)


def find(
    account: Account, line: str, sms: OutboundSms, *, by_service: bool
) -> Generator[Request, Response, Sent | None]:
    """Look for a text by its recipient, words and time: of those that fit, the one closest in time.

    Searched twice, by day and then without one, for what still waits at Twilio. There is no upper bound:
    the try in doubt may be hours after the first one (Twilio throttled us), and our later texts to this
    person wait for this one. Twilio does not show our id, so the same words sent to the same person up to
    two minutes before can be taken for it; then the person has got these words once instead of twice.
    """
    asked = {"To": sms.to, "PageSize": str(PAGE_SIZE)}
    if not by_service:  # a Messaging Service may not have chosen its number yet
        asked["From"] = sms.sender
    earliest = sms.first_tried_at - _EARLIER
    for day in ({"DateSent>": _day(sms.first_tried_at - _DAY)}, {}):
        records = yield from _messages(account, line, earliest, **asked, **day)
        fitting = [made for made in _made_since(records, earliest) if _is(sms, made[1])]
        if fitting:
            _, found = min(fitting, key=lambda made: abs(made[0] - sms.first_tried_at))
            return Sent(str(found["sid"]), segments(found))
    return None


def missed(
    account: Account, line: LineContext, since: float, now: float
) -> Generator[Request, Response, tuple[TextReceived, ...]]:
    """List what came in since then, oldest first, with the same ids as their webhooks."""
    asked = {"To": line.number, "DateSent>": _day(since), "PageSize": str(PAGE_SIZE)}
    records = yield from _messages(account, line.name, since, **asked)
    texts = []
    for record in reversed(records):
        at = _time(record, "date_sent", "date_created") or now
        if at < since or record.get("direction") != "inbound" or record.get("status") == "receiving":
            continue
        sid = str(record["sid"])
        media = (yield from _media(account, line.name, sid)) if count(record.get("num_media"), 0) else ()
        texts.append(_text(record, sid, line, at, media))
    return tuple(texts)


def segments(record: Record) -> int | None:
    """Give how many segments Twilio counts; None while it does not know ("0" with a service)."""
    return count(record.get("num_segments"), 0) or None


def _text(record: Record, sid: str, line: LineContext, at: float, media: tuple[Media, ...]) -> TextReceived:
    sender = read_sender(clean(str(record.get("from") or "")), line.region)
    return TextReceived(
        line=line.name,
        provider_id=sid,
        sender=sender.value,
        sender_kind=sender.kind,
        text=clean(str(record.get("body") or "")),
        at=at,
        media=media,
        segments=count(record.get("num_segments")),
    )


def _media(account: Account, line: str, sid: str) -> Generator[Request, Response, tuple[Media, ...]]:
    response = yield account.get(f"{account.path}/Messages/{quote(sid)}/Media.json")
    if response.status == 404:  # deleted meanwhile: the words are still worth having
        return ()
    said = read_json(response) if response.status == 200 else None
    if said is None:
        raise error_of(response, line, sending=False)
    return tuple(
        media_of(line, sid, number, str(part.get("content_type") or ""), f"{account.api_url}{path}")
        for number, part in enumerate(_rows(said, "media_list"))
        if (path := str(part.get("uri") or "").removesuffix(".json")).startswith("/")
    )


def _messages(account: Account, line: str, since: float, **asked: str) -> Records:
    """Read the list page by page, until a whole page is older than `since` or there is none left."""
    found: list[Record] = []
    request = account.get(f"{account.path}/Messages.json", **asked)
    for _ in range(MOST_PAGES):
        response = yield request
        said = read_json(response) if response.status == 200 else None
        if said is None:
            raise error_of(response, line, sending=False)
        page = _rows(said, "messages")
        found += page
        following = said.get("next_page_uri")
        if not following or not any(_made_since(page, since)):
            return found
        if not str(following).startswith("/"):
            raise Unreachable("Twilio's list goes on at an address that is not its own.")
        request = account.get(str(following))
    raise Unreachable(f"Twilio's list of messages has more than {MOST_PAGES} pages.")


def _rows(said: Record, name: str) -> list[Record]:
    rows = said.get(name)
    return [row for row in rows if isinstance(row, dict) and row.get("sid")] if isinstance(rows, list) else []


def _made_since(records: list[Record], since: float) -> Iterator[tuple[float, Record]]:
    for record in records:
        at = _time(record, "date_created", "date_sent")
        if at is not None and at >= since:
            yield at, record


def _is(sms: OutboundSms, record: Record) -> bool:
    return (
        str(record.get("direction")).startswith("outbound")
        and record.get("to") == sms.to
        and record.get("from") in (sms.sender, None)
        and _words(str(record.get("body") or "").removeprefix(_TRIAL)) == _words(sms.text)
    )


def _words(text: str) -> str:
    """Level what Twilio may have changed: line ends, blanks, and look-alikes (smart encoding)."""
    return " ".join(unicodedata.normalize("NFKC", straighten(clean(text))).split())


def _time(record: Record, *names: str) -> float | None:
    """Read the first time that is there, as RFC 2822 writes it."""
    for name in names:
        try:
            return parsedate_to_datetime(str(record[name])).replace(tzinfo=UTC).timestamp()
        except (KeyError, ValueError, TypeError):
            continue
    return None


def _day(at: float) -> str:
    return datetime.fromtimestamp(max(at, 0.0), UTC).strftime("%Y-%m-%d")
