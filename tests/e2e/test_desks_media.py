"""Pictures and files, both ways: their bytes, their limits, and words where they cannot pass."""

import io
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from bridge.engine import http
from tests.e2e.desks import SlackDesk, TelegramDesk, begun, both, told
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import PUBLIC, World, until
from tests.e2e.tools import ask
from tests.emulators import misbehave
from tests.emulators.slack import Html

pytestmark = pytest.mark.usefixtures("quick")


def picture(color: str, kind: str = "PNG", size: int = 40) -> bytes:
    """Paint a picture."""
    made = io.BytesIO()
    Image.new("RGB", (size, size), color).save(made, kind)
    return made.getvalue()


RED, BLUE = picture("red"), picture("blue", "JPEG")


def on_slack(world: World) -> list[bytes]:
    """Give the files that Slack shows, in their order."""
    shown = [f["id"] for m in world.slack.messages(world.channel) for f in m.get("files", ())]
    return [world.slack.world.files[one].content or b"" for one in shown]


def on_telegram(world: World) -> list[bytes]:
    """Give the files that Telegram shows, in their order."""
    found = []
    for message in world.telegram.messages(everywhere=True):
        for kind in ("photo", "document"):
            if held := message.data.get(kind):
                file = held[-1] if kind == "photo" else held
                found.append(world.telegram.world.files[file["file_id"]].content)
    return found


# ---- coming in ------------------------------------------------------------------------------------------


async def test_all_pictures_of_an_mms_arrive_with_their_bytes(small_house: World) -> None:
    world = small_house
    await world.text("Look at this", media=[("image/png", RED), ("image/jpeg", BLUE)])
    await until(lambda: on_slack(world) == [RED, BLUE])
    await until(lambda: on_telegram(world) == [RED, BLUE])
    assert "Look at this" in world.slack_page() and "Look at this" in world.telegram_page()
    assert "[file: picture.png]" in world.slack_page() and "[file: picture.jpg]" in world.slack_page()
    assert "api.twilio" not in world.slack_page() + world.telegram_page()


async def test_a_picture_without_words_arrives(small_house: World) -> None:
    world = small_house
    await world.text("", media=[("image/png", RED)])
    await until(lambda: on_slack(world) == [RED] and on_telegram(world) == [RED])


async def test_what_is_no_picture_arrives_as_a_file(small_house: World) -> None:
    world = small_house
    card = b"BEGIN:VCARD\nFN:Bob\nEND:VCARD\n"
    await world.text("My landlord", media=[("text/vcard", card)])
    await until(lambda: on_slack(world) == [card] and on_telegram(world) == [card])


async def test_words_arrive_although_their_picture_cannot_be_fetched(small_house: World) -> None:
    world = small_house
    world.twilio.misbehave("media", misbehave.server_error(404), times=3)
    await world.text("Look at this", media=[("image/png", RED)])
    for page in (world.slack_page, world.telegram_page):
        await until(lambda page=page: "A picture could not be fetched" in page(), seconds=20)
        assert "Look at this" in page()


async def test_a_picture_that_can_be_fetched_later_is_waited_for(small_house: World) -> None:
    world = small_house
    world.twilio.misbehave("media", misbehave.server_error(503), times=3)
    await world.text("Look at this", media=[("image/png", RED)])
    await until(lambda: on_slack(world) == [RED] and on_telegram(world) == [RED], seconds=20)
    assert "could not be fetched" not in world.slack_page() + world.telegram_page()


async def test_a_page_instead_of_a_picture_is_not_passed_on(small_house: World) -> None:
    world = small_house
    world.twilio.misbehave("media", misbehave.html(200), times=3)
    await world.text("Look at this", media=[("image/png", RED)])
    await until(lambda: on_slack(world) == [RED] and on_telegram(world) == [RED], seconds=20)


async def test_nobody_is_sent_into_the_private_network(
    small_house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider counts as public here; its storage, where it redirects to, is "localhost"."""
    world, is_public = small_house, http._is_public

    async def as_if_outside(url: Any) -> bool:
        return url.host == "127.0.0.1" or await is_public(url)

    monkeypatch.setattr(http, "_is_public", as_if_outside)
    await world.text("Look at this", media=[("image/png", RED)])
    for page in (world.slack_page, world.telegram_page):
        await until(lambda page=page: "could not be fetched: redirected into a private network" in page())
    assert on_slack(world) == on_telegram(world) == []


# ---- going out ------------------------------------------------------------------------------------------


async def test_a_picture_from_slack_goes_out_as_mms(small_house: World) -> None:
    world = small_house
    desk: SlackDesk = await begun(world, "slack")
    mine = await desk.say("The form", files=[("form.png", "image/png", RED), ("b.jpg", "image/jpeg", BLUE)])
    await until(lambda: desk.mark(mine) == "delivered")

    (shown,) = world.twilio.phone("+15550100142")
    assert (shown.body, [data for _, data in shown.media]) == ("The form", [RED, BLUE])
    assert [fetched.status for fetched in world.twilio.media_fetches] == [200, 200]
    assert all(fetched.url.startswith(f"{PUBLIC}/media/") for fetched in world.twilio.media_fetches)
    await until(lambda: on_telegram(world) == [RED, BLUE])


async def test_a_picture_from_telegram_goes_out_as_mms(small_house: World) -> None:
    world = small_house
    desk: TelegramDesk = await begun(world, "telegram")
    mine = await desk.say("The door", photo=BLUE)
    await until(lambda: desk.mark(mine) == "delivered")
    (shown,) = world.twilio.phone("+15550100142")
    assert (shown.body, [data for _, data in shown.media]) == ("The door", [BLUE])
    await until(lambda: on_slack(world) == [BLUE])


async def test_an_album_from_telegram_is_one_mms(small_house: World) -> None:
    world = small_house
    desk: TelegramDesk = await begun(world, "telegram")
    green = picture("green", "JPEG")
    mine = await desk.say("Both", media_group=[("photo", BLUE), ("photo", green)])
    await until(lambda: desk.mark(mine) == "delivered")
    (shown,) = world.twilio.phone("+15550100142")
    assert (shown.body, [data for _, data in shown.media]) == ("Both", [BLUE, green])


@both
async def test_what_is_too_large_is_refused_with_words(small_house: World, where: str) -> None:
    world = small_house
    desk = await begun(world, where)
    big = b"%PDF-1.4" + b"\0" * 6_000_000
    if where == "slack":
        mine = await desk.say("Plan", files=[("plan.pdf", "application/pdf", big)])
    else:
        mine = await desk.say("Plan", document=("plan.pdf", big))
    await until(told(desk, "Not sent:"))
    await until(lambda: desk.mark(mine) == "cancelled")
    assert world.twilio.sent == []


async def test_the_size_is_named(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    await desk.say("Plan", files=[("plan.pdf", "application/pdf", b"%PDF-1.4" + b"\0" * 6_000_000)])
    await until(told(desk, "the files are too large together (6.0 MB); the limit is 5.0 MB"))


async def test_a_photo_too_large_or_of_another_kind_is_made_fit(small_house: World) -> None:
    world = small_house
    desk = await begun(world, "slack")
    noise = io.BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(noise, "PNG")
    assert len(noise.getvalue()) > 5_000_000
    heic = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(heic)
    mine = await desk.say(
        "Both",
        files=[("big.png", "image/png", noise.getvalue()), ("IMG_1.HEIC", "image/heic", heic.getvalue())],
    )
    await until(lambda: desk.mark(mine) == "delivered")
    (shown,) = world.twilio.phone("+15550100142")
    pictures = [Image.open(io.BytesIO(data)) for _, data in shown.media]
    assert [one.format for one in pictures] == ["JPEG", "JPEG"]
    assert pictures[1].size == (64, 48)
    assert sum(len(data) for _, data in shown.media) <= 5_000_000


async def test_a_photo_that_cannot_be_read_says_so_to_its_author(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    mine = await desk.say("Look", files=[("IMG_2.HEIC", "image/heic", b"no picture at all")])
    await until(lambda: desk.mark(mine) == "failed")
    await until(lambda: "IMG_2.HEIC cannot be read as a picture; save it as JPEG" in desk.page())
    assert small_house.twilio.sent == []


async def test_a_picture_of_30_mb_is_refused_with_the_size_allowed(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    mine = await desk.say("Look", files=[("huge.jpg", "image/jpeg", BLUE + b"\0" * 30_000_000)])
    await until(told(desk, "the files are too large together (30.0 MB); the limit is 5.0 MB"))
    await until(lambda: desk.mark(mine) == "cancelled")
    assert small_house.twilio.sent == []


async def test_what_no_text_can_carry_is_refused_with_words(small_house: World) -> None:
    desk = await begun(small_house, "slack")
    mine = await desk.say("Plan", files=[("plan.zip", "application/zip", b"PK..")])
    await until(told(desk, "Not sent: plan.zip (application/zip) cannot go in a text"))
    await until(lambda: desk.mark(mine) == "cancelled")
    assert small_house.twilio.sent == []


async def test_a_page_to_sign_in_instead_of_the_file_is_not_sent(small_house: World) -> None:
    world = small_house
    desk = await begun(world, "slack")
    world.slack.misbehave("files.download", Html(), times=5)
    mine = await desk.say("The form", files=[("form.png", "image/png", RED)])
    await until(lambda: desk.mark(mine) == "failed")
    await until(lambda: "Slack gave a page to sign in instead of the file" in desk.page())
    assert world.twilio.sent == []


async def test_media_links_are_for_those_who_know_them(small_house: World) -> None:
    world = small_house
    desk = await begun(world, "slack")
    await desk.say("The form", files=[("form.png", "image/png", RED)])
    await until(lambda: len(world.twilio.media_fetches) == 1)
    local = world.twilio.media_fetches[0].url.replace(PUBLIC, f"http://127.0.0.1:{world.port}")
    assert (await ask(local)).body == RED
    assert (await ask(local[:-1] + ("A" if local[-1] != "A" else "B"))).status == 404
