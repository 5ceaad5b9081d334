"""Telegram's refusals in our words: certain or not, mendable or not."""

import httpx
import pytest
from telegram import error as tg

from bridge.errors import ConnectorError, Gone, Rejected, Throttled, Unreachable, Unsure, Unusable
from connectors.chat.telegram.refusals import Moved, NoTextThere, TopicClosed, Unchanged, translated

_BAD = "Bad Request: "


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("message thread not found", Gone),
        ("TOPIC_ID_INVALID", Gone),
        ("TOPIC_DELETED", Gone),
        ("message to edit not found", Gone),
        ("message to react not found", Gone),
        ("chat not found", Unusable),
        ("the chat is not a forum", Unusable),
        ("not enough rights to create a topic", Unusable),
        ("not enough rights to send text messages to the chat", Unusable),
        ("CHAT_ADMIN_REQUIRED", Unusable),
        ("message is not modified: specified new message content …", Unchanged),
        ("TOPIC_NOT_MODIFIED", Unchanged),
        ("TOPIC_CLOSED", TopicClosed),
        ("there is no text in the message to edit", NoTextThere),
        ("REACTION_INVALID", Rejected),
        ("message is too long", Rejected),
        ("BUTTON_DATA_INVALID", Rejected),
    ],
)
def test_bad_requests(words: str, kind: type[ConnectorError]) -> None:
    found = translated(tg.BadRequest(_BAD + words))

    assert type(found) is kind
    assert found.certain


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("not enough rights to create a topic", "can_manage_topics"),
        ("not enough rights to delete the topic", "can_delete_messages"),
        ("not enough rights to manage pinned messages in the chat", "can_pin_messages"),
        ("not enough rights to change reactions of the message", "administrator"),
    ],
)
def test_a_missing_right_is_named(words: str, right: str) -> None:
    assert right in translated(tg.BadRequest(_BAD + words)).reason


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.ConnectTimeout("late"), Unreachable),
        (httpx.PoolTimeout("full"), Unreachable),
        (httpx.ReadTimeout("late"), Unsure),
        (httpx.WriteTimeout("late"), Unsure),
        (httpx.RemoteProtocolError("dropped"), Unsure),
        (httpx.ReadError("dropped"), Unsure),
        (None, Unsure),
    ],
)
def test_what_never_left_is_certain(cause: Exception | None, kind: type[ConnectorError]) -> None:
    for error in (tg.NetworkError("Bad Gateway (502)"), tg.TimedOut()):
        error.__cause__ = cause

        assert type(translated(error)) is kind
        assert type(translated(error, repeatable=True)) is Unreachable


def test_an_answer_that_is_no_json_is_unsure() -> None:
    assert type(translated(tg.TelegramError("Invalid server response"))) is Unsure


def test_the_others() -> None:
    throttled = translated(tg.RetryAfter(7))
    moved = translated(tg.ChatMigrated(-100123))

    assert isinstance(throttled, Throttled) and throttled.after == 7
    assert isinstance(moved, Moved) and moved.chat == -100123
    assert type(translated(tg.Forbidden("Forbidden: bot was kicked from the supergroup chat"))) is Unusable
    assert (
        "another program"
        in translated(tg.Conflict("Conflict: terminated by other getUpdates request")).reason
    )
    assert (
        "webhook"
        in translated(tg.Conflict("Conflict: can't use getUpdates method while webhook is active")).reason
    )
    assert type(translated(tg.NetworkError("Request Entity Too Large"))) is Rejected


def test_a_rejected_token_is_not_repeated() -> None:
    error = tg.InvalidToken("The token `123:SECRET` was rejected by the server.")

    assert "SECRET" not in repr(translated(error))
