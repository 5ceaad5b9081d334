"""What each error of a connector becomes: again, doubtful, failed, or a closed meter."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bridge.engine.attempt import LEASE, Attempts
from bridge.engine.lines import LineOut
from bridge.errors import (
    ConnectorError,
    Gone,
    OptedOut,
    Rejected,
    Throttled,
    Unreachable,
    Unsure,
    Unusable,
)
from bridge.model.effects import Effect, MarkMessage, OpenThread, PostToThread, RemoveThread, SendSms
from bridge.model.nouns import Media
from bridge.model.shapes import Card, File, Mark, Post
from bridge.model.traits import ChatTraits, Rate, SmsTraits
from bridge.ports import OutboundSms, Request, Response, Sent
from bridge.store.claim import Claimed

NOW = 5_000.0
PICTURE = Media("p1", "image/png")
CARD = Card("Bob", ())
OUT = "They opted out before this was sent."
SMS = SendSms("m1", "main", "+15550100142", "hello")
POST = PostToThread("t1", "chat.desk", Post("", "hello"), ("m1",))


class Chat:
    """A platform that fails as it is told to."""

    def __init__(self, error: ConnectorError | None = None, can_find: bool = False, found: str | None = None):
        self.error, self.found, self.posts = error, found, 0
        self.traits = ChatTraits(Rate(1), Rate(1), 4000, can_find=can_find)

    async def post(self, desk: str, thread: str | None, post: Post, files: Sequence[File], key: str):
        self.posts += 1
        if self.error:
            raise self.error
        return ("1.1", "1.2")

    async def open_thread(self, desk: str, card: Card, key: str) -> str:
        self.posts += 1
        if self.error:
            raise self.error
        return "9"

    async def mark(self, *_: object) -> None:
        if self.error:
            raise self.error

    async def remove_thread(self, *_: object) -> None:
        if self.error:
            raise self.error

    async def find(self, *_: object) -> str | None:
        if self.error:
            raise self.error
        return self.found


class Provider:
    """A provider that fails as it is told to."""

    def __init__(self, error: ConnectorError | None = None, found: Sent | None = None, **traits: bool):
        self.error, self.found = error, found
        self.traits = SmsTraits(Rate(1), 1600, **traits)  # type: ignore[arg-type]
        self.seen: list[OutboundSms] = []

    def send(self, sms: OutboundSms):
        self.seen.append(sms)
        yield Request("POST", "https://provider.example")
        if self.error:
            raise self.error
        return Sent("SM1", 2)

    def find(self, sms: OutboundSms):
        yield Request("GET", "https://provider.example")
        if self.error:
            raise self.error
        return self.found


class NoFiles:
    """Files none of which can be fetched."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def of_messages(self, _ids: Sequence[str]) -> dict[str, Media]:
        return {"p1": PICTURE}

    async def ensure(self, _media: Media) -> File:
        raise self.error

    async def fitted(self, _parts: Sequence[Media], _traits: SmsTraits) -> list[str]:
        raise self.error


async def transport(_request: Request) -> Response:
    return Response(200)


def attempts(
    chat: Chat | None = None,
    provider: Provider | None = None,
    now: float = NOW,
    files: NoFiles | None = None,
) -> Attempts:
    line = LineOut("+15550100001", provider or Provider(), transport)  # type: ignore[arg-type]
    platforms = {"chat": chat or Chat()}
    return Attempts(
        {"main": line}, platforms, files, "https://sms.example.org", lambda: now, None, None, None
    )  # type: ignore[arg-type]


def claimed(body, **more) -> Claimed:
    effect = Effect("1", "key", "lane", "meter", body)
    return replace(Claimed("lane", 1, effect, first_tried_at=NOW, thread_ref="17"), **more)


async def test_a_text_that_went_out() -> None:
    provider = Provider()
    settled = await attempts(provider=provider)(claimed(SMS))

    assert settled.state == "done"
    assert settled.outcome is not None
    assert (settled.outcome.refs, settled.outcome.segments) == (("SM1",), 2)
    assert provider.seen[0].status_url == "https://sms.example.org/hooks/main/status?id=m1"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Rejected("no such number", "21211"), "failed"),
        (OptedOut("opted out", "21610"), "failed"),
        (Throttled(7), "open"),
        (Unusable("wrong token"), "open"),
        (Unreachable("no route"), "open"),
        (Unsure("the answer was lost"), "doubtful"),
    ],
)
async def test_a_text_that_did_not(error: ConnectorError, state: str) -> None:
    settled = await attempts(provider=Provider(error))(claimed(SMS))

    assert settled.state == state
    assert settled.error == error.reason
    assert (settled.close_meter_until is not None) == isinstance(error, Throttled | Unusable)
    assert settled.unusable == isinstance(error, Unusable)
    if state == "failed":
        assert settled.outcome is not None
        assert settled.outcome.opted_out == isinstance(error, OptedOut)


async def test_a_doubtful_text_is_not_sent_again_where_nobody_can_tell() -> None:
    provider = Provider()
    settled = await attempts(provider=provider)(claimed(SMS, doubtful=True))

    assert settled.state == "unsure"
    assert provider.seen == []


async def test_a_doubtful_text_is_sent_again_where_that_is_safe() -> None:
    settled = await attempts(provider=Provider(resend_is_safe=True))(claimed(SMS, doubtful=True))

    assert settled.state == "done"


@pytest.mark.parametrize(("looks", "state"), [(0, "doubtful"), (1, "doubtful"), (2, "open")])
async def test_what_three_looks_do_not_find_surely_did_not_go(looks: int, state: str) -> None:
    settled = await attempts(provider=Provider(can_find=True))(claimed(SMS, doubtful=True, looks=looks))

    assert (settled.state, settled.looked) == (state, True)
    assert settled.outcome is None


async def test_what_is_found_went() -> None:
    provider = Provider(can_find=True, found=Sent("SM9"))
    settled = await attempts(provider=provider)(claimed(SMS, doubtful=True))

    assert settled.state == "done"
    assert settled.outcome is not None
    assert settled.outcome.refs == ("SM9",)


@pytest.mark.parametrize(
    "error", [Throttled(3), Unusable("no"), Unreachable("no"), Unsure("lost"), Rejected("no")]
)
async def test_a_search_that_fails_leaves_the_doubt(error: ConnectorError) -> None:
    settled = await attempts(provider=Provider(error, can_find=True))(claimed(SMS, doubtful=True))

    assert settled.state == "doubtful"
    assert not settled.looked


async def test_a_text_is_given_up_after_twelve_hours_and_not_before() -> None:
    provider = Provider(Unreachable("no route"))
    early = await attempts(provider=provider, now=NOW + 11 * 3600)(claimed(SMS))
    late = await attempts(provider=provider, now=NOW + 13 * 3600)(claimed(SMS))

    assert (early.state, late.state) == ("open", "failed")


async def test_a_refused_text_does_not_reach_the_provider() -> None:
    provider = Provider()
    settled = await attempts(provider=provider)(claimed(SMS, refused=OUT))

    assert (settled.state, settled.code, provider.seen) == ("failed", "opted_out", [])


async def test_a_refused_text_that_may_have_gone_is_looked_for_and_never_repeated() -> None:
    there = Provider(can_find=True, found=Sent("SM9"))
    absent = Provider(can_find=True, resend_is_safe=True)
    found = await attempts(provider=there)(claimed(SMS, refused=OUT, doubtful=True))
    not_found = await attempts(provider=absent)(claimed(SMS, refused=OUT, doubtful=True, looks=2))

    assert found.state == "done"
    assert (not_found.state, not_found.code) == ("failed", "opted_out")
    assert (there.seen, absent.seen) == ([], [])


async def test_a_thread_whose_opening_is_unsure_is_opened_again_and_not_at_once() -> None:
    settled = await attempts(Chat(Unsure("500")))(claimed(OpenThread("t1", "chat.desk", CARD)))

    assert settled.state == "doubtful"
    assert settled.again_at > NOW


async def test_merged_posts_are_one_request() -> None:
    chat = Chat()
    second = Effect("2", "key2", "lane", "meter", replace(POST, post=Post("", "world"), message_ids=("m2",)))
    settled = await attempts(chat)(claimed(POST, merged=(second,)))

    assert chat.posts == 1
    assert settled.outcome is not None
    assert settled.outcome.merged == (second,)


async def test_a_post_waits_for_its_thread() -> None:
    waiting = await attempts()(claimed(POST, thread_ref=None))
    lost = await attempts()(claimed(POST, thread_ref=None, thread_lost=True))

    assert waiting.state == "open"
    assert lost.state == "failed"
    assert lost.outcome is not None
    assert lost.outcome.gone


async def test_a_thread_that_is_gone_is_decided_upon() -> None:
    settled = await attempts(Chat(Gone("deleted")))(claimed(POST))

    assert settled.outcome is not None
    assert (settled.state, settled.outcome.gone) == ("failed", True)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (MarkMessage("chat.desk", "17", "18", Mark.SENT), "cancelled"),
        (RemoveThread("t1", "chat.desk", CARD), "done"),
    ],
)
async def test_a_mark_or_removal_of_what_is_gone_harms_nobody(body, state: str) -> None:
    settled = await attempts(Chat(Gone("deleted")))(claimed(body))

    assert (settled.state, settled.outcome) == (state, None)


async def test_an_unsure_mark_is_made_again_and_not_at_once() -> None:
    settled = await attempts(Chat(Unsure("500")))(claimed(MarkMessage("chat.desk", "17", "18", Mark.SENT)))

    assert settled.state == "doubtful"
    assert settled.again_at > NOW


async def test_a_second_empty_thread_is_better_than_unread_texts() -> None:
    chat = Chat()
    settled = await attempts(chat)(claimed(OpenThread("t1", "chat.desk", CARD), doubtful=True))

    assert (settled.state, chat.posts) == ("done", 1)


async def test_a_fault_in_a_connector_is_an_unknown_outcome() -> None:
    settled = await attempts(provider=Provider(KeyError("sid")))(claimed(SMS))  # type: ignore[arg-type]

    assert settled.state == "doubtful"


async def test_a_desk_that_left_the_configuration_keeps_what_waits() -> None:
    gone = replace(POST, desk="other.desk")
    settled = await attempts()(claimed(gone))

    assert (settled.state, settled.unusable) == ("open", True)


FILE_TROUBLES = [
    (Rejected("it is gone"), "failed"),
    (Unusable("the app lacks files:read"), "failed"),
    (Throttled(7), "open"),
    (Unsure("the answer was lost"), "open"),
    (ValueError("a fault"), "open"),
]


@pytest.mark.parametrize(("error", "state"), FILE_TROUBLES)
async def test_a_file_that_cannot_be_fetched_leaves_no_doubt_and_closes_nothing(
    error: Exception, state: str
) -> None:
    provider = Provider()
    body = replace(SMS, media=(PICTURE,))
    settled = await attempts(provider=provider, files=NoFiles(error))(claimed(body))

    assert (settled.state, settled.close_meter_until, settled.unusable) == (state, None, False)
    assert provider.seen == []


@pytest.mark.parametrize(("error", "state"), FILE_TROUBLES)
async def test_words_are_posted_without_the_file_that_never_comes(error: Exception, state: str) -> None:
    chat, body = Chat(), replace(POST, post=Post("", "hello", media=("p1",)))
    early = await attempts(chat, files=NoFiles(error))(claimed(body))
    late = await attempts(chat, files=NoFiles(error))(claimed(body, attempts=9))

    assert (early.state, early.close_meter_until) == ("done" if state == "failed" else "open", None)
    assert late.state == "done"


async def test_who_slept_past_the_lease_tries_nothing() -> None:
    provider = Provider()
    settled = await attempts(provider=provider)(claimed(SMS, claimed_at=NOW - LEASE - 1))

    assert (settled.state, settled.unusable) == ("open", False)
    assert provider.seen == []
