"""The order of judgement can be seen, and the reasons are words for a receptionist."""

from bridge.model.verdict import Awaiting, Facts, Kind
from rules import RULES, classify, explain

ORDER = [
    "reaction",
    "auto_reply",
    "option_named",
    "opt_out",
    "help",
    "keyword",
    "start",
    "poll",
    "data",
    "natural",
]
POLL = Awaiting("poll", "Which day? A) Tuesday B) Wednesday", 12, ("Tuesday", "Wednesday"))


def test_the_order_of_judgement() -> None:
    assert [name for name, _ in RULES] == ORDER


def test_each_rule_tried_says_what_it_thought_up_to_the_one_that_decides() -> None:
    said = explain(Facts("b wednesday works", awaiting=POLL))

    assert [name for name, _ in said] == ORDER[: ORDER.index("poll") + 1]
    assert {reason for _, reason in said[:-1]} == {"No."}
    assert said[-1] == ("poll", "Matched option B, “Wednesday”, of the poll sent 12 minutes ago.")


def test_reasons_name_the_words_that_decided() -> None:
    reasons = {
        "STOP": "The whole message is the word STOP.",
        "stpo": "The whole message is the word STOP.",
        "I moved away, take me off your list": "It asks for no more texts: “take me off your list”.",
        "not interested. Stop": "One part of the message says just “stop”.",
        "info": "The whole message is the word INFO.",
    }
    assert {text: classify(Facts(text)).reason for text in reasons} == reasons


def test_a_doubtful_revocation_is_natural_and_says_which_words_raised_the_doubt() -> None:
    verdict = classify(Facts("Please stop sending these on Sundays"))

    assert verdict.kind is Kind.NATURAL
    assert verdict.suspicion == "stop sending these on sundays"
    assert "stop sending these on sundays" in verdict.reason


def test_a_clear_wish_to_stay_raises_no_doubt() -> None:
    for text in (
        "please don't stop texting me",
        "where is the bus stop?",
        "I'll stop by at 5",
        "end of day works",
    ):
        assert classify(Facts(text)).suspicion is None, text


def test_an_option_may_be_an_emoji_and_then_only_that_emoji_ticks_it() -> None:
    asked = Awaiting("poll", "How was it?", 5, ("😀", "😐"))

    assert classify(Facts(" 😐 ", awaiting=asked)).value == (1,)
    assert classify(Facts("🎉", awaiting=asked)).kind is Kind.NATURAL
    assert classify(Facts("", awaiting=asked)).kind is Kind.NATURAL


def test_how_long_ago_a_question_was_sent() -> None:
    ages = {0.2: "just now", 1: "1 minute ago", 90: "90 minutes ago", 180: "3 hours ago", 5000: "3 days ago"}
    for minutes, words in ages.items():
        asked = Awaiting("poll", "Which day?", minutes, ("Tuesday", "Wednesday"))
        assert classify(Facts("Tuesday", awaiting=asked)).reason.endswith(f"of the poll sent {words}.")
