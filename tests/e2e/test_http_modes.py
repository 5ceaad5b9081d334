"""Slack over HTTP and Telegram by webhook: what is signed comes in, what is not is refused."""

import hashlib
import hmac
import time
from io import BytesIO
from urllib.parse import urlencode

import orjson
import pytest

from tests.e2e.desks import SlackDesk, TelegramDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import World, until
from tests.e2e.tools import Answer, ask

pytestmark = pytest.mark.usefixtures("quick")


async def post_to_slack(
    world: World, body: bytes, secret: str, at: float | None = None, kind: str = "application/json"
) -> Answer:
    """Post to /slack/events, signed with a secret."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
    return await ask(f"http://127.0.0.1:{world.port}/slack/events", "POST", body, headers)


async def test_slack_over_http(small_world: World) -> None:
    world = small_world
    world.options["slack_http"] = True
    async with world.house():
        desk: SlackDesk = await begun(world, "slack")
        mine = await desk.say("By HTTP")
        await until(lambda: desk.mark(mine) == "delivered")
        assert world.phone() == ["By HTTP"]
        await desk.press("Resolve")
        await until(lambda: "Resolved by Ana" in desk.page())
        await desk.press("Remove conversation")
        await until(lambda: "Conversation removed by Ana" in desk.page())
        await world.slack.command(world.ana, world.channel, "/sms", "new 555 010 0142 Hello again")
        await until(lambda: world.phone() == ["By HTTP", "Hello again"])
        assert world.slack.lost == []
        assert (await world.ask("/readyz"))["ready"]


async def test_slack_must_sign(small_world: World) -> None:
    world = small_world
    world.options["slack_http"] = True
    async with world.house():
        desk: SlackDesk = await begun(world, "slack")
        thread = await world.slack_thread()
        event = {"type": "message", "user": world.ana, "channel": world.channel, "ts": "1800000000.000001"}
        event |= {"text": "forged", "thread_ts": thread, "client_msg_id": "x", "team": "T0EMULATED"}
        outer = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0EMULATED", "event": event}
        body, secret = orjson.dumps(outer), world.slack.signing_secret

        for refused in (
            await post_to_slack(world, body, "wrong"),
            await post_to_slack(world, body, secret, time.time() - 600),  # replayed
            await post_to_slack(world, b"{no json", "wrong"),
            await ask(f"http://127.0.0.1:{world.port}/slack/events", "POST", body),
        ):
            assert (refused.status, refused.body) == (403, b"")
        command = urlencode({"command": "/sms", "text": "new +15550100142 forged", "user_id": world.ana})
        form = "application/x-www-form-urlencoded"
        assert (await post_to_slack(world, command.encode(), "wrong", kind=form)).status == 403

        challenge = orjson.dumps({"type": "url_verification", "challenge": "abc"})
        answer = await post_to_slack(world, challenge, secret)
        assert (answer.status, answer.json()["challenge"]) == (200, "abc")
        assert (await post_to_slack(world, b"{no json", secret)).status == 200
        assert (await post_to_slack(world, b"\xff\xfe", secret)).status == 200
        mine = await desk.say("genuine")
        await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["genuine"]


async def test_telegram_by_webhook(small_world: World) -> None:
    world = small_world
    world.options["telegram_mode"] = "webhook"
    async with world.house():
        assert world.telegram.updates.webhook is not None
        assert world.telegram.updates.webhook.url == "https://sms.example.org/telegram/webhook"
        desk: TelegramDesk = await begun(world, "telegram")
        mine = await desk.say("By webhook")
        await until(lambda: desk.mark(mine) == "delivered")
        await desk.edit(mine, "By webhook!")
        await desk.press("Send a correction")
        await until(lambda: world.phone() == ["By webhook", "Correction: By webhook!"])
        await desk.say("/resolve")
        await until(lambda: "Resolved by Ben" in desk.page())
    await desk.say("While you slept")
    async with world.house():
        await until(lambda: world.phone()[-1] == "While you slept")


async def test_telegram_must_know_the_secret(small_world: World) -> None:
    world = small_world
    world.options["telegram_mode"] = "webhook"
    async with world.house():
        desk: TelegramDesk = await begun(world, "telegram")
        url = f"http://127.0.0.1:{world.port}/telegram/webhook"
        topic = await world.telegram_topic()
        message = {"message_id": 9999, "date": int(time.time()), "text": "forged", "message_thread_id": topic}
        message |= {"chat": world.telegram.group.json(), "is_topic_message": True}
        message |= {"from": {"id": 5, "is_bot": False, "first_name": "Mallory"}}
        body = orjson.dumps({"update_id": 999_999_999, "message": message})
        wrong = {"X-Telegram-Bot-Api-Secret-Token": "wrong"}
        assert (await ask(url, "POST", body)).status == 403
        assert (await ask(url, "POST", body, wrong)).status == 403
        right = {"X-Telegram-Bot-Api-Secret-Token": world.telegram.updates.webhook.secret_token or ""}
        assert (await ask(url, "POST", b"no json", right)).status == 200
        assert (await ask(url, "POST", BytesIO(b"x" * 1_100_000), right)).status == 413
        mine = await desk.say("genuine")
        await until(lambda: desk.mark(mine) == "delivered")
    assert world.phone() == ["genuine"]
