"""Who belongs to a desk. In a public group strangers see the buttons, and may press them."""

from telegram import ChatMember, ChatMemberRestricted

from bridge.errors import Rejected, Unusable
from bridge.model.nouns import Author
from connectors.chat.telegram.api import Api

_OUT = (ChatMember.LEFT, ChatMember.BANNED)


class Members:
    """Asks once a person, and then follows chat_member updates."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._inside: dict[tuple[int, int], bool] = {}

    def learn(self, chat: int, member: ChatMember) -> None:
        """Note what Telegram says of somebody."""
        held = isinstance(member, ChatMemberRestricted) and not member.is_member
        self._inside[chat, member.user.id] = member.status not in _OUT and not held

    async def vouch(self, chat: int, author: Author) -> Author:
        """Give the author, as a stranger where they do not belong to the group.

        Raises Unreachable or Throttled when Telegram cannot be asked: what they did is heard again then.
        A bot that is no administrator may not ask (Bot API, getChatMember); such a group lets nobody down.
        """
        if author.standing != "member":
            return author
        who = (chat, int(author.id))
        if who not in self._inside:
            try:
                self.learn(chat, await self._api.ask(self._api.bot.get_chat_member(*who)))
            except Unusable:
                return author
            except Rejected as refusal:  # "user not found", "PARTICIPANT_ID_INVALID"
                if "user" not in refusal.reason and "participant" not in refusal.reason:
                    return author
                self._inside[who] = False
        return author if self._inside[who] else Author(author.id, author.name, "stranger")
