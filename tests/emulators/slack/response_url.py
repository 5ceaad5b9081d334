"""What an app posts to a response_url: five uses in thirty minutes, and no way into a thread."""

from __future__ import annotations

import copy
import time

from .api_chat import by_the_bot, note_pings, own_words
from .core import Core, ResponseUrl
from .errors import SlackError, bad_arguments
from .schema import Args
from .world import Ephemeral

KEYS = frozenset(
    {
        *("text", "blocks", "attachments", "mrkdwn", "metadata", "unfurl_links", "unfurl_media", "thread_ts"),
        *("response_type", "replace_original", "delete_original"),
    }
)
MAX_USES, MAX_AGE = 5, 30 * 60


def use(core: Core, key: str, body: Args) -> None:
    """Carry out one post to a response_url."""
    url = core.response_urls.get(key)
    if url is None or time.monotonic() - url.born > MAX_AGE:
        raise SlackError("expired_url")
    url.uses += 1
    if url.uses > MAX_USES:
        raise SlackError("used_url", violation=True)
    unknown = sorted(body.keys() - KEYS)
    if unknown:
        raise bad_arguments(f"invalid additional property: {unknown}")
    if body.get("thread_ts"):
        core.violations.append("response_url: it cannot be steered into a thread")
    if body.flag("delete_original"):
        _delete(core, url)
    elif body.flag("replace_original") and url.message_ts:
        _replace(core, url, body)
    else:
        _say(core, url, body)


def _say(core: Core, url: ResponseUrl, body: Args) -> None:
    words = own_words(body)
    if body.text("response_type", "ephemeral") == "ephemeral":
        blocks = words.get("blocks", [])
        seen = Ephemeral(url.user, url.channel, core.world.new_ts(), words["text"], blocks)
        core.world.ephemerals.append(seen)
        return
    channel = core.world.channels[url.channel]
    message = {**by_the_bot(core, body), **words, "ts": core.world.new_ts()}
    channel.add(message)
    note_pings(core, channel, message)
    core.message_event(channel, message)


def _ephemeral(core: Core, url: ResponseUrl) -> Ephemeral | None:
    return next((seen for seen in core.world.ephemerals if seen.ts == url.message_ts), None)


def _replace(core: Core, url: ResponseUrl, body: Args) -> None:
    words = own_words(body)
    seen = _ephemeral(core, url)
    if seen is not None:
        seen.text, seen.blocks = words["text"], words.get("blocks", [])
        return
    channel = core.world.channels[url.channel]
    message = channel.messages.get(str(url.message_ts))
    if message is None:
        raise SlackError("message_not_found")
    previous = copy.deepcopy(message)
    message |= words
    core.changed_event(channel, message, previous)


def _delete(core: Core, url: ResponseUrl) -> None:
    seen = _ephemeral(core, url)
    if seen is not None:
        core.world.ephemerals.remove(seen)
        return
    channel = core.world.channels[url.channel]
    if url.message_ts not in channel.messages:
        raise SlackError("message_not_found")
    core.remove_message(channel, str(url.message_ts))
