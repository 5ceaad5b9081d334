"""The web inbox as a chat platform: nobody tells it what to show."""

import pytest
from pydantic import ValidationError

from bridge.errors import Gone
from bridge.model.nouns import Media
from bridge.ports import ChatPlatform, PostingPlatform
from connectors.chat.web import Config, DeskConfig, Platform
from tests.browser.fake_house import FakeHouse


@pytest.fixture
def platform(fake: FakeHouse) -> Platform:
    return Platform(Config(), {"web": DeskConfig()}, fake.house())


async def test_it_is_a_chat_platform(platform: Platform) -> None:
    chat: ChatPlatform = platform
    assert (chat.name, chat.label, chat.health()) == ("web", "the web inbox", "ok")
    await chat.start()
    assert [finding.ok for finding in await chat.check()] == [True]


def test_it_draws_itself(platform: Platform) -> None:
    assert platform.traits.draws_itself
    assert not isinstance(platform, PostingPlatform)


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
