"""Panels for tests of one desk alone: the real meaning of commands and forms, over a few people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.decide import checking
from bridge.engine.panels.conversations import person_field
from bridge.model.decision import Organisation, World
from bridge.model.panel import Field, Panel, Row, Typed, opens
from bridge.model.shapes import Button
from bridge.ports import Asker, Person
from bridge.render import commands

PEOPLE = {"Bob Miller": "+15550100199", "Ana Sousa": "+15550100120", "Ana Braun": "+15550100121"}
LONG = "x" * 5000


class FakePanels:
    """Fills bridge.ports.Panels. `more` holds panels of a test's own; what was asked for is kept."""

    def __init__(self, *panels: Panel) -> None:
        self.asked: list[tuple[str, str, Asker]] = []
        self.several: list[tuple[str, str]] = []  # lines, where there is more than one
        self.world = World(Organisation("Example Tenants Union", "help@example.org"), {}, {})
        new = Panel(
            "new",
            "New text message",
            fields=(
                Field("number", "Number or name", "person"),
                Field("text", "Message", "text", optional=True, max_length=1600),
            ),
            submit=Button("new", "Start", ""),
            usage=("new NUMBER TEXT",),
        )
        settings = Panel(
            "settings",
            "Settings",
            "What is in force here.",
            (Row("Hold before sending", "5", (opens("setting", "Change", "hold_seconds:"),)),),
            buttons=(opens("changes", "Who changed what"),),
            usage=("settings NAME VALUE",),
        )
        setting = Panel(
            "setting",
            "Settings",
            fields=(Field("value", "Hold before sending", value="5", hint="seconds, 0 to 600"),),
            submit=Button("set", "Save", ""),
            kept=(("name", "hold_seconds"), ("line", "")),
            usage=("settings hold_seconds VALUE",),
        )
        inbox = Panel("inbox", "Inbox", "Nobody is waiting for an answer.")
        pick = Panel(
            "pick", "Templates", rows=(Row("Thanks", "Thank you!", (opens("use", "Use", "Thanks"),)),)
        )
        use = Panel(
            "use",
            "Thanks",
            "As it stands: one SMS, 1 credit.",
            fields=(Field("text", "Message", "text", "Thank you!", max_length=1600),),
            submit=Button("reply", "Send", "thread-1"),
            kept=(("template", "Thanks"), ("answered", "")),
        )
        all_ = (new, settings, setting, inbox, pick, use, *panels)
        self.panels = {panel.name: panel for panel in all_}

    async def open(self, asker: Asker, name: str, value: str = "") -> Panel:
        self.asked.append((name, value, asker))
        if name == "new":
            new = self.panels["new"]
            return replace(new, fields=(person_field(value, "US"), *new.fields[1:]))
        return self.panels.get(name) or Panel(name, "Nothing here", "That is no longer there.")

    async def problems(self, asker: Asker, action: str, form: Mapping[str, str]) -> Mapping[str, str]:
        return checking.problems(self.world, asker.desk, action, form)

    def typed(self, asker: Asker, word: str, rest: str) -> Typed:
        return commands.understand(word, rest, asker.thread is not None)

    def commands(self) -> Sequence[tuple[str, str, str]]:
        return [(one.word, one.usage, one.meaning) for one in commands.COMMANDS]

    def lines(self, desk: str) -> Sequence[tuple[str, str]]:
        return self.several or [("main", "(555) 010-0001")]

    async def people(self, desk: str, query: str, limit: int) -> Sequence[Person]:
        found = [(name, number) for name, number in PEOPLE.items() if query.lower() in name.lower()]
        return [Person(number, f"{name} {number}") for name, number in found[:limit]]
