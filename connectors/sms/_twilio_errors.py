"""What Twilio's refusals mean: an HTTP answer as an error of ours, a code in words that staff read.

data/twilio_errors.tsv: code, class, words. Codes: twilio.com/docs/api/errors. A class says what follows:
what stops every text of the line is `account` (20404, 21704), what stops some only is `sender_config`
(21608, 21622). The two codes of a picture that Twilio could not take also come in delivery reports.
"""

import csv
import re
from dataclasses import dataclass
from importlib import resources
from typing import Any

import orjson

from bridge.errors import ConnectorError, OptedOut, Rejected, Throttled, Unreachable, Unsure, Unusable
from bridge.ports import Response

_MOST_WAIT = 3600.0  # seconds that an answer can make us wait at once
_WAITS = {"20429": 1.0, "21611": 60.0}
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
_RETRY_HELPS = frozenset(
    ("throttle", "daily_cap", "defer", "temporary", "unknown", "sender_config", "account", "auth")
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a code means."""

    code: str
    kind: str
    words: str

    @property
    def opted_out(self) -> bool:
        """Say whether Twilio blocks this recipient since they opted out."""
        return self.kind == "optout"

    @property
    def retry_helps(self) -> bool:
        """Say whether the same text may arrive another time, perhaps after something was mended."""
        return self.kind in _RETRY_HELPS


def _read() -> dict[str, Fault]:
    file = resources.files("connectors.sms") / "data" / "twilio_errors.tsv"
    with file.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["code"]: Fault(row["code"], row["class"], row["words"]) for row in rows}


_FAULTS = _read()


def fault(code: str) -> Fault:
    """Give what a code means; for one that is not in the table, where Twilio explains it."""
    if not (code.isascii() and code.isdigit()):
        return Fault("", "unknown", "Twilio did not deliver it and does not say why.")
    words = f"Twilio reports error {code} (https://www.twilio.com/docs/api/errors/{code})."
    return _FAULTS.get(code) or Fault(code, "unknown", words)


def read_json(response: Response) -> dict[str, Any] | None:
    """Read an answer that should be a JSON object; None where it is not."""
    try:
        said = orjson.loads(response.body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def rejection(code: str) -> Rejected:
    """Give the refusal of one text that a code means."""
    known = fault(code)
    return (OptedOut if known.opted_out else Rejected)(known.words, known.code or None)


def error_of(response: Response, line: str, *, sending: bool) -> ConnectorError:
    """Give the error that an answer other than the hoped-for one means.

    sending: the request asked for a text to be sent, so an inner fault leaves it open whether one was.
    A 4xx of Twilio's is sure: the text was not taken. A 429 was not even looked at
    (twilio.com/docs/api/errors/20429).
    """
    code = _code(response)
    if response.status == 429:
        return _throttled(response, code or "20429")
    if 300 <= response.status < 400:
        return Unusable(f"The api_url of line {line} answers with a redirect: name the address itself.")
    if 400 <= response.status < 500 and response.status != 408:
        return _refusal(response, code, line)
    what = f"Twilio answered with an inner fault (HTTP {response.status})."
    if response.status < 300:
        what = "Twilio's answer could not be read."
    return Unsure(what, code) if sending else Unreachable(what, code)


def _refusal(response: Response, code: str | None, line: str) -> ConnectorError:
    """Tell what concerns this text from what concerns every text of the line, and now from for good."""
    known = fault(code or "")
    match known.kind:
        case "throttle" | "daily_cap":
            return _throttled(response, known.code)
        case "temporary":
            return Unreachable(known.words, code)
        case "account" if code != "20404":
            return Unusable(f"Line {line}: {known.words}", code)
    if known.kind == "auth" or (known.kind == "unknown" and response.status in (401, 403)):
        return Unusable(
            f"Twilio refuses the credentials of line {line}: check account_sid with auth_token "
            "(or api_key with api_secret) against Twilio's console.",
            code,
        )
    if response.status == 404 and known.kind in ("account", "unknown"):
        mend = "check account_sid and api_url."
        return Unusable(f"Twilio knows no account as line {line} names it: {mend}", code)
    if code is None:
        return Rejected(f"Twilio refused it and does not say why (HTTP {response.status}).")
    return rejection(code)


def _throttled(response: Response, code: str) -> Throttled:
    known = fault(code)
    after = _MOST_WAIT if known.kind == "daily_cap" else _WAITS.get(code, 1.0)
    if asked := _SECONDS.fullmatch(response.headers.get("retry-after", "")):
        after = float(asked[0])
    return Throttled(min(max(after, 0.1), _MOST_WAIT), known.words, code)


def _code(response: Response) -> str | None:
    code = (read_json(response) or {}).get("code")
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None
