"""Twilio's signature: who really called.

The string that is signed is the whole URL as Twilio called it, and for a form each name and value after
it, sorted, each pair once, nothing between. The key is the account's auth token (HMAC-SHA1) or a SharedKey
(HMAC-SHA256, announced in a header). A body that is no form is covered by `bodySHA256` in the URL instead.
Source: twilio 9.13.0, request_validator.py.

Names and values are kept as bytes: bytes of UTF-8 sort as their code points do, and what is not UTF-8 is
signed as it came.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from bridge.errors import BadSignature
from bridge.ports import Request

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"
FORM = "application/x-www-form-urlencoded"
HASHES = {"sha1": ("HMAC_SHA1", "sha1"), "sha256": ("HMAC_SHA256", "sha256")}

Pairs = tuple[tuple[bytes, bytes], ...]
_WEB_ADDRESS = re.compile(r"(https?)://([^/?#]*)([^#]*)")
_PORT = re.compile(r":\d+\Z")


@lru_cache(maxsize=2)  # a form is read to check its signature, and again for what it tells
def pairs(form: bytes) -> Pairs:
    """Take a form apart: names and values decoded, in their order, empty values and repetitions kept."""
    split = (field.partition(b"=") for field in form.split(b"&") if field)
    return tuple((_plain(name), _plain(value)) for name, _, value in split)


def content_type(request: Request) -> str:
    """Give the type of a body, without its parameters."""
    return request.header("content-type").partition(";")[0].strip().lower()


def query_of(url: str) -> bytes:
    """Give the query of a URL, byte for byte."""
    return url.partition("#")[0].partition("?")[2].encode(errors="surrogateescape")


def sign(key: bytes, url: str, form: Iterable[tuple[bytes, bytes]], hash_name: str) -> str:
    """Compute the signature of a request."""
    signed = url.encode(errors="surrogateescape") + b"".join(
        name + value for name, value in sorted(set(form))
    )
    return base64.b64encode(hmac.new(key, signed, hash_name).digest()).decode()


def verify(request: Request, key: bytes, method: str) -> None:
    """Raise BadSignature unless the request is signed with this key, by the configured method ("sha1" or
    "sha256") and no other: else whoever calls could choose."""
    algorithm, hash_name = HASHES[method]
    if _announced(request.header(SETTINGS)) != algorithm:
        raise BadSignature(f"signed by another algorithm than the configured {algorithm}")
    given = request.header(SIGNATURE).encode(errors="replace")
    form = _signed_form(request)
    if not any(
        hmac.compare_digest(given, sign(key, url, form, hash_name).encode())
        for url in _as_called(request.url)
    ):
        raise BadSignature("Twilio's signature does not fit: check auth_token, and that public_url is exact")


def _plain(encoded: bytes) -> bytes:
    spaced = encoded.replace(b"+", b" ")
    return unquote_to_bytes(spaced) if b"%" in spaced else spaced


def _announced(settings: str) -> str:
    """Read "key=…,algorithm=HMAC_SHA256"; without it the old way is meant."""
    for part in settings.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _signed_form(request: Request) -> Pairs:
    """Give what of the body goes into the signature itself."""
    if request.method == "GET":
        return ()
    query = query_of(request.url)
    named = dict(reversed(pairs(query))).get(b"bodySHA256") if query else None
    if named is None or content_type(request) == FORM:
        return pairs(request.body)
    if not hmac.compare_digest(hashlib.sha256(request.body).hexdigest().encode(), named):
        raise BadSignature("the body is not the one that was signed")
    return ()


def _as_called(url: str) -> Iterator[str]:
    """Give the URL without its port and with it: Twilio signs either."""
    match = _WEB_ADDRESS.match(url)
    if match is None:
        yield url
        return
    scheme, host, rest = match.groups()
    yield f"{scheme}://{_PORT.sub('', host)}{rest}"
    if not _PORT.search(host):
        host = f"{host}:{443 if scheme == 'https' else 80}"
    yield f"{scheme}://{host}{rest}"
