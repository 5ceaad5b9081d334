"""What a browser opens: the inbox, the way in, and the files that both are made of."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bridge.ports import House
from connectors.chat.web.guard import Guard
from connectors.chat.web.limits import Tries, place

_PACKAGE = "connectors.chat.web"
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    content_type: str
    data: bytes
    packed: bytes


class Pages:
    """The routes of pages."""

    def __init__(self, house: House, guard: Guard) -> None:
        self._house = house
        self._guard = guard
        self._tries = Tries(house.now)
        self._assets = _load()
        self._version = _version(self._assets)
        self._templates = Environment(
            loader=PackageLoader(_PACKAGE, "templates"), autoescape=True, undefined=StrictUndefined
        )

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """Give the routes."""
        open_ = self._guard.open
        return [
            web.get("/", open_(self.inbox)),
            web.get("/signin", open_(self.ask)),
            web.post("/signin", open_(self.sign_in)),
            web.post("/signout", open_(self.sign_out)),
            web.get("/static/{version}/{name}", open_(self.static)),
            web.get("/favicon.ico", open_(self.favicon)),
        ]

    async def inbox(self, request: web.Request) -> web.StreamResponse:
        """Give the inbox to whoever is signed in; to others, the way in."""
        member = await self._guard.who(request)
        if member is None:
            return self._page("welcome.html", 401)
        return self._page("inbox.html", member=member, phone=self._house.carrier is not None)

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """Show a button for a one-time link. Only the button spends the token: previews of links cannot."""
        token = request.query.get("token", "")
        if not token:
            return self._page("welcome.html", 401)
        return self._page("signin.html", token=token[:256], at_once=self._only_simulated())

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Trade a one-time token for a session."""
        where = place(request)
        if not self._tries.left(where):
            self._house.log.warning("web.too_many_tries", where=where)
            return self._page("failed.html", 429, why="Too many tries. Please wait ten minutes.")
        token = str((await request.post()).get("token", ""))
        session = await self._house.accounts.redeem(token) if 0 < len(token) <= 256 else None
        if session is None:
            self._tries.wrong(where)
            self._house.log.warning("web.sign_in_refused", where=where)
            return self._page("failed.html", 403, why="This link was used before, or is too old.")
        response = web.Response(status=303, headers={"Location": "/"})
        self._guard.admit(response, session)
        return response

    async def sign_out(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        session = self._guard.session(request)
        if session:
            await self._house.accounts.sign_out(session)
        response = web.Response(status=303, headers={"Location": "/"})
        self._guard.dismiss(response)
        return response

    async def static(self, request: web.Request) -> web.StreamResponse:
        """Give a file of ours; under its version's address it never changes."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            return web.Response(status=404)
        current = request.match_info["version"] == self._version
        headers = {
            "Content-Type": asset.content_type,
            "Cache-Control": _FOREVER if current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=asset.data, headers=headers)

    async def favicon(self, request: web.Request) -> web.StreamResponse:
        """Some browsers ask here by themselves."""
        location = f"/static/{self._version}/favicon.svg"
        return web.Response(status=302, headers={"Location": location})

    def _only_simulated(self) -> bool:
        carrier = self._house.carrier
        return carrier is not None and {name for name, _ in carrier.lines()} >= set(self._house.lines)

    def _page(self, template: str, status: int = 200, **names: object) -> web.Response:
        text = self._templates.get_template(template).render(
            static=f"/static/{self._version}", organisation=self._house.organisation, **names
        )
        return web.Response(status=status, text=text, content_type="text/html")


def _load() -> dict[str, _Asset]:
    assets = {}
    for file in resources.files(_PACKAGE).joinpath("static").iterdir():
        content_type = _TYPES.get(file.name.rpartition(".")[2])
        if content_type:
            data = file.read_bytes()
            assets[file.name] = _Asset(content_type, data, gzip.compress(data, mtime=0))
    return assets


def _version(assets: dict[str, _Asset]) -> str:
    digest = hashlib.sha256()
    for name in sorted(assets):
        digest.update(name.encode() + b"\0" + assets[name].data)
    return digest.hexdigest()[:16]
