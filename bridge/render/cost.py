"""What a text costs, in the credits that staff see."""

from dataclasses import dataclass

from bridge.render.segments import measure, straighten

MMS_CREDITS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """segments: what it takes of the number's rate (an MMS is one); credits: what staff see."""

    segments: int
    credits: int
    as_mms: bool


def cost(text: str, media_count: int, long_messages: str) -> Cost:
    """One part is one credit. Longer: one MMS for 3, or one credit a segment, as the line has it."""
    parts = measure(text).parts
    if media_count or (parts > 1 and long_messages == "mms"):
        return Cost(segments=1, credits=MMS_CREDITS, as_mms=True)
    return Cost(segments=parts, credits=parts, as_mms=False)


def cheaper(text: str, media_count: int, long_messages: str) -> str | None:
    """Give the straightened text where it costs less, else None."""
    plain = straighten(text)
    less = cost(plain, media_count, long_messages).credits < cost(text, media_count, long_messages).credits
    return plain if less else None
