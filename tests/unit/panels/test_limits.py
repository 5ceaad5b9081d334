"""Every panel, as full as it may get, within the limits of Slack and Telegram: found by walking.

The walk begins at each panel that is registered and presses every button that opens another. A new panel is
walked by itself; one that shows nothing when it is opened bare, and that no button leads to, fails here.
"""

import itertools
from collections import Counter

import pytest

from bridge.engine.panels.panels import MAKERS, Panels
from bridge.engine.world import Worlds
from bridge.model.nouns import Author
from bridge.model.panel import OPEN, Panel, target
from bridge.model.settings import SETTINGS
from bridge.ports import Asker
from bridge.render import words
from bridge.store.store import Store
from tests.limits import check_panel
from tests.unit.panels.crowd import ADMIN, AGENT, DESK, KINDS, NOW, TEXT, fill, template_name, world

OFTEN = 12  # openings of one panel that are looked at: the nineties are like the tens
THREAD = "1700000000.000000"
BARE = [(name, "") for name in MAKERS]
TYPED = [
    *(("setting", name) for name in SETTINGS),
    *((name, value) for name in MAKERS for value in (TEXT, TEXT * 3, "+15550000001", "555")),
    ("use", template_name(7)),
    ("edit_template", template_name(7)),
]


async def walk(panels: Panels, who: Author) -> list[Panel]:
    """Open panels and what their buttons open, inside a thread, about a message there, and outside."""
    found, often = [], Counter[str]()
    asked = [(None, None, *one) for one in BARE + TYPED]
    asked += [(THREAD, f"1800000000.{n:06d}", *one) for n in range(len(KINDS)) for one in BARE]
    asked += [(THREAD, None, *one) for one in TYPED]
    seen = set(asked)
    while asked:
        thread, ref, name, value = asked.pop()
        panel = await panels.open(Asker(DESK, who, thread, ref), name, value)
        found.append(panel)
        for button in (*panel.buttons, *(one for row in panel.rows for one in row.buttons)):
            if button.action != OPEN:
                continue
            to = (thread, ref, *target(button.value))
            if to not in seen and often[to[2]] < OFTEN:
                often[to[2]] += 1
                seen.add(to)
                asked.append(to)
    return found


@pytest.mark.parametrize("who", [ADMIN, AGENT], ids=["admin", "agent"])
async def test_every_panel_is_within_the_limits_and_loses_nothing(store: Store, who: Author) -> None:
    await fill(store)
    panels = Panels(store, Worlds(store, world()), lambda: NOW)
    found = await walk(panels, who)

    empty = {words.NOTHING_HERE, words.NOT_FOR_YOU}
    says = {one.name for one in found if one.title not in empty and (one.rows or one.fields or one.text)}
    assert set(MAKERS) <= says, "not walked: let a button lead to it, or say in TYPED how to open it"
    wrong = {problem for panel in found if (problem := _problem(panel))}
    assert not wrong, "\n".join(sorted(wrong))


def _problem(panel: Panel) -> str:
    try:
        check_panel(panel)
    except Exception as error:
        return f"{panel.name}: {type(error).__name__}: {error}"[:400]
    return ""


async def test_somebody_from_outside_sees_nothing(store: Store) -> None:
    await fill(store)
    panels = Panels(store, Worlds(store, world()), lambda: NOW)
    outside = [Author("U9", "Eve", "stranger"), Author("U9", "", "anonymous"), Author("B9", "Bot", "bot")]
    for who, name in itertools.product(outside, MAKERS):
        shown = await panels.open(Asker(DESK, who, THREAD), name)
        assert (shown.title, shown.rows, shown.fields, shown.buttons) == (words.NOT_FOR_YOU, (), (), ())
        check_panel(shown)


async def test_a_long_list_is_turned_over_and_nobody_on_it_is_left_out(store: Store) -> None:
    await fill(store)
    panels = Panels(store, Worlds(store, world()), lambda: NOW)
    names: list[str] = []
    value: str | None = ""
    while value is not None:
        shown = await panels.open(Asker(DESK, ADMIN), "templates", value)
        names += [row.text for row in shown.rows]
        turns = [one for one in shown.buttons if one.label == words.PAGE_NEXT]
        value = target(turns[0].value)[1] if turns else None
    assert sorted(names) == sorted({template_name(n) for n in range(90)})
    assert "Page 5 of 5." in shown.text
    beyond = await panels.open(Asker(DESK, ADMIN), "templates", "¶9999")
    assert beyond.rows == shown.rows
