"""What a slow disk is compared with: the bare handler, with one commit a request.

python -m bench.one_commit PORT FILE
"""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from bench.bare import signed_form


class Handler:
    """Commits each text on a thread before it answers."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, initializer=self._open)

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS texts (sid TEXT PRIMARY KEY, sender TEXT, body TEXT)"
        )

    def _commit(self, form: dict[str, str]) -> None:
        values = (form["MessageSid"], form["From"], form["Body"])
        self._connection.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", values)

    async def __call__(self, request: web.Request) -> web.Response:
        form = await signed_form(request)
        if form is None:
            return web.Response(status=403)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, dict(form))
        return web.Response(text="<Response/>", content_type="text/xml")


def main() -> None:
    """Listen on 127.0.0.1."""
    app = web.Application()
    app.router.add_post("/hooks/main", Handler(sys.argv[2]))
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
