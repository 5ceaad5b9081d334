"""A simulated provider: the whole product without an account anywhere.

It is as free of I/O as every other one; its requests go to "simulator:" addresses, where a SimulatedCarrier
answers, which also carries the texts of a phone that a page holds. Shapes on the wire:

    in   {"type": "text", "id", "from", "text", "at", "segments", "media": [{"url", "type", "name", "size"}]}
    in   {"type": "report", "id", "message_id", "to", "state", "at", "code", "reason"}
    out  {"id", "from", "to", "text", "media": [url], "mms"}
         ->  201 {"sid", "segments"} or 400 {"code", "reason"}
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, SecretStr

from bridge.errors import BadSignature, OptedOut, Rejected, Throttled, Unreachable, Unreadable, Unsure
from bridge.model.address import read_sender
from bridge.model.events import DeliveryReported, TextReceived
from bridge.model.ids import Ids
from bridge.model.nouns import Media
from bridge.model.text import clean
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
from connectors.sms._network import JSON, SIGNATURE, Intake, SimulatedCarrier

_PROCESS_SECRET = secrets.token_hex(32)


class Config(BaseModel):
    """What a simulated line may be told beside what every line is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr = SecretStr(_PROCESS_SECRET)
    api_url: str = "simulator:"  # as every provider has one; nothing else answers there


class Provider:
    """The simulated account of one line."""

    traits = SmsTraits(
        rate=Rate(50, 50),
        max_chars=1600,
        max_media_bytes=20_000_000,
        media_types=("image/*", "audio/*", "video/*", "text/*", "application/pdf"),
        resend_is_safe=True,
        can_find=True,
        can_list_missed=True,
    )

    def __init__(self, config: Config, line: LineContext) -> None:
        self.line = line
        self._secret = config.secret.get_secret_value().encode()

    def sign(self, body: bytes) -> str:
        """Sign a body as both sides of the simulated network do."""
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()

    def verify(self, request: Request) -> None:
        """Compare the signature in constant time."""
        given = {name.lower(): value for name, value in request.headers.items()}.get(SIGNATURE.lower(), "")
        if not hmac.compare_digest(given.encode(), self.sign(request.body).encode()):
            raise BadSignature("the simulator's signature does not fit")

    def parse(self, request: Request, now: float) -> Sequence[InboundEvent]:
        """Read a text or a report."""
        try:
            said: dict[str, Any] = orjson.loads(request.body)
            return (self._text(said, now) if said["type"] == "text" else self._report(said, now),)
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise Unreadable(f"not what the simulator says: {type(wrong).__name__}") from None

    def answer(self, events: Sequence[InboundEvent]) -> Response:
        """The simulator wants to hear nothing."""
        return Response(204)

    def send(self, sms: OutboundSms) -> Exchange:
        """Hand one text to the simulated network."""
        body = {
            "id": sms.id,
            "from": sms.sender,
            "to": sms.to,
            "text": sms.text,
            "media": list(sms.media_urls),
            "mms": sms.as_mms,
        }
        return self._taken((yield self._signed("POST", "simulator:messages", orjson.dumps(body))))

    def find(self, sms: OutboundSms) -> Generator[Request, Response, Sent | None]:
        """Ask for a text by our id."""
        response = yield self._signed("GET", f"simulator:messages/{sms.id}")
        return None if response.status == 404 else self._taken(response)

    def missed(self, since: float, now: float) -> Generator[Request, Response, Sequence[TextReceived]]:
        """Ask for the texts whose webhook we did not take."""
        response = yield self._signed("GET", f"simulator:missed/{self.line.name}")
        if response.status != 200:
            raise Unreachable("the simulator did not answer")
        return tuple(self._text(said, now, late=True) for said in orjson.loads(response.body))

    def fetch(self, url: str) -> Request:
        """Media wait at the simulator until they are fetched."""
        return Request("GET", url, {SIGNATURE: self.sign(b"")}, max_bytes=self.traits.max_media_bytes)

    def check(self, public_url: str) -> Generator[Request, Response, Sequence[Finding]]:
        """There is nothing that could be missing."""
        yield self._signed("GET", f"simulator:missed/{self.line.name}")
        return (Finding(f"line {self.line.name}", True, "simulated: texts go to the phone in the web inbox"),)

    def _signed(self, method: str, url: str, body: bytes = b"") -> Request:
        return Request(method, url, {**JSON, SIGNATURE: self.sign(body)}, body)

    def _taken(self, response: Response) -> Sent:
        if response.status in (200, 201):
            said = orjson.loads(response.body)
            return Sent(str(said["sid"]), said.get("segments"))
        if response.status == 429:
            raise Throttled(1.0)
        if response.status >= 500:
            raise Unsure("the simulator answered with an inner fault")
        said = orjson.loads(response.body or b"{}")
        refusal = OptedOut if said.get("code") == "opted_out" else Rejected
        raise refusal(said.get("reason", "The simulator refused the text"), said.get("code"))

    def _text(self, said: Mapping[str, Any], now: float, late: bool = False) -> TextReceived:
        sender = read_sender(str(said["from"]), self.line.region)
        return TextReceived(
            line=self.line.name,
            provider_id=str(said["id"]),
            sender=sender.value,
            sender_kind=sender.kind,
            text=clean(str(said.get("text", ""))),
            at=float(said.get("at", now)),
            media=tuple(
                Media(
                    id=f"{said['id']}-{part}",
                    content_type=str(media["type"]),
                    name=clean(str(media.get("name", ""))),
                    size=media.get("size"),
                    origin=f"line:{self.line.name}",
                    url=str(media["url"]),
                )
                for part, media in enumerate(said.get("media", ()), 1)
            ),
            segments=int(said.get("segments", 1)),
            late=late,
        )

    def _report(self, said: Mapping[str, Any], now: float) -> DeliveryReported:
        if said["type"] != "report" or said["state"] not in ("sent", "delivered", "failed"):
            raise ValueError
        return DeliveryReported(
            line=self.line.name,
            provider_id=str(said["id"]),
            state=said["state"],
            at=float(said.get("at", now)),
            message_id=said.get("message_id"),
            recipient=str(said.get("to", "")),
            error_code=said.get("code"),
            error=said.get("reason"),
        )


def carrier(
    lines: Mapping[str, Provider], intake: Intake, now: Callable[[], float], ids: Ids
) -> SimulatedCarrier:
    """Make the network that serves these lines."""
    return SimulatedCarrier(lines, intake, now, ids)
