"""The rules as an operator meets them: classify, rules explain and replay, through the command line."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

import rules
from bridge.store.database import async_engine, migrate
from tests.unit.cli import Shell, shell
from tests.unit.operator_rows import ANA, BEN, Rows

sh = pytest.fixture(name="sh")(shell)


def waiting(number: int, awaiting: dict[str, object]) -> str:
    """A line with the text "a" and this question."""
    return json.dumps({"id": number, "text": "a", "context": {"awaiting": awaiting}})


LINES = [
    ('{"id": 1, "text": "stop"}', "opt_out"),
    ('{"id": 2}', "line 2: The case has no text."),
    (
        waiting(3, {"type": "data", "field": "shoe"}),
        "line 3: The awaited question has the unknown field 'shoe'",
    ),
    (waiting(4, {"type": "poll"}), "line 4: The awaited poll has no options."),
    (waiting(5, {"field": "zip"}), "line 5: The awaited question has no type"),
    (waiting(6, {"type": "data"}), "line 6: The awaited question has no field"),
    ('{"id": 7, "text": "a", "context": []}', "line 7: The context of the case must be an object."),
    ('{"id": 8, "text": "a", "context": {"subscribed": "no"}}', "line 8: subscribed must be true or false."),
    ('{"id": 9, "text": "a", "context": {"keywords": {}}}', "line 9: The keywords of the case must be a"),
    ('["id"]', "line 10: A case must be an object"),
    ("", ""),
    ("{", "line 12: it is not JSON"),
    ('{"id": NaN, "text": "a"}', "line 13: it is not JSON"),
    ('{"id": "half \\ud83d", "text": "stop \\ud83d"}', "opt_out"),
    (waiting(15, {"type": "poll", "options": ["x", "a"]}), "poll"),
]


def test_a_bad_line_is_named_with_what_is_wrong_and_the_others_are_answered(sh: Shell) -> None:
    result = sh("classify", stdin="\n".join(line for line, _ in LINES), config=False)

    kinds = [json.loads(line)["kind"] for line in result.out.splitlines()]
    wanted = [said for _, said in LINES if said]
    assert result.code == 1
    assert kinds == [said for said in wanted if not said.startswith("line")]
    complaints = [said for said in wanted if said.startswith("line")]
    for complaint, line in zip(complaints, result.err.splitlines(), strict=True):
        assert line.startswith(f"threadline: standard input: {complaint}")


def test_a_good_input_ends_with_0(sh: Shell) -> None:
    result = sh("classify", stdin='{"id": 1, "text": "where are you?"}\n\n', config=False)

    assert (result.code, result.err) == (0, "")


def test_explain_says_every_rule_tried_in_order(sh: Shell) -> None:
    result = sh("rules", "explain", "pizza please", "--keyword", "PIZZA", config=False)

    lines = result.out.splitlines()
    assert result.code == 0
    names = [name for name, _ in rules.RULES]
    assert [line.split()[0] for line in lines] == names[: names.index("keyword") + 1]
    assert lines[3] == "opt_out       Do they want no more texts from us? No."
    assert lines[-1].endswith("Is it a keyword of the organisation? The whole message is the keyword PIZZA.")


def test_explain_says_which_words_raised_a_suspicion(sh: Shell) -> None:
    last = sh("rules", "explain", "wrong number", config=False).out.splitlines()[-1]

    assert last.startswith("natural ")
    assert "“wrong number” may or may not mean that they want no more texts." in last


def test_explain_reads_a_case_with_its_question(sh: Shell) -> None:
    asked = {"type": "poll", "question": "Which?", "options": ["Tuesday", "Friday"]}
    case = {"text": "the second one", "context": {"awaiting": asked}}
    result = sh("rules", "explain", stdin=json.dumps(case), config=False)

    assert "option B, “Friday”" in result.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("given", "says"),
    [("{", "it is not JSON"), ("[]", "A case must be an object"), ('{"a": 1}', "has no text")],
)
def test_explain_says_what_is_wrong_with_a_case(sh: Shell, given: str, says: str) -> None:
    result = sh("rules", "explain", stdin=given, config=False)

    assert result.code == 1
    assert result.err.startswith("threadline: standard input: ")
    assert says in result.err


def test_explain_knows_the_stored_keywords(sh: Shell) -> None:
    assert sh("keywords", "add", "soup", "--list", "Food", "--reply", "Yum").code == 0

    assert "the keyword SOUP" in sh("rules", "explain", "soup").out


@pytest.fixture
def stored(sh: Shell) -> Shell:
    """A shell whose database holds texts as they were taken before."""

    async def fill() -> None:
        await migrate(sh.url)
        engine = async_engine(sh.url)
        rows = Rows(engine)
        await rows.contact("c1", ANA)
        await rows.contact("c2", BEN)
        await rows.message("m1", "c1", "in", at=100.0, text="please stop", kind="natural")
        await rows.message("m2", "c1", "in", at=200.0, text="how are you?", kind="natural")
        await rows.message("m3", "c2", "in", at=300.0, text="flumox zarquon", kind="natural")
        await rows.message("m4", "c2", "in", at=400.0, text="b", kind="poll", value="[1]")
        await engine.dispose()

    asyncio.run(fill())
    return sh


def test_replay_names_what_other_rules_would_change_whatever_their_folder_is_called(
    stored: Shell, tmp_path: Path
) -> None:
    other = tmp_path / "rules-2"
    shutil.copytree(Path(rules.__file__).parent, other, ignore=shutil.ignore_patterns("__pycache__"))
    words = other / "words" / "en.toml"
    words.write_text(
        words.read_text(encoding="utf-8").replace("\ncease ", "\nflumox_zarquon cease "), encoding="utf-8"
    )

    def changes(*more: str) -> list[tuple[str, str, str]]:
        result = stored("replay", "--format", "json", *more)
        assert result.code == 0, result.err
        return [(row["id"], row["was"], row["would_be"]) for row in json.loads(result.out)]

    assert changes("--rules", str(other)) == [("m1", "natural", "opt_out"), ("m3", "natural", "opt_out")]
    assert changes() == [("m1", "natural", "opt_out")]
    assert changes("--since", "1970-01-02") == []
    kinds = [json.loads(line)["kind"] for line in stored("messages").out.splitlines()]
    assert kinds == ["natural", "natural", "natural", "poll"]  # nothing was changed
