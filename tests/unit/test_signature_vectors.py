"""Signatures that Twilio's own SDK made, where the file that holds them is at hand."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bridge.errors import BadSignature
from bridge.ports import LineContext, Request
from connectors.sms.twilio import Config, Provider
from tests.conftest import SHARED

FILE = SHARED / "data/sms/signature_vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"] if FILE.is_file() else []
TWILIO = [vector for vector in VECTORS if vector["provider"] == "twilio"]


def believed(vector: dict[str, Any], signature: str) -> bool:
    config = Config.model_validate(
        {"account_sid": "AC1", "auth_token": vector["secret"], "signature": signature}
    )
    if "params" in vector:
        kind, body = "application/x-www-form-urlencoded", urlencode(vector["params"])
    else:
        kind, body = "application/json", vector["raw_body"]
    request = Request("POST", vector["url"], {"Content-Type": kind, **vector["headers"]}, body.encode())
    try:
        Provider(config, LineContext("main", "+15550100001", "US")).verify(request)
    except BadSignature:
        return False
    return True


@pytest.mark.skipif(not TWILIO, reason="the vectors are not here")
@pytest.mark.parametrize("vector", TWILIO, ids=[vector["case"] for vector in TWILIO])
def test_vector(vector: dict[str, Any]) -> None:
    """An algorithm that is not the configured one is refused, however well it signs."""
    signed_with = "sha256" if any("Settings" in name for name in vector["headers"]) else "sha1"
    other = "sha1" if signed_with == "sha256" else "sha256"

    assert believed(vector, signed_with) == vector["valid"]
    assert not believed(vector, other)
