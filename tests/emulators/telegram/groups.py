"""Who is there: people, groups, their topics and members, and the bot's standing among them."""

from __future__ import annotations

import itertools
from typing import Any

from .state import ADMIN_RIGHTS, Chat, Message, Person, Topic
from .world import World

TopicLike = Topic | int | str | None


class Groups:
    """People and chats may be given as objects, names or ids."""

    world: World
    group: Chat

    def __init__(self) -> None:
        self._person_ids = itertools.count(5_000_001)
        self._group_ids = itertools.count(1_001)

    # -- who and where ---------------------------------------------------------------------------------

    def add_person(
        self, first_name: str, username: str | None = None, last_name: str | None = None
    ) -> Person:
        person = Person(next(self._person_ids), first_name, last_name, username)
        self.world.people[person.id] = person
        return person

    def person(self, who: Person | str | int) -> Person:
        """The person meant; a name not heard before is somebody new."""
        if isinstance(who, Person):
            return who
        if isinstance(who, int):
            return self.world.people[who]
        known = [one for one in self.world.people.values() if who in (one.first_name, one.name)]
        return known[0] if known else self.add_person(who)

    def add_group(
        self, title: str = "Support", *, forum: bool = True, basic: bool = False, chat_id: int | None = None
    ) -> Chat:
        """A group with the bot as administrator; `basic` makes one that can still be upgraded."""
        number = next(self._group_ids)
        default = -number if basic else -1_001_000_000_000 - number
        chat = Chat(chat_id or default, title, "group" if basic else "supergroup", forum and not basic)
        self.world.chats[chat.id] = chat
        return chat

    def private(self, who: Person | str) -> Chat:
        """The private chat with a person, started by them (a bot cannot start one)."""
        person = self.person(who)
        return self.world.chats.setdefault(person.id, Chat(person.id, person.first_name, "private"))

    def chat(self, which: Chat | int) -> Chat:
        return which if isinstance(which, Chat) else self.world.chats[which]

    @staticmethod
    def topic(chat: Chat, which: TopicLike) -> int | None:
        """The id of a topic given as object, id or name; None is General."""
        if isinstance(which, str):
            return chat.topic_named(which).id
        found = which.id if isinstance(which, Topic) else which
        if found is not None and found not in chat.topics:
            raise LookupError(f"no topic {found} in {chat.title}; there are {sorted(chat.topics)}")
        return found

    @staticmethod
    def _message(chat: Chat, which: Message | int) -> Message:
        return which if isinstance(which, Message) else chat.messages[which]

    # -- topics and groups -----------------------------------------------------------------------------

    async def create_topic(self, user: Person | str, chat: Chat | int, name: str) -> Topic:
        return self.world.open_topic(self.chat(chat), self.person(user), name, 7322096)

    async def rename_topic(self, user: Person | str, chat: Chat | int, topic: TopicLike, name: str) -> None:
        place = self.chat(chat)
        found = place.topics[self.topic(place, topic) or 0]
        found.name = name
        self.world.service(place, self.person(user), {"forum_topic_edited": {"name": name}}, found.id)

    async def close_topic(
        self, user: Person | str, chat: Chat | int, topic: TopicLike, *, closed: bool = True
    ) -> None:
        place = self.chat(chat)
        found = place.topics[self.topic(place, topic) or 0]
        found.closed = closed
        kind = "forum_topic_closed" if closed else "forum_topic_reopened"
        self.world.service(place, self.person(user), {kind: {}}, found.id)

    async def delete_topic(self, chat: Chat | int, topic: TopicLike) -> None:
        """Delete a topic by hand: no update tells the bot; its next message there is refused."""
        place = self.chat(chat)
        self.world.drop_topic(place, self.topic(place, topic) or 0)

    async def join(self, user: Person | str, chat: Chat | int, *, admin: bool = False) -> Person:
        place, person = self.chat(chat), self.person(user)
        before = self.world.member(place, person)
        place.members[person.id] = person
        if admin:
            place.admins.add(person.id)
        self._member_changed("chat_member", place, person, before, self.world.member(place, person))
        self.world.service(place, person, {"new_chat_members": [person.json()]})
        return person

    async def leave(self, user: Person | str, chat: Chat | int) -> None:
        place, person = self.chat(chat), self.person(user)
        before = self.world.member(place, person)
        place.members.pop(person.id, None)
        place.admins.discard(person.id)
        self._member_changed("chat_member", place, person, before, self.world.member(place, person))
        self.world.service(place, person, {"left_chat_member": person.json()})

    async def set_bot(self, chat: Chat | int, status: str = "administrator", **rights: bool) -> None:
        """Change the bot's standing ("administrator", "member", "kicked", "left") or single rights."""
        if unknown := rights.keys() - set(ADMIN_RIGHTS):
            raise ValueError(f"unknown rights: {unknown}")
        place = self.chat(chat)
        before = self.world.bot_member(place)
        place.bot_status = status
        place.bot_rights |= rights
        self._member_changed("my_chat_member", place, self._somebody(), before, self.world.bot_member(place))

    async def kick_bot(self, chat: Chat | int) -> None:
        await self.set_bot(chat, "kicked")

    def _somebody(self) -> Person:
        return self.person("Owner")

    def _member_changed(
        self, kind: str, chat: Chat, actor: Person, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        payload = {"chat": chat.json(), "from": actor.json(), "date": self.world.now()}
        self.world.updates.push(
            kind, payload | {"old_chat_member": before, "new_chat_member": after}, chat.id
        )

    async def migrate(self, chat: Chat | int, new: int | None = None, *, forum: bool = True) -> Chat:
        """Upgrade a group: it gets a new id, and the old one answers with `migrate_to_chat_id`."""
        old = self.chat(chat)
        upgraded = self.add_group(old.title, forum=forum, chat_id=new)
        upgraded.members, upgraded.admins = dict(old.members), set(old.admins)
        owner = self._somebody()
        self.world.service(old, owner, {"migrate_to_chat_id": upgraded.id})
        old.upgraded_to = upgraded.id
        self.world.service(upgraded, owner, {"migrate_from_chat_id": old.id})
        if self.group is old:
            self.group = upgraded
        return upgraded
