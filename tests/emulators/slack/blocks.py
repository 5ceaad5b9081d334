"""Block Kit, checked: every block, element and text against Slack's limits before anything is stored.

The checks come in three sizes: this module knows blocks, `elements.py` knows what stands inside them, and
`Report` collects what is wrong with a JSON pointer to the place, as Slack's own answers do.
"""

from __future__ import annotations

import copy
import json
from typing import Any
from uuid import uuid4

from .elements import Report, check_element, check_keys, check_text
from .errors import SlackError

BLOCK_KEYS: dict[str, tuple[str, str]] = {
    "section": ("", "text fields accessory expand"),
    "divider": ("", ""),
    "header": ("text", ""),
    "context": ("elements", ""),
    "actions": ("elements", ""),
    "image": ("alt_text", "image_url slack_file title"),
    "input": ("label element", "dispatch_action hint optional"),
    "rich_text": ("elements", ""),
    "markdown": ("text", ""),
}
ONLY_IN_MESSAGES = frozenset({"markdown"})
RICH_CONTAINERS: dict[str, tuple[str, str]] = {
    "rich_text_section": ("elements", ""),
    "rich_text_list": ("elements style", "indent offset border"),
    "rich_text_preformatted": ("elements", "border"),
    "rich_text_quote": ("elements", "border"),
}
RICH_ELEMENTS: dict[str, tuple[str, str]] = {
    "text": ("text", "style"),
    "link": ("url", "text style unsafe"),
    "emoji": ("name", "unicode skin_tone style display_team_id display_url"),
    "user": ("user_id", "style"),
    "usergroup": ("usergroup_id", "style"),
    "channel": ("channel_id", "style"),
    "broadcast": ("range", "style"),
    "date": ("timestamp format", "url fallback style"),
    "color": ("value", ""),
}
ACTIONS_ELEMENTS = frozenset(
    {
        *("button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"),
        *("static_select", "external_select", "users_select", "conversations_select", "channels_select"),
    }
)
MULTI_SELECTS = frozenset(
    {
        *("multi_static_select", "multi_external_select", "multi_users_select"),
        *("multi_conversations_select", "multi_channels_select"),
    }
)
TEXT_INPUTS = frozenset(
    {
        *("plain_text_input", "email_text_input", "url_text_input", "number_input"),
        *("file_input", "rich_text_input"),
    }
)
SECTION_ACCESSORIES = ACTIONS_ELEMENTS | MULTI_SELECTS | {"image"}
INPUT_ELEMENTS = (ACTIONS_ELEMENTS - {"button", "overflow"}) | MULTI_SELECTS | TEXT_INPUTS
MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MAX_BLOCK_TEXT = 13_200


def check_blocks(blocks: Any, surface: str, report: Report) -> None:
    """Report everything that is wrong with a list of blocks on a message, modal or home tab."""
    if not isinstance(blocks, list):
        report.add("/blocks", "must be an array")
        return
    if len(blocks) > MAX_BLOCKS[surface]:
        report.add("/blocks", f"no more than {MAX_BLOCKS[surface]} items allowed")
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        path = f"/blocks/{index}"
        _check_block(block, surface, path, report)
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if block_id is not None and block_id in seen:
            report.add(path, f"block_id {block_id} already exists")
        seen.add(str(block_id))


def message_blocks(blocks: Any) -> list[dict[str, Any]]:
    """Check the blocks of a message and complete them with the ids that Slack makes up."""
    report = Report()
    check_blocks(blocks, "message", report)
    if report.problems:
        raise SlackError("invalid_blocks", *report.problems, violation=True)
    if text_length(blocks) > MAX_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long", violation=True)
    return complete(blocks)


def complete(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a copy in which every block has a block_id and every interactive element an action_id."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", uuid4().hex[:5])
        for element in interactive_elements(block):
            element.setdefault("action_id", uuid4().hex[:5])
    return blocks


def interactive_elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a person can click, choose or fill in inside one block."""
    candidates = [block.get("accessory"), block.get("element")]
    if block["type"] == "actions":
        candidates += block["elements"]
    return [element for element in candidates if element and element["type"] != "image"]


def text_length(value: Any) -> int:
    """Return how many characters of text a structure of blocks shows."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(text_length(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(text_length(inner) for inner in value)
    return 0


def _check_block(block: Any, surface: str, path: str, report: Report) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in BLOCK_KEYS or (kind in ONLY_IN_MESSAGES and surface != "message"):
        report.add(path, f"unsupported type: {kind}")
        return
    required, optional = BLOCK_KEYS[kind]
    if not check_keys(block, required, optional + " block_id", path, report):
        return
    report.limit(block.get("block_id"), 255, f"{path}/block_id")
    check = {
        "section": _check_section,
        "header": _check_header,
        "context": _check_context,
        "actions": _check_actions,
        "image": _check_image,
        "input": _check_input,
        "rich_text": _check_rich_text,
        "markdown": _check_markdown,
    }.get(kind)
    if check:
        check(block, path, report)


def _check_section(block: dict[str, Any], path: str, report: Report) -> None:
    if not block.get("text") and not block.get("fields"):
        report.add(path, "a section needs text or fields")
    if "text" in block:
        check_text(block["text"], 3000, f"{path}/text", report)
    fields = block.get("fields", [])
    report.count(fields, 1 if "fields" in block else 0, 10, f"{path}/fields")
    for index, field in enumerate(fields):
        check_text(field, 2000, f"{path}/fields/{index}", report)
    if "accessory" in block:
        check_element(block["accessory"], SECTION_ACCESSORIES, f"{path}/accessory", report)


def _check_header(block: dict[str, Any], path: str, report: Report) -> None:
    check_text(block["text"], 150, f"{path}/text", report, plain=True)


def _check_context(block: dict[str, Any], path: str, report: Report) -> None:
    report.count(block["elements"], 1, 10, f"{path}/elements")
    for index, element in enumerate(block["elements"]):
        place = f"{path}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_element(element, frozenset({"image"}), place, report)
        else:
            check_text(element, 2000, place, report)


def _check_actions(block: dict[str, Any], path: str, report: Report) -> None:
    report.count(block["elements"], 1, 25, f"{path}/elements")
    seen: set[str] = set()
    for index, element in enumerate(block["elements"]):
        place = f"{path}/elements/{index}"
        check_element(element, ACTIONS_ELEMENTS, place, report)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id is not None and action_id in seen:
            report.add(place, f"action_id {action_id} already exists in this block")
        seen.add(str(action_id))


def _check_image(block: dict[str, Any], path: str, report: Report) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        report.add(path, "an image needs either image_url or slack_file")
    report.limit(block.get("image_url"), 3000, f"{path}/image_url")
    report.limit(block["alt_text"], 2000, f"{path}/alt_text")
    if "title" in block:
        check_text(block["title"], 2000, f"{path}/title", report, plain=True)


def _check_input(block: dict[str, Any], path: str, report: Report) -> None:
    check_text(block["label"], 2000, f"{path}/label", report, plain=True)
    if "hint" in block:
        check_text(block["hint"], 2000, f"{path}/hint", report, plain=True)
    check_element(block["element"], INPUT_ELEMENTS, f"{path}/element", report)


def _check_markdown(block: dict[str, Any], path: str, report: Report) -> None:
    report.limit(block["text"], 12_000, f"{path}/text", minimum=1)


def _check_rich_text(block: dict[str, Any], path: str, report: Report) -> None:
    report.count(block["elements"], 1, 1000, f"{path}/elements")
    for index, container in enumerate(block["elements"]):
        _check_rich_container(container, f"{path}/elements/{index}", report)


def _check_rich_container(container: Any, path: str, report: Report) -> None:
    kind = container.get("type") if isinstance(container, dict) else None
    if kind not in RICH_CONTAINERS:
        report.add(path, f"unsupported type: {kind}")
        return
    if not check_keys(container, *RICH_CONTAINERS[kind], path, report):
        return
    for index, element in enumerate(container["elements"]):
        place = f"{path}/elements/{index}"
        if kind == "rich_text_list":
            _check_rich_container(element, place, report)
        else:
            _check_rich_element(element, place, report)


def _check_rich_element(element: Any, path: str, report: Report) -> None:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in RICH_ELEMENTS:
        report.add(path, f"unsupported type: {kind}")
    elif check_keys(element, *RICH_ELEMENTS[kind], path, report) and kind == "text":
        report.limit(element["text"], MAX_BLOCK_TEXT * 10, f"{path}/text", minimum=1)


def check_metadata(metadata: Any) -> dict[str, Any]:
    """Check the metadata of a message: flat values, or one level of objects of flat values."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format", violation=True)
    kind, payload = metadata["event_type"], metadata["event_payload"]
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format", violation=True)
    for name, value in payload.items():
        inner = value.values() if isinstance(value, dict) else [value]
        if not all(isinstance(leaf, str | int | float) for leaf in inner):
            raise SlackError("invalid_metadata_schema", name, violation=True)
    if len(json.dumps(metadata)) > 8000:
        raise SlackError("metadata_too_large", violation=True)
    return metadata
