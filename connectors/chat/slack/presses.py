"""Buttons, menus, shortcuts, commands and forms: what they mean, what Slack hears back, what follows.

Payloads: docs.slack.dev/reference/interaction-payloads and /interactivity/implementing-slash-commands.
A press is told once and never repeated; its sender waits three seconds for the answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from bridge.errors import ConnectorError
from bridge.model.address import read_number, show
from bridge.model.events import StaffPressed, StaffWrote
from bridge.model.nouns import Author
from bridge.model.panel import Do, Panel, Say, opens, target
from bridge.model.shapes import Button
from bridge.ports import Asker, House, Person
from bridge.render import words
from bridge.render.commands import line_first
from connectors.chat.slack import blocks, commands, panels, views
from connectors.chat.slack.api import Answer, Api
from connectors.chat.slack.people import People
from connectors.chat.slack.reading import Reader

Payload = Mapping[str, Any]
After = Callable[[], Awaitable[object]]

SHORTCUTS: Final = {
    "send_as_sms": "send",
    "retry_send": "retry",
    "unsubscribe_contact": "unsubscribe",
    "remove_conversation": "remove",
}
_STORY: Final = "message_story"
_AFTER: Final = 0.8  # seconds after which a panel is drawn again, with what a button on it did
_ASKS_FIRST: Final = {
    "unsubscribe_contact": "Unsubscribe this contact from campaigns and polls?",
    "remove_conversation": "Take this conversation off Slack?",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a press means (to be journaled), what the acknowledgement carries, what is done after it."""

    events: tuple[StaffWrote | StaffPressed, ...] = ()
    answer: Answer | None = None
    after: After | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """What was pressed, where."""

    desk: str
    action: str
    value: str
    thread: str | None
    ref: str | None


class Presses:
    """Reads interactions of the channels that are desks."""

    def __init__(
        self, api: Api, reader: Reader, people: People, house: House, link: Callable[[str, str], str]
    ) -> None:
        """reader: reads the messages that come with a press. link: a desk's thread as an address."""
        self._link = link
        self._api = api
        self._reader = reader
        self._channels = reader.channels  # channel id -> desk
        self._people = people
        self._house = house
        self._questions: dict[str, str] = {}  # action -> what its menu entry asks first, as last drawn

    def drawn(self, menu: tuple[Any, ...]) -> None:
        """Remember what the entries of a menu ask; after a restart the question is a general one."""
        self._questions |= {entry.action: entry.confirm for entry in menu if entry.confirm}

    async def hear(self, payload: Payload) -> Heard:
        """Read an interaction or a command."""
        if "command" in payload:
            return await self._command(payload)
        match payload.get("type"):
            case "block_actions":
                return await self._button(payload)
            case "message_action":
                return await self._message_shortcut(payload)
            case "shortcut":
                desk = next(iter(self._channels.values()))
                return await self._panel(payload, panels.Where(desk), "new", "")
            case "view_submission":
                return await self._submitted(payload)
            case "block_suggestion":
                return await self._suggested(payload)
        return Heard()

    async def _author(self, payload: Payload) -> Author:
        user = payload.get("user") or {"id": payload.get("user_id"), "name": payload.get("user_name")}
        shown = str(user.get("name") or user.get("username") or "")
        team = user.get("team_id") or payload.get("team_id")
        return await self._people.author(str(user.get("id", "")), (team,), shown)

    def _form(self, payload: Payload, view: Answer) -> Heard:
        """Open a form over Slack."""
        return Heard(after=lambda: self._open(payload, view))

    async def _open(self, payload: Payload, view: Answer) -> None:
        """Open a view; its trigger holds for three seconds, once. Where it does not open, say so."""
        trigger, url = str(payload.get("trigger_id", "")), str(payload.get("response_url") or "")
        try:
            await self._api.ask(self._api.client.views_open(trigger_id=trigger, view=view))
        except ConnectorError:
            if url:
                await commands.answer_later(url, words.DID_NOT_OPEN)
            raise

    # -- on messages -----------------------------------------------------------------------------------------

    async def _button(self, payload: Payload) -> Heard:
        container = payload.get("container") or {}
        if container.get("type") == "view":
            return await self._in_view(payload)
        desk = self._channels.get(str(container.get("channel_id")))
        action: Answer = next(iter(payload.get("actions") or ()), {})
        found = blocks.pressed(action)
        if desk is None or found is None:
            return Heard()
        name, value, ask_first = found
        ts, fleeting = str(container.get("message_ts", "")), bool(container.get("is_ephemeral"))
        message = payload.get("message") or {}
        ref = None if fleeting else ts
        thread = container.get("thread_ts") or message.get("thread_ts") or ref
        if panels.opens_panel(name):
            return await self._panel(payload, panels.Where(desk, thread, ref), *target(value))
        if ask_first:
            label = str(((action.get("selected_option") or {}).get("text") or {}).get("text") or name)
            return self._ask_first(payload, label, _Place(desk, name, value, thread, ref))
        press = await self._press(payload, _Place(desk, name, value, thread, ref))
        return Heard((press,), after=self._clear(payload) if fleeting else None)

    def _clear(self, payload: Payload) -> After | None:
        """Take the question that was answered off that person's screen."""
        url = str(payload.get("response_url") or "")
        return (lambda: commands.delete_original(url)) if url else None

    async def _message_shortcut(self, payload: Payload) -> Heard:
        desk = self._channels.get(str((payload.get("channel") or {}).get("id")))
        callback = str(payload.get("callback_id"))
        if desk is not None and callback == _STORY:
            said = payload.get("message") or {}
            ts = str(payload.get("message_ts") or said.get("ts"))
            where = panels.Where(desk, str(said.get("thread_ts") or ts), ts)
            return await self._panel(payload, where, "message", "")
        action = SHORTCUTS.get(callback)
        if desk is None or action is None:
            return Heard()
        message = payload.get("message") or {}
        ref = str(payload.get("message_ts") or message.get("ts"))
        thread = str(message.get("thread_ts") or ref)
        if callback in _ASKS_FIRST:
            self._questions.setdefault(action, _ASKS_FIRST[callback])
            label = callback.replace("_", " ").capitalize()
            return self._ask_first(payload, label, _Place(desk, action, "", thread, ref))
        press = await self._press(payload, _Place(desk, action, "", thread, ref))
        # The shortcut can overtake the event that tells of its message, and it carries the message.
        before = await self._reader.written(desk, message, caught_up=True) if thread != ref else ()
        return Heard((*before, press))

    def _ask_first(self, payload: Payload, label: str, place: _Place) -> Heard:
        question = self._questions.get(place.action, "")
        return self._form(
            payload, views.sure(label, question, {k: v or "" for k, v in asdict(place).items()})
        )

    async def _press(self, payload: Payload, place: _Place, delivery: str = "") -> StaffPressed:
        return StaffPressed(
            desk=place.desk,
            action=place.action,
            author=await self._author(payload),
            at=self._house.now(),
            delivery=delivery or str(payload.get("trigger_id") or self._house.ids()),
            value=place.value,
            thread=place.thread or None,
            ref=place.ref or None,
        )

    # -- commands and forms ----------------------------------------------------------------------------------

    async def _command(self, payload: Payload) -> Heard:
        desk = self._channels.get(str(payload.get("channel_id")))
        if desk is None and len(self._channels) == 1:
            desk = next(iter(self._channels.values()))
        if desk is None:
            where = ", ".join(f"<#{channel}>" for channel in self._channels)
            return Heard(answer=commands.private(f"Please use this in {where}."))
        word, rest = commands.split(str(payload.get("text") or ""))
        author = await self._author(payload)
        asker = Asker(desk, author)
        if author.standing != "member":
            return Heard(answer=commands.private(words.NOT_A_MEMBER_PRESS["stranger"]))
        if word in ("", "help"):
            return Heard(answer=commands.private(commands.help_(self._house.panels.commands())))
        if refused := await self._refused(asker):
            return Heard(answer=commands.private(blocks.escape(refused)))
        if word == "new":
            return await self._new_command(payload, asker, rest)
        meaning = self._house.panels.typed(asker, word, rest)
        if isinstance(meaning, Say):
            return Heard(answer=commands.private(blocks.escape(meaning.text)))
        if isinstance(meaning, Do):
            found = await self._house.panels.problems(asker, meaning.action, meaning.form)
            if found:
                return Heard(answer=commands.private(blocks.escape(next(iter(found.values())))))
            delivery = str(payload.get("trigger_id") or self._house.ids())
            press = StaffPressed(
                desk, meaning.action, author, self._house.now(), delivery, meaning.value, form=meaning.form
            )
            return Heard((press,))
        return await self._panel(payload, panels.Where(desk), meaning.name, meaning.value)

    async def _new_command(self, payload: Payload, asker: Asker, rest: str) -> Heard:
        region, lines = self._house.region, self._house.panels.lines(asker.desk)
        line, rest = line_first(rest, [name for name, _ in lines])
        number, text = commands.number_and_text(rest, region)
        if number is None or not text:
            begun = f"{number}\n{text}" if number and text else number or rest
            return await self._panel(payload, panels.Where(asker.desk), "new", begun)
        line = line or next((name for name, _ in lines), "")
        form = {"number": number, "text": text, "line": line}
        press = self._new(asker.desk, asker.person, str(payload.get("trigger_id")), form)
        said = words.STARTING.format(who=show(number, region))
        return Heard((press,), answer=commands.private(said))

    def _new(self, desk: str, author: Author, delivery: str, form: Mapping[str, str]) -> StaffPressed:
        return StaffPressed(desk, "new", author, self._house.now(), delivery=delivery, form=form)

    async def _submitted(self, payload: Payload) -> Heard:
        view = payload.get("view") or {}
        kept, entered = views.kept(view), views.entered(view)
        desk = entered.get("desk") or kept.get("desk", "")
        if desk not in self._channels.values():
            return Heard()
        delivery = f"view:{view.get('id')}"
        if view.get("callback_id") == views.SURE:
            place = _Place(desk, *(kept.get(name, "") for name in ("action", "value", "thread", "ref")))
            return Heard((await self._press(payload, place, delivery),))
        return await self._sent(payload, view, delivery)

    # -- panels ----------------------------------------------------------------------------------------------

    async def _panel(
        self, payload: Payload, where: panels.Where, name: str, value: str, view_id: str = ""
    ) -> Heard:
        """Open a panel over Slack, or draw it instead of the one that is open (view_id)."""
        asker = Asker(where.desk, await self._author(payload), where.thread, where.ref)

        async def draw() -> None:
            view = await self._drawn(asker, where, name, value)
            if view_id:
                await self._api.ask(self._api.client.views_update(view_id=view_id, view=view))
            else:
                await self._open(payload, view)

        return Heard(after=draw)

    async def _drawn(self, asker: Asker, where: panels.Where, name: str, value: str) -> Answer:
        panel = await self._read(asker, name, value)
        at = replace(where, panel=name, value=value)
        return panels.modal(panel, at, lambda ref: self._link(where.desk, ref))

    async def _away(self, asker: Asker) -> str:
        """Say whom to ask where somebody is not in the desk's channel; "": they are."""
        channel = next((c for c, desk in self._channels.items() if desk == asker.desk), "")
        if await self._people.is_in(channel, asker.person.id):
            return ""
        await self._people.learn([("channel", channel)])
        return words.ONLY_IN_CHANNEL.format(where=f"#{self._people.name(('channel', channel))}")

    async def _refused(self, asker: Asker) -> str:
        """Say why somebody's command does nothing here; "": it may."""
        try:
            return await self._away(asker)
        except ConnectorError as error:
            self._house.log.warning("slack_members_unread", reason=error.reason)
            return words.CANNOT_READ

    async def _read(self, asker: Asker, name: str, value: str) -> Panel:
        try:
            if away := await self._away(asker):
                return Panel(name, words.NOT_FOR_YOU, away)
            return await self._house.panels.open(asker, name, value)
        except ConnectorError as error:
            self._house.log.warning("slack_panel_unread", panel=name, reason=error.reason)
            return Panel(name, words.NOTHING_HERE, words.CANNOT_READ)

    async def _in_view(self, payload: Payload) -> Heard:
        """Something was pressed in a modal or in the Home tab."""
        view: Payload = payload.get("view") or {}
        action: Answer = next(iter(payload.get("actions") or ()), {})
        where = panels.read(view)
        found = blocks.pressed(action)
        if where is None or found is None or where.desk not in self._channels.values():
            return Heard()
        name, value, _ = found
        if view.get("type") == "home":
            return await self._in_home(payload, where, name, value)
        view_id = str(view.get("id"))
        if panels.opens_panel(name):
            return await self._panel(payload, where, *target(value), view_id=view_id)
        if name == "go":
            return Heard()
        press = await self._press(payload, _Place(where.desk, name, value, where.thread, where.ref))
        again = (await self._panel(payload, where, where.panel, where.value, view_id)).after

        async def later() -> None:
            await asyncio.sleep(_AFTER)
            if again is not None:
                await again()

        return Heard((press,), after=later)

    async def _sent(self, payload: Payload, view: Payload, delivery: str) -> Heard:
        """Somebody sent the form of a panel: what is wrong stands under its field."""
        where = panels.read(view)
        if where is None or not where.action or where.desk not in self._channels.values():
            return Heard()
        author = await self._author(payload)
        form = {**where.kept, **views.entered(view)}
        asker = Asker(where.desk, author, where.thread, where.ref)
        wrong = await self._house.panels.problems(asker, where.action, form)
        if wrong:
            inputs = [b["block_id"] for b in view.get("blocks") or () if b.get("type") == "input"]
            errors = {(name if name in inputs else inputs[0]): said for name, said in wrong.items()}
            return Heard(answer={"response_action": "errors", "errors": errors})
        place = _Place(where.desk, where.action, where.carries, where.thread, where.ref)
        press = replace(await self._press(payload, place, delivery), form=form)
        return Heard((press,))

    async def _suggested(self, payload: Payload) -> Heard:
        """Offer people for what somebody types: whom we know, and the number itself where it is one."""
        where = panels.read(payload.get("view") or {})
        typed = str(payload.get("value") or "")
        if where is None or where.desk not in self._channels.values():
            return Heard(answer={"options": []})
        found = list(await self._house.panels.people(where.desk, typed, 20))
        number = read_number(typed, self._house.region)
        if number and number not in [one.address for one in found]:
            found.insert(0, Person(number, show(number, self._house.region)))
        return Heard(answer={"options": panels.suggestions(found)})

    # -- the Home tab ----------------------------------------------------------------------------------------

    async def home_opened(self, event: Payload) -> None:
        """Draw the Home tab for who looks at it."""
        user = str(event.get("user") or "")
        old = panels.read(event.get("view") or {})
        desks = list(self._channels.values())
        where = old if old and old.desk in desks else panels.Where(desks[0], panel="inbox")
        await self._draw_home(await self._people.author(user), where)

    async def _draw_home(self, person: Author, where: panels.Where) -> None:
        panel = await self._read(Asker(where.desk, person), "inbox", where.value)
        more = [
            opens("new", words.NEW_TITLE),
            opens("templates", words.TEMPLATES_TITLE),
            opens("settings", words.SETTINGS_TITLE),
            opens("usage", words.USAGE_TITLE),
            Button("refresh", words.REFRESH, ""),
        ]
        others = [desk for desk in self._channels.values() if desk != where.desk]
        more += [Button("desk", self._desks()[desk], desk) for desk in others[:20]]
        view = panels.home(panel, where, lambda ref: self._link(where.desk, ref), tuple(more))
        await self._api.ask(self._api.client.views_publish(user_id=person.id, view=view))

    async def _in_home(self, payload: Payload, where: panels.Where, name: str, value: str) -> Heard:
        wanted, argument = target(value)
        if name == "desk" and value in self._channels.values():
            where = panels.Where(value, panel="inbox")
        elif panels.opens_panel(name) and wanted == "inbox":
            where = replace(where, value=argument)
        elif panels.opens_panel(name):
            return await self._panel(payload, where, wanted, argument)
        elif name == "go":
            return Heard()
        person = await self._author(payload)
        return Heard(after=lambda: self._draw_home(person, where))

    def _desks(self) -> dict[str, str]:
        return {desk: desk.partition(".")[2] or desk for desk in self._channels.values()}
