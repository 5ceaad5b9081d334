"""Texts as people write them, and signed Twilio webhooks that bring them."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

PUBLIC_URL, TOKEN = "https://sms.example.org", "t" * 32
ACCOUNT = "AC" + "0" * 32
NUMBER = "+15005550006"

_TEXTS = (
    "Is the clinic open on Friday?",
    "ok thanks",
    "My landlord says the heating will not be repaired before next month, what can I do about that?",
    "Can someone call me back after 5? I am at work until then.",
    "Where do I find the form",
    "I got a letter that says I have ten days to leave. I understand half of it, can I send a picture?",
    "yes that would help a lot",
    "¿A qué hora es la reunión del martes?",
    "The office was closed when I came by today 😕",
    "Who else from my building is coming on Saturday? We would be four, or five if my sister can come.",
)


def person(number: int) -> str:
    """Give the number of a person's phone."""
    return f"+1555{number:07d}"


def text(number: int) -> str:
    """Give a text; its number at the end tells it from all others."""
    return f"{_TEXTS[number % len(_TEXTS)]} ({number})"


def request(path: str, number: int, sender: str, token: str = TOKEN) -> bytes:
    """Give one signed webhook as it goes over the wire."""
    form = {
        "AccountSid": ACCOUNT,
        "Body": text(number),
        "From": sender,
        "MessageSid": f"SM{number:032x}",
        "NumMedia": "0",
        "NumSegments": "1",
        "To": NUMBER,
    }
    signed = f"{PUBLIC_URL}{path}" + "".join(name + form[name] for name in sorted(form))
    mac = hmac.new(token.encode(), signed.encode(), hashlib.sha1)
    body = urlencode(form).encode()
    signature = base64.b64encode(mac.digest()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
