"""Texts of ours: what they cost, and how they leave."""

from dataclasses import replace

from bridge.decide import effects
from bridge.decide.deciding import Deciding
from bridge.model.decision import Line
from bridge.model.nouns import Message
from bridge.model.shapes import Mark
from bridge.model.text import shorten
from bridge.render import words
from bridge.render.cost import Cost, cost

QUOTED = 60  # characters of a text that a notice quotes
MACHINE = "machine"
AUTOMATIC_KINDS = frozenset({"auto", "confirmation", "data", "poll"})


def quote(text: str) -> str:
    """Give the beginning of a text, on one line, for a notice."""
    return shorten(" ".join(text.split()), QUOTED)


def long_messages(line: Line) -> str:
    """Say how long texts leave: a line that cannot send pictures cannot send MMS either."""
    return line.long_messages if line.traits.sends_media else "segments"


def price(line: Line, message: Message) -> Cost:
    """Say what a message costs on its line."""
    return cost(message.text, len(message.media), long_messages(line))


def in_words(price: Cost) -> str:
    """Say a price: "MMS, 3 credits"."""
    if price.as_mms:
        return words.MMS_PRICE.format(credits=price.credits)
    if price.credits > 1:
        return words.SEGMENTS_PRICE.format(segments=price.segments, credits=price.credits)
    return words.ONE_CREDIT


def dispatch(d: Deciding, message: Message, line: Line, answers_stop: bool = False) -> Message:
    """Commit a message to go out. Nobody who opted out gets one, but for what answers STOP or HELP."""
    assert d.contact is not None
    assert answers_stop or d.contact.opted_out_at is None, "nothing goes out after STOP"
    cost = price(line, message)
    message = replace(
        message, state="queued", direction="out", segments=cost.segments, credits=cost.credits, error=None
    )
    d.save(message)
    d.effect(effects.send_sms(d.ids(), message, line, d.contact.address, cost.as_mms, answers_stop))
    return message


def cancel(d: Deciding, message: Message, why: str) -> Message:
    """Keep a message from going out, and say so on it."""
    if message.state == "queued":
        d.stop_text(message.id)
    message = replace(message, state="cancelled", error=why, hold_until=None)
    d.save(message)
    d.mark(message, Mark.CANCELLED)
    return message
