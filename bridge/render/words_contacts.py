"""The sentences of contacts and their import (bridge/render/words.py says how they sound)."""

from bridge.render.language import gettext as _

NO_NUMBER = _("there is no number in it")
NOT_A_NUMBER = _("“{raw}” is not a number that can be texted")
ROUNDED = _("“{raw}” was rounded by the spreadsheet: format the column as text and fill it in again")
OURS = _("{number} is one of our own numbers")
TWICE = _("the number stands in line {line} already; that line counts")
OPTED_OUT = _("they opted out: nothing puts them on a list but their own START")
HAS_LEFT = _("they left the list “{list}”")
STAFF_UNSUBSCRIBED = _("staff unsubscribed them")
WRONG_ZONE = _("“{raw}” is no time zone; write America/New_York")
WRONG_EMAIL = _("“{raw}” is not an e-mail address")
TOO_LONG = _("“{field}” is too long")

# About a whole file

NO_ROWS = _("{file}: there is nothing in it")
NO_NUMBERS = _("{file}: no column looks like a phone number ({columns}). Name it: --map COLUMN=number")
MANY_COLUMNS = _("{file}: it has {count} columns, and {limit} are read at most. Is it the right sheet?")
NO_SUCH_COLUMN = _("{file}: there is no column “{column}” ({columns})")
NOT_TEXT = _("{file}: it is neither a spreadsheet (XLSX) nor a text that can be read (CSV)")
WRONG_ENCODING = _(
    "{file}, near line {line}: it cannot be read as {encoding}. Save it as “CSV UTF-8” and try again"
)
OLD_EXCEL = _("{file}: this is an old Excel file. Save it as XLSX or CSV and try again")
WRONG_MAP = _("“{typed}” is no --map; write COLUMN=FIELD, such as “Cell phone=number”")
NEEDS_SOURCE = _("say --source: how do you know that they agreed? It is kept with everybody's subscription")
NEEDS_YES = _("{count} rows would change something; look at it with --dry-run, then say --yes")
