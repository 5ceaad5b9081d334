"""Serve the web inbox on the fake house: python -m tests.browser.serve [--port N] [--no-phone] [--many N]."""

import argparse

from aiohttp import web

from connectors.chat.web import Config, DeskConfig, Platform
from tests.browser.fake_house import FakeHouse
from tests.browser.people import people


def application(fake: FakeHouse, *, phone: bool = True, public_url: str = "") -> web.Application:
    """Make the application that a daemon would make, with nothing but the web inbox in it."""
    platform = Platform(Config(), {"web": DeskConfig()}, fake.house(phone=phone, public_url=public_url))
    app = web.Application()
    app.add_routes(platform.routes())

    async def close(_: web.Application) -> None:
        await platform.stop()
        fake.close()

    app.on_shutdown.append(close)
    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--no-phone", action="store_true")
    parser.add_argument("--many", type=int, default=0)
    asked = parser.parse_args()
    house = FakeHouse()
    people(house, asked.many)
    house.tokens |= {f"token{n}" for n in range(100)}
    app = application(house, phone=not asked.no_phone)
    web.run_app(app, host="127.0.0.1", port=asked.port, shutdown_timeout=1)
