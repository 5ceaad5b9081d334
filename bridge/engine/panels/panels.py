"""Which panel is which, and what forms and commands mean (bridge.ports.Panels)."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy.exc import SQLAlchemyError

from bridge.decide import checking, rights
from bridge.engine.panels import (
    campaigns,
    conversations,
    forms,
    keeping,
    paging,
    polls,
    subscribers,
    templates,
)
from bridge.engine.panels.reading import Reading
from bridge.engine.world import Worlds
from bridge.errors import Unreachable
from bridge.model.address import show
from bridge.model.panel import Panel, Typed
from bridge.ports import Asker, Person
from bridge.render import commands, words
from bridge.store import desk as store_desk
from bridge.store.store import Store

Maker = Callable[[Reading, Asker, str], Awaitable[Panel]]

MAKERS: Mapping[str, Maker] = {
    "help": keeping.help_,
    "new": conversations.new,
    "inbox": conversations.inbox,
    "find": conversations.find,
    "contact": conversations.contact,
    "message": conversations.message,
    "consent": conversations.consent,
    "templates": templates.all_,
    "edit_template": templates.edit,
    "pick": templates.pick,
    "use": templates.use,
    "keywords": subscribers.keywords,
    "edit_keyword": subscribers.edit_keyword,
    "lists": subscribers.lists,
    "edit_list": subscribers.edit_list,
    "join": subscribers.join,
    "forms": forms.all_,
    "edit_form": forms.edit,
    "send_form": forms.send,
    "results": forms.results,
    "filling": forms.filling,
    "polls": polls.all_,
    "poll": polls.one,
    "edit_poll": polls.edit,
    "unclear": polls.unclear,
    "assign": polls.assign,
    "campaigns": campaigns.all_,
    "campaign": campaigns.one,
    "edit_campaign": campaigns.edit,
    "test_campaign": campaigns.test,
    "settings": keeping.settings,
    "setting": keeping.setting,
    "changes": keeping.changes,
    "notify": keeping.notify,
    "roles": keeping.roles,
    "usage": keeping.usage,
}


class Panels:
    """Fills bridge.ports.Panels."""

    def __init__(self, store: Store, worlds: Worlds, now: Callable[[], float]) -> None:
        self._store = store
        self._worlds = worlds
        self._now = now

    async def open(self, asker: Asker, name: str, value: str = "") -> Panel:
        """Give a panel. Raises Unreachable while the store does not answer."""
        if asker.person.standing != "member":
            return Panel(name, words.NOT_FOR_YOU, words.NOT_A_MEMBER_PRESS["stranger"])
        maker = MAKERS.get(name)
        if maker is None:
            return Panel(name, words.NOTHING_HERE, words.STALE)
        try:
            world = await self._worlds.refresh()
            value, page = paging.asked(value)
            whole = await maker(Reading(self._store.engine, world, self._now()), asker, value)
            return paging.page(whole, value, page)
        except (SQLAlchemyError, OSError) as error:
            raise Unreachable("the store does not answer just now") from error

    async def problems(self, asker: Asker, action: str, form: Mapping[str, str]) -> Mapping[str, str]:
        """Say what is wrong with a form, by field; as things stood a moment ago where the store is away."""
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self._worlds.refresh()
        world = self._worlds.now
        if not rights.may(world, asker.desk, asker.person, action):
            first = next(iter(form), "name")
            return {first: words.NOT_AN_ADMIN.format(admins=words.NO_ADMIN_KNOWN)}
        return checking.problems(world, asker.desk, action, form)

    def typed(self, asker: Asker, word: str, rest: str) -> Typed:
        """Say what a command means."""
        return commands.understand(word, rest, asker.thread is not None)

    def commands(self) -> Sequence[tuple[str, str, str]]:
        """Give word, usage and meaning of every command."""
        return [(one.word, one.usage, one.meaning) for one in commands.COMMANDS]

    def lines(self, desk: str) -> Sequence[tuple[str, str]]:
        """Give name and number of every line of a desk."""
        world = self._worlds.now
        region = world.organisation.region
        return [(one.name, show(one.number, region)) for one in world.lines.values() if desk in one.desks]

    async def people(self, desk: str, query: str, limit: int) -> Sequence[Person]:
        """Find contacts by part of a name or number."""
        region = self._worlds.now.organisation.region
        try:
            found = await store_desk.people(self._store.engine, query, region, limit)
        except (SQLAlchemyError, OSError) as error:
            raise Unreachable("the store does not answer just now") from error
        return [
            Person(address, f"{name} {show(address, region)}" if name else show(address, region))
            for address, name in found
        ]
