"""What never leaves: the prefixes that make a word internal."""

import re
import unicodedata

_NOTE = re.compile(r"//|note:")


def is_note(text: str, starts_with_mention: bool = False) -> bool:
    """Say whether staff mean this for each other: it starts with `//` or `note:`, or names a colleague.

    Blanks and invisible characters before the prefix do not count, nor capitals, nor the wide forms
    that some keyboards type: in doubt a word stays inside.
    """
    if starts_with_mention:
        return True
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in plain[:200] if unicodedata.category(c) not in ("Cf", "Cc", "Mn"))
    return _NOTE.match(seen.lstrip().casefold()) is not None
