"""Commands: understood, or explained; never sent."""

import pytest

from connectors.chat.telegram.commands import (
    MENU,
    Act,
    Command,
    Explain,
    Note,
    help_text,
    read,
    split_number,
    understand,
)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/note call back", Command("note", "call back")),
        ("/Resolve", Command("resolve", "")),
        ("/resolve@Threadline_Bot", Command("resolve", "", "threadline_bot")),
        ("/note\ntwo\nlines", Command("note", "two\nlines")),
        ("/remove.", Command("remove", ".")),
        ("// inside", None),
        ("/ 5", None),
        ("/usr/bin is a path", None),
        ("and/or", None),
        ("1/2", None),
        ("", None),
    ],
)
def test_reading(text: str, command: Command | None) -> None:
    assert read(text) == command


def _meaning(text: str, *, topic: bool = True, reply: bool = False) -> Act | Note | Explain:
    command = read(text)
    assert command
    return understand(command, in_topic=topic, is_reply=reply, region="US")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("/note call back", Note("// call back")),
        ("/resolve", Act("resolve")),
        ("/assign @Ben", Act("assign", form={"to": "Ben"})),
        ("/assign", Act("assign")),
        ("/display ALL", Act("display", "all")),
        ("/unsubscribe", Act("unsubscribe")),
        ("/resubscribe", Act("resubscribe")),
        ("/reopen", Act("reopen")),
        ("/remove", Act("remove")),
    ],
)
def test_commands_of_a_topic(text: str, meaning: Act) -> None:
    assert _meaning(text) == meaning


def test_send_is_about_the_message_that_it_answers() -> None:
    assert _meaning("/send", reply=True) == Act("send", on_reply=True)
    assert isinstance(_meaning("/send"), Explain)


@pytest.mark.parametrize("text", ["/unsubscibe", "/start", "/display", "/display some", "/new 5550100199"])
def test_slips_are_explained(text: str) -> None:
    assert isinstance(_meaning(text), Explain)


@pytest.mark.parametrize("text", ["/resolve", "/note x", "/remove", "/new"])
def test_general_has_no_conversation(text: str) -> None:
    assert isinstance(_meaning(text, topic=False), Explain)


def test_new() -> None:
    made = _meaning("/new (555) 010-0199 Hello", topic=False)

    assert made == Act("new", "(555) 010-0199", form={"number": "(555) 010-0199", "text": "Hello"})


@pytest.mark.parametrize(
    ("rest", "parts"),
    [
        ("+15550100199", ("+15550100199", "")),
        ("+1 555 010 0199 Your keys are here", ("+1 555 010 0199", "Your keys are here")),
        ("555-010-0199 2 tickets", ("555-010-0199", "2 tickets")),
        ("(555) 010-0199\n2 tickets\nat 5", ("(555) 010-0199", "2 tickets\nat 5")),
        ("72645 hi", ("72645", "hi")),
        ("Ana hi", ("Ana", "hi")),
        ("12 34", ("12", "34")),
        ("", ("", "")),
    ],
)
def test_the_number_is_parted_from_the_text(rest: str, parts: tuple[str, str]) -> None:
    assert split_number(rest, "US") == parts


def test_help_names_every_command_and_every_mark() -> None:
    said = help_text()

    assert all(f"/{name}" in said for name, _ in MENU)
    assert all(mark in said for mark in "👀👌👍👎🙈✍🕊")
    assert all(1 <= len(meaning) <= 256 for _, meaning in MENU)
