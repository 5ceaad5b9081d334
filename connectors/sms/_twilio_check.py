"""Does this account work, and does Twilio tell threadline of what comes in? With the mend in words."""

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from bridge.errors import ConnectorError
from bridge.ports import Finding, LineContext, Request, Response
from connectors.sms._twilio_errors import error_of, read_json
from connectors.sms._twilio_lists import Account

OVERRIDES = "#rc=5&rp=all&ct=2000&rt=5000"
"""Asks Twilio to try a webhook five times more, whatever went wrong: by default it tries once more and only
when it could not connect (Twilio's page on connection overrides). It is a fragment: Twilio reads it and does
not send it."""


def check(
    account: Account, line: LineContext, service: str | None, public_url: str
) -> Generator[Request, Response, tuple[Finding, ...]]:
    """Sign in, and look at the number."""
    where = f"line {line.name}"
    response = yield account.get(f"{account.path}.json")
    signed_in = _account(where, line, response)
    if not signed_in.ok or not line.number.startswith("+"):  # short codes are not in the list of numbers
        return (signed_in,)
    response = yield account.get(f"{account.path}/IncomingPhoneNumbers.json", PhoneNumber=line.number)
    hook = f"{public_url.rstrip('/')}/hooks/{line.name}"
    return (signed_in, *_number(where, line, service, hook, response))


def _account(where: str, line: LineContext, response: Response) -> Finding:
    said = read_json(response) if response.status == 200 else None
    if said is None:
        return _trouble(where, error_of(response, line.name, sending=False))
    if said.get("status") != "active":
        mend = "Look in Twilio's console for what is asked of you, or write to Twilio's support."
        return Finding(where, False, f"the Twilio account is {str(said.get('status'))[:40]}", mend)
    if said.get("type") == "Trial":
        mend = "A trial account texts verified numbers only and puts a line before every text: upgrade it."
        return Finding(where, True, "signed in to Twilio, on a trial account", mend)
    return Finding(where, True, "signed in to Twilio")


def _number(
    where: str, line: LineContext, service: str | None, hook: str, response: Response
) -> Iterator[Finding]:
    said = read_json(response) if response.status == 200 else None
    if said is None:
        yield _trouble(where, error_of(response, line.name, sending=False))
        return
    numbers = said.get("incoming_phone_numbers")
    if not isinstance(numbers, list) or not numbers:
        mend = "Check `number` and `account_sid`, or buy the number in Twilio's console."
        yield Finding(where, False, f"{line.number} is not a number of this account", mend)
        return
    yield from _capabilities(where, numbers[0].get("capabilities") or {})
    if service is None:
        yield _webhook(where, line.number, hook, numbers[0])
    else:
        mend = (
            f"In Twilio's console, Messaging > Services > {service} > Integration, choose “Defer to sender's "
            f"webhook” and set that of {line.number} to {hook}{OVERRIDES}, or send a webhook there."
        )
        yield Finding(where, True, "sends through a Messaging Service, whose webhook is not looked at", mend)


def _capabilities(where: str, capabilities: Mapping[str, Any]) -> Iterator[Finding]:
    if not capabilities.get("sms"):
        yield Finding(where, False, "the number cannot send or receive SMS", "Choose one that can.")
    elif not capabilities.get("mms"):
        mend = 'Set long_messages = "segments" for this line, and send no pictures.'
        yield Finding(where, True, "the number sends SMS but no MMS", mend)


def _webhook(where: str, number: str, hook: str, set_up: Mapping[str, Any]) -> Finding:
    url, _, overrides = str(set_up.get("sms_url") or "").partition("#")
    mend = (
        f"In Twilio's console, Phone Numbers > Manage > Active numbers > {number}, set “A message comes in” "
        f"to Webhook {hook}{OVERRIDES}, HTTP POST."
    )
    if url != hook:
        is_now = f"to {url}" if url else "nowhere"
        return Finding(where, False, f"Twilio sends what comes in {is_now}, not to {hook}", mend)
    if str(set_up.get("sms_method") or "POST").upper() != "POST":
        return Finding(where, False, f"Twilio calls {hook} with GET, which puts texts into web logs", mend)
    if "rp=" not in overrides and not set_up.get("sms_fallback_url"):
        more = f"{mend} The part after # has Twilio try again; without it a text can arrive minutes late."
        return Finding(where, True, f"texts come to {hook}, and Twilio tries once", more)
    return Finding(where, True, f"texts come to {hook}")


def _trouble(where: str, error: ConnectorError) -> Finding:
    return Finding(where, False, error.reason)
