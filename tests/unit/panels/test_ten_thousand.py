"""Ten thousand people wait: the overview opens on every desk within its limits, and pages to the last."""

import orjson
import pytest
import sqlalchemy as sa

from bridge.engine.panels import Panels
from bridge.engine.world import Worlds
from bridge.model.decision import Desk, Organisation, World
from bridge.model.nouns import Author
from bridge.model.panel import Panel, opens, target
from bridge.model.traits import ChatTraits, Rate
from bridge.ports import Asker
from bridge.store.inbox import InboxReader
from bridge.store.store import Store
from bridge.store.tables import contacts, conversations, messages
from connectors.chat.slack import panels as slack
from connectors.chat.telegram import overview, panels
from tests.emulators.slack.views import check_view
from tests.emulators.telegram.call import Call
from tests.emulators.telegram.sending import checked_keyboard, text_content
from tests.unit.store.full import START, fill

MANY = 10_000
LAST = MANY // 10 - 1
DESK = "web"
ASKER = Asker(DESK, Author("U1", "Ana"))
WHERE = slack.Where(DESK, panel="inbox")
LONG = (
    "<!channel> @anna /remove *x* \U0001f468\u200d\U0001f469\u200d\U0001f467 " * 40
)  # as long as ten segments


@pytest.fixture
async def house(store: Store) -> Panels:
    """A desk with ten thousand open conversations, each with a long name and a long last text."""
    await fill(store, MANY, unread=3, assigned_to="Ana", waiting_since=START)
    async with store.engine.begin() as connection:
        # longest first: the later their text, the further back they stand
        await connection.execute(sa.update(conversations).values(waiting_since=conversations.c.last_at))
        await connection.execute(sa.update(contacts).values(name=LONG[:60]))
        await connection.execute(sa.update(messages).values(text=messages.c.text + " " + LONG))
    desk = Desk(DESK, ChatTraits(Rate(1, 4), Rate(1, 4), 4000), "Web")
    world = World(Organisation("Union", "help@example.org"), {}, {DESK: desk})
    return Panels(store, Worlds(store, world), lambda: START + MANY)


def link(ref: str) -> str:
    return f"https://team.slack.test/archives/C1/p{ref}"


def check_slack(panel: Panel) -> None:
    more = tuple(opens(name, name) for name in ("new", "templates", "settings", "usage"))
    check_view(slack.home(panel, WHERE, link, more), "home")
    check_view(slack.modal(panel, WHERE, link), "modal")


def check_telegram(panel: Panel) -> str:
    """Draw it as a message of its own and as the pinned one; give the words of that."""
    both = panels.shown(panel, panels.Tokens(), link), overview.drawn(panel, link)
    for text, keyboard in both:
        entities = [one.to_dict() for one in text.entities]
        text_content(Call("sendMessage", {"text": text.text, "entities": entities}))
        assert keyboard is not None
        checked_keyboard(keyboard.to_dict())
    return both[1][0].text


async def test_the_overview_opens_on_every_desk_and_reaches_the_last(house: Panels) -> None:
    seen: list[str] = []
    for page in (0, 1, 2, LAST - 1, LAST):
        panel = await house.open(ASKER, "inbox", f"waiting:{page}" if page else "")
        assert f"Waiting for an answer: {MANY}, longest first. Page {page + 1} of {LAST + 1}." in panel.text
        check_slack(panel)
        shown = check_telegram(panel)
        numbers = [int(row.text.splitlines()[1].split()[1]) for row in panel.rows]
        assert numbers == list(range(page * 10, page * 10 + 10))
        assert all(f"Text {number} " in shown for number in numbers), "all ten fit"
        seen += [target(one.value)[1] for one in panel.buttons]
    assert f"waiting:{LAST}" in seen
    assert f"waiting:{LAST + 1}" not in seen


@pytest.mark.parametrize("sort", ["unread", "mine", "resolved"])
async def test_every_other_order_opens_too(house: Panels, sort: str) -> None:
    for page in (0, LAST):
        panel = await house.open(ASKER, "inbox", f"{sort}:{page}")
        assert len(panel.rows) == (0 if sort == "resolved" else 10)
        check_slack(panel)
        check_telegram(panel)


async def test_a_page_that_is_not_there_any_more_is_the_last(house: Panels) -> None:
    panel = await house.open(ASKER, "inbox", "waiting:999999")
    assert f"Page {LAST + 1} of {LAST + 1}." in panel.text
    assert len(panel.rows) == 10


async def test_the_web_list_comes_in_pages_to_the_last(store: Store, house: Panels) -> None:
    inbox, before, found = InboxReader(store.engine, "US"), None, set()
    while page := await inbox.rows(DESK, "", before, 500):
        assert len(orjson.dumps([row.last_text for row in page])) < 2_000_000
        assert len(page) <= 500
        found |= {row.thread for row in page}
        before = page[-1].last_at
    assert len(found) == MANY
