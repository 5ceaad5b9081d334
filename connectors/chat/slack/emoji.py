"""Emoji by the names that Slack gives them, for messages that come without a rich_text block.

rich, which the command line uses anyway, knows 3,600 names, the GitHub ones that Slack shares among
them. Here is what Slack calls otherwise.
"""

import re

from rich.emoji import Emoji, NoEmoji

_SLACK = {
    "simple_smile": "🙂", "slightly_smiling_face": "🙂", "slightly_frowning_face": "🙁",
    "upside_down_face": "🙃",
    "shrug": "🤷", "man-shrugging": "🤷‍♂️", "woman-shrugging": "🤷‍♀️",
    "facepalm": "🤦", "man-facepalming": "🤦‍♂️",
    "woman-facepalming": "🤦‍♀️", "raising_hand": "🙋", "man-raising-hand": "🙋‍♂️", "woman-raising-hand": "🙋‍♀️",
    "face_with_rolling_eyes": "🙄", "rolling_on_the_floor_laughing": "🤣", "star-struck": "🤩",
    "smiling_face_with_3_hearts": "🥰", "partying_face": "🥳", "pleading_face": "🥺", "hugging_face": "🤗",
    "face_with_hand_over_mouth": "🤭", "saluting_face": "🫡", "melting_face": "🫠", "crossed_fingers": "🤞",
    "hand_with_index_and_middle_fingers_crossed": "🤞", "the_horns": "🤘", "call_me_hand": "🤙",
    "handshake": "🤝", "heart_hands": "🫶", "white_heart": "🤍", "orange_heart": "🧡", "brown_heart": "🤎",
    "woman-running": "🏃‍♀️", "man-running": "🏃‍♂️", "large_green_circle": "🟢", "large_yellow_circle": "🟡",
    "large_orange_circle": "🟠", "large_purple_circle": "🟣", "hourglass_flowing_sand": "⏳",
    "male-doctor": "👨‍⚕️", "female-doctor": "👩‍⚕️", "male-teacher": "👨‍🏫", "female-teacher": "👩‍🏫",
}  # fmt: skip
_FLAG = re.compile(r"flag-([a-z]{2})\Z")
_SHORT_FLAGS = frozenset({"us", "de", "fr", "es", "it", "gb", "jp", "cn", "kr", "ru"})


def by_name(name: str, tone: int | None = None) -> str | None:
    """Give the emoji of that name; tone: Slack's skin tones, 2 (light) to 6 (dark)."""
    found = _SLACK.get(name) or _flag(name) or _known_to_rich(name)
    if found is None or tone is None:
        return found
    return found[0] + chr(0x1F3FB + tone - 2) + found[1:].lstrip("\ufe0f")


def by_code(code: str) -> str | None:
    """Give the emoji whose code points are written as 1f44d-1f3fb, as rich_text blocks do."""
    try:
        return "".join(chr(int(point, 16)) for point in code.split("-"))
    except (ValueError, OverflowError):
        return None


def _flag(name: str) -> str | None:
    match = _FLAG.match(name)
    land = match[1] if match else name if name in _SHORT_FLAGS else ""
    return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in land) or None


def _known_to_rich(name: str) -> str | None:
    try:
        return str(Emoji(name))
    except NoEmoji:
        return None
