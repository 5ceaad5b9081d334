"""Checking a town's books: what was said is where it belongs, once, in its order, or it is asked about.

On Telegram nothing can be looked up. There words may stand again if the later post says that they may:
that is what the product promises (docs/contributors/house.md).
"""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bridge.render import words
from tests.crash.stored import Stored, history, stored, under_way
from tests.crash.town import HOLD, Reply, Town
from tests.e2e.house import until

_NUMBERED = re.compile(r"My heat is out, number \d+\.|We come soon, answer \d+\.")
_QUOTED = re.compile("“[^”]*”")


@dataclass
class Found:
    """What is wrong, and what had to be asked."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # anything else
    repeated: int = 0  # texts that stand twice in Telegram, the second with a word about it
    unsure: int = 0  # texts to people of which staff are asked whether to send them again
    texts: int = 0
    replies: int = 0
    overtaken: int = 0  # replies that were heard when a later one's hold was over already

    @property
    def balanced(self) -> bool:
        """Say whether nothing is wrong."""
        return not (self.lost or self.twice or self.disordered or self.wrong)


async def balance(town: Town, seconds: float = 40.0) -> Found:
    """Wait until nothing is under way any more and the books balance; give what was found. Fail if not."""
    found, waiting = Found(), True

    async def so() -> bool:
        nonlocal found, waiting
        await asyncio.sleep(0.05)  # looking takes time that the daemons need
        waiting = not town.world.twilio.lives.idle or bool(await under_way(town))
        if not waiting:
            found = await check(town)
        return not waiting and found.balanced

    try:
        await until(so, seconds)
    except AssertionError:
        raise AssertionError(await _explained(town, await check(town), await under_way(town))) from None
    return found


async def _explained(town: Town, found: Found, waiting: Sequence[object]) -> str:
    wrong = _numbered([*found.lost, *found.twice, *found.disordered, *found.wrong])
    pages = f"{town.world.slack_page()}\n\n{town.world.telegram_page()}"
    told = await history(town, dict.fromkeys(wrong))
    return f"the books do not balance: {found}\nunder way: {waiting}\n{told}\n\n{pages}"


async def check(town: Town) -> Found:
    """Compare what was said with what everybody sees."""
    diary, database = town.diary, await stored(town)
    found = Found(texts=sum(map(len, diary.texts.values())), replies=len(diary.replies))
    found.twice, found.wrong = database.twice, database.wrong
    for number in diary.texts:
        _check_slack(town, number, database, found)
        _check_telegram(town, number, database, found)
        _check_phone(town, number, database, found)
    return found


def _replies(town: Town, number: str, database: Stored) -> list[Reply]:
    """Give the replies to somebody, without those that STOP overtook."""
    stopped = number in town.diary.stopped
    return [
        reply
        for reply in town.diary.replies
        if reply.number == number and not (stopped and database.states.get(reply.words) == "cancelled")
    ]


def _check_slack(town: Town, number: str, database: Stored, found: Found) -> None:
    """One thread about each; every text in it, and every reply of another desk, once."""
    roots = town.roots(number)
    if len(roots) != 1:
        (found.twice if roots else found.lost).append(f"{len(roots)} threads about {number} in Slack")
        return
    posts = [
        m["text"] for m in town.world.slack.replies(town.world.channel, roots[0]["ts"]) if m.get("bot_id")
    ]
    expected = [text.words for text in town.diary.texts[number]]
    shown = _numbered(post for post in posts if not _is_notice(post))
    acknowledged = [text.words for text in town.diary.texts[number] if text.acknowledged]
    _compare(f"{number} in Slack", [one for one in expected if one != "STOP"], shown, found)
    _compare_order(f"{number} in Slack", acknowledged, shown, found)
    for desk in ("telegram", "web"):
        elsewhere = [reply.words for reply in _replies(town, number, database) if reply.desk == desk]
        _compare(f"{desk}'s words to {number} in Slack", elsewhere, shown, found)
        _compare_replies(f"{desk}'s words to {number} in Slack", elsewhere, shown, database, found)
    for reply in _replies(town, number, database):
        if reply.desk == "slack":
            marks = town.world.slack_marks(reply.ref)
            if marks not in (["white_check_mark"], ["heavy_check_mark"]):
                found.wrong.append(f"“{reply.words}” is marked {marks}")


def _check_telegram(town: Town, number: str, database: Stored, found: Found) -> None:
    """Every text stands in a topic; a second time only with a word about it."""
    group = town.world.telegram.group
    posts = [
        message.text
        for topic in town.topics(number)
        for message in town.world.telegram.messages(group, topic)
        if message.data["from"]["is_bot"] and not _is_notice(message.text)
    ]
    where = f"{number} in Telegram"
    for i, post in enumerate(posts):
        seen = set(_numbered(posts[:i]))
        again = [one for one in _numbered([post]) if one in seen]
        found.repeated += len(again)
        if words.MAY_BE_MISSING not in post:
            found.twice += [f"{where}: {one}" for one in again]
    shown = _numbered(posts)
    texts = town.diary.texts[number]
    _compare_there(where, [text.words for text in texts if text.words != "STOP"], shown, found)
    _compare_order(where, [text.words for text in texts if text.acknowledged], shown, found)
    for desk in ("slack", "web"):
        elsewhere = [reply.words for reply in _replies(town, number, database) if reply.desk == desk]
        _compare_there(f"{desk}'s words, {where}", elsewhere, shown, found)
        _compare_replies(f"{desk}'s words, {where}", elsewhere, shown, database, found)


def _check_phone(town: Town, number: str, database: Stored, found: Found) -> None:
    """Every reply reached the phone once, in its desk's order; after STOP one confirmation and no more."""
    got = town.world.phone(number)
    replies = _replies(town, number, database)
    unsure = {reply.words for reply in replies if database.states.get(reply.words) == "unsure"}
    found.unsure += len(unsure)
    for reply in replies:
        if reply.words in unsure and not _asked_about(town, reply):
            found.wrong.append(f"nobody is asked about “{reply.words}”")
    late = {reply.words for reply in town.diary.too_late}
    late |= {r.words for r in town.diary.replies if r.number == number} - {r.words for r in replies}
    found.wrong += [f"{number} got “{one}” after STOP" for one in got if one in late]
    _compare(f"phone {number}", [r.words for r in replies if r.words not in unsure], got, found)
    for desk in ("slack", "telegram", "web"):
        typed = [reply.words for reply in replies if reply.desk == desk]
        _compare_replies(f"{desk} to phone {number}", typed, got, database, found)
    others = [one for one in got if not _NUMBERED.fullmatch(one)]
    wanted = 1 if number in town.diary.stopped else 0
    if len(others) != wanted:
        found.wrong.append(f"{number} got {others}, {wanted} confirmations were due")


def _asked_about(town: Town, reply: Reply) -> bool:
    """Say whether the thread asks what to do about a reply."""
    question = words.UNSURE.partition("“")[0]
    return any(question in page and reply.words in page for page in (town.world.slack_page(),))


def _is_notice(post: str) -> bool:
    return post.startswith((words.NOTICE, f"{words.NOTICE}\n", f"{words.NOTICE}:"))


def _numbered(posts: Iterable[str]) -> list[str]:
    """Give the words that posts show as somebody's own; a notice in the same post quotes some again."""
    return [one for post in posts for one in _NUMBERED.findall(_QUOTED.sub("", post))]


def _compare_there(where: str, expected: Sequence[str], shown: Sequence[str], found: Found) -> None:
    found.lost += [f"{where}: {one}" for one in expected if one not in shown]


def _compare(where: str, expected: Sequence[str], shown: Sequence[str], found: Found) -> None:
    counts = Counter(shown)
    found.lost += [f"{where}: {one}" for one in expected if not counts[one]]
    found.twice += [f"{where}: {one}" for one in expected if counts[one] > 1]


def _compare_order(where: str, expected: Sequence[str], shown: Sequence[str], found: Found) -> None:
    wanted = [one for one in expected if one in shown]
    seen = list(dict.fromkeys(one for one in shown if one in set(wanted)))
    if seen != wanted:
        found.disordered.append(f"{where}: {seen} instead of {wanted}")


def _compare_replies(
    where: str, typed: Sequence[str], shown: Sequence[str], database: Stored, found: Found
) -> None:
    """Compare orders. A reply that was heard when a later one's hold was over may have been overtaken: then
    nobody could know of it (interface.md: in the order of typing, as far as they arrive within the hold)."""
    place = {one: i for i, one in reversed(list(enumerate(shown)))}
    pairs = [(a, b) for a, b in itertools.combinations(typed, 2) if a in place and b in place]
    for earlier, later in [(a, b) for a, b in pairs if place[a] > place[b]]:
        if database.heard[earlier] > database.heard[later] + HOLD:
            found.overtaken += 1
        else:
            found.disordered.append(f"{where}: {later} before {earlier}")
