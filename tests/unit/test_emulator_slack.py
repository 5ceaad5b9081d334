"""The Slack emulator against the real slack_sdk client and the real slack_bolt app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.emulators.slack import (
    Backwards,
    CannotDoError,
    Drop,
    HalfAnswer,
    Html,
    HttpError,
    Late,
    Lost,
    NoAckError,
    RateLimited,
    Refuse,
    SlackEmulator,
    SlackError,
    Stall,
    Twice,
)
from tests.emulators.slack.schema import METHODS_FILE, Args, check_arguments, load_methods

needs_the_methods = pytest.mark.skipif(not METHODS_FILE.exists(), reason="the list of methods is not here")


JPEG = b"\xff\xd8\xff" + b"picture" * 50
SAMPLE_BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Dana*"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "templates",
                "text": {"type": "plain_text", "text": "Templates"},
                "value": "c1",
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": {"type": "plain_text", "text": "Unsubscribe contact"}, "value": "unsubscribe"},
                    {"text": {"type": "plain_text", "text": "Remove conversation"}, "value": "remove"},
                ],
            },
        ],
    },
]
MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "new",
    "private_metadata": "line-1",
    "title": {"type": "plain_text", "text": "New conversation"},
    "submit": {"type": "plain_text", "text": "Start"},
    "blocks": [
        {
            "type": "input",
            "block_id": "number",
            "label": {"type": "plain_text", "text": "Number"},
            "element": {"type": "plain_text_input", "action_id": "entry"},
        },
        {
            "type": "input",
            "block_id": "contact",
            "optional": True,
            "label": {"type": "plain_text", "text": "Contact"},
            "element": {"type": "external_select", "action_id": "who", "min_query_length": 1},
        },
    ],
}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[SlackEmulator]:
    async with SlackEmulator(retry_delay=0.15, ack_timeout=1.0) as emulator:
        yield emulator


@pytest.fixture
def client(slack: SlackEmulator) -> AsyncWebClient:
    return new_client(slack)


def new_client(slack: SlackEmulator, seconds: int = 5) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, timeout=seconds, retry_handlers=[])


@pytest.fixture
def anna(slack: SlackEmulator) -> str:
    return slack.add_user("Anna", display_name="Anna B.", email="anna@example.org")


@pytest.fixture
def desk(slack: SlackEmulator, anna: str) -> str:
    return slack.add_channel("sms")


class App:
    """A Bolt app that remembers the bodies it got, in the order of its middleware."""

    def __init__(self, slack: SlackEmulator, *, acks_events: bool = True) -> None:
        self.slack = slack
        self.bodies: list[dict[str, Any]] = []
        self.app = AsyncApp(client=new_client(slack), signing_secret=slack.signing_secret)

        @self.app.middleware
        async def remember(body: dict[str, Any], next: Any) -> None:  # noqa: A002
            self.bodies.append(body)
            await next()

        if acks_events:

            @self.app.event({"type": "message"})
            async def ignore() -> None: ...

            for kind in (
                "reaction_added",
                "app_home_opened",
                "app_mention",
                "channel_archive",
                "user_change",
            ):
                self.app.event(kind)(ignore)

    def events(self, kind: str = "message") -> list[dict[str, Any]]:
        return [body["event"] for body in self.bodies if body.get("event", {}).get("type") == kind]


@asynccontextmanager
async def connected(app: App, sockets: int = 1) -> AsyncIterator[App]:
    handlers = [
        AsyncSocketModeHandler(app.app, app.slack.app_token, ping_interval=0.2) for _ in range(sockets)
    ]
    for handler in handlers:
        await handler.connect_async()
    await app.slack.wait_for(lambda: len(app.slack.sockets) == sockets)
    try:
        yield app
    finally:
        for handler in handlers:
            await handler.close_async()


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# -- posting and reading back ------------------------------------------------------------------------------


async def test_posts_replies_and_finds_them_by_metadata(
    slack: SlackEmulator, client: AsyncWebClient, desk: str
) -> None:
    metadata = {"event_type": "sms", "event_payload": {"id": "row-1"}}
    root = (await client.chat_postMessage(channel=desk, text="Dana", blocks=SAMPLE_BLOCKS))["ts"]
    reply = await client.chat_postMessage(channel=desk, text="Hello", thread_ts=root, metadata=metadata)
    assert reply["message"]["thread_ts"] == root
    bare = await client.conversations_replies(channel=desk, ts=root)
    assert bare["messages"][1]["metadata"] == {"event_type": "sms"}
    full = await client.conversations_replies(channel=desk, ts=root, include_all_metadata=True)
    assert full["messages"][1]["metadata"]["event_payload"] == {"id": "row-1"}
    assert full["messages"][0]["reply_count"] == 1
    assert full["messages"][0]["latest_reply"] == reply["ts"]
    history = await client.conversations_history(channel=desk)
    assert [message["ts"] for message in history["messages"]] == [root]
    link = (await client.chat_getPermalink(channel=desk, message_ts=reply["ts"]))["permalink"]
    assert f"thread_ts={root}" in link
    assert not slack.violations


async def test_pages_through_history_and_replies(
    slack: SlackEmulator, client: AsyncWebClient, desk: str
) -> None:
    stamps = [(await client.chat_postMessage(channel=desk, text=str(number)))["ts"] for number in range(5)]
    first = await client.conversations_history(channel=desk, limit=3)
    assert [message["text"] for message in first["messages"]] == ["4", "3", "2"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=desk, limit=3, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["1", "0"]
    assert not second["has_more"]
    since = await client.conversations_history(channel=desk, oldest=stamps[2])
    assert [message["text"] for message in since["messages"]] == ["4", "3"]
    since = await client.conversations_history(channel=desk, oldest=stamps[2], inclusive=True)
    assert len(since["messages"]) == 3
    assert await refusal(client.conversations_replies(channel=desk, ts="1.000000")) == "invalid_arguments"
    missing = "1000000000.000000"
    assert await refusal(client.conversations_replies(channel=desk, ts=missing)) == "thread_not_found"


async def test_reply_to_missing_root_lands_in_the_channel(client: AsyncWebClient, desk: str) -> None:
    answer = await client.chat_postMessage(channel=desk, text="lost", thread_ts="1000000000.000001")
    assert "thread_ts" not in answer["message"]


async def test_updates_and_deletes_only_own_messages(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    theirs = await slack.say(anna, desk, "mine")
    assert await refusal(client.chat_update(channel=desk, ts=theirs, text="x")) == "cant_update_message"
    assert await refusal(client.chat_delete(channel=desk, ts=theirs)) == "cant_delete_message"
    root = (await client.chat_postMessage(channel=desk, text="card", blocks=SAMPLE_BLOCKS))["ts"]
    await slack.say(anna, desk, "reply", thread_ts=root)
    await client.chat_update(channel=desk, ts=root, text="new card")
    assert slack.message(desk, root)["blocks"][0]["text"]["text"] == "*Dana*"
    await client.chat_delete(channel=desk, ts=root)
    assert slack.message(desk, root)["subtype"] == "tombstone"
    assert await refusal(client.chat_delete(channel=desk, ts=root)) == "message_not_found"
    assert slack.transcript(desk).splitlines()[2:] == [
        "Slackbot: This message was deleted.",
        "    Anna B.: reply",
    ]
    assert not slack.violations


async def test_channels_that_refuse(slack: SlackEmulator, client: AsyncWebClient, anna: str) -> None:
    outside = slack.add_channel("outside", bot=False)
    hidden = slack.add_channel("hidden", private=True, bot=False)
    post = client.chat_postMessage
    assert await refusal(post(channel=outside, text="x")) == "not_in_channel"
    assert await refusal(post(channel=hidden, text="x")) == "channel_not_found"
    assert await refusal(post(channel="C0NOWHERE", text="x")) == "channel_not_found"
    await client.conversations_join(channel=outside)
    await post(channel=outside, text="x")
    await slack.archive(outside)
    assert await refusal(post(channel=outside, text="x")) == "is_archived"
    seen = [channel["id"] for channel in (await client.conversations_list())["channels"]]
    assert seen == [outside]
    assert (await client.conversations_members(channel=outside))["members"] == sorted([anna, slack.bot_id])


async def test_reactions_and_pins(slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str) -> None:
    ts = await slack.say(anna, desk, "on my way")
    await client.reactions_add(channel=desk, timestamp=ts, name="white_check_mark")
    again = client.reactions_add(channel=desk, timestamp=ts, name="white_check_mark")
    assert await refusal(again) == "already_reacted"
    await slack.react(anna, desk, ts, "white_check_mark")
    shown = (await client.reactions_get(channel=desk, timestamp=ts))["message"]["reactions"]
    assert shown == [{"name": "white_check_mark", "users": [slack.bot_id, anna], "count": 2}]
    assert "[✅ 2]" in slack.transcript(desk)
    await client.reactions_remove(channel=desk, timestamp=ts, name="white_check_mark")
    await slack.unreact(anna, desk, ts, "white_check_mark")
    assert "reactions" not in slack.message(desk, ts)
    await client.pins_add(channel=desk, timestamp=ts)
    assert await refusal(client.pins_add(channel=desk, timestamp=ts)) == "already_pinned"
    assert not slack.violations
    assert await refusal(client.reactions_add(channel=desk, timestamp=ts, name="✅")) == "invalid_name"


async def test_people_and_the_app_itself(slack: SlackEmulator, client: AsyncWebClient, anna: str) -> None:
    me = await client.auth_test()
    assert (me["user_id"], me["team_id"]) == (slack.bot_id, slack.world.team_id)
    assert (await client.bots_info(bot=me["bot_id"]))["bot"]["user_id"] == slack.bot_id
    profile = (await client.users_info(user=anna))["user"]["profile"]
    assert (profile["display_name"], profile["email"]) == ("Anna B.", "anna@example.org")
    stranger = slack.add_user("Sam", stranger=True)
    shown = (await client.users_info(user=stranger))["user"]
    assert shown["is_stranger"]
    assert shown["team_id"] != slack.world.team_id
    slack.world.users[stranger].visible = False
    assert await refusal(client.users_info(user=stranger)) == "user_not_visible"
    assert (await client.team_info())["team"]["id"] == slack.world.team_id
    assert anna in [user["id"] for user in (await client.users_list())["members"]]


async def test_ephemerals(slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str) -> None:
    await client.chat_postEphemeral(channel=desk, user=anna, text="only you")
    assert [(seen.user, seen.text) for seen in slack.ephemerals] == [(anna, "only you")]
    assert "(only Anna B. sees) only you" in slack.transcript(desk)
    other = slack.add_user("Ben")
    answer = client.chat_postEphemeral(channel=desk, user=other, text="x")
    assert await refusal(answer) == "user_not_in_channel"


# -- strictness --------------------------------------------------------------------------------------------


@needs_the_methods
async def test_refuses_what_the_documentation_does_not_know(
    slack: SlackEmulator, client: AsyncWebClient, desk: str
) -> None:
    assert await refusal(client.chat_postMessage(channel=desk, text="x", colour="red")) == "invalid_arguments"
    assert (
        await refusal(client.api_call("conversations.replies", params={"channel": desk}))
        == "invalid_arguments"
    )
    assert await refusal(client.api_call("chat.postSMS", json={})) == "unknown_method"
    assert await refusal(client.api_call("reactions.add", params={"channel": desk})) == "invalid_arguments"
    assert len(slack.violations) == 4
    assert "colour" in slack.violations[0]


@pytest.mark.parametrize("encoding", ["json", "form", "query", "get"])
async def test_takes_arguments_in_four_ways(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, encoding: str
) -> None:
    args = {"channel": desk, "text": "hi", "blocks": [{"type": "divider"}]}
    as_text = {**args, "blocks": '[{"type":"divider"}]'}
    if encoding == "json":
        answer = await client.api_call("chat.postMessage", json=args)
    elif encoding == "form":
        answer = await client.api_call("chat.postMessage", data=as_text)
    else:
        verb = "POST" if encoding == "query" else "GET"
        answer = await client.api_call("chat.postMessage", http_verb=verb, params=as_text)
    assert answer["message"]["blocks"][0]["type"] == "divider"
    assert not slack.violations


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": text}, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x")] * 51,
        [section("x" * 3001)],
        [section("")],
        [section("x", colour="red")],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [actions(button("x" * 76))],
        [actions(button(value="x" * 2001))],
        [actions(button(action_id="x" * 256))],
        [actions(button(), button())],
        [actions(button(style="blue"))],
        [actions(*[button(action_id=str(number)) for number in range(26)])],
        [actions({"type": "overflow", "action_id": "m", "options": [option("x", str(n)) for n in range(6)]})],
        [actions({"type": "static_select", "action_id": "m", "options": [option("x" * 76, "1")]})],
        [actions({"type": "static_select", "action_id": "m", "options": [option("x", "1" * 151)]})],
        [actions({"type": "static_select", "action_id": "m", "options": []})],
        [actions({"type": "plain_text_input", "action_id": "m"})],
        [{"type": "sectoin"}],
        [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
            }
        ],
        [section("a", block_id="b"), section("b", block_id="b")],
    ],
)
async def test_refuses_invalid_blocks(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, blocks: list[dict[str, Any]]
) -> None:
    assert await refusal(client.chat_postMessage(channel=desk, text="x", blocks=blocks)) == "invalid_blocks"
    assert len(slack.violations) == 1
    assert "json-pointer" in slack.violations[0]
    assert not slack.messages(desk)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x", "event_payload": {"a": {"b": {}}}}}, "invalid_metadata_schema"),
        ({"metadata": {"event_type": "x", "event_payload": {"a": "b" * 9000}}}, "metadata_too_large"),
        ({"blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": ""}, "no_text"),
        ({"thread_ts": "1700000000.1"}, "invalid_arguments"),
    ],
)
async def test_refuses_other_excesses(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, arguments: dict[str, Any], error: str
) -> None:
    arguments = {"text": "x", **arguments}
    assert await refusal(client.api_call("chat.postMessage", json={"channel": desk, **arguments})) == error


async def test_text_limits(slack: SlackEmulator, client: AsyncWebClient, desk: str) -> None:
    answer = await client.chat_postMessage(channel=desk, text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert answer["warning"] == "message_truncated"
    update = client.chat_update(channel=desk, ts=answer["ts"], text="x" * 4001)
    assert await refusal(update) == "msg_too_long"


async def test_rich_text_cannot_become_something_else(client: AsyncWebClient, desk: str) -> None:
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}
    blocks = [{"type": "rich_text", "elements": [rich]}]
    ts = (await client.chat_postMessage(channel=desk, text="hi", blocks=blocks))["ts"]
    update = client.chat_update(channel=desk, ts=ts, text="x", blocks=[section("x")])
    assert await refusal(update) == "block_mismatch"


@needs_the_methods
async def test_tokens(slack: SlackEmulator, desk: str) -> None:
    def with_token(token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])

    assert await refusal(with_token("xoxb-wrong").auth_test()) == "invalid_auth"
    assert await refusal(with_token("").auth_test()) == "not_authed"
    assert await refusal(with_token(slack.app_token).auth_test()) == "not_allowed_token_type"
    bot = with_token(slack.bot_token)
    assert await refusal(bot.api_call("apps.connections.open")) == "not_allowed_token_type"
    in_body = bot.api_call("apps.connections.open", data={"token": slack.app_token})
    assert await refusal(in_body) == "invalid_arguments"
    opened = await bot.apps_connections_open(app_token=slack.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")
    slack.installation.scopes.discard("chat:write")
    assert await refusal(bot.chat_postMessage(channel=desk, text="x")) == "missing_scope"
    await slack.revoke_token()
    assert await refusal(bot.auth_test()) == "token_revoked"


async def test_notes_what_would_ping_people(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    await client.chat_postMessage(channel=desk, text="&lt;!channel&gt; is safe")
    assert not slack.pings
    ts = (await client.chat_postMessage(channel=desk, text=f"<!channel> <@{anna}>"))["ts"]
    assert slack.pings == [(desk, ts, "<!channel>"), (desk, ts, f"<@{anna}>")]


# -- misbehaviour ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after_storing", [True, False])
async def test_dropped_connection_stores_once_or_not_at_all(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, after_storing: bool
) -> None:
    slack.misbehave("chat.postMessage", Drop(after_storing=after_storing))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=desk, text="once")
    assert len(slack.messages(desk)) == int(after_storing)
    assert len(slack.calls_to("chat.postMessage")) == 1
    await client.chat_postMessage(channel=desk, text="next")


async def test_stall_stores_and_the_client_times_out(slack: SlackEmulator, desk: str) -> None:
    slack.misbehave("chat.postMessage", Stall(2))
    with pytest.raises(TimeoutError):
        await new_client(slack, seconds=1).chat_postMessage(channel=desk, text="once")
    assert len(slack.messages(desk)) == 1


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (HttpError(500), 0),
        (HttpError(503, after_storing=True), 1),
        (Html(), 0),
        (Refuse("fatal_error", after_storing=True), 1),
        (Refuse("channel_not_found"), 0),
    ],
)
async def test_bad_answers(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, fault: Any, stored: int
) -> None:
    slack.misbehave("chat.postMessage", fault)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=desk, text="x")
    assert len(slack.messages(desk)) == stored


async def test_half_an_answer(slack: SlackEmulator, client: AsyncWebClient, desk: str) -> None:
    slack.misbehave("chat.postMessage", HalfAnswer())
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=desk, text="x")
    assert len(slack.messages(desk)) == 1


async def test_rate_limits_by_order_and_by_budget(
    slack: SlackEmulator, client: AsyncWebClient, desk: str
) -> None:
    other = slack.add_channel("other")
    slack.misbehave("chat.postMessage", RateLimited(7), channel=desk)
    await client.chat_postMessage(channel=other, text="not this one")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=desk, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    slack.enforce_rate = True
    for number in range(4):
        await client.chat_postMessage(channel=desk, text=str(number))
    assert await refusal(client.chat_postMessage(channel=desk, text="5")) == "ratelimited"
    assert len(slack.messages(desk)) == 4
    await client.chat_postMessage(channel=other, text="has its own budget")


async def test_going_down_and_coming_back(slack: SlackEmulator, client: AsyncWebClient, desk: str) -> None:
    url = slack.api_url
    await slack.go_down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=desk, text="x")
    await slack.come_back()
    assert slack.api_url == url
    await client.chat_postMessage(channel=desk, text="x")


# -- events over sockets -----------------------------------------------------------------------------------


async def test_a_persons_message_arrives_as_slack_sends_it(
    slack: SlackEmulator, desk: str, anna: str
) -> None:
    async with connected(App(slack)) as app:
        root = await slack.say(anna, desk, "root")
        text = f"Hi <@{anna}> & all 👍🏽 see https://example.org/a?b=1. :tada:\n*not bold*"
        ts = await slack.say(anna, desk, text, thread_ts=root)
        await slack.settle()
        event = app.events()[-1]
    assert (event["user"], event["ts"], event["thread_ts"], event["channel"]) == (anna, ts, root, desk)
    assert event["channel_type"] == "channel"
    assert event["parent_user_id"] == anna
    expected = f"Hi <@{anna}> &amp; all :+1::skin-tone-4: see <https://example.org/a?b=1>. :tada:\n*not bold*"
    assert event["text"] == expected
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Hi "},
        {"type": "user", "user_id": anna},
        {"type": "text", "text": " & all "},
        {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fd", "skin_tone": 4},
        {"type": "text", "text": " see "},
        {"type": "link", "url": "https://example.org/a?b=1"},
        {"type": "text", "text": ". "},
        {"type": "emoji", "name": "tada", "unicode": "1f389"},
        {"type": "text", "text": "\n*not bold*"},
    ]
    assert "@Anna B." in slack.transcript(desk)


async def test_edits_unfurls_and_deletions(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        root = await slack.say(anna, desk, "see https://example.org", blocks=False)
        reply = await slack.say(anna, desk, "also here", thread_ts=root, broadcast=True)
        await slack.edit(anna, desk, root, "changed")
        await slack.unfurl(desk, root)
        await slack.delete(anna, desk, root)
        await slack.delete(anna, desk, reply)
        await slack.settle()
        seen = sorted(app.events(), key=lambda event: event["event_ts"])
    said, broadcast, edited, unfurled, tombstone, deleted = seen
    assert "blocks" not in said
    assert (broadcast["subtype"], broadcast["root"]["ts"]) == ("thread_broadcast", root)
    assert edited["message"]["edited"]["user"] == anna
    assert edited["previous_message"]["text"] == "see <https://example.org>"
    assert unfurled["subtype"] == "message_changed"
    assert unfurled["message"]["attachments"]
    assert tombstone["message"]["subtype"] == "tombstone"
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", reply)
    assert not slack.messages(desk)


async def test_own_posts_come_back_as_events_but_bolt_hides_them(
    slack: SlackEmulator, client: AsyncWebClient, desk: str
) -> None:
    async with connected(App(slack)) as app:
        await client.chat_postMessage(channel=desk, text="from the bot")
        await slack.settle()
        assert [delivery.acked for delivery in slack.events("message")] == [True]
        assert not app.bodies


async def test_mention_makes_two_events_of_one_message(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        ts = await slack.say(anna, desk, f"<@{slack.bot_id}> help")
        await slack.settle()
        assert [event["ts"] for event in app.events("message") + app.events("app_mention")] == [ts, ts]


async def test_each_envelope_goes_to_one_socket(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack), sockets=2) as app:
        for number in range(4):
            await slack.say(anna, desk, str(number))
        await slack.settle()
        assert len(app.events()) == 4
        assert len({delivery.attempts[0] for delivery in slack.events()}) == 2
        assert {len(delivery.attempts) for delivery in slack.events()} == {1}


async def test_unacknowledged_events_come_again_and_are_lost_in_the_end(
    slack: SlackEmulator, desk: str, anna: str
) -> None:
    async with connected(App(slack, acks_events=False)) as app:
        await slack.say(anna, desk, "hello?")
        await slack.settle()
        assert len(app.bodies) == 4
    delivery = next(slack.events())
    assert delivery.lost
    assert not delivery.acked


async def test_without_sockets_events_are_tried_until_one_opens(
    slack: SlackEmulator, desk: str, anna: str
) -> None:
    await slack.say(anna, desk, "anybody?")
    app = App(slack)
    async with connected(app):
        await slack.settle()
        assert [event["text"] for event in app.events()] == ["anybody?"]


async def test_events_misbehave_on_order(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        slack.misbehave("event:message", Twice())
        await slack.say(anna, desk, "twice")
        slack.misbehave("event", Twice(new_event_id=True))
        await slack.say(anna, desk, "again")
        slack.misbehave("event", Lost())
        await slack.say(anna, desk, "lost")
        slack.misbehave("event", Late(0.1))
        await slack.say(anna, desk, "late")
        await slack.say(anna, desk, "overtakes")
        await slack.settle()
        slack.misbehave("event", Backwards(2))
        await slack.say(anna, desk, "first")
        await slack.say(anna, desk, "second")
        await slack.settle()
        texts = [event["text"] for event in app.events()]
        ids = [body["event_id"] for body in app.bodies]
    assert texts == ["twice", "twice", "again", "again", "overtakes", "late", "second", "first"]
    assert ids[0] == ids[1]
    assert ids[2] != ids[3]


async def test_sockets_are_recycled_and_cut(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        first = slack.sockets[0]
        await slack.disconnect_sockets("warning")
        await slack.wait_for(lambda: slack.sockets and slack.sockets[0] is not first)
        second = slack.sockets[0]
        slack.cut_sockets()
        await slack.wait_for(lambda: slack.sockets and slack.sockets[0] is not second)
        await slack.say(anna, desk, "still there?")
        await slack.settle()
        assert len(app.events()) == 1


async def test_reactions_archiving_and_renaming_are_told(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        ts = await slack.say(anna, desk, "x")
        await slack.react(anna, desk, ts, "outbox_tray")
        await slack.rename_user(anna, "Anne")
        await slack.archive(desk, anna)
        await slack.settle()
        (reaction,) = app.events("reaction_added")
        assert reaction["item"] == {"type": "message", "channel": desk, "ts": ts}
        assert reaction["item_user"] == anna
        assert app.events("user_change")[0]["user"]["profile"]["display_name"] == "Anne"
        assert app.events("channel_archive")[0]["channel"] == desk


async def test_hidden_bookkeeping_and_deleted_files(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        root = await slack.say(anna, desk, "photo", files=[("a.jpg", "image/jpeg", JPEG)])
        await slack.say(anna, desk, "reply", thread_ts=root)
        await slack.count_replies(desk, root)
        await slack.delete_file(desk, root)
        await slack.say(anna, desk, "is leaving", subtype="me_message")
        await slack.settle()
        seen = sorted(app.events(), key=lambda event: event["event_ts"])
    assert seen[2]["subtype"] == "message_replied"
    assert seen[2]["message"]["reply_count"] == 1
    assert seen[3]["message"]["files"][0]["mode"] == "tombstone"
    assert seen[4]["subtype"] == "me_message"
    assert "blocks" not in seen[4]


async def test_the_bot_is_removed_and_invited(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    await slack.leave(slack.bot_id, desk)
    await slack.say(anna, desk, "unheard")
    assert await refusal(client.chat_postMessage(channel=desk, text="x")) == "not_in_channel"
    assert not list(slack.events("message"))
    await slack.join(slack.bot_id, desk, inviter=anna)
    await client.chat_postMessage(channel=desk, text="back")
    assert [delivery.event_type for delivery in slack.events("member_joined_channel")]


async def test_strangers_from_a_shared_channel(slack: SlackEmulator, anna: str) -> None:
    stranger = slack.add_user("Sam", stranger=True)
    shared = slack.add_channel("partners", shared=True)
    async with connected(App(slack)) as app:
        await slack.say(stranger, shared, "hi", files=[("a.jpg", "image/jpeg", JPEG)])
        await slack.settle()
    body = app.bodies[0]
    assert body["is_ext_shared_channel"]
    assert body["event"]["user_team"] != body["team_id"]
    assert body["event"]["files"][0]["file_access"] == "check_file_info"


# -- interaction -------------------------------------------------------------------------------------------


async def test_buttons_menus_and_a_modal_from_start_to_end(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    app = App(slack)
    submitted: list[dict[str, Any]] = []

    @app.app.action("templates")
    async def open_modal(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.app.action("more")
    async def chosen(ack: Any, respond: Any) -> None:
        await ack()
        await respond("done")

    @app.app.options("who")
    async def people(ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=[option(f"{payload['value']}na", "c-1")])

    @app.app.view("new")
    async def submit(ack: Any, view: dict[str, Any]) -> None:
        number = view["state"]["values"]["number"]["entry"]["value"]
        if not number.startswith("+"):
            await ack(response_action="errors", errors={"number": "This is no number"})
            return
        submitted.append(view)
        await ack()

    root = (await client.chat_postMessage(channel=desk, text="card", blocks=SAMPLE_BLOCKS))["ts"]
    async with connected(app):
        await slack.press(anna, desk, root, "templates")
        await slack.wait_for(lambda: slack.modal(anna))
        options = await slack.suggest(anna, "who", "da")
        assert options[0]["text"]["text"] == "dana"
        with pytest.raises(CannotDoError, match="Number"):
            await slack.submit(anna)
        answer = await slack.submit(anna, values={"number": "abc"})
        assert answer["errors"] == {"number": "This is no number"}
        assert slack.modal(anna)
        await slack.submit(anna, values={"number": "+15550001111", "contact": options[0]})
        assert slack.modal(anna) is None
        await slack.press(anna, desk, root, "more", "Remove conversation")
        await slack.wait_for(lambda: slack.ephemerals)
        with pytest.raises(CannotDoError, match="templates"):
            await slack.press(anna, desk, root, "no such button")
    pressed = next(body for body in app.bodies if body["type"] == "block_actions")
    assert pressed["container"]["message_ts"] == root
    assert pressed["actions"][0]["value"] == "c1"
    chosen_body = [body for body in app.bodies if body["type"] == "block_actions"][-1]
    assert chosen_body["actions"][0]["selected_option"]["value"] == "remove"
    assert submitted[0]["private_metadata"] == "line-1"
    assert submitted[0]["state"]["values"]["contact"]["who"]["selected_option"]["value"] == "c-1"
    assert not slack.violations


async def test_nobody_acknowledges_a_click(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    root = (await client.chat_postMessage(channel=desk, text="card", blocks=SAMPLE_BLOCKS))["ts"]
    with pytest.raises(NoAckError, match="no socket"):
        await slack.press(anna, desk, root, "templates")
    async with connected(App(slack)):
        with pytest.raises(NoAckError, match="time is up"):
            await slack.press(anna, desk, root, "templates")


async def test_commands_and_shortcuts(slack: SlackEmulator, desk: str, anna: str) -> None:
    app = App(slack)
    seen: list[dict[str, Any]] = []

    @app.app.command("/sms")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack("Whom?")

    @app.app.shortcut("use_template")
    async def shortcut(ack: Any, body: dict[str, Any]) -> None:
        seen.append(body)
        await ack()

    ts = await slack.say(anna, desk, "x")
    reply = await slack.say(anna, desk, "y", thread_ts=ts)
    async with connected(app):
        await slack.command(anna, desk, "/sms", "new")
        await slack.shortcut(anna, "use_template", desk, reply)
        with pytest.raises(CannotDoError):
            await slack.command(anna, desk, "/other")
    assert (seen[0]["text"], seen[0]["channel_id"]) == ("new", desk)
    assert slack.ephemerals[0].text == "Whom?"
    assert (seen[1]["type"], seen[1]["message"]["thread_ts"]) == ("message_action", ts)


async def test_triggers_are_spent_and_expire(slack: SlackEmulator, client: AsyncWebClient, anna: str) -> None:
    trigger = slack.new_trigger(anna)
    await client.views_open(trigger_id=trigger, view=MODAL)
    assert await refusal(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    slack.trigger_ttl = 0
    late = client.views_open(trigger_id=slack.new_trigger(anna), view=MODAL)
    assert await refusal(late) == "expired_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2", view=MODAL)) == "invalid_trigger_id"


async def test_view_limits_stack_and_hash(slack: SlackEmulator, client: AsyncWebClient, anna: str) -> None:
    long_title = {**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}
    refused = client.views_open(trigger_id=slack.new_trigger(anna), view=long_title)
    assert await refusal(refused) == "invalid_arguments"
    long_data = {**MODAL, "private_metadata": "x" * 3001}
    refused = client.views_open(trigger_id=slack.new_trigger(anna), view=long_data)
    assert await refusal(refused) == "invalid_arguments"
    slack.violations.clear()
    opened = (await client.views_open(trigger_id=slack.new_trigger(anna), view=MODAL))["view"]
    updated = (await client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL))["view"]
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL)
    assert await refusal(stale) == "hash_conflict"
    assert updated["id"] == opened["id"]
    for _ in range(2):
        await client.views_push(trigger_id=slack.new_trigger(anna), view=MODAL)
    assert not slack.violations
    fourth = client.views_push(trigger_id=slack.new_trigger(anna), view=MODAL)
    assert await refusal(fourth) == "push_limit_reached"


async def test_home_tab(slack: SlackEmulator, client: AsyncWebClient, anna: str) -> None:
    async with connected(App(slack)) as app:
        await slack.open_home(anna)
        await slack.settle()
        assert app.events("app_home_opened")[0]["user"] == anna
    view = {"type": "home", "blocks": [section("3 waiting"), actions(button("Open"))]}
    await client.views_publish(user_id=anna, view=view)
    home = slack.home(anna)
    assert home is not None
    assert slack.show(home) == "3 waiting\n(Open)"


async def test_response_urls_have_limits(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    app = App(slack)
    urls: list[str] = []

    @app.app.action("templates")
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    root = (await client.chat_postMessage(channel=desk, text="card", blocks=SAMPLE_BLOCKS))["ts"]
    async with connected(app):
        await slack.press(anna, desk, root, "templates")
    async with aiohttp.ClientSession() as session:
        for number in range(6):
            body = {"text": f"card {number}", "replace_original": True, "blocks": []}
            async with session.post(urls[0], json=body) as response:
                assert response.status == (200 if number < 5 else 404)
    assert slack.message(desk, root)["text"] == "card 4"
    assert slack.violations == ["response_url: used_url"]


async def test_home_buttons_and_closing_a_modal(
    slack: SlackEmulator, client: AsyncWebClient, anna: str
) -> None:
    app = App(slack)
    closed: list[dict[str, Any]] = []

    @app.app.action("open")
    async def pressed(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view={**MODAL, "notify_on_close": True})

    @app.app.view_closed("new")
    async def on_close(ack: Any, view: dict[str, Any]) -> None:
        closed.append(view)
        await ack()

    home = {"type": "home", "blocks": [actions(button("Open", action_id="open"))]}
    view = (await client.views_publish(user_id=anna, view=home))["view"]
    async with connected(app):
        await slack.press_in_view(anna, "open", view=view)
        await slack.wait_for(lambda: slack.modal(anna))
        await slack.close_view(anna)
    assert [view["callback_id"] for view in closed] == ["new"]
    assert slack.modal(anna) is None


async def test_a_modal_leads_to_the_next(slack: SlackEmulator, client: AsyncWebClient, anna: str) -> None:
    app = App(slack)
    info = {"type": "modal", "title": {"type": "plain_text", "text": "Sure?"}, "blocks": [section("Really?")]}
    answers: list[dict[str, Any]] = [
        {"response_action": "push", "view": info},
        {"response_action": "update", "view": {**info, "title": {"type": "plain_text", "text": "x" * 30}}},
        {"response_action": "errors", "errors": {"nowhere": "wrong"}},
        {"response_action": "clear"},
    ]

    @app.app.view("new")
    async def submit(ack: Any) -> None:
        await ack(**answers.pop(0))

    await client.views_open(trigger_id=slack.new_trigger(anna), view=MODAL)
    async with connected(app):
        await slack.submit(anna, values={"number": "1"})
        top = slack.modal(anna)
        assert top is not None
        assert top["title"]["text"] == "Sure?"
        await slack.close_view(anna)
        with pytest.raises(SlackError):
            await slack.submit(anna, values={"number": "1"})
        await slack.submit(anna, values={"number": "1"})
        assert len(slack.violations) == 2
        await slack.submit(anna, values={"number": "1"})
    assert slack.modal(anna) is None


@needs_the_methods
async def test_an_own_manifest_decides_what_is_offered() -> None:
    manifest = {
        "features": {
            "slash_commands": [{"command": "/text"}],
            "shortcuts": [{"callback_id": "use_template"}],
        },
        "oauth_config": {"scopes": {"bot": ["users:read"]}},
        "settings": {"event_subscriptions": {"bot_events": ["reaction_added"]}},
    }
    async with SlackEmulator(manifest=manifest) as slack:
        anna = slack.add_user("Anna")
        desk = slack.add_channel("sms")
        ts = await slack.say(anna, desk, "not subscribed")
        await slack.react(anna, desk, ts, "eyes")
        assert [delivery.event_type for delivery in slack.events()] == ["reaction_added"]
        with pytest.raises(CannotDoError):
            await slack.command(anna, desk, "/sms")
        with pytest.raises(CannotDoError):
            await slack.shortcut(anna, "unknown", desk, ts)
        client = new_client(slack)
        assert await refusal(client.chat_postMessage(channel=desk, text="x")) == "missing_scope"


def test_without_the_documentation_required_arguments_are_known(tmp_path: Path) -> None:
    methods = load_methods(tmp_path / "absent.json")
    with pytest.raises(SlackError):
        check_arguments(methods["chat.update"], Args(channel="C0SMS"))
    check_arguments(methods["chat.update"], Args(channel="C0SMS", ts="1", anything="goes"))


async def test_the_transcript_reads_like_slack(
    slack: SlackEmulator, client: AsyncWebClient, desk: str, anna: str
) -> None:
    card = [
        {"type": "header", "text": {"type": "plain_text", "text": "Dana Lee"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": f"with <@{anna}>"}]},
        *SAMPLE_BLOCKS[1:],
    ]
    root = (await client.chat_postMessage(channel=desk, text="card", blocks=card))["ts"]
    await slack.say(anna, desk, "Hi 👋 see https://example.org", thread_ts=root)
    hello = await slack.say(anna, desk, "Hello\nall", thread_ts=root, broadcast=True)
    await slack.react(anna, desk, hello, "outbox_tray")
    await slack.edit(anna, desk, hello, "Hello\neverybody")
    assert slack.transcript(desk).splitlines() == [
        "#sms",
        "threadline: # Dana Lee",
        "  with @Anna B.",
        "  (Templates) (⋯ Unsubscribe contact | Remove conversation)",
        "    Anna B.: Hi 👋 see https://example.org",
        "    Anna B.: Hello (also sent to the channel) (edited)",
        "      everybody",
        "      [📤]",
        "Anna B.: Hello (also sent to the channel) (edited)",
        "  everybody",
        "  [📤]",
    ]


# -- files -------------------------------------------------------------------------------------------------


async def test_upload_and_late_share(slack: SlackEmulator, client: AsyncWebClient, desk: str) -> None:
    slack.file_share_delay = 0.1
    root = (await client.chat_postMessage(channel=desk, text="card"))["ts"]
    answer = await client.files_upload_v2(
        filename="photo.jpg", content=JPEG, channel=desk, thread_ts=root, initial_comment="look"
    )
    file = answer["files"][0]["id"]
    assert not answer["files"][0]["shares"]
    assert not (await client.files_info(file=file))["file"]["shares"]
    await slack.wait_for(lambda: slack.replies(desk, root))
    shares = (await client.files_info(file=file))["file"]["shares"]["public"][desk]
    (shown,) = slack.replies(desk, root)
    assert shares[0]["ts"] == shown["ts"]
    assert (shown["subtype"], shown["text"]) == ("file_share", "look")
    assert "[file: photo.jpg]" in slack.transcript(desk)
    assert not slack.violations


async def test_download_needs_the_token(slack: SlackEmulator, desk: str, anna: str) -> None:
    async with connected(App(slack)) as app:
        await slack.say(anna, desk, files=[("photo.jpg", "image/jpeg", JPEG)])
        await slack.settle()
    event = app.events()[0]
    assert (event["subtype"], event["text"]) == ("file_share", "")
    url = event["files"][0]["url_private_download"]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers=headers) as response:
            assert (response.content_type, await response.read()) == ("image/jpeg", JPEG)
        async with session.get(url) as response:
            assert (response.status, response.content_type) == (200, "text/html")
        slack.misbehave("files.download", Html())
        async with session.get(url, headers=headers) as response:
            assert response.content_type == "text/html"
        slack.misbehave("files.download", HalfAnswer())
        with pytest.raises(aiohttp.ClientPayloadError):
            async with session.get(url, headers=headers) as response:
                await response.read()


# -- HTTP mode ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def listening(app: App, wrong_answers: int = 0) -> AsyncIterator[list[web.Request]]:
    """Serve a Bolt app over HTTP; the first `wrong_answers` requests get a 500."""
    requests: list[web.Request] = []

    async def handle(request: web.Request) -> web.Response:
        requests.append(request)
        if len(requests) <= wrong_answers:
            return web.Response(status=500)
        return await to_aiohttp_response(await app.app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack", handle)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack")
    try:
        yield requests
    finally:
        await runner.cleanup()


async def test_http_mode_signs_and_retries(slack: SlackEmulator, desk: str, anna: str) -> None:
    app = App(slack)

    @app.app.command("/sms")
    async def command(ack: Any) -> None:
        await ack("yes?")

    async with listening(app, wrong_answers=2) as requests:
        await slack.say(anna, desk, "hello")
        await slack.settle()
        assert [request.headers.get("X-Slack-Retry-Num") for request in requests] == [None, "1", "2"]
        assert requests[2].headers["X-Slack-Retry-Reason"] == "http_error"
        assert [event["text"] for event in app.events()] == ["hello"]
        assert (await slack.command(anna, desk, "/sms"))["text"] == "yes?"
        assert await slack.courier.webhooks.verify()
        slack.courier.webhooks.signing_secret = "another"
        await slack.say(anna, desk, "forged")
        await slack.settle()
        assert len(app.events()) == 1


async def test_waiting_gives_up(slack: SlackEmulator) -> None:
    with pytest.raises(TimeoutError):
        await slack.wait_for(lambda: False, 0.1)
    await asyncio.sleep(0)
