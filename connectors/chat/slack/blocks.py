"""Cards and posts as Block Kit.

Nothing here is mrkdwn: bodies are rich_text, all else is plain_text, so that nobody's words can ping,
link or format (mrkdwn has no escape for * _ ~ and back-ticks). Cards hold no rich_text and posts always
do, because chat.update cannot take it away again (block_mismatch). Limits: slack_sdk.models and the
pages of docs.slack.dev/reference/block-kit.
"""

from collections.abc import Sequence
from typing import Any, Final

from bridge.model.shapes import Button, Card, Post
from bridge.model.text import clean, shorten

Block = dict[str, Any]

MAX_BODY: Final = 7_500  # of a post; all texts of a message together are kept under 12,000
_PIECE: Final = 3_000
_HEAD, _FOOT, _NOTICE, _TITLE = 300, 600, 900, 150
_FACT, _FACTS, _FIELDS = 200, 20, 10
_LABEL, _VALUE, _OPTION_VALUE = 75, 2_000, 150
_PER_ROW, _BUTTONS, _MENU = 5, 10, 5
_QUESTION = 150
_FALLBACK: Final = 700  # characters of `text`, before escaping: chat.update takes 4,000

MENU: Final = "menu"
ASK_FIRST: Final = "?"  # before the action of a menu entry that asks before it happens


def escape(text: str) -> str:
    """Write text so that Slack shows it (docs.slack.dev/messaging/formatting-message-text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int) -> Block:
    """Make a plain_text object: literal, and `:)` stays as it is."""
    return {"type": "plain_text", "text": shorten(clean(text), limit) or " ", "emoji": False}


# -- posts ---------------------------------------------------------------------------------------------------


def post_blocks(post: Post) -> list[Block]:
    """Draw a post."""
    blocks: list[Block] = [{"type": "rich_text", "elements": [_section(post.head, post.body)]}]
    blocks += _rows(post.buttons, ())
    if post.foot:
        blocks.append({"type": "context", "elements": [plain(post.foot, _FOOT)]})
    return blocks


def post_text(post: Post) -> str:
    """Give what notifications show of a post."""
    words = f"{post.head}: {post.body}" if post.head and post.body else post.head or post.body or "📎"
    return escape(shorten(clean(words), _FALLBACK))


def _section(head: str, body: str) -> Block:
    elements: list[Block] = []
    if head:
        bold = {"type": "text", "text": shorten(clean(head), _HEAD), "style": {"bold": True}}
        elements.append(bold)
    if body:
        body = shorten(clean(body), MAX_BODY)
        body = f"\n{body}" if head else body
        elements += [{"type": "text", "text": body[i : i + _PIECE]} for i in range(0, len(body), _PIECE)]
    return {"type": "rich_text_section", "elements": elements or [{"type": "text", "text": "📎"}]}


# -- cards ---------------------------------------------------------------------------------------------------


def card_blocks(card: Card) -> list[Block]:
    """Draw a card; a closed one is a line."""
    if card.closed:
        blocks: list[Block] = [{"type": "section", "text": plain(card.title, _NOTICE)}]
    else:
        blocks = [{"type": "header", "text": plain(card.title, _TITLE)}]
    facts = [plain(f"{label}: {value}", _FACT) for label, value in card.facts[:_FACTS]]
    blocks += [{"type": "section", "fields": facts[i : i + _FIELDS]} for i in range(0, len(facts), _FIELDS)]
    if card.notice:
        blocks.append({"type": "section", "text": plain(card.notice, _NOTICE)})
    return blocks + _rows(card.buttons, card.menu)


def card_text(card: Card) -> str:
    """Give what notifications show of a card."""
    return escape(shorten(clean(card.title), _FALLBACK)) or "…"


# -- buttons -------------------------------------------------------------------------------------------------


def _rows(buttons: Sequence[Button], menu: Sequence[Button]) -> list[Block]:
    """Lay buttons out in rows, the menu at the end of the last one.

    A menu takes five entries, and values of 150 characters: whatever does not fit becomes a button.
    """
    fits = [entry for entry in menu if len(_menu_value(entry)) <= _OPTION_VALUE][:_MENU]
    others = [entry for entry in menu if entry not in fits]
    elements = [_button(button, n) for n, button in enumerate([*buttons, *others][:_BUTTONS])]
    if fits:
        elements.append(_menu(fits, len(elements)))
    return [
        {"type": "actions", "elements": elements[i : i + _PER_ROW]} for i in range(0, len(elements), _PER_ROW)
    ]


def buttons_in_rows(buttons: Sequence[Button], first: int) -> list[Block]:
    """Lay buttons out in a view. first: a number from which on no other button of the view is counted."""
    elements = [_button(button, first + n) for n, button in enumerate(buttons)]
    return [
        {"type": "actions", "elements": elements[i : i + _PER_ROW]} for i in range(0, len(elements), _PER_ROW)
    ]


def _button(button: Button, number: int) -> Block:
    element: Block = {
        "type": "button",
        "text": plain(button.label, _LABEL),
        "action_id": f"tl:{button.action}:{number}",
        "value": button.value[:_VALUE],
    }
    if button.danger:
        element["style"] = "danger"
    if button.confirm:
        element["confirm"] = _confirm(button)
    return element


def _confirm(button: Button) -> Block:
    return {
        "title": plain(button.label, _LABEL),
        "text": plain(button.confirm, _QUESTION),
        "confirm": plain(button.label, 30),
        "deny": plain("Cancel", 30),
    }


def _menu(entries: Sequence[Button], number: int) -> Block:
    options = [{"text": plain(entry.label, _LABEL), "value": _menu_value(entry)} for entry in entries]
    return {"type": "overflow", "action_id": f"tl:{MENU}:{number}", "options": options}


def _menu_value(entry: Button) -> str:
    """A menu has one confirmation for all its entries, so an entry's own is asked in a form (views.sure)."""
    return f"{ASK_FIRST if entry.confirm else ''}{entry.action}:{entry.value}"


def pressed(action: Block) -> tuple[str, str, bool] | None:
    """Read an entry of `actions` of a block_actions payload: action, value, whether to ask first."""
    parts = str(action.get("action_id", "")).split(":")
    if len(parts) != 3 or parts[0] != "tl":
        return None
    if parts[1] != MENU:
        return parts[1], str(action.get("value") or ""), False
    name, _, value = str((action.get("selected_option") or {}).get("value", "")).partition(":")
    return name.removeprefix(ASK_FIRST), value, name.startswith(ASK_FIRST)
