"""The word lists, as they stand in the TOML files beside this one, read once when the program starts."""

import tomllib
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("en", "es", "fr")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


BY_LANGUAGE: Final = {language: _read(language) for language in LANGUAGES}
COMMON: Final = _read("common")
REACTIONS: Final = _read("reactions")


def entries(section: str, key: str) -> list[str]:
    """All entries of a list in all languages: the items of an array, or the words of a string."""
    found: list[str] = []
    for words in BY_LANGUAGE.values():
        value = words.get(section, {}).get(key, [])
        found.extend(value.split() if isinstance(value, str) else value)
    return found


def ranks(section: str, key: str) -> list[str]:
    """Entry by entry, the languages' words for the same thing: months, ordinals, numbers."""
    rows = [words.get(section, {}).get(key, []) for words in BY_LANGUAGE.values()]
    return [" ".join(row[i] for row in rows if i < len(row)) for i in range(max(map(len, rows)))]


def word_set(name: str) -> frozenset[str]:
    """One of the small sets of words."""
    return frozenset(COMMON["sets"][name].split())


NOISE: Final = [word for words in BY_LANGUAGE.values() for word in words["noise"].split()]
GREETINGS: Final = [words for language in BY_LANGUAGE.values() for words in language["greetings"].split()]
CLASSES: Final = {
    name: members for words in BY_LANGUAGE.values() for name, members in words["classes"].items()
}

# Words that a digit in place of a letter does not hide (st0p).
COMMANDS: Final = frozenset(
    word
    for section, key in (("opt_out", "whole"), ("help", "words"), ("opt_in", "whole"))
    for entry in entries(section, key)
    for word in entry.split("_")
    if word.isascii() and word.isalpha() and len(word) > 3
)
SPELLINGS: Final[dict[str, str]] = {
    variant: word for word, variants in COMMON["spellings"].items() for variant in variants.split()
}
