"""Panels for the page: what is shown, as JSON; who is meant, while somebody types."""

from collections.abc import Sequence

from aiohttp import web

from bridge.errors import ConnectorError
from bridge.model.nouns import Author
from bridge.model.panel import Field, Panel, Row
from bridge.ports import Asker, House, Member
from bridge.render import words
from connectors.chat.web.guard import Guard, Refused, answer
from connectors.chat.web.shown import Shown, button

DESK = "web"
PEOPLE = 8
MAX_VALUE = 300


def author(member: Member) -> Author:
    """Give a member of staff as the author of what they do."""
    return Author(member.id, member.name, role=member.role)


class PanelPages:
    """The routes that only read."""

    def __init__(self, house: House, guard: Guard) -> None:
        self._house = house
        self._guard = guard

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the routes."""
        staff = self._guard.staff
        return [
            web.get("/api/panels/{name}", staff(self.panel)),
            web.get("/api/people", staff(self.people)),
        ]

    async def panel(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Give a panel."""
        asker = Asker(
            DESK,
            author(member),
            request.query.get("thread", "")[:MAX_VALUE] or None,
            request.query.get("ref", "")[:MAX_VALUE] or None,
        )
        name, value = request.match_info["name"][:40], request.query.get("value", "")[:MAX_VALUE]
        try:
            return answer(panel(await self._house.panels.open(asker, name, value)))
        except ConnectorError as error:
            self._house.log.warning("web.panel_unread", panel=name, reason=error.reason)
            raise Refused(503, words.CANNOT_READ) from error

    async def people(self, request: web.Request, member: Member) -> web.StreamResponse:
        """Find people by a part of their name or number."""
        query = request.query.get("q", "").strip()[:MAX_VALUE]
        try:
            found = await self._house.panels.people(DESK, query, PEOPLE) if query else ()
        except ConnectorError as error:
            raise Refused(503, words.CANNOT_READ) from error
        return answer({"people": [{"address": one.address, "shown": one.shown} for one in found]})


def panel(p: Panel) -> Shown:
    """Show a panel."""
    return {
        "name": p.name,
        "title": p.title,
        "text": p.text,
        "rows": [_row(one) for one in p.rows],
        "fields": [_field(one) for one in p.fields],
        "submit": button(p.submit) if p.submit else None,
        "kept": dict(p.kept),
        "buttons": [button(one) for one in p.buttons],
    }


def _row(r: Row) -> Shown:
    return {
        "text": r.text,
        "detail": r.detail,
        "thread": r.thread,
        "buttons": [button(one) for one in r.buttons],
    }


def _field(f: Field) -> Shown:
    return {
        "name": f.name,
        "label": f.label,
        "kind": f.kind,
        "value": f.value,
        "options": [{"value": value, "label": label} for value, label in f.options],
        "hint": f.hint,
        "optional": f.optional,
        "max_length": f.max_length,
    }
