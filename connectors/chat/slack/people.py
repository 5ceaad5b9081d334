"""Names of people, channels and user groups, fetched when first met and kept for a while.

profile.display_name, else profile.real_name, else name: as Slack itself shows people
(docs.slack.dev/reference/objects/user-object). A name must never hold up an acknowledgement, which is
due within three seconds: what cannot be had in time is worded around.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, Literal

from bridge.errors import ConnectorError
from bridge.model.nouns import Author
from connectors.chat.slack.api import Api
from connectors.chat.slack.text_in import Kind, Named

KEPT: Final = 3600.0  # seconds; user_change tells of people sooner
PATIENCE: Final = 1.5
TRIED: Final = 20.0  # how long what could not be fetched is not asked for again
_MOST: Final = 5_000
_UNKNOWN = {"user": "colleague", "usergroup": "colleagues", "channel": "channel"}

Standing = Literal["member", "stranger", "anonymous", "bot"]


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    at: float
    standing: Standing = "member"


@dataclass(frozen=True, slots=True)
class _Fetch:
    task: asyncio.Task[None]
    began: float  # monotonic


MEMBERS_KEPT: Final = 60.0  # seconds


class People:
    """The names of one workspace. `team` and `enterprise` are ours, set at sign-in."""

    def __init__(self, api: Api, now: Callable[[], float]) -> None:
        """Knows nobody yet."""
        self._api = api
        self._now = now
        self._known: dict[Named, _Known] = {}
        self._tried: dict[Named, float] = {}
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._under_way: dict[Named, _Fetch] = {}
        self.team = ""
        self.enterprise = ""

    def name(self, named: Named) -> str:
        """Give a name that was learned, or a word for it."""
        known = self._known.get(named)
        return known.name if known else _UNKNOWN[named[0]]

    async def learn(self, wanted: Iterable[Named]) -> None:
        """Fetch the names that are not known or old, all at once, and wait for them within the time there is.

        Events come side by side: who needs a name that is being fetched already waits for that, but no name
        is waited for longer than once.
        """
        needed, now = set(wanted), self._now()
        for named in needed:
            if named not in self._under_way and self._is_missing(named, now):
                self._tried[named] = now
                self._under_way[named] = _Fetch(asyncio.create_task(self._fetch(named)), monotonic())
        fetches = [self._under_way[named] for named in needed if named in self._under_way]
        patience = max((one.began for one in fetches), default=0.0) + PATIENCE - monotonic()
        if fetches and patience > 0:
            await asyncio.wait({one.task for one in fetches}, timeout=patience)

    def _is_missing(self, named: Named, now: float) -> bool:
        known = self._known.get(named)
        is_old = known is None or known.at < now - KEPT
        return is_old and self._tried.get(named, 0.0) < now - TRIED

    async def author(self, user: str, teams: Iterable[object] = (), shown: str = "") -> Author:
        """Give who did something; teams: those the event names, shown: the name it carries, if any."""
        await self.learn([("user", user)])
        known = self._known.get(("user", user))
        if known:
            return Author(user, known.name, known.standing)
        foreign = any(team and team != self.team for team in teams)
        return Author(user, shown or user, "stranger" if foreign and not self.enterprise else "member")

    async def is_in(self, channel: str, user: str) -> bool:
        """Say whether somebody is in a channel: what it holds is shown to nobody else.

        Asked once a minute. Raises what the call raises.
        """
        at, members = self._members.get(channel, (-MEMBERS_KEPT, frozenset[str]()))
        if user in members and at > self._now() - MEMBERS_KEPT:
            return True
        found: set[str] = set()
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            call = self._api.client.conversations_members(channel=channel, limit=1000, **more)
            answer = await self._api.ask(call)
            found.update(str(one) for one in answer.get("members") or ())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor or len(found) >= _MOST:
                break
        self._members[channel] = (self._now(), frozenset(found))
        return user in found

    def changed(self, user: Mapping[str, Any]) -> None:
        """Take note of a user object, from users.info or a user_change event."""
        profile = user.get("profile") or {}
        shown = (
            profile.get("display_name"),
            profile.get("real_name"),
            user.get("real_name"),
            user.get("name"),
        )
        name = next((name for name in shown if name), None)
        if user.get("id") and name:
            self._keep(("user", str(user["id"])), _Known(str(name), self._now(), self._standing(user)))

    def _standing(self, user: Mapping[str, Any]) -> Standing:
        """Strangers come through Slack Connect: they belong to another team."""
        if user.get("is_bot"):
            return "bot"
        enterprise = (user.get("enterprise_user") or {}).get("enterprise_id")
        at_home = user.get("team_id") in (None, self.team) or (enterprise and enterprise == self.enterprise)
        return "stranger" if user.get("is_stranger") or not at_home else "member"

    def _keep(self, named: Named, known: _Known) -> None:
        if len(self._known) >= _MOST:
            self._known.clear()
            self._tried.clear()
        self._known[named] = known

    async def _fetch(self, named: Named) -> None:
        try:
            with contextlib.suppress(ConnectorError):
                await self._ask_for(*named)
        finally:
            del self._under_way[named]

    async def _ask_for(self, kind: Kind, identity: str) -> None:
        client = self._api.client
        if kind == "user":
            self.changed((await self._api.ask(client.users_info(user=identity))).get("user") or {})
        elif kind == "channel":
            answer = await self._api.ask(client.conversations_info(channel=identity))
            self._named("channel", answer.get("channel") or {}, "name")
        else:
            answer = await self._api.ask(client.usergroups_list())
            for group in answer.get("usergroups") or ():
                self._named("usergroup", group, "handle")

    def _named(self, kind: Kind, thing: Mapping[str, Any], field: str) -> None:
        if thing.get("id") and thing.get(field):
            self._keep((kind, str(thing["id"])), _Known(str(thing[field]), self._now()))
