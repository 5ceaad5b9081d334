"""chat.*: posting, changing and deleting what the bot says."""

from __future__ import annotations

import copy
import re
from typing import Any

from .blocks import check_metadata, message_blocks
from .core import Core
from .errors import SlackError, bad_arguments
from .registry import Answer, method
from .schema import Args
from .world import Channel, Ephemeral, Message

MAX_TEXT, MAX_UPDATE_TEXT, MAX_MARKDOWN = 40_000, 4000, 12_000
TS = re.compile(r"\d{10}\.\d{6}")
PING = re.compile(r"<!(?:channel|here|everyone)\b[^>]*>|<@[UW][A-Z0-9]+[^>]*>|<!subteam\^[^>]*>")
PINGING_ELEMENTS = frozenset({"broadcast", "user", "usergroup"})


def stamp(args: Args, name: str) -> str:
    """Return a timestamp argument; a ts that went through a float is refused."""
    value = args.text(name)
    if not TS.fullmatch(value):
        raise bad_arguments(f"{name} is no message timestamp: {value!r}")
    return value


def own_words(args: Args) -> Message:
    """Return the parts of a bot's message that the arguments describe, checked."""
    text, markdown = args.text("text"), args.text("markdown_text")
    blocks = args.structure("blocks", "invalid_blocks_format")
    attachments = args.structure("attachments", "invalid_attachments")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict", violation=True)
    if len(markdown) > MAX_MARKDOWN:
        raise SlackError("msg_too_long", violation=True)
    if attachments and len(attachments) > 100:
        raise SlackError("too_many_attachments", violation=True)
    words: Message = {"text": text or markdown}
    if blocks is not None:
        words["blocks"] = message_blocks(blocks)
    if attachments is not None:
        words["attachments"] = attachments
    return words


def by_the_bot(core: Core, args: Args) -> Message:
    """Return who a new message is from; a customised name makes it a `bot_message` without user."""
    author: Message = {"type": "message", "bot_id": core.bot.bot_id, "app_id": core.bot.app_id}
    author["team"] = core.world.team_id
    if any(args.get(name) for name in ("username", "icon_emoji", "icon_url")):
        author |= {"subtype": "bot_message", "username": args.text("username") or core.bot.name}
        if args.get("icon_emoji"):
            author["icons"] = {"emoji": args.text("icon_emoji")}
        return author
    profile = {"id": core.bot.bot_id, "app_id": core.bot.app_id, "name": core.bot.name, "deleted": False}
    return {**author, "user": core.bot.id, "bot_profile": {**profile, "team_id": core.world.team_id}}


def note_pings(core: Core, channel: Channel, message: Message) -> None:
    """Remember whom a bot's message would notify, so that tests can see that no contact's text did."""
    found = set(PING.findall(message.get("text", "")))
    for block in message.get("blocks", ()):
        found |= set(_pings_in(block))
    core.pings += [(channel.id, message["ts"], ping) for ping in sorted(found)]


def _pings_in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [ping for inner in value for ping in _pings_in(inner)]
    if not isinstance(value, dict):
        return []
    if value.get("type") in PINGING_ELEMENTS:
        return [str(value.get("range") or value.get("user_id") or value.get("usergroup_id"))]
    if value.get("type") == "mrkdwn":
        return PING.findall(value["text"])
    return [ping for inner in value.values() for ping in _pings_in(inner)]


def join_thread(channel: Channel, message: Message, thread_ts: str, broadcast: bool) -> None:
    """Put a message into a thread; when its root is gone Slack leaves it in the channel without a word."""
    root = channel.messages.get(thread_ts)
    if root is None:
        return
    if root.get("thread_ts", thread_ts) != thread_ts:
        raise SlackError("cannot_reply_to_message", "thread_ts is the ts of a reply", violation=True)
    message["thread_ts"] = thread_ts
    if root.get("user"):
        message["parent_user_id"] = root["user"]
    if broadcast:
        message["subtype"] = "thread_broadcast"


@method("chat.postMessage")
def post_message(core: Core, args: Args) -> Answer:
    """Store a message of the bot and tell the app about it, as Slack does about every message."""
    channel = core.writable(args.text("channel"))
    words = own_words(args)
    if not (words["text"] or words.get("blocks") or words.get("attachments")):
        raise SlackError("no_text", violation=True)
    metadata = args.structure("metadata", "invalid_metadata_format")
    message = {**by_the_bot(core, args), **words, "ts": core.world.new_ts()}
    if metadata is not None:
        message["metadata"] = check_metadata(metadata)
    if args.get("thread_ts"):
        join_thread(channel, message, stamp(args, "thread_ts"), args.flag("reply_broadcast"))
    warning: Answer = {}
    if len(message["text"]) > MAX_TEXT:
        message["text"] = message["text"][:MAX_TEXT]
        warning = {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    channel.add(message)
    note_pings(core, channel, message)
    core.message_event(channel, message)
    return {"channel": channel.id, "ts": message["ts"], "message": core.shown(message), **warning}


@method("chat.update")
def update_message(core: Core, args: Args) -> Answer:
    """Change one of the bot's own messages; what is absent stays, an empty list or object removes."""
    channel = core.channel(args.text("channel"))
    message = _own_message(core, channel, args, "cant_update_message")
    words = own_words(args)
    if len(words["text"]) > MAX_UPDATE_TEXT:
        raise SlackError("msg_too_long", violation=True)
    if not ({"text", "markdown_text", "blocks", "attachments"} & args.keys()):
        raise SlackError("no_text", violation=True)
    if _loses_rich_text(message, words):
        raise SlackError("block_mismatch", violation=True)
    if not ({"text", "markdown_text"} & args.keys()):
        del words["text"]
    metadata = args.structure("metadata", "invalid_metadata_format")
    if metadata:
        words["metadata"] = check_metadata(metadata)
    if not (words.get("text", message["text"]) or words.get("blocks", message.get("blocks"))):
        raise SlackError("no_text", violation=True)
    previous = copy.deepcopy(message)
    message |= words
    if metadata == {}:
        message.pop("metadata", None)
    if args.flag("reply_broadcast") and "thread_ts" in message:
        message["subtype"] = "thread_broadcast"
    message["edited"] = {"user": core.bot.id, "ts": f"{core.world.new_ts().split('.')[0]}.000000"}
    note_pings(core, channel, message)
    core.changed_event(channel, message, previous)
    shown = core.shown(message)
    return {"channel": channel.id, "ts": message["ts"], "text": message.get("text", ""), "message": shown}


def _loses_rich_text(message: Message, words: Message) -> bool:
    def rich(blocks: list[dict[str, Any]]) -> bool:
        return any(block["type"] == "rich_text" for block in blocks)

    new = words.get("blocks", [])
    return bool(new) and rich(message.get("blocks", [])) and not rich(new)


def _own_message(core: Core, channel: Channel, args: Args, refusal: str) -> Message:
    message = channel.messages.get(stamp(args, "ts"))
    if message is None or message.get("subtype") == "tombstone":
        raise SlackError("message_not_found")
    if message.get("bot_id") != core.bot.bot_id:
        raise SlackError(refusal)
    return message


@method("chat.delete")
def delete_message(core: Core, args: Args) -> Answer:
    """Delete one of the bot's own messages."""
    channel = core.channel(args.text("channel"))
    message = _own_message(core, channel, args, "cant_delete_message")
    core.remove_message(channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


@method("chat.postEphemeral")
def post_ephemeral(core: Core, args: Args) -> Answer:
    """Show something to one person; it is kept only in `world.ephemerals`."""
    channel = core.writable(args.text("channel"))
    if args.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    words = own_words(args)
    if not (words["text"] or words.get("blocks")):
        raise SlackError("no_text", violation=True)
    thread_ts = stamp(args, "thread_ts") if args.get("thread_ts") else None
    ephemeral = Ephemeral(
        user=args.text("user"),
        channel=channel.id,
        ts=core.world.new_ts(),
        text=words["text"],
        blocks=words.get("blocks", []),
        thread_ts=thread_ts,
    )
    core.world.ephemerals.append(ephemeral)
    return {"message_ts": ephemeral.ts}


@method("chat.getPermalink")
def get_permalink(core: Core, args: Args) -> Answer:
    """Return the address of a message."""
    channel = core.channel(args.text("channel"))
    message = channel.messages.get(stamp(args, "message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"https://{core.world.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread_ts = message.get("thread_ts")
    if thread_ts and thread_ts != message["ts"]:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
