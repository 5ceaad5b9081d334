"""Erasing a person: nothing of theirs is left to be found, and they are still not texted."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.unit.cli import shell

sh = pytest.fixture(name="sh")(shell)
NUMBER = "+15550100142"
WORDS = "my landlord is Mr Tremaine"


def _fill(sh) -> None:
    import asyncio
    import time

    from bridge.engine.ids import time_ids
    from bridge.model.nouns import Contact, Conversation, Media, Message
    from bridge.store import database, rows
    from bridge.store.tables import contacts, conversations, media, messages

    async def work() -> None:
        await database.migrate(sh.url)
        engine = database.async_engine(sh.url)
        ids = time_ids(time.time)
        person = Contact(ids(), NUMBER, name="Maria Tremaine", fields={"zip": "10115"}, opted_out_at=1.0)
        talk = Conversation(ids(), person.id, "main")
        picture = Media("pic", "image/jpeg")
        text = Message(ids(), talk.id, person.id, "main", "in", WORDS, "natural", "received", 1.0, (picture,))
        async with engine.begin() as connection:
            await connection.execute(sa.insert(contacts).values(**rows.contact_row(person)))
            await connection.execute(sa.insert(conversations).values(**rows.conversation_row(talk)))
            await connection.execute(sa.insert(messages).values(**rows.message_row(text)))
            for one in ("pic", "pic.300000"):
                stored = {
                    "id": one,
                    "content_type": "image/jpeg",
                    "name": "",
                    "data": b"MARIA",
                    "created_at": 1.0,
                }
                await connection.execute(sa.insert(media).values(**stored))
        await engine.dispose()

    asyncio.run(work())


def test_nothing_of_a_person_is_left(sh):
    _fill(sh)
    sh("contacts", "export")
    done = sh("contacts", "erase", NUMBER, "--yes")
    assert (done.code, done.out) == (0, "Erased. 1 messages have no words any more.\n")
    import sqlite3

    connection = sqlite3.connect(sh.folder / "threadline.db")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    stored = Path(sh.folder / "threadline.db").read_bytes()
    for word in (b"Maria", b"Tremaine", b"0100142", b"10115", b"MARIA"):
        assert word not in stored, word
    import json

    assert json.loads(sh("stats", "--format", "json").out)["received"] == 1
    assert sh("contacts", "erase", NUMBER, "--yes").code == 1


def test_whoever_was_erased_after_opting_out_is_put_on_no_list(sh):
    _fill(sh)
    sh("contacts", "erase", NUMBER, "--yes")
    file = sh.folder / "people.csv"
    file.write_text(f"phone,name\n{NUMBER},Maria\n")
    done = sh("contacts", "import", str(file), "--yes", "--list", "Members", "--source", "a sheet")
    assert "0 subscriptions" in done.out


def test_the_page_for_a_complaint_says_how_we_know(sh):
    file = sh.folder / "people.csv"
    file.write_text(f"phone,name\n{NUMBER},Maria\n")
    sh("contacts", "import", str(file), "--yes", "--list", "Members", "--source", "signed the sheet on 3 May")
    page = sh("consent", "show", NUMBER).out
    assert "How Example knows what (555) 010-0142 agreed to" in page
    assert "Agreed to texts (list “Members”), by a file that was imported" in page
    assert "Words: “signed the sheet on 3 May”" in page
    assert "Because: people.csv, line 2" in page
    assert "Nothing was sent to them." in page
    html = sh("consent", "show", NUMBER, "--html").out
    assert html.startswith("<!doctype html>") and "<h1>How Example knows" in html
    assert sh("consent", "show", "+15550100199").code == 1
