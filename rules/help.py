"""Is it HELP, INFO, AYUDA or AIDE? A sentence that asks somebody for help is not."""

from typing import Final

from bridge.model.verdict import Facts, Kind, Verdict
from rules.lexicon import NOISE, bag
from rules.text import Text

_WORDS: Final = bag("help", "words")
_ECHO: Final = bag("help", "echo") | NOISE


def help_wanted(text: Text, _facts: Facts) -> Verdict | None:
    """The word alone, with politeness, or inside the instruction sent back ("HELP for help")."""
    bare = text.bare
    if bare and _WORDS.issuperset(bare):
        return Verdict(Kind.HELP, f"The whole message is the word {bare[0].upper()}.")
    asked = _WORDS.intersection(bare)
    instruction = asked and len(bare) <= 8 and bare[0] in _ECHO | _WORDS and _is_instruction(bare)
    if instruction:
        return Verdict(Kind.HELP, f"It sends our instruction back: “{' '.join(bare)}”.")
    return None


def _is_instruction(words: tuple[str, ...]) -> bool:
    """ "Reply HELP", "HELP for help", "text INFO for info": nothing but the words of the instruction."""
    if not all(w in _ECHO or w in _WORDS for w in words):
        return False
    told = words[0] in {"reply", "text", "send", "txt", "type", "responda", "envie", "repondez", "envoyez"}
    return told or (words[0] in _WORDS and not {"for", "para", "pour"}.isdisjoint(words))
