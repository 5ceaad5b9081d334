"""What stands inside a block: buttons, menus, inputs, and the texts on them, with their limits."""

from __future__ import annotations

from typing import Any

OPTION_TEXT, OPTION_VALUE = 75, 150
SELECT = "placeholder initial_option options option_groups confirm focus_on_load"
MULTI = "placeholder initial_options options option_groups confirm focus_on_load max_selected_items"
ENTRY = "placeholder initial_value focus_on_load dispatch_action_config"
ELEMENT_KEYS: dict[str, tuple[str, str]] = {
    "button": ("text", "url value style confirm accessibility_label"),
    "overflow": ("options", "confirm"),
    "static_select": ("", SELECT),
    "external_select": ("", "placeholder initial_option min_query_length confirm focus_on_load"),
    "users_select": ("", "placeholder initial_user confirm focus_on_load"),
    "conversations_select": (
        "",
        "placeholder initial_conversation default_to_current_conversation confirm response_url_enabled filter"
        " focus_on_load",
    ),
    "channels_select": ("", "placeholder initial_channel confirm response_url_enabled focus_on_load"),
    "multi_static_select": ("", MULTI),
    "multi_external_select": (
        "",
        "placeholder initial_options min_query_length confirm focus_on_load max_selected_items",
    ),
    "multi_users_select": ("", "placeholder initial_users confirm focus_on_load max_selected_items"),
    "multi_conversations_select": (
        "",
        "placeholder initial_conversations default_to_current_conversation confirm filter focus_on_load"
        " max_selected_items",
    ),
    "multi_channels_select": ("", "placeholder initial_channels confirm focus_on_load max_selected_items"),
    "datepicker": ("", "placeholder initial_date confirm focus_on_load"),
    "timepicker": ("", "placeholder initial_time confirm focus_on_load timezone"),
    "datetimepicker": ("", "initial_date_time confirm focus_on_load"),
    "checkboxes": ("options", "initial_options confirm focus_on_load"),
    "radio_buttons": ("options", "initial_option confirm focus_on_load"),
    "plain_text_input": ("", ENTRY + " multiline min_length max_length"),
    "email_text_input": ("", ENTRY),
    "url_text_input": ("", ENTRY),
    "number_input": ("is_decimal_allowed", ENTRY + " min_value max_value"),
    "file_input": ("", "filetypes max_files"),
    "rich_text_input": ("", ENTRY),
    "image": ("alt_text", "image_url slack_file"),
}
MAX_OPTIONS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}


class Report:
    """Collects what is wrong, each with a JSON pointer to the place."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def add(self, path: str, problem: str) -> None:
        """Note one problem."""
        self.problems.append(f"{problem} [json-pointer:{path}]")

    def limit(self, value: Any, maximum: int, path: str, minimum: int = 0) -> None:
        """Note a value that is no string, is too long or is too short; None means absent."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add(path, "must be a string")
        elif len(value) > maximum:
            self.add(path, f"must be less than {maximum + 1} characters")
        elif len(value) < minimum:
            self.add(path, f"must be more than {minimum - 1} characters")

    def count(self, items: Any, minimum: int, maximum: int, path: str) -> None:
        """Note a list with too few or too many items."""
        if not isinstance(items, list):
            self.add(path, "must be an array")
        elif not minimum <= len(items) <= maximum:
            self.add(path, f"must have between {minimum} and {maximum} items")


def check_keys(value: dict[str, Any], required: str, optional: str, path: str, report: Report) -> bool:
    """Note missing and unknown keys and JSON nulls; False when a required one is missing."""
    needed, allowed = set(required.split()), set(optional.split()) | {"type"}
    for key in sorted(needed - value.keys()):
        report.add(path, f"missing required field: {key}")
    for key in sorted(value.keys() - needed - allowed):
        report.add(path, f"invalid additional property: {key}")
    for key, inner in value.items():
        if inner is None:
            report.add(f"{path}/{key}", "null is not allowed")
    return needed <= value.keys() and None not in value.values()


def check_text(value: Any, maximum: int, path: str, report: Report, plain: bool = False) -> None:
    """Check a text object; labels, titles and buttons take `plain_text` only."""
    kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if not isinstance(value, dict) or value.get("type") not in kinds:
        report.add(path, f"must be a text object of type {' or '.join(sorted(kinds))}")
        return
    optional = "emoji" if value["type"] == "plain_text" else "verbatim"
    if check_keys(value, "text", optional, path, report):
        report.limit(value["text"], maximum, f"{path}/text", minimum=1)


def check_element(element: Any, allowed: frozenset[str], path: str, report: Report) -> None:
    """Check one element: its type for this place, its keys and its limits."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in ELEMENT_KEYS or kind not in allowed:
        report.add(path, f"unsupported type: {kind}")
        return
    required, optional = ELEMENT_KEYS[kind]
    identity = "" if kind == "image" else " action_id"
    if not check_keys(element, required, optional + identity, path, report):
        return
    report.limit(element.get("action_id"), 255, f"{path}/action_id", minimum=1)
    if "placeholder" in element:
        check_text(element["placeholder"], 150, f"{path}/placeholder", report, plain=True)
    if "confirm" in element:
        _check_confirm(element["confirm"], f"{path}/confirm", report)
    if kind == "button":
        _check_button(element, path, report)
    elif "text_input" in kind:
        _check_entry(element, path, report)
    elif kind in MAX_OPTIONS or "static_select" in kind:
        _check_choices(element, path, report)
    elif "initial_option" in element:
        check_option(element["initial_option"], f"{path}/initial_option", report, plain=True)


def _check_button(element: dict[str, Any], path: str, report: Report) -> None:
    check_text(element["text"], 75, f"{path}/text", report, plain=True)
    report.limit(element.get("value"), 2000, f"{path}/value")
    report.limit(element.get("url"), 3000, f"{path}/url")
    report.limit(element.get("accessibility_label"), 75, f"{path}/accessibility_label")
    if element.get("style", "primary") not in {"primary", "danger"}:
        report.add(f"{path}/style", "must be primary or danger")


def _check_entry(element: dict[str, Any], path: str, report: Report) -> None:
    report.limit(element.get("initial_value"), 3000, f"{path}/initial_value")
    for key in ("min_length", "max_length"):
        if not 0 <= element.get(key, 1) <= 3000:
            report.add(f"{path}/{key}", "must be between 0 and 3000")


def _check_confirm(confirm: Any, path: str, report: Report) -> None:
    optional = "confirm deny style"
    if not isinstance(confirm, dict) or not check_keys(confirm, "title text", optional, path, report):
        report.add(path, "must be a confirmation dialog")
        return
    for key, maximum in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if key in confirm:
            check_text(confirm[key], maximum, f"{path}/{key}", report, plain=key != "text")


def _check_choices(element: dict[str, Any], path: str, report: Report) -> None:
    if ("options" in element) == ("option_groups" in element):
        report.add(path, "needs either options or option_groups")
        return
    kind = element["type"]
    options = _check_options(element, kind, path, report)
    chosen = element.get("initial_options", [])
    if "initial_option" in element:
        chosen = [*chosen, element["initial_option"]]
    for option in chosen:
        if option not in options:
            report.add(path, "the initial option is not among the options")


def _check_options(element: dict[str, Any], kind: str, path: str, report: Report) -> list[Any]:
    plain = kind not in {"checkboxes", "radio_buttons"}
    groups = element.get("option_groups")
    lists = [(element.get("options"), f"{path}/options")]
    if groups is not None:
        report.count(groups, 1, 100, f"{path}/option_groups")
        place = f"{path}/option_groups"
        lists = [(group.get("options"), f"{place}/{n}/options") for n, group in enumerate(groups)]
        for index, group in enumerate(groups):
            check_text(group.get("label"), 75, f"{path}/option_groups/{index}/label", report, plain=True)
    found: list[Any] = []
    for options, place in lists:
        report.count(options, 1, MAX_OPTIONS.get(kind, 100), place)
        for index, option in enumerate(options or ()):
            check_option(option, f"{place}/{index}", report, plain, url=kind == "overflow")
            found.append(option)
    return found


def check_option(option: Any, path: str, report: Report, plain: bool, url: bool = False) -> None:
    """Check one option of a menu."""
    optional = "description url" if url else "description"
    if not isinstance(option, dict) or not check_keys(option, "text value", optional, path, report):
        report.add(path, "must be an option with text and value")
        return
    check_text(option["text"], OPTION_TEXT, f"{path}/text", report, plain)
    report.limit(option["value"], OPTION_VALUE, f"{path}/value", minimum=1)
    if "description" in option:
        check_text(option["description"], OPTION_TEXT, f"{path}/description", report, plain)
