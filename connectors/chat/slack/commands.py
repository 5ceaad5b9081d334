"""What is typed after /sms, and the numbers and names in it."""

import re
from typing import Final

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bridge.errors import ConnectorError
from bridge.model.address import read_number, show
from bridge.ports import House
from connectors.chat.slack.api import Answer
from connectors.chat.slack.blocks import escape
from connectors.chat.slack.text_in import unescape

HELP: Final = (
    "`/sms new NUMBER` opens a form for a new text message.\n"
    "`/sms new NUMBER TEXT` sends it at once (after the hold, in which it can be cancelled).\n"
    "Answer people in their threads. A reply that starts with `//` or `note:`, or with an @mention, "
    "stays inside. The buttons on a conversation's card do the rest."
)
_ON_THE_SERVER: Final = frozenset(["lists", "keywords"])
_NOT_YET: Final = frozenset(["find", "templates", "forms", "polls", "campaigns", "settings", "usage"])
_PHONE_WORD: Final = re.compile(r"[+(]?[\d()./-]+\Z")


def private(text: str) -> Answer:
    """Answer a command so that only its writer sees it. text: mrkdwn of our own making."""
    return {"response_type": "ephemeral", "text": text}


def split(text: str) -> tuple[str, str]:
    """Part the subcommand from the rest."""
    word, rest = (*text.split(maxsplit=1), "", "")[:2]
    return word.lower(), unescape(rest.strip())


def help_or_not_yet(word: str) -> str:
    """Give the help, and before it why a word did nothing."""
    if word in ("", "help"):
        return HELP
    if word in _ON_THE_SERVER:
        return f"`/sms {word}` is not in Slack yet: on the server, `threadline {word}` does it.\n{HELP}"
    if word in _NOT_YET:
        return f"`/sms {word}` does not work in this version yet.\n{HELP}"
    return f"There is no `/sms {escape(word[:20]).replace('`', '')}`.\n{HELP}"


def number_and_text(rest: str, region: str) -> tuple[str | None, str]:
    """Part a number, which people write with blanks in it, from the text behind it.

    As many leading words as together still make a number are the number.
    """
    ends = []
    for word in re.finditer(r"\S+", rest):
        if not _PHONE_WORD.match(word[0]):
            break
        ends.append(word.end())
    for end in reversed(ends):
        number = read_number(rest[:end], region)
        if number:
            return number, rest[end:].strip()
    return None, rest


async def whom(typed: str, desk: str, house: House) -> tuple[str | None, str]:
    """Find the number that a number or name means; or say why it means none."""
    number = read_number(typed, house.region)
    if number:
        return number, ""
    if not re.search(r"[^\W\d_]", typed):
        return None, "That cannot be a phone number."
    try:
        rows = [row for row in await house.inbox.rows(desk, typed.strip(), None, 4) if row.name]
    except ConnectorError:
        return None, "Names cannot be looked up just now: type the number."
    numbers = {row.number: row.name for row in rows}
    if len(numbers) == 1:
        return read_number(next(iter(numbers)), house.region), "That contact cannot be texted."
    if not numbers:
        return None, "Nobody of that name has been texted here: type the number."
    several = ", ".join(f"{name} {show(value, house.region)}" for value, name in numbers.items())
    return None, f"Several match, type the number: {several}"[:300]


async def delete_original(response_url: str) -> None:
    """Take the message of a response_url away (docs.slack.dev/interactivity/handling-user-interaction)."""
    await AsyncWebhookClient(response_url, timeout=10, retry_handlers=[]).send_dict({"delete_original": True})
