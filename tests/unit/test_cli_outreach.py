"""forms, polls and campaigns from the command line: the same decisions and words as on the desks."""

import json

import pytest

from tests.unit.cli import shell

sh = pytest.fixture(name="sh")(shell)


def _json(sh, *arguments):
    return json.loads(sh(*arguments, "--format", "json").out)


def test_a_form_is_made_started_by_a_keyword_and_removed(sh):
    made = sh("forms", "add", "Welcome", "--field", "zip: Your ZIP code? | Five digits.", "--field",
              "shirt (S, M): Which size?", "--done", "Thanks")  # fmt: skip
    assert (made.code, made.out) == (0, "The form “Welcome” is kept.\n")
    assert sh("forms", "add", "Welcome", "--field", "zip: Again?").code == 1
    assert _json(sh, "forms", "list") == [{"name": "Welcome", "fields": "zip, shirt", "done": 0, "open": 0}]
    assert _json(sh, "forms", "results", "Welcome") == []
    how = ("--list", "Members", "--reply", "Hi")
    added = sh("keywords", "add", "join1", *how, "--form", "Welcome", "--double")
    assert added.code == 0
    [keyword] = _json(sh, "keywords", "list")
    assert (keyword["form"], keyword["double"]) == ("Welcome", True)
    assert sh("keywords", "add", "join2", *how, "--form", "None").code == 2
    assert sh("forms", "remove", "Welcome").code == 0
    assert _json(sh, "forms", "list") == []


@pytest.mark.parametrize(
    ("field", "says"),
    [("zip What?", "Line 1 is no question"), ("colour: Which?", "no kind of answer"), (None, "at least one")],
)
def test_a_form_that_cannot_be_asked(sh, field, says):
    found = sh("forms", "add", "Bad", *(("--field", field) if field else ()))
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert says in found.err


def test_a_poll_is_made_closed_and_opened(sh):
    sh("lists", "add", "Members")
    made = sh("polls", "add", "Monday?", "--option", "Yes", "--option", "No")
    assert (made.code, made.out) == (0, "The poll “Monday?” is kept. Send it to lists when it is ready.\n")
    sent = sh("polls", "send", "Monday?", "--list", "Members")
    assert sent.out.splitlines() == [
        "The campaign “Monday?” is kept. Nothing is sent yet.",
        "The campaign “Monday?” is on its way.",
    ]
    [row] = _json(sh, "polls", "list")
    assert (row["state"], row["asked"], row["voters"]) == ("open", 0, 0)
    assert _json(sh, "polls", "results", "Monday?") == [
        {"option": "Yes", "votes": 0},
        {"option": "No", "votes": 0},
    ]
    assert sh("polls", "close", "Monday?").code == 0
    assert [row["state"] for row in _json(sh, "polls", "list")] == ["closed"]
    assert sh("polls", "open", "Monday?").code == 0
    assert sh("polls", "close", "Tuesday?").code == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["Yes"], "Give 2 to 10 options"),
        ([str(n) for n in range(11)], "there are 11"),
        (["Café", "cafe"], "are the same"),
        (["Go", "Stop"], "unsubscribes or asks for help"),
        (["A", "b" * 81], "too long for an option"),
    ],
)
def test_a_poll_with_bad_options(sh, options, says):
    found = sh("polls", "add", "What?", *(part for one in options for part in ("--option", one)))
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert says in found.err


def test_a_poll_that_closes_in_the_past(sh):
    found = sh("polls", "add", "What?", "--option", "A", "--option", "B", "--closes", "2020-01-01 10:00")
    assert found.code == 1
    assert "is over. Choose a later time." in found.err


def test_a_campaign_is_made_started_paused_and_cancelled(sh):
    sh("lists", "add", "Members")
    made = sh("campaigns", "add", "News", "--list", "Members", "--text", "Hi {first_name|there}")
    assert (made.code, made.out) == (0, "The campaign “News” is kept. Nothing is sent yet.\n")
    [row] = _json(sh, "campaigns", "list")
    assert (row["name"], row["state"], row["lists"], row["line"]) == ("News", "draft", "Members", "main")
    assert _json(sh, "campaigns", "show", "News") == [{"what": "gets it", "why": "", "count": 0}]
    for verb, state in (
        ("start", "scheduled"),
        ("pause", "paused"),
        ("resume", "scheduled"),
        ("cancel", "cancelled"),
    ):
        assert sh("campaigns", verb, "News").code == 0
        assert [one["state"] for one in _json(sh, "campaigns", "list")] == [state]
    late = sh("campaigns", "start", "News")
    assert (late.code, late.err) == (1, "threadline: There is no such campaign any more. Nothing was done.\n")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--text", "Hi"], "Choose a list"),
        (["--text", "Hi", "--list", "Nobody"], "There is no list “Nobody”"),
        (["--text", " ", "--list", "Members"], "Write the text"),
        (["--text", "Hi {name!}", "--list", "Members"], "is no field"),
        (["--text", "Hi", "--list", "Members", "--line", "second"], "There is no line “second”"),
        (["--text", "Hi", "--list", "Members", "--at", "soon"], "is no time"),
        (["--text", "Hi", "--list", "Members", "--at", "2020-01-01 10:00"], "is over"),
    ],
)
def test_a_campaign_that_cannot_be(sh, more, says):
    sh("lists", "add", "Members")
    found = sh("campaigns", "add", "News", *more)
    assert (found.code in (1, 2), found.err.count("\n")) == (True, 1)
    assert says in found.err
    assert _json(sh, "campaigns", "list") == []
