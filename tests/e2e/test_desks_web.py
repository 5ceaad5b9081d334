"""The web inbox of the running daemon, as its page uses it: signing in, reading, writing, pressing."""

import os
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from tests.e2e.desks import SlackDesk, begun
from tests.e2e.desks import quick as quick  # a fixture
from tests.e2e.house import BOB, World, until
from tests.e2e.tools import Answer, AtWeb, ask, command

pytestmark = pytest.mark.usefixtures("quick")
LONG = "This is a long answer. " * 10


def base(world: World) -> str:
    """Give the address of the inbox."""
    return f"http://127.0.0.1:{world.port}"


async def sign_in(world: World, token: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Press the button of a one-time link."""
    form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}

    async def once() -> Answer:
        import aiohttp

        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.post(
                f"{base(world)}/signin", data=f"token={token}", headers=form, allow_redirects=False
            ) as got,
        ):
            return Answer(got.status, await got.read(), dict(got.headers))

    return await once()


class Page(AtWeb):
    """Somebody at the page, with everything that it can do."""

    async def thread(self) -> str:
        """Give the only conversation's thread."""
        return str((await self.threads())[0]["thread"])

    async def write(self, text: str) -> str:
        """Write into the only conversation; give the message's ref."""
        answer = await self.reply(text)
        assert answer.status == 201, answer
        return str(answer.json()["ref"])

    async def change(self, method: str, ref: str, **what: Any) -> Answer:
        """Change or cancel a message."""
        url = f"{self._base}/api/threads/{await self.thread()}/messages/{ref}"
        return await ask(url, method, orjson.dumps(what), self._headers)

    async def entry(self, ref: str) -> dict[str, Any]:
        """Give a message."""
        return next(one for one in await self.entries() if one["ref"] == ref)

    async def press(self, action: str, value: str = "", **form: str) -> Answer:
        """Press something on the only conversation."""
        thread = await self.thread()
        return await self.post("/api/press", action=action, value=value, thread=thread, form=form)

    async def opened(self) -> dict[str, Any]:
        """Open the only conversation."""
        found: dict[str, Any] = await self.get(f"/api/threads/{await self.thread()}")
        return found


# ---- signing in -----------------------------------------------------------------------------------------


async def test_a_one_time_link_opens_the_inbox_once(small_house: World) -> None:
    world = small_house
    assert world.daemon is not None
    said = await command(world, "staff", "add", "Eve")
    link = next(word for word in said.out.decode().split() if "/signin?token=" in word)
    token = link.partition("token=")[2]
    assert link.startswith("https://sms.example.org/signin?token=")
    shown = await ask(f"{base(world)}/signin?token={token}")
    assert shown.status == 200  # a preview of the link does not spend it

    answer = await sign_in(world, token)
    assert answer.status == 303
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("__Host-threadline=", "HttpOnly", "Secure", "SameSite=Strict"))
    page = Page(world, cookie.partition(";")[0])
    assert (await page.get("/api/me"))["name"] == "Eve"
    again = await sign_in(world, token)
    assert (again.status, "Set-Cookie" in again.headers) == (403, False)


async def test_wrong_tokens_are_refused_and_then_not_even_looked_at(small_house: World) -> None:
    world = small_house
    answers = [(await sign_in(world, "wrong")).status for _ in range(15)]
    assert answers[0] == 403
    assert answers[-1] == 429
    assert set(answers) == {403, 429}


async def test_without_a_session_there_is_nothing(small_house: World) -> None:
    world = small_house
    await world.text("Hello?")
    assert (await ask(f"{base(world)}/")).status == 401
    for path in ("/api/me", "/api/threads", "/api/changes", "/files/x"):
        answer = await ask(base(world) + path)
        assert answer.status == 401
        assert b"Hello?" not in answer.body


async def test_a_session_ends_when_its_person_is_removed(small_house: World) -> None:
    world = small_house
    page = await Page.sign_in(world)
    assert (await page.get("/api/me"))["role"] == "agent"
    await command(world, "staff", "role", "Eve", "admin")
    assert (await page.get("/api/me"))["role"] == "admin"
    await command(world, "staff", "remove", "Eve")
    assert (await ask(f"{base(world)}/api/me", headers=page._headers)).status == 401


async def test_what_other_sites_make_a_browser_send_is_refused(small_house: World) -> None:
    world = small_house
    await world.text("Hello?")
    page = await Page.sign_in(world)
    await until(page.threads)
    url = f"{base(world)}/api/threads/{await page.thread()}/messages"
    body = orjson.dumps({"text": "forged", "client_id": os.urandom(8).hex()})
    bare = {name: value for name, value in page._headers.items() if name != "X-Threadline"}
    assert (await ask(url, "POST", body, bare)).status == 403
    elsewhere = {**page._headers, "Origin": "https://evil.example"}
    assert (await ask(url, "POST", body, elsewhere)).status == 403
    ours = {**page._headers, "Origin": "https://sms.example.org"}
    assert (await ask(url, "POST", body, ours)).status == 201
    await until(lambda: world.phone() == ["forged"])


# ---- reading and writing --------------------------------------------------------------------------------


async def test_list_open_reply(small_house: World) -> None:
    world = small_house
    slack: SlackDesk = await begun(world, "slack", "Our heat is out")
    page = await Page.sign_in(world)
    (row,) = await page.threads()
    assert (row["number"], row["last_text"], row["unread"]) == ("(555) 010-0142", "Our heat is out", 1)
    opened = await page.opened()
    assert [(e["direction"], e["text"]) for e in opened["entries"]] == [("in", "Our heat is out")]
    assert opened["card"]["title"] == "(555) 010-0142"

    assert (await page.post("/api/read", thread=row["thread"])).status == 201
    await until(lambda: _holds(page, lambda rows: rows[0]["unread"] == 0))
    ref = await page.write("We are on it")
    await until(lambda: world.phone() == ["We are on it"])
    await until(lambda: "Eve (the web inbox)" in slack.page() and "We are on it" in slack.page())
    await until(lambda: "We are on it" in world.telegram_page())

    async def delivered() -> bool:
        return (await page.entry(ref))["state"] == "delivered"

    await until(delivered)
    assert (await page.entry(ref))["author"] == "Eve"
    await slack.say("And I come along")
    await until(lambda: _holds_texts(page, ["Our heat is out", "We are on it", "And I come along"]))


async def _holds(page: Page, condition: Any) -> bool:
    return bool(condition(await page.threads()))


async def _holds_texts(page: Page, texts: list[str]) -> bool:
    return await page.texts() == texts


async def test_the_same_click_twice_is_one_message(small_house: World) -> None:
    world = small_house
    await world.text("Hello?")
    page = await Page.sign_in(world)
    await until(page.threads)
    path = f"/api/threads/{await page.thread()}/messages"
    for _ in range(2):
        assert (await page.post(path, text="once", client_id="clicked-twice")).status == 201
    await page.write("then")
    await until(lambda: len(world.phone()) == 2)
    assert world.phone() == ["once", "then"]


async def test_what_is_held_can_be_changed_and_cancelled(small_world: World) -> None:
    world = small_world
    world.options["hold"] = 1.5
    async with world.house():
        await world.text("Hello?")
        page = await Page.sign_in(world)
        await until(page.threads)
        changed, cancelled = await page.write("at 5"), await page.write("never mind")
        await until(lambda: _both_held(page))
        assert (await page.entry(changed))["hold_until"]
        assert (await page.change("PATCH", changed, text="at 6")).status == 200
        assert (await page.change("DELETE", cancelled)).status == 200
        await until(lambda: world.phone() == ["at 6"])

        async def told() -> bool:
            return (await page.entry(cancelled))["state"] == "cancelled"

        await until(told)
        assert (await page.change("PATCH", changed, text="at 7")).status == 200
        await until(lambda: _whispered(page, "Already sent, so the edit changes nothing"))
    assert world.phone() == ["at 6"]


async def _both_held(page: Page) -> bool:
    return [e["state"] for e in await page.entries() if e["direction"] == "out"] == ["held", "held"]


async def _whispered(page: Page, words: str) -> bool:
    return any(words in said for said in await page.whispers())


async def test_notes_and_presses(small_house: World) -> None:
    world = small_house
    slack: SlackDesk = await begun(world, "slack")
    page = await Page.sign_in(world)
    note = await page.write("// only us")
    assert (await page.press("note", text="and this")).status == 201
    assert (await page.press("assign")).status == 201
    await until(lambda: "On it: Eve" in slack.page())
    assert (await page.press("resolve")).status == 201
    await until(lambda: "Resolved by Eve" in slack.page())
    assert (await page.entry(note))["kind"] == "note"
    assert [e["text"] for e in await page.entries()] == ["Hello?", "// only us", "and this"]
    assert (await page.press("fly")).status == 201
    await until(lambda: _whispered(page, "does not know how to do “fly”"))
    assert (await page.press("remove")).status == 201
    await until(lambda: "Conversation removed by Eve" in slack.page())
    await until(lambda: _holds(page, lambda rows: rows == []))
    assert world.phone() == []


async def test_a_reply_that_failed_offers_to_try_again(small_house: World) -> None:
    from tests.emulators.twilio import undelivered

    world = small_house
    world.twilio.plan(BOB, undelivered(30003))
    await world.text("Hello?")
    page = await Page.sign_in(world)
    await until(page.threads)
    await page.write("Anybody?")

    async def offered() -> dict[str, Any] | None:
        notes = (await page.opened())["notes"]
        return next((n for n in notes for b in n["buttons"] if b["action"] == "retry"), None)

    await until(offered)
    note = await offered()
    assert note is not None
    assert "Not delivered: “Anybody?”" in note["body"]
    pressed = await page.post(
        "/api/press",
        action="retry",
        value=note["buttons"][0]["value"],
        thread=await page.thread(),
        ref=note["ref"],
    )
    assert pressed.status == 201
    await until(lambda: len(world.twilio.sent) == 2)

    async def gone() -> bool:
        return await offered() is None

    await until(gone)


async def test_a_conversation_can_be_started(small_house: World) -> None:
    world = small_house
    page = await Page.sign_in(world)
    answer = await page.post("/api/threads", number="(555) 010-0142", text="Your keys are here")
    assert answer.status == 201, answer
    await until(lambda: world.phone() == ["Your keys are here"])
    await until(lambda: "Your keys are here" in world.slack_page())
    wrong = await page.post("/api/threads", number="12")
    assert (wrong.status, "not a phone number" in wrong.body.decode()) == (400, True)


async def test_a_picture_goes_out_from_the_page(small_house: World) -> None:
    from tests.e2e.test_desks_media import RED

    world = small_house
    await world.text("", media=[("image/png", RED)])
    page = await Page.sign_in(world)
    await until(page.threads)
    await until(lambda: _has_file(page))
    (entry,) = await page.entries()
    shown = await ask(f"{base(world)}/files/{entry['media'][0]['id']}", headers=page._headers)
    assert (shown.body, shown.headers["Content-Type"]) == (RED, "image/png")

    border = "x" * 20
    part = f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    body = part.encode() + b"Content-Type: image/png\r\n\r\n" + RED + f"\r\n--{border}--\r\n".encode()
    headers = {**page._headers, "Content-Type": f"multipart/form-data; boundary={border}"}
    kept = (await ask(f"{base(world)}/api/files", "POST", body, headers)).json()["media"][0]
    path = f"/api/threads/{await page.thread()}/messages"
    sent = await page.post(path, text="Yours", media=[kept["id"]], client_id=os.urandom(8).hex())
    assert sent.status == 201
    await until(lambda: bool(world.twilio.phone(BOB)))
    assert world.twilio.phone(BOB)[0].media == (("image/png", RED),)


async def _has_file(page: Page) -> bool:
    media = [m for e in await page.entries() for m in e["media"]]
    return bool(media)


async def test_page_and_phone_agree_on_the_price(small_house: World) -> None:
    world = small_house
    await world.text("Hello?")
    page = await Page.sign_in(world)
    await until(page.threads)
    ref = await page.write(LONG)
    await until(lambda: bool(world.phone()))
    entry = await page.entry(ref)
    assert (entry["credits"], (await page.opened())["long_messages"]) == (3, "mms")
