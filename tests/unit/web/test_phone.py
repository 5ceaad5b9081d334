"""The phone beside the inbox."""

from typing import Any

from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from tests.browser.fake_house import SESSION, FakeHouse
from tests.browser.serve import application

Client = TestClient[Any, Any]
PHONE = "/api/phone/main/%2B1 555 010 0199"


async def test_texting_from_the_phone(dana: Client, fake: FakeHouse) -> None:
    assert (await dana.post(f"{PHONE}/text", json={"text": "Is anybody there?"})).status == 201
    form = FormData()
    form.add_field("text", "Look")
    form.add_field("file", b"GIF89a", filename="leak.gif", content_type="image/gif")
    assert (await dana.post(f"{PHONE}/text", data=form)).status == 201
    seen = await (await dana.get(PHONE)).json()
    assert (seen["number"], seen["shown"], seen["mood"]) == ("+15550100199", "(555) 010-0199", "well")
    assert [entry["text"] for entry in seen["entries"][-2:]] == ["Is anybody there?", "Look"]
    assert seen["entries"][-1]["media"][0]["name"] == "leak.gif"


async def test_moods(dana: Client, fake: FakeHouse) -> None:
    assert (await dana.post(f"{PHONE}/mood", json={"mood": "refuse"})).status == 200
    assert fake.mood("main", "+15550100199") == "refuse"
    assert (await dana.post(f"{PHONE}/mood", json={"mood": "sad"})).status == 400


async def test_what_is_wrong_is_said(dana: Client) -> None:
    assert (await dana.post(f"{PHONE}/text", json={"text": " "})).status == 400
    assert (await dana.get("/api/phone/none/+15550100199")).status == 404
    assert (await dana.get("/api/phone/main/ruth")).status == 400


async def test_without_a_simulated_line_there_is_no_phone(fake: FakeHouse) -> None:
    async with TestClient(TestServer(application(fake, phone=False))) as client:
        client.session.cookie_jar.update_cookies({"threadline": SESSION})
        assert (await client.get(PHONE)).status == 404
        assert "phone.css" not in await (await client.get("/")).text()
        assert (await (await client.get("/api/me")).json())["simulated"] == []
