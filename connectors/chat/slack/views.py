"""The forms that open over Slack, and what comes back from them (docs.slack.dev/surfaces/modals)."""

import json
from collections.abc import Mapping
from typing import Any, Final

from connectors.chat.slack.blocks import Block, plain

NEW: Final = "tl:new"
SURE: Final = "tl:sure"


def new(desks: Mapping[str, str], lines: Mapping[str, str], number: str, text: str) -> Block:
    """Ask whom to text. desks and lines: name -> what is shown; a choice of one is not asked."""
    entry = {"type": "plain_text_input", "action_id": "number", "placeholder": plain("(555) 010-0199", 150)}
    words = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 1600}
    blocks = [
        _input("number", "Number or name", {**entry, **({"initial_value": number[:100]} if number else {})}),
        _input(
            "text", "Message", {**words, **({"initial_value": text[:1600]} if text else {})}, optional=True
        ),
        *([_choice("line", "From", lines)] if len(lines) > 1 else []),
        *([_choice("desk", "In", desks)] if len(desks) > 1 else []),
    ]
    return {
        "type": "modal",
        "callback_id": NEW,
        "title": plain("New text message", 24),
        "submit": plain("Start", 24),
        "close": plain("Cancel", 24),
        "private_metadata": json.dumps({"desk": next(iter(desks), ""), "line": next(iter(lines), "")}),
        "blocks": blocks,
    }


def sure(label: str, question: str, press: Mapping[str, str]) -> Block:
    """Ask whether a menu entry is meant; press: what to do then."""
    return {
        "type": "modal",
        "callback_id": SURE,
        "title": plain("Are you sure?", 24),
        "submit": plain(label, 24),
        "close": plain("Cancel", 24),
        "private_metadata": json.dumps(dict(press)),
        "blocks": [{"type": "section", "text": plain(question or f"{label}?", 300)}],
    }


def _input(name: str, label: str, element: Block, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "optional": optional,
        "element": element,
    }


def _choice(name: str, label: str, choices: Mapping[str, str]) -> Block:
    options = [{"text": plain(shown, 75), "value": key} for key, shown in choices.items()][:100]
    select = {"type": "static_select", "action_id": name, "options": options, "initial_option": options[0]}
    return _input(name, label, select)


def kept(view: Mapping[str, Any]) -> dict[str, str]:
    """Give what a form carried along."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def entered(view: Mapping[str, Any]) -> dict[str, str]:
    """Give what was filled in, by the name of the field."""
    values = (view.get("state") or {}).get("values") or {}
    found: dict[str, str] = {}
    for name, fields in values.items():
        for field in fields.values():
            chosen = field.get("selected_option") or {}
            found[str(name)] = str(field.get("value") or chosen.get("value") or "")
    return found
