"""What python-telegram-bot raises, in the words of bridge.errors.

Told apart by class where the library has one, else by Telegram's description: the Bot API has no
error codes of its own. The library strips "Bad Request: " and capitalises the rest (telegram/error.py),
so everything is compared in small letters.
"""

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bridge.errors import ConnectorError, Gone, Rejected, Throttled, Unreachable, Unsure, Unusable


class Moved(Unusable):
    """The group became a supergroup and has another id now."""

    def __init__(self, chat: int) -> None:
        """chat: the new id."""
        super().__init__(f"the group became a supergroup; its id is {chat} now")
        self.chat = chat


class Unchanged(Rejected):
    """The message or topic already is as it is to be."""


class TopicClosed(Rejected):
    """The topic is closed to writers."""


class NoTextThere(Rejected):
    """The message has a caption, and no text that could be edited."""


_NOT_ACCEPTED = (
    "Telegram does not accept the bot token: copy it anew from @BotFather (a wrong api_url looks the same)"
)
_ADMIN = "make the bot an administrator of the group with the right "
_GONE = (
    "message thread not found",
    "topic_id_invalid",
    "topic_deleted",
    "message to edit not found",
    "message to react not found",
    "message to be replied not found",
    "message to delete not found",
    "message to pin not found",
    "message_id_invalid",
    "message can't be edited",
)
_UNUSABLE = (
    ("chat not found", "this bot knows no such chat: add it to the group, and check `chat`"),
    ("chat is not a forum", "the group has no topics: switch Topics on in the group's settings"),
    ("delete", f"{_ADMIN}“Delete messages” (can_delete_messages)"),
    ("topic", f"{_ADMIN}“Manage topics” (can_manage_topics)"),
    ("reactions", "make the bot an administrator of the group: only administrators may react"),
    ("pinned", f"{_ADMIN}“Pin messages” (can_pin_messages)"),
    ("", "make the bot an administrator of the group"),
)
_LACKING = ("not enough rights", "need administrator rights", "chat_admin_required", "chat_write_forbidden",
            "have no rights", "chat not found", "chat is not a forum")  # fmt: skip
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def translated(error: TelegramError, *, repeatable: bool = False) -> ConnectorError:
    """Say it in our words. repeatable: asking again can do no harm, so nothing is unsure."""
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return Throttled(after.total_seconds() if isinstance(after, timedelta) else float(after))
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, InvalidToken):
        return Unusable(_NOT_ACCEPTED)
    if isinstance(error, Forbidden):
        return Unusable(f"Telegram shut the bot out ({_described(error)}): add it to the group again")
    if isinstance(error, Conflict):
        return Unusable(_contested(_described(error)))
    if isinstance(error, BadRequest):
        return _refused(_described(error))
    if isinstance(error, NetworkError) and "request entity too large" in _described(error):
        return Rejected("larger than Telegram takes (50 MB)")
    if isinstance(error.__cause__, _NEVER_LEFT):
        return Unreachable("no connection to Telegram")
    return _broken_off(error, repeatable)


def _broken_off(error: TelegramError, repeatable: bool) -> ConnectorError:
    """No answer, half of one, or one that tells of an inner fault: it may have happened."""
    late = isinstance(error, TimedOut)
    reason = "Telegram did not answer in time" if late else "Telegram's answer was lost"
    return Unreachable(reason) if repeatable else Unsure(reason)


def _described(error: TelegramError) -> str:
    return error.message.removeprefix("Forbidden: ").removeprefix("Conflict: ").lower()


def _refused(words: str) -> ConnectorError:
    if "is not modified" in words or "not_modified" in words:
        return Unchanged("already so")
    if "topic_closed" in words:
        return TopicClosed("the topic is closed", "TOPIC_CLOSED")
    if "there is no text in the message" in words:
        return NoTextThere("the message has no text of its own")
    if any(sign in words for sign in _GONE):
        return Gone(f"Telegram: {words}")
    if any(sign in words for sign in _LACKING):
        return Unusable(next(mend for sign, mend in _UNUSABLE if sign in words), "RIGHTS")
    if "reaction_invalid" in words:
        reason = "the group does not allow that reaction: allow all of them in its settings"
        return Rejected(reason, "REACTION_INVALID")
    if "file is too big" in words:
        return Rejected("the file is larger than the 20 MB that Telegram lets a bot fetch")
    return Rejected(f"Telegram refused: {words}")


def _contested(words: str) -> str:
    if "webhook" in words:
        return "a webhook is set for this bot, so nothing can be fetched: see who sets it, or use that mode"
    return "another program fetches this bot's updates: stop it, or give it a bot of its own"
