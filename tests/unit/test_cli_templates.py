"""templates from the command line."""

import json

import pytest

from tests.unit.cli import shell

sh = pytest.fixture(name="sh")(shell)


def test_templates(sh):
    assert sh("templates", "add", "Hours", "--text", "Open 9 to 5, {first_name|friend}").code == 0
    again = sh("templates", "add", "Hours", "--text", "Open 10 to 4")
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert sh("templates", "add", "Hours", "--text", "Open 10 to 4", "--replace").code == 0
    [template] = json.loads(sh("templates", "list", "--format", "json").out)
    assert (template["name"], template["text"], template["by"]) == ("Hours", "Open 10 to 4", "operator")
    assert sh("templates", "remove", "Hours").code == 0
    assert sh("templates", "remove", "Hours").code == 1
    assert json.loads(sh("templates", "list", "--format", "json").out) == []
    assert sh("templates", "add", "Hours", "--text", "Back again").code == 0


@pytest.mark.parametrize("text", [" ", "x" * 1601, "Hello {first name}"])
def test_what_is_no_template_is_refused_in_a_line(sh, text):
    result = sh("templates", "add", "Hours", "--text", text)
    assert (result.code, result.err.count("\n")) == (2, 1)
