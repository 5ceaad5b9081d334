"""Whether the bot can work on its desks, and how to grant what it lacks."""

from collections.abc import AsyncIterator

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator, User

from bridge.errors import ConnectorError
from bridge.ports import Finding
from connectors.chat.telegram.api import Api
from connectors.chat.telegram.config import Config
from connectors.chat.telegram.places import Places
from connectors.chat.telegram.writing import MARKS

RIGHTS = (
    ("can_manage_topics", "Manage topics", "open a topic for each conversation"),
    ("can_delete_messages", "Delete messages", "remove a conversation with its topic"),
)
PINS = ("can_pin_messages", "Pin messages", "pin in General who waits for an answer")
_ADMIN = "in the group: ⋮ → Manage group → Administrators → Add administrator"


async def check(api: Api, config: Config, places: Places) -> AsyncIterator[Finding]:
    """Sign in, and look at the webhook and at each group."""
    try:
        await api.open()
        me = await api.ask(api.bot.get_me())
    except ConnectorError as error:
        mend = "ask @BotFather for the token (/mybots), and check bot_token and api_url"
        yield Finding("telegram", False, f"cannot sign in: {error.reason}", mend)
        return
    yield Finding("telegram", True, f"signed in as @{me.username}")
    yield await _webhook(api, config)
    for desk in places.desks():
        async for finding in _desk(api, places, desk, me):
            yield finding


async def _webhook(api: Api, config: Config) -> Finding:
    try:
        info = await api.ask(api.bot.get_webhook_info())
    except ConnectorError as error:
        return Finding("telegram", False, f"cannot ask for the webhook: {error.reason}")
    if config.mode == "polling":
        if info.url:
            mend = "serve removes it when it starts; stop whoever else uses this bot"
            return Finding("telegram", False, "a webhook is set, though mode is polling", mend)
        return Finding("telegram", True, "no webhook is set; updates are fetched")
    if not info.url:
        return Finding("telegram", True, "no webhook is set yet; serve sets it when it starts")
    if info.last_error_message:
        mend = "check server.public_url: HTTPS, port 443, 80, 88 or 8443, a certificate that Telegram accepts"
        return Finding("telegram", False, f"Telegram could not deliver: {info.last_error_message}", mend)
    return Finding("telegram", True, "the webhook is set and delivers")


async def _desk(api: Api, places: Places, desk: str, me: User) -> AsyncIterator[Finding]:
    where = f"telegram desk {desk.removeprefix('telegram.')}"
    number = places.chat(desk)
    try:
        chat = await api.ask(api.bot.get_chat(number))
        standing = await api.ask(api.bot.get_chat_member(number, me.id))
    except ConnectorError as error:
        mend = "add the bot to the group, and check `chat`"
        yield Finding(where, False, f"group {number}: {error.reason}", mend)
        return
    for finding in (*_group(where, chat), *_rights(where, standing, me, desk in places.overviews())):
        yield finding


def _group(where: str, chat: ChatFullInfo) -> list[Finding]:
    found = []
    if chat.is_forum:
        found.append(Finding(where, True, f"“{chat.title}” has topics"))
    else:
        mend = "in the group: ⋮ → Manage group → Topics → on (its id changes then: run this check again)"
        found.append(Finding(where, False, f"“{chat.title}” has no topics", mend))
    if chat.username:
        mend = "make it private: in the group: ⋮ → Manage group → Group type"
        what = f"“{chat.title}” is public: anybody can read what people text"
        found.append(Finding(where, False, what, mend))
    if chat.available_reactions:  # absent: all are allowed. The library gives () for that and for none.
        allowed = {getattr(reaction, "emoji", "") for reaction in chat.available_reactions}
        if lacking := [emoji for emoji in MARKS.values() if emoji not in allowed]:
            mend = "in the group: ⋮ → Manage group → Reactions → All"
            what = f"the group does not allow the marks {' '.join(lacking)}"
            found.append(Finding(where, False, what, mend))
    return found


def _rights(where: str, standing: ChatMember, me: User, pins: bool) -> list[Finding]:
    if not isinstance(standing, ChatMemberAdministrator):
        blind = "" if me.can_read_all_group_messages else "; privacy mode hides replies from it"
        return [Finding(where, False, f"the bot is no administrator{blind}", _ADMIN)]
    return [
        Finding(where, True, f"{right} is granted")
        if getattr(standing, right, False)
        else Finding(where, False, f"{right} is missing: cannot {what}", f"{_ADMIN} → {label}")
        for right, label, what in (*RIGHTS, *((PINS,) if pins else ()))
    ]
