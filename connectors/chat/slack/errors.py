"""What Slack or the way to it says, as the errors of bridge.errors.

Which codes exist: the "Errors" tables of docs.slack.dev/reference/methods; that chat.postMessage may
have posted in spite of fatal_error and its like: the same page, "the operation may have succeeded".
"""

import contextlib
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bridge.errors import ConnectorError, Gone, Rejected, Throttled, Unreachable, Unsure, Unusable

WITHOUT_RETRY_AFTER = 30.0  # seconds; Slack sends the header with every 429

_MAYBE_DONE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_TOO_FAST = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_MOVING = frozenset({"team_added_to_org", "external_channel_migrating"})
_GONE = {
    "thread_not_found": "the thread is not there any more",
    "message_not_found": "the message is not there any more",
    "cannot_reply_to_message": "that message cannot head a thread any more",
}
_REINSTALL = "install the app again and put its new bot token into the configuration"
_UNUSABLE = {
    "channel_not_found": "Slack does not show the app this channel: check its id, and invite the app into it",
    "not_in_channel": "the app is not in the channel: type /invite @threadline there",
    "is_archived": "the channel is archived: unarchive it, or choose another one in the configuration",
    "account_inactive": f"the app was removed from the workspace: {_REINSTALL}",
    "token_revoked": f"the bot token was revoked: {_REINSTALL}",
    "token_expired": f"the bot token has expired: {_REINSTALL}",
    "invalid_auth": "Slack does not accept the token: copy it anew from the app's page",
    "not_authed": "no token reached Slack: set it in the configuration",
    "not_allowed_token_type": "this is the wrong kind of token: bot_token begins xoxb-, app_token xapp-",
    "missing_scope": "the app lacks a scope",
    "no_permission": "the app may not do this: a scope or a workspace setting is missing",
    "access_denied": "the workspace denies the app access: ask its administrator",
    "accesslimited": "the workspace denies the app access: ask its administrator",
    "ekm_access_denied": "the workspace's key management denies access: ask its administrator",
    "org_login_required": f"the workspace is moving into an organisation: {_REINSTALL}",
    "team_access_not_granted": f"the token does not belong to this workspace: {_REINSTALL}",
    "restricted_action": "a workspace setting forbids this: ask an administrator to let the app post",
    "restricted_action_read_only_channel": "the channel is read-only: let the app post there",
    "restricted_action_non_threadable_channel": "the channel has no threads: choose another one",
    "restricted_action_thread_only_channel": "the channel takes no new threads from apps: choose another one",
    "posting_to_channel_denied": "the channel does not let the app post: change its posting permissions",
}
_REJECTED = {
    "user_not_in_channel": "that person is not in the channel",
    "msg_too_long": "it is too long for Slack",
    "msg_blocks_too_long": "it is too long for Slack",
    "restricted_action_thread_locked": "the thread is locked",
    "thread_locked": "the thread is locked",
    "edit_window_closed": "the workspace does not let messages be changed any more after so long",
    "too_many_reactions": "the message has too many reactions",
    "too_many_emoji": "the message has too many reactions",
    "storage_limit_reached": "the workspace's file storage is full",
    "file_uploads_disabled": "the workspace does not allow file uploads",
    "blocked_file_type": "the workspace does not allow files of this type",
    "file_deleted": "the file was deleted",
    "file_not_found": "the file is not there any more",
    "expired_trigger_id": "Slack waited too long for the form: press again",
}


def translate(failure: Exception) -> ConnectorError:
    """Say what an exception of slack_sdk or aiohttp means for what was asked."""
    if isinstance(failure, ConnectorError):
        return failure
    if isinstance(failure, SlackApiError):
        return _of_answer(failure.response)
    never_left = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
    if isinstance(failure, never_left):
        return Unreachable(f"no connection to Slack ({type(failure).__name__})")
    if isinstance(failure, TimeoutError):
        return Unsure("Slack did not answer in time")
    return Unsure(f"the connection broke before Slack had answered ({type(failure).__name__})")


def _of_answer(response: Any) -> ConnectorError:
    """Slack, or something before it, answered. response: slack_sdk's, or aiohttp's for a broken body."""
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", response)
    data = data if isinstance(data, Mapping) else {}
    code = str(data["error"]) if data.get("error") else None
    if status == 429 or code in _TOO_FAST:
        return Throttled(_retry_after(getattr(response, "headers", None)), code=code)
    if status >= 500 or code in _MAYBE_DONE:
        return Unsure(f"Slack answered with an inner fault ({code or status})", code)
    if code is None:
        if 400 <= status < 500:
            return Unreachable(f"something before Slack answered {status}: a proxy, or a wrong api_url")
        return Unsure("Slack's answer could not be read")
    return refusal(code, data)


def refusal(code: str, data: Mapping[str, Any]) -> ConnectorError:
    """Say what an error code of Slack's means; data: the answer it came in."""
    if code in _MOVING:
        return Unreachable("Slack is moving this workspace or channel; it will work again later", code)
    if code in _GONE:
        return Gone(_GONE[code], code)
    if code == "missing_scope" and data.get("needed"):
        return Unusable(f"the app lacks the scope {data['needed']}: {HOW_TO_GRANT}", code)
    if code in _UNUSABLE:
        return Unusable(_UNUSABLE[code], code)
    return Rejected(_REJECTED.get(code, f"Slack refused it ({code})"), code)


HOW_TO_GRANT = "add it under OAuth & Permissions of the Slack app, and install the app again"


def _retry_after(headers: Any) -> float:
    with contextlib.suppress(TypeError, ValueError, AttributeError):
        return max(float(headers.get("Retry-After")), 0.0)
    return WITHOUT_RETRY_AFTER
