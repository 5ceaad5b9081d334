"""The sentences of polls (bridge/render/words.py says how they sound)."""

from bridge.render.language import gettext as _

# Texts to contacts: GSM-7 only

HOW_ONE = _("Reply with a letter.")
HOW_SEVERAL = _("Reply with one or more letters.")

# For staff

COUNTED = _("{letter}) {option}: {count} ({share})")
VOTERS = _("{voters} answered of {asked} asked.")
UNCLEAR = _("Unclear answers: {count}.")
CLOSES = _("Open until {when}.")
OPENS = _("Opens {when}.")
CLOSED_SAID = _("Closed.")
DRAFT = _("Not sent yet.")
OPEN = _("Open.")
HEAD = _("Poll: {name}")
COUNT_AS = _("Count as a vote")
ASSIGN_TITLE = _("Which answer is it?")
ASSIGN_TEXT = _("“{words}”\nto: {question}")
NOT_A_VOTE = _("Not a vote")
ASSIGNED = _("{name} counted this as “{option}”.")
LEFT = _("{name}: this is no vote.")
TAKEN_BACK = _("Their vote is taken back.")
STALE_VOTE = _("Somebody has seen to that answer already. Nothing was done.")
GONE = _("There is no such poll any more.")
TITLE = _("Polls")
NONE = _("There are no polls yet.")
ALL = _("A question with options, sent to lists. Answers are counted as they come.")
NEW = _("New poll")
EDIT_TITLE = _("Poll")
EDIT_TEXT = _("It is sent when you choose the lists, not before.")
FIELD_QUESTION = _("Question")
FIELD_OPTIONS = _("Options, one a line, 2 to 10")
FIELD_SEVERAL = _("Answers")
ONE = _("One answer each; the last one counts")
SEVERAL = _("Several answers each")
FIELD_THANKS = _("Thanks, sent to whoever answers")
FIELD_INVALID = _("Said once to whoever's answer is unclear; empty: nothing")
FIELD_CLOSED = _("Said to whoever answers too late; empty: nothing")
FIELD_CLOSES = _("Closes, like 2026-12-01 18:00; empty: when you close it")
FIELD_TARGET = _("Closes at so many votes; 0: never")
SAVED = _("The poll “{name}” is kept. Send it to lists when it is ready.")
SEND = _("Send to lists")
CLOSE_NOW = _("Close")
CLOSE_CONFIRM = _("Answers that come after this are not counted.")
REOPEN = _("Open again")
PICTURE = _("As a picture")
PICTURE_COMES = _("The picture is on its way to the channel.")
UNCLEAR_TITLE = _("Unclear answers")
UNCLEAR_NONE = _("Every answer is counted or seen to.")
CLOSED_BY = _("The poll “{name}” is closed.")
OPENED_AGAIN = _("The poll “{name}” is open again.")
CHART_NAME = _("Result of the poll {name}.png")

# What is wrong

NEEDS_QUESTION = _("Write the question.")
NEEDS_OPTIONS = _("Give 2 to 10 options, one a line; there are {count}.")
SAME_OPTIONS = _("“{first}” and “{second}” are the same to whoever reads an answer. Change one.")
OPTION_IS_A_COMMAND = _(
    "“{option}” is a word that unsubscribes or asks for help. Somebody who wants to stop could be counted "
    "as a vote instead. Choose another word."
)
OPTION_TOO_LONG = _("“{option}” is too long for an option: at most {limit} characters.")
OPTION_IS_A_KEYWORD = _(
    "“{option}” is a keyword, too: while the poll waits for an answer, it counts as a vote."
)
WRONG_TIME = _("“{typed}” is no time. Write it like 2026-12-01 18:00.")
IN_THE_PAST = _("{when} is over. Choose a later time.")
WRONG_TARGET = _("Write a number of votes, or 0.")
