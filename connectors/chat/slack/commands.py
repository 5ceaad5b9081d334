"""What is typed after /sms, and the numbers and names in it."""

import re
from collections.abc import Sequence
from typing import Final

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bridge.model.address import read_number
from connectors.chat.slack.api import Answer
from connectors.chat.slack.text_in import unescape

_ON_THE_CARD: Final = frozenset({"template", "contact", "block", "unblock"})
_PHONE_WORD: Final = re.compile(r"[+(]?[\d()./-]+\Z")


def private(text: str) -> Answer:
    """Answer a command so that only its writer sees it. text: mrkdwn of our own making."""
    return {"response_type": "ephemeral", "text": text}


def split(text: str) -> tuple[str, str]:
    """Part the subcommand from the rest."""
    word, rest = (*text.split(maxsplit=1), "", "")[:2]
    return word.lower(), unescape(rest.strip())


def help_(commands: Sequence[tuple[str, str, str]]) -> str:
    """List the commands: word, usage, meaning. Those of a thread are on its card in Slack."""
    lines = [f"`/sms {usage}`: {meaning}" for word, usage, meaning in commands if word not in _ON_THE_CARD]
    return "\n".join(
        (
            *lines,
            "Answer people in their threads. A reply that starts with `//` or `note:`, or with an "
            "@mention, stays inside. The buttons on a conversation's card do the rest.",
        )
    )


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


async def delete_original(response_url: str) -> None:
    """Take the message of a response_url away (docs.slack.dev/interactivity/handling-user-interaction)."""
    await _respond(response_url, {"delete_original": True})


async def answer_later(response_url: str, text: str) -> None:
    """Say something to who pressed or typed, alone, after the acknowledgement. text: mrkdwn of our own."""
    await _respond(response_url, {**private(text), "replace_original": False})


async def _respond(response_url: str, body: Answer) -> None:
    await AsyncWebhookClient(response_url, timeout=10, retry_handlers=[]).send_dict(body)
