"""The person with the phone: texts coming in, what the handset shows, and Twilio's own opt-out handling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .life import Lives
from .store import API_VERSION, Media, Number, Record, new_sid, segments
from .webhooks import Posted, Webhooks

STOP_WORDS = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
_REPLIES = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


class _Answer(NamedTuple):
    status: int | None
    body: str


class InboundResult(_Answer):
    """`status, body = await tw.text(...)`; status is None when nobody answered or nobody was asked."""

    sid: str
    post: Posted | None


@dataclass(frozen=True)
class HandsetMessage:
    """What the phone shows; `by_twilio` marks answers that Twilio gave by itself."""

    sender: str
    body: str
    media: tuple[tuple[str, bytes], ...] = ()
    sid: str = ""
    by_twilio: bool = False


@dataclass(frozen=True)
class Confirmation:
    """A text that Twilio sent by itself after STOP, START or HELP."""

    kind: str
    number: str
    person: str


class Phones:
    """The person's half of the emulator."""

    account_sid: str
    url: str
    numbers: dict[str, Number]
    records: dict[str, Record]
    webhooks: Webhooks
    lives: Lives

    def __init__(self) -> None:
        self.handles_opt_out = True
        self.advanced_opt_out = False
        self.blocked: set[tuple[str, str]] = set()
        self.confirmations: list[Confirmation] = []
        self.inbound_posts: list[Posted] = []
        self._handsets: defaultdict[str, list[HandsetMessage]] = defaultdict(list)

    def now(self) -> datetime:
        raise NotImplementedError

    def add_number(self, phone_number: str, sms_url: str = "", sms_fallback_url: str = "") -> Number:
        number = self.numbers.setdefault(phone_number, Number(phone_number))
        number.sms_url = sms_url or number.sms_url
        number.sms_fallback_url = sms_fallback_url or number.sms_fallback_url
        return number

    def phone(self, number: str) -> list[HandsetMessage]:
        """What this handset received, in order."""
        return list(self._handsets[number])

    def _receive(self, record: Record) -> None:
        media = tuple((one.content_type, one.content) for one in record.media)
        self._handsets[record.to].append(HandsetMessage(record.from_, record.body, media, record.sid))

    async def text(
        self,
        from_: str,
        to: str,
        body: str = "",
        media: Sequence[tuple[str, bytes]] = (),
        webhook_url: str | None = None,
        *,
        deliver: bool = True,
        sid: str | None = None,
        **extra: str,
    ) -> InboundResult:
        """Text the number `to`; the webhook is the number's own `sms_url` unless another is given.

        With `deliver=False` the webhook is lost, and only the message list knows of the text. `extra` are
        further form fields. An unknown number becomes one of the account's.
        """
        number = self.add_number(to)
        record = self._stored_inbound(from_, to, body, media, sid)
        kind = self._opt_out_word(body)
        record.params = self._form(record, number, kind) | extra
        handled = self.handles_opt_out if number.handles_opt_out is None else number.handles_opt_out
        if kind and handled:
            self._handle(kind, number, from_)
        if not deliver:
            return self._result(record, None)
        return await self._deliver(record, webhook_url or number.sms_url, number)

    async def redeliver(self, sid: str, webhook_url: str | None = None) -> InboundResult:
        """Post an inbound text (again) with its old sid."""
        record = self.records[sid]
        number = self.numbers[record.to]
        return await self._deliver(record, webhook_url or number.sms_url, number)

    async def _deliver(self, record: Record, url: str, number: Number) -> InboundResult:
        if not url:
            raise ValueError(
                f"{number.phone_number} has no sms_url: give webhook_url=, or add_number(…, sms_url)"
            )
        posted = await self.webhooks.post(url, record.params)
        self.inbound_posts.append(posted)
        if not posted.ok and number.sms_fallback_url:
            error = {"ErrorCode": "11200", "ErrorUrl": url}
            posted = await self.webhooks.post(number.sms_fallback_url, record.params | error)
            self.inbound_posts.append(posted)
        for reply in self.webhooks.replies(posted):
            answer = Record(
                new_sid("SM"), "outbound-reply", record.to, record.from_, reply, "queued", self.now()
            )
            self.records[answer.sid] = answer
            self.lives.begin(answer)
        return self._result(record, posted)

    @staticmethod
    def _result(record: Record, posted: Posted | None) -> InboundResult:
        result = InboundResult(posted.status, posted.body) if posted else InboundResult(None, "")
        result.sid, result.post = record.sid, posted
        return result

    def _stored_inbound(
        self, from_: str, to: str, body: str, media: Sequence[tuple[str, bytes]], sid: str | None
    ) -> Record:
        now = self.now()
        kept = [Media(new_sid("ME"), content_type, content, now) for content_type, content in media]
        sid = sid or new_sid("MM" if media else "SM")
        record = Record(sid, "inbound", from_, to, body, "received", now, kept, sent=now, updated=now)
        self.records[sid] = record
        return record

    def _form(self, record: Record, number: Number, kind: str | None) -> dict[str, str]:
        form = {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "Body": record.body,
            "From": record.from_,
            "FromCity": "",
            "FromCountry": "US",
            "FromState": "",
            "FromZip": "",
            "MessageSid": record.sid,
            "NumMedia": str(len(record.media)),
            "NumSegments": str(segments(record.body)),
            "SmsMessageSid": record.sid,
            "SmsSid": record.sid,
            "SmsStatus": "received",
            "To": record.to,
            "ToCity": "",
            "ToCountry": "US",
            "ToState": "",
            "ToZip": "",
        }
        base = f"{self.url}/{API_VERSION}/Accounts/{self.account_sid}/Messages/{record.sid}/Media"
        for index, media in enumerate(record.media):
            form[f"MediaUrl{index}"] = f"{base}/{media.sid}"
            form[f"MediaContentType{index}"] = media.content_type
        if number.service_sid:
            form["MessagingServiceSid"] = number.service_sid
        if kind and self.advanced_opt_out:
            form["OptOutType"] = kind
        return form

    # -- what Twilio does by itself ----------------------------------------------------------------------

    @staticmethod
    def _opt_out_word(body: str) -> str | None:
        """Only when the whole message is the word."""
        word = body.strip().upper()
        if word in STOP_WORDS:
            return "STOP"
        if word in START_WORDS:
            return "START"
        return "HELP" if word in HELP_WORDS else None

    def _handle(self, kind: str, number: Number, person: str) -> None:
        pairs = {(one.phone_number, person) for one in self._siblings(number)}
        was_blocked = bool(pairs & self.blocked)
        if (kind == "STOP" and was_blocked) or (kind == "START" and not was_blocked):
            return
        if kind == "STOP":
            self.blocked |= pairs
        elif kind == "START":
            self.blocked -= pairs
        self.confirmations.append(Confirmation(kind, number.phone_number, person))
        self._handsets[person].append(HandsetMessage(number.phone_number, _REPLIES[kind], by_twilio=True))

    def _siblings(self, number: Number) -> list[Number]:
        """An opt-out from one number of a service is one from all of them."""
        if number.service_sid is None:
            return [number]
        return [one for one in self.numbers.values() if one.service_sid == number.service_sid]
