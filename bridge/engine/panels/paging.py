"""Long lists, a page at a time: no platform shows ninety entries, and none may drop one without a word."""

import re
from dataclasses import replace
from typing import Final

from bridge.model.panel import Panel, opens
from bridge.render import words

PAGE: Final = 20
_MARK = "¶"
_MARKED = re.compile(rf"(?P<value>.*){_MARK}(?P<page>\d{{1,4}})\Z", re.DOTALL)


def asked(value: str) -> tuple[str, int]:
    """Read what a panel is asked for, and which page of it: "open¶2" is the third page of "open"."""
    found = _MARKED.match(value)
    return (found["value"], int(found["page"])) if found else (value, 0)


def page(panel: Panel, value: str, number: int) -> Panel:
    """Give one page of a panel, with buttons to the ones beside it."""
    last = max((len(panel.rows) - 1) // PAGE, 0)
    if last == 0:
        return panel
    number = min(number, last)
    said = words.PAGE_OF.format(page=number + 1, pages=last + 1)
    turns = []
    if number > 0:
        turns.append(opens(panel.name, words.PAGE_BACK, f"{value}{_MARK}{number - 1}"))
    if number < last:
        turns.append(opens(panel.name, words.PAGE_NEXT, f"{value}{_MARK}{number + 1}"))
    return replace(
        panel,
        text=f"{panel.text} {said}" if panel.text else said,
        rows=panel.rows[number * PAGE : (number + 1) * PAGE],
        buttons=(*panel.buttons, *turns),
    )
