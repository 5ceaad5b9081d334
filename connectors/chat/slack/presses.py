"""Buttons, menus, shortcuts, commands and forms: what they mean, what Slack hears back, what follows.

Payloads: docs.slack.dev/reference/interaction-payloads and /interactivity/implementing-slash-commands.
A press is told once and never repeated; its sender waits three seconds for the answer.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from bridge.model.address import show
from bridge.model.events import StaffPressed, StaffWrote
from bridge.model.nouns import Author
from bridge.ports import House
from connectors.chat.slack import blocks, commands, views
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

    def __init__(self, api: Api, reader: Reader, people: People, house: House) -> None:
        """reader: reads the messages that come with a press."""
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
                return self._form(payload, views.new(self._desks(), self._lines(), "", ""))
            case "view_submission":
                return await self._submitted(payload)
        return Heard()

    async def _author(self, payload: Payload) -> Author:
        user = payload.get("user") or {}
        shown = str(user.get("name") or user.get("username") or "")
        return await self._people.author(str(user.get("id", "")), (user.get("team_id"),), shown)

    def _form(self, payload: Payload, view: Answer) -> Heard:
        """Open a form; its trigger holds for three seconds, once."""
        trigger = str(payload.get("trigger_id", ""))
        return Heard(after=lambda: self._api.ask(self._api.client.views_open(trigger_id=trigger, view=view)))

    # -- on messages -----------------------------------------------------------------------------------------

    async def _button(self, payload: Payload) -> Heard:
        container = payload.get("container") or {}
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
        if word != "new":
            return Heard(answer=commands.private(commands.help_or_not_yet(word)))
        number, text = commands.number_and_text(rest, self._house.region)
        if number is None or not text:
            shown = show(number, self._house.region) if number else rest
            return self._form(payload, views.new({desk: desk}, self._lines(), shown, ""))
        author = await self._people.author(
            str(payload.get("user_id")), (payload.get("team_id"),), str(payload.get("user_name") or "")
        )
        line = next(iter(self._house.lines), "") if len(self._house.lines) == 1 else ""
        form = {"number": number, "text": text, "line": line}
        press = self._new(desk, author, str(payload.get("trigger_id")), form)
        shown = show(number, self._house.region)
        return Heard((press,), answer=commands.private(f"Starting a conversation with {shown}."))

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
        number, why_not = await commands.whom(entered.get("number", ""), desk, self._house)
        if number is None:
            return Heard(answer={"response_action": "errors", "errors": {"number": why_not}})
        line = entered.get("line") or kept.get("line", "")
        form = {"number": number, "text": entered.get("text", ""), "line": line}
        return Heard((self._new(desk, await self._author(payload), delivery, form),))

    def _desks(self) -> dict[str, str]:
        return {desk: desk.partition(".")[2] or desk for desk in self._channels.values()}

    def _lines(self) -> dict[str, str]:
        region = self._house.region
        return {name: f"{name} · {show(number, region)}" for name, number in self._house.lines.items()}
