"""The HTTP side: routes, the four encodings, tokens, and what goes wrong on order."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from . import api_chat, api_conversations, api_files, api_people, api_views, response_url
from .core import Call, Core
from .errors import SlackError, bad_arguments
from .faults import Drop, Fault, HalfAnswer, Html, HttpError, RateLimited, Refuse, Stall
from .registry import METHODS, Answer
from .schema import Args, Method, check_arguments, load_methods

API_MODULES = (api_chat, api_conversations, api_files, api_people, api_views)
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>"
MAX_BODY = 200 * 1024 * 1024
BURST = 4.0


class Server:
    """Listens on 127.0.0.1 and can be stopped and started again on the same port."""

    def __init__(self, core: Core, port: int) -> None:
        self.core = core
        self.port = port
        self.enforce_rate = False
        self.documented = load_methods()
        self._runner: web.AppRunner | None = None
        self._buckets: dict[str, tuple[float, float]] = {}

    async def start(self) -> None:
        """Listen; the first time on a free port unless one was given."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files-pri/{file}/{tail:.*}", self._download)
        app.router.add_post("/response/{key}", self._response)
        app.router.add_get("/socket/{ticket}", self.core.courier.endpoint.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.core.base_url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        """Refuse connections and break the open ones; everything stored stays."""
        if self._runner is not None:
            self.core.courier.endpoint.cut()
            await self._runner.cleanup()
            self._runner = None

    # -- Web API -------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call = Call(name, {})
        self.core.calls.append(call)
        try:
            args, token_in_body = await _arguments(request)
        except ValueError:
            return _json(self._refused(call, SlackError("invalid_json", violation=True)))
        call.args = dict(args)
        channel = args.get("channel") or args.get("channel_id")
        fault = self.core.fault_for(name, channel if isinstance(channel, str) else None)
        response = await _respond(request, fault, lambda: self._answer(request, call, args, token_in_body))
        if not response.prepared:
            response.headers["x-oauth-scopes"] = ",".join(sorted(self.core.installation.scopes))
        return response

    def _answer(self, request: web.Request, call: Call, args: Args, token_in_body: str) -> web.Response:
        """Carry out one call; every refusal becomes an answer."""
        try:
            result = self._carry_out(request, call.method, args, token_in_body)
        except SlackError as error:
            refusal = self._refused(call, error)
            return _too_many(1) if error.code == "ratelimited" else _json(refusal)
        call.result = "ok"
        self.core.touch()
        return _json({"ok": True, **result})

    def _refused(self, call: Call, error: SlackError) -> Answer:
        call.result = error.code
        if error.violation:
            details = "; ".join(error.details)
            self.core.violations.append(f"{call.method}: {error.code} {details}".strip())
        self.core.touch()
        return error.answer()

    def _carry_out(self, request: web.Request, name: str, args: Args, token_in_body: str) -> Answer:
        documented, handler = self.documented.get(name), METHODS.get(name)
        if documented is None or handler is None:
            raise SlackError("unknown_method", violation=True, req_method=name)
        self._authorize(request, documented, token_in_body)
        check_arguments(documented, args)
        if name == "chat.postMessage" and self.enforce_rate:
            self._spend_budget(args.text("channel"))
        return handler(self.core, args)

    def _authorize(self, request: web.Request, documented: Method, token_in_body: str) -> None:
        """Check the token; the one for sockets is accepted in the Authorization header only."""
        core = self.core
        header = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        wants_app = documented.name == "apps.connections.open"
        if wants_app and token_in_body:
            raise bad_arguments("the app token belongs in the Authorization header")
        token = header or token_in_body
        if not token:
            raise SlackError("not_authed")
        if token not in (core.bot_token, core.app_token):
            raise SlackError("invalid_auth")
        if (token == core.app_token) != wants_app:
            raise SlackError("not_allowed_token_type", violation=True)
        if core.token_error:
            raise SlackError(core.token_error)
        scopes = core.installation.scopes
        if documented.scopes and not documented.scopes & scopes:
            needed = ",".join(sorted(documented.scopes))
            raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(scopes)))

    def _spend_budget(self, channel: str) -> None:
        """Allow one message a second and channel, with a burst of four."""
        now = time.monotonic()
        tokens, since = self._buckets.get(channel, (BURST, now))
        tokens = min(BURST, tokens + now - since)
        enough = tokens >= 1
        self._buckets[channel] = (tokens - enough, now)
        if not enough:
            raise SlackError("ratelimited")

    # -- files and response_urls ---------------------------------------------------------------------------

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await _content(request)

        def store() -> web.Response:
            problem = api_files.receive(self.core, request.match_info["file"], content)
            if problem:
                return web.Response(status=400, text=problem)
            return web.Response(text=f"OK - {len(content)}")

        return await _respond(request, self.core.fault_for("files.upload", None), store)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Serve a file; without the right token Slack shows a login page, with status 200."""
        core = self.core

        def serve() -> web.Response:
            file = core.world.files.get(request.match_info["file"].partition("-")[2])
            allowed = request.headers.get("Authorization") == f"Bearer {core.bot_token}"
            if not allowed or core.token_error or "files:read" not in core.installation.scopes:
                return _login_page()
            if file is None or file.content is None or file.tombstone:
                return web.Response(status=404)
            return web.Response(body=file.content, headers={"Content-Type": file.mimetype})

        return await _respond(request, core.fault_for("files.download", None), serve)

    async def _response(self, request: web.Request) -> web.StreamResponse:
        """Take what is posted to a response_url."""
        body = Args(json.loads(await request.read() or b"{}"))
        call = Call("response_url", dict(body))
        self.core.calls.append(call)

        def act() -> web.Response:
            try:
                response_url.use(self.core, request.match_info["key"], body)
            except SlackError as error:
                return _json(self._refused(call, error), status=404)
            call.result = "ok"
            self.core.touch()
            return _json({"ok": True})

        return await _respond(request, self.core.fault_for("response_url", None), act)


# -- requests ----------------------------------------------------------------------------------------------


async def _arguments(request: web.Request) -> tuple[Args, str]:
    """Read JSON, a form, or the query string; a token among the arguments is set apart."""
    args = Args(request.query)
    if request.content_type == "application/json":
        decoded = json.loads(await request.read() or b"{}")
        if not isinstance(decoded, dict):
            raise ValueError("the body is no JSON object")
        args.update({key: value for key, value in decoded.items() if value is not None})
    elif request.method == "POST":
        form: Mapping[str, Any] = await request.post()
        args.update(form)
    return args, str(args.pop("token", ""))


async def _content(request: web.Request) -> bytes:
    """Return the bytes of an upload, raw or as the one part of a multipart form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


# -- answers, good and bad ---------------------------------------------------------------------------------


async def _respond(
    request: web.Request, fault: Fault | None, act: Callable[[], web.Response]
) -> web.StreamResponse:
    """Answer, or spoil the answer as ordered: before the call takes effect or after."""
    if fault is None:
        return act()
    if isinstance(fault, Stall):
        answer = act() if fault.after_storing else None
        await (fault.until.wait() if fault.until else asyncio.sleep(fault.seconds))
        return answer or act()
    stored = act() if fault.after_storing and not isinstance(fault, RateLimited) else None
    return await _spoil(request, fault, stored or web.Response(text="nothing"))


async def _spoil(request: web.Request, fault: Fault, answer: web.Response) -> web.StreamResponse:
    match fault:
        case Drop():
            if request.transport is not None:
                request.transport.abort()
            return answer
        case HttpError():
            return web.Response(status=fault.status, text="upstream error")
        case Html():
            return _login_page()
        case Refuse():
            return _json({"ok": False, "error": fault.error})
        case RateLimited():
            return _too_many(fault.retry_after)
        case HalfAnswer():
            return await _half(request, answer)
        case _:
            raise TypeError(fault)


async def _half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    body = answer.body if isinstance(answer.body, bytes) else b""
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(body))}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _json(answer: Answer, status: int = 200) -> web.Response:
    return web.json_response(answer, status=status)


def _too_many(retry_after: int) -> web.Response:
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(retry_after)})


def _login_page() -> web.Response:
    return web.Response(text=LOGIN_PAGE, content_type="text/html")
