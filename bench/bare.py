"""The yardstick: a bare aiohttp handler that checks the same signature and does nothing else."""

import base64
import hashlib
import hmac
import sys
from urllib.parse import parse_qsl

from aiohttp import web

PUBLIC_URL, TOKEN = "https://sms.example.org", "t" * 32


async def hook(request: web.Request) -> web.Response:
    """Answer a webhook that is signed."""
    form = parse_qsl((await request.read()).decode(), keep_blank_values=True)
    signed = PUBLIC_URL + request.raw_path + "".join(name + value for name, value in sorted(form))
    mac = base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    if not hmac.compare_digest(mac, request.headers.get("X-Twilio-Signature", "")):
        return web.Response(status=403)
    return web.Response(text="<Response/>", content_type="text/xml")


def main() -> None:
    """Listen on 127.0.0.1 at the port that is given."""
    app = web.Application()
    app.router.add_post("/hooks/main", hook)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
