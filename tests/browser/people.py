"""Conversations of a tenants' union, as they might look on a Tuesday."""

import io
import time
from typing import Any

from PIL import Image, ImageDraw

from bridge.model.nouns import Media
from bridge.model.shapes import Button, File
from tests.browser.fake_house import LINE, ME, FakeHouse, Talk, entry, notice

NATURAL = "Natural: no keyword, no answer to a question, and it reads like a person"
HOUR, DAY = 3600.0, 86_400.0


def people(house: FakeHouse, many: int = 0) -> None:
    """Fill the house."""
    now = time.time()

    def short(name: str, ends: int, hours: float, text: str, unread: int = 0, waiting: bool = False) -> Talk:
        return _short(house, name, f"+15550100{ends}", now - hours * HOUR, unread, text, waiting)

    _maria(house, now)
    short("Omar Haddad", 118, 0.4, "هل يمكنني دفع الإيجار يوم الجمعة؟ شكرا", 1)
    short("Lena Fischer", 123, 2.2, "Is the meeting still at 7?", 2, waiting=True)
    short("", 177, 5, "hi who is this?? got ur flyer", 1, waiting=True)
    short("Walter Brandt", 131, 7, "STOP").opted_out = True
    short("Priya Raman", 142, 9, "Perfect, see you Thursday then!").assigned_to = "Jonas Ek"
    talk = short("Samuel Okafor", 150, 27, "Thank you so much for your help")
    talk.state, talk.assigned_to = "resolved", ME.name
    short(
        "Grace Kim", 164, 34, "The super came by and said the boiler part is on order. Could be another week."
    )
    short("Tomás Rivera", 165, 48, "Sí, ya mandé los papeles")
    short("Eleanor Vance", 166, 72, "https://bad.example/login <b>not bold</b>")
    for n in range(many):
        at = now - 4 * DAY - n * 60
        _short(house, f"Member {n:05d}", f"+1555{2_000_000 + n}", at, 0, f"Text number {n}")


def _short(
    house: FakeHouse, name: str, number: str, at: float, unread: int, text: str, waiting: bool = False
) -> Talk:
    talk = house.begin(number, name)
    talk.facts = [("Number", f"({number[2:5]}) {number[5:8]}-{number[8:]}"), ("Lists", "Members")]
    if not unread:
        hello = entry(house.ids(), "out", "Hello from the union.", at - 600, "reply", author="Jonas Ek")
        talk.entries.append(hello)
    talk.entries.append(entry(house.ids(), "in", text, at, reason=NATURAL))
    talk.unread = unread
    talk.waiting_since = at if waiting else None
    return talk


def _maria(house: FakeHouse, now: float) -> None:
    talk = house.begin("+15550100199", "Maria Alvarez")
    talk.assigned_to = ME.name
    talk.facts = [
        ("Number", "(555) 010-0199"),
        ("Lists", "Members, Building 14"),
        ("Since", "March 2024"),
        ("Replies", "Sent directly"),
        ("E-mail", "maria.alvarez@example.org"),
    ]
    photo = _kept(house, "photo", File("kitchen.jpg", "image/jpeg", picture()))
    paper = _kept(house, "paper", File("notice-to-repair.pdf", "application/pdf", b"%PDF-1.4 nothing"))
    then = now - DAY

    def came(text: str, at: float, reason: str = NATURAL, **more: Any) -> None:
        talk.entries.append(entry(f"e{len(talk.entries)}", "in", text, at, reason=reason, **more))

    def went(text: str, at: float, kind: str = "reply", author: str = ME.name, **more: Any) -> None:
        talk.entries.append(entry(f"e{len(talk.entries)}", "out", text, at, kind, author=author, **more))

    came("JOIN", then - HOUR, "The keyword JOIN, on its own", kind="opt_in", hidden=True)
    welcome = "Welcome to the Riverside Tenants Union! Reply STOP to leave."
    went(welcome, then - HOUR + 5, "auto", "machine", hidden=True)
    leak = "Hi, this is Maria from 14B. The kitchen ceiling leaks again, and the landlord doesn’t pick up."
    came(leak, then)
    came("", then + 40, "A picture without words", media=(photo,))
    note = "I know this building: same pipe as in 12B last winter. Jonas has the file."
    talk.entries.append(entry("note", "internal", note, then + 300, "note", author=ME.name, state="internal"))
    went("Hi Maria, that looks bad, I’m sorry. Please don’t touch the light switch.", then + 420)
    came("It’s off. Thank you!", then + 480)
    letter = "Here is the letter for the landlord, ready to sign."
    went(letter, then + 2 * HOUR, author="Jonas Ek (Slack)", price=3, media=(paper,))
    went("Did he answer?", now - 3 * HOUR, state="failed", error="The phone was switched off for too long")
    came("He says next week. I don’t want to be contacted by him anymore…", now - 12 * 60)
    went("Understood. We’ll write to him today, and you only hear from us.", now - 8 * 60, state="sent")
    talk.notes.append(
        notice(
            "n1",
            now - 11 * 60,
            "Did Maria ask us to stop?",
            "“I don’t want to be contacted” may mean us. Automatic texts wait until you decide.",
            Button("unsubscribe", "Unsubscribe", "c1", True, "Maria receives no further campaigns or polls."),
            Button("not_meant", "Not meant so", "e10"),
        )
    )


def _kept(house: FakeHouse, media_id: str, file: File) -> Media:
    house.files[media_id] = file
    return Media(media_id, file.content_type, file.name, len(file.data), f"line:{LINE}")


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
