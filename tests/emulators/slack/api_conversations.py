"""conversations.* and users.conversations: channels, their members, and reading messages back."""

from __future__ import annotations

from collections.abc import Callable

from .api_chat import stamp
from .core import Core
from .errors import SlackError, bad_arguments
from .registry import Answer, method, page
from .schema import Args
from .world import Channel, Message

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


@method("conversations.info")
def info(core: Core, args: Args) -> Answer:
    """Return one channel."""
    channel = core.channel(args.text("channel"))
    shown = channel.public(core.bot.id, core.world.team_id)
    if not args.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


@method("conversations.history")
def history(core: Core, args: Args) -> Answer:
    """Return roots and broadcasts, newest first."""
    channel = core.inside(core.channel(args.text("channel")))
    within = _window(args)
    found = [message for message in reversed(list(channel.roots())) if within(message["ts"])]
    messages, cursor = page(found, args, default=100, maximum=999)
    return _messages(core, args, messages, cursor)


@method("conversations.replies")
def replies(core: Core, args: Args) -> Answer:
    """Return a thread, oldest first, always with the root in front; of a reply, that reply alone."""
    channel = core.inside(core.channel(args.text("channel")))
    root = channel.messages.get(stamp(args, "ts"))
    if root is None:
        raise SlackError("thread_not_found")
    within = _window(args)
    found = [message for message in channel.replies(root["ts"]) if within(message["ts"])]
    messages, cursor = page(found, args, default=1000, maximum=1000)
    return _messages(core, args, [root, *messages], cursor)


def _window(args: Args) -> Callable[[str], bool]:
    """Return a test for `oldest`, `latest` and `inclusive`; without the latter both ends are left out."""
    oldest, latest = (_bound(args, name) for name in ("oldest", "latest"))
    inclusive = args.flag("inclusive")

    def within(ts: str) -> bool:
        moment = int(ts.replace(".", ""))
        if oldest is not None and (moment < oldest or (moment == oldest and not inclusive)):
            return False
        return latest is None or moment < latest or (moment == latest and inclusive)

    return within


def _bound(args: Args, name: str) -> int | None:
    """Return a bound in microseconds; unlike the ts of a message it may be any number of seconds."""
    value = args.text(name)
    if not value:
        return None
    seconds, _, fraction = value.partition(".")
    if not (seconds + fraction).isdigit():
        raise SlackError(f"invalid_ts_{name}", violation=True)
    return int(seconds + fraction[:6].ljust(6, "0"))


def _messages(core: Core, args: Args, messages: list[Message], cursor: str) -> Answer:
    full = args.flag("include_all_metadata")
    shown = [core.shown(message, all_metadata=full) for message in messages]
    answer: Answer = {"messages": shown, "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


@method("conversations.members")
def members(core: Core, args: Args) -> Answer:
    """Return who is in a channel."""
    channel = core.channel(args.text("channel"))
    found, cursor = page(sorted(channel.members), args, default=100, maximum=1000)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


@method("conversations.join")
def join(core: Core, args: Args) -> Answer:
    """Let the bot join a public channel by itself."""
    channel = core.channel(args.text("channel"))
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if core.bot.id in channel.members:
        warning = "already_in_channel"
        extra: Answer = {"warning": warning, "response_metadata": {"warnings": [warning]}}
        return {"channel": channel.public(core.bot.id, core.world.team_id), **extra}
    add_member(core, channel, core.bot.id)
    return {"channel": channel.public(core.bot.id, core.world.team_id)}


def add_member(core: Core, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Let somebody in and tell the app."""
    channel.members.add(user)
    kind = "C" if channel.kind == "public" else "G"
    event = {"type": "member_joined_channel", "user": user, "channel": channel.id, "channel_type": kind}
    event |= {"team": core.world.team_id, "event_ts": core.world.new_ts()}
    core.emit({**event, "inviter": inviter} if inviter else event, channel)


@method("conversations.open")
def open_direct_messages(core: Core, args: Args) -> Answer:
    """Open the direct messages with one person; groups of several are not emulated."""
    if args.get("channel"):
        channel = core.channel(args.text("channel"))
    elif not args.get("users"):
        raise SlackError("users_list_not_supplied", violation=True)
    elif args.text("users") not in core.world.users:
        raise SlackError("user_not_found")
    else:
        channel = core.direct_messages(args.text("users"))
    if args.flag("return_im"):
        return {"channel": channel.public(core.bot.id, core.world.team_id)}
    return {"channel": {"id": channel.id}}


@method("conversations.list")
def list_conversations(core: Core, args: Args) -> Answer:
    """Return the channels that the bot may know of."""
    return _channels(core, args, lambda channel: channel.kind == "public" or core.bot.id in channel.members)


@method("users.conversations")
def of_user(core: Core, args: Args) -> Answer:
    """Return the channels that somebody, by default the bot, is in."""
    user = args.text("user") or core.bot.id
    allowed = {user, core.bot.id}
    return _channels(core, args, lambda c: user in c.members and (c.kind == "public" or allowed <= c.members))


def _channels(core: Core, args: Args, wanted: Callable[[Channel], bool]) -> Answer:
    names = [name.strip() for name in args.text("types", "public_channel").split(",")]
    if not set(names) <= KINDS.keys():
        raise bad_arguments(f"types: {names}")
    kinds = {KINDS[name] for name in names}
    found = [
        channel.public(core.bot.id, core.world.team_id)
        for channel in core.world.channels.values()
        if channel.kind in kinds and wanted(channel)
        if not (channel.archived and args.flag("exclude_archived"))
    ]
    channels, cursor = page(found, args, default=100, maximum=1000)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}
