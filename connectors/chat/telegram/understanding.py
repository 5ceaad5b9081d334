"""One update after another: whose desk it is, who may, and what it comes to."""

from collections.abc import Sequence

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, MessageReactionUpdated, Update

from bridge.errors import ConnectorError
from bridge.ports import House
from connectors.chat.telegram import reading
from connectors.chat.telegram.albums import Raw, chat_of
from connectors.chat.telegram.api import Api
from connectors.chat.telegram.members import Members
from connectors.chat.telegram.panels import Tokens
from connectors.chat.telegram.places import Places
from connectors.chat.telegram.trouble import Trouble
from connectors.chat.telegram.updates import NOTHING, Heard, Reader

_NO_ADMIN = "the bot is no administrator of the group of {desk}: it hears little and can make no topics"
_OUT = "the bot was removed from the group of {desk}: add it again, as an administrator"


class Understanding:
    """Turns updates into what the core understands, and keeps track of groups and members on the way."""

    def __init__(self, api: Api, places: Places, house: House, trouble: Trouble, tokens: Tokens) -> None:
        self._tokens = tokens
        self._api = api
        self._places = places
        self._house = house
        self._trouble = trouble
        self._members = Members(api)

    @property
    def _reader(self) -> Reader:
        house = self._house
        bot = (self._api.bot.username or "").lower()
        panels = house.panels
        typed, lines, offered = panels.typed, panels.lines, panels.commands()
        return Reader(bot, house.region, house.ids, house.now, self._tokens, typed, lines, offered)

    def concerns(self, update: Raw) -> bool:
        """Tell whether a new message was written on a desk."""
        chat = chat_of(update)
        return chat is not None and self._places.desk(chat) is not None

    def album(self, parts: Sequence[Raw]) -> Heard:
        """Understand the parts of an album as one message."""
        try:
            updates = [Update.de_json(dict(part), self._api.bot) for part in parts]
            found = (update.message for update in updates if update.message is not None)
            messages = sorted(found, key=lambda message: message.message_id)
            desk = self._places.desk(messages[0].chat.id)
            return self._reader.wrote(desk, messages) if desk else NOTHING
        except Exception as error:
            return self._not_understood(parts[0], error)

    async def update(self, update: Raw) -> Heard:
        """Understand an update. One that cannot be understood must not hold all later ones back for ever."""
        try:
            return await self._understand(Update.de_json(dict(update), self._api.bot))
        except ConnectorError:
            raise
        except Exception as error:
            return self._not_understood(update, error)

    def _not_understood(self, update: Raw, error: Exception) -> Heard:
        kind = next((name for name in update if name != "update_id"), "?")
        name = type(error).__name__
        number = update.get("update_id")
        self._house.log.error("telegram_update_not_understood", update=number, kind=kind, error=name)
        return NOTHING

    async def _understand(self, update: Update) -> Heard:
        chat = update.effective_chat
        desk = self._places.desk(chat.id) if chat else None
        if desk is None:
            return NOTHING
        version = str(update.update_id)
        if update.message is not None:
            if update.message.migrate_to_chat_id is not None:
                await self._places.move(desk, update.message.migrate_to_chat_id)
                return NOTHING
            return self._reader.wrote(desk, [update.message])
        if update.edited_message is not None:
            return self._reader.edited(desk, update.edited_message, version)
        if update.callback_query is not None:
            return await self._pressed(desk, update.callback_query)
        if update.message_reaction is not None:
            return await self._reacted(desk, update.message_reaction, version)
        if update.chat_member is not None:
            self._members.learn(update.chat_member.chat.id, update.chat_member.new_chat_member)
        if update.my_chat_member is not None:
            self._standing(desk, update.my_chat_member)
        return NOTHING

    async def _pressed(self, desk: str, query: CallbackQuery) -> Heard:
        author = await self._members.vouch(self._places.chat(desk), reading.person(query.from_user))
        return self._reader.pressed(desk, query, author)

    async def _reacted(self, desk: str, reaction: MessageReactionUpdated, version: str) -> Heard:
        if reaction.user is not None:
            author = await self._members.vouch(reaction.chat.id, reading.person(reaction.user))
        elif reaction.actor_chat is not None:
            author = reading.in_disguise(reaction.actor_chat)
        else:
            return NOTHING
        return self._reader.reacted(desk, reaction, author, version)

    def _standing(self, desk: str, change: ChatMemberUpdated) -> None:
        """Notice when the bot itself is removed or demoted."""
        status = change.new_chat_member.status
        if status == ChatMember.ADMINISTRATOR:
            self._trouble.clear(desk)
            return
        out = status in (ChatMember.LEFT, ChatMember.BANNED)
        self._trouble.set(desk, (_OUT if out else _NO_ADMIN).format(desk=desk))
