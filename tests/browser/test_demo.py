"""The demo as a stranger meets it: `threadline demo`, a browser, a text from the phone, an answer."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHOTS = Path(os.environ.get("SCREENSHOTS", ""))  # where to keep pictures, for people to look at


@dataclass
class Demo:
    """A running demo and a page that is signed in to it."""

    page: Page
    wrong: list[str]

    async def text(self, words: str) -> None:
        """Text the number from the phone on the page."""
        await self.page.locator("#phone-words").fill(words)
        await self.page.get_by_label("Send from the phone").click()

    async def reply(self, words: str) -> None:
        """Answer in the conversation that is open."""
        await self.page.locator("#words").fill(words)
        await self.page.locator("#words").press("Enter")

    async def open(self, words: str) -> None:
        """Open the conversation whose last text is this."""
        await self.page.locator("#list").get_by_text(words).first.click()
        await expect(self.page.locator("#thread")).to_contain_text(words)

    async def picture(self, name: str) -> None:
        """Keep a picture of the page where somebody wants to look at it."""
        if "SCREENSHOTS" in os.environ:
            await self.page.screenshot(path=SHOTS / f"{name}.png")


@pytest_asyncio.fixture(loop_scope="session")
async def demo(browser: Browser, tmp_path: Path) -> AsyncIterator[Demo]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bridge", "demo", "--port", "0", "--data", str(tmp_path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    address = None
    async with asyncio.timeout(30):
        while address is None:
            address = re.search(r"http://\S+", (await process.stdout.readline()).decode())
    page = await browser.new_page(viewport={"width": 1360, "height": 850})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    await page.goto(address.group())
    yield Demo(page, wrong)
    await page.close()
    process.terminate()
    _, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert wrong == []
    assert process.returncode == 0
    assert b"error" not in complaints.lower()


async def test_a_text_is_answered(demo: Demo) -> None:
    await expect(demo.page.get_by_text("Our heat has been out since Tuesday").first).to_be_visible()
    await demo.text("Hello, is anybody there? 👋")
    await demo.open("Hello, is anybody there?")
    await expect(demo.page.locator("#thread")).to_contain_text("Hello, is anybody there? 👋")

    await demo.reply("Hi! Yes, this is the union. How can we help?")
    await expect(demo.page.locator("#phone")).to_contain_text("How can we help?", timeout=15_000)
    await expect(demo.page.locator("#thread")).to_contain_text("Delivered", timeout=15_000, ignore_case=True)
    await demo.picture("answered")


async def test_a_keyword_and_stop_are_answered_by_the_machine(demo: Demo) -> None:
    await demo.text("repairs")
    phone = demo.page.locator("#phone")
    await expect(phone).to_contain_text("Thanks for joining the repairs campaign", timeout=15_000)
    await expect(phone).to_contain_text("Reply STOP to unsubscribe", timeout=15_000)
    await demo.text("HELP")
    await expect(phone).to_contain_text("help@example.org", timeout=15_000)
    await demo.text("Can you call me?")
    await demo.open("Can you call me?")
    await demo.text("STOP")
    await expect(phone).to_contain_text("will get no more texts", timeout=15_000)

    await expect(demo.page.locator("#thread")).to_contain_text("opted out", timeout=15_000)
    await demo.reply("Just one more thing")
    await expect(demo.page.locator("body")).to_contain_text(re.compile("opted out.*|Nothing was sent"))
    await asyncio.sleep(1)
    await expect(phone).not_to_contain_text("Just one more thing")
    await demo.picture("stopped")


async def test_a_reply_can_be_taken_back_while_it_is_held(demo: Demo) -> None:
    await demo.text("When is the meeting?")
    await demo.open("When is the meeting?")
    await demo.reply("At 7, you fool")
    await demo.picture("held")
    await demo.page.locator("#thread").get_by_role("button", name="Cancel").first.click()
    await demo.reply("At 7. See you there!")

    await expect(demo.page.locator("#phone")).to_contain_text("See you there!", timeout=15_000)
    await expect(demo.page.locator("#phone")).not_to_contain_text("fool")


async def test_a_note_stays_inside(demo: Demo) -> None:
    await demo.text("My landlord came by again")
    await demo.open("My landlord came by again")
    await demo.reply("// ask Maria about this one")
    await expect(demo.page.locator("#thread")).to_contain_text("ask Maria about this one")
    await demo.reply("Thank you for telling us.")

    await expect(demo.page.locator("#phone")).to_contain_text("Thank you for telling us.", timeout=15_000)
    await expect(demo.page.locator("#phone")).not_to_contain_text("Maria")
    await demo.picture("note")


async def test_what_people_text_cannot_act_on_the_page(demo: Demo) -> None:
    evil = "<img src=x onerror=alert(1)> <b>bold</b> <!channel> *bold* =cmd()"
    await demo.text(evil)
    await demo.open("<img src=x")

    await expect(demo.page.locator("#thread")).to_contain_text(evil)
    assert await demo.page.locator("#thread img[src=x]").count() == 0
