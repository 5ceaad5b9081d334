"""The HTTP side of the account: routes, credentials, and every resource that threadline uses."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from ..misbehave import Kind, MisbehavingServer, Misbehaviour
from .accepting import Rules, accept
from .errors import Refusal
from .life import Lives
from .spec import UPDATE, parameters
from .store import API_VERSION, Media, Number, Record, matches, page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AccountApi(MisbehavingServer):
    account_sid: str
    auth_token: str
    api_key: tuple[str, str]
    media_auth: bool
    numbers: dict[str, Number]
    records: dict[str, Record]
    violations: list[str]
    calls: list[tuple[str, dict[str, Any]]]
    rules: Rules
    lives: Lives

    def _routes(self) -> list[web.RouteDef]:
        account = f"/{API_VERSION}/Accounts/{{account}}"
        one = f"{account}/Messages/{{sid}}"
        calls: list[tuple[str, str, str, Handler]] = [
            ("send", "POST", f"{account}/Messages.json", self._send),
            ("list", "GET", f"{account}/Messages.json", self._list),
            ("get", "GET", f"{one}.json", self._get),
            ("update", "POST", f"{one}.json", self._update),
            ("delete", "DELETE", f"{one}.json", self._delete),
            ("media", "GET", f"{one}/Media.json", self._media_list),
            ("media", "GET", f"{one}/Media/{{media}}.json", self._media_one),
            ("account", "GET", f"{account}.json", self._account),
            ("numbers", "GET", f"{account}/IncomingPhoneNumbers.json", self._numbers),
        ]
        routes = [web.route(verb, path, self._guarded(handler)) for _, verb, path, handler in calls]
        self._names = {(verb, path): name for name, verb, path, _ in calls}
        self._names["GET", f"{one}/Media/{{media}}"] = "media"
        self._names["GET", "/storage/{media}"] = "storage"
        return [
            *routes,
            web.get(f"{one}/Media/{{media}}", self._media_redirect),
            web.get("/storage/{media}", self._storage),
            web.route("*", "/{path:.*}", self._nowhere),
        ]

    def _call_name(self, request: web.Request) -> str:
        resource = request.match_info.route.resource
        return self._names.get((request.method, resource.canonical if resource else ""), "?")

    def _fault_response(self, fault: Misbehaviour) -> web.Response:
        if fault.kind is Kind.RATE_LIMIT:
            return Refusal(20429).response(fault.seconds)
        return Refusal(20503 if fault.status == 503 else 20500, status=fault.status).response()

    def _guarded(self, handler: Handler) -> Handler:
        """Check who asks, note the call, and put refusals into words."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            name = self._call_name(request)
            try:
                self._authenticate(request)
                return await handler(request)
            except Refusal as refusal:
                if refusal.violation:
                    self.violations.append(f"{name}: {refusal.message}")
                return refusal.response()

        return guarded

    def _authenticate(self, request: web.Request) -> None:
        if not self._is_us(request):
            raise Refusal(20003)
        if request.match_info["account"] != self.account_sid:
            raise Refusal(20404)

    def _is_us(self, request: web.Request) -> bool:
        pairs = ((self.account_sid, self.auth_token), self.api_key)
        accepted = {base64.b64encode(":".join(pair).encode()).decode() for pair in pairs}
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "basic" and given in accepted

    async def _nowhere(self, request: web.Request) -> web.Response:
        self.violations.append(f"{request.method} {request.path}: no such resource")
        return Refusal(20404, request.path).response()

    # -- messages --------------------------------------------------------------------------------------

    async def _send(self, request: web.Request) -> web.Response:
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refusal(21604, f"not a form but {request.content_type}", violation=True)
        form = await request.post()
        self.calls.append(("send", {name: form.getall(name) for name in form}))
        record = accept(form, self.rules)  # type: ignore[arg-type]
        self.records[record.sid] = record
        answer = web.json_response(record.json(self.account_sid), status=201)
        if record.status != "scheduled":
            self.lives.begin(record)
        return answer

    async def _list(self, request: web.Request) -> web.Response:
        if unknown := set(request.query) - parameters("get"):
            raise Refusal(20001, ", ".join(sorted(unknown)), violation=True)
        self.calls.append(("list", dict(request.query)))
        found = [r for r in reversed(self.records.values()) if matches(request.query)(r)]
        newest_first = sorted(found, key=lambda r: r.created, reverse=True)
        shown = page(request.path, "messages", newest_first, request.query, lambda record: record.sid)
        shown["messages"] = [record.json(self.account_sid) for record in shown["messages"]]
        return web.json_response(shown)

    def _record(self, request: web.Request) -> Record:
        record = self.records.get(request.match_info["sid"])
        if record is None:
            raise Refusal(20404, request.path)
        return record

    async def _get(self, request: web.Request) -> web.Response:
        return web.json_response(self._record(request).json(self.account_sid))

    async def _update(self, request: web.Request) -> web.Response:
        """An empty body redacts; a scheduled (or still queued) message can be canceled."""
        record, form = self._record(request), await request.post()
        if unknown := set(form) - UPDATE:
            raise Refusal(20001, ", ".join(sorted(unknown)), violation=True)
        if "Body" in form:
            if form["Body"]:
                raise Refusal(20001, "Body can only be emptied", violation=True)
            record.body = ""
        if form.get("Status") == "canceled":
            if record.status not in ("scheduled", "accepted", "queued"):
                raise Refusal(30409)
            record.status = "canceled"
        return web.json_response(record.json(self.account_sid))

    async def _delete(self, request: web.Request) -> web.Response:
        del self.records[self._record(request).sid]
        return web.Response(status=204)

    # -- media -----------------------------------------------------------------------------------------

    def _media_json(self, record: Record, media: Media) -> dict[str, Any]:
        base = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{record.sid}/Media/{media.sid}"
        created = record.json(self.account_sid)["date_created"]
        return {
            "sid": media.sid,
            "account_sid": self.account_sid,
            "parent_sid": record.sid,
            "content_type": media.content_type,
            "date_created": created,
            "date_updated": created,
            "uri": f"{base}.json",
        }

    async def _media_list(self, request: web.Request) -> web.Response:
        record = self._record(request)
        shown = page(request.path, "media_list", record.media, request.query, lambda media: media.sid)
        shown["media_list"] = [self._media_json(record, media) for media in shown["media_list"]]
        return web.json_response(shown)

    def _media(self, request: web.Request) -> Media:
        wanted = request.match_info["media"]
        for media in (media for record in self.records.values() for media in record.media):
            if media.sid == wanted:
                return media
        raise Refusal(20404, request.path)

    async def _media_one(self, request: web.Request) -> web.Response:
        return web.json_response(self._media_json(self._record(request), self._media(request)))

    async def _media_redirect(self, request: web.Request) -> web.Response:
        """Storage is another host, as with Twilio, so credentials must stay behind."""
        if self.media_auth and not self._is_us(request):
            return Refusal(20003).response()
        try:
            media = self._media(request)
        except Refusal as refusal:
            return refusal.response()
        storage = f"http://localhost:{self.port}/storage/{media.sid}"
        return web.Response(status=307, headers={"Location": storage})

    async def _storage(self, request: web.Request) -> web.Response:
        if "Authorization" in request.headers:
            self.violations.append("storage: the Authorization header was sent on to another host")
            return web.Response(status=400, text="Only one auth mechanism allowed")
        try:
            media = self._media(request)
        except Refusal:
            return web.Response(status=404)
        return web.Response(body=media.content, headers={"Content-Type": media.content_type})

    # -- the account -----------------------------------------------------------------------------------

    async def _account(self, _request: web.Request) -> web.Response:
        shown = {
            "sid": self.account_sid,
            "friendly_name": "threadline tests",
            "status": "active",
            "type": "Full",
        }
        return web.json_response(shown | {"uri": f"/{API_VERSION}/Accounts/{self.account_sid}.json"})

    async def _numbers(self, request: web.Request) -> web.Response:
        asked = request.query.get("PhoneNumber")
        found = [number for number in self.numbers.values() if asked in (None, number.phone_number)]
        shown = page(request.path, "incoming_phone_numbers", found, request.query, lambda number: number.sid)
        shown["incoming_phone_numbers"] = [
            number.json(self.account_sid) for number in shown["incoming_phone_numbers"]
        ]
        return web.json_response(shown)
