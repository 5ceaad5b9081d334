"""The web inbox as a chat platform: everything it is asked to show is shown already."""

import pytest
from pydantic import ValidationError

from bridge.errors import Gone
from bridge.model.nouns import Media
from bridge.model.shapes import Card, Mark, Post
from bridge.ports import ChatPlatform
from connectors.chat.web import Config, DeskConfig, Platform
from tests.browser.fake_house import FakeHouse

CARD = Card("Maria Alvarez", ())


@pytest.fixture
def platform(fake: FakeHouse) -> Platform:
    return Platform(Config(), {"web": DeskConfig()}, fake.house())


async def test_it_is_a_chat_platform(platform: Platform) -> None:
    chat: ChatPlatform = platform
    assert (chat.name, chat.label, chat.health()) == ("web", "the web inbox", "ok")
    await chat.start()
    assert [finding.ok for finding in await chat.check()] == [True]


async def test_refs_follow_from_keys(platform: Platform) -> None:
    one, again = [await platform.open_thread("web", CARD, "open:t1") for _ in range(2)]
    assert one == again
    assert one != await platform.open_thread("web", CARD, "open:t2")
    assert one.isalnum()
    assert await platform.find("web", None, "open:t1", 0) == one
    shown = await platform.post("web", one, Post("Maria", "Hi", message_id="m1"), (), "post:m1")
    assert shown == ("m1",)
    [ref] = await platform.post("web", one, Post("Notice", "…", "notice"), (), "notice:1")
    assert ref.startswith("w")


async def test_what_is_safe_to_repeat_does_nothing(platform: Platform) -> None:
    await platform.edit_post("web", "w1", "m1", Post("", ""))
    await platform.update_card("web", "w1", CARD)
    await platform.mark("web", "w1", "m1", Mark.SENT)
    await platform.remove_thread("web", "w1", CARD)


async def test_attached_files_are_at_hand(platform: Platform) -> None:
    file = await platform.download(Media("photo", "image/jpeg", origin="desk:web"))
    assert file.name == "kitchen.jpg"
    with pytest.raises(Gone):
        await platform.download(Media("none", "image/jpeg", origin="desk:web"))


def test_keys_that_nobody_knows_are_mistakes() -> None:
    with pytest.raises(ValidationError):
        Config.model_validate({"enabled": True, "port": 80})
    with pytest.raises(ValidationError):
        DeskConfig.model_validate({"channel": "C1"})
