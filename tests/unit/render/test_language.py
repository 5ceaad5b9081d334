"""The catalogue can be taken out whole, translated, and is then what people read."""

import string
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

RENDER = Path(__file__).parents[3] / "bridge" / "render"
ASK = """
import gettext, sys
from bridge.render import language
from pathlib import Path
language.gettext = gettext.translation("threadline", Path(sys.argv[1]), ["xx"]).gettext
from bridge.render import words, suggested
print(words.RESOLVE, words.KINDS["poll"], words.COMPLIANCE, min(map(len, suggested.SUGGESTED)), sep="\\n")
"""


def _catalogue() -> list[str]:
    found = extract_from_dir(RENDER, [("**.py", "python")], keywords={"_": None})
    return [text for _, _, text, _, _ in found if isinstance(text, str)]


def test_every_sentence_of_the_catalogue_is_marked_for_translation() -> None:
    from bridge.render import words

    known = set(_catalogue())
    said = [value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)]
    tables = [value for name, value in vars(words).items() if name.isupper() and isinstance(value, dict)]
    said += [one for table in tables for one in table.values() if isinstance(one, str)]
    assert len(said) > 250
    assert [text for text in said if text not in known] == []


def test_a_translation_is_what_people_read(tmp_path: Path) -> None:
    catalogue = Catalog(locale="de")
    for text in _catalogue():
        fields = "".join(f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name)
        catalogue.add(text, f"«{len(text)}{fields}»")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    at = tmp_path / "xx" / "LC_MESSAGES"
    at.mkdir(parents=True)
    (at / "threadline.mo").write_bytes(compiled.getvalue())
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)], capture_output=True, text=True, check=True
    )
    resolve, poll, compliance, templates = asked.stdout.splitlines()
    assert (resolve, poll) == ("«7»", "«11»")
    assert compliance.startswith("«") and compliance.endswith("{organisation}»")
    assert int(templates) >= 3
