"""The forms that open over Slack, and what comes back from them (docs.slack.dev/surfaces/modals)."""

import json
from collections.abc import Mapping
from typing import Any, Final

from connectors.chat.slack.blocks import Block, plain

SURE: Final = "tl:sure"


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
            ticked = "\n".join(str(one.get("value", "")) for one in field.get("selected_options") or ())
            found[str(name)] = str(field.get("value") or chosen.get("value") or ticked)
    return found
