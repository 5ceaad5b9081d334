"""Parameter names of the Messages API, from Twilio's own description where it is at hand.

Twilio ignores parameters it does not know; here they are violations, since each is a typing error of ours.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

SPEC_FILE = Path(__file__).parents[4] / "shared/data/sms/twilio_messages_openapi.json"
_MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
_FORM = "application/x-www-form-urlencoded"

_CREATE = frozenset((
    "To", "StatusCallback", "ApplicationSid", "MaxPrice", "ProvideFeedback", "Attempt", "ValidityPeriod",
    "ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded", "PersistentAction",
    "TrafficType", "ShortenUrls", "ScheduleType", "SendAt", "SendAsMms", "ContentVariables", "RiskCheck",
    "From", "FallbackFrom", "MessagingServiceSid", "Body", "MediaUrl", "ContentSid",
))  # fmt: skip
_LIST = frozenset(("To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"))
UPDATE = frozenset(("Body", "Status"))


@cache
def parameters(method: str) -> frozenset[str]:
    """What may be given to `post` (create) or `get` (list) on Messages.json."""
    if not SPEC_FILE.is_file():
        return _CREATE if method == "post" else _LIST
    described = json.loads(SPEC_FILE.read_text(encoding="utf-8"))["paths"][_MESSAGES][method]
    if method == "post":
        return frozenset(described["requestBody"]["content"][_FORM]["schema"]["properties"])
    return frozenset(one["name"] for one in described["parameters"]) - {"AccountSid"}
