"""Does the person want no more texts from us? The one question that must never be missed."""

from typing import Final

from bridge.model.verdict import Facts, Kind, Verdict
from rules.lexicon import LAUGHTER, NOISE, bag, phrases, telling
from rules.revocation import doubtful_words, ends_in_stop, revocation
from rules.slips import slips_of_all
from rules.text import Text, strip_noise
from rules.words import word_set

_WHOLE: Final = bag("opt_out", "whole")
_CLAUSE: Final = bag("opt_out", "clause")
_ECHO: Final = phrases("opt_out", "echo")
_AROUND: Final = NOISE | word_set("around_stop")
_MEANT: Final = ("unsubscribe", "cancel", "remove", "revoke", "optout", "stopall", "arret", "parar", "stop")
_SLIPS: Final = slips_of_all(_MEANT) | {"stp": "stop", "qiut": "quit", "quti": "quit", "quitt": "quit"}
_IN_PIECES: Final = frozenset(("stop", "stopall", "unsubscribe", "optout", "cancel"))
_ENOUGH: Final = bag("opt_out", "enough")
_AFTER_WORD: Final = " .!*)\"”’'\n"
_LAUGHING: Final = frozenset("😂🤣😆😹")
_MOST_WORDS: Final = 100  # more than any command has around it
_LONGEST: Final = max(entry.count(" ") + 1 for entry in _WHOLE)
_CLAUSE_WORDS: Final = telling(_CLAUSE)


def opt_out(text: Text, _facts: Facts) -> Verdict | None:
    """The whole message, one clause of it, or a plain wish anywhere in it."""
    if not text.words:
        return None
    return _whole_message(text) or _one_clause(text) or _plain_words(text) or _closing_word(text)


def _whole_message(text: Text) -> Verdict | None:
    unsigned = text.words[:1] if len(text.known) == 1 else text.unsigned
    if len(unsigned) > _MOST_WORDS:
        return None
    plain = tuple([w for w in unsigned if not (w.isdecimal() and len(w) > 2)])
    readings = {text.bare: None, strip_noise(unsigned, _AROUND): None}
    if len(plain) < len(unsigned):
        readings[strip_noise(plain, _AROUND)] = None
    for bare in readings:
        once = bare[:1] if len(set(bare)) == 1 else bare  # END END END
        if once and (verdict := _said_alone(once)):
            return verdict
    return (
        _verdict(f"It sends our instruction back: “{' '.join(text.words)}”.")
        if _ECHO.whole(text.words)
        else None
    )


def _said_alone(bare: tuple[str, ...]) -> Verdict | None:
    if len(bare) <= _LONGEST and (verdict := _in_few_words(bare)):
        return verdict
    if _ECHO.whole(bare):
        return _verdict(f"It sends our instruction back: “{' '.join(bare)}”.")
    return None


def _in_few_words(bare: tuple[str, ...]) -> Verdict | None:
    said = " ".join(bare)
    if said in _WHOLE:
        return _verdict(f"The whole message is the {_noun(bare)} {said.upper()}.")
    if len(bare) < 3 and (joined := "".join(bare)) in _IN_PIECES:
        return _verdict(f"The whole message is the word {joined.upper()}, in pieces.")
    if meant := _slip(bare):
        return _verdict(f"The whole message is “{said}”, a typing slip for {meant.upper()}.")
    return None


def _one_clause(text: Text) -> Verdict | None:
    if _CLAUSE_WORDS.isdisjoint(text.known):
        return None
    clauses = text.clauses
    if len(clauses) < 2 or not LAUGHTER.isdisjoint(text.known) or not _LAUGHING.isdisjoint(text.raw):
        return None
    for clause in clauses:
        said = " ".join(strip_noise(clause.words))
        if said in _CLAUSE:
            return _verdict(f"One part of the message says just “{said}”.")
    return None


def _plain_words(text: Text) -> Verdict | None:
    clear = revocation(text).clear
    return _verdict(f"It asks for no more texts: “{clear}”.") if clear else None


def _closing_word(text: Text) -> Verdict | None:
    """A sentence that ends in STOP: written large, or after words that speak of our texts."""
    if " ".join(strip_noise(text.clauses[-1].words)) in _ENOUGH and (doubt := doubtful_words(text)):
        return _verdict(f"It says “{doubt}”, and at the end that it should stop.")
    if not ends_in_stop(text):
        return None
    written = text.written.rstrip(_AFTER_WORD)
    large = written.endswith("STOP") and not written.isupper()
    return _verdict("It ends with the word STOP.") if large or doubtful_words(text) else None


def _slip(words: tuple[str, ...]) -> str | None:
    """The command that a message of one word was meant to be."""
    word = "".join(words) if len(words) <= 2 else ""
    return _SLIPS.get(word)


def _noun(words: tuple[str, ...]) -> str:
    return "word" if len(words) == 1 else "words"


def _verdict(reason: str) -> Verdict:
    return Verdict(Kind.OPT_OUT, reason)
