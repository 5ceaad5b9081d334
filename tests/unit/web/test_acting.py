"""What staff do becomes one event each, however often a button is hit."""

import io
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient

from bridge.model.events import StaffDeleted, StaffEdited, StaffPressed, StaffWrote
from bridge.model.nouns import Author
from tests.browser.fake_house import FakeHouse

Client = TestClient[Any, Any]
MESSAGES = "/api/threads/wt0000/messages"


def message(**more: object) -> dict[str, object]:
    return {"text": "Hello", "client_id": "client-id-1", **more}


async def test_writing(dana: Client, fake: FakeHouse) -> None:
    answer = await dana.post(MESSAGES, json=message(text="Hello\x00 there"))
    assert (await answer.json()) == {"ref": "wclient-id-1"}
    [wrote] = fake.events
    assert isinstance(wrote, StaffWrote)
    assert (wrote.desk, wrote.thread, wrote.ref) == ("web", "wt0000", "wclient-id-1")
    assert wrote.author == Author("m1", "Dana Whitfield", role="admin")
    assert wrote.text == "Hello\ufffd there"
    assert not wrote.starts_with_mention


async def test_a_double_click_is_one_message(dana: Client, fake: FakeHouse) -> None:
    for _ in range(2):
        assert (await dana.post(MESSAGES, json=message())).status == 201
    assert len(fake.events) == 1


async def test_a_colleague_named_first_makes_a_note(dana: Client, fake: FakeHouse) -> None:
    await dana.post(MESSAGES, json=message(text="@jonas can you call her?"))
    await dana.post(MESSAGES, json=message(text="@ five o’clock then", client_id="client-id-2"))
    first, second = fake.events
    assert isinstance(first, StaffWrote)
    assert isinstance(second, StaffWrote)
    assert (first.starts_with_mention, second.starts_with_mention) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        message(text="   "),
        message(client_id="short"),
        message(client_id="../../etc/passwd"),
        message(text=17),
        message(text="x" * 20_001),
        message(media=["nothing-here"]),
        message(media="photo"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_sent(
    dana: Client, fake: FakeHouse, wrong: dict[str, object]
) -> None:
    answer = await dana.post(MESSAGES, json=wrong)
    assert answer.status == 400
    assert (await answer.json())["error"]
    assert fake.events == []


async def test_editing_and_cancelling(dana: Client, fake: FakeHouse) -> None:
    await dana.post(MESSAGES, json=message())
    mine = f"{MESSAGES}/wclient-id-1"
    assert (await dana.patch(mine, json={"text": "Hello"})).status == 200  # no change, no event
    assert (await dana.patch(mine, json={"text": "Hello, Maria"})).status == 200
    assert (await dana.patch(mine, json={"text": " "})).status == 400
    assert (await dana.delete(mine)).status == 200
    _, edited, deleted = fake.events
    assert isinstance(edited, StaffEdited)
    assert edited.text == "Hello, Maria"
    assert isinstance(deleted, StaffDeleted)
    assert deleted.ref == "wclient-id-1"
    assert (await dana.delete(f"{MESSAGES}/wnever-written")).status == 404


async def test_pressing(dana: Client, fake: FakeHouse) -> None:
    press = {"action": "resolve", "value": "t1", "thread": "wt0001", "client_id": "client-id-1"}
    for _ in range(2):
        assert (await dana.post("/api/press", json=press)).status == 201
    [pressed] = fake.events
    assert isinstance(pressed, StaffPressed)
    assert (pressed.action, pressed.value, pressed.thread, pressed.ref) == ("resolve", "t1", "wt0001", None)
    for wrong in (
        {"action": "Drop table"},
        {"action": "new", "form": {"a": 1}},
        {"action": "new", "form": []},
    ):
        assert (await dana.post("/api/press", json={"form": {}, **wrong})).status in (400, 422, 201)
    assert (await dana.post("/api/press", json={"action": "new", "form": {"a": 1}})).status == 400


async def test_starting_a_conversation(dana: Client, fake: FakeHouse) -> None:
    said = {"number": "(555) 010-0123", "text": "Hello Ruth", "name": "Ruth", "client_id": "client-id-1"}
    fake.talks.pop("wt0002")
    answer = await dana.post("/api/threads", json=said)
    assert answer.status == 201
    thread = (await answer.json())["thread"]
    assert fake.talks[thread].number == "+15550100123"
    [pressed] = fake.events
    assert isinstance(pressed, StaffPressed)
    assert pressed.action == "new"
    assert pressed.form == {"number": "+15550100123", "line": "main", "text": "Hello Ruth", "name": "Ruth"}


async def test_what_is_no_number_is_said(dana: Client, fake: FakeHouse) -> None:
    answer = await dana.post("/api/threads", json={"number": "Ruth"})
    assert answer.status == 400
    assert "not a phone number" in (await answer.json())["error"]
    assert (await dana.post("/api/threads", json={"number": "5550100123", "line": "none"})).status == 400
    assert fake.events == []


async def test_attaching(dana: Client, fake: FakeHouse) -> None:
    form = FormData()
    form.add_field("file", b"\x89PNG...", filename="plan.png", content_type="image/png")
    kept = (await (await dana.post("/api/files", data=form)).json())["media"]
    assert (kept[0]["name"], kept[0]["type"], kept[0]["size"]) == ("plan.png", "image/png", 7)
    await dana.post(MESSAGES, json=message(text="", media=[kept[0]["id"]]))
    [wrote] = fake.events
    assert isinstance(wrote, StaffWrote)
    assert wrote.media[0].origin == "desk:web"

    big = FormData()
    big.add_field("file", io.BytesIO(bytes(20_000_001)), filename="film.mp4", content_type="video/mp4")
    refused = await dana.post("/api/files", data=big)
    assert refused.status == 413
    assert "at most 20 MB" in (await refused.json())["error"]
    assert (await dana.post("/api/files", json={})).status == 415


async def test_pictures_are_shown_and_everything_else_is_saved(dana: Client, fake: FakeHouse) -> None:
    picture = await dana.get("/files/photo")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Content-Disposition"].startswith("inline")
    fake.files["page"] = fake.files["paper"].__class__("evil\r\n.html", "text/html", b"<script>")
    page = await dana.get("/files/page")
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"] == "attachment; filename*=UTF-8''evil%0D%0A.html"
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert (await dana.get("/files/none")).status == 404
