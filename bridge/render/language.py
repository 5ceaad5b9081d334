"""The language that the house speaks: gettext's, chosen by the environment (LANGUAGE=es), else English.

A translation is bridge/render/locale/LANGUAGE/LC_MESSAGES/threadline.mo (docs/contributors/translating.md).
"""

from gettext import translation
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"

gettext = translation("threadline", LOCALE, fallback=True).gettext
