"""The web inbox in a real browser: what staff see, write, press and hear."""

import pytest
from playwright.async_api import expect

from bridge.model.events import StaffDeleted, StaffPressed, StaffWrote
from bridge.model.shapes import Button, Post
from bridge.render import cost as prices
from bridge.render import segments
from connectors.chat.web.whispers import Whispers
from tests.browser.conftest import Visiting
from tests.browser.fake_house import ME

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
MARIA = "#/wt0000"


def texts(events: list[object]) -> list[str]:
    return [event.text for event in events if isinstance(event, StaffWrote)]


async def test_reading(visit: Visiting) -> None:
    seen = await visit(MARIA)
    page = seen.page
    await expect(page).to_have_title("(4) Inbox · Riverside Tenants Union")
    await expect(page.locator(".rows a")).to_have_count(10)
    await expect(page.locator(".rows a").first).to_have_attribute("aria-current", "true")
    await expect(page.locator(".rows li", has_text="Lena Fischer")).to_contain_text("2 unread")
    await expect(page.locator(".rows li", has_text="Lena Fischer")).to_contain_text("Waiting 2 h")
    await expect(page.locator(".rows li", has_text="Walter Brandt")).to_contain_text("Opted out")
    await expect(page.locator(".msg.is-failed")).to_contain_text("Failed: The phone was switched off")
    await expect(page.locator(".msg.note")).to_contain_text("Internal note")
    await expect(page.locator(".log .day")).to_have_text(["Yesterday", "Today"])
    await expect(page.get_by_alt_text("Picture: kitchen.jpg").last).to_be_visible()
    await expect(page.locator("#person dd").first).to_have_text("(555) 010-0199")


async def test_what_people_wrote_stays_text(visit: Visiting) -> None:
    seen = await visit("#/wt0009")
    bubble = seen.page.locator(".msg.in .words")
    await expect(bubble).to_have_text("https://bad.example/login <b>not bold</b>")
    assert await bubble.locator("a, b").count() == 0
    await expect(bubble).to_have_attribute("dir", "auto")


async def test_replying(visit: Visiting) -> None:
    seen = await visit(MARIA)
    page = seen.page
    await page.fill("#words", "We call him\nat four.")
    await expect(page.locator("#cost")).to_have_text("20/160 · 1 credit")
    await page.press("#words", "Enter")
    last = page.locator(".msg.out").last
    await expect(last).to_contain_text("Goes out in")
    await expect(page.locator("#words")).to_have_value("")
    await expect(last.locator(".state")).to_have_text("Delivered")
    assert texts(seen.fake.events) == ["We call him\nat four."]


async def test_enter_twice_is_one_message(visit: Visiting) -> None:
    seen = await visit(MARIA)
    await seen.page.fill("#words", "Once")
    await seen.page.evaluate(
        """() => { const key = () => document.getElementById("words").dispatchEvent(
        new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})); key(); key(); }"""
    )
    await expect(seen.page.locator(".msg.out").last).to_contain_text("Once")
    assert texts(seen.fake.events) == ["Once"]


async def test_edit_takes_a_held_message_back_and_cancel_cancels(visit: Visiting) -> None:
    seen = await visit(MARIA, hold=30)
    page = seen.page
    await page.fill("#words", "Wrong wods")
    await page.press("#words", "Enter")
    await page.locator(".msg.is-held").get_by_role("button", name="Edit").click()
    await expect(page.locator("#words")).to_have_value("Wrong wods")
    await expect(page.locator("#words")).to_be_focused()
    await expect(page.locator(".msg.is-cancelled")).to_contain_text("Cancelled, not sent")
    await page.fill("#words", "Right words")
    await page.press("#words", "Enter")
    await page.locator(".msg.is-held").get_by_role("button", name="Cancel").click()
    await expect(page.locator(".msg.is-held")).to_have_count(0)
    assert sum(isinstance(event, StaffDeleted) for event in seen.fake.events) == 2


async def test_notes_stay_inside(visit: Visiting) -> None:
    seen = await visit(MARIA)
    page = seen.page
    await page.check("#as-note")
    await page.fill("#words", "ask Jonas")
    await expect(page.locator(".send")).to_have_text("Keep note")
    await page.press("#words", "Enter")
    await expect(page.locator(".msg.note").last).to_contain_text("ask Jonas")
    for plain in ("// like this", "Note: like this", "@jonas look"):
        await page.fill("#words", plain)
        await expect(page.locator("#cost")).to_have_text("Stays inside")
    assert texts(seen.fake.events) == ["// ask Jonas"]


async def test_who_opted_out_gets_notes_only(visit: Visiting) -> None:
    seen = await visit("#/wt0004")
    await expect(seen.page.locator(".closed")).to_contain_text("You can still write an internal note")
    await seen.page.fill("#words", "he called")
    await seen.page.press("#words", "Enter")
    await expect(seen.page.locator(".msg.note")).to_contain_text("he called")
    assert texts(seen.fake.events) == ["// he called"]


async def test_the_phone(visit: Visiting) -> None:
    seen = await visit()
    page = seen.page
    await page.fill("#my-number", "(555) 010-0155")
    await page.press("#my-number", "Tab")
    await expect(page.locator(".phone-hello")).to_contain_text("This phone is (555) 010-0155")
    await page.fill("#phone-words", "Hello, is anybody there?")
    await page.press("#phone-words", "Enter")
    row = page.locator(".rows li").first
    await expect(row).to_contain_text("Hello, is anybody there?")
    await expect(page.locator("#live")).to_have_text("New message from (555) 010-0155")
    await row.locator("a").click()
    await page.fill("#words", "Yes, hello!")
    await page.press("#words", "Enter")
    await expect(page.locator(".phone-log .theirs")).to_contain_text("Yes, hello!")
    await expect(page.locator(".rows .badge")).to_have_count(3)  # and this one was read
    await page.select_option("#mood", "refuse")
    await page.fill("#words", "And now?")
    await page.press("#words", "Enter")
    await expect(page.locator(".msg.is-failed .state")).to_have_text("Failed: The phone refused the message")


async def test_what_it_costs_is_seen_first(visit: Visiting) -> None:
    page = (await visit(MARIA)).page
    await page.fill("#words", "It’s " + "x" * 80)
    await expect(page.locator("#cost")).to_have_text("85/70 · MMS, 3 credits")
    await expect(page.locator(".hint")).to_contain_text("“’” shortens the limit from 160 to 70 characters.")
    await page.get_by_role("button", name="Straighten it, save 2 credits").click()
    await expect(page.locator("#cost")).to_have_text("85/160 · 1 credit")
    await page.fill("#words", "x" * 1601)
    await expect(page.locator(".hint")).to_contain_text("Too long")
    await expect(page.locator(".send")).to_be_disabled()


SAMPLES = (
    "", "a" * 160, "a" * 161, "a" * 307, "€" * 80, "€" * 81, "a" * 152 + "€" + "a" * 9, "{[~]}|^\\€", "`",
    "it’s", "café", "fête", "Ç", "ç", "ж" * 70, "ж" * 71, "ж" * 135, "😀" * 36, "ж" * 66 + "😀" + "ж" * 10,
    "👨\u200d👩\u200d👧", "a\tb", "a\u00a0b", "ΔΦΓ", "α", "\f", "“so” – he said… ½ ™ ×" * 9, "a\u200bb" * 40,
)  # fmt: skip


async def test_the_page_counts_as_the_engine_does(visit: Visiting) -> None:
    page = (await visit()).page
    base = await page.evaluate("document.querySelector('script[type=module]').src")
    counted = await page.evaluate(
        """async ([base, samples]) => {
          const s = await import(base.replace("app.js", "segments.js"));
          return samples.map((text) => {
            const m = s.measure(text);
            const modes = ["mms", "segments"].map((longMessages) => {
              const options = {longMessages};
              return [s.cost(text, options).credits, s.cheaper(text, options)];
            });
            return [m.encoding, m.units, m.segments, m.guilty[0] ?? null, s.straighten(text), modes];
          });
        }""",
        [base, list(SAMPLES)],
    )
    for text, found in zip(SAMPLES, counted, strict=True):
        ours = segments.measure(text)
        modes = [
            [prices.cost(text, 0, mode).credits, prices.cheaper(text, 0, mode)]
            for mode in ("mms", "segments")
        ]
        plain = segments.straighten(text)
        assert found == [ours.encoding, ours.units, ours.parts, ours.guilty, plain, modes], text


async def test_drafts_stay_with_their_thread(visit: Visiting) -> None:
    page = (await visit(MARIA)).page
    await page.fill("#words", "half a tho")
    await page.locator(".rows a", has_text="Grace Kim").click()
    await expect(page.locator(".thread-name h2")).to_have_text("Grace Kim")
    await expect(page.locator("#words")).to_have_value("")
    await page.locator(".rows a", has_text="Maria Alvarez").click()
    await expect(page.locator("#words")).to_have_value("half a tho")
    await page.reload()
    await expect(page.locator("#words")).to_have_value("half a tho")


async def test_keys(visit: Visiting) -> None:
    page = (await visit()).page
    for key, name in (("j", "Maria Alvarez"), ("j", "Omar Haddad"), ("k", "Maria Alvarez")):
        await page.keyboard.press(key)
        await expect(page.locator(".thread-name h2")).to_have_text(name)
    await page.keyboard.press("r")
    await expect(page.locator("#words")).to_be_focused()
    await page.keyboard.type("jk/?")
    await expect(page.locator("#words")).to_have_value("jk/?")
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await expect(page.locator("#search")).to_be_focused()
    await page.keyboard.type("boiler")
    await expect(page.locator(".rows a")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".thread-name h2")).to_have_text("Grace Kim")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("next conversation")
    await page.uncheck("#letters")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_buttons_and_the_menu(visit: Visiting) -> None:
    seen = await visit(MARIA)
    page = seen.page
    await page.get_by_role("button", name="Not meant so").click()
    await expect(page.locator(".msg.notice")).to_have_count(0)
    await page.get_by_role("button", name="More").click()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Remove conversation")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("the next text opens a fresh thread")
    await page.get_by_role("button", name="Leave it").click()
    await page.get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Remove conversation").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove conversation").click()
    await expect(page.locator(".rows a")).to_have_count(9)
    await expect(page.get_by_role("heading", name="No conversation is open")).to_be_visible()
    pressed = [e.action for e in seen.fake.events if isinstance(e, StaffPressed) and e.action != "read"]
    assert pressed == ["not_meant", "remove"]


async def test_hidden_messages_on_request(visit: Visiting) -> None:
    page = (await visit(MARIA)).page
    await expect(page.locator(".log")).not_to_contain_text("JOIN")
    await page.get_by_role("button", name="Show 2 hidden messages").click()
    await expect(page.locator(".msg.aside").first).to_contain_text("JOIN")
    await expect(page.locator(".msg.aside .reason").first).to_have_text("The keyword JOIN, on its own")
    await page.get_by_role("button", name="Hide them again").click()
    await expect(page.locator(".msg.aside")).to_have_count(0)


async def test_a_new_conversation(visit: Visiting) -> None:
    seen = await visit()
    page = seen.page
    await page.keyboard.press("n")
    await page.fill("#to", "gra")
    await expect(page.locator(".found")).to_contain_text("Grace Kim")
    await page.fill("#to", "not a number")
    await page.get_by_role("button", name="Start conversation").click()
    await expect(page.get_by_role("alert")).to_contain_text("not a phone number")
    await page.fill("#to", "(555) 010-0123")
    await page.fill("#first", "Hello Ruth")
    await page.get_by_role("button", name="Start conversation").click()
    await expect(page.locator(".thread-name h2")).to_have_text("(555) 010-0123")
    await expect(page.locator(".msg.out")).to_contain_text("Hello Ruth")


async def test_a_person_without_a_conversation_is_found_by_name(visit: Visiting) -> None:
    seen = await visit()
    page = seen.page
    await page.keyboard.press("n")
    await page.fill("#to", "ana s")
    await expect(page.locator(".found")).to_contain_text("Ana Sousa")
    await page.press("#to", "ArrowDown")
    await page.press("#to", "Enter")
    await expect(page.locator("#to")).to_have_value("Ana Sousa +15550100120")
    await page.fill("#first", "Hello Ana")
    await page.get_by_role("button", name="Start conversation").click()
    await expect(page.locator(".msg.out")).to_contain_text("Hello Ana")
    (started,) = [e for e in seen.fake.events if isinstance(e, StaffPressed) and e.action == "new"]
    assert started.form["number"] == "+15550100120"


async def test_a_setting_is_made_by_keyboard_alone(visit: Visiting) -> None:
    seen = await visit()
    page = seen.page
    await page.locator("[data-panel=settings]").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Settings")
    await expect(dialog.get_by_role("button", name="Change", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("Hold before sending")).to_be_focused()
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type("12")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    (made,) = [e for e in seen.fake.events if isinstance(e, StaffPressed) and e.action == "set"]
    assert dict(made.form) == {"name": "hold_seconds", "line": "", "value": "12"}


async def test_why_a_text_is_here_is_asked_of_that_text(visit: Visiting) -> None:
    seen = await visit(MARIA)
    page = seen.page
    await page.locator(".msg.in .why").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    name, value, _ = seen.fake.panels.asked[-1]
    assert name == "message"
    assert value in {entry.id for entry in seen.fake.talks["wt0000"].entries}


async def test_attaching_a_picture(visit: Visiting) -> None:
    seen = await visit(MARIA)
    page = seen.page
    gif = {"name": "plan.gif", "mimeType": "image/gif", "buffer": b"GIF89a\x01\0\x01\0\0\0\0;"}
    await page.set_input_files("#attach", gif)
    await expect(page.locator(".attached")).to_contain_text("plan.gif")
    await page.fill("#words", "The plan")
    await expect(page.locator("#cost")).to_have_text("8/160 · MMS, 3 credits")
    await page.press("#words", "Enter")
    await expect(page.locator(".msg.out").last.get_by_alt_text("Picture: plan.gif")).to_be_attached()
    await expect(page.locator(".attached li")).to_have_count(0)


async def test_whispers_are_shown_at_the_message_box(
    visit: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Whispers] = []
    init = Whispers.__init__
    monkeypatch.setattr(Whispers, "__init__", lambda self, now: (init(self, now), made.append(self))[0])
    seen = await visit(MARIA)
    post = Post("", "Already sent.", "notice", (Button("correct", "Send a correction", "m9"),))
    made[0].tell(ME.id, "wt0000", post, "w1")
    toast = seen.page.locator("#whispers .toast")
    await expect(toast).to_contain_text("Already sent.")
    await toast.get_by_role("button", name="Send a correction").click()
    await expect(toast).to_have_count(0)
    assert any(isinstance(e, StaffPressed) and e.action == "correct" for e in seen.fake.events)


async def test_ten_thousand_conversations(visit: Visiting) -> None:
    page = (await visit(many=10_000)).page
    await expect(page.locator(".rows li")).to_have_count(50)
    await page.locator(".list-pane .scroller").evaluate("(node) => node.scrollTo(0, node.scrollHeight)")
    await expect(page.locator(".rows li")).to_have_count(100)
    await page.fill("#search", "Member 09999")
    await expect(page.locator(".rows li")).to_have_count(1)


async def test_the_connection_goes_and_comes_back(visit: Visiting) -> None:
    seen = await visit()
    await seen.page.context.set_offline(True)
    await seen.fake.text("main", "+15550100155", "While you were out", ())
    await expect(seen.page.locator("#connection")).to_contain_text("Not connected")
    await seen.page.context.set_offline(False)
    await expect(seen.page.locator(".rows li").first).to_contain_text("While you were out")
    await expect(seen.page.locator("#connection")).to_be_empty()


async def test_an_empty_house_says_what_to_do(visit: Visiting) -> None:
    page = (await visit(empty=True)).page
    await expect(page.locator(".empty")).to_contain_text("Text the number from the phone on the left")


async def test_without_simulated_lines_there_is_no_phone(visit: Visiting) -> None:
    page = (await visit(empty=True, phone=False)).page
    await expect(page.locator(".empty")).to_contain_text("Texts to (555) 010-0001 appear here")
    await expect(page.locator("#phone")).to_have_count(0)


async def test_360_pixels(visit: Visiting) -> None:
    page = (await visit(width=360, height=740)).page
    await expect(page.locator("#thread")).to_be_hidden()
    await page.locator(".rows a").first.click()
    await expect(page.locator("#list")).to_be_hidden()
    await expect(page.locator("#words")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.get_by_role("button", name="Who this is").click()
    await expect(page.locator("#person")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Back to the list").click()
    await page.get_by_role("button", name="Phone", exact=True).click()
    await expect(page.locator("#phone-words")).to_be_visible()
    await expect(page.locator("#list")).to_be_hidden()


async def test_the_link_of_a_simulated_house_opens_it_at_once(visit: Visiting) -> None:
    seen = await visit("signin?token=a-token", signed_in=False)
    await expect(seen.page.locator(".rows li").first).to_be_visible()
    assert seen.fake.tokens == set()
    await seen.page.get_by_role("button", name="Sign out").click()
    await expect(seen.page.get_by_role("heading")).to_contain_text("The text inbox of")


async def test_any_other_link_waits_for_the_button(visit: Visiting) -> None:
    seen = await visit("signin?token=a-token", signed_in=False, phone=False)
    assert seen.fake.tokens == {"a-token"}
    await seen.page.get_by_role("button", name="Sign in").click()
    await expect(seen.page.locator(".rows li").first).to_be_visible()
