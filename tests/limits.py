"""What is drawn, held against what Slack and Telegram take: the emulators' own checks, without a network.

Beyond them: nothing of ours may be lost or cut on the way, whatever people wrote around it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from telegram import InlineKeyboardMarkup

from bridge.model.panel import Panel
from bridge.model.shapes import Button, Card, File, Post
from bridge.render.post import split
from connectors.chat.slack import blocks, views
from connectors.chat.slack import panels as slack_panels
from connectors.chat.slack.platform import TRAITS as SLACK
from connectors.chat.telegram import panels as telegram_panels
from connectors.chat.telegram import posting, words
from connectors.chat.telegram.panels import KEPT, Kept, Tokens
from connectors.chat.telegram.platform import Platform as Telegram
from tests.emulators.slack.api_chat import MAX_UPDATE_TEXT
from tests.emulators.slack.blocks import message_blocks
from tests.emulators.slack.views import check_view
from tests.emulators.telegram.chats import TOPIC_NAME
from tests.emulators.telegram.markup import CAPTION_LIMIT, TEXT_LIMIT, read_text, utf16_length
from tests.emulators.telegram.sending import checked_keyboard

PICTURE = File("x" * 300 + ".jpg", "image/jpeg", b"\xff\xd8\xff")
WHERE = slack_panels.Where("slack.support", "1700000000.000100", "1700000000.000200")
TALLEST = 60  # buttons under one message: more than a hand can scroll through


def shapes(value: Any) -> Iterator[Post | Card]:
    """Find every card and post inside an effect or a row."""
    if isinstance(value, Post | Card):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from shapes(getattr(value, one.name))


@lru_cache(maxsize=10_000)
def check(shape: Post | Card) -> None:
    """Draw a card or post on both platforms; one that fitted once fits again."""
    if isinstance(shape, Card):
        _card(shape)
        return
    for part in split(shape, SLACK.max_chars):
        _slack_message(blocks.post_blocks(part), blocks.post_text(part), part.buttons)
    for part in split(shape, Telegram.traits.max_chars):
        _telegram_post(part)


def check_panel(panel: Panel, link: str = "https://t.me/c/1234567890/123456") -> None:
    """Draw a panel as a modal, as the Home tab and in a topic. link: of any thread."""
    view = slack_panels.modal(panel, WHERE, lambda _: link)
    check_view(view, "modal")
    check_view(slack_panels.home(panel, WHERE, lambda _: link, ()), "home")
    carried = slack_panels.read(view)
    assert carried is not None, f"{panel.name}: what the form carries cannot be read again"
    assert carried.kept == dict(panel.kept), f"{panel.name}: what the form keeps is cut"
    drawn = list(_slack_buttons(view["blocks"]))
    for row in panel.rows:
        assert row.thread or all(_is_drawn(one, drawn) for one in row.buttons), f"{panel.name}: {row}"
    seen = [b for b in view["blocks"] if b["type"] == "section"]
    assert len(seen) >= len(panel.rows), f"{panel.name}: rows are lost in Slack"
    _labels((*panel.buttons, *(one for row in panel.rows for one in row.buttons)), drawn)
    _telegram_panel(panel, link)


def _is_drawn(button: Button, drawn: Iterable[dict[str, Any]]) -> bool:
    return any(one.get("value") == button.value for one in drawn)


def check_whisper(text: str) -> None:
    """Show a sentence on a pressed button: Telegram's answerCallbackQuery."""
    assert len(text) <= 200, text


def _card(card: Card) -> None:
    drawn = blocks.card_blocks(card)
    _slack_message(drawn, blocks.card_text(card), card.buttons)
    for entry in card.menu:
        if entry.confirm:
            asked = views.sure(entry.label, entry.confirm, {"value": entry.value})
            check_view(asked, "modal")
            _whole(asked["submit"]["text"], entry.label)
            _whole(asked["blocks"][0]["text"]["text"], entry.confirm)
    styled = words.card(card)
    _telegram_text(styled, TEXT_LIMIT)
    _keyboard(words.card_keyboard(card), () if card.closed else card.buttons + card.menu)
    assert 1 <= utf16_length(words.topic_name(card)) <= TOPIC_NAME


# -- Slack ---------------------------------------------------------------------------------------------------


def _slack_message(drawn: list[dict[str, Any]], text: str, buttons: Iterable[Button]) -> None:
    complete = message_blocks(drawn)
    assert 1 <= len(text) <= MAX_UPDATE_TEXT
    _labels(buttons, list(_slack_buttons(complete)))


def _slack_buttons(drawn: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in drawn:
        for element in (*block.get("elements", ()), block.get("accessory")):
            if isinstance(element, dict) and element.get("type") == "button":
                yield element


def _labels(buttons: Iterable[Button], drawn: list[dict[str, Any]]) -> None:
    for button in buttons:
        found = [
            one
            for one in drawn
            if one.get("value") == button.value and f":{button.action}:" in one["action_id"]
        ]
        for element in found[:1]:
            if button.confirm:
                _whole(element["confirm"]["text"]["text"], button.confirm)
                _whole(element["confirm"]["confirm"]["text"], button.label)


def _whole(shown: str, said: str) -> None:
    assert shown == said, f"cut: {said!r} is shown as {shown!r}"


# -- Telegram ------------------------------------------------------------------------------------------------


def _telegram_post(post: Post) -> None:
    for files in ((), (PICTURE,), (PICTURE,) * 10):
        steps = posting.plan(post, files)
        for step in steps:
            _telegram_text(step.text, TEXT_LIMIT if step.kind == "text" else CAPTION_LIMIT)
        _keyboard(next((step.keyboard for step in steps if step.keyboard), None), post.buttons)
        _telegram_text(posting.instead_of(steps[-1], "larger than Telegram takes (50 MB)").text, TEXT_LIMIT)


def _telegram_text(styled: words.Styled, limit: int) -> None:
    read_text(styled.text, None, [one.to_dict() for one in styled.entities], limit=limit)


def _keyboard(markup: InlineKeyboardMarkup | None, buttons: Iterable[Button]) -> list[dict[str, Any]]:
    shown = checked_keyboard(markup.to_dict()) if markup else None
    found = [button for row in (shown or {}).get("inline_keyboard", ()) for button in row]
    carried = [button["callback_data"] for button in found]
    for button in buttons:
        assert words.data(button) in carried, f"Telegram cannot carry {button}"
    return found


def _telegram_panel(panel: Panel, link: str) -> None:
    tokens = Tokens()
    styled, markup = telegram_panels.shown(panel, tokens, lambda _: link)
    _telegram_text(styled, TEXT_LIMIT)
    found = _keyboard(markup, ())
    assert len(found) <= TALLEST, f"{panel.name}: {len(found)} buttons"
    does = [_does(one["callback_data"], tokens) for one in found]
    buttons = (*panel.buttons, *(one for row in panel.rows for one in row.buttons))
    for button in buttons:
        assert (button.action, button.value) in does, f"{panel.name}: Telegram lost {button}"
    for row in panel.rows:
        assert words.inert(row.text)[:12] in styled.text, f"{panel.name}: Telegram lost {row}"
    for line in panel.usage:
        assert telegram_panels.sends(panel) or f"/{words.inert(line)}" in styled.text, (
            f"{panel.name}: Telegram lost {line}"
        )


def _does(data: str, tokens: Tokens) -> tuple[str, str]:
    action, _, value = data.removeprefix(words.ASK).partition(":")
    kept = tokens.get(value) if action == KEPT else None
    return (kept.action, kept.value) if isinstance(kept, Kept) else (action, value)
