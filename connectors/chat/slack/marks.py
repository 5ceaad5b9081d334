"""What became of a staff message, as one reaction of ours on it."""

from collections import OrderedDict
from typing import Final

from bridge.errors import Gone, Rejected
from bridge.model.shapes import Mark
from connectors.chat.slack.api import Api

NAMES: Final = {
    Mark.HELD: "hourglass_flowing_sand",  # ⏳
    Mark.SENT: "heavy_check_mark",  # ✔
    Mark.DELIVERED: "white_check_mark",  # ✅
    Mark.FAILED: "x",  # ❌
    Mark.CANCELLED: "no_entry_sign",  # 🚫
    Mark.NOTE: "memo",  # 📝
}
TAPBACKS: Final = {  # without variation selectors, by the names that Slack has for them
    "❤": "heart", "👍": "+1", "👎": "-1", "😂": "joy", "🤣": "rolling_on_the_floor_laughing",
    "‼": "bangbang", "❗": "exclamation", "❓": "question", "😮": "open_mouth", "😢": "cry", "😭": "sob",
    "😡": "rage", "😠": "angry", "🙏": "pray", "🎉": "tada", "🔥": "fire", "💯": "100", "👏": "clap",
    "😊": "blush", "😍": "heart_eyes", "🥰": "smiling_face_with_3_hearts", "😘": "kissing_heart",
    "😁": "grin", "😀": "grinning", "😅": "sweat_smile", "😉": "wink", "😎": "sunglasses",
    "🤔": "thinking_face",
    "👌": "ok_hand", "💪": "muscle", "🙌": "raised_hands", "👀": "eyes",
    "🙂": "slightly_smiling_face", "🙁": "slightly_frowning_face", "☹": "white_frowning_face",
    "😔": "pensive",
    "🤗": "hugging_face", "💔": "broken_heart", "💕": "two_hearts", "💙": "blue_heart", "💚": "green_heart",
    "💛": "yellow_heart", "🧡": "orange_heart", "💜": "purple_heart", "🖤": "black_heart", "⭐": "star",
    "👋": "wave", "🤝": "handshake", "🤷": "shrug", "🫶": "heart_hands", "🎂": "birthday", "☺": "relaxed",
}  # fmt: skip
_REMEMBERED: Final = 2_000


class Marks:
    """Sets marks. The new one is added before the old ones go, so that there always is one."""

    def __init__(self, api: Api) -> None:
        """Which mark stands where is remembered to save a question; Slack knows it in any case."""
        self._api = api
        self._last: OrderedDict[tuple[str, str], str] = OrderedDict()
        self.user = ""

    async def set(self, channel: str, ts: str, mark: Mark) -> None:
        """Show this mark and no other of ours. Where the message is gone, so is the need for it."""
        name, place = NAMES[mark], (channel, ts)
        try:
            await self._add(channel, ts, name)
            before = self._last.get(place)
            if before is None or not await self._remove(channel, ts, before, name):
                for old in await self._standing(channel, ts):
                    if old in NAMES.values():
                        await self._remove(channel, ts, old, name)
        except Gone:
            return
        self._last[place] = name
        self._last.move_to_end(place)
        while len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)

    async def react(self, channel: str, ts: str, emoji: str, removed: bool) -> None:
        """Show a contact's reaction beside our marks, instead of their earlier one; or take it away."""
        name = TAPBACKS.get(emoji.replace("\ufe0f", ""), "")
        marks = set(NAMES.values())
        try:
            if not removed and name:
                await self._add(channel, ts, name)
            for old in await self._standing(channel, ts):
                if old not in marks and (removed or old != name):
                    await self._remove(channel, ts, old, "")
        except Gone:
            return

    async def _add(self, channel: str, ts: str, name: str) -> None:
        try:
            await self._api.ask(self._api.client.reactions_add(channel=channel, timestamp=ts, name=name))
        except Rejected as refused:
            if refused.code != "already_reacted":
                raise

    async def _remove(self, channel: str, ts: str, old: str, new: str) -> bool:
        """Take an old mark away; False where it was not there: another daemon has changed it."""
        if old == new:
            return True
        try:
            await self._api.ask(self._api.client.reactions_remove(channel=channel, timestamp=ts, name=old))
        except Rejected as refused:
            if refused.code != "no_reaction":
                raise
            return False
        return True

    async def _standing(self, channel: str, ts: str) -> list[str]:
        answer = await self._api.ask(self._api.client.reactions_get(channel=channel, timestamp=ts))
        reactions = (answer.get("message") or {}).get("reactions") or ()
        return [r["name"] for r in reactions if self.user in r.get("users", ())]
