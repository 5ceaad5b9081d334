"""Twilio: Programmable Messaging, API 2010-04-01.

Facts: Twilio's OpenAPI description (twilio/twilio-oai), its SDK and its pages. Twilio has no
idempotency key, so an answer that was lost leaves it unknown whether a text went out: `find` looks in the
list of messages, and our id in the address for delivery reports comes back with the first of them. Twilio
does not repeat a webhook that was answered with an error, so `missed` lists what came in.
"""

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bridge.model.events import DeliveryReported, TextReceived
from bridge.model.traits import Rate, SmsTraits
from bridge.ports import (
    Exchange,
    Finding,
    InboundEvent,
    LineContext,
    OutboundSms,
    Request,
    Response,
    Sent,
)
from connectors.sms import _twilio_check, _twilio_lists, _twilio_signature, _twilio_webhooks
from connectors.sms._twilio_errors import error_of, read_json, rejection

_TOLL_FREE = re.compile(r"\+18(00|33|44|55|66|77|88)\d{7}")
_NOTHING_TO_SAY = Response(200, {"content-type": "text/xml"}, b"<Response/>")
_MEDIA_BYTES = 20_000_000  # of one part that came in

# Words that Twilio answers when they are the whole text (its page on Advanced Opt-Out). A toll-free number's
# network takes part: STOP always, and only START and UNSTOP undo it. A short code outside a service answers
# nothing.
_STOP = frozenset(("STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"))
_ANSWERS: Mapping[str, frozenset[str]] = {
    "stop": _STOP,
    "start": frozenset(("START", "YES", "UNSTOP")),
    "help": frozenset(("HELP", "INFO")),
}
_TOLL_FREE_ANSWERS = {**_ANSWERS, "start": frozenset(("START", "UNSTOP"))}

# MediaUrl in Twilio's OpenAPI description: jpeg, png and gif are fitted to the phone, up to 5 MB; other types
# pass up to 500 KB.
_MEDIA_TYPES = (
    "image/jpeg", "image/png", "image/gif", "image/bmp", "audio/*", "video/*", "application/pdf",
    "text/vcard", "text/x-vcard", "text/calendar", "text/csv", "text/rtf",
)  # fmt: skip


class Config(BaseModel):
    """What a line at Twilio is told beside what every line is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: str
    auth_token: SecretStr = Field(min_length=1)  # signs webhooks; signs in too, unless api_key does
    api_key: str | None = None
    api_secret: SecretStr | None = None
    messaging_service_sid: str | None = None
    api_url: str = "https://api.twilio.com"
    validity_seconds: int | None = Field(default=None, ge=1, le=36000)
    signature: Literal["sha1", "sha256"] = "sha1"
    shared_key: SecretStr | None = None  # signs webhooks with "sha256"; absent: auth_token holds it

    @field_validator("account_sid")
    @classmethod
    def _is_account(cls, value: str) -> str:
        if not re.fullmatch(r"AC\w+", value):
            raise ValueError("an account SID begins with AC; it is on the first page of Twilio's console")
        return value

    @field_validator("messaging_service_sid")
    @classmethod
    def _is_service(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"MG\w+", value):
            raise ValueError("a Messaging Service SID begins with MG")
        return value

    @field_validator("api_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s?#]+", value):
            raise ValueError("an address begins with https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _has_both_halves(self) -> Self:
        if (self.api_key is None) != (self.api_secret is None):
            raise ValueError("api_key and api_secret go together")
        if self.shared_key is not None and self.signature != "sha256":
            raise ValueError('shared_key goes with signature = "sha256"')
        return self


class Provider:
    """One line's account at Twilio."""

    def __init__(self, config: Config, line: LineContext) -> None:
        self.line = line
        self.traits = traits(line.number, config.messaging_service_sid is not None)
        self._config = config
        self._key = (config.shared_key or config.auth_token).get_secret_value().encode()
        name, secret = config.api_key or config.account_sid, config.api_secret or config.auth_token
        self._account = _twilio_lists.Account(
            config.api_url, config.account_sid, (name, secret.get_secret_value())
        )

    def verify(self, request: Request) -> None:
        """Compare Twilio's signature in constant time."""
        _twilio_signature.verify(request, self._key, self._config.signature)

    def parse(self, request: Request, now: float) -> Sequence[InboundEvent]:
        """Read a text or a report. A state that means nothing to us gives nothing."""
        return _twilio_webhooks.read(request, self.line, now)

    def answer(self, events: Sequence[InboundEvent]) -> Response:
        """Reports want no answer; a text wants TwiML, which says nothing: replies go by the API."""
        if events and all(isinstance(event, DeliveryReported) for event in events):
            return Response(204)
        return _NOTHING_TO_SAY

    def send(self, sms: OutboundSms) -> Exchange:
        """Send one text."""
        response = yield self._account.post(f"{self._account.path}/Messages.json", self._form(sms))
        said = read_json(response) if response.status in (200, 201) else None
        if said is None or not said.get("sid"):
            raise error_of(response, self.line.name, sending=True)
        if said.get("status") == "failed":
            raise rejection(str(said.get("error_code") or ""))
        return Sent(str(said["sid"]), _twilio_lists.segments(said))

    def find(self, sms: OutboundSms) -> Generator[Request, Response, Sent | None]:
        """Look for a text in the list of messages; see there for what could mislead it."""
        by_service = self._config.messaging_service_sid is not None
        return _twilio_lists.find(self._account, self.line.name, sms, by_service=by_service)

    def missed(self, since: float, now: float) -> Generator[Request, Response, Sequence[TextReceived]]:
        """List what came in since then."""
        return _twilio_lists.missed(self._account, self.line, since, now)

    def fetch(self, url: str) -> Request:
        """Fetch a part of an MMS: Twilio redirects to a storage that must not see our credentials."""
        auth = self._account.auth if self._is_twilio(url) else None
        return Request("GET", url, auth=auth, max_bytes=_MEDIA_BYTES)

    def check(self, public_url: str) -> Generator[Request, Response, Sequence[Finding]]:
        """Sign in, and look whether the number's webhook comes here."""
        return _twilio_check.check(self._account, self.line, self._config.messaging_service_sid, public_url)

    def _form(self, sms: OutboundSms) -> list[tuple[str, str]]:
        """Fill the form. With a service our number is named too: people are answered from the number that
        they texted, not from any of the pool."""
        service, validity = self._config.messaging_service_sid, self._config.validity_seconds
        form = [("To", sms.to), ("From", sms.sender)]
        form += [("MessagingServiceSid", service)] if service else []
        form += [("Body", sms.text)] if sms.text else []
        form += [("MediaUrl", url) for url in sms.media_urls]
        form += [("SendAsMms", "true")] if sms.as_mms else []
        form += [("StatusCallback", sms.status_url)] if sms.status_url.startswith("http") else []
        form += [("ValidityPeriod", str(validity))] if validity else []
        return form

    def _is_twilio(self, url: str) -> bool:
        try:
            asked, ours = urlsplit(url), urlsplit(self._account.api_url)
        except ValueError:
            return False
        at_home = (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)
        return at_home or (asked.scheme == "https" and f".{asked.hostname}".endswith(".twilio.com"))


def traits(number: str, in_service: bool) -> SmsTraits:
    """Say what Twilio does for this kind of number.

    Rates: twilio.com/docs/api/errors/21611; bursts wait in its queue.
    """
    toll_free, short = _TOLL_FREE.fullmatch(number) is not None, not number.startswith("+")
    rate = Rate(100.0, 100.0) if short else Rate(3.0, 3.0) if toll_free else Rate(1.0, 3.0)
    answers = _TOLL_FREE_ANSWERS if toll_free else _ANSWERS
    return SmsTraits(
        rate=rate,
        max_chars=1600,
        max_media=10,
        max_media_bytes=5_000_000,
        media_types=_MEDIA_TYPES,
        can_find=True,
        can_list_missed=True,
        answers={} if short and not in_service else answers,
    )
