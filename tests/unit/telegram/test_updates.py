"""Updates of Telegram in our words."""

from typing import Any

import pytest
from telegram import Update

from bridge.model.events import StaffEdited, StaffPressed, StaffWrote
from bridge.model.ids import counting
from bridge.model.nouns import Author
from connectors.chat.telegram import reading
from connectors.chat.telegram.panels import Tokens
from connectors.chat.telegram.updates import NOTHING, Answer, Heard, Question, Reader, Say
from tests.fake_panels import FakePanels

DESK = "telegram.support"
TOPIC = 20
AT = 1_700_000_000
ANNA = {"id": 5, "is_bot": False, "first_name": "Anna", "last_name": "Lopez"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Support", "is_forum": True}
SERVICE = {
    "message_id": TOPIC,
    "date": AT,
    "chat": GROUP,
    "forum_topic_created": {"name": "Bob", "icon_color": 1},
}
IMPLICIT = {"reply_to_message": SERVICE, "message_thread_id": TOPIC, "is_topic_message": True}
READER = Reader(
    "threadline_bot", "US", counting("m"), lambda: AT + 1.0, Tokens(), FakePanels().typed, FakePanels().lines
)


def update(kind: str = "message", **content: Any) -> Update:
    message = {"message_id": 30, "date": AT, "chat": GROUP, "from": ANNA} | IMPLICIT | content
    message = {name: value for name, value in message.items() if value is not None}
    found = Update.de_json({"update_id": 700, kind: message}, None)
    assert found
    return found


def heard(**content: Any) -> Heard:
    message = update(**content).message
    assert message
    return READER.wrote(DESK, [message])


def event(**content: Any) -> Any:
    [found] = heard(**content).events
    return found


def test_a_reply_in_a_topic() -> None:
    assert event(text="Coming") == StaffWrote(
        DESK, "20", "30", Author("5", "Anna Lopez"), "Coming", float(AT), order="000000000030"
    )


def test_general_is_no_thread() -> None:
    general = {"message_thread_id": None, "is_topic_message": None, "reply_to_message": None}

    assert event(text="Lunch?", **general).thread is None


def test_a_thread_of_replies_outside_forums_is_no_topic() -> None:
    assert event(text="Lunch?", is_topic_message=None, message_thread_id=12).thread is None


def test_what_was_written_while_we_were_away_is_marked() -> None:
    assert event(text="Coming", date=AT - 3600).caught_up
    assert not event(text="Coming").caught_up


@pytest.mark.parametrize(
    "service",
    [
        {"forum_topic_created": {"name": "Bob", "icon_color": 1}},
        {"forum_topic_edited": {"name": "Bob"}},
        {"forum_topic_closed": {}},
        {"forum_topic_reopened": {}},
        {"new_chat_members": [ANNA]},
        {"left_chat_member": ANNA},
        {"pinned_message": SERVICE},
        {"new_chat_title": "Desk"},
        {"migrate_from_chat_id": -5},
    ],
)
def test_service_messages_say_nothing(service: dict[str, Any]) -> None:
    assert heard(**service) == NOTHING


def test_other_bots_say_nothing() -> None:
    assert heard(text="Beep", **{"from": {**ANNA, "is_bot": True}}) == NOTHING


def test_an_anonymous_administrator_is_nobody() -> None:
    stand_in = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}

    wrote = event(text="Hi", sender_chat=GROUP, **{"from": stand_in})

    assert wrote.author == Author("-1001", "Support", "anonymous")


@pytest.mark.parametrize(
    ("text", "entities", "read"),
    [
        ("see here", [("text_link", 4, 4, "https://x.org/a")], "see here (https://x.org/a)"),
        ("x.org", [("text_link", 0, 5, "x.org/")], "x.org"),
        ("😀 here, there", [("text_link", 3, 4, "https://x.org")], "😀 here (https://x.org), there"),
        (
            "a b",
            [("text_link", 0, 1, "https://a.org"), ("text_link", 2, 1, "https://b.org")],
            "a (https://a.org) b (https://b.org)",
        ),
        ("bold and code", [("bold", 0, 4, None), ("code", 9, 4, None)], "bold and code"),
    ],
)
def test_text_is_as_people_read_it(text: str, entities: list[Any], read: str) -> None:
    given = [{"type": t, "offset": o, "length": n} | ({"url": u} if u else {}) for t, o, n, u in entities]

    assert event(text=text, entities=given).text == read


@pytest.mark.parametrize(("offset", "starts"), [(0, True), (3, False)])
@pytest.mark.parametrize("kind", ["mention", "text_mention"])
def test_beginning_with_a_name(kind: str, offset: int, starts: bool) -> None:
    entity = {"type": kind, "offset": offset, "length": 4} | (
        {"user": ANNA} if kind == "text_mention" else {}
    )

    assert event(text="@ana @ana look", entities=[entity]).starts_with_mention is starts


FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 9}


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (
            {
                "photo": [
                    FILE | {"width": 1, "height": 1, "file_id": "small"},
                    FILE | {"width": 9, "height": 9},
                ]
            },
            ("image/jpeg", "photo-30.jpg"),
        ),
        (
            {"document": FILE | {"file_name": "a.pdf", "mime_type": "application/pdf"}},
            ("application/pdf", "a.pdf"),
        ),
        ({"document": FILE}, ("application/octet-stream", "file-30.octet-stream")),
        ({"voice": FILE | {"duration": 1}}, ("audio/ogg", "voice-30.ogg")),
        (
            {"video": FILE | {"duration": 1, "width": 1, "height": 1, "mime_type": "video/mp4"}},
            ("video/mp4", "file-30.mp4"),
        ),
        ({"video_note": FILE | {"duration": 1, "length": 1}}, ("video/mp4", "video-30.mp4")),
    ],
)
def test_files(content: dict[str, Any], kept: tuple[str, str]) -> None:
    [media] = event(caption="Look", **content).media

    assert (media.content_type, media.name) == kept
    assert (media.url, media.size, media.origin) == ("F", 9, "desk:telegram.support")


def test_an_animation_is_one_file_though_telegram_shows_it_twice() -> None:
    moving = FILE | {"duration": 1, "width": 1, "height": 1, "mime_type": "video/mp4", "file_name": "a.mp4"}

    assert len(event(animation=moving, document=FILE).media) == 1


def test_places_and_contacts_are_words() -> None:
    assert event(location={"latitude": 1.5, "longitude": 2.5}).text == "https://maps.google.com/?q=1.5,2.5"
    assert event(contact={"phone_number": "+1555", "first_name": "Ben"}).text == "Ben: +1555"


def test_what_no_text_can_say_is_explained() -> None:
    [said] = heard(dice={"emoji": "🎲", "value": 3}).locals

    assert isinstance(said, Say) and (said.thread, said.to) == ("20", 30)


# -- commands ------------------------------------------------------------------------------------------------


def test_a_note() -> None:
    assert event(text="/note call back").text == "// call back"


def test_send_names_the_message_that_it_answers() -> None:
    answered = {"message_id": 25, "date": AT, "chat": GROUP, "from": ANNA, "text": "draft"}

    pressed = event(text="/send", reply_to_message=answered)

    assert isinstance(pressed, StaffPressed)
    assert (pressed.action, pressed.thread, pressed.ref, pressed.key) == (
        "send",
        "20",
        "25",
        "pressed:telegram.support:message:30",
    )


def test_the_implicit_reply_is_no_reply() -> None:
    assert heard(text="/send").events == ()


@pytest.mark.parametrize("text", ["/resolv", "/start", "/resolve_all"])
def test_an_unknown_command_is_held_back_and_explained(text: str) -> None:
    found = heard(text=text)

    assert found.events == ()
    [said] = found.locals
    assert isinstance(said, Say) and "nothing was sent" in said.text


def test_commands_for_other_bots_are_theirs() -> None:
    assert heard(text="/resolve@otherbot") == NOTHING
    assert event(text="/resolve@Threadline_bot").action == "resolve"


def test_a_command_under_a_picture_is_a_command() -> None:
    photo = [FILE | {"width": 1, "height": 1}]

    assert heard(photo=photo, caption="/oops").events == ()
    noted = event(photo=photo, caption="/note look")
    assert (noted.text, len(noted.media)) == ("// look", 1)


# -- edits, presses, reactions -------------------------------------------------------------------------------


def edited(**content: Any) -> Heard:
    message = update("edited_message", edit_date=AT + 5, **content).edited_message
    assert message
    return READER.edited(DESK, message, "700")


def test_an_edit() -> None:
    found = edited(text="Coming at 6")

    assert found.events == (
        StaffEdited(DESK, "20", "30", Author("5", "Anna Lopez"), "Coming at 6", AT + 5.0, "700"),
    )
    assert not found.only_if_known


def test_a_reply_that_becomes_a_command_becomes_a_note() -> None:
    found = edited(text="/remove")

    [event] = found.events
    assert isinstance(event, StaffEdited)
    assert event.text == "// /remove" and found.only_if_known


def press(data: str, *, inaccessible: bool = False) -> Heard:
    shown = {"message_id": 31, "date": 0 if inaccessible else AT, "chat": GROUP}
    shown |= {} if inaccessible else IMPLICIT | {"text": "card"}
    raw = {"id": "Q1", "from": ANNA, "chat_instance": "1", "data": data, "message": shown}
    query = Update.de_json({"update_id": 1, "callback_query": raw}, None).callback_query
    assert query
    return READER.pressed(DESK, query, reading.person(query.from_user))


def test_a_press() -> None:
    found = press("correct:abc:natural")

    [event] = found.events
    assert isinstance(event, StaffPressed)
    assert (event.action, event.value, event.thread, event.ref) == ("correct", "abc:natural", "20", "31")
    assert event.key == "pressed:telegram.support:press:Q1"
    assert found.locals == (Answer("Q1"),)


def test_a_press_on_a_message_that_is_not_shown_to_us() -> None:
    [event] = press("retry:abc", inaccessible=True).events

    assert isinstance(event, StaffPressed)
    assert (event.thread, event.ref) == (None, "31")


@pytest.mark.parametrize("data", ["?remove:abc", "!no"])
def test_what_must_be_confirmed_does_nothing_yet(data: str) -> None:
    found = press(data)

    assert found.events == ()
    assert isinstance(found.locals[0], Question)


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [([], ["🕊"], 1), ([], ["📤"], 1), ([], ["👍"], 0), (["🕊"], [], 0), (["🕊"], ["🕊", "👍"], 0)],
)
def test_a_reaction_that_sends(old: list[str], new: list[str], count: int) -> None:
    def shown(emoji: list[str]) -> list[dict[str, str]]:
        return [{"type": "emoji", "emoji": one} for one in emoji]

    raw = {"chat": GROUP, "message_id": 30, "date": AT, "user": ANNA}
    raw |= {"old_reaction": shown(old), "new_reaction": shown(new)}
    reaction = Update.de_json({"update_id": 9, "message_reaction": raw}, None).message_reaction
    assert reaction

    found = READER.reacted(DESK, reaction, Author("5", "Anna"), "9")

    assert len(found.events) == count
    assert all(isinstance(e, StaffPressed) and (e.action, e.ref) == ("send", "30") for e in found.events)
