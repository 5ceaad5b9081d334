"""From what a person typed to what a rule compares: one plain alphabet, one row of tokens.

In: any text at all. Out: strings that differ only where the meaning differs. Every step is a table look-up
or a pattern whose time grows with the length of the text and no faster.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from rules.words import COMMANDS, SPELLINGS

COMMA: Final = ","
FULL_STOP: Final = "."
ASKS: Final = "?"
BREAKS: Final = frozenset((COMMA, FULL_STOP, ASKS))

_LOOKALIKES = {
    "a": "аαᴀ🅰🅐",
    "b": "вβʙ🅱🅑",
    "c": "сᴄ",
    "d": "ԁđᴅ",
    "e": "еєεᴇ",
    "h": "нһ",
    "i": "іιıɪ",
    "j": "ј",
    "k": "кκᴋ",
    "l": "ӏłʟ",
    "m": "мᴍ",
    "n": "ɴ",
    "o": "оοøᴏ🅾",
    "p": "рρᴘ🅿",
    "q": "ԛ",
    "s": "ѕꜱ",
    "t": "тτᴛ",
    "u": "υᴜ",
    "v": "νᴠ",
    "w": "ԝ",
    "x": "хχ",
    "y": "у",
    "'": "‘’‚‛`´ʼ′",
    '"': "“”„‟«»″",
    "-": "‐‑‒−",
    " - ": "–—―",
    "oe": "œ",
    "ae": "æ",
    ",": "¿¡",
    "?": "⸮؟",
}
_INVISIBLE = (
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    0x00AD, 0xFEFF, 0xFE0E, 0xFE0F, 0x20E3, 0x0000,
)  # fmt: skip
_PLAIN: Final[dict[int, str]] = {
    ord(c): plain for plain, odd in _LOOKALIKES.items() for c in odd
} | dict.fromkeys(_INVISIBLE, "")
_FANCY: Final[dict[int, str]] = {0x1F170: "A", 0x1F171: "B", 0x1F51F: "10"} | {
    first + i: chr(65 + i) for first in (0x1F150, 0x1F170) for i in range(26)
}

# A pattern that begins with the sign it cannot do without is skipped through fast: what must stand before the
# sign is looked back at from there.
_ADDRESS = re.compile(r"(?<![^\s@<>()\"])[^\s@<>()\"]{1,64}@[^\s@<>()\",;]+|https?://\S+|www\.\S+")
_ELISION = re.compile(r"'(?=[^\W\d_])(?:(?<=\b[cdjlmnst]')|(?<=\bqu'))")
_TOKEN = re.compile(
    r"[^\W_]+|[.;:!)(\]\n\"](?=[\s.!?\"')]|$)|[!\"(\n]|(?<=\s)-+(?=\s)|,|\?|[\u2190-\u2bff\U0001f000-\U0001faff]"
)
_THREE_FIGURES = re.compile(r"\d{3}")
_TELEPHONE = re.compile(
    r"(?=[\d(+])(?<![\w@./$-])"
    r"(?:(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-]?)\d{3}[ .-]?\d{4}|\d{3}-\d{4})(?![\w-])"
)
_FOR = re.compile(r"4(?<=[a-z] 4)(?= (?:sure|me|us|my|real|the|now|ever|it)\b)")
_NUMBER_SIGN = re.compile(r"#\s*(?:#\s*)*(?!\w)")
_HALF_DAY = re.compile(r"\.(?<=[ap]\.)(?<![a-z][ap]\.)m\b\.?")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_UNSUBSCRIBING = ("uns", "unb", "usn", "usu", "unus", "nsub")
_LONGEST_WORD = 24  # longer ones are hardly words: not worth remembering
_MOST_REMEMBERED = 10_000  # letters: more than any of our alphabets has
_DIGIT_LETTERS = str.maketrans("01345", "oieas")


def whole(text: str) -> str:
    """The text with halves of surrogate pairs joined or replaced and NULs gone: safe to store and to send."""
    if text.isascii():
        return text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "")


def fold(text: str) -> str:
    """Lower case, no accents, straight quotes, Latin for letters that only look Latin, nothing invisible."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDED)


class _Folded(dict[int, str]):
    """Each character folded by itself, worked out when it first comes and kept while there is room."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", _FANCY.get(code, chr(code))).casefold()
        bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        folded = bare.translate(_PLAIN)
        if len(self) < _MOST_REMEMBERED:
            self[code] = folded
        return folded


_FOLDED: Final = _Folded()


def tokens(folded: str) -> tuple[str, ...]:
    """Words in order, with a COMMA, FULL_STOP or ASKS where the writer paused; apostrophes are dropped.

    An address becomes the word "address", a telephone number "phonenumber".
    "don't, ok?" gives dont , ok ? and "m'inscrire" gives m inscrire. Letters spelled one by one are joined.
    """
    if folded.replace(" ", "").isalpha():  # no pauses, no figures
        return _spelled_out([_word(w) if len(w) <= _LONGEST_WORD else _read_word(w) for w in folded.split()])
    found: list[str] = []
    for token in _TOKEN.findall(_prepared(folded)):
        if token[0].isalnum():
            found.append(_word(token) if len(token) <= _LONGEST_WORD else _read_word(token))
        elif not found:
            continue
        elif token != COMMA:
            _pause(found, token)
        elif found[-1] not in BREAKS:
            found.append(COMMA)
    while found and found[-1] in (COMMA, FULL_STOP):
        found.pop()
    return _spelled_out(found)


def _prepared(folded: str) -> str:
    """What is more than words said in words, apostrophes dropped."""
    if "@" in folded or "://" in folded or "www." in folded:
        folded = _ADDRESS.sub(" address ", folded)
    if _THREE_FIGURES.search(folded):
        folded = _TELEPHONE.sub(" phonenumber ", folded)
    if "'" in folded:
        folded = _ELISION.sub(" ", folded).replace("'", "")
    if " 4 " in folded:
        folded = _FOR.sub("for", folded)
    if "#" in folded:
        folded = _NUMBER_SIGN.sub(" number ", folded)
    if ".m" in folded:
        folded = _HALF_DAY.sub("m", folded)
    return folded


@lru_cache(maxsize=16_384)
def _word(token: str) -> str:
    """The same, remembered: people use few words."""
    return _read_word(token)


def _read_word(token: str) -> str:
    """One word, unstretched (stoooop) and with digits read as letters where that makes a command (st0p)."""
    if token.isalpha():
        if len(token) > 3 and token.isascii() and not token.startswith("xx"):
            token = _STRETCHED.sub(r"\1", token)
            if token.startswith(_UNSUBSCRIBING) and _is_unsubscribe(token):
                return "unsubscribe"
        return SPELLINGS.get(token, token)
    if token[0].isdecimal() and token.isdecimal():
        return token
    lettered = token.translate(_DIGIT_LETTERS)
    return lettered if lettered in COMMANDS else token


def _is_unsubscribe(word: str) -> bool:
    """Whether the word is "unsubscribe" with up to two slips, and not another form of it."""
    return (
        7 < len(word) < 15
        and not word.endswith(("d", "ing", "r", "rs", "ion"))
        and OSA.distance(word, "unsubscribe", score_cutoff=2) <= 2
    )


def _pause(found: list[str], sign: str) -> None:
    """Note a pause after what was found so far; of several in a row the strongest stays."""
    kind = ASKS if sign == "?" else FULL_STOP
    if found[-1] not in BREAKS:
        found.append(kind)
    elif kind == ASKS or found[-1] == COMMA:
        found[-1] = kind


def _spelled_out(found: list[str]) -> tuple[str, ...]:
    """Three or more single letters in a row are one word: s t o p, S.T.O.P., S-T-O-P."""
    single = [at for at, t in enumerate(found) if len(t) == 1 and t.isalpha()]
    if len(single) < 3:
        return tuple(found)
    if all(len(t) == 1 for t in found) and not any(t.isdecimal() for t in found):
        return ("".join(t for t in found if t not in BREAKS),)
    if not any(third - first == 2 for first, third in zip(single, single[2:], strict=False)):
        return tuple(found)
    joined: list[str] = []
    run: list[str] = []
    for token in (*found, ""):
        if len(token) == 1 and token.isalpha():
            run.append(token)
            continue
        joined.extend(["".join(run)] if len(run) > 2 else run)
        run.clear()
        if token:
            joined.append(token)
    return tuple(joined)
