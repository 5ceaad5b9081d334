"""The sentences of forms, keywords and lists (bridge/render/words.py says how they sound)."""

from bridge.render.language import gettext as _

# Texts to contacts: GSM-7 only

CONFIRM = _(
    "Reply YES to get texts about {list} from {organisation}. "
    "Reply STOP to unsubscribe, HELP for help. Msg&data rates may apply."
)
CONFIRM_QUESTION = _("Do you want texts about {list}?")
YES = _("Yes")
NO = _("No")
ERRORS = {  # said where the form has no word of its own
    "first_name": _("Sorry, we could not read that. What is your first name?"),
    "full_name": _("Sorry, we could not read that. What is your full name?"),
    "email": _("Sorry, that does not look like an e-mail address. Please send it again."),
    "zip": _("Sorry, that does not look like a ZIP code. Please send it again."),
    "birthday": _("Sorry, we could not read that date. Please send it like 03/25/1990."),
    "date": _("Sorry, we could not read that date. Please send it like 03/25/2026."),
    "number": _("Sorry, we could not read that number. Please send it again."),
    "choice": _("Sorry, that is none of the answers: {options}."),
    "text": _("Sorry, we could not read that. Please send it again."),
}

# For staff

ASKED = _("Asked to confirm by a reply.")
CONFIRMED = _("{word}, confirmed by “{words}”.")
HEAD = _("Form “{name}”")
HANDED = _(
    "The form “{name}” stopped: two answers in a row could not be read. Fill it in for them, or ask again."
)
FILLED = _("{name}: {value}")
OPEN_FIELD = _("{name}: not answered yet")
FILL_IN = _("Fill in the form")
ASK_AGAIN = _("Ask again")
STOP_FORM = _("End the form")
FILLING_TITLE = _("Fill in a form")
FILLING_SAVED = _("{name} filled in the form “{form}”.")
FILLING_ENDED = _("{name} ended the form “{form}”.")
FILLING_RESUMED = _("{name} has the form “{form}” go on.")
FILLING_STARTED = _("{name} sent the form “{form}”.")
STALE = _("That form is over already. Nothing was done.")
TAKEN_BACK = _("“{value}” is taken off their {field} again.")
NOT_AN_ANSWER = _("Sent in answer to “{question}”, and could not be read as {field}.")

TITLE = _("Forms")
NONE = _("There are no forms yet.")
ALL = _("Questions asked one after another; what is known already is skipped.")
NEW = _("New form")
EDIT_TITLE = _("Form")
EDIT_TEXT = _(
    "One question a line: the field, a colon, the question; after a bar what to say when an answer cannot be "
    "read. Fields: first_name, full_name, email, zip, birthday, or a name of your own with its kind in "
    "brackets, (date), (number), (text), or the answers to choose from.\n"
    "zip: What is your ZIP code? | Please send the five digits.\n"
    "shirt (S, M, L): Which size?\n"
    "about (text): Anything else?"
)
FIELD_QUESTIONS = _("Questions")
FIELD_DONE = _("Said at the end; empty: nothing")
FIELD_DAYS = _("Days until it ends without an answer")
SAVED = _("The form “{name}” is kept.")
REMOVED = _("The form “{name}” is removed. Whoever is in the middle of it is not asked further.")
REMOVE = _("Remove form")
REMOVE_CONFIRM = _(
    "Answers that were given stay with the people. Keywords that start it only reply from now on."
)
RESULTS = _("Results")
RESULTS_TEXT = _("{done} finished, {open} in the middle, {rest} ended without the last answer.")
RESULT_ROW = _("{who} ({state})")
SEND_TITLE = _("Ask with a form")
STATES = {
    "open": _("in the middle"),
    "handed": _("waits for staff"),
    "done": _("finished"),
    "expired": _("ended without an answer"),
    "cancelled": _("ended"),
}

KEYWORDS_TITLE = _("Keywords")
KEYWORDS_NONE = _("There are no keywords yet.")
KEYWORDS_ALL = _("Whoever texts one is on its list and gets its reply.")
KEYWORD_NEW = _("New keyword")
KEYWORD_TITLE = _("Keyword")
KEYWORD_ROW = _("to the list “{list}”{more}")
KEYWORD_FORM = _(", starts “{form}”")
KEYWORD_DOUBLE = _(", asks for a YES first")
FIELD_WORD = _("Word: 1 to 20 letters or digits")
FIELD_LIST = _("List")
FIELD_REPLY = _("Reply")
FIELD_AGAIN = _("Reply to whoever is on the list already; empty: the same")
FIELD_FORM = _("Starts a form")
NO_FORM = _("none")
FIELD_DOUBLE = _("Confirmation")
SINGLE = _("On the list at once")
DOUBLE = _("Only after they reply YES")
KEYWORD_SAVED = _("{word} puts people on the list “{list}” from now on.")
KEYWORD_REMOVED = _("{word} is no keyword any more. Who is on its list stays there.")
KEYWORD_REMOVE = _("Remove keyword")
LISTS_TITLE = _("Lists")
LISTS_NONE = _("There are no lists yet.")
LISTS_ALL = _("Who gets campaigns and polls.")
LIST_ROW = _("{count} subscribed")
LIST_NEW = _("New list")
LIST_SAVED = _("There is a list “{name}” now.")
LIST_JOIN = _("Put on a list")
LIST_LEAVE = _("Off “{list}”")
LIST_FIELD_WHY = _("How do you know that they agreed?")
LIST_JOINED = _("{name} put them on the list “{list}”: {why}")
LIST_OPTED_OUT = _("Nothing was done: they opted out, and only their own START puts them on a list.")
LIST_LEFT = _("{name} took them off the list “{list}”.")

# What is wrong

NEEDS_WORD = _("A keyword has 1 to 20 letters or digits, and no blanks.")
RESERVED = _("{word} cannot be a keyword: by itself it is understood as {kind}.")
WORD_TAKEN = _("There is a keyword {word} already.")
WORD_IN_POLL = _("{word} is an answer to the poll “{poll}”: while that waits, it counts as a vote.")
NO_SUCH_FORM = _("There is no form “{name}”.")
NO_SUCH_KEYWORD = _("There is no keyword “{name}”.")
NEEDS_LIST_NAME = _("Give the list a name, at most 60 characters.")
LIST_TAKEN = _("There is a list “{name}” already.")
NEEDS_QUESTIONS = _("Write at least one question, like: zip: What is your ZIP code?")
WRONG_QUESTION = _(
    "Line {line} is no question: write the field, a colon, the question, like: zip: Your ZIP code?"
)
WRONG_KIND = _(
    "Line {line}: “{kind}” is no kind of answer. There are: date, number, text, or answers with commas."
)
FIELD_TWICE = _("The field “{name}” is asked twice.")
MANY_QUESTIONS = _("A form has at most {limit} questions.")
WRONG_DAYS = _("Write a number of days, 1 to 60.")
NEEDS_WHY = _("Write how you know that they agreed, such as: signed up at the meeting on 3 May.")
