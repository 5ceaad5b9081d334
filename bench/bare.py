"""The yardstick: a bare aiohttp handler that checks the same signature and does nothing else."""

import base64
import hashlib
import hmac
import sys
from urllib.parse import parse_qsl

from aiohttp import web

from bench.webhooks import PUBLIC_URL, TOKEN


async def hook(request: web.Request) -> web.Response:
    """Answer a webhook that is signed."""
    form = await signed_form(request)
    if form is None:
        return web.Response(status=403)
    return web.Response(text="<Response/>", content_type="text/xml")


async def signed_form(request: web.Request) -> list[tuple[str, str]] | None:
    """Read a webhook; None where its signature is wrong."""
    return checked(request.raw_path, await request.read(), request.headers.get("X-Twilio-Signature", ""))


def checked(path: str, body: bytes, signature: str) -> list[tuple[str, str]] | None:
    """Give the form of a signed body; None where the signature is wrong."""
    form = parse_qsl(body.decode(), keep_blank_values=True)
    signed = PUBLIC_URL + path + "".join(name + value for name, value in sorted(form))
    mac = base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return form if hmac.compare_digest(mac, signature) else None


def main() -> None:
    """Listen on 127.0.0.1 at the port that is given."""
    app = web.Application()
    app.router.add_post("/hooks/main", hook)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
