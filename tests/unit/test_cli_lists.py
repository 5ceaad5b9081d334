"""keywords, lists and staff from the command line."""

import csv
import io
import json

import pytest

from tests.unit.cli import shell

sh = pytest.fixture(name="sh")(shell)


def test_keywords(sh):
    added = sh("keywords", "add", "pizza", "--list", "Food", "--reply", "Yum", "--reply-again", "Again?")
    assert (added.code, added.out) == (0, 'PIZZA subscribes to "Food", a new list.\n')
    [keyword] = json.loads(sh("keywords", "list", "--format", "json").out)
    assert (keyword["word"], keyword["list"], keyword["reply_again"]) == ("PIZZA", "Food", "Again?")
    assert "PIZZA" in sh("keywords", "list").out
    again = sh("keywords", "add", "Pizza", "--list", "Food", "--reply", "Yum")
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert sh("keywords", "add", "Pizza", "--list", "Food", "--reply", "Hm", "--replace").code == 0
    assert sh("keywords", "remove", "pizza").out == "PIZZA is no keyword any more.\n"
    assert sh("keywords", "remove", "pizza").code == 1
    assert json.loads(sh("keywords", "list", "--format", "json").out) == []


@pytest.mark.parametrize("word", ["STOP", "help", "unsubscribe", "two words", " "])
def test_words_that_cannot_be_keywords(sh, word):
    result = sh("keywords", "add", word, "--list", "Food", "--reply", "Yum")
    assert (result.code, result.err.count("\n")) == (2, 1)


def test_lists(sh):
    assert sh("lists", "add", "Food bank").code == 0
    assert sh("lists", "add", "Food bank").code == 1
    sh("keywords", "add", "pizza", "--list", "Food bank", "--reply", "Yum")
    rows = list(csv.DictReader(io.StringIO(sh("lists", "list", "--format", "csv").out)))
    assert [(row["name"], row["subscribers"], row["keywords"]) for row in rows] == [
        ("Food bank", "0", "PIZZA")
    ]
    assert "remove that keyword first" in sh("lists", "remove", "Food bank").err
    sh("keywords", "remove", "pizza")
    assert sh("lists", "remove", "Food bank").code == 0
    assert [json.loads(line) for line in sh("lists", "list", "--format", "jsonl").out.splitlines()] == []


def test_staff(sh):
    link = sh("staff", "add", "Ana", "--role", "admin").out
    assert link.startswith("http://127.0.0.1:8080/signin?token=")
    assert sh("staff", "add", "Ana").code == 1
    other = sh("staff", "add", "Ana", "--again").out
    assert other.startswith("http://") and other != link
    [row] = json.loads(sh("staff", "list", "--format", "json").out)
    assert (row["name"], row["role"], row["sessions"]) == ("Ana", "admin", 0)
    assert sh("staff", "role", "Ana", "agent").out == "Ana is agent now.\n"
    assert sh("staff", "role", "Ana", "boss").code == 2
    assert sh("staff", "remove", "Ana").code == 0
    gone = sh("staff", "remove", "Ana")
    assert (gone.code, gone.err) == (1, 'threadline: nobody called "Ana" may sign in\n')


def test_an_output_file(sh, tmp_path):
    sh("lists", "add", "Food")
    output = tmp_path / "lists.json"
    assert sh("lists", "list", "--format", "json", "--output", str(output)).out == ""
    assert [row["name"] for row in json.loads(output.read_text())] == ["Food"]
    result = sh("lists", "list", "--output", str(tmp_path / "no" / "where.json"))
    assert result.code == 1
    assert "No such file or directory" in result.err
