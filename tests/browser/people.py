"""Conversations of a tenants' union, as they might look on a Tuesday."""

import io
import time
from dataclasses import replace

from PIL import Image, ImageDraw

from bridge.model.shapes import Button, File
from tests.browser.fake_house import FakeHouse, Talk, entry, notice

NATURAL = "Natural: no keyword, no answer to a question, and it reads like a person"
HOUR, DAY = 3600.0, 86_400.0


def people(house: FakeHouse, many: int = 0) -> None:
    """Fill the house."""
    now = time.time()
    _maria(house, now)
    _short(house, "Omar Haddad", "+15550100118", now - 26 * 60, 1, "هل يمكنني دفع الإيجار يوم الجمعة؟ شكرا")
    _short(
        house, "Lena Fischer", "+15550100123", now - 2.2 * HOUR, 2, "Is the meeting still at 7?", waiting=2.2
    )
    talk = _short(house, "", "+15550100177", now - 5 * HOUR, 1, "hi who is this?? got ur flyer", waiting=5)
    talk.facts = [("Number", "(555) 010-0177"), ("First text", "Today")]
    talk = _short(house, "Walter Brandt", "+15550100131", now - 7 * HOUR, 0, "STOP")
    talk.opted_out = True
    talk = _short(house, "Priya Raman", "+15550100142", now - 9 * HOUR, 0, "Perfect, see you Thursday then!")
    talk.assigned_to = "Jonas Ek"
    talk = _short(
        house, "Samuel Okafor", "+15550100150", now - 1.1 * DAY, 0, "Thank you so much for your help"
    )
    talk.state, talk.assigned_to = "resolved", "Dana Whitfield"
    words = "The super came by and said the boiler part is on order. Could be another week without hot water."
    _short(house, "Grace Kim", "+15550100164", now - 1.4 * DAY, 0, words)
    _short(house, "Tomás Rivera", "+15550100165", now - 2 * DAY, 0, "Sí, ya mandé los papeles")
    _short(
        house, "Eleanor Vance", "+15550100166", now - 3 * DAY, 0, "https://bad.example/login <b>not bold</b>"
    )
    for n in range(many):
        _short(
            house, f"Member {n:05d}", f"+1555{2_000_000 + n}", now - 4 * DAY - n * 60, 0, f"Text number {n}"
        )


def _short(
    house: FakeHouse, name: str, number: str, at: float, unread: int, text: str, waiting: float = 0.0
) -> Talk:
    talk = house.begin(number, name)
    talk.facts = [("Number", f"({number[2:5]}) {number[5:8]}-{number[8:]}"), ("Lists", "Members")]
    if not unread:
        talk.entries.append(
            entry(house.ids(), "out", "Hello from the union.", at - 600, "reply", author="Jonas Ek")
        )
    talk.entries.append(entry(house.ids(), "in", text, at, reason=NATURAL))
    talk.unread = unread
    talk.waiting_since = at if waiting else None
    return talk


def _maria(house: FakeHouse, now: float) -> None:
    talk = house.begin("+15550100199", "Maria Alvarez")
    talk.facts = [
        ("Number", "(555) 010-0199"),
        ("Lists", "Members, Building 14"),
        ("Since", "March 2024"),
        ("Replies", "Sent directly"),
        ("E-mail", "maria.alvarez@example.org"),
    ]
    photo = File("kitchen.jpg", "image/jpeg", picture())
    house.files["photo"] = photo
    paper = File("notice-to-repair.pdf", "application/pdf", b"%PDF-1.4 nothing")
    house.files["paper"] = paper
    add = talk.entries.append
    yesterday = now - DAY
    keyword = "The keyword JOIN, on its own"
    add(entry("e1", "in", "JOIN", yesterday - HOUR, "opt_in", reason=keyword, hidden=True))
    welcome = "Welcome to the Riverside Tenants Union! Reply STOP to leave."
    add(entry("e2", "out", welcome, yesterday - HOUR + 5, "auto", author="machine", hidden=True))
    add(entry("e3", "in", "Hi, this is Maria from 14B. The kitchen ceiling is leaking again, and the landlord "
              "doesn’t pick up the phone.", yesterday, reason=NATURAL))  # fmt: skip
    add(
        replace(
            entry("e4", "in", "", yesterday + 40, reason="A picture without words"),
            media=(_media("photo", photo),),
        )
    )
    add(entry("e5", "internal", "I know this building: same pipe as in 12B last winter. Jonas has the file.",
              yesterday + 300, "note", author="Dana Whitfield", state="internal"))  # fmt: skip
    add(entry("e6", "out", "Hi Maria, Dana here. That looks bad, I’m sorry. Is the light in the kitchen off? "
              "Please don’t touch the switch until somebody has looked.", yesterday + 420, "reply",
              author="Dana Whitfield"))  # fmt: skip
    add(entry("e7", "in", "Yes it’s off. Thank you!", yesterday + 480, reason=NATURAL))
    letter = replace(
        entry("e8", "out", "Here is the letter for the landlord, ready to sign.", yesterday + 2 * HOUR, "reply",
              author="Jonas Ek (Slack)", credits=3),
        media=(_media("paper", paper),), desk="slack.support",
    )  # fmt: skip
    add(letter)
    add(entry("e9", "out", "Did he answer?", now - 3 * HOUR, "reply", author="Dana Whitfield", state="failed",
              error="The phone was switched off for too long"))  # fmt: skip
    add(entry("e10", "in", "He says next week. I don’t want to be contacted by him anymore…", now - 12 * 60,
              reason=NATURAL))  # fmt: skip
    add(entry("e11", "out", "Understood. We’ll write to him today, and you only hear from us.", now - 8 * 60, "reply",
              author="Dana Whitfield", state="sent"))  # fmt: skip
    talk.notes.append(
        notice(
            "n1", now - 11 * 60, "Did Maria ask us to stop?",
            "“I don’t want to be contacted” may mean us. Campaigns and automatic texts wait until you decide.",
            Button("unsubscribe", "Unsubscribe", "c1", True, "Maria receives no further campaigns or polls."),
            Button("not_meant", "Not meant so", "e10"),
        )
    )  # fmt: skip
    talk.assigned_to = "Dana Whitfield"


def _media(media_id: str, file: File):  # type: ignore[no-untyped-def]
    from bridge.model.nouns import Media

    return Media(media_id, file.content_type, file.name, len(file.data), "line:main")


def picture() -> bytes:
    """Paint a damp ceiling."""
    image = Image.new("RGB", (640, 420), (222, 216, 204))
    draw = ImageDraw.Draw(image)
    for y in range(420):
        draw.line((0, y, 640, y), fill=(226 - y // 12, 220 - y // 11, 206 - y // 9))
    for ring in range(26, 0, -1):
        tone = 60 + ring * 5
        box = (330 - ring * 9, 150 - ring * 5, 330 + ring * 10, 150 + ring * 5)
        draw.ellipse(box, fill=(tone + 40, tone + 22, tone - 4))
    draw.rectangle((0, 330, 640, 420), fill=(120, 132, 128))
    draw.rectangle((60, 260, 250, 420), fill=(96, 110, 108))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
