"""The sentences of campaigns (bridge/render/words.py says how they sound)."""

from bridge.render.language import gettext as _

HEAD = _("Campaign: {name}")
IN_REPLY = _("In reply to the campaign “{name}”.")
REASONS = {  # why somebody gets none
    "no_number": _("cannot be texted"),
    "opted_out": _("opted out"),
    "unsubscribed": _("unsubscribed by staff"),
    "blocked": _("blocked"),
    "doubted": _("may have opted out: staff must decide"),
    "other_list": _("on a list that is left out"),
    "left": _("left the list meanwhile"),
    "stale": _("quiet hours for too long"),
    "cancelled": _("the campaign was cancelled"),
    "gone": _("the contact is gone"),
}
NO_VALUE = _("nothing is known for {field}")
STATES = {
    "draft": _("Draft"),
    "scheduled": _("Starts {when}"),
    "running": _("Running"),
    "paused": _("Paused"),
    "done": _("Done"),
    "cancelled": _("Cancelled"),
}
TITLE = _("Campaigns")
NONE = _("There are no campaigns yet.")
ALL = _("A text to everybody on a list. Nobody who opted out gets it.")
NEW = _("New campaign")
EDIT_TITLE = _("Campaign")
EDIT_TEXT = _("Nothing is sent until you have seen who gets it and press Start.")
FIELD_NAME = _("Name, for you")
FIELD_TEXT = _("Message")
FIELD_LISTS = _("To the lists")
FIELD_EXCLUDE = _("But to nobody on")
FIELD_LINE = _("From the line")
FIELD_WHEN = _("When")
FIELD_AT = _("Time, like 2026-12-01 09:00; empty: at once")
NOW = _("In the organisation's time")
LOCAL = _("In each contact's own time")
SAVED = _("The campaign “{name}” is kept. Nothing is sent yet.")
GETS = _("{count} people get it.")
GETS_ONE = _("1 person gets it.")
GETS_NOBODY = _("Nobody gets it.")
LEFT_OUT = _("Left out: {count} {reason}.")
COSTS = _("It costs about {credits} credits.")
BUDGET_LEFT = _("Left of this month's budget: {left} of {budget} credits.")
PREVIEW = _("{who}:\n{text}")
START = _("Start")
START_CONFIRM = _("It goes to {count} people and cannot be taken back from those who have it.")
TEST = _("Test")
TEST_TEXT = _("It goes to one number of your own, as everybody gets it.")
FIELD_TO = _("Your number")
TEST_SENT = _("A test is on its way to {number}.")
PAUSE = _("Pause")
RESUME = _("Go on")
CANCEL = _("Cancel campaign")
CANCEL_CONFIRM = _("Whoever has it keeps it; nobody else gets it.")
REMOVE = _("Remove")
STARTED = _("The campaign “{name}” is on its way.")
WAITS = _("The campaign “{name}” starts {when}.")
PAUSED = _("The campaign “{name}” pauses. What is on its way already still arrives.")
RESUMED = _("The campaign “{name}” goes on.")
CANCELLED = _("The campaign “{name}” is cancelled. Nobody else gets it.")
REMOVED = _("The campaign “{name}” is removed.")
PROGRESS = _("{done} of {all} are done.")
BY_STATE = {
    "delivered": _("arrived"),
    "sent": _("sent, not yet reported"),
    "queued": _("waiting to be sent"),
    "undelivered": _("did not arrive"),
    "failed": _("failed"),
    "cancelled": _("not sent: cancelled"),
    "unsure": _("unsure"),
    "waiting": _("still to come"),
    "fed": _("being decided"),
}
COUNTED = _("{count} {what}")
FAILED_FOR = _("{count} failed: {reason}")
EXCLUDED_FOR = _("{count} left out: {reason}")
REPLIES = _("{replies} replies, {optouts} opted out.")
OVER_BUDGET = _("Line “{line}” has used its budget of {budget} credits this month.")
BUDGET_WARNING = _(
    "Line “{line}” has used {share} % of its budget of {budget} credits this month. "
    "At 100 % campaigns pause; replies never stop."
)

# What is wrong

NEEDS_NAME = _("Give it a name.")
NEEDS_TEXT = _("Write the text.")
NEEDS_LIST = _("Choose a list.")
NO_SUCH_LIST = _("There is no list “{name}”.")
NO_SUCH_LINE = _("There is no line “{name}”.")
WRONG_TIME = _("“{typed}” is no time. Write it like 2026-12-01 09:00.")
IN_THE_PAST = _("{when} is over. Choose a later time, or none to send at once.")
NOBODY = _("Not started: nobody would get it.")
TOO_DEAR = _(
    "Not started: it costs about {credits} credits, and {left} of this month's budget are left "
    "on line “{line}”."
)
GONE = _("There is no such campaign any more. Nothing was done.")
NOT_NOW = _("The campaign is {state} by now. Nothing was done.")
