"""Who is who, and small marks on messages: auth.test, users, bots, team, reactions, pins."""

from __future__ import annotations

import re

from .api_chat import stamp
from .core import Core
from .errors import SlackError, bad_arguments
from .registry import Answer, method, page
from .schema import Args
from .world import Channel, Message, User

EMOJI_NAME = re.compile(r"[\w+'-]+(?:::skin-tone-[2-6])?", re.ASCII)


@method("auth.test")
def auth_test(core: Core, args: Args) -> Answer:
    """Tell the app who it is."""
    return {
        "url": f"https://{core.world.domain}.slack.com/",
        "team": core.world.team_name,
        "user": core.bot.name,
        "team_id": core.world.team_id,
        "user_id": core.bot.id,
        "bot_id": core.bot.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def open_connection(core: Core, args: Args) -> Answer:
    """Return the address of a socket that can be opened once."""
    return {"url": f"{core.base_url.replace('http', 'ws', 1)}/socket/{core.courier.endpoint.ticket()}"}


@method("team.info")
def team_info(core: Core, args: Args) -> Answer:
    """Return the workspace."""
    if args.get("team") not in (None, core.world.team_id):
        raise SlackError("team_not_found")
    world = core.world
    team = {"id": world.team_id, "name": world.team_name, "domain": world.domain, "email_domain": ""}
    return {"team": {**team, "url": f"https://{world.domain}.slack.com/", "icon": {"image_default": True}}}


@method("users.info")
def user_info(core: Core, args: Args) -> Answer:
    """Return one person."""
    user = core.world.users.get(args.text("user"))
    if user is None:
        raise SlackError("user_not_found")
    if not user.visible:
        raise SlackError("user_not_visible")
    return {"user": _shown(core, user)}


@method("users.list")
def user_list(core: Core, args: Args) -> Answer:
    """Return everybody of the workspace; strangers from Slack Connect are not listed."""
    people = [_shown(core, user) for user in core.world.users.values() if not user.is_stranger]
    found, cursor = page(people, args, default=1000, maximum=1000)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


@method("users.lookupByEmail")
def user_by_email(core: Core, args: Args) -> Answer:
    """Find a person by e-mail address."""
    for user in core.world.users.values():
        if user.email and user.email.lower() == args.text("email").lower():
            return {"user": _shown(core, user)}
    raise SlackError("users_not_found")


def _shown(core: Core, user: User) -> Answer:
    return user.public(with_email="users:read.email" in core.installation.scopes)


@method("bots.info")
def bot_info(core: Core, args: Args) -> Answer:
    """Return one bot."""
    for user in core.world.users.values():
        if user.bot_id and user.bot_id == args.get("bot"):
            bot = {"id": user.bot_id, "deleted": user.deleted, "name": user.name, "app_id": user.app_id}
            return {"bot": {**bot, "user_id": user.id, "updated": 1700000000, "icons": {}}}
    raise SlackError("bot_not_found")


def _message(core: Core, args: Args, name: str = "timestamp") -> tuple[Channel, Message]:
    if not args.get("channel") or not args.get(name):
        raise SlackError("no_item_specified", violation=True)
    channel = core.inside(core.channel(args.text("channel")))
    message = channel.messages.get(stamp(args, name))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _emoji_name(args: Args) -> str:
    name = args.text("name")
    if not EMOJI_NAME.fullmatch(name):
        raise SlackError("invalid_name", f"{name!r} is no emoji name", violation=True)
    return name


@method("reactions.add")
def add_reaction(core: Core, args: Args) -> Answer:
    """Put an emoji on a message as the bot."""
    name = _emoji_name(args)
    channel, message = _message(core, args)
    if channel.archived:
        raise SlackError("is_archived")
    react(core, channel, message, core.bot.id, name)
    return {}


@method("reactions.remove")
def remove_reaction(core: Core, args: Args) -> Answer:
    """Take the bot's emoji off a message."""
    name = _emoji_name(args)
    channel, message = _message(core, args)
    unreact(core, channel, message, core.bot.id, name)
    return {}


@method("reactions.get")
def get_reactions(core: Core, args: Args) -> Answer:
    """Return a message with its reactions."""
    channel, message = _message(core, args)
    return {"type": "message", "channel": channel.id, "message": core.shown(message)}


def react(core: Core, channel: Channel, message: Message, user: str, name: str) -> None:
    """Add somebody's reaction and tell the app."""
    reactions = message.setdefault("reactions", [])
    reaction = next((r for r in reactions if r["name"] == name), None)
    if reaction is None:
        reaction = {"name": name, "users": [], "count": 0}
        reactions.append(reaction)
    if user in reaction["users"]:
        raise SlackError("already_reacted")
    reaction["users"].append(user)
    reaction["count"] += 1
    _reaction_event(core, "reaction_added", channel, message, user, name)


def unreact(core: Core, channel: Channel, message: Message, user: str, name: str) -> None:
    """Take somebody's reaction away and tell the app."""
    reactions = message.get("reactions", [])
    reaction = next((r for r in reactions if r["name"] == name and user in r["users"]), None)
    if reaction is None:
        raise SlackError("no_reaction")
    reaction["users"].remove(user)
    reaction["count"] -= 1
    if not reaction["users"]:
        reactions.remove(reaction)
    if not reactions:
        del message["reactions"]
    _reaction_event(core, "reaction_removed", channel, message, user, name)


def _reaction_event(core: Core, kind: str, channel: Channel, message: Message, user: str, name: str) -> None:
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "event_ts": core.world.new_ts(),
    }
    if message.get("user"):
        event["item_user"] = message["user"]
    core.emit(event, channel)


@method("pins.add")
def add_pin(core: Core, args: Args) -> Answer:
    """Pin a message."""
    channel, message = _message(core, args)
    if message["ts"] in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(message["ts"])
    return {}


@method("pins.remove")
def remove_pin(core: Core, args: Args) -> Answer:
    """Unpin a message."""
    channel, message = _message(core, args)
    if message["ts"] not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(message["ts"])
    return {}


@method("api.test")
def api_test(core: Core, args: Args) -> Answer:
    """Answer, or fail when asked to."""
    if args.get("error"):
        raise bad_arguments(args.text("error"))
    return {"args": dict(args)}
