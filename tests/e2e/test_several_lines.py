"""Two lines on one desk: whoever starts a conversation says from which, on every desk."""

import pytest
import sqlalchemy as sa

from bridge.store.tables import messages
from tests.e2e.desks import SlackDesk, TelegramDesk
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until
from tests.e2e.tools import AtWeb

pytestmark = pytest.mark.usefixtures("quick")

TRIAL = """
[lines.trial]
number = "+15550100002"
provider = "simulator"
desks = ["slack.support", "telegram.support", "web"]
"""
OTHERS = """
[lines.other]
number = "+15550100003"
provider = "simulator"
desks = ["slack.support"]
"""
THEM = "(555) 010-0142"


@pytest.fixture
def two_lines(small_world: World) -> World:
    small_world.options["line"] = TRIAL
    return small_world


async def sent(world: World) -> list[tuple[str, str]]:
    """Give line and text of all that goes out."""
    assert world.daemon is not None
    query = sa.select(messages.c.line, messages.c.text).where(messages.c.direction == "out")
    async with world.daemon.store.engine.connect() as connection:
        return [(row.line, row.text) for row in await connection.execute(query)]


async def test_a_number_and_a_text_go_at_once_from_the_first_line(two_lines: World) -> None:
    async with two_lines.house():
        desk = TelegramDesk(two_lines)
        await desk.say(f"/new {THEM} The office is open", aside=True)
        await until(lambda: desk.threads() == 1)
        await until(lambda: two_lines.phone() == ["The office is open"])
        slack = two_lines.slack
        await slack.command(two_lines.ana, two_lines.channel, "/sms", f"new {THEM} And so is the door")
        await until(lambda: two_lines.phone() == ["The office is open", "And so is the door"])


async def test_telegram_and_slack_take_the_name_of_a_line(two_lines: World) -> None:
    async with two_lines.house():
        desk = TelegramDesk(two_lines)
        await desk.say(f"/new Trial {THEM} Hello", aside=True)
        await until(lambda: desk.threads() == 1)
        slack = two_lines.slack
        await slack.command(two_lines.ana, two_lines.channel, "/sms", f"new main {THEM} Good morning")
        await until(lambda: two_lines.phone() == ["Good morning"])
        assert sorted(await sent(two_lines)) == [("main", "Good morning"), ("trial", "Hello")]


async def test_slack_has_the_line_chosen_in_the_form(two_lines: World) -> None:
    async with two_lines.house():
        slack, ana = two_lines.slack, two_lines.ana
        await slack.command(ana, two_lines.channel, "/sms", f"new {THEM}")
        await until(lambda: slack.modal(ana))
        shown = slack.show(slack.modal(ana))
        assert "Line: [main · (500) 555-0006" in shown
        assert await sent(two_lines) == []
        await slack.submit(ana, values={"line": "trial", "text": "Come in"})
        await until(lambda: SlackDesk(two_lines).threads() == 1)

        async def gone() -> bool:
            return await sent(two_lines) == [("trial", "Come in")]

        await until(gone)
        assert two_lines.phone() == []


async def test_the_web_inbox_offers_its_lines_and_takes_the_one_that_is_chosen(two_lines: World) -> None:
    two_lines.options["line"] += OTHERS
    async with two_lines.house():
        page = await AtWeb.sign_in(two_lines)
        me = await page.get("/api/me")
        assert [one["name"] for one in me["lines"] if one["here"]] == ["main", "trial"]
        assert (await page.post("/api/threads", number=THEM, line="other", text="No")).status == 400
        await page.post("/api/threads", number=THEM, line="trial", text="Welcome")
        assert await sent(two_lines) == [("trial", "Welcome")]
