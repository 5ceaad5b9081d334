"""The sentences of consent, erasure and complaints (bridge/render/words.py says how they sound)."""

from bridge.render.language import gettext as _

ERASED = _("Erased")
ERASE = _("Erase this person")
ERASE_CONFIRM = _(
    "All that is known of them goes for good; that they must not be texted stays, as a hash. "
    "Delete by hand what the chat keeps."
)
ERASING = _("{name} had this person erased.")
SUPPRESSED = _("they were erased after they had opted out")

# How we know that they agreed: one page

PAGE_TITLE = _("How {organisation} knows what {number} agreed to")
PAGE_MADE = _("Made {when} from the consent ledger, which is only ever added to.")
PAGE_NOBODY = _("Nobody with that number is known.")
PAGE_NOW = _("Now: {state}.")
PAGE_LEDGER = _("What happened, in its order")
PAGE_TEXTS = _("What was sent to them")
PAGE_NO_TEXTS = _("Nothing was sent to them.")
PAGE_TEXT_LINE = _("{kind}: {count} sent, the first {first}, the last {last}")
PAGE_NOTHING = _("The ledger holds nothing about this number: they never agreed to anything here.")
EVENTS = {
    "opt_in": _("Agreed to texts"),
    "opt_out": _("Opted out of all texts"),
    "help": _("Asked for help"),
    "doubt": _("May have meant to opt out"),
    "provider_block": _("The provider reported that they opted out there"),
    "unsubscribed": _("Unsubscribed by staff"),
    "resubscribed": _("Subscribed again by staff"),
    "corrected": _("Staff corrected what a text was taken for"),
    "asked": _("Was asked to confirm"),
    "left": _("Left a list"),
    "blocked": _("Blocked by staff"),
    "unblocked": _("No longer blocked"),
    "merged": _("Two entries became one"),
    "erased": _("Erased on request"),
}
SOURCES = {
    "text": _("by a text of theirs"),
    "staff": _("by staff"),
    "provider": _("by the provider"),
    "import": _("by a file that was imported"),
    "correction": _("by a correction"),
}
LIST = _("list “{list}”")
ALL_TEXTS = _("all texts")
THEIR_WORDS = _("Words: “{words}”")
BECAUSE = _("Because: {reason}")
MESSAGE = _("Text: {id}")
BY = _("By: {name}")
