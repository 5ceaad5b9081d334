"""Modals and home tabs: their limits, their stacks of at most three, and what a person fills in."""

from __future__ import annotations

import copy
import json
import time
from dataclasses import dataclass
from typing import Any

from .blocks import check_blocks, complete, interactive_elements
from .elements import Report, check_keys, check_text
from .errors import CannotDoError, SlackError, bad_arguments

View = dict[str, Any]
MODAL_KEYS = (
    "title blocks",
    "submit close private_metadata callback_id clear_on_close notify_on_close external_id submit_disabled",
)
HOME_KEYS = ("blocks", "private_metadata callback_id external_id")
MAX_STACK = 3
MAX_VIEW_BYTES = 250_000


def check_view(view: Any, kind: str) -> View:
    """Return a view, completed, if Slack accepts it on this surface; else raise what Slack would answer."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise bad_arguments(f"must be a view of type {kind} [json-pointer:/view/type]")
    report = Report()
    keys = MODAL_KEYS if kind == "modal" else HOME_KEYS
    if check_keys(view, *keys, "/view", report):
        check_blocks(view["blocks"], kind, report)
    if kind == "modal":
        _check_modal(view, report)
    report.limit(view.get("private_metadata"), 3000, "/view/private_metadata")
    report.limit(view.get("callback_id"), 255, "/view/callback_id")
    report.limit(view.get("external_id"), 255, "/view/external_id")
    if report.problems:
        raise bad_arguments(*report.problems)
    if len(json.dumps(view)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large", violation=True)
    return {**view, "blocks": complete(view["blocks"])}


def _check_modal(view: View, report: Report) -> None:
    for part in ("title", "submit", "close"):
        if part in view:
            check_text(view[part], 24, f"/view/{part}", report, plain=True)
    blocks = view.get("blocks")
    has_inputs = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks or ())
    if has_inputs and "submit" not in view:
        report.add("/view/submit", "a view with input blocks needs a submit button")


@dataclass
class OpenView:
    """A view on somebody's screen; `body` is what the API shows of it."""

    user: str
    body: View

    @property
    def id(self) -> str:
        """Return the id of the view."""
        return str(self.body["id"])


class Views:
    """Every person's stack of modals and home tab."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[OpenView]] = {}
        self.homes: dict[str, OpenView] = {}

    def find(self, view_id: str = "", external_id: str = "") -> OpenView | None:
        """Return an open view by id or external id."""
        for view in [*self.homes.values(), *(v for stack in self.stacks.values() for v in stack)]:
            if (view_id and view.id == view_id) or (external_id and view.body["external_id"] == external_id):
                return view
        return None

    def top(self, user: str) -> OpenView | None:
        """Return the modal that a person sees."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, user: str, body: View) -> OpenView:
        """Start a new stack."""
        self._refuse_double(body)
        view = OpenView(user, {**body, "root_view_id": body["id"], "previous_view_id": None})
        self.stacks[user] = [view]
        return view

    def push(self, user: str, body: View) -> OpenView:
        """Put a view on top of the person's stack."""
        self._refuse_double(body)
        stack = self.stacks.get(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached", violation=True)
        view = OpenView(user, {**body, "root_view_id": stack[0].id, "previous_view_id": stack[-1].id})
        stack.append(view)
        return view

    def publish(self, user: str, body: View, wanted_hash: str | None) -> OpenView:
        """Replace a person's home tab."""
        current = self.homes.get(user)
        if current is not None:
            _check_hash(current, wanted_hash)
            body = {**body, "id": current.id}
        view = OpenView(user, {**body, "root_view_id": body["id"], "previous_view_id": None})
        self.homes[user] = view
        return view

    def update(self, view: OpenView, body: View, wanted_hash: str | None = None) -> None:
        """Replace the content of an open view, keeping its place and id."""
        _check_hash(view, wanted_hash)
        kept = {key: view.body[key] for key in ("id", "root_view_id", "previous_view_id")}
        view.body = {**body, **kept}

    def close(self, view: OpenView, whole_stack: bool = False) -> list[OpenView]:
        """Take a view, or its whole stack, off the screen; return what disappeared."""
        stack = self.stacks.get(view.user, [])
        gone = [other for other in stack if whole_stack or other is view]
        self.stacks[view.user] = [other for other in stack if other not in gone]
        return gone

    def _refuse_double(self, body: View) -> None:
        if body["external_id"] and self.find(external_id=body["external_id"]):
            raise SlackError("duplicate_external_id", violation=True)


def _check_hash(view: OpenView, wanted: str | None) -> None:
    if wanted and wanted != view.body["hash"]:
        raise SlackError("hash_conflict")


def view_body(view: View, view_id: str, team_id: str, app_id: str, bot_id: str) -> View:
    """Return a checked view as Slack's answers and payloads show it."""
    defaults: View = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit_disabled": False,
        "title": None,
        "submit": None,
        "close": None,
    }
    return {
        **defaults,
        **view,
        "id": view_id,
        "team_id": team_id,
        "app_id": app_id,
        "app_installed_team_id": team_id,
        "bot_id": bot_id,
        "hash": f"{time.time():.6f}.{view_id}",
        "state": {"values": {}},
    }


def fill_in(view: View, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return `state.values` for what a person entered, keyed by block_id or action_id.

    Refuses what Slack's own form would not let through: an unknown field, or a required one left empty.
    """
    state: dict[str, dict[str, Any]] = {}
    left = dict(values)
    for block in view["blocks"]:
        for element in interactive_elements(block):
            if element["type"] in ("button", "overflow"):
                continue
            key = block["block_id"] if block["block_id"] in left else element["action_id"]
            entered = left.pop(key, None)
            if isinstance(entered, dict) and element["action_id"] in entered:
                entered = entered[element["action_id"]]
            entry = entered_value(element, entered)
            if block["type"] == "input" and not block.get("optional") and not any(list(entry.values())[1:]):
                raise CannotDoError(f"{block['label']['text']} ({block['block_id']}) must be filled in")
            state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    if left:
        raise CannotDoError(f"the form has no fields {sorted(left)}, only {sorted(state)}")
    return state


_VALUE_KEYS: dict[str, tuple[str, str]] = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}


def entered_value(element: dict[str, Any], entered: Any) -> dict[str, Any]:
    """Return one element's part of the state: what was entered, or what it started with."""
    kind = element["type"]
    key, initial = _VALUE_KEYS.get(kind, ("value", "initial_value"))
    if entered is None:
        entered = element.get(initial, [] if key.endswith("s") else None)
    elif key == "selected_option":
        entered = choose(element, entered)
    elif key == "selected_options":
        entered = [choose(element, one) for one in entered]
    elif key == "value" and not isinstance(entered, dict):
        entered = _text_entry(element, str(entered))
    return {"type": kind, key: copy.deepcopy(entered)}


def _text_entry(element: dict[str, Any], text: str) -> str:
    if not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
        raise CannotDoError(f"{element['action_id']} does not take {len(text)} characters")
    return text


def choose(element: dict[str, Any], wanted: Any) -> dict[str, Any]:
    """Return the option that a person means by value or label; external menus take any whole option."""
    if isinstance(wanted, dict):
        return wanted
    options = list(element.get("options", ()))
    options += [option for group in element.get("option_groups", ()) for option in group["options"]]
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return dict(option)
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    raise CannotDoError(f"no option {wanted!r}; there are {[option['value'] for option in options]}")
