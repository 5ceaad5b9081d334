"""What people fill in: modals and home tabs, from external menus to submission."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from .api_views import new_view, replace_view
from .blocks import interactive_elements
from .core import Core
from .elements import Report, check_option
from .errors import CannotDoError, SlackError
from .views import OpenView, View, check_view, choose, entered_value, fill_in

Payload = dict[str, Any]


class Forms(Core):
    """People in front of views; raises `NoAckError` where they would see a warning sign."""

    async def open_home(self, user: str, tab: str = "home") -> None:
        """Look at the app's home tab."""
        event: Payload = {"type": "app_home_opened", "user": user, "tab": tab}
        event |= {"channel": self.direct_messages(user).id, "event_ts": self.world.new_ts()}
        home = self.views.homes.get(user)
        if home is not None and tab == "home":
            event["view"] = home.body
        self.emit(event)

    # -- modals --------------------------------------------------------------------------------------------

    async def submit(
        self, user: str, view: str | View | None = None, values: Payload | None = None
    ) -> Payload:
        """Fill in and submit a modal; return the ack's payload after doing what it says."""
        open_one = self._view(user, view)
        if open_one is not self.views.top(user):
            raise CannotDoError("another view is in front of this one")
        body = copy.deepcopy(open_one.body)
        body["state"] = {"values": fill_in(body, values or {})}
        payload = {**self._interaction("view_submission", user), "view": body, "response_urls": []}
        answer = await self.courier.ask("interactive", payload)
        self._after_submit(open_one, answer)
        return answer

    def _after_submit(self, open_one: OpenView, answer: Payload) -> None:
        views = self.views
        match answer.get("response_action"):
            case None:
                views.close(open_one)
            case "clear":
                views.close(open_one, whole_stack=True)
            case "update":
                self._held_against_app(lambda: replace_view(self, open_one, answer["view"]))
            case "push":
                self._held_against_app(lambda: self._push(open_one, answer["view"]))
            case "errors":
                known = {block["block_id"] for block in open_one.body["blocks"] if block["type"] == "input"}
                unknown = sorted(set(answer.get("errors", {})) - known)
                if unknown or not answer.get("errors"):
                    self.violations.append(f"view_submission: errors for unknown blocks {unknown}")
            case other:
                self.violations.append(f"view_submission: unknown response_action {other}")

    def _push(self, below: OpenView, view: View) -> None:
        self.views.push(below.user, new_view(self, check_view(view, "modal")))

    def _held_against_app(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SlackError as error:
            self.violations.append(f"view_submission: {error.code} {'; '.join(error.details)}")
            raise

    async def close_view(
        self, user: str, view: str | View | None = None, *, whole_stack: bool = False
    ) -> None:
        """Cancel a modal; the app hears of it only if it asked for that."""
        open_one = self._view(user, view)
        for gone in self.views.close(open_one, whole_stack):
            if gone.body["notify_on_close"]:
                payload = self._interaction("view_closed", user)
                payload |= {"view": gone.body, "is_cleared": whole_stack}
                await self.courier.ask("interactive", payload)

    def modal(self, user: str) -> View | None:
        """Return the modal that a person sees."""
        top = self.views.top(user)
        return top.body if top else None

    def home(self, user: str) -> View | None:
        """Return a person's home tab as last published."""
        home = self.views.homes.get(user)
        return home.body if home else None

    # -- clicking inside a view -----------------------------------------------------------------------------

    async def press_in_view(
        self, user: str, action_id: str, value: Any = None, *, view: str | View | None = None
    ) -> Payload:
        """Press a button, or choose from a menu, in the person's modal or in a given view or home tab."""
        open_one = self._view(user, view)
        block, element = find_element(open_one.body["blocks"], action_id, None)
        payload = self._interaction("block_actions", user)
        body = copy.deepcopy(open_one.body)
        body["state"] = {"values": state_around(body["blocks"], block, element, value)}
        payload |= {
            "container": {"type": "view", "view_id": open_one.id},
            "view": body,
            "actions": [self._action(block, element, value)],
        }
        return await self.courier.ask("interactive", payload)

    async def suggest(
        self, user: str, action_id: str, typed: str, *, view: str | View | None = None
    ) -> list[Payload]:
        """Type into an external menu of the person's modal and return the options that the app offers."""
        open_one = self._view(user, view)
        block, element = find_element(open_one.body["blocks"], action_id, None)
        if len(typed) < (minimum := element.get("min_query_length", 3)):
            raise CannotDoError(f"{action_id} asks the app only from {minimum} letters on")
        payload = self._interaction("block_suggestion", user)
        del payload["trigger_id"]
        payload |= {"action_id": action_id, "block_id": block["block_id"], "value": typed}
        payload |= {"container": {"type": "view", "view_id": open_one.id}, "view": open_one.body}
        answer = await self.courier.ask("interactive", payload)
        return _checked_options(self, answer)

    # -- helpers -------------------------------------------------------------------------------------------

    def _interaction(self, kind: str, user: str, channel: str | None = None) -> Payload:
        person, world = self.world.users[user], self.world
        payload: Payload = {
            "type": kind,
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team_id},
            "team": {"id": world.team_id, "domain": world.domain},
            "api_app_id": self.bot.app_id,
            "token": "verification",
            "trigger_id": self.new_trigger(user),
            "enterprise": None,
            "is_enterprise_install": False,
        }
        if channel is not None:
            payload["channel"] = {"id": channel, "name": world.channels[channel].name}
        return payload

    def _action(self, block: Payload, element: Payload, value: Any) -> Payload:
        kind = element["type"]
        action: Payload = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"]}
        action["action_ts"] = self.world.new_ts()
        if kind == "button":
            return action | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        if kind == "overflow":
            return {**action, "selected_option": choose(element, value)}
        return {**action, **entered_value(element, value)}

    def _view(self, user: str, view: str | View | None) -> OpenView:
        if view is None:
            found = self.views.top(user)
        else:
            found = self.views.find(view if isinstance(view, str) else view["id"])
        if found is None:
            raise CannotDoError(f"{user} does not see such a view")
        return found


def find_element(blocks: list[Payload], action_id: str, block_id: str | None) -> tuple[Payload, Payload]:
    """Return the block and element with an action_id; in several blocks only with a block_id."""
    found = [
        (block, element)
        for block in blocks
        for element in interactive_elements(block)
        if element["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    if len(found) != 1:
        there = [(b["block_id"], e["action_id"]) for b in blocks for e in interactive_elements(b)]
        raise CannotDoError(f"{len(found)} elements {action_id!r}; there are {there}")
    return found[0]


def state_around(blocks: list[Payload], pressed: Payload, element: Payload, value: Any) -> Payload:
    """Return the state of all menus and inputs around what was pressed."""
    state: Payload = {}
    for block in blocks:
        for other in interactive_elements(block):
            if other["type"] in ("button", "overflow"):
                continue
            same = block["block_id"] == pressed["block_id"] and other["action_id"] == element["action_id"]
            entered = value if same else None
            state.setdefault(block["block_id"], {})[other["action_id"]] = entered_value(other, entered)
    return state


def _checked_options(core: Core, answer: Payload) -> list[Payload]:
    options = list(answer.get("options", ()))
    options += [option for group in answer.get("option_groups", ()) for option in group["options"]]
    report = Report()
    if options:
        report.count(options, 1, 100, "/options")
    for index, option in enumerate(options):
        check_option(option, f"/options/{index}", report, plain=True)
    core.violations += [f"block_suggestion: {problem}" for problem in report.problems]
    return options
