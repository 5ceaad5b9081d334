"""Take the pictures. Needs Chromium and a font with emoji (Debian: fonts-noto-color-emoji)."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from playwright.async_api import Browser, async_playwright

import connectors.chat.slack.platform as slack_platform
import connectors.chat.telegram.platform as telegram_platform
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.desks import QUICK
from tests.e2e.house import World, a_world
from tests.pictures.scenes import OPTIONS, Scene, play_slack, play_telegram

HERE = Path(__file__).resolve().parents[2] / "docs" / "operators" / "pictures"


async def main(where: Path) -> None:
    """Play each desk's scenes in a world of its own and keep what they look like."""
    for module in (slack_platform, telegram_platform):
        traits = replace(module.Platform.traits, post_rate=QUICK, mark_rate=QUICK)
        module.Platform.traits = traits  # type: ignore[misc]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for play in (play_slack, play_telegram):
            await take(browser, play, where)
        await browser.close()


async def take(browser: Browser, play: Callable[[World], AsyncIterator[Scene]], where: Path) -> None:
    """Play one desk's scenes."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/threadline.db"
        async with a_world(Path(folder), url, **OPTIONS) as world, world.house():
            async for name, html in play(world):
                sheet = await browser.new_page(viewport={"width": 720, "height": 200})
                await sheet.set_content(html)
                await sheet.locator("body").screenshot(path=where / f"{name}.png")
                await sheet.close()
                print(name)


if __name__ == "__main__":
    for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        os.environ.pop(proxy, None)
    if not shutil.which("chromium") and not Path(CHROMIUM).exists():
        sys.exit("Chromium is not installed: tests/browser/need-chromium")
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE))
