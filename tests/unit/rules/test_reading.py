"""How a text is read before any rule sees it, and how phrases are found in it."""

import pytest

from rules.normalise import fold, tokens
from rules.parts import own_words, without_signature
from rules.phrases import Phrases, Span
from rules.slips import slips_of
from rules.text import Text, strip_noise
from rules.words import CLASSES, entries


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Don't, ok?", ("dont", ",", "ok", "?")),
        ("S.T.O.P", ("stop",)),
        ("s t o p please", ("stop", "please")),
        ("STOOOOP!!!", ("stop",)),
        ("st0p", ("stop",)),
        ("ЅТОР", ("stop",)),
        ("ＳＴＯＰ", ("stop",)),
        ("ARRÊT", ("arret",)),
        ("m’inscrire", ("m", "inscrire")),
        ("stop.smoking@x.org", ("address",)),
        ("2️⃣", ("2",)),
        ("🅱️", ("b",)),
        ("9 a.m.", ("9", "am")),
        ("¿Qué?", ("que", "?")),
        ("one\ntwo", ("one", ".", "two")),
        ("call (312) 555-0142 now", ("call", "phonenumber", "now")),
        ("zip 11215-3301", ("zip", "11215", "3301")),
        ("good 4 me, 4 kids", ("good", "for", "me", ",", "4", "kids")),
        ("a - b", ("a", ".", "b")),
        ("", ()),
    ],
)
def test_tokens(text: str, row: tuple[str, ...]) -> None:
    assert tokens(fold(text)) == row


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("> Reply STOP to end\nhello", "hello"),
        ("hello\n\nOn Tue, Jan 3 at 5 PM Ann wrote:\n> Meeting tonight", "hello"),
        ("hello\nSent from my iPhone", "hello"),
        ('"Reply STOP to opt out" hello', "hello"),
        ('"hello there"', '"hello there"'),
        ("> all of it quoted", "> all of it quoted"),
    ],
)
def test_own_words(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(
    ("text", "bare"), [("Yes - Maria", "Yes"), ("B. Thanks, Rosa Diaz", "B."), ("stop - now", "stop - now")]
)
def test_signature(text: str, bare: str) -> None:
    assert without_signature(text) == bare


@pytest.mark.parametrize("text", ["Hi\nHelp", "Please - Stop", ".\nAlto"])
def test_a_command_on_a_line_of_its_own_is_no_signature(text: str) -> None:
    assert Text(text).bare == (tokens(fold(text))[-1],)


def test_a_tapback_before_ones_own_words_is_cut_off() -> None:
    text = Text("Liked “Can you come?” yes of course")

    assert text.tapback is not None
    assert text.words == ("yes", "of", "course")


def test_noise_goes_and_greetings_go_whole() -> None:
    assert strip_noise(("good", "morning", "b", "please", "thank", "you")) == ("b",)
    assert strip_noise(("morning", "please")) == ("morning",)


PHRASES = Phrases(
    [
        "stop <sending> (me|us)? .. texts",
        "^ go away $",
        "(take|get) me (off|out_of) (this|the) list",
        "remove me !(from|and)",
    ],
    {"sending": "sending texting"},
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("please stop sending me all of your texts", [Span(1, 8)]),
        ("stop sending texts", [Span(0, 3)]),
        ("stop sending me one two three four five texts", []),
        ("stop, sending, texts", [Span(0, 5)]),
        ("stop. sending texts", []),
        ("ok, go away!", [Span(2, 4)]),
        ("go away now", []),
        ("get me out of the list", [Span(0, 6)]),
        ("remove me now", [Span(0, 2)]),
        ("remove me", [Span(0, 2)]),
        ("remove me from", []),
    ],
)
def test_phrases(text: str, found: list[Span]) -> None:
    row = tokens(fold(text))
    assert PHRASES.find(row, frozenset(row)) == found


def test_every_phrase_of_the_lists_compiles() -> None:
    for section, key in (
        ("opt_out", "phrases"),
        ("opt_out", "harmless"),
        ("auto_reply", "strong"),
        ("data", "name_leads"),
    ):
        assert Phrases(entries(section, key), CLASSES)


def test_slips_are_no_words_of_their_own() -> None:
    assert {"stpo", "stopp", "sotp", "dtop"} <= slips_of("stop")
    assert slips_of("stop").isdisjoint({"stop", "shop", "step", "spot"})
